#include "tasks/tasktablemodel.h"

#include "task/taskstore.h"

#include <algorithm>
#include <limits>

using std::chrono::milliseconds;
using namespace std::chrono_literals;

namespace {

constexpr milliseconds flushPause = 33ms;
constexpr milliseconds mergePause = 100ms;
constexpr milliseconds unseenPause = 1s; ///< for both while nobody looks
constexpr int mergeShare = 20; ///< a merge takes at most this part of the time from one to the next
constexpr milliseconds pacePause = 5s; ///< between judgements of who is slower than usual
constexpr double markSteps = 200;      ///< finer than a pixel of the bar

qint64 dayOf(const QDateTime &now)
{
    return now.toLocalTime().date().toJulianDay();
}

/// Of which of the filter's free words an answer about `words` is: of one, or all; 0: of none.
FoundWords foundWords(const TaskFilter &filter, const QString &words)
{
    const QStringList all = freeWords(filter);
    if (all.isEmpty())
        return 0;
    if (words == all.join(u' '))
        return allWordsFound;
    FoundWords which = 0;
    const auto most = std::min<qsizetype>(all.size(), std::numeric_limits<FoundWords>::digits);
    for (qsizetype i = 0; i < most; ++i)
        which |= all[i] == words ? FoundWords{1} << unsigned(i) : 0;
    return which;
}

int markStep(const std::optional<double> &mark)
{
    return mark ? int(*mark * markSteps) : -1;
}

} // namespace

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
    m_rows.setToday(dayOf(m_ticked));
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
        if (task.label.startsWith(text, Qt::CaseInsensitive)
            || task.action.startsWith(text, Qt::CaseInsensitive))
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

void TaskTableModel::scheduleFlush()
{
    if (!m_changed.empty() && !m_flushTimer->isActive())
        m_flushTimer->start(std::max(0ms, m_flushedAt + (m_isSeen ? flushPause : unseenPause)
                                              - m_clock.now().awake));
}

void TaskTableModel::flush()
{
    m_flushedAt = m_clock.now().awake;
    std::vector<Slot> changed = std::exchange(m_changed, {});
    std::sort(changed.begin(), changed.end());
    changed.erase(std::unique(changed.begin(), changed.end()), changed.end());

    const bool byChecked = m_rows.sortColumn() == TaskColumn::Checked;
    bool counted = false;
    std::vector<std::pair<int, TaskColumns>> changes;
    changes.reserve(changed.size());
    for (const Slot slot : changed) {
        const TaskRecord *record = m_store.find(m_rows.row(slot).key);
        if (!record)
            continue; // its removal is on the way
        TaskColumns columns = m_rows.update(slot, *record);
        counted =
            counted || (columns & bit(TaskColumn::Status)) || (columns && !m_rows.saved().empty());
        columns |= m_checkedShown ? bit(TaskColumn::Checked) : 0;
        if (byChecked)
            m_rows.refreshKey(slot);
        const int row = rows().rowOf(slot);
        if (row >= 0 && columns != 0)
            changes.emplace_back(row, columns);
        if (byChecked || (columns & bit(m_rows.sortColumn())) || isShown(slot) != (row >= 0))
            markMisplaced(slot);
    }
    announce(std::move(changes));
    scheduleMerge();
    if (counted)
        Q_EMIT countsChanged();
}

milliseconds TaskTableModel::refreshTimes(int firstRow, int lastRow)
{
    const QDateTime now = m_clock.now().wall;
    bool ticks = false;
    std::vector<std::pair<int, TaskColumns>> changes;
    for (int row = std::max(firstRow, 0); row <= std::min(lastRow, rows().size() - 1); ++row) {
        const Slot slot = rows().slotAt(row);
        TaskColumns columns = 0;
        for (const TaskColumn column : {TaskColumn::Elapsed, TaskColumn::LastChange,
                                        TaskColumn::Checked, TaskColumn::TimeLeft}) {
            const bool seen = column != TaskColumn::Checked || m_checkedShown;
            if (seen
                && m_cells.passing(slot, column, m_ticked) != m_cells.passing(slot, column, now))
                columns |= bit(column);
        }
        // How long it stands still is told by polls that change nothing else.
        columns |= m_rows.row(slot).outcome == Outcome::Stalled ? bit(TaskColumn::Summary) : 0;
        if (markStep(m_cells.usualMark(slot, m_ticked)) != markStep(m_cells.usualMark(slot, now)))
            columns |= bit(TaskColumn::Progress);
        if (columns != 0)
            changes.emplace_back(row, columns);
        ticks = ticks || columns != 0 || isOpen(m_rows.row(slot).outcome);
    }
    m_ticked = now;
    announce(std::move(changes));
    judgePace();
    if (m_rows.setToday(dayOf(now)))
        turnDay();
    if (m_rows.sortColumn() == TaskColumn::Elapsed || m_rows.sortColumn() == TaskColumn::TimeLeft) {
        // All at one moment, so that they compare: those that run overtake those that do not.
        m_rows.setSortMoment(now);
        for (const Slot slot : m_rows.all()) {
            if (isFinal(m_rows.row(slot).outcome))
                continue;
            m_rows.refreshKey(slot);
            markMisplaced(slot);
        }
        scheduleMerge();
    }
    return ticks ? 1s : 15s;
}

