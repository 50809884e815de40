#include "task/taskfacts.h"

#include <algorithm>

using namespace std::chrono;

std::optional<QDateTime> TaskFacts::startedAt(const TaskRecord &record)
{
    return record.snapshot ? record.snapshot->startedAt : std::nullopt;
}

std::optional<QDateTime> TaskFacts::finishedAt(const TaskRecord &record)
{
    if (!isFinal(record.outcome))
        return std::nullopt;
    if (record.snapshot && record.snapshot->finishedAt)
        return record.snapshot->finishedAt;
    if (record.endWitnessed && record.endedAt.isValid())
        return record.endedAt;
    return std::nullopt;
}

std::optional<milliseconds> TaskFacts::elapsed(const TaskRecord &record, const QDateTime &now)
{
    const auto start = startedAt(record);
    if (!start)
        return std::nullopt;
    std::optional<QDateTime> end = now;
    if (isFinal(record.outcome))
        end = finishedAt(record);
    else if (record.outcome == Outcome::OutcomeUnknown)
        end = record.changedAt;
    if (!end || !end->isValid())
        return std::nullopt;
    return milliseconds{std::max<qint64>(0, start->msecsTo(*end))};
}

std::optional<QDateTime> TaskFacts::lostAt(const TaskRecord &record)
{
    const bool isExpired = isFinal(record.outcome) && record.expired;
    if (!isExpired && record.outcome != Outcome::OutcomeUnknown)
        return std::nullopt;
    const QDateTime at = isExpired ? record.checkedAt : record.changedAt;
    return at.isValid() ? std::optional(at) : std::nullopt;
}

TaskFacts::StepCount TaskFacts::stepCount(const TaskRecord &record)
{
    if (!record.snapshot)
        return {};
    StepCount count;
    int lines = 0;
    for (const TaskStep &step : record.snapshot->steps) {
        if (step.state == StepState::Info)
            continue;
        ++lines;
        if (step.state == StepState::Completed || step.state == StepState::Skipped)
            ++count.done;
    }
    if (record.snapshot->expectedSteps)
        count.total = std::max(*record.snapshot->expectedSteps, lines);
    else if (isFinal(record.outcome) || count.done < lines)
        count.total = lines;
    return count;
}

std::optional<int> TaskFacts::percent(const TaskRecord &record)
{
    return record.snapshot ? record.snapshot->percent : std::nullopt;
}
