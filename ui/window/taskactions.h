#pragma once

#include "task/taskrecord.h"
#include "window/shownserver.h"

#include <QObject>
#include <QUndoStack>

class Clock;
class TaskStore;
class TaskTableModel;
class TaskTableView;
class WindowActions;

/// What the window's actions do with the tasks that are selected in the table.
class TaskActions final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TaskActions)

public:
    TaskActions(TaskStore &store, TaskTableModel &model, TaskTableView &table, const Clock &clock,
                QObject *parent = nullptr);

    void connectTo(const WindowActions &actions);
    void setServers(const ShownServers &servers) { m_servers = servers; }
    /// Where a command comes from that acts on a task which is looked up, not selected.
    void openInGuardian(const QList<TaskKey> &keys);
    /// Starts watching and makes the first of them the current one.
    void watch(const QList<TaskKey> &keys);
    void setLabel(const TaskKey &key, const QString &label);
    /// Tasks need attention, and the table shows none of them.
    [[nodiscard]] bool areProblemsHidden() const;
    [[nodiscard]] QUndoStack &undoStack() { return m_undo; }

Q_SIGNALS:
    /// For the status line. `canUndo`: with the button.
    void done(const QString &what, bool canUndo);

private:
    void refresh();
    void refreshAll();
    void unwatch();
    /// Of the selected problems; takes it back where all are acknowledged.
    void acknowledge();
    void pin();
    void editNote();
    /// What ended well or was acknowledged, and is not pinned, leaves the list.
    void clearFinished();
    void setPaused(bool paused);
    /// Or no longer, if all are.
    void mute();
    void copyIds();
    void copyReport();
    void goToProblem(int step);
    [[nodiscard]] bool isProblem(const TaskKey &key) const;
    void push(QUndoCommand *command);
    [[nodiscard]] QList<TaskKey> selection() const;

    TaskStore &m_store;
    TaskTableModel &m_model;
    TaskTableView &m_table;
    const Clock &m_clock;
    ShownServers m_servers;
    QUndoStack m_undo;
};
