#include "tasks/taskrows.h"

#include "task/taskfacts.h"
#include "task/taskstore.h"
#include "task/tasktext.h"

// How two rows compare, by raw values.

using namespace Qt::StringLiterals;

namespace {

/// What needs somebody comes first.
int urgency(Outcome outcome, bool expired)
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

void TaskRows::setOrder(TaskColumn column, Qt::SortOrder order, const QDateTime &now)
{
    m_column = column;
    m_order = order;
    m_sortedAt = now;
    for (const Slot slot : all())
        refreshKey(slot);
}

void TaskRows::refreshKey(Slot slot)
{
    Entry &entry = m_entries[std::size_t(slot)];
    SortKey key = sortKey(entry.row);
    entry.sortText = std::move(key.text);
    Rank &rank = m_ranks[std::size_t(slot)];
    rank.number = key.number;
    rank.absent = key.absent;
    rank.hasText = entry.sortText.has_value();
}

bool TaskRows::less(Slot a, Slot b) const
{
    const Rank &left = m_ranks[std::size_t(a)];
    const Rank &right = m_ranks[std::size_t(b)];
    if (left.absent != right.absent)
        return right.absent;
    int order = left.number < right.number ? -1 : left.number > right.number;
    if (left.hasText && right.hasText)
        order = m_entries[std::size_t(a)].sortText->compare(*m_entries[std::size_t(b)].sortText);
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
        return number(urgency(row.outcome, row.expired), true);
    case TaskColumn::Action:
        return text(row.action());
    case TaskColumn::Label:
        return text(row.label);
    case TaskColumn::Progress:
        return number(row.percent.value_or(0), row.percent.has_value());
    case TaskColumn::CurrentStep:
        return text(row.currentStep());
    case TaskColumn::Elapsed: {
        const TaskRecord *record = m_store.find(row.key);
        const auto past = record ? TaskFacts::span(*record, m_sortedAt) : std::nullopt;
        return number(past ? past->length.count() : 0, past.has_value());
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
        return text(row.user());
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
