// Who tells whom in the window: all of its connections.

#include "mainwindow.h"

#include "detail/taskdetailview.h"
#include "exchange/exchangedesk.h"
#include "intake/intakedesk.h"
#include "task/taskstore.h"
#include "tasks/tasktablemodel.h"
#include "tasks/tasktableview.h"
#include "window/banner.h"
#include "window/detailpane.h"
#include "window/fieldhint.h"
#include "window/filterbox.h"
#include "window/savedfilters.h"
#include "window/sidelist.h"
#include "window/statusline.h"
#include "window/tablepane.h"
#include "window/taskactions.h"
#include "window/windowactions.h"
#include "window/windowlayout.h"

#include <QAction>
#include <QLineEdit>

void MainWindow::connectActions()
{
    const auto on = [this](QAction *action, auto what) {
        connect(action, &QAction::triggered, this, what);
    };
    on(m_actions->watch, [this] { m_intake->openDialog(); });
    on(m_actions->openFile, [this] { m_intake->openFile(); });
    on(m_actions->paste, &MainWindow::takeClipboard);
    on(m_actions->exportTasks, [this] { m_exchange->openExport(); });
    on(m_actions->importTasks, [this] { m_exchange->openImport(); });
    on(m_actions->lookUp, [this] { focusField(*m_lookUpBox); });
    on(m_actions->filter, [this] { focusField(*m_filterBox); });
    on(m_actions->clearFilter, &MainWindow::escape);
    on(m_actions->showDetails, [this] { m_detailPane->view().setFocus(); });
    for (int i = 0; i < m_actions->tabs.size(); ++i)
        on(m_actions->tabs.at(i), [this, i] { m_detailPane->view().setCurrentTab(i); });
    on(m_actions->openInGuardian, &MainWindow::openShownInGuardian);
    on(m_actions->editLabel, &MainWindow::editLabel);
    connect(m_actions->hold, &QAction::toggled, this, [this](bool held) {
        m_tablePane->table().setHeld(held);
        m_status->say(held ? tr("Rows keep their places until Ctrl+P is pressed again")
                           : tr("Rows are in order again"));
    });
    connect(m_actions->sideList, &QAction::toggled, m_sideList, &QWidget::setVisible);
    on(m_actions->detailAutomatic,
       [this] { Q_EMIT detailPlacementChosen(Settings::DetailPlacement::Automatic); });
    on(m_actions->detailBelow,
       [this] { Q_EMIT detailPlacementChosen(Settings::DetailPlacement::Below); });
    on(m_actions->detailBeside,
       [this] { Q_EMIT detailPlacementChosen(Settings::DetailPlacement::Beside); });
    connect(this, &MainWindow::detailPlacementChosen, this, &MainWindow::setDetailPlacement);
    on(m_actions->servers, [this] { Q_EMIT serversWanted(m_sideList->chosenServer()); });
    on(m_actions->settings, &MainWindow::settingsWanted);
    on(m_actions->commands, [this] { showCommands(*this, *m_actions); });
    on(m_actions->keys, [this] { showKeys(*this, *m_actions); });
    on(m_actions->about, [this] { showAbout(*this); });
    on(m_actions->quit, &MainWindow::quitWanted);
    m_taskActions->connectTo(*m_actions);
    on(m_actions->nextProblem, &MainWindow::leaveLookUp);
    m_actions->attachToTable(m_tablePane->table());
}

void MainWindow::connectParts()
{
    TaskTableView &table = m_tablePane->table();
    connect(&table, &TaskTableView::currentTaskChanged, this,
            [this, before = std::optional<TaskKey>()](const std::optional<TaskKey> &key) mutable {
                // Where a task went, its neighbour becomes current; that takes no look-up away.
                const bool isChosen = key && (!before || m_store.contains(*before));
                before = key;
                if (isChosen || !m_detailPane->isShowingLookedUp())
                    showCurrentTask();
            });
    connect(&table, &QAbstractItemView::clicked, this, &MainWindow::leaveLookUp);
    connect(&table, &TaskTableView::visibleTasksChanged, this,
            [this](const QList<TaskKey> &visible) {
                m_visible = visible;
                takeSelection();
            });
    connect(&table, &TaskTableView::selectedTasksChanged, this, &MainWindow::takeSelection);
    connect(&table, &QAbstractItemView::activated, m_actions->showDetails, &QAction::trigger);
    connect(m_sideList, &SideList::viewChosen, m_model,
            [this](TaskView view, const std::optional<ServerId> &server) {
                m_model->setView(view, server);
            });
    connect(m_sideList, &SideList::signInWanted, this, &MainWindow::signInWanted);
    connect(m_sideList, &SideList::editWanted, this,
            [this](const ServerId &server) { Q_EMIT serversWanted(server); });
    connect(m_model, &TaskTableModel::countsChanged, this, &MainWindow::refreshCounts);
    connect(m_tablePane, &TablePane::emptinessChanged, this, &MainWindow::refreshEmptiness);
    connect(&m_tablePane->empty(), &EmptyState::buttonClicked, this, &MainWindow::actOnEmptyState);
    connect(&m_tablePane->empty(), &EmptyState::linkClicked, this, &MainWindow::followEmptyLink);
    connect(&banner(), &BannerBar::activated, this, &MainWindow::actOnBanner);

    const auto forgetHint = [this] { m_lookUpHint->setHint({}); };
    connect(m_lookUpBox, &QLineEdit::returnPressed, this, [this, forgetHint] {
        forgetHint();
        m_intake->takeTyped(m_lookUpBox->text());
    });
    connect(m_lookUpBox, &QLineEdit::textChanged, m_lookUpHint, forgetHint);
    connect(m_intake, &IntakeDesk::lookedUp, m_lookUpHint, forgetHint);
    connect(m_filterBox, &FilterBox::filterChanged, m_model, &TaskTableModel::setFilter);
    connect(m_filterBox, &FilterBox::searchWanted, this, &MainWindow::searchWanted);
    connect(m_filterBox, &FilterBox::left, m_tablePane, &TablePane::goToRows);
    connect(m_intake, &IntakeDesk::refused, m_lookUpHint, &FieldHint::setHint);
    connect(m_intake, &IntakeDesk::watchWanted, m_taskActions, &TaskActions::watch);
    connect(m_intake, &IntakeDesk::lookedUp, this, &MainWindow::showLookedUp);
    connect(m_intake, &IntakeDesk::alreadyWatched, this, &MainWindow::showWatched);

    connect(m_detailPane, &DetailPane::watchClicked, this, &MainWindow::watchLookedUp);
    connect(m_detailPane, &DetailPane::closeClicked, this, &MainWindow::showCurrentTask);
    connect(&m_detailPane->view(), &TaskDetailView::openInGuardianRequested, this,
            &MainWindow::openShownInGuardian);
    connect(m_taskActions, &TaskActions::done, this, [this](const QString &what, bool canUndo) {
        canUndo ? m_status->offerUndo(what) : m_status->say(what);
    });
    connect(m_exchange, &ExchangeDesk::said, m_status, &StatusLine::say);
    connect(m_exchange, &ExchangeDesk::failed, this, [this](const QString &what) {
        banner().set(BannerKind::Note, {what, {}, {}, true});
    });
    connect(m_status, &StatusLine::undoClicked, m_actions->undo, &QAction::trigger);
    connect(m_actions->undo, &QAction::triggered, m_status, &StatusLine::withdrawUndo);
}

