#pragma once

#include "instance/instancerequest.h"
#include "window/shownserver.h"

#include <QList>
#include <QObject>

class MainWindow;
class TaskStore;

/// Does what a start of the program asks for: this one's own, and those of further starts, which
/// hand it over. What comes before tasks can be watched waits.
///
/// `track` is the operator's own word and watches at once, without taking the focus. A link may be
/// anybody's: it selects a task that is watched already, or shows what it names in the preview,
/// where nothing is asked of a server until the operator says so.
class RequestDesk final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RequestDesk)

public:
    /// Both must outlive it.
    RequestDesk(TaskStore &store, MainWindow &window, QObject *parent = nullptr);

    /// Not empty: what was kept is known and tasks can be watched.
    void setServers(const QList<ShownServer> &servers);
    /// The reply is for the terminal that asked.
    InstanceReply take(const InstanceRequest &request);
    /// As take(), where no terminal waits any more: the window says what the reply would.
    void takeUnattended(const InstanceRequest &request);

private:
    [[nodiscard]] InstanceReply refuseServer(const InstanceRequest &request);
    /// `server` null: whichever the text names, or the first.
    [[nodiscard]] InstanceReply track(const QString &text, const ServerId &server);
    [[nodiscard]] InstanceReply act(const QString &action);
    [[nodiscard]] InstanceReply follow(const QString &link);

    TaskStore &m_store;
    MainWindow &m_window;
    QList<ShownServer> m_servers;
    QList<InstanceRequest> m_waiting;
};
