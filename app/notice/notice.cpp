#include "notice/notice.h"

#include "task/taskfacts.h"

#include <QCoreApplication>

#include <algorithm>

TaskSight sightOf(const TaskRecord &record, bool isSlow)
{
    const QString step = record.snapshot ? record.snapshot->currentStep : QString();
    return {record.outcome, isSlow, step.isEmpty() ? 0 : std::max<size_t>(1, qHash(step))};
}

std::optional<NoticeKind> kindOf(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Completed:
        return NoticeKind::Completed;
    case Outcome::CompletedWithProblems:
        return NoticeKind::CompletedWithProblems;
    case Outcome::Failed:
        return NoticeKind::Failed;
    case Outcome::Stalled:
        return NoticeKind::Stalled;
    case Outcome::Checking:
    case Outcome::Waiting:
    case Outcome::Running:
    case Outcome::NotFound:
    case Outcome::OutcomeUnknown:
    case Outcome::Unreadable:
        return std::nullopt;
    }
    Q_UNREACHABLE();
}

std::optional<NoticeKind> newsOf(const TaskSight &before, const TaskSight &after,
                                 const TaskRecord &record)
{
    if (const auto kind = kindOf(after.outcome)) {
        const bool isNew = before.outcome != after.outcome && record.notified != after.outcome;
        const bool wasSeenComing = !isFinal(after.outcome) || record.endWitnessed;
        return isNew && wasSeenComing ? kind : std::nullopt;
    }
    if (after.outcome != Outcome::Running)
        return std::nullopt;
    if (after.isSlow && !before.isSlow && before.outcome != Outcome::Checking)
        return NoticeKind::Slow;
    if (before.outcome == Outcome::Waiting)
        return NoticeKind::Started;
    if (before.outcome == Outcome::Running && after.step != 0 && before.step != after.step)
        return NoticeKind::StepChange;
    return std::nullopt;
}

std::optional<Outcome> markOf(NoticeKind kind)
{
    switch (kind) {
    case NoticeKind::Failed:
        return Outcome::Failed;
    case NoticeKind::CompletedWithProblems:
        return Outcome::CompletedWithProblems;
    case NoticeKind::Completed:
        return Outcome::Completed;
    case NoticeKind::Stalled:
        return Outcome::Stalled;
    case NoticeKind::Slow:
    case NoticeKind::Started:
    case NoticeKind::StepChange:
    case NoticeKind::SignInNeeded:
    case NoticeKind::Unreachable:
        return std::nullopt;
    }
    Q_UNREACHABLE();
}

bool isEnding(NoticeKind kind)
{
    const auto mark = markOf(kind);
    return mark && isFinal(*mark);
}

TaskNotice makeNotice(NoticeKind kind, const TaskRecord &record, const QString &server,
                      const QDateTime &now)
{
    TaskNotice notice;
    notice.kind = kind;
    notice.key = record.key;
    if (record.snapshot)
        notice.action = record.snapshot->action.simplified();
    if (notice.action.isEmpty())
        notice.action = QCoreApplication::translate("Notice", "Task");
    notice.label = record.label->simplified();
    notice.server = server;
    if (kind == NoticeKind::StepChange && record.snapshot)
        notice.step = record.snapshot->currentStep.simplified();
    notice.duration = TaskFacts::span(record, now);
    return notice;
}
