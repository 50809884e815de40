#include "tasks/tasktablemodel.h"

#include "task/taskstore.h"

#include <algorithm>

using std::chrono::milliseconds;
using namespace std::chrono_literals;

TaskTableModel::TaskTableModel(const TaskStore &store, const Clock &clock, QObject *parent)
    : SlotTableModel(parent)
    , m_store(store)
    , m_clock(clock)
    , m_rows(store)
    , m_cells(m_rows, store, clock)
    , m_ticked(clock.now().wall)
    , m_pacedAt(clock.now().awake - pacePause)
    , m_flushedAt(clock.now().awake - flushPause)
    , m_mergedAt(clock.now().awake - mergePause)
    , m_flushTimer(clock.makeTimer([this] { flush(); }))
    , m_mergeTimer(clock.makeTimer([this] { mergeOrder(); }))
{
    m_rows.setToday(m_ticked);
    onAdded(store.keys());
}

int TaskTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : taskColumnCount;
}

QVariant TaskTableModel::data(const QModelIndex &index, int role) const
{
    return checkIndex(index, CheckIndexOption::IndexIsValid)
               ? m_cells.data(rows().slotAt(index.row()), TaskColumn(index.column()), role)
               : QVariant();
}

QVariant TaskTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    return orientation == Qt::Horizontal && section >= 0 && section < taskColumnCount
               ? TaskColumnInfo::header(TaskColumn(section), role)
               : QVariant();
}

Qt::ItemFlags TaskTableModel::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    return index.column() == int(TaskColumn::Label) ? flags | Qt::ItemIsEditable : flags;
}

bool TaskTableModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::EditRole || !(flags(index) & Qt::ItemIsEditable))
        return false;
    const TaskRow &row = m_rows.row(rows().slotAt(index.row()));
    const QString label = value.toString().simplified();
    if (label != row.label)
        Q_EMIT labelEdited(TaskKey(row.key), label);
    return true;
}

void TaskTableModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0 || column >= taskColumnCount)
        return;
    m_rows.setOrder(TaskColumn(column), order, m_clock.now().wall);
    relayout(rows().merged(rows().order(), byOrder(), [](Slot) { return true; }));
}

TaskKey TaskTableModel::keyAt(int row) const
{
    return row >= 0 && row < rows().size() ? m_rows.row(rows().slotAt(row)).key : TaskKey{};
}

int TaskTableModel::rowOf(const TaskKey &key) const
{
    return rows().rowOf(m_rows.find(key));
}

int TaskTableModel::findRow(const QString &text, int fromRow) const
{
    for (int i = 0; i < rows().size(); ++i) {
        const int row = (std::max(fromRow, 0) + i) % rows().size();
        const TaskRow &task = m_rows.row(rows().slotAt(row));
        if (task.label->startsWith(text, Qt::CaseInsensitive)
            || task.action().startsWith(text, Qt::CaseInsensitive))
            return row;
    }
    return -1;
}

int TaskTableModel::count(TaskView view, const std::optional<ServerId> &server) const
{
    return m_rows.counts(server).at(std::size_t(view));
}

void TaskTableModel::onAdded(const QList<TaskKey> &keys)
{
    std::vector<Slot> shown;
    m_rows.reserve(std::size_t(keys.size()));
    for (const TaskKey &key : keys) {
        const TaskRecord *record = m_store.find(key);
        if (!record || m_rows.find(key) >= 0)
            continue;
        const Slot slot = m_rows.add(*record);
        markMisplaced(slot);
        if (m_rows.isWanted(slot))
            shown.push_back(slot);
    }
    // New rows show at once, so that who added them can select them; their place may come later.
    if (!m_held && untilMerge() == 0ms)
        mergeOrder();
    else
        append(shown);
    scheduleMerge();
    Q_EMIT countsChanged();
}

