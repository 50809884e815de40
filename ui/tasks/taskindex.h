#pragma once

#include <functional>
#include <span>
#include <vector>

/// Which rows show, and in which order: a sorted, filtered list of slots (numbers that name a task
/// for as long as it exists).
///
/// Pure: it knows neither tasks nor signals. The order is only as sorted as the last `merged` that
/// was assigned; what changed since stays where it is until then.
class TaskIndex
{
public:
    using Slot = int;
    /// A strict order of all slots: two are never equal, so that the order is one only.
    using Less = std::function<bool(Slot, Slot)>;
    using Wanted = std::function<bool(Slot)>;

    [[nodiscard]] int size() const { return int(m_order.size()); }
    [[nodiscard]] Slot slotAt(int row) const { return m_order[std::size_t(row)]; }
    /// -1: not shown.
    [[nodiscard]] int rowOf(Slot slot) const
    {
        return slot >= 0 && std::size_t(slot) < m_rows.size() ? m_rows[std::size_t(slot)] : -1;
    }
    [[nodiscard]] const std::vector<Slot> &order() const { return m_order; }

    /// The order as it should be: `changed` (slots whose place, or whether they show, may differ;
    /// new ones; each once) are taken out, sorted and merged in again. The others must be in order.
    /// O(changed log changed + size).
    [[nodiscard]] std::vector<Slot> merged(std::vector<Slot> changed, const Less &less,
                                           const Wanted &wanted) const;

    void assign(std::vector<Slot> order);
    /// The same slots in another order.
    void reorder(std::vector<Slot> order);
    void insert(int row, std::span<const Slot> slots);
    void erase(int row, int count);

private:
    void number(int fromRow);

    std::vector<Slot> m_order;
    std::vector<int> m_rows; ///< by slot; -1: not shown
};
