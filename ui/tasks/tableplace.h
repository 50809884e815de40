#pragma once

#include "base/taskid.h"

#include <QSet>

#include <optional>

class QTableView;
class TaskSelection;
class TaskTableModel;

/// Where somebody is in a table of tasks, by the tasks themselves: outlives a reset of the model.
struct TablePlace {
    QSet<TaskKey> selected;
    std::optional<TaskKey> current;
    std::optional<TaskKey> top;
    int topOffset = 0;  ///< px of the top row that are scrolled away
    int horizontal = 0; ///< px

    [[nodiscard]] static TablePlace of(const QTableView &view, const TaskSelection &selection,
                                       const TaskTableModel &model);
    /// As far as its tasks are still shown; the current one is scrolled to.
    void restore(QTableView &view, TaskSelection &selection, const TaskTableModel &model) const;
};
