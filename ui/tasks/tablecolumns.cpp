#include "tasks/tablecolumns.h"

#include <QHeaderView>
#include <QMenu>
#include <QTableView>

#include <algorithm>

namespace {

constexpr int cellMargins = 16;

}

TableColumns::TableColumns(QTableView &view)
    : QObject(&view)
    , m_view(view)
{
}

TableLayout TableColumns::layout() const
{
    const QHeaderView *header = m_view.horizontalHeader();
    TableLayout layout;
    layout.sortColumn = TaskColumn(header->sortIndicatorSection());
    layout.sortOrder = header->sortIndicatorOrder();
    for (int visual = 0; visual < header->count(); ++visual) {
        const int section = header->logicalIndex(visual);
        // A hidden section has no size until it is shown again.
        const bool shown = !header->isSectionHidden(section);
        const int width = shown ? header->sectionSize(section) : m_hiddenWidths.value(section);
        layout.columns.append({TaskColumn(section), width, shown});
    }
    return layout;
}

void TableColumns::apply(const TableLayout &layout)
{
    QHeaderView *header = m_view.horizontalHeader();
    for (int visual = 0; visual < layout.columns.size(); ++visual) {
        const TableLayout::Column &each = layout.columns[visual];
        const int section = int(each.column);
        header->moveSection(header->visualIndex(section), visual);
        header->showSection(section);
        header->resizeSection(section, each.width);
        header->setSectionHidden(section, !each.shown);
        m_hiddenWidths.insert(section, each.width);
    }
    if (layout.sortColumn != TaskColumn(header->sortIndicatorSection())
        || layout.sortOrder != header->sortIndicatorOrder())
        m_view.sortByColumn(int(layout.sortColumn), layout.sortOrder);
    Q_EMIT shownChanged();
}

TableLayout TableColumns::shipped() const
{
    TableLayout layout = defaultLayout(m_view.fontMetrics().averageCharWidth());
    for (TableLayout::Column &each : layout.columns)
        each.width += cellMargins;
    return layout;
}

void TableColumns::setShown(TaskColumn column, bool shown)
{
    TableLayout changed = layout();
    for (TableLayout::Column &each : changed.columns)
        if (each.column == column)
            each.shown = shown;
    apply(changed);
}

void TableColumns::fillMenu(QMenu &menu)
{
    const QHeaderView *header = m_view.horizontalHeader();
    const bool isLast = header->count() - header->hiddenSectionCount() == 1;
    for (int section = 0; section < header->count(); ++section) {
        const bool isHidden = header->isSectionHidden(section);
        QAction *action = menu.addAction(TaskColumnInfo::title(TaskColumn(section)));
        action->setCheckable(true);
        action->setChecked(!isHidden);
        action->setEnabled(isHidden || !isLast);
        connect(action, &QAction::toggled, this,
                [this, section](bool shown) { setShown(TaskColumn(section), shown); });
    }
    menu.addSeparator();
    connect(menu.addAction(tr("Reset columns")), &QAction::triggered, this,
            [this] { apply(shipped()); });
}
