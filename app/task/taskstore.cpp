#include "task/taskstore.h"

#include "task/advance.h"
#include "task/mergerecords.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

namespace {

/// Whether nothing that is shown differs; `checkedAt` and the counts are not shown as changes, but
/// for how many minutes a stall lasts.
bool looksSame(const TaskRecord &a, const TaskRecord &b)
{
    using std::chrono::floor;
    using std::chrono::minutes;
    if (b.outcome == Outcome::Stalled && floor<minutes>(a.quietFor) != floor<minutes>(b.quietFor))
        return false;
    return a.outcome == b.outcome && a.expired == b.expired && a.confirmed == b.confirmed
           && a.snapshot == b.snapshot && isSameReply(a.reply, b.reply)
           && a.strangeReply == b.strangeReply && a.changedAt == b.changedAt
           && a.endedAt == b.endedAt && a.trouble == b.trouble;
}

/// All that merging may change.
auto mergedParts(const TaskRecord &record)
{
    return std::tie(record.label, record.note, record.tags, record.paused, record.pinned,
                    record.muted, record.acknowledged, record.notified, record.outcome,
                    record.snapshot, record.strangeReply, record.watchedSince, record.endedAt,
                    record.endWitnessed, record.troubles);
}

PollWish wishOf(const TaskRecord &record, PollWish::Attention attention)
{
    PollWish wish;
    wish.key = record.key;
    wish.paused = record.paused;
    wish.settled = isFinal(record.outcome) && (record.confirmed || record.expired);
    wish.attention = attention;
    return wish;
}

} // namespace

