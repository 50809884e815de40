#include "guardian/tokenclaims.h"

#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace {

/// The largest number of milliseconds that a double and a QDateTime both hold without doubt.
constexpr double latest = 253'402'300'799'000.0; // the end of the year 9999

std::optional<QDateTime> timeOf(double milliseconds)
{
    if (!(milliseconds > 0) || milliseconds > latest)
        return std::nullopt;
    return QDateTime::fromMSecsSinceEpoch(qint64(milliseconds), Qt::UTC);
}

/// The second part of a JWT; empty if the token is none.
QJsonObject payloadOf(const QByteArray &token)
{
    const qsizetype first = token.indexOf('.');
    const qsizetype second = token.indexOf('.', first + 1);
    if (first <= 0 || second < 0 || token.indexOf('.', second + 1) >= 0)
        return {};
    const auto decoded = QByteArray::fromBase64Encoding(
        token.mid(first + 1, second - first - 1),
        QByteArray::Base64UrlEncoding | QByteArray::AbortOnBase64DecodingErrors);
    return decoded ? QJsonDocument::fromJson(*decoded).object() : QJsonObject();
}

} // namespace

TokenClaims tokenClaims(const Secret &token)
{
    const QJsonObject payload = payloadOf(token.reveal().trimmed());
    if (payload.isEmpty())
        return {};
    TokenClaims claims;
    claims.username = payload.value("username"_L1).toString();
    claims.role = payload.value("role"_L1).toString();
    // Guardian's own claim is in milliseconds; `exp` is every other JWT's, in seconds.
    claims.expireAt = timeOf(payload.value("expireAt"_L1).toDouble());
    if (!claims.expireAt)
        claims.expireAt = timeOf(payload.value("exp"_L1).toDouble() * 1000);
    const bool isAccess = payload.contains("username"_L1) || payload.contains("role"_L1)
                          || payload.contains("did"_L1);
    const bool isRefresh = payload.contains("id"_L1) && payload.contains("name"_L1) && !isAccess;
    claims.kind = isRefresh ? TokenClaims::Kind::Refresh : TokenClaims::Kind::Access;
    if (isRefresh)
        claims.username = payload.value("name"_L1).toString();
    return claims;
}

Credentials credentialsOf(const Secret &token)
{
    const bool refreshes = tokenClaims(token).kind == TokenClaims::Kind::Refresh;
    return refreshes ? Credentials{token, {}, {}} : Credentials{{}, token, {}};
}
