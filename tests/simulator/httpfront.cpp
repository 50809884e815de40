#include "httpfront.h"

#include "gzip.h"

#include <QHttpServerRequest>
#include <QHttpServerResponder>
#include <QLocale>
#include <QMetaEnum>
#include <QSslServer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

#include <sys/socket.h>

using std::chrono::milliseconds;
using namespace Qt::StringLiterals;

namespace {

using Manner = HttpAnswer::Manner;

QByteArray reasonOf(int status)
{
    const auto meta = QMetaEnum::fromType<QHttpServerResponder::StatusCode>();
    const char *key = meta.valueToKey(status);
    return key ? QByteArray(key) : QByteArray("Unknown");
}

/// Cuts a connection as a crash does: the peer gets a reset, not an orderly end.
void reset(QTcpSocket *socket)
{
    const linger now{1, 0};
    ::setsockopt(int(socket->socketDescriptor()), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    socket->abort();
}

/// Writes one answer in its manner, and ends with it or with its socket.
class AnswerWriter final : public QObject
{
    Q_DISABLE_COPY_MOVE(AnswerWriter)

public:
    AnswerWriter(const Clock &clock, QTcpSocket *socket, HttpAnswer answer, QByteArray head,
                 bool closes)
        : QObject(socket)
        , m_socket(socket)
        , m_answer(std::move(answer))
        , m_head(std::move(head))
        , m_closes(closes)
        , m_timer(clock.makeTimer([this] { write(); }))
    {
        m_afterwards.setSingleShot(true);
        m_afterwards.setInterval(0);
        connect(&m_afterwards, &QTimer::timeout, this, &AnswerWriter::close);
        connect(socket, &QAbstractSocket::disconnected, this, &AnswerWriter::finish);
    }
    ~AnswerWriter() override { report(); }

    void start()
    {
        if (m_answer.manner == Manner::Silent)
            return;
        if (m_answer.delay > milliseconds{0})
            m_timer->start(m_answer.delay);
        else
            write();
    }

private:
    void write()
    {
        switch (m_answer.manner) {
        case Manner::Whole:
            m_socket->write(m_head + m_answer.reply.body);
            m_socket->flush(); // so that it is on its way before anything cuts the connection
            finish();
            return;
        case Manner::Drip:
            drip();
            return;
        case Manner::CutInBody:
        case Manner::ResetInBody:
            writeHalf();
            return;
        case Manner::Silent:
            return;
        }
    }

    void writeHalf()
    {
        m_socket->write(m_head + m_answer.reply.body.left(m_answer.reply.body.size() / 2));
        m_socket->flush();
        m_closes = true;
        m_resets = m_answer.manner == Manner::ResetInBody;
        finish();
    }

    void drip()
    {
        if (m_sentBytes == 0)
            m_socket->write(m_head);
        m_socket->write(m_answer.reply.body.mid(m_sentBytes, 1));
        m_socket->flush();
        if (++m_sentBytes >= m_answer.reply.body.size())
            finish();
        else
            m_timer->start(m_answer.interval);
    }

    void finish()
    {
        m_timer->stop();
        report();
        if (m_closes && m_socket->state() == QAbstractSocket::ConnectedState)
            m_afterwards.start(); // not now: Qt's server still holds the request
        else
            deleteLater();
    }

    void close()
    {
        m_resets ? reset(m_socket) : m_socket->disconnectFromHost();
        deleteLater();
    }

    void report()
    {
        if (const auto sent = std::exchange(m_answer.sent, {}))
            sent();
    }

    QTcpSocket *m_socket;
    HttpAnswer m_answer;
    QByteArray m_head;
    bool m_closes;
    bool m_resets = false;
    qsizetype m_sentBytes = 0;
    std::unique_ptr<ClockTimer> m_timer;
    QTimer m_afterwards; ///< the event loop's next turn, not a time
};

HttpRequest readRequest(const QHttpServerRequest &request)
{
    HttpRequest read;
    const auto meta = QMetaEnum::fromType<QHttpServerRequest::Method>();
    read.method = QByteArray(meta.valueToKey(int(request.method()))).toUpper();
    read.path = request.url().path(QUrl::FullyEncoded);
    read.query = request.query();
    const QByteArray authorization = request.value("Authorization");
    if (authorization.startsWith("Bearer "))
        read.token = authorization.mid(7).trimmed();
    read.body = request.body();
    return read;
}

} // namespace

HttpFront::HttpFront(const Clock &clock, Handler handler, QObject *parent)
    : QAbstractHttpServer(parent)
    , m_clock(clock)
    , m_handler(std::move(handler))
{
}

HttpFront::~HttpFront()
{
    shut();
}

quint16 HttpFront::open(quint16 port)
{
    std::unique_ptr<QTcpServer> server;
    if (m_tls) {
        auto secure = std::make_unique<QSslServer>();
        secure->setSslConfiguration(*m_tls);
        server = std::move(secure);
    } else {
        server = std::make_unique<QTcpServer>();
    }
    server->setListenBacklogSize(200);
    if (!server->listen(QHostAddress::LocalHost, port))
        return 0;
    connect(server.get(), &QTcpServer::pendingConnectionAvailable, this,
            [this] { ++m_connections; });
    const quint16 opened = server->serverPort();
    bind(server.release()); // takes it as its child
    return opened;
}

void HttpFront::shut()
{
    for (QTcpServer *server : servers()) {
        server->close();
        const auto sockets = server->findChildren<QTcpSocket *>();
        for (QTcpSocket *socket : sockets)
            socket->abort();
        delete server;
    }
}

bool HttpFront::handleRequest(const QHttpServerRequest &request, QTcpSocket *socket)
{
    // Qt 6.4 asks us about an upgrade as well, and then makes the WebSocket itself.
    if (request.value("Upgrade").compare("websocket", Qt::CaseInsensitive) == 0)
        return true;
    HttpAnswer answer = m_handler(readRequest(request));
    HttpReply &reply = answer.reply;
    const bool packs = m_gzip && reply.body.size() >= 100
                       && reply.contentType.startsWith("application/json")
                       && request.value("Accept-Encoding").contains("gzip");
    if (packs) {
        reply.body = gzip(reply.body);
        reply.headers.emplaceBack("Content-Encoding", "gzip");
    }
    const bool closes = request.value("Connection").toLower() == "close";
    QByteArray head = headOf(reply, closes);
    auto *writer = new AnswerWriter(m_clock, socket, std::move(answer), std::move(head), closes);
    writer->start();
    return true;
}

void HttpFront::missingHandler(const QHttpServerRequest & /*request*/, QTcpSocket * /*socket*/)
{
    // handleRequest() answers everything.
}

QByteArray HttpFront::headOf(const HttpReply &reply, bool closes) const
{
    const QDateTime now = m_clock.now().wall.addMSecs(m_skew.count());
    QByteArray head = "HTTP/1.1 " + QByteArray::number(reply.status) + ' ' + reasonOf(reply.status)
                      + "\r\nServer: guardian-sim\r\nDate: "
                      + QLocale::c().toString(now, u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s).toLatin1()
                      + "\r\nContent-Length: " + QByteArray::number(reply.body.size())
                      + "\r\nConnection: " + (closes ? "close" : "keep-alive") + "\r\n";
    if (!reply.contentType.isEmpty())
        head += "Content-Type: " + reply.contentType + "\r\n";
    for (const auto &[name, value] : reply.headers)
        head += name + ": " + value + "\r\n";
    return head + "\r\n";
}