TaskStore::TaskStore(const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
{
}

TaskStore::~TaskStore() = default;

void TaskStore::load(const QList<TaskRecord> &records)
{
    QList<TaskKey> fresh;
    QList<TaskKey> filled;
    QList<PollWish> wishes;
    for (const TaskRecord &stored : records) {
        TaskRecord record = resumed(stored);
        record.confirmed = record.confirmed && isFinal(record.outcome);
        const TaskKey key = record.key;
        m_baselines.learn(record);
        if (insert(record)) {
            fresh.append(key);
        } else {
            TaskRecord &known = m_tasks[key].record;
            TaskRecord both = mergedRecords(record, known);
            if (mergedParts(both) == mergedParts(known))
                continue;
            known = std::move(both);
            filled.append(key);
        }
        updateWish(m_tasks[key], wishes);
    }
    if (!fresh.isEmpty())
        Q_EMIT added(fresh);
    if (!filled.isEmpty())
        Q_EMIT changed(filled);
    if (!wishes.isEmpty())
        Q_EMIT wished(wishes);
}

const TaskRecord *TaskStore::find(const TaskKey &key) const
{
    const auto found = m_tasks.find(key);
    return found == m_tasks.cend() ? nullptr : &found->second.record;
}

QList<TaskKey> TaskStore::keys() const
{
    std::vector<std::pair<quint64, TaskKey>> ordered;
    ordered.reserve(m_tasks.size());
    for (const auto &[key, task] : m_tasks)
        ordered.emplace_back(task.order, key);
    std::sort(ordered.begin(), ordered.end(),
              [](const auto &a, const auto &b) { return a.first < b.first; });
    QList<TaskKey> keys;
    keys.reserve(size());
    for (auto &[order, key] : ordered)
        keys.append(std::move(key));
    return keys;
}

QList<TaskKey> TaskStore::watch(const QList<TaskKey> &keys)
{
    QList<TaskKey> fresh;
    QList<PollWish> wishes;
    const QDateTime now = m_clock.now().wall;
    for (const TaskKey &key : keys) {
        if (key.task.isEmpty())
            continue;
        TaskRecord record;
        record.key = key;
        record.watchedSince = now;
        if (!insert(std::move(record)))
            continue;
        fresh.append(key);
        updateWish(m_tasks[key], wishes, true);
    }
    if (!fresh.isEmpty()) {
        Q_EMIT added(fresh);
        Q_EMIT wished(wishes);
    }
    return fresh;
}

QList<TaskRecord> TaskStore::unwatch(const QList<TaskKey> &keys)
{
    QList<TaskRecord> gone;
    QList<TaskKey> goneKeys;
    QList<PollWish> wishes;
    for (const TaskKey &key : keys) {
        const auto found = m_tasks.find(key);
        if (found == m_tasks.end())
            continue;
        PollWish wish;
        wish.key = key;
        wish.tracked = false;
        wishes.append(wish);
        goneKeys.append(key);
        gone.append(std::move(found->second.record));
        m_tasks.erase(found);
    }
    if (!gone.isEmpty()) {
        Q_EMIT removed(goneKeys);
        Q_EMIT wished(wishes);
    }
    return gone;
}

void TaskStore::restore(const QList<TaskRecord> &records)
{
    QList<TaskKey> fresh;
    QList<PollWish> wishes;
    for (const TaskRecord &record : records) {
        if (!insert(resumed(record)))
            continue;
        fresh.append(record.key);
        updateWish(m_tasks[record.key], wishes);
    }
    if (!fresh.isEmpty()) {
        Q_EMIT added(fresh);
        Q_EMIT wished(wishes);
    }
}

void TaskStore::refresh(const QList<TaskKey> &keys)
{
    QList<PollWish> wishes;
    for (const TaskKey &key : keys) {
        if (const auto found = m_tasks.find(key); found != m_tasks.end())
            updateWish(found->second, wishes, true);
    }
    if (!wishes.isEmpty())
        Q_EMIT wished(wishes);
}

void TaskStore::setAttention(const QList<TaskKey> &visible, const QList<TaskKey> &selected)
{
    QHash<TaskKey, PollWish::Attention> attention;
    attention.reserve(visible.size() + selected.size());
    for (const TaskKey &key : visible)
        attention.insert(key, PollWish::Attention::Visible);
    for (const TaskKey &key : selected)
        attention.insert(key, PollWish::Attention::Selected);
    const auto old = std::exchange(m_attention, std::move(attention));

    QList<PollWish> wishes;
    const auto update = [&](const TaskKey &key) {
        if (const auto found = m_tasks.find(key); found != m_tasks.end())
            updateWish(found->second, wishes);
    };
    for (auto it = m_attention.cbegin(); it != m_attention.cend(); ++it)
        update(it.key());
    for (auto it = old.cbegin(); it != old.cend(); ++it) {
        if (!m_attention.contains(it.key()))
            update(it.key());
    }
    if (!wishes.isEmpty())
        Q_EMIT wished(wishes);
}

void TaskStore::interrupt(const ServerId &server)
{
    for (auto &[key, task] : m_tasks) {
        if (key.server == server)
            interruptWatching(task.record);
    }
}

void TaskStore::apply(const QList<PollOutcome> &outcomes)
{
    const Instant now = m_clock.now();
    QList<TaskKey> touched; // each once, in order
    QHash<TaskKey, bool> differs;
    QList<PollWish> wishes;
    for (const PollOutcome &outcome : outcomes) {
        const auto found = m_tasks.find(outcome.key);
        if (found == m_tasks.end())
            continue; // no longer tracked: the answer was on its way
        TaskRecord after = advance(found->second.record, outcome, now,
                                   m_baselines.longestStep(found->second.record));
        m_baselines.learn(after);
        const bool same = looksSame(found->second.record, after);
        found->second.record = std::move(after);
        const auto seen = differs.find(outcome.key);
        if (seen == differs.end()) {
            differs.insert(outcome.key, !same);
            touched.append(outcome.key);
        } else if (!same) {
            *seen = true;
        }
        updateWish(found->second, wishes);
    }
    QList<TaskKey> changes;
    QList<TaskKey> checks;
    for (const TaskKey &key : std::as_const(touched))
        (differs.value(key) ? changes : checks).append(key);
    if (!changes.isEmpty())
        Q_EMIT changed(changes);
    if (!checks.isEmpty())
        Q_EMIT checked(checks);
    if (!wishes.isEmpty())
        Q_EMIT wished(wishes);
}

void TaskStore::reread(const QList<Reading> &readings)
{
    QList<TaskKey> touched;
    for (const Reading &reading : readings) {
        const auto found = m_tasks.find(reading.key);
        if (found == m_tasks.end() || found->second.record.snapshot != reading.before
            || reading.after == reading.before)
            continue;
        found->second.record.snapshot = reading.after;
        // Who keeps replies by their identity must look at this one again.
        found->second.record.reply = std::make_shared<const ReplyData>(*found->second.record.reply);
        touched.append(reading.key);
    }
    if (!touched.isEmpty())
        Q_EMIT changed(touched);
}

bool TaskStore::insert(TaskRecord record)
{
    if (m_tasks.contains(record.key))
        return false;
    Task task;
    task.order = m_nextOrder++;
    const TaskKey key = record.key;
    task.record = std::move(record);
    m_tasks.emplace(key, std::move(task));
    return true;
}

void TaskStore::updateWish(Task &task, QList<PollWish> &wishes, bool dueNow) const
{
    PollWish wish =
        wishOf(task.record, m_attention.value(task.record.key, PollWish::Attention::Background));
    const Sent sent(wish);
    if (sent == task.sent && !dueNow)
        return;
    task.sent = sent;
    wish.dueNow = dueNow;
    wishes.append(std::move(wish));
}
