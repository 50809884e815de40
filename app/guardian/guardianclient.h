#pragma once

#include "base/clock.h"
#include "base/secret.h"
#include "guardian/apiroot.h"
#include "guardian/proxychoice.h"
#include "task/replydata.h"

#include <QList>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QNetworkRequest>
#include <QObject>
#include <QPointer>
#include <QSslCertificate>

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

class HttpExchange;
class QAuthenticator;
class QNetworkReply;

/// How a server is reached; the same for all its requests.
struct NetworkSettings {
    std::chrono::milliseconds idleTimeout{20'000};   ///< without a byte from the server
    std::chrono::milliseconds totalTimeout{180'000}; ///< from send to the reply's end
    qint64 replyCap = ReplyData::cap;                ///< bytes of an unpacked body
    int maxInFlight = 6;            ///< as many connections as Qt opens to one host on HTTP/1.1
    int maxInFlightHttp2 = 64;      ///< on one connection; servers allow 100 and more streams
    QList<QSslCertificate> extraCa; ///< trusted besides the system's
    ProxyChoice proxy;

    friend bool operator==(const NetworkSettings &, const NetworkSettings &) = default;
};

/// What a request is signed with. The generation goes with the request, so that a late refusal of
/// an older token is told from one of today's.
struct Authorization {
    Secret token; ///< fit for a header: printable ASCII without spaces
    quint64 generation = 0;
};

/// One request below the API root.
struct ApiRequest {
    QByteArray verb = QByteArrayLiteral("GET");
    QString path;      ///< segments percent-encoded, without a slash in front
    QByteArray body{}; ///< JSON, or empty
    std::optional<Authorization> authorization{};
};

/// The HTTP of one server. Lives in the thread that made it, which also unpacks the replies.
///
/// A token goes to the root's origin only: redirects elsewhere are refused and reported. No
/// cookies, no cache; certificate errors are never ignored.
class GuardianClient final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(GuardianClient)

public:
    using Done = std::function<void(const ReplyData &)>;

    /// The clock must outlive the client.
    GuardianClient(const ApiRoot &root, NetworkSettings settings, const Clock &clock,
                   QObject *parent = nullptr);
    ~GuardianClient() override;

    [[nodiscard]] const ApiRoot &root() const { return m_root; }
    /// The way to the server, with the password, for who connects by other means.
    [[nodiscard]] QNetworkProxy proxy() const;

    /// `done` is called exactly once, from the event loop, unless `context` or the client ends
    /// before. Over `maxInFlight` (`maxInFlightHttp2` where the last answer came that way) requests
    /// wait for their turn.
    void send(ApiRequest request, QObject *context, Done done);

    /// For a proxy that asks for one; the user is in the settings.
    void setProxyPassword(const Secret &password);

    /// Gives up all connections, as after a resume: those in use may be dead without a sign. What
    /// is in flight ends with Unreachable, and `connectionsCleared()` has grown by then.
    void clearConnections();
    [[nodiscard]] int connectionsCleared() const { return m_cleared; }

    /// Whether the last answer came over HTTP/2: offered with TLS only, by ALPN.
    [[nodiscard]] bool usesHttp2() const { return m_usesHttp2; }
    [[nodiscard]] int inFlight() const { return int(m_running.size()); }
    /// How many requests may be sent without waiting.
    [[nodiscard]] int freeSlots() const;

private:
    struct Waiting {
        ApiRequest request;
        QPointer<QObject> context;
        Done done;
        QUrl url;                           ///< where to; a redirect changes it
        int redirects = 0;                  ///< followed so far
        std::chrono::milliseconds spent{0}; ///< on those
    };

    struct Running {
        Waiting request;
        std::unique_ptr<HttpExchange> exchange;
    };

    void sendWaiting();
    void start(Waiting next);
    [[nodiscard]] QNetworkReply *sendNow(const ApiRequest &request, const QNetworkRequest &wire);
    void onEnded(HttpExchange *exchange, ReplyData data);
    void finish(Waiting request, ReplyData data);
    [[nodiscard]] QNetworkRequest requestFor(const Waiting &next);
    [[nodiscard]] QNetworkRequest commonRequest() const;
    void answerProxy(QAuthenticator *authenticator);
    [[nodiscard]] int mostInFlight() const;

    ApiRoot m_root;
    NetworkSettings m_settings;
    const Clock &m_clock;
    QNetworkAccessManager m_network;
    std::deque<Waiting> m_waiting;
    std::vector<Running> m_running;
    int m_cleared = 0;
    bool m_clearing = false;
    std::optional<QNetworkRequest> m_common; ///< without a token; made when first needed
    Secret m_proxyPassword;
    int m_proxyAnswers = 0; ///< since the proxy let something through, of what is in flight
    bool m_usesHttp2 = false;
};
