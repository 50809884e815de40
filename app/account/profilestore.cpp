#include "account/profilestore.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QSet>

#include <algorithm>
#include <array>
#include <optional>

using namespace Qt::StringLiterals;

namespace {

constexpr int serversVersion = 2;

template<typename Enum>
struct Named {
    Enum value;
    QLatin1String word; ///< in the file
};
template<typename Enum>
Named(Enum, QLatin1String) -> Named<Enum>; // Clang 14 does not deduce aggregates by itself
constexpr std::array signIns{Named{ServerProfile::SignIn::RefreshToken, "refresh-token"_L1},
                             Named{ServerProfile::SignIn::AccessToken, "access-token"_L1}};
constexpr std::array discoveries{Named{ServerProfile::Discovery::Off, "off"_L1},
                                 Named{ServerProfile::Discovery::Offer, "offer"_L1},
                                 Named{ServerProfile::Discovery::Track, "track"_L1}};
constexpr std::array proxyKinds{
    Named{ProxyChoice::Kind::System, "system"_L1}, Named{ProxyChoice::Kind::None, "none"_L1},
    Named{ProxyChoice::Kind::Http, "http"_L1}, Named{ProxyChoice::Kind::Socks5, "socks5"_L1}};

template<typename Enum, size_t size>
QString word(const std::array<Named<Enum>, size> &names, Enum value)
{
    const auto found = std::find_if(names.begin(), names.end(),
                                    [value](const auto &each) { return each.value == value; });
    return found == names.end() ? QString() : QString(found->word);
}

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
    QJsonObject proxy{{u"kind"_s, word(proxyKinds, profile.proxy.kind)}};
    if (!profile.proxy.host.isEmpty())
        proxy.insert(u"host"_s, profile.proxy.host);
    if (profile.proxy.port > 0)
        proxy.insert(u"port"_s, profile.proxy.port);
    if (!profile.proxy.user.isEmpty())
        proxy.insert(u"user"_s, profile.proxy.user);
    return {{u"id"_s, profile.id.text()},
            {u"name"_s, profile.name},
            {u"address"_s, withoutSecrets(profile.address)},
            {u"apiRoot"_s, withoutSecrets(profile.apiRoot).toString(QUrl::FullyEncoded)},
            {u"allowHttp"_s, profile.allowHttp},
            {u"requestsPerSecond"_s, profile.requestsPerSecond},
            {u"paused"_s, profile.paused},
            {u"enabled"_s, profile.enabled},
            {u"account"_s, profile.account},
            {u"signIn"_s, word(signIns, profile.signIn)},
            {u"colourMark"_s, profile.colourMark},
            {u"caFile"_s, profile.caFile},
            {u"proxy"_s, proxy},
            {u"push"_s, profile.push},
            {u"discovery"_s, word(discoveries, profile.discovery)},
            {u"notifications"_s, profile.notifications}};
}

/// Version 1 knew access tokens only.
QJsonObject migrateFrom1(QJsonObject server)
{
    if (!server.contains("signIn"_L1))
        server.insert("signIn"_L1, word(signIns, ServerProfile::SignIn::AccessToken));
    return server;
}

/// Reads the members of one server; what is none of what it may be is told, and takes its default.
class ProfileReader
{
public:
    ProfileReader(const QJsonObject &object, QString server, QStringList &warnings)
        : m_object(object)
        , m_server(std::move(server))
        , m_warnings(warnings)
    {
    }