void TaskTableModel::onRemoved(const QList<TaskKey> &keys)
{
    std::vector<char> isGone(m_rows.slotCount());
    for (const TaskKey &key : keys)
        if (const Slot slot = m_rows.find(key); slot >= 0)
            isGone[std::size_t(slot)] = 1;
    const auto gone = [&isGone](Slot slot) { return isGone[std::size_t(slot)] != 0; };
    std::vector<Slot> target = rows().order();
    std::erase_if(target, gone);
    showOrder(std::move(target));
    // Last: a view may have named another task to keep, which marks the one before.
    std::erase_if(m_changed, gone);
    std::erase_if(m_misplaced, gone);
    for (std::size_t slot = 0; slot < isGone.size(); ++slot) {
        if (!isGone[slot])
            continue;
        m_rows.remove(Slot(slot));
        m_isMisplaced[slot] = 0;
    }
    Q_EMIT countsChanged();
}

void TaskTableModel::onChanged(const QList<TaskKey> &keys)
{
    for (const TaskKey &key : keys)
        if (const Slot slot = m_rows.find(key); slot >= 0)
            m_changed.push_back(slot);
    scheduleFlush();
}

void TaskTableModel::onChecked(const QList<TaskKey> &keys)
{
    if (m_checkedShown || m_rows.sortColumn() == TaskColumn::Checked)
        onChanged(keys);
}

void TaskTableModel::setFilter(const TaskFilter &filter)
{
    if (filter == m_rows.filter())
        return;
    m_rows.setFilter(filter);
    rebuild();
}

void TaskTableModel::setFound(const QString &words, const QList<TaskKey> &keys)
{
    const FoundWords which = foundWords(m_rows.filter(), words);
    if (which == 0)
        return; // the answer to what was typed before
    const QSet<TaskKey> found(keys.cbegin(), keys.cend());
    const auto before = m_rows.found(which);
    m_rows.setFound(which, found);
    if (!before
        && which == allWordsFound) { // the answer to what was typed: a part of the new filter
        if (!found.isEmpty())
            rebuild();
        return;
    }
    // Words alone are answered later, and searches repeated: nothing jumps under the pointer.
    const QSet<TaskKey> known = before.value_or(QSet<TaskKey>());
    const QSet<TaskKey> others = (found - known) + (known - found);
    for (const TaskKey &key : others) {
        if (const Slot slot = m_rows.find(key); slot >= 0)
            markMisplaced(slot);
    }
    scheduleMerge();
}

void TaskTableModel::setView(const TableView &view)
{
    if (view == m_rows.view())
        return;
    m_rows.setView(view);
    rebuild();
}

void TaskTableModel::setSavedFilters(const std::vector<TaskFilter> &filters)
{
    if (filters == m_rows.saved())
        return;
    m_rows.setSaved(filters);
    Q_EMIT countsChanged();
}

void TaskTableModel::setServerNames(const QHash<ServerId, QString> &names)
{
    m_rows.setServerNames(names);
    announceColumn(TaskColumn::Server);
    reconsider(TaskColumn::Server);
    if (!m_rows.saved().empty())
        Q_EMIT countsChanged();
}

void TaskTableModel::setServerMarks(const QHash<ServerId, int> &marks)
{
    m_rows.setServerMarks(marks);
    announceColumn(TaskColumn::Server);
}

void TaskTableModel::setConnection(const ServerId &server, const ConnectionStatus &status)
{
    const bool isSeen = m_rows.connectionOf(server).state != status.state;
    m_rows.setConnection(server, status);
    if (!isSeen)
        return; // the tooltip is made when it is asked for
    announceColumn(TaskColumn::Connection);
    reconsider(TaskColumn::Connection);
    if (!m_rows.saved().empty())
        Q_EMIT countsChanged();
}

/// A fact of `column` changed in many rows at once.
void TaskTableModel::reconsider(TaskColumn column)
{
    const bool isSorted = m_rows.sortColumn() == column;
    if (!isSorted && m_rows.filter().isEmpty() && !m_rows.view().saved)
        return;
    for (const Slot slot : m_rows.all()) {
        if (isSorted)
            m_rows.refreshKey(slot);
        markMisplaced(slot);
    }
    scheduleMerge();
}

void TaskTableModel::setCheckedShown(bool shown)
{
    m_checkedShown = shown;
}
