#pragma once

#include "task/baselines.h"

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
        DurationColumn,
        TimelineColumn,
        ProgressColumn,
        StartColumn,
        MessageColumn,
        ColumnCount
    };
    enum Role {
        StateRole = Qt::UserRole, ///< int of StepState
        MinimizedRole,            ///< bool: the server hides the children at first
        // Of the timeline, where 1 is its longest line; invalid: unknown
        LengthRole,      ///< double: how long it took, or takes so far
        UsualLengthRole, ///< double: how long it usually takes
        UsualMarkRole,   ///< double: where a usual run would be by now, in one step alone
    };

    explicit StepTreeModel(QObject *parent = nullptr);
    ~StepTreeModel() override;

    void setSteps(const std::vector<TaskStep> &steps);
    /// How long steps usually take, by name, and where a usual run would be by now.
    void setUsual(const QHash<QString, Baseline::Duration> &medians,
                  const std::optional<UsualPlace> &place);
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
    void rescale();
    [[nodiscard]] std::chrono::milliseconds longest(const Node &above) const;
    void repaintTimeline(const Node &above);
    [[nodiscard]] std::optional<Baseline::Duration> usualOf(const Node &node) const;
    [[nodiscard]] bool isUsualPlace(const Node &node) const;
    [[nodiscard]] QVariant share(std::optional<std::chrono::milliseconds> length) const;
    void repaintIcons(const Node &above);
    /// Where nobody tells, the step before it.
    [[nodiscard]] static std::optional<QDateTime> startOf(const Node &node);
    [[nodiscard]] std::optional<std::chrono::milliseconds> durationOf(const Node &node) const;
    [[nodiscard]] QString textOf(const Node &node, int column) const;
    [[nodiscard]] static QString startTip(const Node &node);
    [[nodiscard]] QString toolTipOf(const Node &node, int column) const;
    [[nodiscard]] QString usualTip(const Node &node) const;

    std::unique_ptr<Node> m_root;
    QDateTime m_now;
    QHash<QString, Baseline::Duration> m_medians;
    std::optional<UsualPlace> m_place;
    std::chrono::milliseconds m_scale{0}; ///< the timeline's longest line
    QPalette m_palette;
};
