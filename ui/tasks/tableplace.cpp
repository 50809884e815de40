#include "tasks/tableplace.h"

#include "tasks/taskselection.h"
#include "tasks/tasktablemodel.h"

#include <QHeaderView>
#include <QScrollBar>
#include <QTableView>

TablePlace TablePlace::of(const QTableView &view, const TaskSelection &selection,
                          const TaskTableModel &model)
{
    TablePlace place;
    for (const int row : selection.rows())
        place.selected.insert(model.keyAt(row));
    if (const QModelIndex current = view.currentIndex(); current.isValid())
        place.current = model.keyAt(current.row());
    if (const int top = view.rowAt(0); top >= 0) {
        place.top = model.keyAt(top);
        place.topOffset = -view.rowViewportPosition(top);
    }
    place.horizontal = view.horizontalScrollBar()->value();
    return place;
}

void TablePlace::restore(QTableView &view, TaskSelection &selection,
                         const TaskTableModel &model) const
{
    std::vector<int> rows;
    for (const TaskKey &key : selected)
        if (const int row = model.rowOf(key); row >= 0)
            rows.push_back(row);
    selection.selectRows(rows);

    if (const int row = top ? model.rowOf(*top) : -1; row >= 0)
        view.verticalScrollBar()->setValue(view.verticalHeader()->sectionPosition(row) + topOffset);
    if (const int row = current ? model.rowOf(*current) : -1; row >= 0) {
        const QModelIndex index = model.index(row, view.horizontalHeader()->logicalIndex(0));
        selection.setCurrentIndex(index, QItemSelectionModel::NoUpdate);
        view.scrollTo(index);
    }
    view.horizontalScrollBar()->setValue(horizontal);
}
