#include "tasks/taskrows.h"

#include "guardian/connectionwords.h"
#include "task/taskfacts.h"
#include "task/taskstore.h"
#include "task/tasktext.h"

using namespace Qt::StringLiterals;

namespace {

/// What needs somebody comes first.
int rank(Outcome outcome, bool expired)
{
    switch (outcome) {
    case Outcome::Failed:
        return expired ? 11 : 0;
    case Outcome::CompletedWithProblems:
        return expired ? 12 : 1;
    case Outcome::Stalled:
        return 2;
    case Outcome::OutcomeUnknown:
        return 3;
    case Outcome::Unreadable:
        return 4;
    case Outcome::NotFound:
        return 5;
    case Outcome::Running:
        return 6;
    case Outcome::Waiting:
        return 7;
    case Outcome::Checking:
        return 8;
    case Outcome::Completed:
        return expired ? 13 : 9;
    }
    return 14;
}

} // namespace

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
    if (needed > m_entries.capacity())
        m_entries.reserve(std::max(needed, m_entries.capacity() * 5 / 4));
}

TaskRows::Slot TaskRows::add(const TaskRecord &record)
{
    Slot slot = Slot(m_entries.size());
    if (m_free.empty()) {
        m_entries.emplace_back();
    } else {
        slot = m_free.back();
        m_free.pop_back();
    }
    Entry &entry = m_entries[std::size_t(slot)];
    entry.row = makeTaskRow(record);
    entry.sort = sortKey(entry.row);
    entry.serial = ++m_lastSerial;
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
        entry.sort = sortKey(entry.row);
    return columns;
}

std::vector<TaskRows::Slot> TaskRows::refreshSlow(const QDateTime &now)
{
    std::vector<Slot> differing;
    for (std::size_t slot = 0; slot < m_entries.size(); ++slot) {
        Entry &entry = m_entries[slot];
        if (entry.serial == 0 || !TaskFacts::goesOn(entry.row.outcome))
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
        if (m_entries[slot].serial != 0)
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

bool TaskRows::setToday(qint64 day)
{
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

void TaskRows::setOrder(TaskColumn column, Qt::SortOrder order, const QDateTime &now)
{
    m_column = column;
    m_order = order;
    m_sortedAt = now;
    for (Entry &entry : m_entries)
        if (entry.serial != 0)
            entry.sort = sortKey(entry.row);
}

void TaskRows::refreshKey(Slot slot)
{
    Entry &entry = m_entries[std::size_t(slot)];
    entry.sort = sortKey(entry.row);
}

bool TaskRows::less(Slot a, Slot b) const
{
    const Entry &left = m_entries[std::size_t(a)];
    const Entry &right = m_entries[std::size_t(b)];
    if (left.sort.absent != right.sort.absent)
        return right.sort.absent;
    int order = left.sort.number < right.sort.number ? -1 : left.sort.number > right.sort.number;
    if (left.sort.text && right.sort.text)
        order = left.sort.text->compare(*right.sort.text);
    if (order == 0)
        return left.serial < right.serial;
    return (m_order == Qt::AscendingOrder) == (order < 0);
}

TaskRows::SortKey TaskRows::sortKey(const TaskRow &row) const
{
    const auto text = [this](const QString &value) {
        return value.isEmpty() ? SortKey{.absent = true}
                               : SortKey{.text = m_collator.sortKey(value)};
    };
    const auto number = [](qint64 value, bool known) {
        return SortKey{.absent = !known, .number = value};
    };
    const auto time = [&number](qint64 value) { return number(value, value != TaskRow::never); };
    switch (m_column) {
    case TaskColumn::Status:
        return number(rank(row.outcome, row.expired), true);
    case TaskColumn::Action:
        return text(row.action);
    case TaskColumn::Label:
        return text(row.label);
    case TaskColumn::Progress:
        return number(row.percent.value_or(0), row.percent.has_value());
    case TaskColumn::CurrentStep:
        return text(row.currentStep);
    case TaskColumn::Elapsed: {
        const TaskRecord *record = m_store.find(row.key);
        const auto past = record ? TaskFacts::elapsed(*record, m_sortedAt) : std::nullopt;
        return number(past ? past->count() : 0, past.has_value());
    }
    case TaskColumn::Started:
        return time(row.started);
    case TaskColumn::LastChange:
        return time(row.changed);
    case TaskColumn::Server:
        return text(m_serverNames.value(row.key.server));
    case TaskColumn::TaskId:
        return text(row.key.task.text());
    case TaskColumn::Finished:
        return time(row.finished);
    case TaskColumn::Steps:
        return number(row.stepsDone, row.stepsDone > 0 || row.stepsTotal > 0);
    case TaskColumn::Summary:
        return text(summary(row));
    case TaskColumn::User:
        return text(row.user);
    case TaskColumn::Connection:
        return number(int(row.paused ? Connection::Paused : connectionOf(row.key.server).state),
                      true);
    case TaskColumn::Checked: {
        const TaskRecord *record = m_store.find(row.key);
        return time(record && record->checkedAt.isValid() ? record->checkedAt.toMSecsSinceEpoch()
                                                          : TaskRow::never);
    }
    case TaskColumn::Expected:
        return number(row.stepsExpected, row.stepsExpected > 0);
    case TaskColumn::Tags:
        return text(row.tags);
    case TaskColumn::Note:
        return text(row.note);
    case TaskColumn::TimeLeft: {
        const auto rest = remaining(row.key, m_sortedAt);
        return number(rest ? rest->to.count() : 0, rest.has_value());
    }
    }
    return {};
}

QString TaskRows::summary(const TaskRow &row) const
{
    const TaskRecord *record = row.outcome == Outcome::Stalled ? m_store.find(row.key) : nullptr;
    return record ? TaskText::standstill(*record, m_store.baselines()) : row.summary;
}

std::optional<Baseline::Range> TaskRows::remaining(const TaskKey &key, const QDateTime &now) const
{
    const TaskRecord *record = m_store.find(key);
    const auto elapsed = record && TaskFacts::goesOn(record->outcome)
                             ? TaskFacts::elapsed(*record, now)
                             : std::nullopt;
    return elapsed ? m_store.baselines().remaining(*record, *elapsed) : std::nullopt;
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
