// Which task the window is at: chosen, looked up, or found.

#include "mainwindow.h"

#include "detail/taskdetailview.h"
#include "intake/intakedesk.h"
#include "task/taskstore.h"
#include "tasks/tasktablemodel.h"
#include "tasks/tasktableview.h"
#include "window/detailpane.h"
#include "window/filterbox.h"
#include "window/sidelist.h"
#include "window/statusline.h"
#include "window/tablepane.h"
#include "window/taskactions.h"
#include "window/windowactions.h"

#include <QAction>
#include <QLineEdit>

void MainWindow::showWorstTask()
{
    std::optional<TaskKey> worst;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const TaskKey key = m_model->keyAt(row);
        const TaskRecord *record = m_store.find(key);
        if (record && record->outcome == Outcome::Failed) {
            worst = key;
            break;
        }
        if (!worst)
            worst = key;
    }
    if (worst)
        m_tablePane->table().setCurrentTask(*worst);
}

QList<TaskKey> MainWindow::selectedTasks() const
{
    return m_tablePane->table().selectedTasks();
}

bool MainWindow::isOnShow(const TaskKey &key) const
{
    return isActiveWindow() && !isConnectPageShown()
           && (m_visible.contains(key) || m_detailPane->shownTask() == key);
}

void MainWindow::openInGuardian(const QList<TaskKey> &keys)
{
    m_taskActions->openInGuardian(keys);
}

void MainWindow::showLookedUp(const TaskRecord &record)
{
    m_detailPane->showLookedUp(record);
    refreshEmptiness();
}

void MainWindow::showCurrentTask()
{
    m_intake->forgetLookUp();
    m_detailPane->showTask(m_tablePane->table().currentTask());
    refreshEmptiness();
}

void MainWindow::leaveLookUp()
{
    if (m_detailPane->isShowingLookedUp())
        showCurrentTask();
}

void MainWindow::takeSelection()
{
    const QList<TaskKey> selected = m_tablePane->table().selectedTasks();
    m_store.setAttention(m_visible, selected);
    m_actions->setHasSelection(!selected.isEmpty());
}

void MainWindow::editLabel()
{
    TaskTableView &table = m_tablePane->table();
    const QModelIndex current = table.currentIndex();
    if (!current.isValid())
        return;
    const QModelIndex label = current.siblingAtColumn(static_cast<int>(TaskColumn::Label));
    table.setCurrentIndex(label);
    static_cast<QAbstractItemView &>(table).edit(label);
}

void MainWindow::showTask(const TaskKey &key)
{
    if (m_model->rowOf(key) < 0) // hidden by filter or view
        showAll();
    m_tablePane->table().setCurrentTask(key);
    leaveLookUp(); // it may have been the current one before
    m_tablePane->takeFocus();
}

void MainWindow::showAll()
{
    m_filterBox->clear();
    m_sideList->chooseView(TaskView::All);
}

void MainWindow::showNextProblem()
{
    if (m_taskActions->areProblemsHidden())
        showAll();
    m_actions->nextProblem->trigger();
}

void MainWindow::showWatched(const TaskKey &key)
{
    showTask(key);
    m_status->say(tr("This task is watched already"));
}

void MainWindow::watchLookedUp(const TaskKey &key)
{
    m_taskActions->watch({key});
    showWatched(key);
    m_lookUpBox->clear();
}

void MainWindow::openShownInGuardian()
{
    const auto shown = m_detailPane->shownTask();
    if (m_detailPane->isShowingLookedUp() && shown)
        m_taskActions->openInGuardian({*shown});
    else
        m_taskActions->openInGuardian(m_tablePane->table().selectedTasks());
}