/// Who is slower than usual changes by the time alone, seen or not.
void TaskTableModel::judgePace()
{
    const Instant now = m_clock.now();
    if (now.awake - m_pacedAt < pacePause)
        return;
    m_pacedAt = now.awake;
    const std::vector<Slot> differing = m_rows.refreshSlow(now.wall);
    std::vector<std::pair<int, TaskColumns>> changes;
    for (const Slot slot : differing) {
        if (const int row = rows().rowOf(slot); row >= 0)
            changes.emplace_back(row, bit(TaskColumn::Status));
        markMisplaced(slot);
    }
    announce(std::move(changes));
    scheduleMerge();
    if (!differing.empty() && !m_rows.saved().empty())
        Q_EMIT countsChanged();
}

/// Midnight: what ended yesterday leaves Today.
void TaskTableModel::turnDay()
{
    const TableView &view = m_rows.view();
    if (view.view == TaskView::Today || view.saved || !m_rows.filter().isEmpty()) {
        for (const Slot slot : m_rows.all())
            markMisplaced(slot);
        scheduleMerge();
    }
    Q_EMIT countsChanged();
}

bool TaskTableModel::isShown(Slot slot) const
{
    const bool isKept = m_kept && m_rows.row(slot).key == *m_kept && rows().rowOf(slot) >= 0;
    return isKept || m_rows.isWanted(slot);
}

void TaskTableModel::markMisplaced(Slot slot)
{
    if (m_isMisplaced.size() < m_rows.slotCount())
        m_isMisplaced.resize(m_rows.slotCount());
    if (std::exchange(m_isMisplaced[std::size_t(slot)], 1) == 0)
        m_misplaced.push_back(slot);
}

milliseconds TaskTableModel::untilMerge() const
{
    return std::max(
        0ms, m_mergedAt + std::max(m_isSeen ? mergePause : unseenPause, mergeShare * m_mergeTook)
                 - m_clock.now().awake);
}

void TaskTableModel::scheduleMerge()
{
    if (!m_misplaced.empty() && !m_held && !m_mergeTimer->isActive())
        m_mergeTimer->start(untilMerge());
}

void TaskTableModel::mergeOrder()
{
    if (m_misplaced.empty())
        return;
    m_mergeTimer->stop();
    m_mergedAt = m_clock.now().awake;
    std::vector<Slot> misplaced = std::exchange(m_misplaced, {});
    for (const Slot slot : misplaced)
        m_isMisplaced[std::size_t(slot)] = 0;
    showOrder(rows().merged(std::move(misplaced), byOrder(),
                            [this](Slot slot) { return isShown(slot); }));
    m_mergeTook = m_clock.now().awake - m_mergedAt;
}

void TaskTableModel::rebuild()
{
    beginResetModel();
    for (const Slot slot : std::exchange(m_misplaced, {}))
        m_isMisplaced[std::size_t(slot)] = 0;
    m_mergeTimer->stop();
    m_kept.reset();
    resetOrder({});
    resetOrder(rows().merged(m_rows.all(), byOrder(),
                             [this](Slot slot) { return m_rows.isWanted(slot); }));
    endResetModel();
}

void TaskTableModel::setSeen(bool seen)
{
    m_isSeen = seen;
    if (!seen)
        return;
    if (m_flushTimer->isActive()) {
        m_flushTimer->stop();
        flush();
    }
    m_mergeTimer->stop();
    scheduleMerge();
}

void TaskTableModel::holdOrder(bool hold)
{
    m_held = hold;
    if (hold)
        m_mergeTimer->stop();
    scheduleMerge();
}

void TaskTableModel::keepShown(const std::optional<TaskKey> &key)
{
    const auto before = std::exchange(m_kept, key);
    const Slot slot = before ? m_rows.find(*before) : -1;
    if (rows().rowOf(slot) >= 0 && !isShown(slot))
        markMisplaced(slot);
    scheduleMerge();
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
