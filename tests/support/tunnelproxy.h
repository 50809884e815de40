#pragma once

#include <QByteArray>
#include <QList>
#include <QTcpServer>

class QTcpSocket;

/// A proxy on 127.0.0.1 that leads to one port of this machine, whatever host it is asked for:
/// SOCKS5, or HTTP by CONNECT. Keeps what it was asked and all bytes that passed.
class TunnelProxy final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TunnelProxy)

public:
    enum class Kind { Socks5, Connect };

    TunnelProxy(Kind kind, quint16 target);
    ~TunnelProxy() override;

    /// "user:password" that it asks for from now on.
    void setLogin(const QByteArray &login) { m_login = login; }
    [[nodiscard]] quint16 port() const { return m_server.serverPort(); }
    /// "host:port" of each tunnel.
    [[nodiscard]] const QList<QByteArray> &asked() const { return m_asked; }
    /// The logins that were tried.
    [[nodiscard]] const QList<QByteArray> &logins() const { return m_logins; }
    /// From the client: what a curious proxy could read.
    [[nodiscard]] const QByteArray &seen() const { return m_seen; }

private:
    /// How far the talk with one client is.
    enum class Stage { Greeting, Login, Request, Tunnel };
    struct Talk {
        Stage stage = Stage::Greeting;
        QByteArray unread;
        QTcpSocket *onward = nullptr;
    };

    void accept();
    void read(QTcpSocket *client, Talk &talk);
    [[nodiscard]] bool readSocks(QTcpSocket *client, Talk &talk);
    [[nodiscard]] bool readConnect(QTcpSocket *client, Talk &talk);
    void open(QTcpSocket *client, Talk &talk, const QByteArray &host, const QByteArray &welcome);

    Kind m_kind;
    quint16 m_target;
    QTcpServer m_server;
    QByteArray m_login;
    QList<QByteArray> m_asked;
    QList<QByteArray> m_logins;
    QByteArray m_seen;
};
