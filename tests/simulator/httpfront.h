#pragma once

#include "base/clock.h"

#include <QAbstractHttpServer>
#include <QSslConfiguration>
#include <QUrlQuery>

#include <functional>
#include <optional>

struct HttpRequest {
    QByteArray method;
    QString path; ///< percent-encoded as it came
    QUrlQuery query;
    QByteArray token; ///< of `Authorization: Bearer …`; empty if there is none
    QByteArray body;
};

struct HttpReply {
    int status = 200;
    QByteArray contentType; ///< empty: no such header
    QByteArray body;
    QList<std::pair<QByteArray, QByteArray>> headers;
};

/// A reply and the manner in which it goes over the wire.
struct HttpAnswer {
    enum class Manner {
        Whole,
        Drip,
        CutInBody,   ///< half of the body, then an orderly end of the connection
        ResetInBody, ///< half of the body, then a reset: the peer may never see that half
        Silent,
    };

    HttpReply reply;
    Manner manner = Manner::Whole;
    std::chrono::milliseconds delay{0};
    std::chrono::milliseconds interval{50}; ///< between two bytes of a Drip
    std::function<void()> sent; ///< once, when the last byte was handed over or the peer has gone
};

/// The HTTP side of the simulator on 127.0.0.1: Qt's server reads the requests and makes
/// WebSockets; the answers are written here, because they must be able to go wrong on the wire.
class HttpFront final : public QAbstractHttpServer
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HttpFront)

public:
    using Handler = std::function<HttpAnswer(const HttpRequest &)>;

    /// `clock` must outlive the front.
    HttpFront(const Clock &clock, Handler handler, QObject *parent = nullptr);
    ~HttpFront() override;

    /// For the next listen().
    void setTls(const QSslConfiguration &configuration) { m_tls = configuration; }
    [[nodiscard]] bool isTls() const { return m_tls.has_value(); }
    /// JSON of 100 bytes and more is packed for those who accept it.
    void setGzip(bool gzip) { m_gzip = gzip; }
    /// What the header `Date` says besides the clock's time.
    void setClockSkew(std::chrono::milliseconds skew) { m_skew = skew; }

    /// The port, or 0 if it is taken. `port` 0: any free one.
    quint16 open(quint16 port);
    /// Refuses new connections and cuts all that are open. Not to be called by the handler.
    void shut();

    /// Those accepted since the start (with TLS: whose handshake has succeeded).
    [[nodiscard]] int connections() const { return m_connections; }

protected:
    bool handleRequest(const QHttpServerRequest &request, QTcpSocket *socket) override;
    void missingHandler(const QHttpServerRequest &request, QTcpSocket *socket) override;

private:
    [[nodiscard]] QByteArray headOf(const HttpReply &reply, bool closes) const;

    const Clock &m_clock;
    Handler m_handler;
    std::optional<QSslConfiguration> m_tls;
    std::chrono::milliseconds m_skew{0};
    bool m_gzip = true;
    int m_connections = 0;
};
