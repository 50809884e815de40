#include "simaccounts.h"

#include "simreplies.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>

#include <algorithm>

using std::chrono::milliseconds;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr milliseconds ever = std::chrono::hours{24 * 3650};

QByteArray noise(qsizetype bytes)
{
    QByteArray random(bytes, Qt::Uninitialized);
    std::generate(random.begin(), random.end(),
                  [] { return char(QRandomGenerator::global()->bounded(256)); });
    return random.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

QByteArray part(const QJsonObject &object)
{
    return QJsonDocument(object)
        .toJson(QJsonDocument::Compact)
        .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

QString didOf(const SimAccounts::User &user)
{
    return u"did:hedera:testnet:%1_0.0.4817"_s.arg(user.id);
}

} // namespace

SimAccounts::SimAccounts(const Clock &clock)
    : m_clock(clock)
{
    addUser({u"alice"_s, u"alice-password"_s, u"STANDARD_REGISTRY"_s, {}});
    setPlainToken("sim-" + noise(24));
}

void SimAccounts::addUser(User user)
{
    if (user.id.isEmpty())
        user.id = u"65f0%1"_s.arg(qulonglong(m_users.size()) + 1, 20, 16, QLatin1Char('0'));
    m_users.push_back(std::move(user));
}

std::optional<size_t> SimAccounts::indexOf(const QString &name) const
{
    for (size_t i = 0; i < m_users.size(); ++i)
        if (m_users[i].name == name)
            return i;
    return std::nullopt;
}

const SimAccounts::User *SimAccounts::user(const QString &name) const
{
    const auto index = indexOf(name);
    return index ? &m_users[*index] : nullptr;
}

void SimAccounts::setPlainToken(const QByteArray &token)
{
    m_tokens.remove(m_plainToken);
    m_plainToken = token;
    m_tokens.insert(token, Token{});
}

QByteArray SimAccounts::makeRefreshToken(const QString &userName)
{
    const auto index = indexOf(userName);
    return index ? make(Kind::Refresh, *index, ++m_sessions) : QByteArray();
}

QByteArray SimAccounts::makeAccessToken(const QString &userName)
{
    const auto index = indexOf(userName);
    return index ? make(Kind::Access, *index, ++m_sessions) : QByteArray();
}

QByteArray SimAccounts::make(Kind kind, size_t user, int session)
{
    const auto life = kind == Kind::Access ? m_accessLife : m_refreshLife;
    const QByteArray header = part({{u"alg"_s, u"RS256"_s}, {u"typ"_s, u"JWT"_s}});
    QByteArray token = header + '.' + claims(kind, m_users[user]) + '.' + noise(256);
    Token record{kind, user, session, false, {}};
    if (life)
        record.endsAt = m_clock.now().awake + *life;
    m_tokens.insert(token, record);
    return token;
}

QByteArray SimAccounts::claims(Kind kind, const User &user) const
{
    const auto life = (kind == Kind::Access ? m_accessLife : m_refreshLife).value_or(ever);
    const qint64 now = m_clock.now().wall.toMSecsSinceEpoch() + m_skew.count();
    QJsonObject claims{{u"iat"_s, now / 1000}, {u"expireAt"_s, now + life.count()}};
    if (kind == Kind::Access) {
        claims["username"_L1] = user.name;
        claims["did"_L1] = didOf(user);
        claims["role"_L1] = user.role;
    } else {
        claims["id"_L1] = QString::fromLatin1(noise(12));
        claims["name"_L1] = user.name;
    }
    return part(claims);
}

void SimAccounts::revoke(const QByteArray &token)
{
    if (const auto it = m_tokens.find(token); it != m_tokens.end())
        it->revoked = true;
}

void SimAccounts::revokeAll()
{
    for (Token &token : m_tokens)
        token.revoked = true;
}

void SimAccounts::expireAccessTokens()
{
    for (Token &token : m_tokens)
        if (token.kind == Kind::Access)
            token.endsAt = m_clock.now().awake;
}

const SimAccounts::Token *SimAccounts::valid(const QByteArray &token) const
{
    const auto it = m_tokens.constFind(token);
    if (it == m_tokens.cend() || it->revoked)
        return nullptr;
    return it->endsAt && *it->endsAt <= m_clock.now().awake ? nullptr : &*it;
}

const SimAccounts::User *SimAccounts::userOf(const QByteArray &token) const
{
    const Token *found = valid(token);
    return found && found->kind != Kind::Refresh ? &m_users[found->user] : nullptr;
}

HttpReply SimAccounts::login(const QByteArray &body)
{
    const QJsonObject asked = QJsonDocument::fromJson(body).object();
    const QString name = asked["username"_L1].toString();
    const QString password = asked["password"_L1].toString();
    if (password.isEmpty())
        return SimReplies::json(
            QJsonObject{{u"message"_s, QJsonArray{u"password should not be empty"_s}},
                        {u"error"_s, u"Unprocessable Entity"_s},
                        {u"statusCode"_s, 422}},
            422);
    const auto index = indexOf(name);
    if (!index || m_users[*index].password != password)
        return SimReplies::unauthorized();
    ++m_signIns;
    if (m_signInEndsOthers) {
        for (Token &token : m_tokens)
            token.revoked = token.revoked || (token.user == *index && token.kind != Kind::Plain);
    }
    const User &user = m_users[*index];
    const int session = ++m_sessions;
    QJsonObject answer{
        {u"username"_s, user.name},
        {u"did"_s, didOf(user)},
        {u"role"_s, user.role},
        {u"weakPassword"_s, false},
        {u"refreshToken"_s, QString::fromLatin1(make(Kind::Refresh, *index, session))}};
    if (m_signInGivesAccess)
        answer["accessToken"_L1] = QString::fromLatin1(make(Kind::Access, *index, session));
    return SimReplies::json(answer);
}

HttpReply SimAccounts::renew(const QByteArray &body)
{
    const QJsonObject asked = QJsonDocument::fromJson(body).object();
    ++m_renewals;
    const Token *refresh = valid(asked["refreshToken"_L1].toString().toLatin1());
    if (!refresh || refresh->kind != Kind::Refresh)
        return SimReplies::unauthorized();
    const QByteArray access = make(Kind::Access, refresh->user, refresh->session);
    return SimReplies::json(QJsonObject{{u"accessToken"_s, QString::fromLatin1(access)}});
}

HttpReply SimAccounts::session(const QByteArray &token) const
{
    const User *user = userOf(token);
    if (!user)
        return SimReplies::unauthorized();
    return SimReplies::json(QJsonObject{{u"username"_s, user->name},
                                        {u"role"_s, user->role},
                                        {u"did"_s, didOf(*user)},
                                        {u"id"_s, user->id}});
}
