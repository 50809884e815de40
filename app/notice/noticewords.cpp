#include "notice/noticewords.h"

#include "task/taskwords.h"

#include <QCoreApplication>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Notice)
};

constexpr qsizetype longestWords = 80; ///< of what servers and operators call something
constexpr qsizetype mostNames = 3;

QString shortened(const QString &text)
{
    return text.size() <= longestWords ? text : text.left(longestWords - 1) + QChar(0x2026);
}

QString counted(NoticeKind kind, qsizetype count)
{
    switch (kind) {
    case NoticeKind::Failed:
        return Words::tr("%1 failed").arg(count);
    case NoticeKind::CompletedWithProblems:
        return Words::tr("%1 with problems").arg(count);
    case NoticeKind::Completed:
        return Words::tr("%1 completed").arg(count);
    case NoticeKind::Stalled:
        return Words::tr("%1 stalled").arg(count);
    case NoticeKind::Slow:
        return Words::tr("%1 slower than usual").arg(count);
    case NoticeKind::Started:
        return Words::tr("%1 started").arg(count);
    case NoticeKind::StepChange:
        return Words::tr("%1 at a new step").arg(count);
    case NoticeKind::SignInNeeded:
    case NoticeKind::Unreachable:
        break; // of servers
    }
    Q_UNREACHABLE();
}

enum class Named {
    Problems, ///< which an operator looks into
    All,
};

bool isNamed(NoticeKind kind, Named named)
{
    return named == Named::All || kind == NoticeKind::Failed
           || kind == NoticeKind::CompletedWithProblems || kind == NoticeKind::Stalled;
}

QString nameOf(const TaskNotice &notice)
{
    const QString action = shortened(notice.action);
    return notice.label.isEmpty()
               ? action
               : Words::tr("%1 (%2)", "action (label)").arg(action, shortened(notice.label));
}

/// "A, B, C and 4 more"; `count`: of all, the first of which have these names.
QString joined(const QStringList &names, qsizetype count)
{
    const QString words = names.join(u", "_s);
    return count <= names.size() ? words
                                 : words + Words::tr(" and %1 more").arg(count - names.size());
}

/// "1 whose outcome is not known: Import policy file"
QString lostWords(const QList<TaskNotice> &lost)
{
    QStringList names;
    for (const TaskNotice &notice : lost.first(std::min(lost.size(), mostNames)))
        names << nameOf(notice);
    return Words::tr("%1 whose outcome is not known: ").arg(lost.size())
           + joined(names, lost.size());
}

/// "4 completed, 1 failed: Import policy file; 2 stalled: …"
QString breakdown(const QList<TaskNotice> &notices, Named which = Named::Problems,
                  const QString &betweenNamed = u"; "_s)
{
    QStringList plain;
    QStringList named;
    for (const NoticeKind kind : noticeKinds) {
        QStringList names;
        qsizetype count = 0;
        for (const TaskNotice &notice : notices) {
            if (notice.kind != kind)
                continue;
            ++count;
            if (names.size() < mostNames)
                names << nameOf(notice);
        }
        if (count == 0)
            continue;
        if (isNamed(kind, which))
            named << counted(kind, count) + u": "_s + joined(names, count);
        else
            plain << counted(kind, count);
    }
    if (!named.isEmpty())
        plain << named.join(betweenNamed);
    return plain.join(u", "_s);
}

QList<TaskKey> worstFirst(QList<TaskNotice> notices)
{
    std::stable_sort(notices.begin(), notices.end(),
                     [](const TaskNotice &a, const TaskNotice &b) { return a.kind < b.kind; });
    QList<TaskKey> keys;
    keys.reserve(notices.size());
    for (const TaskNotice &notice : std::as_const(notices))
        keys << notice.key;
    return keys;
}

/// It is about that task alone.
void setTask(Notification &made, const TaskNotice &notice)
{
    QStringList facts;
    for (const QString &fact :
         {shortened(notice.label), TaskWords::span(notice.duration, TaskWords::longDuration),
          shortened(notice.server)}) {
        if (!fact.isEmpty())
            facts << fact;
    }
    made.body = facts.join(u" · "_s);
    made.tasks = {notice.key};
    made.slot = u"task "_s + notice.key.server.text() + u' ' + notice.key.task.text();
}

