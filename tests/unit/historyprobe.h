#pragma once

#include "history/historystore.h"

#include <QStringList>

/// What a history test needs of the other rooms, simple enough to be seen through.
namespace HistoryProbe {
/// Reads `{"action", "percent", "result", "secret", "error", "problem",
/// "steps": [names]}`; anything but an object is
/// unreadable.
[[nodiscard]] HistoryFunctions functions();
/// A reply that functions() can read, and the record that it gives.
[[nodiscard]] ReplyData reply(const QByteArray &body);
[[nodiscard]] TaskRecord record(const TaskKey &key, const QByteArray &body);

/// Runs as a program of its own, if the arguments ask for it: `--show FILE` prints what a store
/// says on opening FILE, a line each; `--write FILE` saves tasks for ever and prints how many are
/// on disk. Absent: they ask for nothing of ours.
[[nodiscard]] std::optional<int> run(const QStringList &arguments);
} // namespace HistoryProbe
