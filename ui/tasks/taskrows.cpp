#include "tasks/taskrows.h"

#include "guardian/connectionwords.h"
#include "task/taskfacts.h"
#include "task/taskstore.h"
#include "task/tasktext.h"

using namespace Qt::StringLiterals;

TaskRows::TaskRows(const TaskStore &store)
    : m_store(store)
{
    m_collator.setNumericMode(true);
    m_collator.setCaseSensitivity(Qt::CaseInsensitive);
}

void TaskRows::reserve(std::size_t more)
{
    // By a quarter at least, so that batches do not copy all each time; doubling wastes too much.
    const std::size_t needed = m_entries.size() + more;
    if (needed > m_entries.capacity()) {
        const std::size_t room = std::max(needed, m_entries.capacity() * 5 / 4);
        m_entries.reserve(room);
        m_ranks.reserve(room);
    }
}

TaskRows::Slot TaskRows::add(const TaskRecord &record)
{
    Slot slot = Slot(m_entries.size());
    if (m_free.empty()) {
        m_entries.emplace_back();
        m_ranks.emplace_back();
    } else {
        slot = m_free.back();
        m_free.pop_back();
    }
    Entry &entry = m_entries[std::size_t(slot)];
    entry.row = makeTaskRow(record);
    m_ranks[std::size_t(slot)].serial = ++m_lastSerial;
    refreshKey(slot);
    m_slots.insert(record.key, slot);
    count(entry.row, 1);
    countSaved(slot);
    return slot;
}

void TaskRows::remove(Slot slot)
{
    count(row(slot), -1);
    for (std::size_t i = 0; i < m_saved.size(); ++i)
        m_savedCounts[i] -= int((m_entries[std::size_t(slot)].saved >> i) & 1U);
    m_slots.remove(row(slot).key);
    m_entries[std::size_t(slot)] = {};
    m_ranks[std::size_t(slot)] = {};
    m_free.push_back(slot);
}

TaskColumns TaskRows::update(Slot slot, const TaskRecord &record)
{
    Entry &entry = m_entries[std::size_t(slot)];
    TaskRow now = makeTaskRow(record);
    now.slow = entry.row.slow && TaskFacts::goesOn(now.outcome);
    const TaskColumns columns = differingColumns(entry.row, now);
    if (columns == 0)
        return 0;
    count(entry.row, -1);
    entry.row = std::move(now);
    count(entry.row, 1);
    entry.facts.reset();
    countSaved(slot);
    if (columns & bit(m_column))
        refreshKey(slot);
    return columns;
}

std::vector<TaskRows::Slot> TaskRows::refreshSlow(const QDateTime &now)
{
    std::vector<Slot> differing;
    for (std::size_t slot = 0; slot < m_entries.size(); ++slot) {
        Entry &entry = m_entries[slot];
        if (!isUsed(slot) || !TaskFacts::goesOn(entry.row.outcome))
            continue;
        const TaskRecord *record = m_store.find(entry.row.key);
        const bool isSlow = record && m_store.baselines().isSlow(*record, now);
        if (std::exchange(entry.row.slow, isSlow) == isSlow)
            continue;
        entry.facts.reset();
        countSaved(Slot(slot));
        differing.push_back(Slot(slot));
    }
    return differing;
}

std::vector<TaskRows::Slot> TaskRows::all() const
{
    std::vector<Slot> slots;
    slots.reserve(m_entries.size() - m_free.size());
    for (std::size_t slot = 0; slot < m_entries.size(); ++slot)
        if (isUsed(slot))
            slots.push_back(Slot(slot));
    return slots;
}

TaskRows::Counts TaskRows::counts(const std::optional<ServerId> &server) const
{
    if (server)
        return m_counts.value(*server);
    Counts sum{};
    for (const Counts &each : m_counts)
        for (std::size_t view = 0; view < taskViewCount; ++view)
            sum[view] += each[view];
    return sum;
}

void TaskRows::count(const TaskRow &row, int by)
{
    Counts &counts = m_counts[row.key.server];
    for (std::size_t view = 0; view < taskViewCount; ++view)
        counts[view] += belongs(TaskView(view), row) ? by : 0;
}

bool TaskRows::belongs(TaskView view, const TaskRow &row) const
{
    switch (view) {
    case TaskView::All:
        return true;
    case TaskView::Running:
        return isOpen(row.outcome);
    case TaskView::Attention:
        return needsAttention(row.outcome) && !row.acknowledged;
    case TaskView::Today:
        return row.endedDay != TaskRow::never && row.endedDay == m_today;
    }
    return true;
}

bool TaskRows::setToday(const QDateTime &now)
{
    const qint64 day = now.toLocalTime().date().toJulianDay();
    if (std::exchange(m_today, day) == day)
        return false;
    m_counts.clear();
    for (const Slot slot : all())
        count(row(slot), 1);
    forgetFacts(); // which moments show their date
    setSaved(std::vector<TaskFilter>(m_saved));
    return true;
}