/// What it looks like to the desktop; the words are set elsewhere.
Notification frame(NoticeKind kind)
{
    Notification frame;
    switch (kind) {
    case NoticeKind::Failed:
        frame.urgency = Notification::Urgency::Critical;
        frame.category = u"transfer.error"_s;
        break;
    case NoticeKind::CompletedWithProblems:
    case NoticeKind::Completed:
        frame.category = u"transfer.complete"_s;
        break;
    case NoticeKind::SignInNeeded:
    case NoticeKind::Unreachable:
        frame.category = u"network.error"_s;
        break;
    case NoticeKind::Stalled:
        break;
    case NoticeKind::Slow:
    case NoticeKind::Started:
    case NoticeKind::StepChange:
        frame.urgency = Notification::Urgency::Low;
        break;
    }
    return frame;
}

NoticeKind worstKind(const QList<TaskNotice> &notices)
{
    return std::min_element(
               notices.begin(), notices.end(),
               [](const TaskNotice &a, const TaskNotice &b) { return a.kind < b.kind; })
        ->kind;
}

QString serverNames(const QList<ServerNotice> &notices)
{
    QStringList names;
    for (const ServerNotice &notice : notices.first(std::min(notices.size(), mostNames)))
        names << shortened(notice.server);
    return joined(names, notices.size());
}

} // namespace

Notification NoticeWords::single(const TaskNotice &notice)
{
    const QString action = shortened(notice.action);
    Notification made = frame(notice.kind);
    switch (notice.kind) {
    case NoticeKind::Failed:
        made.summary = Words::tr("%1 failed").arg(action);
        made.canCopyError = true;
        break;
    case NoticeKind::CompletedWithProblems:
        made.summary = Words::tr("%1 completed with problems").arg(action);
        break;
    case NoticeKind::Completed:
        made.summary = Words::tr("%1 completed").arg(action);
        break;
    case NoticeKind::Stalled:
        made.summary = Words::tr("%1 has stalled").arg(action);
        break;
    case NoticeKind::Slow:
        made.summary = Words::tr("%1 is slower than usual").arg(action);
        break;
    case NoticeKind::Started:
        made.summary = Words::tr("%1 started").arg(action);
        break;
    case NoticeKind::StepChange:
        made.summary = Words::tr("%1: %2", "action: step").arg(action, shortened(notice.step));
        break;
    case NoticeKind::SignInNeeded:
    case NoticeKind::Unreachable:
        Q_UNREACHABLE(); // of servers
    }
    setTask(made, notice);
    return made;
}

Notification NoticeWords::summary(const QList<TaskNotice> &notices, const QString &remark)
{
    const bool allEnded = std::all_of(notices.begin(), notices.end(), [](const TaskNotice &notice) {
        return isEnding(notice.kind);
    });
    Notification made = frame(worstKind(notices));
    made.summary = (allEnded ? Words::tr("%1 tasks finished") : Words::tr("News of %1 tasks"))
                       .arg(notices.size());
    made.body = breakdown(notices);
    if (!remark.isEmpty())
        made.body.prepend(remark + u' ');
    made.tasks = worstFirst(notices);
    return made;
}

Notification NoticeWords::allOver(const QList<TaskNotice> &ended, const QList<TaskNotice> &lost)
{
    const auto count = ended.size() + lost.size();
    if (count == 1 && lost.isEmpty())
        return single(ended.first());
    Notification made;
    if (count == 1) {
        TaskNotice notice = lost.first();
        notice.duration.reset(); // as little known
        made.summary = Words::tr("%1: outcome not known", "action").arg(shortened(notice.action));
        setTask(made, notice);
        return made;
    }
    if (!ended.isEmpty())
        made = summary(ended, {});
    if (lost.isEmpty()) {
        made.summary = Words::tr("All of your %1 tasks have finished").arg(count);
        return made;
    }
    made.summary = Words::tr("All of your %1 tasks are over").arg(count);
    made.body += (ended.isEmpty() ? QString() : u"; "_s) + lostWords(lost);
    const bool isWorse = ended.isEmpty() || worstKind(ended) == NoticeKind::Completed;
    made.tasks = isWorse ? worstFirst(lost) + made.tasks : made.tasks + worstFirst(lost);
    return made;
}

