#include "tasks/taskselection.h"

#include <algorithm>

namespace {

/// So many are brought along with every new order, and looked through for every painted cell.
constexpr int fewRanges = 256;

std::vector<int> rowsOf(const QItemSelection &selection)
{
    std::vector<int> rows;
    for (const QItemSelectionRange &range : selection)
        for (int row = range.top(); range.isValid() && row <= range.bottom(); ++row)
            rows.push_back(row);
    // Where columns were moved, the view gives a range for each of their groups.
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return rows;
}

} // namespace

TaskSelection::TaskSelection(SlotTableModel &model, QObject *parent)
    : QItemSelectionModel(nullptr, parent)
    , m_model(model)
    , m_isAccessed(QAccessible::isActive())
{
    QAccessible::installActivationObserver(this);
    // Before those of the base class, which find nothing left to do.
    connect(&model, &QAbstractItemModel::layoutAboutToBeChanged, this, &TaskSelection::empty);
    connect(&model, &QAbstractItemModel::layoutChanged, this, &TaskSelection::refresh);
    connect(&model, &QAbstractItemModel::rowsAboutToBeRemoved, this,
            [this](const QModelIndex &, int first, int last) { leaveRows(first, last); });
    connect(&model, &QAbstractItemModel::rowsAboutToBeInserted, this, &TaskSelection::empty);
    setModel(&model);
    connect(&model, &QAbstractItemModel::rowsRemoved, this, &TaskSelection::refresh);
    connect(&model, &QAbstractItemModel::rowsInserted, this, &TaskSelection::refresh);
}

TaskSelection::~TaskSelection()
{
    QAccessible::removeActivationObserver(this);
}

void TaskSelection::accessibilityActiveChanged(bool active)
{
    m_isAccessed = active;
    show();
}

bool TaskSelection::isMarked(const Marks &marks, Slot slot)
{
    return std::size_t(slot) < marks.size() && marks[std::size_t(slot)] != 0;
}

void TaskSelection::mark(Marks &marks, Slot slot, bool is)
{
    if (std::size_t(slot) >= marks.size())
        marks.resize(std::size_t(slot) + 1);
    marks[std::size_t(slot)] = is ? 1 : 0;
}

QItemSelectionRange TaskSelection::range(int firstRow, int lastRow) const
{
    return {m_model.index(firstRow, 0), m_model.index(lastRow, m_model.columnCount() - 1)};
}

void TaskSelection::select(const QItemSelection &selection, SelectionFlags command)
{
    if (command == NoUpdate)
        return;
    const Marks before = m_chosen;
    if (command & Clear)
        m_settled.clear();
    else if (!(command & Current))
        m_settled = m_chosen;
    m_chosen = m_settled;
    if (command & (Select | Deselect | Toggle)) {
        for (const int row : rowsOf(selection)) {
            const Slot slot = m_model.slotAt(row);
            mark(m_chosen, slot,
                 command & Toggle ? !isMarked(m_settled, slot) : command.testFlag(Select));
        }
    }
    say(before);
}

void TaskSelection::selectRows(const std::vector<int> &rows)
{
    const Marks before = std::exchange(m_chosen, {});
    for (const int row : rows)
        mark(m_chosen, m_model.slotAt(row), true);
    m_settled = m_chosen;
    say(before);
}

void TaskSelection::reset()
{
    m_chosen.clear();
    m_settled.clear();
    QItemSelectionModel::reset();
    refresh();
}

std::vector<int> TaskSelection::rows() const
{
    std::vector<int> rows;
    for (int row = 0; row < m_model.rowCount(); ++row)
        if (isMarked(m_chosen, m_model.slotAt(row)))
            rows.push_back(row);
    return rows;
}

bool TaskSelection::hasOutside(int firstRow, int lastRow) const
{
    for (int row = 0; row < m_model.rowCount(); ++row)
        if ((row < firstRow || row > lastRow) && isMarked(m_chosen, m_model.slotAt(row)))
            return true;
    return false;
}

/// Tells views what differs from `before`: all of it, or if that is too much, what they show.
void TaskSelection::say(const Marks &before)
{
    QItemSelection selected;
    QItemSelection deselected;
    bool differs = false;
    const auto gather = [&](int first, int last) {
        for (int row = first; row <= last && selected.size() + deselected.size() <= fewRanges;) {
            const int from = row;
            const auto change = [&] {
                const Slot slot = m_model.slotAt(row);
                return int(isMarked(m_chosen, slot)) - int(isMarked(before, slot));
            };
            const int what = change();
            while (row <= last && change() == what)
                ++row;
            if (what != 0)
                (what > 0 ? selected : deselected).append(range(from, row - 1));
        }
        differs = differs || !selected.isEmpty() || !deselected.isEmpty();
    };
    gather(0, m_model.rowCount() - 1);
    if (selected.size() + deselected.size() > fewRanges) {
        selected.clear();
        deselected.clear();
        gather(m_firstSeen, std::min(m_lastSeen, m_model.rowCount() - 1));
    }
    refresh();
    if (differs)
        Q_EMIT selectionChanged(selected, deselected);
}

void TaskSelection::leaveRows(int first, int last)
{
    QItemSelection leaving;
    for (int row = first; row <= last; ++row) {
        const Slot slot = m_model.slotAt(row);
        if (isMarked(m_chosen, slot) && leaving.size() <= fewRanges)
            leaving.append(range(row, row));
        if (isMarked(m_chosen, slot))
            mark(m_chosen, slot, false);
        if (isMarked(m_settled, slot))
            mark(m_settled, slot, false);
    }
    empty();
    if (!leaving.isEmpty())
        Q_EMIT selectionChanged({}, leaving);
}

/// The base class has nothing to bring along: refresh() gives it the rows again.
void TaskSelection::empty()
{
    const QSignalBlocker quiet(this);
    QItemSelectionModel::select(QItemSelection(), Clear);
}

void TaskSelection::refresh()
{
    m_firstRow = -1;
    m_rangeCount = 0;
    bool isIn = false;
    for (int row = 0; row < (m_chosen.empty() ? 0 : m_model.rowCount()); ++row) {
        const bool wasIn = std::exchange(isIn, isMarked(m_chosen, m_model.slotAt(row)));
        m_rangeCount += isIn && !wasIn ? 1 : 0;
        if (isIn && m_firstRow < 0)
            m_firstRow = row;
    }
    show();
}

void TaskSelection::show()
{
    empty();
    m_showsAll = m_rangeCount <= fewRanges || m_isAccessed;
    const int end = m_showsAll ? m_model.rowCount() : std::min(m_lastSeen + 1, m_model.rowCount());
    QItemSelection shown;
    const auto append = [&](int first, int last) {
        for (int row = first; row < last; ++row) {
            const int from = row;
            while (row < last && isMarked(m_chosen, m_model.slotAt(row)))
                ++row;
            if (row > from)
                shown.append(range(from, row - 1));
        }
    };
    append(m_showsAll ? 0 : m_firstSeen, end);
    // One at least, wherever it is, so that there is something to clear.
    if (shown.isEmpty() && m_firstRow >= 0 && m_firstRow < m_model.rowCount())
        append(m_firstRow, m_firstRow + 1);
    const QSignalBlocker quiet(this);
    QItemSelectionModel::select(shown, Select);
}

void TaskSelection::setSeen(int firstRow, int lastRow)
{
    const bool isSame = std::exchange(m_firstSeen, firstRow) == firstRow;
    if (std::exchange(m_lastSeen, lastRow) == lastRow && isSame)
        return;
    if (!m_showsAll)
        show();
}
