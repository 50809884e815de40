#include "tasks/tasktableview.h"

#include "tasks/taskdelegate.h"
#include "tasks/taskheader.h"
#include "tasks/tasktablemodel.h"

#include <QApplication>
#include <QHeaderView>
#include <QMenu>
#include <QScrollBar>
#include <QSet>

#include <algorithm>

using std::chrono::milliseconds;
using namespace std::chrono_literals;

namespace {

constexpr milliseconds visiblePause = 100ms;
constexpr milliseconds holdTime = 3s;
constexpr int narrowestColumn = 24;
constexpr int cellMargins = 16;

} // namespace

struct TaskTableView::Place {
    QSet<TaskKey> selected;
    std::optional<TaskKey> current;
    std::optional<TaskKey> top;
    int topOffset = 0; ///< px of the top row that are scrolled away
    int horizontal = 0;
};

TaskTableView::TaskTableView(TaskTableModel &model, const Clock &clock, QWidget *parent)
    : QTableView(parent)
    , m_model(model)
    , m_clock(clock)
    , m_visibleTimer(clock.makeTimer([this] { publishVisible(); }))
    , m_holdTimer(clock.makeTimer([this] { pointerRested(); }))
    , m_tickTimer(clock.makeTimer([this] { tick(); }))
{
    setAccessibleName(tr("Tasks"));
    setItemDelegate(new TaskDelegate(this));
    connectModel();
    setModel(&model);
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(EditKeyPressed | DoubleClicked);
    setShowGrid(false);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollMode(ScrollPerPixel);
    setFrameShape(NoFrame);
    viewport()->setMouseTracking(true);
    setUpHeaders();
    // After QTableView's and its selection model's own: they forget everything.
    connect(&model, &TaskTableModel::modelReset, this, &TaskTableView::restorePlace);
    connect(&model, &TaskTableModel::layoutAboutToBeChanged, this, &TaskTableView::beforeRowsMove);
    connect(&model, &TaskTableModel::layoutChanged, this, &TaskTableView::afterRowsMoved);
    connect(&model, &TaskTableModel::rowsInserted, this, &TaskTableView::afterRowsMoved);
    connect(&model, &TaskTableModel::rowsRemoved, this, &TaskTableView::afterRowsMoved);
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this,
            [this] { m_visibleTimer->start(visiblePause); });
}

// Not a word to the model: where both are children of one window, it goes first.
TaskTableView::~TaskTableView() = default;

void TaskTableView::setUpHeaders()
{
    verticalHeader()->hide();
    verticalHeader()->setMinimumSectionSize(1);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(TaskDelegate::rowHeight(fontMetrics()));
    auto *header = new TaskHeader(this);
    setHorizontalHeader(header);
    header->setSectionsMovable(true);
    header->setFirstSectionMovable(true);
    header->setSectionsClickable(true);
    header->setMinimumSectionSize(narrowestColumn);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    header->setTextElideMode(Qt::ElideRight);
    header->setAccessibleName(tr("Columns"));
    connect(header, &QHeaderView::customContextMenuRequested, this,
            &TaskTableView::showColumnsMenu);
    resetLayout();
    setSortingEnabled(true);
}

/// Before QTableView's own connections: it forgets on a reset what is to be kept.
void TaskTableView::connectModel()
{
    connect(&m_model, &TaskTableModel::modelAboutToBeReset, this, &TaskTableView::rememberPlace);
    connect(&m_model, &TaskTableModel::rowsAboutToBeInserted, this, &TaskTableView::beforeRowsMove);
    connect(&m_model, &TaskTableModel::rowsAboutToBeRemoved, this,
            [this](const QModelIndex &, int first, int last) { leaveRows(first, last); });
    connect(&m_model, &TaskTableModel::dataChanged, this, &TaskTableView::tickSoon);
}

