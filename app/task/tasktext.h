#pragma once

#include "task/baselines.h"

/// What the table's cells say: the filter finds what they show.
namespace TaskText {

struct Marks {
    bool slow = false; ///< slower than usual
    bool seen = false; ///< a problem that somebody has acknowledged
    bool pinned = false;
};
/// The status' word, and what else there is to know at a glance.
[[nodiscard]] QString status(const QString &word, const Marks &marks);
/// "now", "12 s ago", "5 min ago", "3 h ago", "2 days ago".
[[nodiscard]] QString ago(std::chrono::milliseconds past);
/// A moment in local time: no date on `today` (local), no time in another year. Empty for none.
[[nodiscard]] QString moment(const QDateTime &at, const QDate &today);
/// As moment(), "by 15:37" where it had begun by then. Empty for none.
[[nodiscard]] QString started(const QDateTime &at, bool isBy, const QDate &today);
/// 100 when completed, whatever was said last; absent: unknown.
[[nodiscard]] std::optional<int> percent(const TaskRecord &record);
/// "38%", "step 4" or nothing. `stepsTotal`: 0 where nobody knows, as below.
[[nodiscard]] QString progress(const std::optional<int> &percent, int stepsDone, int stepsTotal,
                               Outcome outcome);
/// "3 of 7", "3" where nobody knows of how many, or nothing.
[[nodiscard]] QString steps(int done, int total);
/// "13 steps", or nothing for none.
[[nodiscard]] QString expected(int steps);
/// Of a stalled task, in place of its summary: for how long, and what is usual of the step that
/// runs, if one does.
[[nodiscard]] QString standstill(const TaskRecord &record, const Baselines &baselines);

} // namespace TaskText
