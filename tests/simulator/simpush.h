#pragma once

#include "simaccounts.h"
#include "simtasks.h"

#include <QObject>

class QWebSocket;

/// The live channel /ws/: tells each signed-in client of its owner's tasks.
///
/// Looks at the tasks once a second (and when one ends), only while somebody listens.
class SimPush final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SimPush)

public:
    /// All three must outlive it.
    SimPush(const Clock &clock, const SimTasks &tasks, const SimAccounts &accounts,
            QObject *parent = nullptr);
    ~SimPush() override;

    void add(std::unique_ptr<QWebSocket> socket);
    void closeAll();
    /// As old servers do: only what is new, to everybody, and no `info`.
    void setBroadcasts(bool broadcasts) { m_broadcasts = broadcasts; }
    /// No `pong`, no pushes, and the connection stays: a peer that died.
    void setDead(bool dead) { m_dead = dead; }
    /// To everybody.
    void say(const QString &text) const;

    [[nodiscard]] int clients() const { return int(m_clients.size()); }
    [[nodiscard]] int signedInClients() const;
    [[nodiscard]] int pushes() const { return m_pushes; }
    /// Valid tokens that were shown, over any socket.
    [[nodiscard]] int tokens() const { return m_tokensShown; }

    /// To be called after a task was begun: looks at once.
    void look();

private:
    struct Client {
        std::unique_ptr<QWebSocket> socket;
        QString userId; ///< empty: nobody yet
    };

    void receive(QWebSocket *socket, const QString &text);
    void drop(QWebSocket *socket);
    void tell(const SimTask &task, std::chrono::milliseconds before, std::chrono::milliseconds at);
    [[nodiscard]] std::chrono::milliseconds untilNextEnd() const;

    const Clock &m_clock;
    const SimTasks &m_tasks;
    const SimAccounts &m_accounts;
    std::vector<Client> m_clients;
    std::unique_ptr<ClockTimer> m_timer;
    QHash<TaskId, std::chrono::milliseconds> m_told; ///< the last change that was pushed
    bool m_broadcasts = false;
    bool m_dead = false;
    int m_pushes = 0;
    int m_tokensShown = 0;
};