/// Brings one task's share of the saved filters' counts up to date.
void TaskRows::countSaved(Slot slot)
{
    if (m_saved.empty())
        return;
    Entry &entry = m_entries[std::size_t(slot)];
    const auto facts = makeFacts(slot, m_savedAskAll);
    std::uint32_t now = 0;
    for (std::size_t i = 0; i < m_saved.size(); ++i) {
        const bool is = matches(m_saved[i], *facts);
        now |= std::uint32_t{is} << i;
        m_savedCounts[i] += int(is) - int((entry.saved >> i) & 1U);
    }
    entry.saved = now;
}

void TaskRows::setSaved(const std::vector<TaskFilter> &filters)
{
    m_saved = filters;
    m_saved.resize(std::min(m_saved.size(), mostSaved));
    m_savedCounts.assign(m_saved.size(), 0);
    m_savedAskAll = std::any_of(m_saved.begin(), m_saved.end(), asksAllColumns);
    for (const Slot slot : all()) {
        m_entries[std::size_t(slot)].saved = 0;
        countSaved(slot);
    }
}

void TaskRows::setFilter(const TaskFilter &filter)
{
    if (freeWords(filter) != freeWords(m_filter))
        m_found.clear();
    m_filter = filter;
    if (filter.isEmpty())
        forgetFacts();
}

void TaskRows::setFound(FoundWords words, const QSet<TaskKey> &found)
{
    m_found.insert(words, found);
}

FoundWords TaskRows::foundOf(const TaskKey &key) const
{
    FoundWords words = 0;
    for (auto answer = m_found.cbegin(); answer != m_found.cend(); ++answer)
        words |= answer->contains(key) ? answer.key() : 0;
    return words;
}

bool TaskRows::isWanted(Slot slot) const
{
    const Entry &entry = m_entries[std::size_t(slot)];
    if (!belongs(m_view.view, entry.row)
        || (m_view.server && *m_view.server != entry.row.key.server))
        return false;
    if (m_filter.isEmpty() && !m_view.saved)
        return true;
    const bool withRest =
        asksAllColumns(m_filter) || (m_view.saved && asksAllColumns(*m_view.saved));
    const bool passes = withRest && entry.row.outcome == Outcome::Stalled; // for how long it is
    if (!entry.facts || passes || (withRest && entry.facts->rest.isEmpty()))
        entry.facts = makeFacts(slot, withRest);
    return matches(m_filter, *entry.facts, foundOf(entry.row.key))
           && (!m_view.saved || matches(*m_view.saved, *entry.facts));
}

std::unique_ptr<const FilterFacts> TaskRows::makeFacts(Slot slot, bool withRest) const
{
    const TaskRow &row = this->row(slot);
    const TaskRecord *record = m_store.find(row.key);
    if (!record) // its removal is on the way
        return std::make_unique<const FilterFacts>();
    return std::make_unique<const FilterFacts>(
        filterFacts(*record,
                    {.server = serverName(slot),
                     .slow = row.slow,
                     .connection = ConnectionWords::word(connection(slot)),
                     .baselines = &m_store.baselines(),
                     .today = QDate::fromJulianDay(m_today)},
                    withRest));
}

void TaskRows::forgetFacts()
{
    for (Entry &entry : m_entries)
        entry.facts.reset();
}

void TaskRows::setServerNames(const QHash<ServerId, QString> &names)
{
    m_serverNames = names;
    forgetFacts();
    setSaved(std::vector<TaskFilter>(m_saved));
}

QString TaskRows::serverName(Slot slot) const
{
    return m_serverNames.value(row(slot).key.server);
}

void TaskRows::setConnection(const ServerId &server, const ConnectionStatus &status)
{
    const Connection before = connectionOf(server).state;
    m_connections.insert(server, status);
    if (status.state == before)
        return;
    const bool counts = isAskedFor(before, status.state);
    for (const Slot slot : all()) {
        Entry &entry = m_entries[std::size_t(slot)];
        if (entry.row.key.server != server)
            continue;
        entry.facts.reset();
        if (counts)
            countSaved(slot);
    }
}

/// Whether a saved filter's word is in the one connection's word and not in the other's: a server
/// that comes and goes is no reason to count 100,000 tasks anew.
bool TaskRows::isAskedFor(Connection before, Connection now) const
{
    const QString was = foldForFilter(ConnectionWords::word(before));
    const QString is = foldForFilter(ConnectionWords::word(now));
    const auto differs = [&](const FilterTerm &term) {
        return term.field == FilterField::Any
               && was.contains(term.folded) != is.contains(term.folded);
    };
    return std::any_of(m_saved.begin(), m_saved.end(), [&](const TaskFilter &filter) {
        return std::any_of(filter.terms.begin(), filter.terms.end(), differs);
    });
}

ConnectionStatus TaskRows::connectionOf(const ServerId &server) const
{
    return m_connections.value(server);
}

Connection TaskRows::connection(Slot slot) const
{
    return row(slot).paused ? Connection::Paused : connectionOf(row(slot).key.server).state;
}
