#include "mainwindow.h"

#include "account/connectpage.h"
#include "detail/taskdetailview.h"
#include "exchange/exchangedesk.h"
#include "intake/intakedesk.h"
#include "task/polllog.h"
#include "task/taskfilter.h"
#include "task/taskstore.h"
#include "tasks/tasktablemodel.h"
#include "tasks/tasktableview.h"
#include "window/banner.h"
#include "window/detailpane.h"
#include "window/detailsplitter.h"
#include "window/fieldhint.h"
#include "window/filterbox.h"
#include "window/savedfilters.h"
#include "window/serverboard.h"
#include "window/sidelist.h"
#include "window/statusline.h"
#include "window/tablepane.h"
#include "window/taskactions.h"
#include "window/windowactions.h"
#include "window/windowlayout.h"

#include <QAction>
#include <QClipboard>
#include <QCloseEvent>
#include <QDropEvent>
#include <QGuiApplication>
#include <QInputDialog>
#include <QLineEdit>
#include <QMimeData>
#include <QScreen>
#include <QSplitter>
#include <QStackedWidget>

MainWindow::MainWindow(TaskStore &store, const PollLog &log, const Clock &clock, QWidget *parent)
    : QMainWindow(parent)
    , m_store(store)
    , m_model(new TaskTableModel(store, clock, this))
    , m_actions(new WindowActions(this))
    , m_lookUpBox(new QLineEdit(this))
    , m_filterBox(new FilterBox(clock, this))
    , m_pages(new QStackedWidget(this))
    , m_connectPage(new ConnectPage(clock, this))
    , m_sideList(new SideList(this))
    , m_tablePane(new TablePane(store, *m_model, clock, this))
    , m_detailPane(new DetailPane(store, log, clock, this))
    , m_sideSplit(new QSplitter(Qt::Horizontal, this))
    , m_detailSplit(new DetailSplitter(this))
    , m_status(new StatusLine(clock, this))
    , m_board(
          new ServerBoard({*m_model, *m_sideList, m_tablePane->banner(), *m_status}, clock, this))
    , m_taskActions(new TaskActions(store, *m_model, m_tablePane->table(), clock, this))
    , m_savedFilters(new SavedFilters(m_taskActions->undoStack(), this))
    , m_intake(new IntakeDesk(store, clock, this))
    , m_exchange(new ExchangeDesk(store, *m_model, m_tablePane->table(), clock, this))
    , m_lookUpHint(new FieldHint(m_lookUpBox))
{
    setWindowTitle(tr("Taskwatch"));
    setAcceptDrops(true);
    buildPages();
    buildToolBar(*this, *m_actions, *m_lookUpBox, *m_filterBox);
    addContextMenu(m_tablePane->table(), *m_actions);
    connectActions();
    connectParts();
    connectStore();
    connectFilters();
    setServers({});
    resize(QSize(1200, 760).boundedTo(screen()->availableSize() - QSize(16, 48))); // its frame
}

MainWindow::~MainWindow() = default;

BannerBar &MainWindow::banner()
{
    return m_tablePane->banner();
}

void MainWindow::buildPages()
{
    m_detailSplit->addWidget(m_tablePane);
    m_detailSplit->addWidget(m_detailPane);
    m_detailSplit->setStretchFactor(0, 3);
    m_detailSplit->setStretchFactor(1, 2);
    m_sideSplit->addWidget(m_sideList);
    m_sideSplit->addWidget(m_detailSplit);
    m_sideSplit->setStretchFactor(1, 1);
    m_sideSplit->setCollapsible(1, false);
    m_sideSplit->setHandleWidth(4);
    m_pages->addWidget(m_sideSplit);
    m_pages->addWidget(m_connectPage);
    setCentralWidget(m_pages);
    setStatusBar(m_status);
}

void MainWindow::setServers(const ShownServers &servers)
{
    m_intake->setServers(servers);
    m_exchange->setServers(servers);
    m_taskActions->setServers(servers);
    m_actions->setHasServer(!servers.isEmpty());
    m_lookUpBox->setEnabled(!servers.isEmpty());
    m_detailPane->setServerNames(namesOf(servers));
    m_tablePane->setHasServer(!servers.isEmpty());
    m_board->setServers(servers);
    refreshCounts();
}

void MainWindow::setConnection(const ServerId &server, const ConnectionStatus &status)
{
    m_board->setConnection(server, status);
}

void MainWindow::setSession(const ServerId &server, const SessionStatus &status)
{
    m_board->setSession(server, status);
    m_detailPane->setAccount(server, status.username);
}

void MainWindow::showEvent(QShowEvent *event)
{
    QMainWindow::showEvent(event);
    m_board->setVisible(true);
    m_model->setSeen(true);
}

void MainWindow::hideEvent(QHideEvent *event)
{
    m_board->setVisible(false);
    m_model->setSeen(false);
    QMainWindow::hideEvent(event);
}

