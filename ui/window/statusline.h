#pragma once

#include "guardian/connectionstatus.h"

#include <QStatusBar>

#include <memory>
#include <optional>

class Clock;
class ClockTimer;
class ElidedLabel;
class QLabel;
class QPushButton;

/// The bottom line: the server and its connection, what can be undone just now, and the counts.
class StatusLine final : public QStatusBar
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StatusLine)

public:
    explicit StatusLine(const Clock &clock, QWidget *parent = nullptr);
    ~StatusLine() override;

    /// `status` absent: no server.
    void setServer(const QString &name, const std::optional<ConnectionStatus> &status);
    void setCounts(qsizetype running, qsizetype attention);
    /// "Stopped watching 3 tasks. [Undo]", for ten seconds.
    void offerUndo(const QString &what);
    void withdrawUndo();
    /// A sentence without a button, for ten seconds.
    void say(const QString &what);

Q_SIGNALS:
    void undoClicked();

protected:
    void changeEvent(QEvent *event) override;

private:
    void showNote(const QString &what, bool canUndo);
    void refreshServer();

    QString m_serverName;
    std::optional<ConnectionStatus> m_status;
    QLabel *m_icon;
    ElidedLabel *m_server;
    ElidedLabel *m_note;
    QPushButton *m_undo;
    QLabel *m_counts;
    std::unique_ptr<ClockTimer> m_noteEnd;
};
