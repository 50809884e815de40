#include "httploops.h"

#include <QEventLoop>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QSslConfiguration>
#include <QTimer>

#include <functional>
#include <utility>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 60s;

/// Keeps `inFlight` of `count` requests under way until all have ended. `send(i, done)` starts one.
template<typename Send>
void drive(int count, int inFlight, Send send)
{
    QEventLoop loop; // a benchmark may wait
    QTimer::singleShot(patience, &loop, &QEventLoop::quit);
    int sent = 0;
    int ended = 0;
    const std::function<void()> next = [&] {
        if (sent < count) {
            send(sent++, [&] {
                if (++ended == count)
                    loop.quit();
                next();
            });
        }
    };
    for (int i = 0; i < inFlight; ++i)
        next();
    loop.exec();
    if (ended != count)
        qFatal("the server did not answer in time");
}

NetworkSettings settingsOf(const PollTarget &target)
{
    NetworkSettings settings;
    settings.maxInFlight = target.inFlight;
    settings.maxInFlightHttp2 = target.inFlight;
    settings.extraCa = target.ca;
    settings.proxy.kind = ProxyChoice::Kind::None;
    return settings;
}

} // namespace

BareLoop::BareLoop(PollTarget target)
    : m_target(std::move(target))
{
    m_network.setAutoDeleteReplies(false);
    m_network.setProxy(QNetworkProxy::NoProxy);
    if (!m_target.ca.isEmpty()) {
        m_ssl = QSslConfiguration::defaultConfiguration();
        m_ssl.addCaCertificates(m_target.ca);
    }
}

void BareLoop::run(int count)
{
    drive(count, m_target.inFlight, [this](int i, auto done) {
        QNetworkReply *reply = m_network.get(request(i));
        QObject::connect(reply, &QNetworkReply::finished, reply, [reply, done] {
            if (reply->error() != QNetworkReply::NoError)
                qFatal("the server refused");
            (void)reply->readAll();
            reply->deleteLater();
            done();
        });
    });
}

QNetworkRequest BareLoop::request(int i) const
{
    QNetworkRequest wire(QUrl(m_target.apiRoot.toString() + u"/tasks/"_s
                              + m_target.tasks.at(i % m_target.tasks.size())));
    wire.setRawHeader("Accept", "application/json");
    wire.setRawHeader("User-Agent", "Taskwatch");
    wire.setRawHeader("Authorization", "Bearer " + m_target.token);
    wire.setAttribute(QNetworkRequest::RedirectPolicyAttribute,
                      QNetworkRequest::ManualRedirectPolicy);
    wire.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    wire.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    wire.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    wire.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    wire.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    if (!m_target.ca.isEmpty())
        wire.setSslConfiguration(m_ssl);
    return wire;
}

OurClient::OurClient(PollTarget target)
    : m_target(std::move(target))
    , m_client(ApiRoot(m_target.apiRoot), settingsOf(m_target), m_clock)
{
}

void OurClient::run(int count)
{
    const Authorization authorization{Secret(m_target.token), 1};
    drive(count, m_target.inFlight, [&](int i, auto done) {
        m_client.send({.path = taskPath(TaskId(m_target.tasks.at(i % m_target.tasks.size()))),
                       .authorization = authorization},
                      &m_client, [this, done](const ReplyData &reply) {
                          if (reply.httpStatus != 200)
                              qFatal("the server refused");
                          m_last = reply;
                          done();
                      });
    });
}
