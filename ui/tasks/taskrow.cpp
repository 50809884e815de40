#include "tasks/taskrow.h"

#include "task/taskfacts.h"
#include "task/taskwords.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestNote = 1'000; ///< of one cell

qint64 sinceEpoch(const std::optional<QDateTime> &time)
{
    return time && time->isValid() ? time->toMSecsSinceEpoch() : TaskRow::never;
}

void takeSnapshot(TaskRow &row, const TaskSnapshot &snapshot)
{
    row.action = snapshot.action;
    row.currentStep = snapshot.currentStep;
    row.user = snapshot.userId;
    row.stepsExpected = snapshot.expectedSteps.value_or(0);
    if (snapshot.error)
        row.error = TaskWords::error(*snapshot.error);
}

} // namespace

TaskRow makeTaskRow(const TaskRecord &record)
{
    TaskRow row;
    row.key = record.key;
    row.outcome = record.outcome;
    row.expired = record.expired;
    row.paused = record.paused;
    row.label = record.label;
    row.tags = record.tags.join(", "_L1);
    row.note = record.note.left(longestNote).simplified();
    row.pinned = record.pinned;
    row.acknowledged = record.acknowledged && needsAttention(record.outcome);
    if (record.snapshot)
        takeSnapshot(row, *record.snapshot);
    const TaskFacts::StepCount steps = TaskFacts::stepCount(record);
    row.stepsDone = steps.done;
    row.stepsTotal = steps.total.value_or(0);
    row.percent = TaskFacts::percent(record);
    if (record.outcome == Outcome::Completed || record.outcome == Outcome::CompletedWithProblems)
        row.percent = 100;
    row.summary = TaskWords::summary(record);
    row.started = sinceEpoch(TaskFacts::startedAt(record));
    row.finished = sinceEpoch(TaskFacts::finishedAt(record));
    row.changed = sinceEpoch(record.changedAt);
    const auto ended = TaskFacts::finishedAt(record).value_or(record.endedAt);
    if (isFinal(record.outcome) && ended.isValid())
        row.endedDay = ended.toLocalTime().date().toJulianDay();
    return row;
}

TaskColumns differingColumns(const TaskRow &a, const TaskRow &b)
{
    TaskColumns columns = 0;
    const auto mark = [&columns](bool differs, TaskColumn column) {
        columns |= differs ? bit(column) : 0;
    };
    const bool state = a.outcome != b.outcome || a.expired != b.expired;
    const bool times = a.started != b.started || a.finished != b.finished;
    const bool steps = a.stepsDone != b.stepsDone || a.stepsTotal != b.stepsTotal;
    mark(state || a.slow != b.slow || a.acknowledged != b.acknowledged || a.pinned != b.pinned
             || a.endedDay != b.endedDay,
         TaskColumn::Status);
    mark(a.tags != b.tags, TaskColumn::Tags);
    mark(a.note != b.note, TaskColumn::Note);
    mark(a.action != b.action, TaskColumn::Action);
    mark(a.label != b.label, TaskColumn::Label);
    mark(state || a.percent != b.percent || (!b.percent && steps), TaskColumn::Progress);
    mark(a.currentStep != b.currentStep, TaskColumn::CurrentStep);
    mark(state || times, TaskColumn::Elapsed);
    mark(state || times || a.action != b.action, TaskColumn::TimeLeft);
    mark(a.started != b.started, TaskColumn::Started);
    mark(a.changed != b.changed, TaskColumn::LastChange);
    mark(a.finished != b.finished, TaskColumn::Finished);
    mark(steps, TaskColumn::Steps);
    mark(a.summary != b.summary || a.error != b.error, TaskColumn::Summary);
    mark(a.user != b.user, TaskColumn::User);
    mark(a.paused != b.paused, TaskColumn::Connection);
    mark(a.stepsExpected != b.stepsExpected, TaskColumn::Expected);
    return columns;
}

QString TaskText::ago(std::chrono::milliseconds past)
{
    using std::chrono::duration_cast;
    const auto text = [](const char *pattern, qint64 number) {
        return QCoreApplication::translate("TaskText", pattern, nullptr, int(number));
    };
    const auto seconds = duration_cast<std::chrono::seconds>(past).count();
    if (seconds < 1)
        return QCoreApplication::translate("TaskText", "now");
    if (seconds < 60)
        return text(QT_TRANSLATE_NOOP("TaskText", "%n s ago"), seconds);
    if (seconds < 3600)
        return text(QT_TRANSLATE_NOOP("TaskText", "%n min ago"), seconds / 60);
    if (seconds < 48 * 3600)
        return text(QT_TRANSLATE_NOOP("TaskText", "%n h ago"), seconds / 3600);
    return text(QT_TRANSLATE_NOOP("TaskText", "%n days ago"), seconds / 86'400);
}

QString TaskText::moment(const QDateTime &at, const QDateTime &now)
{
    // Each look at the zone asks the file system whether it is still the same.
    const QDateTime local = at.toLocalTime();
    const QDate date = local.date();
    const QDate today = now.toLocalTime().date();
    const QLocale locale;
    QString time = locale.toString(local.time(), QLocale::ShortFormat);
    if (date == today)
        return time;
    if (date.year() == today.year())
        return locale.toString(date, QCoreApplication::translate("TaskText", "d MMM")) + u' '
               + time;
    return locale.toString(date, QCoreApplication::translate("TaskText", "d MMM yyyy"));
}

QString TaskText::progress(const TaskRow &row)
{
    if (row.percent)
        return QCoreApplication::translate("TaskText", "%1%").arg(*row.percent);
    const bool hasSteps = row.stepsDone > 0 || row.stepsTotal > 0;
    if (!hasSteps || !isOpen(row.outcome))
        return {};
    const int current = row.stepsDone + 1;
    return QCoreApplication::translate("TaskText", "step %1")
        .arg(row.stepsTotal > 0 ? std::min(current, row.stepsTotal) : current);
}

QString TaskText::steps(const TaskRow &row)
{
    if (row.stepsTotal == 0)
        return row.stepsDone == 0 ? QString() : QString::number(row.stepsDone);
    return QCoreApplication::translate("TaskText", "%1 of %2")
        .arg(row.stepsDone)
        .arg(row.stepsTotal);
}
