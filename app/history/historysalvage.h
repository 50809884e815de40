#pragma once

#include "history/historychange.h"

#include <QList>

/// What could be read of a damaged history.
struct Salvaged {
    int tasks = 0;     ///< read and taken
    int bare = 0;      ///< of them without their reply, which could not be read
    int odd = 0;       ///< of them with something that is not as it was kept
    bool whole = true; ///< nothing was seen to be missing
};

/// Reads a damaged file row by row, round what cannot be read, without writing to it. Where the
/// first page is damaged, the one of `fresh`, a new history, takes its place in a copy. `take` gets
/// the tasks in batches and says false to stop. For one thread.
[[nodiscard]] Salvaged salvageHistory(const QString &file, const QString &fresh,
                                      const HistoryFunctions &functions,
                                      const std::function<bool(const QList<TaskRecord> &)> &take);
