#include "guardian/session.h"

#include "guardian/parsetaskreply.h"
#include "guardian/tokenclaims.h"
#include "guardian/tokenlife.h"
#include "guardian/trouble.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

/// However a server behaves, renewals begin no faster than this one after the other.
constexpr milliseconds betweenRenewals = 1s;

/// As it can stand in a header: a line break there would smuggle in further headers.
Secret cleaned(const Secret &token)
{
    Secret trimmed(token.reveal().trimmed());
    const bool fits = std::all_of(trimmed.reveal().cbegin(), trimmed.reveal().cend(),
                                  [](char byte) { return byte > 0x20 && byte < 0x7f; });
    return fits ? std::move(trimmed) : Secret();
}

/// Whether the renewal endpoint itself refused the token: a page of a proxy in between says nothing
/// of it.
bool isRefusal(const ReplyData &reply)
{
    return !reply.transportError && reply.httpStatus == 401
           && QJsonDocument::fromJson(reply.body.whole()).isObject();
}

/// What kept the answer away, as trouble of the server: a renewal is tried again, at its pace.
PollError troubleOf(const ReplyData &reply)
{
    PollError error = errorOfReply(reply).value_or(
        trouble(PollError::Kind::ServerError,
                Session::tr("The server's answer to the renewal holds no token.")));
    switch (error.kind) {
    case PollError::Kind::NotKnown:
    case PollError::Kind::SignInNeeded:
    case PollError::Kind::Unreadable:
    case PollError::Kind::TooLarge:
        error.kind = PollError::Kind::ServerError;
        break;
    case PollError::Kind::NoPermission:
    case PollError::Kind::RateLimited:
    case PollError::Kind::ServerError:
    case PollError::Kind::Timeout:
    case PollError::Kind::Unreachable:
    case PollError::Kind::Certificate:
    case PollError::Kind::ForeignRedirect:
        break;
    }
    return error;
}

} // namespace

