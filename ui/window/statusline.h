#pragma once

#include "guardian/connectionstatus.h"

#include <QList>
#include <QStatusBar>

#include <memory>
#include <optional>

class Clock;
class ClockTimer;
class ElidedLabel;
class QLabel;
class QPushButton;

/// A server as the bottom line shows it.
struct ServerLine {
    QString name;
    std::optional<ConnectionStatus> status; ///< absent: nothing is known yet
    QString session;                        ///< who is signed in and for how long; may be empty
};

/// The bottom line: the servers and their connection, what can be undone just now, and the counts.
class StatusLine final : public QStatusBar
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StatusLine)

public:
    explicit StatusLine(const Clock &clock, QWidget *parent = nullptr);
    ~StatusLine() override;

    /// One is shown with all that is known of it; several with their connections, trouble first.
    void setServers(const QList<ServerLine> &servers);
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
    void refreshServers();

    const Clock &m_clock;
    QList<ServerLine> m_servers; ///< trouble first
    QLabel *m_icon;
    ElidedLabel *m_server;
    ElidedLabel *m_note;
    QPushButton *m_undo;
    QLabel *m_counts;
    std::unique_ptr<ClockTimer> m_noteEnd;
};
