#include "instance/tasklink.h"

#include "base/tokenshape.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QUrlQuery>

using namespace Qt::StringLiterals;

namespace {

constexpr auto scheme = "taskwatch:"_L1;
constexpr qsizetype lengthLimit = 16'384;
constexpr qsizetype idLimit = 100;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(TaskLink)
};

[[nodiscard]] bool isPlainId(const QString &text)
{
    static const QRegularExpression form(u"^[0-9A-Za-z][0-9A-Za-z._-]{0,127}\\z"_s);
    return form.match(text).hasMatch() && !holdsToken(text);
}

/// Scheme, host and port of a web address; empty if it is none.
[[nodiscard]] QUrl originOf(const QString &text)
{
    const QUrl url(text, QUrl::StrictMode);
    QUrl origin;
    if (!url.isValid() || url.host().isEmpty() || !url.userInfo().isEmpty()
        || (url.scheme() != "https"_L1 && url.scheme() != "http"_L1))
        return origin;
    origin.setScheme(url.scheme());
    origin.setHost(url.host());
    origin.setPort(url.port());
    return origin;
}

} // namespace

QString TaskLink::asText() const
{
    QString text;
    for (const TaskId &id : ids)
        text +=
            (server.isEmpty() ? QString() : server.toString() + u"/task/"_s) + id.text() + u'\n';
    return text;
}

bool isTaskLink(const QString &text)
{
    return text.startsWith(scheme, Qt::CaseInsensitive);
}

tl::expected<TaskLink, QString> parseTaskLink(const QString &text)
{
    const auto refused = tl::unexpected(Words::tr("This link is none that Taskwatch understands."));
    if (!isTaskLink(text) || text.size() > lengthLimit)
        return refused;
    // Not by QUrl: in "taskwatch://ID" it would take the ID for a host, and change its case.
    QString rest = text.mid(scheme.size());
    while (rest.startsWith(u'/'))
        rest.remove(0, 1);
    const QString path = rest.section(u'?', 0, 0);
    TaskLink link;
    if (!rest.contains(u'?')) {
        const QString id = path.endsWith(u'/') ? path.chopped(1) : path;
        if (!isPlainId(id))
            return refused;
        link.ids << TaskId(id);
        return link;
    }
    if (path != "track"_L1 && path != "track/"_L1)
        return refused;
    const QUrlQuery query(rest.section(u'?', 1));
    for (const QString &id : query.allQueryItemValues(u"id"_s, QUrl::FullyDecoded)) {
        if (!isPlainId(id))
            return refused;
        if (!link.ids.contains(TaskId(id)))
            link.ids << TaskId(id);
    }
    if (query.hasQueryItem(u"server"_s)) {
        link.server = originOf(query.queryItemValue(u"server"_s, QUrl::FullyDecoded));
        if (link.server.isEmpty())
            return refused;
    }
    if (link.ids.isEmpty() || link.ids.size() > idLimit)
        return refused;
    return link;
}
