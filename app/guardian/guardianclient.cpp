#include "guardian/guardianclient.h"

#include "guardian/httpexchange.h"
#include "guardian/proxies.h"
#include "guardian/trouble.h"

#include <QAuthenticator>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QRegularExpression>
#include <QSslConfiguration>

#include <algorithm>
#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace {

constexpr int maximumRedirects = 5;

/// Where a reply sends its request; empty: nowhere.
QUrl redirectOf(const ReplyData &reply, const QUrl &from)
{
    static constexpr std::array statuses{301, 302, 303, 307, 308};
    if (std::find(statuses.begin(), statuses.end(), reply.httpStatus) == statuses.end())
        return {};
    const QByteArray location = reply.header("Location").trimmed();
    if (reply.transportError || location.isEmpty())
        return {};
    return from.resolved(QUrl::fromEncoded(location)).adjusted(QUrl::RemoveUserInfo);
}

/// They are addresses, or hold some.
constexpr std::array addressHeaders{"location", "content-location", "refresh", "link"};

/// The addresses in the value of a header, as one may see them: without what proves who asks. In
/// Refresh and Link they stand among other words.
QByteArray withoutSecretParts(const QByteArray &name, const QByteArray &value)
{
    const bool isWhole = name.toLower().endsWith("location");
    static const QRegularExpression userInfo(u"//[^/?#\\s<>\"']*@"_s);
    static const QRegularExpression proof(u"[?#][^\\s<>\"']*"_s);
    static const QRegularExpression proofOfWhole(u"[?#].*"_s,
                                                 QRegularExpression::DotMatchesEverythingOption);
    QString shown = QString::fromLatin1(value);
    shown.replace(userInfo, u"//"_s);
    shown.remove(isWhole ? proofOfWhole : proof);
    return shown.toLatin1();
}

/// Whoever gets them may show, store or export them.
ReplyHeaders withoutSecretParts(const ReplyHeaders &headers)
{
    const auto isThere = [&headers](const char *name) { return !headers.value(name).isEmpty(); };
    if (std::none_of(addressHeaders.begin(), addressHeaders.end(), isThere))
        return headers;
    ReplyHeaders shown;
    const QList<ReplyHeaders::Header> list = headers.list();
    for (const auto &[name, value] : list) {
        const bool holdsAddress = std::any_of(
            addressHeaders.begin(), addressHeaders.end(),
            [&key = name](const char *one) { return key.compare(one, Qt::CaseInsensitive) == 0; });
        shown.append(name, holdsAddress ? withoutSecretParts(name, value) : value);
    }
    return shown;
}

PollError foreignRedirect(const QUrl &target)
{
    auto error =
        trouble(PollError::Kind::ForeignRedirect,
                GuardianClient::tr("The server sends requests on to %1.")
                    .arg(target.toDisplayString(QUrl::RemoveQuery | QUrl::RemoveFragment)));
    error.redirectTarget = target;
    return error;
}

} // namespace

GuardianClient::GuardianClient(const ApiRoot &root, NetworkSettings settings, const Clock &clock,
                               QObject *parent)
    : QObject(parent)
    , m_root(root)
    , m_settings(std::move(settings))
    , m_clock(clock)
{
    m_network.setAutoDeleteReplies(false);
    m_network.setProxyFactory(new ChosenProxy(m_settings.proxy)); // taken over
    connect(&m_network, &QNetworkAccessManager::proxyAuthenticationRequired, this,
            [this](const QNetworkProxy &, QAuthenticator *authenticator) {
                answerProxy(authenticator);
            });
}

GuardianClient::~GuardianClient() = default;

void GuardianClient::send(ApiRequest request, QObject *context, Done done)
{
    QUrl url = m_root.resolve(request.path);
    m_waiting.push_back({std::move(request), context, std::move(done), std::move(url)});
    sendWaiting();
}

int GuardianClient::freeSlots() const
{
    return std::max(0, mostInFlight() - inFlight() - int(m_waiting.size()));
}

int GuardianClient::mostInFlight() const
{
    return m_usesHttp2 ? m_settings.maxInFlightHttp2 : m_settings.maxInFlight;
}

void GuardianClient::sendWaiting()
{
    while (!m_clearing && !m_waiting.empty() && inFlight() < mostInFlight()) {
        Waiting next = std::move(m_waiting.front());
        m_waiting.pop_front();
        if (next.context)
            start(std::move(next));
    }
}

void GuardianClient::start(Waiting next)
{
    QNetworkReply *reply = sendNow(next.request, requestFor(next));
    const HttpExchange::Limits limits{m_settings.idleTimeout, m_settings.totalTimeout - next.spent,
                                      m_settings.replyCap};
    m_running.push_back({std::move(next), std::make_unique<HttpExchange>(
                                              reply, limits, m_clock,
                                              [this](HttpExchange *exchange, ReplyData data) {
                                                  onEnded(exchange, std::move(data));
                                              })});
}

/// Qt takes even an empty body of a custom verb to the server in pieces: half of a poll's cost.
QNetworkReply *GuardianClient::sendNow(const ApiRequest &request, const QNetworkRequest &wire)
{
    if (request.verb == "GET" && request.body.isEmpty())
        return m_network.get(wire);
    return m_network.sendCustomRequest(wire, request.verb, request.body);
}

