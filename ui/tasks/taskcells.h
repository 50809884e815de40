#pragma once

#include "tasks/taskrows.h"

#include <QVariant>

/// What the cells of a row say, by column and role: words, numbers, tooltips.
class TaskCells
{
public:
    using Slot = TaskRows::Slot;

    /// All must outlive this.
    TaskCells(const TaskRows &rows, const TaskStore &store, const Clock &clock);

    /// The roles that cells of these columns change.
    [[nodiscard]] static QList<int> roles(TaskColumns columns);
    [[nodiscard]] QVariant data(Slot slot, TaskColumn column, int role) const;
    /// Elapsed, Last change, Checked, Time left, or the Summary as they read at `now`.
    [[nodiscard]] QString passing(Slot slot, TaskColumn column, const QDateTime &now) const;

    /// 0..1: where a usual run would be at `now`.
    [[nodiscard]] std::optional<double> usualMark(Slot slot, const QDateTime &now) const;

private:
    [[nodiscard]] QString text(Slot slot, TaskColumn column) const;
    [[nodiscard]] QString spokenProgress(const TaskRow &row) const;
    [[nodiscard]] QString toolTip(Slot slot, TaskColumn column) const;
    [[nodiscard]] QString connectionTip(Slot slot) const;
    [[nodiscard]] QString statusTip(const TaskRecord &record) const;
    [[nodiscard]] QString usualTip(Slot slot) const;
    [[nodiscard]] QString moment(qint64 time) const;
    [[nodiscard]] QString started(const TaskRow &row) const;

    const TaskRows &m_rows;
    const TaskStore &m_store;
    const Clock &m_clock;
};