QList<TaskKey> TaskTableView::selectedTasks() const
{
    std::vector<int> rows;
    const QItemSelection ranges = selectionModel()->selection();
    for (const QItemSelectionRange &range : ranges)
        for (int row = range.top(); row <= range.bottom(); ++row)
            rows.push_back(row);
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    QList<TaskKey> keys;
    keys.reserve(qsizetype(rows.size()));
    for (const int row : rows)
        keys.append(m_model.keyAt(row));
    return keys;
}

std::optional<TaskKey> TaskTableView::currentTask() const
{
    const QModelIndex current = currentIndex();
    return current.isValid() ? std::optional(m_model.keyAt(current.row())) : std::nullopt;
}

void TaskTableView::setCurrentTask(const TaskKey &key)
{
    const int row = m_model.rowOf(key);
    if (row < 0)
        return;
    const int column =
        currentIndex().isValid() ? currentIndex().column() : horizontalHeader()->logicalIndex(0);
    const QModelIndex index = m_model.index(row, column);
    selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect
                                                 | QItemSelectionModel::Rows);
    scrollTo(index);
}

QByteArray TaskTableView::saveLayout() const
{
    return layoutToBytes(currentLayout());
}

bool TaskTableView::restoreLayout(const QByteArray &bytes)
{
    const auto layout = layoutFromBytes(bytes, defaultLayout(characterWidth()));
    if (layout)
        applyLayout(*layout);
    return layout.has_value();
}

void TaskTableView::resetLayout()
{
    TableLayout layout = defaultLayout(characterWidth());
    for (TableLayout::Column &each : layout.columns)
        each.width += cellMargins;
    applyLayout(layout);
}

int TaskTableView::characterWidth() const
{
    return fontMetrics().averageCharWidth();
}

TableLayout TaskTableView::currentLayout() const
{
    const QHeaderView *header = horizontalHeader();
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

void TaskTableView::applyLayout(const TableLayout &layout)
{
    QHeaderView *header = horizontalHeader();
    for (int visual = 0; visual < layout.columns.size(); ++visual) {
        const TableLayout::Column &each = layout.columns[visual];
        header->moveSection(header->visualIndex(int(each.column)), visual);
        header->showSection(int(each.column));
        header->resizeSection(int(each.column), each.width);
        m_hiddenWidths.insert(int(each.column), each.width);
        header->setSectionHidden(int(each.column), !each.shown);
        if (each.column == TaskColumn::Checked)
            m_model.setCheckedShown(each.shown);
    }
    sortByColumn(int(layout.sortColumn), layout.sortOrder);
}

void TaskTableView::setColumnShown(TaskColumn column, bool shown)
{
    TableLayout layout = currentLayout();
    for (TableLayout::Column &each : layout.columns)
        if (each.column == column)
            each.shown = shown;
    applyLayout(layout);
}

void TaskTableView::fillColumnsMenu(QMenu &menu)
{
    const TableLayout layout = currentLayout();
    const auto shownCount = std::count_if(layout.columns.begin(), layout.columns.end(),
                                          [](const auto &each) { return each.shown; });
    for (int i = 0; i < taskColumnCount; ++i) {
        const auto column = TaskColumn(i);
        QAction *action = menu.addAction(TaskColumnInfo::title(column));
        action->setCheckable(true);
        action->setChecked(!isColumnHidden(i));
        action->setEnabled(isColumnHidden(i) || shownCount > 1);
        connect(action, &QAction::toggled, this,
                [this, column](bool shown) { setColumnShown(column, shown); });
    }
    menu.addSeparator();
    connect(menu.addAction(tr("Reset columns")), &QAction::triggered, this,
            &TaskTableView::resetLayout);
}

void TaskTableView::showColumnsMenu(QPoint position)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    fillColumnsMenu(*menu);
    menu->popup(horizontalHeader()->viewport()->mapToGlobal(position));
}

