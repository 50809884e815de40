#pragma once

#include "task/taskrecord.h"

#include <chrono>
#include <optional>

/// What follows from a record by arithmetic alone.
namespace TaskFacts {

/// Running or Stalled: it has begun, and time goes on.
[[nodiscard]] constexpr bool goesOn(Outcome outcome)
{
    return outcome == Outcome::Running || outcome == Outcome::Stalled;
}

/// By the server's clock, UTC; absent where it does not say.
[[nodiscard]] std::optional<QDateTime> startedAt(const TaskRecord &record);

/// By the server's clock; where it does not say, by ours if we saw the end come. UTC.
[[nodiscard]] std::optional<QDateTime> finishedAt(const TaskRecord &record);

/// From start to finish, or to `now` (UTC) while it runs, or to when it was lost. Never negative;
/// absent when one end is unknown.
[[nodiscard]] std::optional<std::chrono::milliseconds> elapsed(const TaskRecord &record,
                                                               const QDateTime &now);

/// Where the server tells no start (the documented dialect): it had begun by then, UTC. The first
/// of what we know: when we came, or a step's time. Absent where `startedAt` is known, and of what
/// waits.
[[nodiscard]] std::optional<QDateTime> startedBy(const TaskRecord &record);

struct Span {
    std::chrono::milliseconds length{0};
    bool atLeast = false; ///< it began earlier than we know

    friend bool operator==(const Span &, const Span &) = default;
};
/// `elapsed`; where the server tells no start, what it took at least, never of two clocks.
[[nodiscard]] std::optional<Span> span(const TaskRecord &record, const QDateTime &now);

/// When the server was first found to have forgotten it, UTC; of an expired one that is asked for
/// again, the last time. Absent for what is not lost.
[[nodiscard]] std::optional<QDateTime> lostAt(const TaskRecord &record);

struct StepCount {
    int done = 0;             ///< completed or skipped
    std::optional<int> total; ///< absent where nobody knows how many there will be

    friend bool operator==(const StepCount &, const StepCount &) = default;
};
/// Of the outermost steps; remarks do not count.
[[nodiscard]] StepCount stepCount(const TaskRecord &record);

/// When it began; where that is not told of one that ended, when the step before it did, if that is
/// of the same clock. `before`: null for the first of its siblings.
[[nodiscard]] std::optional<QDateTime> startedAt(const TaskStep &step, const TaskStep *before);

/// From there to its end. Negative where the clock went back; absent when one end is unknown.
[[nodiscard]] std::optional<std::chrono::milliseconds> length(const TaskStep &step,
                                                              const TaskStep *before);

/// 0..100; absent: unknown.
[[nodiscard]] std::optional<int> percent(const TaskRecord &record);

} // namespace TaskFacts
