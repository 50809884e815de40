#pragma once

#include "history/historychange.h"

/// What the search knows of tasks, and how it is asked.
namespace HistoryWords {

/// Of one task, at most.
inline constexpr qsizetype mostText = 32 * 1024;

/// All that can be found of a task: IDs, action, label, note, tags, steps, what came out, errors.
/// Never a secret.
[[nodiscard]] QString textOf(const TaskRecord &record, const HistoryFunctions &functions);

/// An FTS5 expression for whatever somebody typed: each word is the beginning of one, all must be
/// there; an ID's parts must follow each other. Empty where nothing can be looked for.
[[nodiscard]] QString expressionOf(const QString &typed);

} // namespace HistoryWords