Session::Session(GuardianClient &client, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_client(client)
    , m_clock(clock)
    , m_pause(clock.makeTimer([this] { startRenewal(); }))
{
}

Session::~Session() = default;

std::optional<Authorization> Session::authorization() const
{
    if (m_needed || m_accessRefused || m_credentials.accessToken.isEmpty() || isStale())
        return std::nullopt;
    return Authorization{m_credentials.accessToken, m_generation};
}

bool Session::canRenew() const
{
    return !m_needed && !m_renewal && !m_credentials.refreshToken.isEmpty();
}

bool Session::isSignInNeeded() const
{
    return m_needed;
}

/// Real time, sleep included: tokens end in their sleep too.
milliseconds Session::ticks() const
{
    return m_clock.now().awake + m_clock.asleep();
}

bool Session::isStale() const
{
    return m_life && !m_credentials.refreshToken.isEmpty()
           && ticks() >= m_tokenSince + *m_life - TokenLife::marginOf(*m_life);
}

void Session::setCredentials(const Credentials &credentials)
{
    m_renewal.reset();
    m_pause->stop();
    Credentials next{cleaned(credentials.refreshToken), cleaned(credentials.accessToken),
                     credentials.proxyPassword};
    if (tokenClaims(next.accessToken).kind == TokenClaims::Kind::Refresh) {
        if (next.refreshToken.isEmpty())
            next.refreshToken = next.accessToken;
        next.accessToken = {};
    }
    m_credentials = std::move(next);
    m_client.setProxyPassword(m_credentials.proxyPassword);
    m_needed = !m_credentials.hasToken();
    m_status.cause.reset();
    const TokenClaims refresh = tokenClaims(m_credentials.refreshToken);
    m_status.username = refresh.username;
    m_status.role = refresh.role;
    m_status.refreshExpiresAt = refresh.expireAt;
    m_status.renews = !m_credentials.refreshToken.isEmpty();
    takeAccessToken(std::exchange(m_credentials.accessToken, {}), nullptr);
    m_justRenewed = false;
    update();
    if (m_needed) {
        Q_EMIT signInNeeded();
        return;
    }
    Q_EMIT ready();
    if (m_whoWanted)
        sendWho();
}

/// `reply`: what it came in; null: it was known before.
void Session::takeAccessToken(Secret token, const ReplyData *reply)
{
    ++m_generation;
    m_credentials.accessToken = std::move(token);
    m_accessRefused = false;
    m_justRenewed = reply != nullptr;
    m_tokenSince = ticks();
    m_life.reset();
    m_status.accessExpiresAt.reset();
    const TokenClaims claims = tokenClaims(m_credentials.accessToken);
    if (!claims.username.isEmpty())
        m_status.username = claims.username;
    if (!claims.role.isEmpty())
        m_status.role = claims.role;
    if (!claims.expireAt)
        return;
    const QDateTime now = m_clock.now().wall;
    m_life = reply ? TokenLife::left(*claims.expireAt, serverDate(*reply), now, ticks() - m_sentAt)
                   : TokenLife::left(*claims.expireAt, std::nullopt, now, 0ms);
    // What seems to be over already says that the clocks differ, if it was only just made.
    if (reply && *m_life <= 0ms)
        m_life.reset();
    if (m_life)
        m_status.accessExpiresAt = now.addMSecs(m_life->count());
}

void Session::accepted(quint64 generation)
{
    if (generation == m_generation)
        m_justRenewed = false;
}

void Session::refused(quint64 generation, const PollError &error)
{
    if (generation != m_generation || m_accessRefused || m_needed)
        return;
    m_accessRefused = true;
    // A short life may have ended on the way.
    const bool mayHaveEnded = m_life && ticks() - m_tokenSince >= *m_life / 2;
    if ((m_justRenewed && !mayHaveEnded) || !canRenew())
        giveUp(error);
    else
        update();
}

void Session::giveUp(const PollError &error)
{
    m_needed = true;
    m_status.cause = error;
    update();
    Q_EMIT signInNeeded();
}

// --- renewing -----------------------------------------------------------------------------------

void Session::renew()
{
    if (!canRenew())
        return;
    m_renewal = std::make_unique<QObject>();
    const milliseconds now = m_clock.now().awake;
    if (m_lastStart && now - *m_lastStart < betweenRenewals)
        m_pause->start(*m_lastStart + betweenRenewals - now);
    else
        startRenewal();
    update();
}

void Session::startRenewal()
{
    m_lastStart = m_clock.now().awake;
    m_sentAt = ticks();
    const QJsonObject body{
        {u"refreshToken"_s, QString::fromLatin1(m_credentials.refreshToken.reveal())}};
    m_client.send({.verb = "POST",
                   .path = u"accounts/access-token"_s,
                   .body = QJsonDocument(body).toJson(QJsonDocument::Compact)},
                  m_renewal.get(), [this](const ReplyData &reply) { finishRenewal(reply); });
    Q_EMIT renewalStarted();
}

void Session::finishRenewal(const ReplyData &reply)
{
    // Later: it is the context of this very call.
    m_renewal.release()->deleteLater();
    if (isRefusal(reply)) {
        Q_EMIT renewalEnded({});
        giveUp(errorOfReply(reply).value_or(trouble(PollError::Kind::SignInNeeded)));
        return;
    }
    Secret token;
    if (!errorOfReply(reply))
        token = cleaned(Secret(QJsonDocument::fromJson(reply.body.whole())
                                   .object()
                                   .value("accessToken"_L1)
                                   .toString()
                                   .toUtf8()));
    if (token.isEmpty()) {
        update();
        Q_EMIT renewalEnded(troubleOf(reply));
        return;
    }
    takeAccessToken(std::move(token), &reply);
    update();
    Q_EMIT renewalEnded({});
    Q_EMIT renewed();
    if (m_whoWanted)
        sendWho();
}

// --- who ----------------------------------------------------------------------------------------

void Session::askWho()
{
    m_whoWanted = true;
    sendWho();
}

void Session::sendWho()
{
    const auto authorization = this->authorization();
    if (!authorization) {
        renew();
        return;
    }
    m_whoWanted = false;
    m_client.send({.path = u"accounts/session"_s, .authorization = authorization}, this,
                  [this, generation = authorization->generation](const ReplyData &reply) {
                      if (const auto error = errorOfReply(reply)) {
                          if (error->kind == PollError::Kind::SignInNeeded)
                              refused(generation, *error);
                          return;
                      }
                      const QJsonObject who = QJsonDocument::fromJson(reply.body.whole()).object();
                      const QString name = who.value("username"_L1).toString();
                      if (name.isEmpty() || generation < m_generation)
                          return;
                      accepted(generation);
                      m_status.username = name;
                      m_status.role = who.value("role"_L1).toString();
                      update();
                  });
    Q_EMIT whoAsked();
}

void Session::update()
{
    using State = SessionStatus::State;
    if (m_needed)
        m_status.state = m_credentials.hasToken() ? State::SignInNeeded : State::SignedOut;
    else
        m_status.state = m_renewal ? State::Renewing : State::SignedIn;
    if (m_told == m_status)
        return;
    m_told = m_status;
    Q_EMIT changed(SessionStatus(m_status));
}
