#pragma once

#include "exchange/exportformat.h"
#include "task/taskrecord.h"

#include <QHash>
#include <QString>

/// Facts about tasks for a mail, a ticket or an incident. Results are not in them, so that no
/// secret is; details of errors have theirs masked. `now` in UTC.
namespace TaskReport {

/// A line each.
[[nodiscard]] QString ids(const QList<TaskKey> &keys);

/// Plain text, a block per task: what is copied from the table.
[[nodiscard]] QString text(const QList<TaskRecord> &records,
                           const QHash<ServerId, QString> &serverNames, const QDateTime &now);

/// The beginning of a Markdown report.
[[nodiscard]] QString markdownHead(qsizetype count, const QDateTime &now);
/// One task's section: the facts of the plain text, and steps with times, problems and the error's
/// details. What servers wrote is no markup.
[[nodiscard]] QString markdown(const TaskRecord &record, const NamedServer &server,
                               const QDateTime &now);
/// Such text with what Markdown takes for markup escaped.
[[nodiscard]] QString escaped(const QString &text);

} // namespace TaskReport
