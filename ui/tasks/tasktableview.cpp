#include "tasks/tasktableview.h"

#include "tasks/tablecolumns.h"
#include "tasks/taskdelegate.h"
#include "tasks/taskheader.h"
#include "tasks/taskselection.h"
#include "tasks/tasktablemodel.h"

#include <QFocusEvent>
#include <QHeaderView>
#include <QMenu>
#include <QScrollBar>

#include <algorithm>

using std::chrono::milliseconds;
using namespace std::chrono_literals;

namespace {

constexpr milliseconds visiblePause = 100ms;

} // namespace

TaskTableView::TaskTableView(TaskTableModel &model, const Clock &clock, QWidget *parent)
    : QTableView(parent)
    , m_model(model)
    , m_clock(clock)
    , m_ticker(model, clock, [this] { return visibleRows(); })
    , m_orderHold(model, clock, [this] { return state() == EditingState; })
    , m_visibleTimer(clock.makeTimer([this] { publishVisible(); }))
{
    setAccessibleName(tr("Tasks"));
    setItemDelegate(new TaskDelegate(this));
    connectModel();
    setModel(&model);
    const std::unique_ptr<QItemSelectionModel> replaced(selectionModel());
    m_selection = new TaskSelection(model, this);
    setSelectionModel(m_selection);
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
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, [this] {
        saySeen();
        m_visibleTimer->start(visiblePause);
    });
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
    connect(header, &QHeaderView::customContextMenuRequested, this,
            &TaskTableView::showColumnsMenu);
    m_columns = new TableColumns(*this);
    connect(m_columns, &TableColumns::shownChanged, this,
            [this] { m_model.setCheckedShown(!isColumnHidden(int(TaskColumn::Checked))); });
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
    connect(&m_model, &TaskTableModel::dataChanged, this, [this] { m_ticker.wake(); });
}

QList<TaskKey> TaskTableView::selectedTasks() const
{
    QList<TaskKey> keys;
    for (const int row : m_selection->rows())
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
    return layoutToBytes(m_columns->layout());
}

bool TaskTableView::restoreLayout(const QByteArray &bytes)
{
    const auto layout = layoutFromBytes(bytes, m_columns->shipped());
    if (layout)
        m_columns->apply(*layout);
    return layout.has_value();
}

void TaskTableView::resetLayout()
{
    m_columns->apply(m_columns->shipped());
}

void TaskTableView::fillColumnsMenu(QMenu &menu)
{
    m_columns->fillMenu(menu);
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
    const auto [text, isNext] = m_typeAhead.type(search, m_clock.now().awake);
    const int row = m_model.findRow(text, currentIndex().row() + (isNext ? 1 : 0));
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
    m_place = TablePlace::of(*this, *m_selection, m_model);
    if (!m_place.current && m_missed) {
        m_place.current = m_missed;
        if (m_place.selected.isEmpty())
            m_place.selected.insert(*m_missed);
    }
}

void TaskTableView::restorePlace()
{
    executeDelayedItemsLayout();
    m_place.restore(*this, *m_selection, m_model);
    m_missed = currentTask() ? std::nullopt : m_place.current;
    m_place = {};
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
    m_ticker.wake();
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
    if (next >= 0)
        selectionModel()->setCurrentIndex(current.siblingAtRow(next),
                                          m_selection->hasOutside(first, last)
                                              ? QItemSelectionModel::NoUpdate
                                              : QItemSelectionModel::ClearAndSelect
                                                    | QItemSelectionModel::Rows);
}

bool TaskTableView::viewportEvent(QEvent *event)
{
    switch (event->type()) {
    case QEvent::MouseButtonPress:
        saySeen(); // what it does depends on whether the row is selected
        m_orderHold.pointerMoved();
        break;
    case QEvent::MouseMove:
    case QEvent::HoverMove:
    case QEvent::Wheel:
        m_orderHold.pointerMoved();
        break;
    default:
        break;
    }
    return QTableView::viewportEvent(event);
}

/// Who comes by Tab gets the first row; else nothing is chosen until someone chooses. (Qt would
/// make the first row current, yet not select it.)
void TaskTableView::focusInEvent(QFocusEvent *event)
{
    const bool hadCurrent = currentIndex().isValid();
    QTableView::focusInEvent(event);
    if (hadCurrent || !currentIndex().isValid())
        return;
    if (event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason)
        selectRow(currentIndex().row());
    else
        selectionModel()->clearCurrentIndex();
}

void TaskTableView::setHeld(bool held)
{
    m_orderHold.setHeld(held);
}

void TaskTableView::changeEvent(QEvent *event)
{
    m_extent = {};
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        verticalHeader()->setDefaultSectionSize(TaskDelegate::rowHeight(fontMetrics()));
}

/// Qt lays everything out anew with each new order of rows, and raises both scroll bars in turn:
/// with them the header and all that is below is painted, several times a second for nothing.
void TaskTableView::updateGeometries()
{
    const Extent extent{size(), viewport()->geometry(), horizontalHeader()->sizeHint(),
                        horizontalHeader()->length(), verticalHeader()->length()};
    if (std::exchange(m_extent, extent) != extent)
        QTableView::updateGeometries(); // which may come here again, and go further
}

void TaskTableView::saySeen()
{
    const auto [first, last] = visibleRows();
    m_selection->setSeen(first, last);
}

void TaskTableView::paintEvent(QPaintEvent *event)
{
    saySeen();
    QTableView::paintEvent(event);
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
    m_ticker.start();
}

void TaskTableView::hideEvent(QHideEvent *event)
{
    QTableView::hideEvent(event);
    m_visibleTimer->start(0ms);
    m_ticker.stop();
}
