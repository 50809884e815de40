#pragma once

#include "task/taskrecord.h"
#include "task/taskview.h"

#include <QLatin1String>
#include <QString>
#include <QVariant>
#include <Qt>

#include <array>
#include <cstddef>
#include <cstdint>

/// The columns of the task table, in the order of the default layout; optional ones last.
enum class TaskColumn {
    Status,
    Action,
    Label,
    Progress,
    CurrentStep,
    Elapsed,
    Started,
    LastChange,
    Server,
    TaskId,
    Finished,
    Steps,
    Summary,
    User,
    Connection,
    Checked,
    Expected,
    TimeLeft,
    Tags,
    Note
};
inline constexpr int taskColumnCount = int(TaskColumn::Note) + 1;

/// A set of columns, a bit each.
using TaskColumns = std::uint32_t;
[[nodiscard]] constexpr TaskColumns bit(TaskColumn column)
{
    return TaskColumns{1} << unsigned(column);
}

/// What the delegate paints from, beside Qt's own roles.
enum TaskRole {
    OutcomeRole = Qt::UserRole, ///< int of Outcome
    ExpiredRole,                ///< bool
    ConnectionRole,             ///< int of Connection; of Connection cells
    PercentRole,                ///< int 0..100, or invalid: unknown
    ColourMarkRole,             ///< int of the server's ColourMark, 0: none; of Server cells
    UsualMarkRole,              ///< double 0..1: where a usual run would be by now, or invalid
};

namespace TaskColumnInfo {

/// Never translated, for files.
[[nodiscard]] QLatin1String name(TaskColumn column);
[[nodiscard]] QString title(TaskColumn column);
/// What the header shows; the alignment is also that of the cells.
[[nodiscard]] QVariant header(TaskColumn column, int role);
[[nodiscard]] bool shownByDefault(TaskColumn column);
/// In widths of an average character.
[[nodiscard]] int defaultCharacters(TaskColumn column);
/// Durations and moments: right-aligned.
[[nodiscard]] bool isNumeric(TaskColumn column);

} // namespace TaskColumnInfo
