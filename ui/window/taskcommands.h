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

/// Of the given tasks, those are changed that are not paused (or resumed) yet.
class PauseCommand final : public QUndoCommand
{
    Q_DECLARE_TR_FUNCTIONS(PauseCommand)

public:
    PauseCommand(TaskStore &store, const QList<TaskKey> &keys, bool paused);
    void redo() override;
    void undo() override;

private:
    TaskStore &m_store;
    QList<TaskKey> m_keys;
    bool m_paused;
};

/// As PauseCommand, of notifications.
class MuteCommand final : public QUndoCommand
{
    Q_DECLARE_TR_FUNCTIONS(MuteCommand)

public:
    MuteCommand(TaskStore &store, const QList<TaskKey> &keys, bool muted);
    void redo() override;
    void undo() override;

private:
    TaskStore &m_store;
    QList<TaskKey> m_keys;
    bool m_muted;
};
