#include "window/taskactions.h"

#include "exchange/taskreport.h"
#include "guardian/apiroot.h"
#include "task/taskstore.h"
#include "tasks/tasktablemodel.h"
#include "tasks/tasktableview.h"
#include "window/notedialog.h"
#include "window/taskcommands.h"
#include "window/windowactions.h"

#include <QAction>
#include <QClipboard>
#include <QDesktopServices>
#include <QGuiApplication>

#include <algorithm>

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
    connect(actions.acknowledge, &QAction::triggered, this, &TaskActions::acknowledge);
    connect(actions.pin, &QAction::triggered, this, &TaskActions::pin);
    connect(actions.editNote, &QAction::triggered, this, &TaskActions::editNote);
    connect(actions.clearFinished, &QAction::triggered, this, &TaskActions::clearFinished);
    connect(actions.pause, &QAction::triggered, this, [this] { setPaused(true); });
    connect(actions.resume, &QAction::triggered, this, [this] { setPaused(false); });
    connect(actions.mute, &QAction::triggered, this, &TaskActions::mute);
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

void TaskActions::acknowledge()
{
    QList<TaskKey> fresh;
    QList<TaskKey> seen;
    for (const TaskKey &key : selection()) {
        const TaskRecord *record = m_store.find(key);
        if (record && needsAttention(record->outcome))
            (record->acknowledged ? seen : fresh).append(key);
    }
    if (fresh.isEmpty() && seen.isEmpty()) {
        Q_EMIT done(tr("Nothing here needs attention"), false);
        return;
    }
    const bool on = !fresh.isEmpty();
    const QList<TaskKey> &keys = on ? fresh : seen;
    const auto count = static_cast<int>(keys.size());
    const QString words =
        on ? (count == 1 ? tr("Acknowledged 1 task") : tr("Acknowledged %n tasks", nullptr, count))
           : (count == 1 ? tr("1 task needs attention again")
                         : tr("%n tasks need attention again", nullptr, count));
    push(new MarkCommand(m_store, keys, &TaskStore::setAcknowledged, on, words));
}

void TaskActions::pin()
{
    QList<TaskKey> pinned;
    QList<TaskKey> loose;
    for (const TaskKey &key : selection()) {
        if (const TaskRecord *record = m_store.find(key))
            (record->pinned ? pinned : loose).append(key);
    }
    const bool on = !loose.isEmpty();
    const QList<TaskKey> &keys = on ? loose : pinned;
    if (keys.isEmpty())
        return;
    const auto count = static_cast<int>(keys.size());
    const QString words =
        on ? (count == 1 ? tr("Pinned 1 task") : tr("Pinned %n tasks", nullptr, count))
           : (count == 1 ? tr("Unpinned 1 task") : tr("Unpinned %n tasks", nullptr, count));
    push(new MarkCommand(m_store, keys, &TaskStore::setPinned, on, words));
}

void TaskActions::editNote()
{
    const auto key = m_table.currentTask();
    const TaskRecord *record = key ? m_store.find(*key) : nullptr;
    if (!record)
        return;
    const QString action = record->snapshot ? record->snapshot->action : QString();
    auto *dialog = new NoteDialog(record->label.isEmpty() ? action : record->label.get(),
                                  record->note, record->tags, m_table.window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, key = *key] {
        const TaskRecord *now = m_store.find(key);
        if (now && (now->note.get() != dialog->note() || now->tags.get() != dialog->tags()))
            push(new NoteCommand(m_store, key, dialog->note(), dialog->tags()));
    });
    dialog->open();
}

void TaskActions::clearFinished()
{
    QList<TaskKey> keys;
    for (const TaskKey &key : m_store.keys()) {
        const TaskRecord *record = m_store.find(key);
        const bool isDone = isFinal(record->outcome) && !record->pinned
                            && (record->acknowledged || !needsAttention(record->outcome));
        if (isDone)
            keys.append(key);
    }
    if (keys.isEmpty()) {
        Q_EMIT done(tr("There is nothing to clear: what failed must be acknowledged first"), false);
        return;
    }
    const auto count = static_cast<int>(keys.size());
    push(new UnwatchCommand(m_store, keys,
                            count == 1 ? tr("Cleared 1 finished task")
                                       : tr("Cleared %n finished tasks", nullptr, count)));
}

void TaskActions::setPaused(bool paused)
{
    QList<TaskKey> keys;
    for (const TaskKey &key : selection()) {
        const TaskRecord *record = m_store.find(key);
        if (record && record->paused != paused)
            keys.append(key);
    }
    if (keys.isEmpty()) {
        if (!selection().isEmpty())
            Q_EMIT done(paused ? tr("Paused already") : tr("Nothing here is paused"), false);
        return;
    }
    const auto count = static_cast<int>(keys.size());
    const QString words =
        paused ? (count == 1 ? tr("Paused 1 task") : tr("Paused %n tasks", nullptr, count))
               : (count == 1 ? tr("Resumed 1 task") : tr("Resumed %n tasks", nullptr, count));
    push(new MarkCommand(m_store, keys, &TaskStore::setPaused, paused, words));
}

void TaskActions::mute()
{
    QList<TaskKey> muted;
    QList<TaskKey> loud;
    for (const TaskKey &key : selection()) {
        if (const TaskRecord *record = m_store.find(key))
            (record->muted ? muted : loud) << key;
    }
    const bool on = !loud.isEmpty();
    const QList<TaskKey> &keys = on ? loud : muted;
    if (keys.isEmpty())
        return;
    const auto count = static_cast<int>(keys.size());
    const QString words =
        on ? (count == 1 ? tr("No notifications about 1 task")
                         : tr("No notifications about %n tasks", nullptr, count))
           : (count == 1 ? tr("Notifications about 1 task again")
                         : tr("Notifications about %n tasks again", nullptr, count));
    push(new MarkCommand(m_store, keys, &TaskStore::setMuted, on, words));
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
        if (isProblem(key)) {
            m_table.setCurrentTask(key);
            return;
        }
    }
    Q_EMIT done(tr("No task needs attention"), false);
}

bool TaskActions::isProblem(const TaskKey &key) const
{
    const TaskRecord *record = m_store.find(key);
    return record && needsAttention(record->outcome) && !record->acknowledged;
}

bool TaskActions::areProblemsHidden() const
{
    const auto isHere = [this](const TaskKey &key) { return isProblem(key); };
    for (int row = 0; row < m_model.rowCount(); ++row) {
        if (isHere(m_model.keyAt(row)))
            return false;
    }
    const QList<TaskKey> keys = m_store.keys();
    return std::any_of(keys.cbegin(), keys.cend(), isHere);
}
