#pragma once

#include "task/taskrecord.h"

#include <chrono>
#include <optional>

/// What follows from a record by arithmetic alone.
namespace TaskFacts {

/// By the server's clock, UTC; absent where it does not say.
[[nodiscard]] std::optional<QDateTime> startedAt(const TaskRecord &record);

/// By the server's clock; where it does not say, by ours if we saw the end come. UTC.
[[nodiscard]] std::optional<QDateTime> finishedAt(const TaskRecord &record);

/// From start to finish, or to `now` (UTC) while it runs, or to when it was lost. Never negative;
/// absent when one end is unknown.
[[nodiscard]] std::optional<std::chrono::milliseconds> elapsed(const TaskRecord &record,
                                                               const QDateTime &now);

struct StepCount {
    int done = 0;             ///< completed or skipped
    std::optional<int> total; ///< absent where nobody knows how many there will be

    friend bool operator==(const StepCount &, const StepCount &) = default;
};
/// Of the outermost steps; remarks do not count.
[[nodiscard]] StepCount stepCount(const TaskRecord &record);

/// 0..100; absent: unknown.
[[nodiscard]] std::optional<int> percent(const TaskRecord &record);

} // namespace TaskFacts
