#include "scriptedpeer.h"

#include <QTcpServer>
#include <QTcpSocket>

using namespace Qt::StringLiterals;

ScriptedPeer::ScriptedPeer(Handler handler, QObject *parent)
    : ScriptedPeer(std::make_unique<QTcpServer>(), std::move(handler), parent)
{
}

ScriptedPeer::ScriptedPeer(std::unique_ptr<QTcpServer> server, Handler handler, QObject *parent)
    : QObject(parent)
    , m_server(std::move(server))
    , m_handler(std::move(handler))
{
    connect(m_server.get(), &QTcpServer::pendingConnectionAvailable, this, &ScriptedPeer::accept);
    if (!m_server->listen(QHostAddress::LocalHost))
        qFatal("ScriptedPeer cannot listen: %s", qPrintable(m_server->errorString()));
}

ScriptedPeer::~ScriptedPeer()
{
    m_server.reset(); // its sockets still tell of their end
}

quint16 ScriptedPeer::port() const
{
    return m_server->serverPort();
}

QUrl ScriptedPeer::url(const QString &path) const
{
    return QUrl(u"http://127.0.0.1:%1%2"_s.arg(port()).arg(path));
}

void ScriptedPeer::stopListening()
{
    m_server->close();
}

QByteArray ScriptedPeer::answer(int status, const QByteArray &body, const QByteArray &headers)
{
    return "HTTP/1.1 " + QByteArray::number(status) + " Words\r\nContent-Length: "
           + QByteArray::number(body.size()) + "\r\n" + headers + "\r\n" + body;
}

QByteArray ScriptedPeer::json(const QByteArray &body)
{
    return answer(200, body, "Content-Type: application/json\r\n");
}

void ScriptedPeer::accept()
{
    while (QTcpSocket *socket = m_server->nextPendingConnection()) {
        ++m_connections;
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(socket); });
        connect(socket, &QTcpSocket::disconnected, this, [this, socket] {
            m_unread.remove(socket);
            socket->deleteLater();
        });
        read(socket);
    }
}

void ScriptedPeer::read(QTcpSocket *socket)
{
    QByteArray &unread = m_unread[socket];
    unread += socket->readAll();
    const qsizetype head = unread.indexOf("\r\n\r\n");
    if (head < 0)
        return;
    const QList<QByteArray> lines = unread.left(head).split('\n');
    const QList<QByteArray> first = lines.constFirst().trimmed().split(' ');
    Request request{first.value(0), first.value(1), {}, {}};
    for (const QByteArray &line : lines.sliced(1)) {
        const qsizetype colon = line.indexOf(':');
        request.headers.insert(line.left(colon).trimmed().toLower(),
                               line.sliced(colon + 1).trimmed());
    }
    const qsizetype length = request.headers.value("content-length").toLongLong();
    if (unread.size() < head + 4 + length)
        return;
    request.body = unread.mid(head + 4, length);
    unread.remove(0, head + 4 + length);
    m_requests.append(request);
    m_handler(request, *socket);
}
