#include "guardian/httpexchange.h"

#include "guardian/certificates.h"
#include "guardian/trouble.h"

#include <QCoreApplication>
#include <QNetworkReply>
#include <QSslConfiguration>
#include <QSslError>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 chunkSize = 16 * 1024;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(HttpExchange)
};

/// Headers that carry secrets, or invite to send some.
bool isSecretHeader(const QByteArray &name)
{
    static constexpr std::array<const char *, 8> names{
        "set-cookie",          "set-cookie2",         "cookie",
        "www-authenticate",    "proxy-authenticate",  "authorization",
        "proxy-authorization", "authentication-info",
    };
    return std::any_of(names.begin(), names.end(), [&](const char *secret) {
        return name.compare(secret, Qt::CaseInsensitive) == 0;
    });
}

/// In plain words, where the reason is common; else in Qt's.
QString networkWords(const QNetworkReply &reply)
{
    const QString host = reply.url().host();
    switch (int(reply.error())) {
    case QNetworkReply::ConnectionRefusedError:
        return Words::tr("%1 refused the connection: nothing listens on port %2.")
            .arg(host)
            .arg(reply.url().port(reply.url().scheme() == "https"_L1 ? 443 : 80));
    case QNetworkReply::RemoteHostClosedError:
        return Words::tr("%1 closed the connection before the answer was whole.").arg(host);
    case QNetworkReply::HostNotFoundError:
        return Words::tr("There is no server named %1.").arg(host);
    case QNetworkReply::ProxyConnectionRefusedError:
    case QNetworkReply::ProxyConnectionClosedError:
    case QNetworkReply::ProxyNotFoundError:
    case QNetworkReply::ProxyTimeoutError:
        return Words::tr("The network's proxy cannot be reached: %1").arg(reply.errorString());
    case QNetworkReply::ProxyAuthenticationRequiredError:
        return Words::tr("The network's proxy asks for a user name and a password.");
    default:
        return reply.errorString();
    }
}

bool isTransportError(QNetworkReply::NetworkError error, int httpStatus)
{
    // Below 200 are network and proxy, 301..399 the protocol; 2xx and 4xx of this enum stand for a
    // whole answer with an HTTP error status. UnknownContentError is both.
    if (error == QNetworkReply::NoError)
        return false;
    if (error == QNetworkReply::UnknownContentError)
        return httpStatus < 400;
    return error < QNetworkReply::ContentAccessDenied || httpStatus < 400;
}

} // namespace

HttpExchange::HttpExchange(QNetworkReply *reply, const Limits &limits, const Clock &clock,
                           Ended ended)
    : m_reply(reply)
    , m_limits(limits)
    , m_clock(clock)
    , m_sentAt(clock.now().awake)
    , m_totalUntil(m_sentAt + limits.total)
    , m_ended(std::move(ended))
    , m_wanted(limits.bytes)
{
    m_timer = clock.makeTimer([this] { onTimer(); });
    noteSign();

    const auto alive = [this] { noteSign(); };
    connect(reply, &QNetworkReply::encrypted, this, alive);
    connect(reply, &QNetworkReply::downloadProgress, this, alive);
    connect(reply, &QNetworkReply::metaDataChanged, this, &HttpExchange::checkDeclaredSize);
    connect(reply, &QNetworkReply::readyRead, this, &HttpExchange::receive);
    connect(reply, &QNetworkReply::finished, this, &HttpExchange::finish);
    connect(reply, &QNetworkReply::sslErrors, this, &HttpExchange::keepCertificates);
}

HttpExchange::~HttpExchange()
{
    if (!m_reply)
        return;
    m_reply->disconnect(this);
    m_reply->abort();
    m_reply->deleteLater(); // also a child of its manager, so it never outlives that one
}

void HttpExchange::abort(const PollError &reason)
{
    if (m_reason || !m_reply)
        return;
    m_reason = reason;
    if (m_ending)
        return;
    const QPointer<HttpExchange> self(this);
    m_reply->abort(); // emits finished(), unless Qt holds it for finished already
    if (self && m_reply)
        finish();
}

void HttpExchange::noteSign()
{
    const auto now = m_clock.now().awake;
    m_idleUntil = now + m_limits.idle;
    // Most answers are whole at once: the timer need not follow each sign of that.
    const auto until = std::min(m_idleUntil, m_totalUntil);
    if (!m_timer->isActive() || until - m_timerUntil >= std::chrono::seconds{1})
        startTimer(now);
}

void HttpExchange::startTimer(std::chrono::milliseconds now)
{
    m_timerUntil = std::min(m_idleUntil, m_totalUntil);
    m_timer->start(std::max(std::chrono::milliseconds{0}, m_timerUntil - now));
}

void HttpExchange::onTimer()
{
    const auto now = m_clock.now().awake;
    if (now < std::min(m_idleUntil, m_totalUntil))
        startTimer(now);
    else
        timeOut();
}