    void read(QLatin1String key, bool &value)
    {
        const QJsonValue stored = m_object.value(key);
        if (stored.isBool())
            value = stored.toBool();
        else if (!stored.isUndefined())
            warn(key, tr("“true” or “false”"));
    }
    void read(QLatin1String key, QString &value)
    {
        const QJsonValue stored = m_object.value(key);
        if (stored.isString())
            value = stored.toString();
        else if (!stored.isUndefined())
            warn(key, tr("a text"));
    }
    void read(QLatin1String key, int &value, int least, int most)
    {
        const QJsonValue stored = m_object.value(key);
        if (stored.isUndefined())
            return;
        const int number = stored.toInt(least - 1);
        if (number >= least && number <= most)
            value = number;
        else
            warn(key, tr("a whole number from %1 to %2").arg(least).arg(most));
    }
    template<typename Enum, size_t size>
    void read(QLatin1String key, Enum &value, const std::array<Named<Enum>, size> &names)
    {
        const QJsonValue stored = m_object.value(key);
        if (stored.isUndefined())
            return;
        QStringList words;
        for (const Named<Enum> &each : names) {
            if (stored.toString() == each.word) {
                value = each.value;
                return;
            }
            words += each.word;
        }
        warn(key, tr("one of: %1").arg(words.join(", "_L1)));
    }

private:
    static QString tr(const char *text)
    {
        return QCoreApplication::translate("ProfileStore", text);
    }
    void warn(QLatin1String key, const QString &expected)
    {
        m_warnings << tr("%1: “%2” must be %3; its default is used.").arg(m_server, key, expected);
    }

    const QJsonObject &m_object;
    QString m_server;
    QStringList &m_warnings;
};

ProxyChoice proxyFrom(const QJsonObject &object, const QString &server, QStringList &warnings)
{
    ProxyChoice proxy;
    ProfileReader reader(object, server, warnings);
    reader.read("kind"_L1, proxy.kind, proxyKinds);
    reader.read("host"_L1, proxy.host);
    reader.read("port"_L1, proxy.port, 1, 65'535);
    reader.read("user"_L1, proxy.user);
    const bool manual =
        proxy.kind == ProxyChoice::Kind::Http || proxy.kind == ProxyChoice::Kind::Socks5;
    if (manual && (proxy.host.isEmpty() || proxy.port == 0)) {
        warnings << QCoreApplication::translate(
                        "ProfileStore", "%1: its proxy has no host or port; the system's is used.")
                        .arg(server);
        return {};
    }
    return proxy;
}

std::optional<ServerProfile> fromJson(const QJsonObject &object, QStringList &warnings)
{
    ServerProfile profile;
    profile.id = ServerId(QUuid::fromString(object.value("id"_L1).toString()));
    profile.apiRoot = withoutSecrets(QUrl(object.value("apiRoot"_L1).toString(), QUrl::StrictMode));
    const QString scheme = profile.apiRoot.scheme();
    if (profile.id.isNull() || profile.apiRoot.host().isEmpty()
        || (scheme != "http"_L1 && scheme != "https"_L1))
        return std::nullopt;
    profile.name = object.value("name"_L1).toString();
    const QString shown = profile.shownName();
    ProfileReader reader(object, shown, warnings);
    reader.read("address"_L1, profile.address);
    profile.address = withoutSecrets(profile.address);
    reader.read("allowHttp"_L1, profile.allowHttp);
    reader.read("requestsPerSecond"_L1, profile.requestsPerSecond, 1,
                ServerProfile::maxRequestsPerSecond);
    reader.read("paused"_L1, profile.paused);
    reader.read("enabled"_L1, profile.enabled);
    reader.read("account"_L1, profile.account);
    reader.read("signIn"_L1, profile.signIn, signIns);
    reader.read("colourMark"_L1, profile.colourMark, 0, ServerProfile::colourMarks - 1);
    reader.read("caFile"_L1, profile.caFile);
    profile.proxy = proxyFrom(object.value("proxy"_L1).toObject(), shown, warnings);
    reader.read("push"_L1, profile.push);
    reader.read("discovery"_L1, profile.discovery, discoveries);
    reader.read("notifications"_L1, profile.notifications);
    return profile;
}

} // namespace

ProfileStore::ProfileStore(const QString &configFolder, const Clock &clock,
                           JsonFile::Damaged damaged)
    : m_file(configFolder + u"/servers.json"_s, serversVersion, clock, damaged)
{
}

tl::expected<QList<ServerProfile>, QString> ProfileStore::load()
{
    m_warnings.clear();
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
        const QJsonObject object = value.toObject();
        const auto profile =
            fromJson(content->version < 2 ? migrateFrom1(object) : object, m_warnings);
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
