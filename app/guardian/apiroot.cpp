#include "guardian/apiroot.h"

#include <QCoreApplication>
#include <QHostAddress>
#include <QRegularExpression>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(ApiRoot)
};

QString withoutSlashes(QString path)
{
    while (path.endsWith(u'/'))
        path.chop(1);
    return path;
}

/// What surrounds an address in a sentence, a mail or a list.
QString withoutGarbage(const QString &typed)
{
    QString text = typed.trimmed();
    const QString before = u"<\"'`("_s;
    const QString after = u">\"'`),.;!"_s;
    while (!text.isEmpty() && before.contains(text.front()))
        text = text.sliced(1).trimmed();
    while (!text.isEmpty()
           && (after.contains(text.back()) || (text.back() == u']' && !text.contains(u'['))))
        text = text.chopped(1).trimmed();
    return text;
}

/// An address without a scheme is https; a bare IPv6 address gets its brackets.
tl::expected<QString, QString> withScheme(const QString &text)
{
    static const QRegularExpression scheme(u"^([A-Za-z][A-Za-z0-9+.-]*):(//|\\\\\\\\)"_s);
    if (const auto match = scheme.match(text); match.hasMatch()) {
        const QString name = match.captured(1).toLower();
        if (name == "http"_L1 || name == "https"_L1)
            return name + u"://"_s + text.sliced(match.capturedEnd());
        return tl::unexpected(
            Words::tr("“%1” is no way to reach a Guardian server: an address begins with https://.")
                .arg(name));
    }
    if (QHostAddress address;
        address.setAddress(text) && address.protocol() == QAbstractSocket::IPv6Protocol)
        return u"https://["_s + text + u']';
    return u"https://"_s + text;
}

tl::expected<QUrl, QString> readAddress(const QString &typed)
{
    const QString text = withoutGarbage(typed);
    if (text.isEmpty())
        return tl::unexpected(Words::tr("Type the address of a Guardian server, such as "
                                        "https://guardian.example.com."));
    static const QRegularExpression space(u"\\s"_s);
    if (text.contains(space))
        return tl::unexpected(Words::tr("An address has no spaces in it."));
    const auto whole = withScheme(text);
    if (!whole)
        return tl::unexpected(whole.error());

    const qsizetype begin = whole->indexOf("://"_L1) + 3;
    static const QRegularExpression endOfHost(u"[/?#]"_s);
    const qsizetype end = whole->indexOf(endOfHost, begin);
    if (QStringView(*whole).sliced(begin, (end < 0 ? whole->size() : end) - begin).contains(u'@'))
        return tl::unexpected(
            Words::tr("Leave the user name and password out of the address: what is "
                      "in an address gets shown and stored. Sign in instead."));
    const QUrl url(*whole, QUrl::StrictMode);
    // A path may hold what is only tolerated; a host may not.
    const QUrl tolerant = url.isValid() ? url : QUrl(*whole, QUrl::TolerantMode);
    if (!tolerant.isValid() || tolerant.host().isEmpty() || tolerant.port(1) == 0)
        return tl::unexpected(
            Words::tr("“%1” is no web address: the server's name or port is wrong.")
                .arg(text.left(200)));
    return tolerant;
}

/// The path as far as it may lead to the API: up to `/api/vN`, or to a task's page.
QString siteOf(const QString &path, bool *isApi)
{
    static const QRegularExpression api(u"^(.*?/api/v\\d+)(?:/|$)"_s);
    if (const auto match = api.match(path); match.hasMatch()) {
        *isApi = true;
        return match.captured(1);
    }
    *isApi = false;
    static const QRegularExpression taskPage(u"^(.*?)/tasks?(?:/|$)"_s);
    if (const auto match = taskPage.match(path); match.hasMatch())
        return match.captured(1);
    return withoutSlashes(path);
}

} // namespace

ApiRoot::ApiRoot(const QUrl &url)
    : m_url(url.adjusted(QUrl::RemoveQuery | QUrl::RemoveFragment | QUrl::RemoveUserInfo))
{
    m_url.setPath(withoutSlashes(m_url.path(QUrl::FullyEncoded)), QUrl::TolerantMode);
}

QUrl ApiRoot::resolve(const QString &path) const
{
    return QUrl::fromEncoded(m_url.toEncoded() + '/' + path.toUtf8());
}

QUrl ApiRoot::webTaskPage(const TaskId &id) const
{
    return QUrl::fromEncoded(site() + "/task/" + QUrl::toPercentEncoding(id.text()));
}

QUrl ApiRoot::pushUrl() const
{
    QUrl url = QUrl::fromEncoded(site() + "/ws/");
    url.setScheme(url.scheme() == "https"_L1 ? u"wss"_s : u"ws"_s);
    return url;
}

/// Where the web UI is served: the root without `/api/vN`.
QByteArray ApiRoot::site() const
{
    static const QRegularExpression api(u"/api/v\\d+$"_s);
    QByteArray site = m_url.toEncoded();
    if (const auto match = api.match(QString::fromLatin1(site)); match.hasMatch())
        site.truncate(match.capturedStart());
    return site;
}

QByteArray ApiRoot::origin() const
{
    const int port = m_url.port(m_url.scheme() == "https"_L1 ? 443 : 80);
    return m_url.scheme().toLatin1() + "://" + m_url.host(QUrl::FullyEncoded).toLatin1() + ':'
           + QByteArray::number(port);
}

bool ApiRoot::hasOriginOf(const ApiRoot &other) const
{
    return origin() == other.origin();
}

QString taskPath(const TaskId &id)
{
    // Dots alone are steps in a path, also when they are encoded: nobody has such a task.
    const QString &text = id.text();
    const bool isStep = text == "."_L1 || text == ".."_L1;
    return u"tasks/"_s
           + (isStep ? text.size() == 1 ? u"%252E"_s : u"%252E%252E"_s
                     : QString::fromLatin1(QUrl::toPercentEncoding(text)));
}

tl::expected<QList<QUrl>, QString> apiRootCandidates(const QString &typed)
{
    const auto address = readAddress(typed);
    if (!address)
        return tl::unexpected(address.error());
    bool isApi = false;
    const QString site = siteOf(address->path(QUrl::FullyEncoded), &isApi);
    QStringList paths;
    if (isApi)
        paths = {site};
    else
        paths = {site + u"/api/v1"_s, site, u"/api/v1"_s};
    paths.removeDuplicates();

    QList<QUrl> candidates;
    for (const QString &path : std::as_const(paths)) {
        QUrl url = ApiRoot(*address).url();
        url.setPath(path, QUrl::TolerantMode);
        candidates.append(url);
    }
    return candidates;
}

bool isLoopback(const QUrl &url)
{
    const QString host = url.host().toLower();
    if (host == "localhost"_L1) // not what is below it: that may be asked for in the DNS
        return true;
    const QHostAddress address(host);
    return !address.isNull() && address.isLoopback();
}
