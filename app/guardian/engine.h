#pragma once

#include "base/clock.h"
#include "base/secret.h"
#include "guardian/apiroot.h"
#include "guardian/connectionstatus.h"
#include "guardian/credentials.h"
#include "guardian/discovery.h"
#include "guardian/guardianclient.h"
#include "guardian/pollschedule.h"
#include "guardian/pushchannel.h"
#include "guardian/sessionstatus.h"
#include "guardian/taskpoller.h"
#include "task/polloutcome.h"
#include "task/pollwish.h"

#include <QHash>
#include <QList>
#include <QObject>

#include <chrono>
#include <memory>
#include <unordered_map>

/// One server as the engine has to know it.
struct ServerConfig {
    ServerId id;
    QString name;
    ApiRoot root;
    PollManners manners;
    NetworkSettings network;
    bool paused = false;
    bool push = false;     ///< listens to what the server tells by itself
    bool discover = false; ///< looks for running tasks that are not tracked

    friend bool operator==(const ServerConfig &, const ServerConfig &) = default;
};

/// What the engine works with, for tests to replace.
struct EngineParts {
    ParseReply parse;  ///< null: parseTaskReply
    RandomUnit random; ///< null: the system's
};

/// Holds what talks to the servers: for each a client, a session and a poller. Only values cross
/// its border, so it runs in a thread of its own (moveToThread() before the first slot; it must be
/// destroyed there) or in the caller's. In the caller's thread a slot of its signals may call it,
/// but not destroy it.
class Engine final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Engine)

public:
    /// The clock must outlive the engine.
    explicit Engine(const Clock &clock, QObject *parent = nullptr);
    Engine(const Clock &clock, EngineParts parts, QObject *parent = nullptr);
    ~Engine() override;

public Q_SLOTS:
    /// Adds or changes a server. Its tasks stay tracked; its token stays for the same origin only.
    void setServer(const ServerConfig &config);
    /// Forgets a server with its tasks and secrets; look-ups under way there end.
    void removeServer(const ServerId &id);
    /// For a server that was set before; without a token it is signed out.
    void setCredentials(const ServerId &id, const Credentials &credentials);
    void setToken(const ServerId &id, const Secret &token);
    /// Turns a user name and a password into tokens, of a server that need not be set; signedIn()
    /// comes once. The password is used for this alone.
    void signIn(quint64 request, const ServerConfig &config, const QString &user,
                const Secret &password, const Secret &proxyPassword = {});
    /// Asks the server who is signed in: sessionChanged() tells.
    void askWho(const ServerId &id);
    void setPaused(const ServerId &id, bool paused);
    /// Those for servers not yet set wait for them.
    void applyWishes(const QList<PollWish> &wishes);
    /// Asks for tasks without tracking them. lookedUp() comes once for each, then lookUpEnded().
    void lookUp(quint64 request, const QList<TaskKey> &keys);
    void networkReturned();
    /// The same for one server, at a person's wish.
    void tryNow(const ServerId &id);

Q_SIGNALS:
    /// In the order of the answers, at most 30 times a second.
    void polled(const QList<PollOutcome> &outcomes);
    void connectionChanged(const ServerId &id, const ConnectionStatus &status);
    void sessionChanged(const ServerId &id, const SessionStatus &status);
    void signedIn(quint64 request, const SignInResult &result);
    /// Running tasks that are not tracked, newest first: whenever which they are differs.
    void discovered(const ServerId &id, const QList<DiscoveredTask> &tasks);
    void lookedUp(quint64 request, const PollOutcome &outcome);
    void lookUpEnded(quint64 request);

private:
    struct Server {
        ServerConfig config;
        QObject *room = nullptr; ///< parent of the rest, a child of the engine
        GuardianClient *client = nullptr;
        Session *session = nullptr;
        TaskPoller *poller = nullptr;
        PushChannel *push = nullptr;
        Discovery *discovery = nullptr;
    };

    void start();
    void retire(const Server &server);
    QList<PollWish> takeEarly(const ServerId &id);
    void build(Server &server, const Credentials &credentials, const QList<PollWish> &wishes);
    void listen(const Server &server);
    void steer(const ServerId &id);
    [[nodiscard]] Server *find(const ServerId &id);
    void gather(const PollOutcome &outcome);
    void handOver();
    void endLookUp(quint64 request, const PollOutcome &outcome);
    void watchForSleep();
    void tellOfNetwork(std::chrono::milliseconds slept);

    struct ServerIdHash {
        size_t operator()(const ServerId &id) const { return qHash(id); }
    };

    const Clock &m_clock;
    EngineParts m_parts;
    std::unordered_map<ServerId, Server, ServerIdHash> m_servers;
    QHash<TaskKey, PollWish> m_early;    ///< of servers not yet set
    QHash<quint64, qsizetype> m_lookUps; ///< request -> answers still to come
    QList<PollOutcome> m_gathered;
    std::chrono::milliseconds m_handedOverAt{0};
    std::chrono::milliseconds m_asleep{0};
    std::unique_ptr<ClockTimer> m_handOver;
    std::unique_ptr<ClockTimer> m_sleepWatch;
};
