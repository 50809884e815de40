#pragma once

#include <chrono>
#include <optional>
#include <vector>

/// What is usual: how long runs of one action, or of one step, on one server take. Pure functions
/// of the history and the time already elapsed; no guess with fewer than `fewestRuns` runs.
namespace Baseline {

using Duration = std::chrono::milliseconds;

inline constexpr std::size_t fewestRuns = 5;
/// Only the latest count: servers and policies change.
inline constexpr std::size_t mostRuns = 40;

struct Usual {
    Duration lowerQuartile{};
    Duration median{};
    Duration upperQuartile{};
    Duration ninetieth{}; ///< the 90th percentile

    friend bool operator==(const Usual &, const Usual &) = default;
};
/// Of completed runs, oldest first, each > 0. Absent with too few.
[[nodiscard]] std::optional<Usual> usual(const std::vector<Duration> &runs);

/// From quartile to quartile: half of the runs that took longer than `elapsed` ended in between.
struct Range {
    Duration from{};
    Duration to{};

    friend bool operator==(const Range &, const Range &) = default;
};
/// How much longer a run takes that has taken `elapsed` already. Absent when too few of the runs
/// took that long.
[[nodiscard]] std::optional<Range> remaining(const std::vector<Duration> &runs, Duration elapsed);

/// Longer than 1.5 x the 90th percentile.
[[nodiscard]] bool isSlow(const Usual &usual, Duration elapsed);

/// Where a usual run would be by now, 0..1: for a thin mark in a bar. 1 once the median has passed.
[[nodiscard]] double expectedProgress(const Usual &usual, Duration elapsed);

} // namespace Baseline
