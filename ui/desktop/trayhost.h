#pragma once

#include <QObject>

/// Whether the desktop has a place for tray icons (a StatusNotifierHost) now; says when it comes
/// and goes. Asks without ever waiting for the answer.
class TrayHost final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TrayHost)

public:
    explicit TrayHost(QObject *parent = nullptr);

    /// False until the desktop has answered.
    [[nodiscard]] bool isThere() const { return m_isThere; }

Q_SIGNALS:
    void changed(bool isThere);

private:
    void set(bool isThere);
private Q_SLOTS:
    void ask();

private:
    bool m_isThere = false;
    int m_asked = 0; ///< older answers do not count
};