void MainWindow::chooseServer(const ServerId &server)
{
    m_sideList->chooseServer(server);
}

void MainWindow::showConnectPage()
{
    m_pages->setCurrentWidget(m_connectPage);
}

bool MainWindow::isConnectPageShown() const
{
    return m_pages->currentWidget() == m_connectPage;
}

void MainWindow::showTasks()
{
    m_pages->setCurrentWidget(m_sideSplit);
    m_tablePane->takeFocus();
}

void MainWindow::say(const QString &what)
{
    m_status->say(what);
}

void MainWindow::escape()
{
    if (m_lookUpBox->hasFocus())
        m_lookUpBox->clear();
    else
        m_filterBox->clear();
    m_lookUpHint->setHint({});
    m_tablePane->takeFocus();
}

void MainWindow::searchAfterSaving()
{
    m_filterBox->searchAgain();
}

void MainWindow::saveFilter()
{
    const QString text = m_filterBox->text().trimmed();
    if (!m_filterBox->isFilter()) {
        m_status->say(tr("Type a filter first, then save it"));
        focusField(*m_filterBox);
        return;
    }
    auto *dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Save Filter"));
    dialog->setLabelText(tr("Name in the side list:"));
    dialog->setTextValue(text);
    connect(dialog, &QInputDialog::textValueSelected, this,
            [this, text](const QString &name) { m_savedFilters->save(name, text); });
    dialog->open();
}

void MainWindow::chooseFilter(int number)
{
    const std::vector<TaskFilter> filters = m_savedFilters->filters();
    if (number >= 0 && std::size_t(number) < filters.size())
        m_model->setView({TaskView::All, {}, filters[std::size_t(number)]});
}

void MainWindow::takeClipboard()
{
    const QMimeData *held = QGuiApplication::clipboard()->mimeData();
    m_lookUpHint->setHint({});
    if (held && IntakeDesk::canTake(*held))
        m_intake->takeMime(*held);
    else
        m_status->say(tr("There is no text to paste"));
}

void MainWindow::lookUpClipboard()
{
    const QMimeData *held = QGuiApplication::clipboard()->mimeData();
    const QString text = held ? held->text() : QString();
    m_lookUpHint->setHint({});
    focusField(*m_lookUpBox); // a refusal is said below it
    if (text.trimmed().isEmpty())
        m_status->say(tr("There is no text to paste"));
    else
        m_intake->takeTyped(text);
}

void MainWindow::refreshCounts()
{
    for (const TaskView view :
         {TaskView::All, TaskView::Running, TaskView::Attention, TaskView::Today})
        m_sideList->setCount(view, m_model->count(view));
    for (int i = 0; i < m_savedFilters->list().size(); ++i)
        m_sideList->setFilterCount(i, m_model->savedCount(i));
    for (const ShownServer &server : m_board->servers())
        m_sideList->setServerCount(server.id, m_model->count(TaskView::All, server.id));
    m_status->setCounts(m_model->count(TaskView::Running), m_model->count(TaskView::Attention));
}

void MainWindow::refreshEmptiness()
{
    // Without tasks, the empty state has the whole place.
    m_detailPane->setVisible(m_store.size() > 0 || m_detailPane->isShowingLookedUp());
}

WindowState MainWindow::windowState() const
{
    WindowState state;
    state.geometry = saveGeometry();
    state.tableLayout = m_tablePane->table().saveLayout();
    // A hidden side list is one of no width.
    state.sideSplitter =
        m_actions->sideList->isChecked() ? m_sideSplit->saveState() : QByteArray("0");
    state.detailSplitter = m_detailSplit->saveSizes();
    state.detailTab = m_detailPane->view().currentTab();
    state.filter = m_filterBox->text();
    state.savedFilters = m_savedFilters->list();
    return state;
}

void MainWindow::restoreWindowState(const WindowState &state)
{
    restoreGeometry(state.geometry);
    m_tablePane->table().restoreLayout(state.tableLayout);
    m_actions->sideList->setChecked(state.sideSplitter != "0");
    m_sideSplit->restoreState(state.sideSplitter);
    m_detailSplit->restoreSizes(state.detailSplitter);
    m_detailPane->view().setCurrentTab(state.detailTab);
    m_filterBox->setText(state.filter);
    const QSignalBlocker blocker(this); // there is nothing to save
    m_savedFilters->restore(state.savedFilters);
}

void MainWindow::setDetailPlacement(Settings::DetailPlacement placement)
{
    m_actions->setDetailPlace(placement);
    m_detailSplit->setPlace(placement);
}

void MainWindow::changeEvent(QEvent *event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        m_actions->refreshIcons(palette());
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    event->accept();
    Q_EMIT quitWanted();
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (!m_board->servers().isEmpty() && IntakeDesk::canTake(*event->mimeData()))
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    event->acceptProposedAction();
    m_lookUpHint->setHint({});
    m_intake->takeMime(*event->mimeData());
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    m_detailSplit->fitTo(width());
}