void HttpExchange::timeOut()
{
    const bool isIdle = m_idleUntil < m_totalUntil;
    abort(trouble(PollError::Kind::Timeout,
                  isIdle ? Words::tr("No byte came for %1 s.").arg(m_limits.idle.count() / 1000)
                         : Words::tr("The answer was not whole after %1 s.")
                               .arg(m_limits.total.count() / 1000)));
}

void HttpExchange::keepCertificates(const QList<QSslError> &errors)
{
    m_certificateError =
        trouble(PollError::Kind::Certificate, Certificates::words(errors, m_reply->url().host()));
    m_certificateError->certificates =
        Certificates::infoOf(m_reply->sslConfiguration().peerCertificateChain());
}

void HttpExchange::checkDeclaredSize()
{
    noteSign();
    const qint64 declared = m_reply->rawHeader("Content-Length").toLongLong();
    if (declared <= m_limits.bytes)
        return;
    if (m_limits.bytes <= ReplyData::headSize)
        abort(tooLarge());
    else
        m_wanted = ReplyData::headSize;
}

void HttpExchange::receive()
{
    noteSign();
    // In pieces: what is packed is unpacked as it is read, and must not run away before the cap.
    std::array<char, chunkSize> piece{}; // a reply of 4 KB must not hold a buffer of 64
    while (!m_reason && m_reply->bytesAvailable() > 0) {
        const qint64 size = m_reply->read(piece.data(), chunkSize);
        if (size <= 0)
            return;
        const bool fits = m_body.size() + size <= m_wanted;
        if (fits || m_body.size() < ReplyData::headSize)
            m_body.append(piece.data(), size);
        if (!fits) {
            abort(tooLarge());
            return;
        }
    }
}

void HttpExchange::finish()
{
    m_ending = true;
    if (!m_reason)
        receive();
    m_timer->stop();
    ReplyData data = result();
    m_usedHttp2 = m_reply->attribute(QNetworkRequest::Http2WasUsedAttribute).toBool();
    m_reply->disconnect(this);
    m_reply->deleteLater();
    m_reply.clear();
    // The last act: the callee destroys this.
    const Ended ended = std::move(m_ended);
    ended(this, std::move(data));
}

ReplyData HttpExchange::result() const
{
    ReplyData data;
    data.duration = m_clock.now().awake - m_sentAt;
    const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    data.transportError = m_reason ? m_reason : transportError(status);
    if (data.transportError) {
        if (data.transportError->httpStatus == 0)
            data.transportError->httpStatus = status;
        // Only where we saw that it is: Qt says the same of a packed answer that is damaged.
        data.isHead = m_reason && m_reason->kind == PollError::Kind::TooLarge
                      && m_body.size() >= ReplyData::headSize;
        if (data.isHead) {
            data.httpStatus = status;
            data.body = QByteArray(m_body.constData(), ReplyData::headSize); // lets the rest go
        }
    } else {
        data.httpStatus = status;
        data.body = m_body;
    }
    for (const auto &[name, value] : m_reply->rawHeaderPairs())
        if (!isSecretHeader(name))
            data.headers.append(name, value);
    return data;
}

std::optional<PollError> HttpExchange::transportError(int httpStatus) const
{
    const QNetworkReply::NetworkError error = m_reply->error();
    if (!isTransportError(error, httpStatus)) {
        if (!isCutShort())
            return std::nullopt;
        return trouble(PollError::Kind::Unreadable,
                       Words::tr("The packed answer is damaged: nothing comes out of it."));
    }
    switch (int(error)) {
    case QNetworkReply::SslHandshakeFailedError:
        return m_certificateError.value_or(
            trouble(PollError::Kind::Certificate, m_reply->errorString()));
    case QNetworkReply::TimeoutError:
    case QNetworkReply::ProxyTimeoutError:
        return trouble(PollError::Kind::Timeout, networkWords(*m_reply));
    case QNetworkReply::UnknownContentError:
        // Only unpacking fails in this way; for a limit or for damage, Qt 6.4 gives no word.
        return trouble(PollError::Kind::TooLarge,
                       Words::tr("The answer cannot be unpacked: it is larger than %1 MiB then, or "
                                 "damaged.")
                           .arg(m_limits.bytes / (1024 * 1024)));
    default:
        return trouble(PollError::Kind::Unreachable, networkWords(*m_reply));
    }
}

/// Qt takes a packed body that ends early for a whole one. What is left of JSON is broken then, and
/// said to be so; but nothing at all would pass for the empty answer of an unknown task.
bool HttpExchange::isCutShort() const
{
    constexpr qint64 packedNothing = 32; // bytes: head and tail, and a little more
    return m_body.isEmpty() && m_reply->hasRawHeader("Content-Encoding")
           && m_reply->attribute(QNetworkRequest::OriginalContentLengthAttribute).toLongLong()
                  > packedNothing;
}

PollError HttpExchange::tooLarge() const
{
    return trouble(PollError::Kind::TooLarge,
                   Words::tr("The answer is larger than %1 MiB once unpacked.")
                       .arg(m_limits.bytes / (1024 * 1024)));
}
