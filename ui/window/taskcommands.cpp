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

UnwatchCommand::UnwatchCommand(TaskStore &store, QList<TaskKey> keys, const QString &text)
    : QUndoCommand(text)
    , m_store(store)
    , m_keys(std::move(keys))
{
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

NoteCommand::NoteCommand(TaskStore &store, TaskKey key, QString note, QStringList tags)
    : m_store(store)
    , m_key(std::move(key))
    , m_note(std::move(note))
    , m_tags(std::move(tags))
{
    if (const TaskRecord *record = store.find(m_key)) {
        m_noteBefore = record->note;
        m_tagsBefore = record->tags;
    }
    setText(tr("Changed note and tags"));
}

void NoteCommand::redo()
{
    m_store.setNote(m_key, m_note);
    m_store.setTags(m_key, m_tags);
}

void NoteCommand::undo()
{
    m_store.setNote(m_key, m_noteBefore);
    m_store.setTags(m_key, m_tagsBefore);
}

MarkCommand::MarkCommand(TaskStore &store, QList<TaskKey> keys, Setter setter, bool on,
                         const QString &text)
    : QUndoCommand(text)
    , m_store(store)
    , m_keys(std::move(keys))
    , m_setter(setter)
    , m_on(on)
{
}

void MarkCommand::redo()
{
    (m_store.*m_setter)(m_keys, m_on);
}

void MarkCommand::undo()
{
    (m_store.*m_setter)(m_keys, !m_on);
}
