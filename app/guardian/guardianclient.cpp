#include "guardian/guardianclient.h"

#include "guardian/httpexchange.h"
#include "guardian/trouble.h"

#include <QNetworkProxy>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QSslConfiguration>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace {

constexpr int maximumRedirects = 5;

} // namespace

GuardianClient::GuardianClient(const ApiRoot &root, NetworkSettings settings, const Clock &clock,
                               QObject *parent)
    : QObject(parent)
    , m_root(root)
    , m_settings(std::move(settings))
    , m_clock(clock)
{
    m_network.setAutoDeleteReplies(false);
    if (isLoopback(root.url()))
        m_network.setProxy(QNetworkProxy::NoProxy); // what stays on the machine takes no detour
}

GuardianClient::~GuardianClient() = default;

void GuardianClient::send(const ApiRequest &request, QObject *context, Done done)
{
    m_waiting.push_back({request, context, std::move(done)});
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
    QNetworkReply *reply =
        m_network.sendCustomRequest(requestFor(next.request), next.request.verb, next.request.body);
    const HttpExchange::Limits limits{m_settings.idleTimeout, m_settings.totalTimeout,
                                      m_settings.replyCap};
    auto ended = [this, context = next.context,
                  done = std::move(next.done)](HttpExchange *exchange, const ReplyData &data) {
        // Copies: drop() destroys the exchange, and with it what holds this call's captures.
        const QPointer<QObject> receiver(context.data());
        const auto tell = done; // NOLINT(performance-unnecessary-copy-initialization): see above
        if (data.httpStatus != 0)
            m_usesHttp2 = exchange->usedHttp2();
        drop(exchange);
        if (receiver)
            tell(data);
    };
    m_exchanges.push_back(std::make_unique<HttpExchange>(reply, limits, m_clock, std::move(ended)));
}

QNetworkRequest GuardianClient::requestFor(const ApiRequest &request) const
{
    QNetworkRequest wire(m_root.resolve(request.path));
    wire.setRawHeader("Accept", "application/json");
    wire.setRawHeader("User-Agent", "Taskwatch/" TASKWATCH_VERSION);
    if (!request.body.isEmpty())
        wire.setRawHeader("Content-Type", "application/json");
    if (request.authorization)
        wire.setRawHeader("Authorization", "Bearer " + request.authorization->token.reveal());
    wire.setAttribute(QNetworkRequest::RedirectPolicyAttribute,
                      QNetworkRequest::SameOriginRedirectPolicy);
    wire.setMaximumRedirectsAllowed(maximumRedirects);
    wire.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    wire.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
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

void GuardianClient::drop(const HttpExchange *exchange)
{
    std::erase_if(m_exchanges, [&](const auto &each) { return each.get() == exchange; });
    sendWaiting();
}

void GuardianClient::clearConnections()
{
    ++m_cleared;
    m_clearing = true; // whatever is sent meanwhile waits for fresh connections
    while (!m_exchanges.empty())
        m_exchanges.back()->abort(
            trouble(PollError::Kind::Unreachable,
                    tr("The connection was given up, as it led nowhere any more.")));
    m_network.clearAccessCache();
    m_clearing = false;
    sendWaiting();
}
