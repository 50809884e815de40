#pragma once

#include "task/taskrecord.h"

/// How long a task stands still before it counts as stalled, at least.
inline constexpr std::chrono::minutes stalledAfter{5};
/// In so many readable, unchanged answers, at least.
inline constexpr int stalledAnswers = 3;
/// Empty answers count from this many in a row on, when the first is at least so long ago.
inline constexpr int emptyAnswersNeeded = 3;
inline constexpr std::chrono::seconds emptyAnswersSpan{10};

/// What we believe of a task after one more poll: pure, the whole of design.md, "States".
///
/// - A final outcome beats a running one and is never replaced by one. Of two final answers the
///   later request's counts (a result may grow, a retry may succeed); the second one confirms.
/// - Of running ones the newer `info.timestamp` wins, without one the later request.
/// - Steps that were seen stay where a later answer names none.
/// - The third empty answer over 10 s: never seen is NotFound, running is OutcomeUnknown, final is
///   only marked as expired. What was seen stays in all cases.
/// - What cannot be read, or is about another task, is trouble and changes no outcome, except that
///   Checking becomes Unreadable. Trouble ends with the next readable answer.
/// - Stalled: three or more readable, unchanged answers and quiet watched time beyond five minutes
///   and twice `usualLongestStep`. Trouble and pauses are not watched time. A change ends it.
/// - An outcome that needs attention is not acknowledged when it comes.
///
/// `now` is when the outcome is applied; `outcome.key` is that of the record.
[[nodiscard]] TaskRecord
advance(const TaskRecord &before, const PollOutcome &outcome, const Instant &now,
        std::optional<std::chrono::milliseconds> usualLongestStep = std::nullopt);

/// The task that the answer is about, if it is another than was asked for; else empty.
[[nodiscard]] QString foreignTask(const PollOutcome &outcome);
/// The trouble with such an answer; `id` may be empty.
[[nodiscard]] PollError foreignAnswer(const QString &id);

/// Forgets what only this run of the program can know (awake times, counts in a row), for a record
/// that comes back from the history or from an undo. What was stalled still is, for as long as was
/// watched: the time between does not count.
[[nodiscard]] TaskRecord resumed(TaskRecord record);

/// Quiet time must not count from here to the next readable answer: paused, or the server was.
void interruptWatching(TaskRecord &record);
