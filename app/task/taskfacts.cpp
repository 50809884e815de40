#include "task/taskfacts.h"

#include <algorithm>

using namespace std::chrono;

namespace {

/// From the first to the last time that the server gave; absent where it gave none.
struct ServersTimes {
    QDateTime first;
    QDateTime last;
};

void widen(std::optional<ServersTimes> &times, const std::optional<QDateTime> &at, bool isOurs)
{
    if (!at || isOurs)
        return;
    if (!times)
        times = ServersTimes{*at, *at};
    times->first = std::min(times->first, *at);
    times->last = std::max(times->last, *at);
}

std::optional<ServersTimes> timesOf(const std::vector<TaskStep> &steps)
{
    std::optional<ServersTimes> times;
    for (const TaskStep &step : steps) {
        widen(times, step.startedAt, step.startSeen);
        widen(times, step.finishedAt, step.finishSeen);
    }
    return times;
}

bool tellsNoStart(const TaskRecord &record)
{
    const TaskSnapshot *snapshot = record.snapshot.get();
    return snapshot && snapshot->dialect == Dialect::Documented && !snapshot->startedAt
           && snapshot->phase != TaskPhase::Waiting;
}

} // namespace

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

std::optional<QDateTime> TaskFacts::startedBy(const TaskRecord &record)
{
    if (!tellsNoStart(record))
        return std::nullopt;
    const auto servers = timesOf(record.snapshot->steps);
    // Who came after the end knows nothing of the start from that.
    const bool cameBefore =
        record.watchedSince.isValid() && (!isFinal(record.outcome) || record.endWitnessed);
    if (servers && (!cameBefore || servers->first < record.watchedSince))
        return servers->first;
    return cameBefore ? std::optional(record.watchedSince) : std::nullopt;
}

std::optional<TaskFacts::Span> TaskFacts::span(const TaskRecord &record, const QDateTime &now)
{
    if (const auto whole = elapsed(record, now))
        return Span{.length = *whole, .atLeast = false};
    if (!tellsNoStart(record))
        return std::nullopt;
    qint64 longest = 0;
    if (const auto servers = timesOf(record.snapshot->steps))
        longest = servers->first.msecsTo(servers->last);
    QDateTime end = now;
    if (isFinal(record.outcome))
        end = record.endWitnessed ? record.endedAt : QDateTime();
    else if (record.outcome == Outcome::OutcomeUnknown)
        end = record.changedAt;
    if (end.isValid() && record.watchedSince.isValid())
        longest = std::max(longest, record.watchedSince.msecsTo(end));
    if (longest <= 0)
        return std::nullopt;
    return Span{.length = milliseconds{longest}, .atLeast = true};
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

std::optional<QDateTime> TaskFacts::startedAt(const TaskStep &step, const TaskStep *before)
{
    if (!step.startedAt && step.finishedAt && before && before->finishSeen == step.finishSeen)
        return before->finishedAt;
    return step.startedAt;
}

std::optional<milliseconds> TaskFacts::length(const TaskStep &step, const TaskStep *before)
{
    const auto start = startedAt(step, before);
    if (!start || !step.finishedAt)
        return std::nullopt;
    return milliseconds{start->msecsTo(*step.finishedAt)};
}

std::optional<int> TaskFacts::percent(const TaskRecord &record)
{
    return record.snapshot ? record.snapshot->percent : std::nullopt;
}
