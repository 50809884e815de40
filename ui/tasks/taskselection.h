#pragma once

#include "tasks/slottablemodel.h"

#include <QAccessible>
#include <QItemSelectionModel>

/// Which tasks are selected, kept by their slots: to bring the rows into another order costs the
/// same, however many are selected and wherever they are. (QItemSelectionModel alone keeps two
/// persistent indexes per range: every second one of 100,000 rows took 175 ms per order.)
///
/// Rows are selected whole. What the base class answers (isSelected, selectedRows) is complete
/// while it takes few ranges, and always while accessibility is used; else it is right in the rows
/// that are seen and about whether anything is selected at all: rows() knows them all.
class TaskSelection final : public QItemSelectionModel, private QAccessible::ActivationObserver
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TaskSelection)

public:
    explicit TaskSelection(SlotTableModel &model, QObject *parent = nullptr);
    ~TaskSelection() override;

    using QItemSelectionModel::select;
    void select(const QItemSelection &selection, SelectionFlags command) override;
    void reset() override;
    /// These and no others.
    void selectRows(const std::vector<int> &rows);

    /// All of them, ascending.
    [[nodiscard]] std::vector<int> rows() const;
    [[nodiscard]] bool hasOutside(int firstRow, int lastRow) const;
    /// These rows are on the screen; without any, `lastRow` is the lower one.
    void setSeen(int firstRow, int lastRow);

private:
    using Slot = SlotTableModel::Slot;
    using Marks = std::vector<char>; ///< by slot; may be shorter than there are slots

    [[nodiscard]] static bool isMarked(const Marks &marks, Slot slot);
    static void mark(Marks &marks, Slot slot, bool is);
    [[nodiscard]] QItemSelectionRange range(int firstRow, int lastRow) const;
    void accessibilityActiveChanged(bool active) override;
    void say(const Marks &before);
    void leaveRows(int first, int last);
    void empty();
    void refresh();
    void show();

    SlotTableModel &m_model;
    Marks m_chosen;
    Marks m_settled; ///< as it was before what is being dragged or extended with Shift
    int m_firstSeen = 0;
    int m_lastSeen = -1;
    int m_firstRow = -1; ///< of those that are selected
    int m_rangeCount = 0;
    bool m_showsAll = true;
    bool m_isAccessed = false; ///< by a screen reader or the like
};
