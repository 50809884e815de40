#pragma once

#include "task/baseline.h"
#include "task/taskfacts.h"

#include <QString>

#include <chrono>
#include <optional>

/// The words for what tasks are, translated; the same in the window, on the command line and in
/// reports.
namespace TaskWords {

/// "Running", "Completed with problems"; "Expired" for a final outcome that the server forgot.
[[nodiscard]] QString word(Outcome outcome, bool expired = false);

/// For machines, never translated: "completed-with-problems".
[[nodiscard]] QString kebab(Outcome outcome);
/// The way back; absent for any other word.
[[nodiscard]] std::optional<Outcome> outcomeOf(const QString &kebab);

/// What the state means, and what the operator can do: a tooltip.
[[nodiscard]] QString explanation(const TaskRecord &record);

/// The one line: what runs, what failed, what came out. May be empty; plain text without line
/// breaks, never a secret.
[[nodiscard]] QString summary(const TaskRecord &record);

/// Of a stalled task: "No change for 12 min; usually this step takes 2 min."
[[nodiscard]] QString standstill(const TaskRecord &record,
                                 const std::optional<Baseline::Usual> &usualStep);
/// For machines, never translated: "waiting", "running", "completed", "failed", "skipped", "info".
[[nodiscard]] QString kebab(StepState state);
[[nodiscard]] QString word(StepState state);

/// "500: INSUFFICIENT_PAYER_BALANCE", or the one of both that there is. As the server wrote it.
[[nodiscard]] QString error(const TaskError &error);

/// A moment in full, in local time with its zone: for tooltips and reports.
[[nodiscard]] QString absolute(const QDateTime &at);

/// Short, for columns: "0.2 s", "6 s", "2:05", "1 h 12 min", "3 days".
[[nodiscard]] QString duration(std::chrono::milliseconds length);

/// Its length in the words of one of the functions here, "over 4 min" of at least that. Empty for
/// none.
[[nodiscard]] QString span(const std::optional<TaskFacts::Span> &span,
                           QString (*length)(std::chrono::milliseconds));

/// For a value that ticks: as duration(), but "0:09" from the first second on.
[[nodiscard]] QString ticking(std::chrono::milliseconds length);

/// For sentences: "0.2 s", "4 min 12 s", "1 h 12 min", "3 days".
[[nodiscard]] QString longDuration(std::chrono::milliseconds length);

/// "No longer on the server since …. What is shown was seen last.", with the moment put in words.
[[nodiscard]] QString lost(const QString &moment);

/// "usually 12–18 min", from quartile to quartile.
[[nodiscard]] QString usually(const Baseline::Usual &usual);

/// For sentences: "12–18 min"; one value where both ends read the same.
[[nodiscard]] QString range(const Baseline::Range &range);

} // namespace TaskWords