void MainWindow::connectFilters()
{
    connect(m_actions->saveFilter, &QAction::triggered, this, &MainWindow::saveFilter);
    connect(m_sideList, &SideList::filterChosen, this, &MainWindow::chooseFilter);
    connect(m_sideList, &SideList::filterRenamed, m_savedFilters, &SavedFilters::rename);
    connect(m_sideList, &SideList::filterRemoveWanted, m_savedFilters, &SavedFilters::remove);
    connect(m_savedFilters, &SavedFilters::changed, this, [this] {
        m_model->setSavedFilters(m_savedFilters->filters());
        m_sideList->setFilters(m_savedFilters->names());
        refreshCounts();
        Q_EMIT savedFiltersChanged();
    });
    connect(m_savedFilters, &SavedFilters::done, this,
            [this](const QString &what) { m_status->offerUndo(what); });
}

void MainWindow::connectStore()
{
    connect(&m_store, &TaskStore::added, m_model, &TaskTableModel::onAdded);
    connect(&m_store, &TaskStore::changed, m_model, &TaskTableModel::onChanged);
    connect(&m_store, &TaskStore::checked, m_model, &TaskTableModel::onChecked);
    connect(&m_store, &TaskStore::removed, m_model, &TaskTableModel::onRemoved);
    connect(&m_store, &TaskStore::changed, m_detailPane, &DetailPane::takeChanges);
    connect(&m_store, &TaskStore::checked, m_detailPane, &DetailPane::takeChecks);
    connect(&m_store, &TaskStore::removed, m_detailPane, &DetailPane::takeRemoved);
    connect(&m_store, &TaskStore::added, m_tablePane, &TablePane::refreshEmptiness);
    connect(&m_store, &TaskStore::removed, m_tablePane, &TablePane::refreshEmptiness);
}

void MainWindow::actOnEmptyState(Emptiness emptiness)
{
    switch (emptiness) {
    case Emptiness::NoServer:
        Q_EMIT serversWanted({});
        return;
    case Emptiness::NothingTracked:
        m_intake->openDialog();
        return;
    case Emptiness::NoMatch:
        m_filterBox->clear();
        return;
    case Emptiness::EmptyView:
        m_sideList->chooseView(TaskView::All);
        return;
    }
}

void MainWindow::followEmptyLink(Emptiness emptiness)
{
    switch (emptiness) {
    case Emptiness::NoServer:
        showConnectHelp(*this);
        return;
    case Emptiness::NothingTracked:
        m_intake->openFile();
        return;
    case Emptiness::NoMatch:
        showAll();
        return;
    case Emptiness::EmptyView:
        m_intake->openDialog();
        return;
    }
}

void MainWindow::actOnBanner(BannerKind kind, const ServerId &server)
{
    switch (kind) {
    case BannerKind::SignInNeeded:
    case BannerKind::NoPermission:
        Q_EMIT signInWanted(server);
        return;
    case BannerKind::CertificateProblem:
        Q_EMIT certificateWanted(server);
        return;
    case BannerKind::NotUsable:
        Q_EMIT serversWanted(server);
        return;
    case BannerKind::Unreachable:
    case BannerKind::RateLimited:
        Q_EMIT retryWanted(server);
        return;
    case BannerKind::News:         // NewsBanner acts itself
    case BannerKind::Discovered:   // and DiscoveryDesk
    case BannerKind::TokenNotRead: // and KeychainNotices
    case BannerKind::TokenNotRemoved:
    case BannerKind::NoKeychain:
    case BannerKind::HistoryTrouble:
    case BannerKind::Note:
        return; // and these have no button
    }
}
