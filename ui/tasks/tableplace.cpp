#include "tasks/tableplace.h"

#include "tasks/tasktablemodel.h"

#include <QHeaderView>
#include <QScrollBar>
#include <QTableView>

#include <algorithm>

std::vector<int> TablePlace::selectedRows(const QTableView &view)
{
    std::vector<int> rows;
    const QItemSelection ranges = view.selectionModel()->selection();
    for (const QItemSelectionRange &range : ranges)
        for (int row = range.top(); row <= range.bottom(); ++row)
            rows.push_back(row);
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return rows;
}

TablePlace TablePlace::of(const QTableView &view, const TaskTableModel &model)
{
    TablePlace place;
    for (const int row : selectedRows(view))
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

void TablePlace::restore(QTableView &view, const TaskTableModel &model) const
{
    std::vector<int> rows;
    for (const TaskKey &key : selected)
        if (const int row = model.rowOf(key); row >= 0)
            rows.push_back(row);
    std::sort(rows.begin(), rows.end());
    QItemSelection selection;
    for (std::size_t i = 0; i < rows.size();) {
        const int first = rows[i];
        int last = first;
        for (++i; i < rows.size() && rows[i] == last + 1; ++i)
            last = rows[i];
        selection.append({model.index(first, 0), model.index(last, taskColumnCount - 1)});
    }
    view.selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);

    if (const int row = top ? model.rowOf(*top) : -1; row >= 0)
        view.verticalScrollBar()->setValue(view.verticalHeader()->sectionPosition(row) + topOffset);
    if (const int row = current ? model.rowOf(*current) : -1; row >= 0) {
        const QModelIndex index = model.index(row, view.horizontalHeader()->logicalIndex(0));
        view.selectionModel()->setCurrentIndex(index, QItemSelectionModel::NoUpdate);
        view.scrollTo(index);
    }
    view.horizontalScrollBar()->setValue(horizontal);
}
