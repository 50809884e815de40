#include "window/taskactions.h"

#include "exchange/taskreport.h"
#include "guardian/apiroot.h"
#include "task/taskstore.h"
#include "tasks/tasktablemodel.h"
#include "tasks/tasktableview.h"
#include "window/taskcommands.h"
#include "window/windowactions.h"

#include <QAction>
#include <QClipboard>
#include <QDesktopServices>
#include <QGuiApplication>

namespace {

/// More browser pages at once are a mistake.
constexpr qsizetype pagesAtOnce = 5;

} // namespace

TaskActions::TaskActions(TaskStore &store, TaskTableModel &model, TaskTableView &table,
                         const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_model(model)
    , m_table(table)
    , m_clock(clock)
{
    connect(&model, &TaskTableModel::labelEdited, this, &TaskActions::setLabel);
}

void TaskActions::connectTo(const WindowActions &actions)
{
    connect(actions.refresh, &QAction::triggered, this, &TaskActions::refresh);
    connect(actions.refreshAll, &QAction::triggered, this, &TaskActions::refreshAll);
    connect(actions.unwatch, &QAction::triggered, this, &TaskActions::unwatch);
    connect(actions.pause, &QAction::triggered, this, [this] { setPaused(true); });
    connect(actions.resume, &QAction::triggered, this, [this] { setPaused(false); });
    connect(actions.copyIds, &QAction::triggered, this, &TaskActions::copyIds);
    connect(actions.copyReport, &QAction::triggered, this, &TaskActions::copyReport);
    connect(actions.nextProblem, &QAction::triggered, this, [this] { goToProblem(1); });
    connect(actions.previousProblem, &QAction::triggered, this, [this] { goToProblem(-1); });
    connect(actions.undo, &QAction::triggered, &m_undo, &QUndoStack::undo);
    connect(actions.redo, &QAction::triggered, &m_undo, &QUndoStack::redo);
    connect(&m_undo, &QUndoStack::canUndoChanged, actions.undo, &QAction::setEnabled);
    connect(&m_undo, &QUndoStack::canRedoChanged, actions.redo, &QAction::setEnabled);
    actions.undo->setEnabled(false);
    actions.redo->setEnabled(false);
}

QList<TaskKey> TaskActions::selection() const
{
    return m_table.selectedTasks();
}

void TaskActions::push(QUndoCommand *command)
{
    const QString what = command->text();
    m_undo.push(command);
    Q_EMIT done(what, true);
}

void TaskActions::watch(const QList<TaskKey> &keys)
{
    const QList<TaskKey> fresh = m_store.watch(keys);
    const auto count = static_cast<int>(fresh.size());
    Q_EMIT done(count == 1 ? tr("Watching 1 more task")
                           : tr("Watching %n more tasks", nullptr, count),
                false);
    if (!keys.isEmpty())
        m_table.setCurrentTask(keys.first());
}

void TaskActions::setLabel(const TaskKey &key, const QString &label)
{
    const TaskRecord *record = m_store.find(key);
    if (record && record->label != label)
        push(new LabelCommand(m_store, key, label));
}

void TaskActions::refresh()
{
    const QList<TaskKey> keys = selection();
    m_store.refresh(keys);
    const auto count = static_cast<int>(keys.size());
    Q_EMIT done(count == 1 ? tr("Asking about 1 task")
                           : tr("Asking about %n tasks", nullptr, count),
                false);
}

void TaskActions::refreshAll()
{
    m_store.refresh(m_store.keys());
    Q_EMIT done(tr("Asking about all tasks"), false);
}

void TaskActions::unwatch()
{
    const QList<TaskKey> keys = selection();
    if (!keys.isEmpty())
        push(new UnwatchCommand(m_store, keys));
}

void TaskActions::setPaused(bool paused)
{
    const QList<TaskKey> keys = selection();
    if (!keys.isEmpty())
        push(new PauseCommand(m_store, keys, paused));
}

void TaskActions::copyIds()
{
    const QList<TaskKey> keys = selection();
    if (keys.isEmpty())
        return;
    QGuiApplication::clipboard()->setText(TaskReport::ids(keys));
    const auto count = static_cast<int>(keys.size());
    Q_EMIT done(count == 1 ? tr("Copied 1 ID") : tr("Copied %n IDs", nullptr, count), false);
}

void TaskActions::copyReport()
{
    QList<TaskRecord> records;
    for (const TaskKey &key : selection()) {
        if (const TaskRecord *record = m_store.find(key))
            records << *record;
    }
    if (records.isEmpty())
        return;
    QGuiApplication::clipboard()->setText(
        TaskReport::text(records, namesOf(m_servers), m_clock.now().wall));
    const auto count = static_cast<int>(records.size());
    Q_EMIT done(count == 1 ? tr("Copied a report of 1 task")
                           : tr("Copied a report of %n tasks", nullptr, count),
                false);
}

void TaskActions::openInGuardian(const QList<TaskKey> &keys)
{
    for (const TaskKey &key : keys.first(qMin(keys.size(), pagesAtOnce))) {
        if (const ShownServer *server = findServer(m_servers, key.server))
            QDesktopServices::openUrl(ApiRoot(server->apiRoot).webTaskPage(key.task));
    }
}

void TaskActions::goToProblem(int step)
{
    const int rows = m_model.rowCount();
    const auto current = m_table.currentTask();
    int row = current ? m_model.rowOf(*current) : -1;
    if (row < 0)
        row = step > 0 ? -1 : rows;
    for (int tried = 0; tried < rows; ++tried) {
        row = (row + step + rows) % rows;
        const TaskKey key = m_model.keyAt(row);
        const TaskRecord *record = m_store.find(key);
        if (record && belongsTo(TaskView::Attention, record->outcome)) {
            m_table.setCurrentTask(key);
            return;
        }
    }
    Q_EMIT done(tr("No task needs attention"), false);
}
