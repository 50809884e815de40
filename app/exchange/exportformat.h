#pragma once

#include "base/taskid.h"

#include <QHash>
#include <QString>
#include <QUrl>

#include <optional>

/// What tasks are exported as.
enum class ExportFormat {
    Json,     ///< can be imported again
    Csv,      ///< a row per task, for spreadsheets
    Markdown, ///< an incident report for people
};

/// A server as exports name it.
struct NamedServer {
    QString name;
    QUrl apiRoot;

    friend bool operator==(const NamedServer &, const NamedServer &) = default;
};
using NamedServers = QHash<ServerId, NamedServer>;

/// Without the dot.
[[nodiscard]] QString suffixOf(ExportFormat format);
/// By the file name's end; absent where it tells nothing.
[[nodiscard]] std::optional<ExportFormat> formatOf(const QString &fileName);
