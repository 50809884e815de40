#include "instance/instanceserver.h"

#include "base/clock.h"
#include "base/logging.h"
#include "instance/instanceframe.h"

#include <QFile>
#include <QLocalSocket>

#include <sys/stat.h>

namespace {

/// One connection, from its first byte to its end.
class Peer final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Peer)

public:
    Peer(QLocalSocket *socket, const InstanceServer::Handler &handler, const Clock &clock,
         QObject *parent)
        : QObject(parent)
        , m_socket(socket)
        , m_handler(handler)
        , m_limit(clock.makeTimer([this] { m_socket->abort(); }))
    {
        socket->setParent(this);
        connect(socket, &QLocalSocket::disconnected, this, &QObject::deleteLater);
        connect(socket, &QLocalSocket::readyRead, this, &Peer::read);
        m_limit->start(InstanceServer::peerLimit);
        read();
    }

private:
    void read()
    {
        if (m_isAnswered) {
            m_socket->readAll();
            return;
        }
        m_arrived +=
            m_socket->read(InstanceFrame::headSize + InstanceFrame::cap - m_arrived.size());
        const auto content = InstanceFrame::take(m_arrived);
        if (!content) {
            qCWarning(lcUi) << "a peer of the instance's socket speaks something else";
            m_socket->abort();
        } else if (*content) {
            const auto request = decodeRequest(**content);
            answer(request ? m_handler(*request) : InstanceReply{false, request.error()});
        }
    }
    void answer(const InstanceReply &reply)
    {
        m_isAnswered = true;
        m_socket->write(InstanceFrame::packed(encode(reply)));
        m_socket->disconnectFromServer(); // after what is written
    }

    QLocalSocket *m_socket;
    const InstanceServer::Handler &m_handler;
    std::unique_ptr<ClockTimer> m_limit;
    QByteArray m_arrived;
    bool m_isAnswered = false;
};

} // namespace

InstanceServer::InstanceServer(Handler handler, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_handler(std::move(handler))
    , m_clock(clock)
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &InstanceServer::accept);
}

InstanceServer::~InstanceServer() = default;

tl::expected<void, QString> InstanceServer::listen(const QString &socket)
{
    QLocalServer::removeServer(socket);
    if (!m_server.listen(socket))
        return tl::unexpected(m_server.errorString());
    // Cleaners of the runtime folder leave it alone (XDG base directories).
    ::chmod(QFile::encodeName(socket).constData(), S_ISVTX | S_IRUSR | S_IWUSR);
    return {};
}

void InstanceServer::accept()
{
    while (QLocalSocket *socket = m_server.nextPendingConnection()) {
        if (m_peers >= peersAtOnce) {
            socket->abort();
            socket->deleteLater();
            continue;
        }
        ++m_peers;
        auto *peer = new Peer(socket, m_handler, m_clock, this);
        connect(peer, &QObject::destroyed, this, [this] { --m_peers; });
    }
}

#include "instanceserver.moc"