void TaskTableView::keyboardSearch(const QString &search)
{
    const milliseconds now = m_clock.now().awake;
    const bool goesOn = now - m_searchedAt < milliseconds(QApplication::keyboardInputInterval());
    m_searchedAt = now;
    m_search = goesOn ? m_search + search : search;
    // The same letter again steps through what begins with it.
    const bool isOneLetter = m_search.count(m_search.at(0), Qt::CaseInsensitive) == m_search.size();
    const QString wanted = isOneLetter ? m_search.first(1) : m_search;
    const int row = m_model.findRow(wanted, currentIndex().row() + (isOneLetter ? 1 : 0));
    if (row >= 0)
        setCurrentTask(m_model.keyAt(row));
}

bool TaskTableView::edit(const QModelIndex &index, EditTrigger trigger, QEvent *event)
{
    const int label = int(TaskColumn::Label);
    if (trigger == EditKeyPressed && index.isValid() && !isColumnHidden(label))
        return QTableView::edit(index.siblingAtColumn(label), trigger, event);
    return QTableView::edit(index, trigger, event);
}

void TaskTableView::rememberPlace()
{
    m_isResetting = true;
    m_place = std::make_unique<Place>();
    const QList<TaskKey> selected = selectedTasks();
    m_place->selected = QSet<TaskKey>(selected.begin(), selected.end());
    m_place->current = currentTask() ? currentTask() : m_missed;
    m_place->horizontal = horizontalScrollBar()->value();
    if (const int top = rowAt(0); top >= 0) {
        m_place->top = m_model.keyAt(top);
        m_place->topOffset = -rowViewportPosition(top);
    }
}

void TaskTableView::restorePlace()
{
    const std::unique_ptr<Place> place = std::exchange(m_place, nullptr);
    if (!place)
        return;
    QItemSelection selection;
    const int lastColumn = m_model.columnCount() - 1;
    std::vector<int> rows;
    for (const TaskKey &key : std::as_const(place->selected))
        if (const int row = m_model.rowOf(key); row >= 0)
            rows.push_back(row);
    std::sort(rows.begin(), rows.end());
    for (std::size_t i = 0; i < rows.size();) {
        const int first = rows[i];
        int last = first;
        for (++i; i < rows.size() && rows[i] == last + 1; ++i)
            last = rows[i];
        selection.append({m_model.index(first, 0), m_model.index(last, lastColumn)});
    }
    selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);

    const int current = place->current ? m_model.rowOf(*place->current) : -1;
    m_missed = current < 0 ? place->current : std::nullopt;
    executeDelayedItemsLayout();
    if (const int top = place->top ? m_model.rowOf(*place->top) : -1; top >= 0)
        verticalScrollBar()->setValue(verticalHeader()->sectionPosition(top) + place->topOffset);
    horizontalScrollBar()->setValue(place->horizontal);
    if (current >= 0) {
        const QModelIndex index = m_model.index(current, horizontalHeader()->logicalIndex(0));
        selectionModel()->setCurrentIndex(index, QItemSelectionModel::NoUpdate);
        scrollTo(index);
    }
    m_isResetting = false;
    publishCurrent();
    Q_EMIT selectedTasksChanged();
    m_visibleTimer->start(visiblePause);
}

void TaskTableView::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QTableView::currentChanged(current, previous);
    if (m_isResetting)
        return;
    if (current.isValid())
        m_missed.reset();
    publishCurrent();
}

void TaskTableView::publishCurrent()
{
    const auto current = currentTask();
    m_model.keepShown(current);
    if (std::exchange(m_current, current) != current)
        Q_EMIT currentTaskChanged(current);
}

void TaskTableView::selectionChanged(const QItemSelection &selected,
                                     const QItemSelection &deselected)
{
    QTableView::selectionChanged(selected, deselected);
    if (!m_isResetting)
        Q_EMIT selectedTasksChanged();
}

