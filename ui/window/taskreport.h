#pragma once

#include "task/taskrecord.h"

#include <QString>

/// A task as plain text, to paste into a message: what it is, how it stands, its steps, its error.
/// Never its result. `server` names the server; `now` (UTC) is for tasks that still run.
[[nodiscard]] QString taskReport(const TaskRecord &record, const QString &server,
                                 const QDateTime &now);
