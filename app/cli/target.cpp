#include "cli/target.h"

#include "guardian/apiroot.h"
#include "task/taskintake.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>
#include <iterator>

using namespace Qt::StringLiterals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Target)
};

[[nodiscard]] tl::unexpected<UsageError> noTarget(const QString &message, const QString &nextStep)
{
    return tl::unexpected(UsageError{message, nextStep});
}

[[nodiscard]] bool isOpenHttp(const QUrl &url)
{
    return url.scheme() == "http"_L1 && !isLoopback(url);
}

[[nodiscard]] int portOf(const QUrl &url)
{
    return url.port(url.scheme() == "http"_L1 ? 80 : 443);
}

/// The same machine and port: an address without TLS names the same task as one with.
[[nodiscard]] bool isSameSite(const QUrl &a, const QUrl &b)
{
    return a.host() == b.host() && portOf(a) == portOf(b);
}

[[nodiscard]] QString listOf(const QList<ServerProfile> &profiles)
{
    QStringList names;
    names.reserve(profiles.size());
    for (const ServerProfile &profile : profiles)
        names += profile.shownName();
    return names.join(", "_L1);
}

[[nodiscard]] tl::unexpected<UsageError> httpRefused(const QUrl &url)
{
    return noTarget(Words::tr("%1 is not encrypted: everybody on the way could read the token.")
                        .arg(url.toDisplayString(QUrl::RemovePath | QUrl::RemoveUserInfo)),
                    Words::tr("Use https, or allow it for this run with --allow-http."));
}

[[nodiscard]] tl::expected<Target, UsageError> stored(const ServerProfile &profile, bool allowHttp)
{
    if (isOpenHttp(profile.apiRoot) && !profile.allowHttp && !allowHttp)
        return httpRefused(profile.apiRoot);
    return Target{profile, {}, {}};
}

[[nodiscard]] tl::expected<Target, UsageError> onlyOne(const CommandLine &line,
                                                       const QList<ServerProfile> &profiles)
{
    if (profiles.isEmpty())
        return noTarget(Words::tr("No server is known yet."),
                        Words::tr("Name one with --server URL and the token in TASKWATCH_TOKEN, or "
                                  "start “taskwatch” and connect."));
    if (profiles.size() > 1)
        return noTarget(Words::tr("There are several servers."),
                        Words::tr("Name one with --server: %1.").arg(listOf(profiles)));
    return stored(profiles.first(), line.allowHttp);
}

[[nodiscard]] bool isNamed(const ServerProfile &profile, const QString &typed)
{
    return profile.name.compare(typed, Qt::CaseInsensitive) == 0 || profile.address == typed
           || profile.apiRoot == QUrl(typed).adjusted(QUrl::StripTrailingSlash);
}

/// An opaque ID, unless it plainly is something else. Dots alone are steps in a path.
[[nodiscard]] bool canBeId(const QString &text)
{
    static const QRegularExpression never(u"^(?:(?:https?|file):/.*|[{\\[].*|\\.{1,2})$"_s,
                                          QRegularExpression::CaseInsensitiveOption
                                              | QRegularExpression::DotMatchesEverythingOption);
    return !text.isEmpty() && text.size() <= IntakeLimits::idLength
           && !never.match(text).hasMatch();
}

} // namespace

tl::expected<Target, UsageError> chooseTarget(const CommandLine &line,
                                              const QList<ServerProfile> &profiles)
{
    if (line.server.isEmpty())
        return onlyOne(line, profiles);
    const auto named = std::find_if(profiles.begin(), profiles.end(),
                                    [&](const auto &p) { return isNamed(p, line.server); });
    if (named != profiles.end()) {
        const auto meant = meantProfile(named->apiRoot, line, profiles);
        if (!meant)
            return tl::unexpected(meant.error());
        return stored(**meant, line.allowHttp);
    }

    auto candidates = apiRootCandidates(line.server);
    if (!candidates)
        return noTarget(candidates.error(), Words::tr("For example: --server https://HOST"));
    for (const QUrl &candidate : std::as_const(*candidates)) {
        if (const auto meant = meantProfile(candidate, line, profiles); !meant)
            return tl::unexpected(meant.error());
    }
    const auto isRefused = [&](const QUrl &url) {
        const auto own = meantProfile(url, line, profiles).value_or(std::nullopt);
        return isOpenHttp(url) && !line.allowHttp && !(own && own->allowHttp);
    };
    const QUrl first = candidates->value(0);
    candidates->removeIf(isRefused);
    if (candidates->isEmpty())
        return httpRefused(first);
    return Target{{}, line.server, *candidates};
}

tl::expected<std::optional<ServerProfile>, UsageError>
meantProfile(const QUrl &apiRoot, const CommandLine &line, const QList<ServerProfile> &profiles)
{
    QList<ServerProfile> there = profiles;
    there.removeIf([&](const auto &p) { return ApiRoot(p.apiRoot) != ApiRoot(apiRoot); });
    const QList<ServerProfile> all = there;
    const auto narrow = [&there](const auto &isMeant) {
        QList<ServerProfile> meant;
        std::copy_if(there.cbegin(), there.cend(), std::back_inserter(meant), isMeant);
        if (!meant.isEmpty())
            there = meant;
    };
    if (!line.server.isEmpty())
        narrow([&line](const auto &p) {
            return p.name.compare(line.server, Qt::CaseInsensitive) == 0;
        });
    if (!line.user.isEmpty())
        narrow([&line](const auto &p) { return p.account == line.user; });
    if (there.size() > 1)
        return noTarget(Words::tr("There are several servers at this address."),
                        Words::tr("Name one with --server: %1.").arg(listOf(all)));
    return there.isEmpty() ? std::nullopt : std::optional(there.constFirst());
}

tl::expected<QList<TaskId>, UsageError> tasksOf(const QStringList &arguments, const QUrl &site)
{
    QList<TaskId> tasks;
    QSet<TaskId> known;
    for (const QString &argument : arguments) {
        const QString text = argument.trimmed();
        QList<IntakeItem> found = findTaskIds(text).found;
        if (found.isEmpty()) {
            if (!canBeId(text))
                return noTarget(Words::tr("“%1” names no task.").arg(text.left(80)),
                                Words::tr("Give a task's ID, or the address of its page."));
            found = {{IntakeItem::Kind::BareId, TaskId(text), {}, text}};
        }
        for (const IntakeItem &item : found) {
            if (!item.origin.isEmpty() && !isSameSite(item.origin, site))
                return noTarget(Words::tr("%1 is on another server than %2.")
                                    .arg(item.source, site.toDisplayString(QUrl::RemovePath)),
                                Words::tr("Ask that one: --server %1").arg(item.origin.toString()));
            if (!known.contains(item.id))
                tasks.append(item.id);
            known.insert(item.id);
        }
    }
    if (tasks.size() > IntakeLimits::ids)
        return noTarget(Words::tr("These are %L1 tasks.").arg(tasks.size()),
                        Words::tr("Ask for at most %L1 at a time.").arg(IntakeLimits::ids));
    return tasks;
}
