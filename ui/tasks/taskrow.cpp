#include "tasks/taskrow.h"

#include "task/taskfacts.h"
#include "task/tasktext.h"
#include "task/taskwords.h"

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestNote = 1'000; ///< of one cell

qint64 sinceEpoch(const std::optional<QDateTime> &time)
{
    return time && time->isValid() ? time->toMSecsSinceEpoch() : TaskRow::never;
}

void takeSnapshot(TaskRow &row, const TaskSnapshot &snapshot)
{
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
    row.tags = record.tags->join(", "_L1);
    row.note = record.note->left(longestNote).simplified();
    row.pinned = record.pinned;
    row.acknowledged = record.acknowledged && needsAttention(record.outcome);
    row.told = record.snapshot;
    if (record.snapshot)
        takeSnapshot(row, *record.snapshot);
    const TaskFacts::StepCount steps = TaskFacts::stepCount(record);
    row.stepsDone = steps.done;
    row.stepsTotal = steps.total.value_or(0);
    row.percent = TaskText::percent(record);
    row.summary = TaskWords::summary(record);
    const auto startedBy = TaskFacts::startedBy(record);
    row.startedBy = startedBy.has_value();
    row.started = sinceEpoch(startedBy ? startedBy : TaskFacts::startedAt(record));
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
    const bool started = a.started != b.started || a.startedBy != b.startedBy;
    const bool times = started || a.finished != b.finished;
    const bool steps = a.stepsDone != b.stepsDone || a.stepsTotal != b.stepsTotal;
    mark(state || a.slow != b.slow || a.acknowledged != b.acknowledged || a.pinned != b.pinned
             || a.endedDay != b.endedDay,
         TaskColumn::Status);
    mark(a.tags != b.tags, TaskColumn::Tags);
    mark(a.note != b.note, TaskColumn::Note);
    mark(a.action() != b.action(), TaskColumn::Action);
    mark(a.label != b.label, TaskColumn::Label);
    mark(state || a.percent != b.percent || (!b.percent && steps), TaskColumn::Progress);
    mark(a.currentStep() != b.currentStep(), TaskColumn::CurrentStep);
    mark(state || times, TaskColumn::Elapsed);
    mark(state || times || a.action() != b.action(), TaskColumn::TimeLeft);
    mark(started, TaskColumn::Started);
    mark(a.changed != b.changed, TaskColumn::LastChange);
    mark(a.finished != b.finished, TaskColumn::Finished);
    mark(steps, TaskColumn::Steps);
    mark(a.summary != b.summary || a.error != b.error, TaskColumn::Summary);
    mark(a.user() != b.user(), TaskColumn::User);
    mark(a.paused != b.paused, TaskColumn::Connection);
    mark(a.stepsExpected != b.stepsExpected, TaskColumn::Expected);
    return columns;
}
