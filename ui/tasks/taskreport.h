#pragma once

#include "task/taskrecord.h"

#include <QHash>
#include <QString>

/// What is copied from the table.
namespace TaskReport {

/// A line each.
[[nodiscard]] QString ids(const QList<TaskKey> &keys);

/// Facts about tasks for a mail or a ticket: plain text, a block per task. Results are not in it,
/// so that no secret is. `now` in UTC.
[[nodiscard]] QString text(const QList<TaskRecord> &records,
                           const QHash<ServerId, QString> &serverNames, const QDateTime &now);

} // namespace TaskReport