std::pair<int, int> TaskTableView::visibleRows() const
{
    const int first = isVisible() ? rowAt(0) : -1;
    if (first < 0)
        return {0, -1};
    const int last = rowAt(viewport()->height() - 1);
    return {first, last < 0 ? m_model.rowCount() - 1 : last};
}

void TaskTableView::publishVisible()
{
    const auto [first, last] = visibleRows();
    QList<TaskKey> keys;
    for (int row = first; row <= last; ++row)
        keys.append(m_model.keyAt(row));
    if (keys == m_visible)
        return;
    m_visible = keys;
    tickSoon();
    Q_EMIT visibleTasksChanged(keys);
}

bool TaskTableView::isInView(const QModelIndex &index) const
{
    return index.isValid() && rowViewportPosition(index.row()) >= 0
           && rowViewportPosition(index.row()) + rowHeight(index.row()) <= viewport()->height();
}

void TaskTableView::beforeRowsMove()
{
    m_currentInView = isInView(currentIndex());
}

void TaskTableView::afterRowsMoved()
{
    if (m_currentInView && currentIndex().isValid()) {
        const int horizontal = horizontalScrollBar()->value();
        scrollTo(currentIndex());
        horizontalScrollBar()->setValue(horizontal);
    }
    m_visibleTimer->start(visiblePause);
}

/// The next row takes over from the current one; Qt's choice would be the row above, not selected.
void TaskTableView::leaveRows(int first, int last)
{
    const QModelIndex current = currentIndex();
    if (!current.isValid() || current.row() < first || current.row() > last)
        return;
    const int next = last + 1 < m_model.rowCount() ? last + 1 : first - 1;
    const QItemSelection selection = selectionModel()->selection();
    const bool nothingStays =
        std::all_of(selection.begin(), selection.end(), [first, last](const auto &range) {
            return range.top() >= first && range.bottom() <= last;
        });
    if (next >= 0)
        selectionModel()->setCurrentIndex(current.siblingAtRow(next),
                                          nothingStays ? QItemSelectionModel::ClearAndSelect
                                                             | QItemSelectionModel::Rows
                                                       : QItemSelectionModel::NoUpdate);
}

bool TaskTableView::viewportEvent(QEvent *event)
{
    switch (event->type()) {
    case QEvent::MouseMove:
    case QEvent::MouseButtonPress:
    case QEvent::HoverMove:
    case QEvent::Wheel:
        pointerMoved();
        break;
    default:
        break;
    }
    return QTableView::viewportEvent(event);
}

void TaskTableView::pointerMoved()
{
    m_model.holdOrder(true);
    m_holdTimer->start(holdTime);
}

void TaskTableView::setHeld(bool held)
{
    m_held = held;
    if (held || !m_holdTimer->isActive())
        m_model.holdOrder(held);
}

void TaskTableView::pointerRested()
{
    if (state() == EditingState)
        m_holdTimer->start(holdTime); // nor under the fingers
    else
        m_model.holdOrder(m_held);
}

void TaskTableView::tick()
{
    const auto [first, last] = visibleRows();
    const milliseconds next = m_model.refreshTimes(first, last);
    m_ticksSlowly = next > 1s;
    m_tickTimer->start(next);
}

/// Something changed that may tick: do not sleep on.
void TaskTableView::tickSoon()
{
    if (std::exchange(m_ticksSlowly, false) && m_tickTimer->isActive())
        m_tickTimer->start(1s);
}

void TaskTableView::changeEvent(QEvent *event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        verticalHeader()->setDefaultSectionSize(TaskDelegate::rowHeight(fontMetrics()));
}

void TaskTableView::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    m_visibleTimer->start(visiblePause);
}

void TaskTableView::showEvent(QShowEvent *event)
{
    QTableView::showEvent(event);
    m_visibleTimer->start(0ms);
    m_tickTimer->start(1s);
}

void TaskTableView::hideEvent(QHideEvent *event)
{
    QTableView::hideEvent(event);
    m_visibleTimer->start(0ms);
    m_tickTimer->stop();
}
