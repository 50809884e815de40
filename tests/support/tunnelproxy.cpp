#include "tunnelproxy.h"

#include <QTcpSocket>
#include <QtEndian>

#include <memory>

TunnelProxy::TunnelProxy(Kind kind, quint16 target)
    : m_kind(kind)
    , m_target(target)
{
    connect(&m_server, &QTcpServer::newConnection, this, &TunnelProxy::accept);
    if (!m_server.listen(QHostAddress::LocalHost))
        qFatal("no port");
}

TunnelProxy::~TunnelProxy() = default;

void TunnelProxy::accept()
{
    while (QTcpSocket *client = m_server.nextPendingConnection()) {
        const auto talk = std::make_shared<Talk>();
        connect(client, &QTcpSocket::readyRead, this,
                [this, client, talk] { read(client, *talk); });
        connect(client, &QTcpSocket::disconnected, client, &QObject::deleteLater);
    }
}

void TunnelProxy::read(QTcpSocket *client, Talk &talk)
{
    const QByteArray bytes = client->readAll();
    m_seen += bytes;
    talk.unread += bytes;
    if (talk.stage == Stage::Tunnel) {
        talk.onward->write(std::exchange(talk.unread, {}));
        return;
    }
    const auto step = m_kind == Kind::Socks5 ? &TunnelProxy::readSocks : &TunnelProxy::readConnect;
    while (talk.stage != Stage::Tunnel && (this->*step)(client, talk))
        continue;
}

/// RFC 1928 and 1929; false: wait for more.
bool TunnelProxy::readSocks(QTcpSocket *client, Talk &talk)
{
    const auto at = [&talk](qsizetype i) { return qsizetype(quint8(talk.unread.at(i))); };
    const auto take = [&talk](qsizetype size) {
        QByteArray part = talk.unread.left(size);
        talk.unread.remove(0, size);
        return part;
    };
    switch (talk.stage) {
    case Stage::Greeting: {
        if (talk.unread.size() < 2 || talk.unread.size() < 2 + at(1))
            return false;
        const char method = m_login.isEmpty() ? '\0' : '\2';
        const bool isOffered = take(2 + at(1)).mid(2).contains(method);
        client->write(QByteArray("\5") + (isOffered ? method : '\xff'));
        if (!isOffered)
            client->disconnectFromHost();
        talk.stage = m_login.isEmpty() ? Stage::Request : Stage::Login;
        return isOffered;
    }
    case Stage::Login: {
        if (talk.unread.size() < 2 || talk.unread.size() < 3 + at(1)
            || talk.unread.size() < 3 + at(1) + at(2 + at(1)))
            return false;
        const qsizetype user = at(1);
        const QByteArray part = take(3 + user + at(2 + user));
        m_logins += part.mid(2, user) + ':' + part.mid(3 + user);
        const bool isRight = m_logins.constLast() == m_login;
        client->write(QByteArray("\1") + (isRight ? '\0' : '\1'));
        if (!isRight)
            client->disconnectFromHost();
        talk.stage = Stage::Request;
        return isRight;
    }
    case Stage::Request: {
        const qsizetype fixed = 7; // four bytes, the name's length, two of the port
        if (talk.unread.size() < 5)
            return false;
        const bool isName = at(3) == 3;
        const qsizetype size = isName ? fixed + at(4) : 10;
        if (talk.unread.size() < size)
            return false;
        const QByteArray part = take(size);
        const auto port = qFromBigEndian<quint16>(part.constData() + size - 2);
        open(client, talk,
             (isName ? part.mid(5, size - fixed) : QByteArray("an address")) + ':'
                 + QByteArray::number(port),
             QByteArray("\5\0\0\1\0\0\0\0\0\0", 10));
        return true;
    }
    case Stage::Tunnel:
        break;
    }
    return false;
}

bool TunnelProxy::readConnect(QTcpSocket *client, Talk &talk)
{
    const qsizetype end = talk.unread.indexOf("\r\n\r\n");
    if (end < 0)
        return false;
    const QByteArray head = talk.unread.left(end);
    talk.unread.remove(0, end + 4);
    const qsizetype login = head.toLower().indexOf("proxy-authorization: basic ");
    if (login >= 0) {
        const QByteArray packed = head.mid(login + 27, head.indexOf('\r', login) - login - 27);
        m_logins += QByteArray::fromBase64(packed);
    }
    if (!m_login.isEmpty() && (login < 0 || m_logins.constLast() != m_login)) {
        client->write("HTTP/1.1 407 Proxy Authentication Required\r\n"
                      "Proxy-Authenticate: Basic realm=\"proxy\"\r\nContent-Length: 0\r\n\r\n");
        return true;
    }
    open(client, talk, head.split(' ').value(1), "HTTP/1.1 200 Connection established\r\n\r\n");
    return true;
}

void TunnelProxy::open(QTcpSocket *client, Talk &talk, const QByteArray &host,
                       const QByteArray &welcome)
{
    m_asked += host;
    talk.stage = Stage::Tunnel;
    talk.onward = new QTcpSocket(client);
    connect(talk.onward, &QTcpSocket::readyRead, client,
            [client, onward = talk.onward] { client->write(onward->readAll()); });
    connect(talk.onward, &QTcpSocket::disconnected, client, &QTcpSocket::disconnectFromHost);
    talk.onward->connectToHost(QHostAddress(QHostAddress::LocalHost), m_target);
    talk.onward->write(std::exchange(talk.unread, {}));
    client->write(welcome);
}
