#pragma once

#include "base/taskid.h"

#include <QList>
#include <QString>

#include <tl/expected.hpp>

/// A task to watch from the start.
struct WatchFileRow {
    TaskId id;
    QString label; ///< may be empty

    friend bool operator==(const WatchFileRow &, const WatchFileRow &) = default;
};

/// Reads the file of --watch-file: in each line a JSON object {"taskId","label"}, or an ID alone.
/// The error names the line, translated.
[[nodiscard]] tl::expected<QList<WatchFileRow>, QString> readWatchFile(const QString &path);
