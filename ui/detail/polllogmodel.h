#pragma once

#include "task/polllog.h"

#include <QAbstractTableModel>
#include <QList>

#include <functional>

/// The last polls of a task, or of a server's tasks; the newest first.
class PollLogModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PollLogModel)

public:
    enum Column {
        TimeColumn,
        TaskColumn,
        StatusColumn,
        DurationColumn,
        OutcomeColumn,
        ColumnCount
    };

    /// A task's label; empty: it has none.
    using LabelOf = std::function<QString(const TaskKey &)>;

    explicit PollLogModel(QObject *parent = nullptr);

    /// For the task column, which has the ID of tasks without a label. Asked when it is painted.
    void setLabels(const LabelOf &labelOf) { m_labelOf = labelOf; }

    /// Oldest first, as PollLog keeps them. New polls come as rows at the top, old ones go at the
    /// bottom; the others stay.
    void setEntries(const QList<PollLogEntry> &entries);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;

private:
    [[nodiscard]] QString textOf(const PollLogEntry &entry, int column) const;

    QList<PollLogEntry> m_entries; ///< newest first
    LabelOf m_labelOf;
};
