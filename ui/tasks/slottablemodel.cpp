#include "tasks/slottablemodel.h"

#include "tasks/taskcells.h"

#include <algorithm>

namespace {

/// Each range of rows that comes or goes costs views O(rows); more are moved to the end first.
constexpr std::size_t fewMoves = 16;

struct Range {
    int first;
    int count;
};

/// Ascending numbers as ranges.
std::vector<Range> ranges(const std::vector<int> &numbers)
{
    std::vector<Range> result;
    for (const int number : numbers) {
        if (!result.empty() && result.back().first + result.back().count == number)
            ++result.back().count;
        else
            result.push_back({number, 1});
    }
    return result;
}

} // namespace

SlotTableModel::SlotTableModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

SlotTableModel::~SlotTableModel() = default;

int SlotTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_index.size();
}

void SlotTableModel::showOrder(std::vector<Slot> target)
{
    const auto highest = std::max_element(target.begin(), target.end());
    std::vector<char> isTarget(highest == target.end() ? 0 : std::size_t(*highest) + 1);
    std::vector<int> entering; // places in target
    std::vector<Slot> newcomers;
    std::vector<Slot> staying;
    for (std::size_t place = 0; place < target.size(); ++place) {
        const Slot slot = target[place];
        isTarget[std::size_t(slot)] = 1;
        const bool isNew = m_index.rowOf(slot) < 0;
        (isNew ? newcomers : staying).push_back(slot);
        if (isNew)
            entering.push_back(int(place));
    }
    std::vector<int> leaving; // rows
    std::vector<Slot> leavers;
    for (int row = 0; row < m_index.size(); ++row) {
        const Slot slot = m_index.slotAt(row);
        if (std::size_t(slot) < isTarget.size() && isTarget[std::size_t(slot)])
            continue;
        leaving.push_back(row);
        leavers.push_back(slot);
    }
    const auto out = ranges(leaving);
    const auto in = ranges(entering);
    if (out.size() + in.size() <= fewMoves) {
        for (auto range = out.rbegin(); range != out.rend(); ++range)
            erase(range->first, range->count);
        relayout(std::move(staying));
        for (const Range &range : in)
            insert(range.first,
                   std::span(target).subspan(std::size_t(range.first), std::size_t(range.count)));
        return;
    }
    append(newcomers);
    const int size = int(target.size());
    target.insert(target.end(), leavers.begin(), leavers.end());
    relayout(std::move(target));
    if (!leavers.empty())
        erase(size, int(leavers.size()));
}

void SlotTableModel::relayout(std::vector<Slot> order)
{
    if (order == m_index.order())
        return;
    Q_EMIT layoutAboutToBeChanged({}, VerticalSortHint);
    const QModelIndexList from = persistentIndexList();
    std::vector<Slot> places;
    places.reserve(std::size_t(from.size()));
    for (const QModelIndex &each : from)
        places.push_back(m_index.slotAt(each.row()));
    m_index.reorder(std::move(order));
    QModelIndexList to;
    to.reserve(from.size());
    for (qsizetype i = 0; i < from.size(); ++i)
        to.append(index(m_index.rowOf(places[std::size_t(i)]), from[i].column()));
    changePersistentIndexList(from, to);
    Q_EMIT layoutChanged({}, VerticalSortHint);
}

void SlotTableModel::append(const std::vector<Slot> &newcomers)
{
    if (!newcomers.empty())
        insert(m_index.size(), newcomers);
}

void SlotTableModel::insert(int row, std::span<const Slot> newcomers)
{
    beginInsertRows({}, row, row + int(newcomers.size()) - 1);
    m_index.insert(row, newcomers);
    endInsertRows();
}

void SlotTableModel::erase(int row, int count)
{
    beginRemoveRows({}, row, row + count - 1);
    m_index.erase(row, count);
    endRemoveRows();
}

void SlotTableModel::announce(std::vector<std::pair<int, TaskColumns>> changes)
{
    std::sort(changes.begin(), changes.end());
    for (std::size_t i = 0; i < changes.size();) {
        const int first = changes[i].first;
        int last = first;
        TaskColumns columns = changes[i].second;
        for (++i; i < changes.size() && changes[i].first == last + 1; ++i) {
            last = changes[i].first;
            columns |= changes[i].second;
        }
        for (int left = 0; left < taskColumnCount; ++left) {
            int right = left;
            TaskColumns run = 0;
            for (; right < taskColumnCount && (columns & bit(TaskColumn(right))); ++right)
                run |= bit(TaskColumn(right));
            if (run == 0)
                continue;
            Q_EMIT dataChanged(index(first, left), index(last, right - 1), TaskCells::roles(run));
            left = right;
        }
    }
}

void SlotTableModel::announceColumn(TaskColumn column)
{
    if (m_index.size() > 0)
        Q_EMIT dataChanged(index(0, int(column)), index(m_index.size() - 1, int(column)),
                           TaskCells::roles(bit(column)));
}