void GuardianClient::onEnded(HttpExchange *exchange, ReplyData data)
{
    const auto place =
        std::find_if(m_running.begin(), m_running.end(), [exchange](const Running &running) {
            return running.exchange.get() == exchange;
        });
    Waiting request = std::move(place->request);
    if (data.httpStatus != 0)
        m_usesHttp2 = exchange->usedHttp2();
    m_running.erase(place);
    if (data.httpStatus > 0 || m_running.empty())
        m_proxyAnswers = 0;
    finish(std::move(request), std::move(data));
}

/// Follows redirects on our origin; Qt follows some of them twice.
void GuardianClient::finish(Waiting request, ReplyData data)
{
    request.spent += data.duration;
    data.duration = request.spent;
    const QUrl target = redirectOf(data, request.url);
    const bool isOurs = !target.isEmpty() && ApiRoot(target).hasOriginOf(m_root);
    if (isOurs && request.redirects < maximumRedirects && !m_clearing) {
        ++request.redirects;
        request.url = target;
        if (data.httpStatus < 307) { // as browsers do
            request.request.verb = "GET";
            request.request.body.clear();
        }
        if (request.context)
            start(std::move(request));
        sendWaiting();
        return;
    }
    if (!target.isEmpty()) {
        data.transportError = isOurs ? trouble(PollError::Kind::Unreachable,
                                               tr("The server sends requests around in a circle."))
                                     : foreignRedirect(target);
        data.transportError->httpStatus = std::exchange(data.httpStatus, 0);
        data.body = {};
    }
    data.headers = withoutSecretParts(data.headers);
    const QPointer<QObject> receiver(request.context);
    sendWaiting();
    if (receiver)
        request.done(data);
}

void GuardianClient::setProxyPassword(const Secret &password)
{
    if (password == m_proxyPassword)
        return;
    m_proxyPassword = password;
    m_proxyAnswers = 0;
    m_network.setProxyFactory(new ChosenProxy(m_settings.proxy, password)); // taken over
    m_network.clearAccessCache(); // with what Qt keeps of the one before
}

QNetworkProxy GuardianClient::proxy() const
{
    QNetworkProxy proxy =
        m_network.proxyFactory()->queryProxy(QNetworkProxyQuery(m_root.url())).value(0);
    if (!m_settings.proxy.user.isEmpty()) {
        proxy.setUser(m_settings.proxy.user);
        proxy.setPassword(QString::fromUtf8(m_proxyPassword.reveal()));
    }
    return proxy;
}

/// Once per request: who asks again has refused what we have. Of a tunnel, Qt does not say that it
/// asks again, and would go on for ever.
void GuardianClient::answerProxy(QAuthenticator *authenticator)
{
    const QString password = QString::fromUtf8(m_proxyPassword.reveal());
    const bool wasRefused =
        (authenticator->user() == m_settings.proxy.user && authenticator->password() == password)
        || m_proxyAnswers >= inFlight();
    if (wasRefused || m_settings.proxy.user.isEmpty())
        return;
    ++m_proxyAnswers;
    authenticator->setUser(m_settings.proxy.user);
    authenticator->setPassword(password);
}

QNetworkRequest GuardianClient::requestFor(const Waiting &next)
{
    if (!m_common)
        m_common = commonRequest();
    const ApiRequest &request = next.request;
    QNetworkRequest wire = *m_common;
    wire.setUrl(next.url);
    if (!request.body.isEmpty())
        wire.setRawHeader("Content-Type", "application/json");
    if (request.authorization)
        wire.setRawHeader(QByteArrayLiteral("Authorization"),
                          "Bearer " + request.authorization->token.reveal());
    return wire;
}

/// What all have in common, made once: to add certificates to the system's takes long.
QNetworkRequest GuardianClient::commonRequest() const
{
    QNetworkRequest wire;
    wire.setRawHeader("Accept", "application/json");
    wire.setRawHeader("User-Agent", "Taskwatch/" TASKWATCH_VERSION);
    wire.setAttribute(QNetworkRequest::RedirectPolicyAttribute,
                      QNetworkRequest::ManualRedirectPolicy);
    wire.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    wire.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    // Manual lets Qt answer nobody who asks for a password, a proxy neither.
    if (m_settings.proxy.user.isEmpty())
        wire.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    wire.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    wire.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    // Qt takes what unpacks to over 10 MB at more than 40:1 for a bomb: our cap is the measure. Not
    // without any: Qt first counts all it got, which takes 10 s for 1.5 GB (measured).
    wire.setDecompressedSafetyCheckThreshold(m_settings.replyCap);
    if (!m_settings.extraCa.isEmpty()) {
        auto ssl = wire.sslConfiguration();
        ssl.addCaCertificates(m_settings.extraCa);
        wire.setSslConfiguration(ssl);
    }
    return wire;
}

void GuardianClient::clearConnections()
{
    ++m_cleared;
    m_clearing = true; // whatever is sent meanwhile waits for fresh connections
    while (!m_running.empty())
        m_running.back().exchange->abort(
            trouble(PollError::Kind::Unreachable,
                    tr("The connection was given up, as it led nowhere any more.")));
    m_network.clearAccessCache();
    m_clearing = false;
    sendWaiting();
}
