#pragma once

#include "task/tasksnapshot.h"

#include <QAbstractItemModel>
#include <QDateTime>
#include <QPalette>

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

/// The steps of one task as a tree. An update changes, adds and removes single rows: a step stays
/// the same row as long as its name and order last.
class StepTreeModel final : public QAbstractItemModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StepTreeModel)

public:
    enum Column {
        NameColumn,
        ProgressColumn,
        StartColumn,
        DurationColumn,
        MessageColumn,
        ColumnCount
    };
    enum Role {
        PercentRole = Qt::UserRole, ///< int 0..100; invalid: unknown
        StateRole,                  ///< int of StepState
        MinimizedRole,              ///< bool: the server hides the children at first
    };

    explicit StepTreeModel(QObject *parent = nullptr);
    ~StepTreeModel() override;

    void setSteps(const std::vector<TaskStep> &steps);
    /// Forgets all rows first: of another task.
    void clear();
    /// Moves the durations of running steps on; UTC.
    void setNow(const QDateTime &now);
    /// Icons are drawn for it.
    void setPalette(const QPalette &palette);
    /// The deepest running step, the last one of several; invalid if none runs.
    [[nodiscard]] QModelIndex runningStep() const;

    [[nodiscard]] QModelIndex index(int row, int column,
                                    const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &child) const override;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    struct Node;

    [[nodiscard]] Node &nodeAt(const QModelIndex &index) const;
    [[nodiscard]] QModelIndex indexOf(const Node &node, int column = NameColumn) const;
    void merge(Node &above, const std::vector<TaskStep> &steps);
    void mergeStep(Node &node, const TaskStep &step);
    [[nodiscard]] static std::unique_ptr<Node> makeNode(const TaskStep &step, Node *parent,
                                                        int row);
    void insert(Node &above, int row, const TaskStep &step);
    void remove(Node &above, int first, int last);
    void tick(const Node &above);
    void repaintIcons(const Node &above);
    [[nodiscard]] std::optional<std::chrono::milliseconds> durationOf(const TaskStep &step) const;
    [[nodiscard]] QString textOf(const TaskStep &step, int column) const;
    [[nodiscard]] QString toolTipOf(const TaskStep &step, int column) const;

    std::unique_ptr<Node> m_root;
    QDateTime m_now;
    QPalette m_palette;
};
