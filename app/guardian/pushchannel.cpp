#include "guardian/pushchannel.h"

#include "base/logging.h"
#include "guardian/pollschedule.h"

#include <QSslConfiguration>
#include <QWebSocket>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;
using namespace std::chrono;

namespace {

constexpr milliseconds handshakeTime{20'000};
constexpr milliseconds betweenPings{30'000}; ///< as the web UI does
constexpr milliseconds answerTime{10'000};   ///< for anything after a ping
constexpr int pongsThatCount = 2;            ///< a socket that held for half a minute
constexpr milliseconds firstBackOff{1'000};
constexpr milliseconds slowestBackOff{60'000};
/// Where it never worked, there may be no live channel at all.
constexpr milliseconds slowestWithoutSuccess{600'000};
/// What is larger is left to polling.
constexpr quint64 largestMessage = 16ULL * 1024 * 1024;

} // namespace

PushChannel::PushChannel(Peer peer, const Clock &clock, std::function<double()> random,
                         QObject *parent)
    : QObject(parent)
    , m_peer(std::move(peer))
    , m_clock(clock)
    , m_random(std::move(random))
    , m_next(clock.makeTimer([this] {
        if (m_socket)
            ping();
        else
            open();
    }))
    , m_limit(clock.makeTimer([this] { lose(); }))
{
}

PushChannel::~PushChannel()
{
    if (m_socket)
        m_socket->disconnect(this); // it tells of its own end
}

bool PushChannel::isAvailable()
{
    return true;
}

void PushChannel::setWanted(bool wanted)
{
    m_wanted = wanted;
    update();
}

void PushChannel::signIn()
{
    drop();
    m_losses = 0;
    m_signedIn = true;
    update();
}

void PushChannel::setToken(const Secret &token)
{
    if (!m_socket && !m_waitsForToken)
        return;
    m_token = token;
    if (std::exchange(m_waitsForToken, false))
        connectToServer();
    else
        sendToken();
}

void PushChannel::signOut()
{
    m_signedIn = false;
    update();
}

void PushChannel::networkReturned()
{
    drop();
    m_losses = 0;
    update();
}

void PushChannel::update()
{
    if (!m_wanted || !m_signedIn)
        drop();
    else if (!m_socket && !m_waitsForToken && !m_next->isActive())
        m_next->start(milliseconds{qint64(m_random() * double(firstBackOff.count()))});
}

/// The token comes first: those of today last for a minute.
void PushChannel::open()
{
    m_waitsForToken = true;
    Q_EMIT tokenWanted();
}

void PushChannel::connectToServer()
{
    m_socket = new QWebSocket(QString(), QWebSocketProtocol::VersionLatest, this);
    m_socket->setMaxAllowedIncomingFrameSize(largestMessage);
    m_socket->setMaxAllowedIncomingMessageSize(largestMessage);
    if (m_peer.proxy)
        m_socket->setProxy(m_peer.proxy());
    if (!m_peer.extraCa.isEmpty()) {
        auto ssl = m_socket->sslConfiguration();
        ssl.addCaCertificates(m_peer.extraCa);
        m_socket->setSslConfiguration(ssl);
    }
    connect(m_socket, &QWebSocket::connected, this, [this] {
        sendToken();
        ping();
    });
    connect(m_socket, &QWebSocket::textMessageReceived, this,
            [this](const QString &text) { receive(text.toUtf8()); });
    connect(m_socket, &QWebSocket::disconnected, this, &PushChannel::lose);
    connect(m_socket, qOverload<QAbstractSocket::SocketError>(&QWebSocket::error), this,
            &PushChannel::lose);
    m_pongs = 0;
    m_limit->start(handshakeTime);
    m_socket->open(m_peer.url);
}

/// Ends the socket, if there is one, and whatever was to come.
void PushChannel::drop()
{
    m_next->stop();
    m_limit->stop();
    m_waitsForToken = false;
    m_token = {};
    if (QWebSocket *socket = std::exchange(m_socket, nullptr)) {
        socket->disconnect(this);
        socket->abort();
        socket->deleteLater();
    }
    setLive(false);
}

void PushChannel::lose()
{
    ++m_losses;
    const milliseconds pause = backOff();
    // Its words may hold what the server says: only what we know ourselves is logged.
    qCDebug(lcEngine) << "push: no connection, the next try in" << pause.count() << "ms";
    drop();
    m_next->start(pause);
}

milliseconds PushChannel::backOff() const
{
    const milliseconds slowest = m_everAlive ? slowestBackOff : slowestWithoutSuccess;
    const milliseconds longest = PollSchedule::growing(firstBackOff, 2, m_losses, slowest);
    // From half of it on: a gateway that restarts loses all its clients in one moment.
    return milliseconds{qint64(double(longest.count()) * (0.5 + 0.5 * m_random()))};
}

void PushChannel::sendToken()
{
    if (!m_socket || m_socket->state() != QAbstractSocket::ConnectedState)
        return;
    // Nothing in it needs an escape: a token is printable ASCII, and these two are left out.
    const QByteArray &token = m_token.reveal();
    if (token.contains('"') || token.contains('\\'))
        return;
    m_socket->sendTextMessage(
        QString::fromLatin1(R"({"type":"SET_ACCESS_TOKEN","data":")" + token + R"("})"));
}

void PushChannel::ping()
{
    m_socket->sendTextMessage(u"ping"_s);
    m_limit->start(answerTime);
    m_next->start(betweenPings);
}

/// A peer that answers and then closes is no reason to come back at once.
void PushChannel::noteAlive(PushMessage::Kind kind)
{
    m_limit->stop();
    m_everAlive = true;
    if (kind == PushMessage::Kind::Alive && ++m_pongs == pongsThatCount)
        m_losses = 0;
}

void PushChannel::receive(const QByteArray &text)
{
    const PushMessage message = readPushMessage(text);
    noteAlive(message.kind);
    switch (message.kind) {
    case PushMessage::Kind::Other:
    case PushMessage::Kind::Alive:
        return;
    case PushMessage::Kind::Task:
        setLive(true);
        break;
    case PushMessage::Kind::TaskHint:
    case PushMessage::Kind::Progresses:
        break;
    }
    Q_EMIT told(message);
}

void PushChannel::setLive(bool live)
{
    if (live == m_live)
        return;
    m_live = live;
    Q_EMIT liveChanged(live);
}
