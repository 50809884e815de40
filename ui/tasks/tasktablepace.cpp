#include "tasks/tasktablemodel.h"

#include "task/taskstore.h"

#include <algorithm>

// When rows follow what changed: values and places each at a pace of their own.

using std::chrono::milliseconds;
using namespace std::chrono_literals;

namespace {

constexpr double markSteps = 200; ///< finer than a pixel of the bar

int markStep(const std::optional<double> &mark)
{
    return mark ? int(*mark * markSteps) : -1;
}

} // namespace

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
    if (m_rows.setToday(now))
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
    const bool onlyMoves = std::all_of(misplaced.begin(), misplaced.end(), [this](Slot slot) {
        return isShown(slot) == (rows().rowOf(slot) >= 0);
    });
    std::vector<Slot> order =
        rows().merged(std::move(misplaced), byOrder(), [this](Slot slot) { return isShown(slot); });
    if (onlyMoves)
        relayout(std::move(order));
    else
        showOrder(std::move(order));
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