Notification NoticeWords::meanwhile(const QList<TaskNotice> &notices)
{
    Notification made = summary(notices, {});
    made.body = breakdown(notices, Named::All, u"\n"_s); // the window has room
    const auto count = notices.size();
    const auto stalled =
        std::count_if(notices.cbegin(), notices.cend(),
                      [](const TaskNotice &notice) { return notice.kind == NoticeKind::Stalled; });
    if (stalled == 0)
        made.summary = count == 1 ? Words::tr("1 task finished meanwhile")
                                  : Words::tr("%1 tasks finished meanwhile").arg(count);
    else if (stalled == count)
        made.summary = count == 1 ? Words::tr("1 task stalled meanwhile")
                                  : Words::tr("%1 tasks stalled meanwhile").arg(count);
    else
        made.summary = Words::tr("%1 tasks finished or stalled meanwhile").arg(count);
    return made;
}

QString NoticeWords::choice(NoticeKind kind)
{
    switch (kind) {
    case NoticeKind::Failed:
        return Words::tr("A task failed");
    case NoticeKind::CompletedWithProblems:
        return Words::tr("A task completed with problems");
    case NoticeKind::Completed:
        return Words::tr("A task completed");
    case NoticeKind::Stalled:
        return Words::tr("A task has stalled");
    case NoticeKind::Slow:
        return Words::tr("A task is slower than usual");
    case NoticeKind::Started:
        return Words::tr("A task started");
    case NoticeKind::StepChange:
        return Words::tr("A task goes on to another step");
    case NoticeKind::SignInNeeded:
        return Words::tr("A server asks to sign in");
    case NoticeKind::Unreachable:
        return Words::tr("A server cannot be reached, and when it is back");
    }
    Q_UNREACHABLE();
}

Notification NoticeWords::ofServers(const QList<ServerNotice> &notices,
                                    const QList<TaskNotice> &ended)
{
    const ServerNotice &first = notices.first();
    Notification made = frame(first.kind);
    made.slot =
        (first.kind == NoticeKind::SignInNeeded ? u"sign-in "_s : u"reach "_s) + first.id.text();
    made.isStandingTrouble = !first.isOver;
    const auto count = notices.size();
    if (first.kind == NoticeKind::SignInNeeded) {
        made.summary = count == 1 ? Words::tr("%1: sign-in needed").arg(shortened(first.server))
                                  : Words::tr("%1 servers: sign-in needed").arg(count);
        made.body = count == 1 ? Words::tr("Its tasks are not watched until you sign in.")
                               : serverNames(notices);
    } else if (!first.isOver) {
        made.summary = count == 1 ? Words::tr("%1 cannot be reached").arg(shortened(first.server))
                                  : Words::tr("%1 servers cannot be reached").arg(count);
        made.body = count == 1 ? Words::tr("For a minute now. Taskwatch keeps trying.")
                               : serverNames(notices);
    } else {
        made.category = u"network"_s;
        made.summary = count == 1
                           ? Words::tr("%1 can be reached again").arg(shortened(first.server))
                           : Words::tr("%1 servers can be reached again").arg(count);
        made.body = count == 1 ? QString() : serverNames(notices);
    }
    if (!ended.isEmpty()) {
        if (!made.body.isEmpty())
            made.body += u'\n';
        made.body +=
            (ended.size() == 1 ? Words::tr("1 task finished meanwhile: ")
                               : Words::tr("%1 tasks finished meanwhile: ").arg(ended.size()))
            + breakdown(ended);
        made.tasks = worstFirst(ended);
        made.urgency = std::max(made.urgency, frame(worstKind(ended)).urgency);
    }
    return made;
}
