#pragma once

#include "task/taskrecord.h"

#include <QCoreApplication>
#include <QUndoCommand>

class TaskStore;

/// What can be undone with Ctrl+Z. The store must outlive the commands.

class UnwatchCommand final : public QUndoCommand
{
    Q_DECLARE_TR_FUNCTIONS(UnwatchCommand)

public:
    UnwatchCommand(TaskStore &store, const QList<TaskKey> &keys);
    UnwatchCommand(TaskStore &store, QList<TaskKey> keys, const QString &text);
    void redo() override;
    void undo() override;

private:
    TaskStore &m_store;
    QList<TaskKey> m_keys;
    QList<TaskRecord> m_removed;
};

class LabelCommand final : public QUndoCommand
{
    Q_DECLARE_TR_FUNCTIONS(LabelCommand)

public:
    LabelCommand(TaskStore &store, TaskKey key, QString label);
    void redo() override;
    void undo() override;

private:
    TaskStore &m_store;
    TaskKey m_key;
    QString m_before;
    QString m_after;
};

/// Note and tags together, as they are edited.
class NoteCommand final : public QUndoCommand
{
    Q_DECLARE_TR_FUNCTIONS(NoteCommand)

public:
    NoteCommand(TaskStore &store, TaskKey key, QString note, QStringList tags);
    void redo() override;
    void undo() override;

private:
    TaskStore &m_store;
    TaskKey m_key;
    QString m_noteBefore;
    QStringList m_tagsBefore;
    QString m_note;
    QStringList m_tags;
};

/// Sets or takes back a mark of the tasks given, all of which have it otherwise.
class MarkCommand final : public QUndoCommand
{
public:
    using Setter = void (TaskStore::*)(const QList<TaskKey> &, bool);

    MarkCommand(TaskStore &store, QList<TaskKey> keys, Setter setter, bool on, const QString &text);
    void redo() override;
    void undo() override;

private:
    TaskStore &m_store;
    QList<TaskKey> m_keys;
    Setter m_setter;
    bool m_on;
};
