#include "tasks/taskindex.h"

#include <algorithm>
#include <iterator>

std::vector<TaskIndex::Slot> TaskIndex::merged(std::vector<Slot> changed, const Less &less,
                                               const Wanted &wanted) const
{
    std::vector<Slot> staying = m_order;
    for (const Slot slot : changed)
        if (const int row = rowOf(slot); row >= 0)
            staying[std::size_t(row)] = -1;
    std::erase(staying, -1);

    std::erase_if(changed, [&wanted](Slot slot) { return !wanted(slot); });
    std::sort(changed.begin(), changed.end(), less);

    std::vector<Slot> result;
    result.reserve(staying.size() + changed.size());
    // Each changed one looks for its place from the last one's on: few changes cost few
    // comparisons.
    auto rest = staying.cbegin();
    for (const Slot slot : changed) {
        const auto place = std::upper_bound(rest, staying.cend(), slot, less);
        result.insert(result.end(), rest, place);
        result.push_back(slot);
        rest = place;
    }
    result.insert(result.end(), rest, staying.cend());
    return result;
}

void TaskIndex::assign(std::vector<Slot> order)
{
    for (const Slot slot : m_order)
        m_rows[std::size_t(slot)] = -1;
    m_order = std::move(order);
    number(0);
}

void TaskIndex::reorder(std::vector<Slot> order)
{
    const auto differs = std::mismatch(m_order.begin(), m_order.end(), order.begin()).first;
    const int first = int(differs - m_order.begin());
    m_order = std::move(order);
    number(first);
}

void TaskIndex::insert(int row, std::span<const Slot> slots)
{
    m_order.insert(m_order.begin() + row, slots.begin(), slots.end());
    number(row);
}

void TaskIndex::erase(int row, int count)
{
    const auto first = m_order.begin() + row;
    std::for_each(first, first + count, [this](Slot slot) { m_rows[std::size_t(slot)] = -1; });
    m_order.erase(first, first + count);
    number(row);
}

void TaskIndex::number(int fromRow)
{
    for (int row = fromRow; row < size(); ++row) {
        const auto slot = std::size_t(slotAt(row));
        if (slot >= m_rows.size())
            m_rows.resize(std::max(slot + 1, 2 * m_rows.size()), -1);
        m_rows[slot] = row;
    }
}
