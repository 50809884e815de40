#pragma once

#include "history/historychange.h"

/// What the search knows of tasks, and how it is asked.
namespace HistoryWords {

/// Of one task, at most.
inline constexpr qsizetype mostText = 32 * 1024;

/// A task's reply without its secrets; null where none was ever read.
[[nodiscard]] QByteArray openReply(const TaskRecord &record, const HistoryFunctions &functions);

/// What such a reply says, as the verdict and the errors repeat parts of it; with the times of
/// sight that the record has, and its steps where the reply names none. `open`: its openReply().
/// Null where nothing can be read from it.
[[nodiscard]] std::shared_ptr<const TaskSnapshot>
openPart(const TaskRecord &record, const QByteArray &open, const HistoryFunctions &functions);

/// All that can be found of a task: IDs, action, label, note, tags, steps, what came out, errors.
/// Never a secret. `told`: its openPart().
[[nodiscard]] QString textOf(const TaskRecord &record, const TaskSnapshot *told,
                             const HistoryFunctions &functions);

/// An FTS5 expression for whatever somebody typed: each word is the beginning of one, all must be
/// there; an ID's parts, and the words of a phrase in quotes, must follow each other. Empty where
/// nothing can be looked for.
[[nodiscard]] QString expressionOf(const QString &typed);

} // namespace HistoryWords
