#pragma once

#include "tasks/taskcolumn.h"
#include "tasks/taskindex.h"

#include <QAbstractTableModel>

/// A table whose rows are slots in an order of their own. Brings a new order to the views by row
/// signals and layout changes, so that selection and current row stay with their slots.
class SlotTableModel : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SlotTableModel)

public:
    using Slot = TaskIndex::Slot;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const final;
    /// Of who is in this row, for as long as it exists.
    [[nodiscard]] Slot slotAt(int row) const { return m_index.slotAt(row); }

protected:
    explicit SlotTableModel(QObject *parent);
    ~SlotTableModel() override;

    [[nodiscard]] const TaskIndex &rows() const { return m_index; }
    /// Removes, moves and inserts rows until they are as `target`, with at most one layout change.
    void showOrder(std::vector<Slot> target);
    /// The same slots in another order.
    void relayout(std::vector<Slot> order);
    void append(const std::vector<Slot> &newcomers);
    /// Between beginResetModel and endResetModel.
    void resetOrder(std::vector<Slot> order) { m_index.assign(std::move(order)); }

    /// Says which cells differ, by row: neighbours in one signal.
    void announce(std::vector<std::pair<int, TaskColumns>> changes);
    void announceColumn(TaskColumn column);

private:
    void insert(int row, std::span<const Slot> newcomers);
    void erase(int row, int count);

    TaskIndex m_index;
};
