#pragma once

#include "base/taskid.h"

#include <QList>
#include <QUrl>

#include <tl/expected.hpp>

/// What a `taskwatch:` address names: `taskwatch:ID`, or `taskwatch:track?id=ID&id=…&server=URL`.
/// Any web page can make one: it only chooses what is shown to the operator, who then decides.
struct TaskLink {
    QList<TaskId> ids; ///< 1 to 100, each once
    QUrl server;       ///< scheme, host and port only; empty: none was named

    friend bool operator==(const TaskLink &, const TaskLink &) = default;

    /// As a person would write it, an ID or a task's address a line.
    [[nodiscard]] QString asText() const;
};

[[nodiscard]] bool isTaskLink(const QString &text);
/// Pure. IDs are of letters, digits, '-', '_' and '.' here, 128 at most. The error is in words and
/// shows nothing of the address.
[[nodiscard]] tl::expected<TaskLink, QString> parseTaskLink(const QString &text);
