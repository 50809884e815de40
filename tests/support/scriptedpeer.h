#pragma once

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QObject>
#include <QUrl>

#include <functional>
#include <memory>

class QTcpServer;
class QTcpSocket;

/// The barest HTTP/1.1 peer on 127.0.0.1, for faults at the level of bytes: the handler writes what
/// it likes into the socket, or nothing, or closes it.
class ScriptedPeer final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ScriptedPeer)

public:
    struct Request {
        QByteArray verb;
        QByteArray target;                     ///< as sent: "/api/v1/tasks/1"
        QHash<QByteArray, QByteArray> headers; ///< names in lower case
        QByteArray body;
    };
    using Handler = std::function<void(const Request &, QTcpSocket &)>;

    explicit ScriptedPeer(Handler handler, QObject *parent = nullptr);
    /// With a server of the test's own, such as one that speaks TLS.
    ScriptedPeer(std::unique_ptr<QTcpServer> server, Handler handler, QObject *parent = nullptr);
    ~ScriptedPeer() override;

    [[nodiscard]] quint16 port() const;
    /// `http://127.0.0.1:PORT` and the path.
    [[nodiscard]] QUrl url(const QString &path = QStringLiteral("/api/v1")) const;

    void setHandler(Handler handler) { m_handler = std::move(handler); }
    [[nodiscard]] const QList<Request> &requests() const { return m_requests; }
    [[nodiscard]] int connections() const { return m_connections; }
    void stopListening();

    /// A whole answer with its Content-Length.
    [[nodiscard]] static QByteArray answer(int status, const QByteArray &body,
                                           const QByteArray &headers = {});
    [[nodiscard]] static QByteArray json(const QByteArray &body);

private:
    void accept();
    void read(QTcpSocket *socket);

    std::unique_ptr<QTcpServer> m_server;
    Handler m_handler;
    QList<Request> m_requests;
    QHash<QTcpSocket *, QByteArray> m_unread;
    int m_connections = 0;
};
