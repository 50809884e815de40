#include "task/advance.h"
#include "task/taskstore.h"

// What the operator says of tasks, and that they were told of.

template<typename T>
void TaskStore::set(const QList<TaskKey> &keys, T TaskRecord::*field, const T &value,
                    OperatorParts part)
{
    QList<TaskKey> touched;
    for (const TaskKey &key : keys) {
        const auto found = m_tasks.find(key);
        if (found == m_tasks.end() || found->second.record.*field == value)
            continue;
        found->second.record.*field = value;
        found->second.record.said |= part;
        touched.append(key);
    }
    if (!touched.isEmpty())
        Q_EMIT changed(touched);
}

void TaskStore::setLabel(const TaskKey &key, const QString &label)
{
    set({key}, &TaskRecord::label, SlimText(label), OperatorPart::Label);
}

void TaskStore::setNote(const TaskKey &key, const QString &note)
{
    set({key}, &TaskRecord::note, SlimText(note), OperatorPart::Note);
}

void TaskStore::setTags(const TaskKey &key, const QStringList &tags)
{
    QStringList clean;
    for (const QString &tag : tags) {
        const QString simple = tag.simplified();
        if (!simple.isEmpty() && !clean.contains(simple))
            clean.append(simple);
    }
    set({key}, &TaskRecord::tags, Slim<QStringList>(clean), OperatorPart::Tags);
}

void TaskStore::setPinned(const QList<TaskKey> &keys, bool pinned)
{
    set(keys, &TaskRecord::pinned, pinned, OperatorPart::Pinned);
}

void TaskStore::setAcknowledged(const QList<TaskKey> &keys, bool acknowledged)
{
    set(keys, &TaskRecord::acknowledged, acknowledged, OperatorPart::Acknowledged);
}

void TaskStore::setMuted(const QList<TaskKey> &keys, bool muted)
{
    set(keys, &TaskRecord::muted, muted, OperatorPart::Muted);
}

void TaskStore::setNotified(const QList<TaskKey> &keys, std::optional<Outcome> outcome)
{
    set(keys, &TaskRecord::notified, outcome);
}

void TaskStore::setPaused(const QList<TaskKey> &keys, bool paused)
{
    QList<TaskKey> touched;
    QList<PollWish> wishes;
    for (const TaskKey &key : keys) {
        const auto found = m_tasks.find(key);
        if (found == m_tasks.end() || found->second.record.paused == paused)
            continue;
        found->second.record.paused = paused;
        found->second.record.said |= OperatorPart::Paused;
        interruptWatching(found->second.record);
        touched.append(key);
        updateWish(found->second, wishes);
    }
    if (!touched.isEmpty()) {
        Q_EMIT changed(touched);
        Q_EMIT wished(wishes);
    }
}
