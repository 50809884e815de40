#include "window/taskcommands.h"

#include "task/taskstore.h"

UnwatchCommand::UnwatchCommand(TaskStore &store, const QList<TaskKey> &keys)
    : m_store(store)
    , m_keys(keys)
{
    const auto count = static_cast<int>(keys.size());
    setText(count == 1 ? tr("Stopped watching 1 task")
                       : tr("Stopped watching %n tasks", nullptr, count));
}

void UnwatchCommand::redo()
{
    m_removed = m_store.unwatch(m_keys);
}

void UnwatchCommand::undo()
{
    m_store.restore(m_removed);
    m_removed.clear();
}

LabelCommand::LabelCommand(TaskStore &store, TaskKey key, QString label)
    : m_store(store)
    , m_key(std::move(key))
    , m_after(std::move(label))
{
    if (const TaskRecord *record = store.find(m_key))
        m_before = record->label;
    setText(tr("Changed a label"));
}

void LabelCommand::redo()
{
    m_store.setLabel(m_key, m_after);
}

void LabelCommand::undo()
{
    m_store.setLabel(m_key, m_before);
}

PauseCommand::PauseCommand(TaskStore &store, const QList<TaskKey> &keys, bool paused)
    : m_store(store)
    , m_paused(paused)
{
    for (const TaskKey &key : keys) {
        const TaskRecord *record = store.find(key);
        if (record && record->paused != paused)
            m_keys.append(key);
    }
    const auto count = static_cast<int>(m_keys.size());
    if (paused)
        setText(count == 1 ? tr("Paused 1 task") : tr("Paused %n tasks", nullptr, count));
    else
        setText(count == 1 ? tr("Resumed 1 task") : tr("Resumed %n tasks", nullptr, count));
}

void PauseCommand::redo()
{
    m_store.setPaused(m_keys, m_paused);
}

void PauseCommand::undo()
{
    m_store.setPaused(m_keys, !m_paused);
}

MuteCommand::MuteCommand(TaskStore &store, const QList<TaskKey> &keys, bool muted)
    : m_store(store)
    , m_muted(muted)
{
    for (const TaskKey &key : keys) {
        const TaskRecord *record = store.find(key);
        if (record && record->muted != muted)
            m_keys.append(key);
    }
    const auto count = static_cast<int>(m_keys.size());
    if (muted)
        setText(count == 1 ? tr("No notifications about 1 task")
                           : tr("No notifications about %n tasks", nullptr, count));
    else
        setText(count == 1 ? tr("Notifications about 1 task again")
                           : tr("Notifications about %n tasks again", nullptr, count));
}

void MuteCommand::redo()
{
    m_store.setMuted(m_keys, m_muted);
}

void MuteCommand::undo()
{
    m_store.setMuted(m_keys, !m_muted);
}
