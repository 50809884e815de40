#include "account/profilestore.h"

#include <QJsonArray>
#include <QSet>

#include <algorithm>
#include <optional>

using namespace Qt::StringLiterals;

namespace {

/// What somebody typed, without what may be a secret: `user:password@`, `?token=…`, `#…`.
QString withoutSecrets(const QString &address)
{
    QString text = address.left(address.indexOf(u'?')).trimmed();
    text.truncate(text.indexOf(u'#') < 0 ? text.size() : text.indexOf(u'#'));
    const qsizetype scheme = text.indexOf("://"_L1);
    const qsizetype host = scheme < 0 ? 0 : scheme + 3;
    const qsizetype path = text.indexOf(u'/', host);
    const qsizetype at = text.lastIndexOf(u'@', path < 0 ? -1 : path);
    if (at >= host)
        text.remove(host, at + 1 - host);
    return text;
}

QUrl withoutSecrets(const QUrl &url)
{
    return url.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment
                        | QUrl::StripTrailingSlash);
}

QJsonObject toJson(const ServerProfile &profile)
{
    return {{u"id"_s, profile.id.text()},
            {u"name"_s, profile.name},
            {u"address"_s, withoutSecrets(profile.address)},
            {u"apiRoot"_s, withoutSecrets(profile.apiRoot).toString(QUrl::FullyEncoded)},
            {u"allowHttp"_s, profile.allowHttp},
            {u"requestsPerSecond"_s, profile.requestsPerSecond},
            {u"paused"_s, profile.paused}};
}

std::optional<ServerProfile> fromJson(const QJsonObject &object)
{
    ServerProfile profile;
    profile.id = ServerId(QUuid::fromString(object.value("id"_L1).toString()));
    profile.name = object.value("name"_L1).toString();
    profile.address = withoutSecrets(object.value("address"_L1).toString());
    profile.apiRoot = withoutSecrets(QUrl(object.value("apiRoot"_L1).toString(), QUrl::StrictMode));
    profile.allowHttp = object.value("allowHttp"_L1).toBool();
    profile.requestsPerSecond = std::clamp(
        object.value("requestsPerSecond"_L1).toInt(ServerProfile::defaultRequestsPerSecond), 1,
        ServerProfile::maxRequestsPerSecond);
    profile.paused = object.value("paused"_L1).toBool();
    const QString scheme = profile.apiRoot.scheme();
    if (profile.id.isNull() || profile.apiRoot.host().isEmpty()
        || (scheme != "http"_L1 && scheme != "https"_L1))
        return std::nullopt;
    return profile;
}

} // namespace

ProfileStore::ProfileStore(const QString &configFolder, const Clock &clock)
    : m_file(configFolder + u"/servers.json"_s, 1, clock)
{
}

tl::expected<QList<ServerProfile>, QString> ProfileStore::load()
{
    const auto content = m_file.read();
    if (!content)
        return tl::unexpected(content.error());
    const QJsonValue servers = content->object.value("servers"_L1);
    if (!servers.isArray() && !content->object.isEmpty())
        return tl::unexpected(m_file.setAside());
    QList<ServerProfile> profiles;
    QSet<ServerId> seen;
    const QJsonArray array = servers.toArray();
    for (const auto &value : array) {
        const auto profile = fromJson(value.toObject());
        if (!profile || seen.contains(profile->id))
            return tl::unexpected(m_file.setAside());
        seen.insert(profile->id);
        profiles.append(*profile);
    }
    return profiles;
}

tl::expected<void, QString> ProfileStore::save(const QList<ServerProfile> &profiles)
{
    QJsonArray servers;
    for (const ServerProfile &profile : profiles)
        servers.append(toJson(profile));
    return m_file.write({{u"servers"_s, servers}});
}
