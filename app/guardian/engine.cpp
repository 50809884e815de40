#include "guardian/engine.h"

#include "guardian/parsetaskreply.h"
#include "guardian/signin.h"
#include "guardian/trouble.h"

#include <QPointer>
#include <QRandomGenerator>
#include <QSet>

#include <utility>
#include <vector>

using namespace std::chrono;

namespace {

constexpr milliseconds betweenHandOvers{34}; // 30 a second at most
constexpr milliseconds betweenLooksForSleep{5'000};
/// The two clocks that tell of sleep are read one after the other.
constexpr milliseconds shortestSleep{1'000};

} // namespace

Engine::Engine(const Clock &clock, QObject *parent)
    : Engine(clock, EngineParts{}, parent)
{
}

Engine::Engine(const Clock &clock, EngineParts parts, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_parts(std::move(parts))
{
    if (!m_parts.parse)
        m_parts.parse = parseTaskReply;
    if (!m_parts.random)
        m_parts.random = [] { return QRandomGenerator::global()->generateDouble(); };
}

Engine::~Engine() = default;

/// Timers belong to the thread that makes them: not before the first call in ours.
void Engine::start()
{
    if (m_handOver)
        return;
    m_handOver = m_clock.makeTimer([this] { handOver(); });
    m_sleepWatch = m_clock.makeTimer([this] { watchForSleep(); });
    m_handedOverAt = m_clock.now().awake - betweenHandOvers;
    m_asleep = m_clock.asleep();
    m_sleepWatch->start(betweenLooksForSleep);
}

Engine::Server *Engine::find(const ServerId &id)
{
    const auto entry = m_servers.find(id);
    return entry == m_servers.end() ? nullptr : &entry->second;
}

void Engine::setServer(const ServerConfig &config)
{
    start();
    const auto [entry, isNew] = m_servers.try_emplace(config.id);
    Server &server = entry->second;
    const ServerConfig before = std::exchange(server.config, config);
    if (isNew) {
        build(server, {}, takeEarly(config.id));
        return;
    }
    if (before.root == config.root && before.network == config.network) {
        TaskPoller *poller = server.poller; // outlives its removal from the list
        poller->setManners(config.manners);
        poller->setPaused(config.paused);
        steer(config.id);
        return;
    }
    const QList<PollWish> wishes = server.poller->wishes();
    const Credentials credentials =
        before.root.hasOriginOf(config.root) ? server.session->credentials() : Credentials();
    const Server old = server;
    build(server, credentials, wishes);
    retire(old);
}

void Engine::build(Server &server, const Credentials &credentials, const QList<PollWish> &wishes)
{
    const ServerConfig &config = server.config;
    server.room = new QObject(this);
    server.client = new GuardianClient(config.root, config.network, m_clock, server.room);
    server.session = new Session(*server.client, m_clock, server.room);
    if (credentials.hasToken())
        server.session->setCredentials(credentials);
    server.poller = new TaskPoller(config.id, *server.client, *server.session, m_clock,
                                   m_parts.parse, m_parts.random, config.manners, server.room);
    server.poller->setPaused(config.paused);
    server.push = new PushChannel({config.root.pushUrl(), config.network.extraCa,
                                   [client = server.client] { return client->proxy(); }},
                                  m_clock, m_parts.random, server.room);
    server.discovery = new Discovery(*server.poller, m_clock, m_parts.random, server.room);
    for (const PollWish &wish : wishes)
        server.poller->apply(wish);
    connect(server.poller, &TaskPoller::answered, this, &Engine::gather);
    connect(server.poller, &TaskPoller::lookedUp, this, &Engine::endLookUp);
    connect(server.poller, &TaskPoller::connectionChanged, this,
            [this, id = config.id](const ConnectionStatus &status) {
                Q_EMIT connectionChanged(id, status);
            });
    connect(
        server.session, &Session::changed, this,
        [this, id = config.id](const SessionStatus &status) { Q_EMIT sessionChanged(id, status); });
    const SessionStatus session = server.session->status();
    const ServerId id = config.id;
    const TaskPoller *poller = server.poller;
    listen(server);
    steer(id); // whoever is told may remove the server: `server` and `config` are not used below
    Q_EMIT connectionChanged(id, ConnectionStatus(poller->status()));
    Q_EMIT sessionChanged(id, session);
}

/// What the server tells by itself, and what it is found to run.
void Engine::listen(const Server &server)
{
    Session *session = server.session;
    TaskPoller *poller = server.poller;
    PushChannel *push = server.push;
    Discovery *discovery = server.discovery;
    const auto showToken = [=] {
        const auto authorization = session->authorization();
        if (authorization)
            push->setToken(authorization->token);
        return authorization.has_value();
    };
    connect(session, &Session::ready, push, &PushChannel::signIn);
    connect(session, &Session::renewed, push, showToken);
    connect(session, &Session::signInNeeded, push, &PushChannel::signOut);
    connect(session, &Session::signInNeeded, discovery, [=] { discovery->setWanted(false); });
    connect(session, &Session::ready, discovery, [=, this, id = server.config.id] {
        discovery->setWanted(false); // maybe somebody else: what was found before is void
        steer(id);
    });
    connect(push, &PushChannel::tokenWanted, poller, [=] {
        if (!showToken())
            poller->setTokenWanted(true);
    });
    if (!session->isSignInNeeded())
        push->signIn();
    connect(push, &PushChannel::liveChanged, poller, &TaskPoller::setLive);
    connect(push, &PushChannel::told, poller, [=](const PushMessage &message) {
        if (poller->isTracked(message.task))
            poller->takePush(message);
        else if (message.kind != PushMessage::Kind::TaskHint) // those are told to everybody
            discovery->hint(message.task);
    });
    connect(discovery, &Discovery::discovered, this,
            [this, id = server.config.id](const QList<DiscoveredTask> &tasks) {
                Q_EMIT discovered(id, tasks);
            });
}

/// Looks the server up: who is told of something may remove it.
void Engine::steer(const ServerId &id)
{
    if (const Server *server = find(id)) {
        const ServerConfig &config = server->config;
        server->discovery->setWanted(config.discover && !config.paused
                                     && !server->session->isSignInNeeded());
    }
    if (const Server *server = find(id)) {
        const ServerConfig &config = server->config;
        const bool push = config.push && !config.paused;
        server->push->setWanted(push);
        if (!push)
            server->poller->setTokenWanted(false);
    }
}

/// Ends one without destroying it now: the call may come from one of its signals.
void Engine::retire(const Server &server)
{
    disconnect(server.poller, &TaskPoller::answered, this, nullptr);
    disconnect(server.poller, &TaskPoller::connectionChanged, this, nullptr);
    disconnect(server.session, &Session::changed, this, nullptr);
    server.discovery->setWanted(false); // tells that nothing is found any more
    disconnect(server.discovery, nullptr, this, nullptr);
    server.push->setWanted(false);
    server.poller->abandonLookUps(
        trouble(PollError::Kind::Unreachable, tr("This server was changed or removed.")),
        PollBook::Which::All);
    server.session->setCredentials({}); // nothing more is sent
    server.room->deleteLater();
}

QList<PollWish> Engine::takeEarly(const ServerId &id)
{
    QList<PollWish> early;
    m_early.removeIf([&](QHash<TaskKey, PollWish>::iterator wish) {
        if (wish.key().server != id)
            return false;
        early.append(*wish);
        return true;
    });
    return early;
}

void Engine::removeServer(const ServerId &id)
{
    takeEarly(id);
    const auto entry = m_servers.find(id);
    if (entry == m_servers.end())
        return;
    const Server old = entry->second;
    m_servers.erase(entry);
    retire(old);
}

void Engine::setCredentials(const ServerId &id, const Credentials &credentials)
{
    if (Server *server = find(id))
        server->session->setCredentials(credentials);
}

void Engine::setToken(const ServerId &id, const Secret &token)
{
    setCredentials(id, {{}, token, {}});
}

void Engine::signIn(quint64 request, const ServerConfig &config, const QString &user,
                    const Secret &password, const Secret &proxyPassword)
{
    auto *attempt = new SignIn(config.root, config.network, proxyPassword, m_clock, this);
    attempt->start(user, password, [this, attempt, request](const SignInResult &result) {
        attempt->deleteLater();
        Q_EMIT signedIn(request, result);
    });
}

void Engine::askWho(const ServerId &id)
{
    if (Server *server = find(id))
        server->session->askWho();
}

void Engine::setPaused(const ServerId &id, bool paused)
{
    if (Server *server = find(id)) {
        server->config.paused = paused;
        server->poller->setPaused(paused);
        steer(id);
    }
}

void Engine::applyWishes(const QList<PollWish> &wishes)
{
    for (const PollWish &wish : wishes) {
        if (Server *server = find(wish.key.server))
            server->poller->apply(wish);
        else if (wish.tracked)
            m_early.insert(wish.key, wish);
        else
            m_early.remove(wish.key);
    }
}

void Engine::lookUp(quint64 request, const QList<TaskKey> &keys)
{
    const QSet<TaskKey> different(keys.begin(), keys.end());
    if (different.isEmpty()) {
        Q_EMIT lookUpEnded(request);
        return;
    }
    m_lookUps[request] += different.size();
    for (const TaskKey &key : different) {
        if (Server *server = find(key.server)) {
            server->poller->lookUp(request, key.task);
            continue;
        }
        const Instant now = m_clock.now();
        const auto error =
            trouble(PollError::Kind::Unreachable, tr("This server is not set up here."));
        endLookUp(request, {.key = key,
                            .sentAt = now,
                            .answeredAt = now,
                            .answer = tl::unexpected(error),
                            .reply = nullptr});
    }
}

void Engine::endLookUp(quint64 request, const PollOutcome &outcome)
{
    Q_EMIT lookedUp(request, outcome);
    const auto open = m_lookUps.find(request);
    if (open == m_lookUps.end() || --*open > 0)
        return;
    m_lookUps.erase(open);
    Q_EMIT lookUpEnded(request);
}

void Engine::networkReturned()
{
    tellOfNetwork(milliseconds{0});
}

void Engine::tryNow(const ServerId &id)
{
    if (Server *server = find(id))
        server->poller->networkReturned(milliseconds{0});
}

void Engine::tellOfNetwork(milliseconds slept)
{
    // Listeners to what follows may add and remove servers.
    std::vector<std::pair<QPointer<TaskPoller>, QPointer<PushChannel>>> all;
    for (const auto &[id, server] : m_servers)
        all.emplace_back(server.poller, server.push);
    for (const auto &[poller, push] : all) {
        if (push)
            push->networkReturned();
        if (poller)
            poller->networkReturned(slept);
    }
}

void Engine::watchForSleep()
{
    const milliseconds slept = m_clock.asleep() - m_asleep;
    m_asleep += slept;
    m_sleepWatch->start(betweenLooksForSleep);
    if (slept >= shortestSleep)
        tellOfNetwork(slept);
}

void Engine::gather(const PollOutcome &outcome)
{
    m_gathered.append(outcome);
    if (m_handOver->isActive())
        return;
    const milliseconds rest = m_handedOverAt + betweenHandOvers - m_clock.now().awake;
    if (rest > milliseconds{0})
        m_handOver->start(rest);
    else
        handOver();
}

void Engine::handOver()
{
    m_handedOverAt = m_clock.now().awake;
    Q_EMIT polled(std::exchange(m_gathered, {}));
}
