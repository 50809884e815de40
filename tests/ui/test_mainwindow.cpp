#include "account/connectpage.h"
#include "detail/factsview.h"
#include "detail/taskdetailview.h"
#include "exchange/exportdialog.h"
#include "intake/intakedesk.h"
#include "intake/intakedialog.h"
#include "mainwindow.h"
#include "manualclock.h"
#include "task/polllog.h"
#include "task/taskstore.h"
#include "tasks/tasktablemodel.h"
#include "tasks/tasktableview.h"
#include "widgetfinder.h"
#include "window/banner.h"
#include "window/commandsdialog.h"
#include "window/connectionbanner.h"
#include "window/detailpane.h"
#include "window/detailsplitter.h"
#include "window/emptystate.h"
#include "window/fieldhint.h"
#include "window/keysdialog.h"
#include "window/notedialog.h"
#include "window/sidelist.h"
#include "window/statusline.h"

#include <QAccessible>
#include <QAction>
#include <QClipboard>
#include <QDesktopServices>
#include <QDropEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTest>
#include <QTreeWidget>

using namespace Qt::StringLiterals;
using namespace WidgetFinder;
using namespace std::chrono_literals;

/// Takes web addresses that would open a browser.
class Browser final : public QObject
{
    Q_OBJECT

public:
    QList<QUrl> opened;

public Q_SLOTS:
    void open(const QUrl &url) { opened << url; }
};

class TestMainWindow final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void withoutAServerItOffersToConnect();
    void withoutTasksItOffersToWatch();
    void aFilterWithoutMatchOffersToClearIt();
    void aViewWithoutMatchLeadsBackToAll();

    void ctrlNOpensTheIntake();
    void ctrlLGoesToTheLookUp();
    void ctrlVPastesIds();
    void ctrlVInAFieldPastesThere();
    void ctrlFFiltersAndEscapeClears();
    void aWrongTermIsExplainedAndFiltersNothing();
    void aSearchIsRepeatedWhenMoreIsKept();
    void keysOfTheWindowAreTaken();
    void fromTheFilterOneGoesDownToTheRows();
    void f5RefreshesTheSelectedAndShiftF5All();
    void enterGoesToTheDetails();
    void theDetailsComeWithTheFirstTask();
    void altNumbersChooseTabs();
    void f8GoesToTheNextProblem();
    void theNextProblemIsShownWhateverHidesIt();
    void spaceAcknowledgesAndF8SkipsIt();
    void clearFinishedKeepsWhatMatters();
    void noteAndTagsAreEdited();
    void filtersAreSavedRenamedAndRemoved();
    void ctrlCCopiesIds();
    void ctrlShiftCCopiesAReport();
    void ctrlOOpensGuardian();
    void deleteStopsWatchingAndCtrlZUndoes();
    void theStatusLineUndoes();
    void labelsAndPausesCanBeUndone();
    void f1ShowsTheKeys();
    void ctrlKDoesWhatIsTyped();
    void ctrlPHoldsTheView();
    void ctrlQAndClosingQuit();

    void aLookUpShowsTheTaskUntilItIsWatched();
    void aLateAnswerTakesNothingAway();
    void aLookUpIsLeftByTheCurrentRow();
    void whatIsWatchedAlreadyIsShownInTheTable();
    void badTextInTheLookUpIsExplained();
    void dropsAreTaken();

    void severalServersAreKeptApart();
    void aChosenServerStaysChosen();
    void showsOneBannerAtATime();
    void noStandingTroubleHidesNews();
    void bannersCanBeDismissed();
    void bannersAskForWhatHelps();
    void aTimeOfAnotherDayHasItsDate();
    void theConnectionIsSaid();
    void aDisabledServerIsPaused();
    void whoIsSignedInIsSaid();
    void whatIsNotFoundNamesTheAccount();
    void countsAreShown();
    void theDetailsFollowTheirTask();
    void theDetailsGoBesideWhenThereIsRoom();
    void theWindowIsRestored();
    void aForeignStateIsIgnored();
    void showsTheWorstTaskFirst();
    void everyControlHasAName();
    void followsTheColours();

private:
    [[nodiscard]] TaskKey key(int n) const
    {
        return {m_server.id,
                TaskId(u"%1-2f5b-4b1c-9d31-0c3f6e8f7a10"_s.arg(n, 8, 16, QLatin1Char('0')))};
    }
    void watch(int count);
    void answer(int n, TaskPhase phase, const QString &action = u"Publish policy"_s);
    void settle() { m_clock->advance(2s); }
    void press(int keyCode, Qt::KeyboardModifiers modifiers = Qt::NoModifier) const
    {
        QWidget *target = m_window->focusWidget();
        QTest::keyClick(target ? target : m_window.get(), Qt::Key(keyCode), modifiers);
    }
    void select(int n)
    {
        table().setCurrentTask(key(n));
        table().setFocus();
    }
    [[nodiscard]] TaskTableView &table() const { return *m_window->findChild<TaskTableView *>(); }
    [[nodiscard]] QLineEdit &field(const QString &name) const
    {
        return *named<QLineEdit>(*m_window, name);
    }
    [[nodiscard]] EmptyState &empty() const { return *m_window->findChild<EmptyState *>(); }
    [[nodiscard]] QString hint(const QString &of) const
    {
        return field(of).accessibleDescription();
    }
    [[nodiscard]] QString note() const
    {
        const auto *status = m_window->findChild<StatusLine *>();
        return status->findChild<QWidget *>(u"note"_s)->isHidden()
                   ? QString()
                   : status->findChild<QWidget *>(u"note"_s)->accessibleName();
    }

    ShownServer m_server{ServerId::create(), u"Production"_s,
                         QUrl(u"https://guardian.example/api/v1"_s)};
    std::unique_ptr<ManualClock> m_clock;
    std::unique_ptr<TaskStore> m_store;
    std::unique_ptr<PollLog> m_log;
    std::unique_ptr<MainWindow> m_window;
};

void TestMainWindow::init()
{
    m_clock = std::make_unique<ManualClock>();
    m_store = std::make_unique<TaskStore>(*m_clock);
    m_log = std::make_unique<PollLog>();
    m_window = std::make_unique<MainWindow>(*m_store, *m_log, *m_clock);
    m_window->setServers({m_server});
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
}

void TestMainWindow::cleanup()
{
    m_window.reset();
    m_log.reset();
    m_store.reset();
    m_clock.reset();
    QGuiApplication::clipboard()->clear();
}

void TestMainWindow::watch(int count)
{
    QList<TaskKey> keys;
    for (int n = 1; n <= count; ++n)
        keys << key(n);
    m_store->watch(keys);
    settle();
}

void TestMainWindow::answer(int n, TaskPhase phase, const QString &action)
{
    TaskSnapshot snapshot;
    snapshot.taskId = key(n).task;
    snapshot.action = action;
    snapshot.phase = phase;
    if (phase == TaskPhase::Failed)
        snapshot.error = TaskError{u"500"_s, u"INSUFFICIENT_PAYER_BALANCE"_s, {}};
    PollOutcome outcome;
    outcome.key = key(n);
    outcome.sentAt = m_clock->now();
    outcome.answeredAt = m_clock->now();
    outcome.answer = ReadableAnswer(std::make_shared<const TaskSnapshot>(snapshot));
    outcome.reply = std::make_shared<const ReplyData>();
    outcome.httpStatus = 200;
    m_store->apply({outcome});
    settle();
}

void TestMainWindow::withoutAServerItOffersToConnect()
{
    m_window->setServers({});
    QVERIFY(empty().isVisible());
    QCOMPARE(empty().emptiness(), Emptiness::NoServer);
    QVERIFY(!field(u"Look up"_s).isEnabled());
    const QSignalSpy wanted(m_window.get(), &MainWindow::serversWanted);
    QTest::mouseClick(button(empty(), u"Connect…"_s), Qt::LeftButton);
    QCOMPARE(wanted.count(), 1);

    Q_EMIT empty().linkClicked(Emptiness::NoServer);
    const auto *help = m_window->findChild<QMessageBox *>();
    QVERIFY(help && help->informativeText().contains(u"refresh token"_s));
}

void TestMainWindow::withoutTasksItOffersToWatch()
{
    QCOMPARE(empty().emptiness(), Emptiness::NothingTracked);
    QVERIFY(!m_window->findChild<DetailPane *>()->isVisible());
    QTest::mouseClick(button(empty(), u"Watch a task…"_s), Qt::LeftButton);
    QVERIFY(m_window->findChild<IntakeDialog *>());
}

void TestMainWindow::aFilterWithoutMatchOffersToClearIt()
{
    watch(2);
    QVERIFY(!empty().isVisible());
    field(u"Filter"_s).setText(u"nosuchword"_s);
    settle();
    QVERIFY(empty().isVisible());
    QCOMPARE(empty().emptiness(), Emptiness::NoMatch);
    QTest::mouseClick(button(empty(), u"Clear filter"_s), Qt::LeftButton);
    settle();
    QVERIFY(field(u"Filter"_s).text().isEmpty());
    QVERIFY(table().isVisible());
}

void TestMainWindow::aViewWithoutMatchLeadsBackToAll()
{
    watch(2);
    auto *list = m_window->findChild<SideList *>();
    list->chooseView(TaskView::Today);
    settle();
    QCOMPARE(empty().emptiness(), Emptiness::EmptyView);
    QVERIFY(empty().isVisible());
    Q_EMIT empty().linkClicked(empty().emptiness());
    auto *dialog = m_window->findChild<IntakeDialog *>();
    QVERIFY(dialog);
    dialog->close();
    QTest::mouseClick(button(empty(), u"Show all tasks"_s), Qt::LeftButton);
    settle();
    QVERIFY(table().isVisible());

    // With a filter beside it, the link leads past both.
    list->chooseView(TaskView::Today);
    field(u"Filter"_s).setText(u"policy"_s);
    settle();
    QCOMPARE(empty().emptiness(), Emptiness::NoMatch);
    Q_EMIT empty().linkClicked(empty().emptiness());
    settle();
    QVERIFY(table().isVisible());
    QCOMPARE(m_window->model().rowCount(), 2);
}

void TestMainWindow::ctrlNOpensTheIntake()
{
    press(Qt::Key_N, Qt::ControlModifier);
    QVERIFY(m_window->findChild<IntakeDialog *>());
}

void TestMainWindow::ctrlLGoesToTheLookUp()
{
    press(Qt::Key_L, Qt::ControlModifier);
    QVERIFY(field(u"Look up"_s).hasFocus());
}

void TestMainWindow::ctrlVPastesIds()
{
    watch(1);
    select(1);
    QGuiApplication::clipboard()->setText(key(7).task.text());
    press(Qt::Key_V, Qt::ControlModifier);
    auto *dialog = m_window->findChild<IntakeDialog *>();
    QVERIFY(dialog);
    dialog->activateWindow(); // a window manager does that
    QTRY_COMPARE(QApplication::activeWindow(), dialog);
    QCOMPARE(dialog->checkedTasks(), QList<TaskKey>{key(7)});
    QTest::keyClick(dialog->focusWidget(), Qt::Key_Return);
    QVERIFY(m_store->contains(key(7)));
    settle();
    QCOMPARE(table().currentTask(), std::optional(key(7)));
}

void TestMainWindow::ctrlVInAFieldPastesThere()
{
    QGuiApplication::clipboard()->setText(u"failed"_s);
    press(Qt::Key_F, Qt::ControlModifier);
    press(Qt::Key_V, Qt::ControlModifier);
    QCOMPARE(field(u"Filter"_s).text(), u"failed"_s);
    QVERIFY(!m_window->findChild<IntakeDialog *>());
}

void TestMainWindow::ctrlFFiltersAndEscapeClears()
{
    watch(3);
    answer(1, TaskPhase::Failed);
    press(Qt::Key_F, Qt::ControlModifier);
    QVERIFY(field(u"Filter"_s).hasFocus());
    QTest::keyClicks(&field(u"Filter"_s), u"status:failed"_s);
    settle();
    QCOMPARE(m_window->model().rowCount(), 1);
    press(Qt::Key_Escape);
    settle();
    QVERIFY(field(u"Filter"_s).text().isEmpty());
    QVERIFY(table().hasFocus());
    QCOMPARE(m_window->model().rowCount(), 3);
}

void TestMainWindow::aSearchIsRepeatedWhenMoreIsKept()
{
    QSignalSpy wanted(m_window.get(), &MainWindow::searchWanted);
    m_window->searchAfterSaving();
    m_clock->advance(10s);
    QCOMPARE(wanted.count(), 0); // nothing is looked for
    press(Qt::Key_F, Qt::ControlModifier);
    QTest::keyClicks(&field(u"Filter"_s), u"zebra"_s);
    m_clock->advance(200ms);
    QCOMPARE(wanted.count(), 1);
    field(u"Filter"_s).setText(u"zebra label:x giraffe"_s); // the row may show one of them
    m_clock->advance(200ms);
    QCOMPARE(wanted.count(), 4);
    QCOMPARE(wanted[1][0].toString(), u"zebra giraffe"_s);
    QCOMPARE(wanted[2][0].toString(), u"zebra"_s);
    QCOMPARE(wanted[3][0].toString(), u"giraffe"_s);
    field(u"Filter"_s).setText(u"zebra"_s);
    m_clock->advance(200ms);
    wanted.remove(0, 4);
    QCOMPARE(wanted.count(), 1);
    for (int i = 0; i < 20; ++i) { // batches come four times a second
        m_window->searchAfterSaving();
        m_clock->advance(250ms);
    }
    QVERIFY2(wanted.count() >= 3 && wanted.count() <= 4,
             qPrintable(QString::number(wanted.count())));
    QCOMPARE(wanted.last().first().toString(), u"zebra"_s);
    m_clock->advance(10s);
    wanted.clear();
    m_clock->advance(10s);
    QCOMPARE(wanted.count(), 0); // by itself it goes on no more
}

void TestMainWindow::aWrongTermIsExplainedAndFiltersNothing()
{
    watch(3);
    answer(1, TaskPhase::Failed);
    field(u"Filter"_s).setFocus();
    field(u"Filter"_s).setText(u"status:failed"_s);
    settle();
    field(u"Filter"_s).setText(u"status:failed is:nonsense"_s);
    settle();
    QVERIFY(hint(u"Filter"_s).contains(u"nonsense"_s));
    QCOMPARE(m_window->model().rowCount(), 1);
    field(u"Filter"_s).setText(u"is:nonsense"_s);
    settle();
    QCOMPARE(m_window->model().rowCount(), 3);

    // Away from the field, its sign still says that something is wrong, and leads back.
    QList<QAction *> signs = field(u"Filter"_s).actions();
    signs.removeIf([](const QAction *each) { return !each->toolTip().contains(u"nonsense"_s); });
    QCOMPARE(signs.size(), 1);
    QAction *const sign = signs.constFirst();
    QVERIFY(sign->isVisible());
    const QList<FieldHint *> hints = m_window->findChildren<FieldHint *>();
    const auto isHintShown = [&hints] {
        return std::any_of(hints.begin(), hints.end(), [](auto *h) { return h->isVisible(); });
    };
    QVERIFY(isHintShown());
    table().setFocus();
    QVERIFY(!isHintShown());
    sign->trigger();
    QVERIFY(isHintShown());
    QVERIFY(field(u"Filter"_s).hasFocus());

    field(u"Filter"_s).setText(QString());
    settle();
    QVERIFY(hint(u"Filter"_s).isEmpty());
    QVERIFY(!sign->isVisible());
    QCOMPARE(m_window->model().rowCount(), 3);
}

void TestMainWindow::keysOfTheWindowAreTaken()
{
    watch(1);
    select(1);
    press(Qt::Key_M, Qt::ControlModifier);
    QVERIFY(m_store->find(key(1))->muted);
    press(Qt::Key_M, Qt::ControlModifier);
    QVERIFY(!m_store->find(key(1))->muted);
    const QSignalSpy settings(m_window.get(), &MainWindow::settingsWanted);
    press(Qt::Key_Comma, Qt::ControlModifier);
    QCOMPARE(settings.count(), 1);
    press(Qt::Key_E, Qt::ControlModifier);
    QVERIFY(m_window->findChild<ExportDialog *>());
}

void TestMainWindow::fromTheFilterOneGoesDownToTheRows()
{
    watch(3);
    for (const Qt::Key key : {Qt::Key_Down, Qt::Key_Return}) {
        field(u"Filter"_s).setFocus();
        QTest::keyClick(&field(u"Filter"_s), key);
        QVERIFY(table().hasFocus());
        QVERIFY(table().currentTask());
    }
}

void TestMainWindow::f5RefreshesTheSelectedAndShiftF5All()
{
    watch(3);
    select(2);
    QSignalSpy wished(m_store.get(), &TaskStore::wished);
    press(Qt::Key_F5);
    const auto due = [&wished] {
        QList<TaskKey> keys;
        for (const auto &call : std::as_const(wished)) {
            for (const PollWish &wish : call.at(0).value<QList<PollWish>>()) {
                if (wish.dueNow)
                    keys << wish.key;
            }
        }
        return keys;
    };
    QCOMPARE(due(), QList<TaskKey>{key(2)});
    wished.clear();
    press(Qt::Key_F5, Qt::ShiftModifier);
    QCOMPARE(due().size(), 3);
}

void TestMainWindow::enterGoesToTheDetails()
{
    watch(1);
    select(1);
    press(Qt::Key_Return);
    QVERIFY(m_window->findChild<TaskDetailView *>()->isAncestorOf(m_window->focusWidget())
            || m_window->findChild<TaskDetailView *>()->hasFocus());
}

void TestMainWindow::theDetailsComeWithTheFirstTask()
{
    watch(1);
    auto *details = m_window->findChild<TaskDetailView *>();
    QVERIFY(!details->findChild<QTabWidget *>());
    details->setCurrentTab(TaskDetailView::LogTab);
    QCOMPARE(details->currentTab(), int(TaskDetailView::LogTab));
    select(1);
    auto *tabs = details->findChild<QTabWidget *>();
    QVERIFY(tabs);
    QCOMPARE(tabs->currentIndex(), int(TaskDetailView::LogTab));
    QCOMPARE(details->currentTab(), int(TaskDetailView::LogTab));
    // Tab goes on from the table into them, though they were made last.
    QWidget *next = m_window->findChild<TaskTableView *>()->nextInFocusChain();
    while (!(next->focusPolicy() & Qt::TabFocus) || !next->isVisible())
        next = next->nextInFocusChain();
    QVERIFY2(details->isAncestorOf(next), next->metaObject()->className());
}

void TestMainWindow::altNumbersChooseTabs()
{
    watch(1);
    select(1);
    auto *details = m_window->findChild<TaskDetailView *>();
    for (int tab = TaskDetailView::TabCount - 1; tab >= 0; --tab) {
        press(Qt::Key_1 + tab, Qt::AltModifier);
        QCOMPARE(details->currentTab(), tab);
    }
}

void TestMainWindow::f8GoesToTheNextProblem()
{
    watch(5);
    answer(2, TaskPhase::Failed);
    answer(4, TaskPhase::Failed);
    select(1);
    press(Qt::Key_F8);
    const auto first = table().currentTask();
    QVERIFY(first == key(2) || first == key(4));
    press(Qt::Key_F8);
    const auto second = table().currentTask();
    QVERIFY(second != first);
    QVERIFY(second == key(2) || second == key(4));
    press(Qt::Key_F8, Qt::ShiftModifier);
    QCOMPARE(table().currentTask(), first);
}

/// As the tray and `--action` ask for it.
void TestMainWindow::theNextProblemIsShownWhateverHidesIt()
{
    watch(3);
    answer(2, TaskPhase::Failed, u"Import policy file"_s);
    answer(3, TaskPhase::Failed);
    field(u"Filter"_s).setText(u"publish"_s);
    settle();
    m_window->showNextProblem();
    QCOMPARE(table().currentTask(), key(3));
    QCOMPARE(field(u"Filter"_s).text(), u"publish"_s); // one is in sight: the filter stays
    field(u"Filter"_s).setText(u"nosuchword"_s);
    m_window->findChild<SideList *>()->chooseView(TaskView::Running);
    settle();
    QCOMPARE(m_window->model().rowCount(), 0);
    m_window->showNextProblem();
    QVERIFY(field(u"Filter"_s).text().isEmpty());
    const auto shown = table().currentTask();
    QVERIFY(shown == key(2) || shown == key(3));
    m_store->setAcknowledged({key(2), key(3)}, true);
    field(u"Filter"_s).setText(u"publish"_s);
    settle();
    m_window->showNextProblem();
    QCOMPARE(field(u"Filter"_s).text(), u"publish"_s); // there is none to be shown
    QCOMPARE(note(), u"No task needs attention"_s);
}

void TestMainWindow::spaceAcknowledgesAndF8SkipsIt()
{
    watch(3);
    answer(1, TaskPhase::Failed);
    answer(2, TaskPhase::Running);
    answer(3, TaskPhase::Failed);
    select(1);
    press(Qt::Key_Space);
    QVERIFY(m_store->find(key(1))->acknowledged);
    settle();
    QCOMPARE(m_window->model().count(TaskView::Attention), 1);
    press(Qt::Key_F8);
    QCOMPARE(table().currentTask(), key(3));
    press(Qt::Key_F8); // there is no other
    QCOMPARE(table().currentTask(), key(3));
    select(1);
    press(Qt::Key_Space); // takes it back
    QVERIFY(!m_store->find(key(1))->acknowledged);
    press(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(m_store->find(key(1))->acknowledged);
    select(2);
    press(Qt::Key_Space);
    QVERIFY(!m_store->find(key(2))->acknowledged);
}

void TestMainWindow::clearFinishedKeepsWhatMatters()
{
    watch(5);
    answer(1, TaskPhase::Failed);
    answer(2, TaskPhase::Running);
    for (const int done : {3, 4, 5})
        answer(done, TaskPhase::Completed);
    select(4);
    press(Qt::Key_I, Qt::ControlModifier);
    QVERIFY(m_store->find(key(4))->pinned);
    press(Qt::Key_Delete, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(m_store->keys(), (QList<TaskKey>{key(1), key(2), key(4)}));
    press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(m_store->size(), 5);
    m_store->setAcknowledged({key(1)}, true);
    press(Qt::Key_Delete, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(m_store->keys(), (QList<TaskKey>{key(2), key(4)}));
}

void TestMainWindow::noteAndTagsAreEdited()
{
    watch(1);
    select(1);
    press(Qt::Key_T, Qt::ControlModifier);
    auto *dialog = m_window->findChild<NoteDialog *>();
    QVERIFY(dialog);
    named<QLineEdit>(*dialog, u"Tags"_s)->setText(u"urgent, , iREC "_s);
    named<QPlainTextEdit>(*dialog, u"Note"_s)->setPlainText(u"Ask <b>Bob</b>"_s);
    dialog->accept();
    QCOMPARE(m_store->find(key(1))->tags, (QStringList{u"urgent"_s, u"iREC"_s}));
    QCOMPARE(m_store->find(key(1))->note, u"Ask <b>Bob</b>"_s);
    settle();
    auto *view = m_window->findChild<TaskDetailView *>();
    QVERIFY(view->overview().toPlainText().contains(u"Ask <b>Bob</b>"_s));
    press(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(m_store->find(key(1))->tags.isEmpty());
    QVERIFY(m_store->find(key(1))->note.isEmpty());
}

void TestMainWindow::filtersAreSavedRenamedAndRemoved()
{
    watch(3);
    answer(1, TaskPhase::Failed);
    QSignalSpy changed(m_window.get(), &MainWindow::savedFiltersChanged);
    field(u"Filter"_s).setText(u"status:failed"_s);
    press(Qt::Key_S, Qt::ControlModifier);
    auto *dialog = m_window->findChild<QInputDialog *>();
    QVERIFY(dialog);
    dialog->setTextValue(u"  Broken  "_s);
    dialog->accept();
    QCOMPARE(changed.count(), 1);
    QCOMPARE(m_window->windowState().savedFilters,
             (QList<SavedFilter>{{u"Broken"_s, u"status:failed"_s}}));
    field(u"Filter"_s).clear();
    auto *list = m_window->findChild<SideList *>();
    const auto item = [list](const QString &name) {
        return list->findItems(name, Qt::MatchExactly).value(0);
    };
    QVERIFY(item(u"Broken"_s));
    QCOMPARE(item(u"Broken"_s)->text(1), u"1"_s);
    QCOMPARE(item(u"Broken"_s)->data(0, Qt::AccessibleTextRole).toString(), u"Broken, 1 task"_s);
    list->setCurrentItem(item(u"Broken"_s));
    QCOMPARE(m_window->model().rowCount(), 1);
    answer(2, TaskPhase::Failed);
    settle();
    QCOMPARE(item(u"Broken"_s)->text(1), u"2"_s);
    QCOMPARE(m_window->model().rowCount(), 2);

    item(u"Broken"_s)->setText(0, u"Very broken"_s); // as its editor does
    QTRY_VERIFY(item(u"Very broken"_s));
    QCOMPARE(m_window->model().rowCount(), 2);
    QCOMPARE(list->currentItem(), item(u"Very broken"_s));
    m_window->activateWindow(); // no window manager does it when the dialog goes
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    list->setFocus();
    press(Qt::Key_Delete);
    QVERIFY(!item(u"Very broken"_s));
    QCOMPARE(m_store->size(), 3); // no task was meant
    QCOMPARE(m_window->model().rowCount(), 3);
    press(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(item(u"Very broken"_s));

    MainWindow other(*m_store, *m_log, *m_clock);
    other.restoreWindowState(m_window->windowState());
    QCOMPARE(other.windowState().savedFilters, m_window->windowState().savedFilters);
    QVERIFY(
        !other.findChild<SideList *>()->findItems(u"Very broken"_s, Qt::MatchExactly).isEmpty());
}

void TestMainWindow::ctrlCCopiesIds()
{
    watch(2);
    select(1);
    press(Qt::Key_A, Qt::ControlModifier);
    press(Qt::Key_C, Qt::ControlModifier);
    const QString text = QGuiApplication::clipboard()->text();
    QCOMPARE(text.split(u'\n').size(), 2);
    QVERIFY(text.contains(key(1).task.text()) && text.contains(key(2).task.text()));
}

void TestMainWindow::ctrlShiftCCopiesAReport()
{
    watch(1);
    answer(1, TaskPhase::Failed);
    m_store->setLabel(key(1), u"iREC 4"_s);
    select(1);
    press(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    const QString text = QGuiApplication::clipboard()->text();
    for (const QString &part : {u"Publish policy"_s, u"iREC 4"_s, u"INSUFFICIENT_PAYER_BALANCE"_s,
                                key(1).task.text(), u"Production"_s, u"Failed"_s})
        QVERIFY2(text.contains(part), qPrintable(text));
}

void TestMainWindow::ctrlOOpensGuardian()
{
    Browser browser;
    QDesktopServices::setUrlHandler(u"https"_s, &browser, "open");
    watch(1);
    select(1);
    press(Qt::Key_O, Qt::ControlModifier);
    QDesktopServices::unsetUrlHandler(u"https"_s);
    QCOMPARE(browser.opened,
             QList<QUrl>{QUrl(u"https://guardian.example/task/"_s + key(1).task.text())});
}

void TestMainWindow::deleteStopsWatchingAndCtrlZUndoes()
{
    watch(3);
    m_store->setLabel(key(2), u"mine"_s);
    select(2);
    press(Qt::Key_Delete);
    settle();
    QVERIFY(!m_store->contains(key(2)));
    QVERIFY(note().contains(u"Stopped"_s));
    press(Qt::Key_Z, Qt::ControlModifier);
    settle();
    QVERIFY(m_store->contains(key(2)));
    QCOMPARE(m_store->find(key(2))->label, u"mine"_s);
    press(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(!m_store->contains(key(2)));
}

void TestMainWindow::theStatusLineUndoes()
{
    watch(1);
    select(1);
    press(Qt::Key_Delete);
    QCOMPARE(m_store->size(), 0);
    QTest::mouseClick(button(*m_window->findChild<StatusLine *>(), u"Undo"_s), Qt::LeftButton);
    QCOMPARE(m_store->size(), 1);
    QVERIFY(note().isEmpty());
    select(1);
    press(Qt::Key_Delete);
    m_clock->advance(11s);
    QVERIFY(note().isEmpty()); // the offer passes, Ctrl+Z stays
    press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(m_store->size(), 1);
}

void TestMainWindow::labelsAndPausesCanBeUndone()
{
    watch(2);
    Q_EMIT m_window->model().labelEdited(key(1), u"new"_s);
    QCOMPARE(m_store->find(key(1))->label, u"new"_s);
    press(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(m_store->find(key(1))->label.isEmpty());

    m_store->setPaused({key(2)}, true);
    select(1);
    press(Qt::Key_A, Qt::ControlModifier);
    const auto trigger = [this](const QString &text) {
        const auto actions = m_window->findChildren<QAction *>();
        const auto action =
            std::find_if(actions.begin(), actions.end(), [&text](const QAction *each) {
                return each->text().remove(u'&') == text;
            });
        return action != actions.end() && ((*action)->trigger(), true);
    };
    const auto paused = [this] {
        return QList<bool>{m_store->find(key(1))->paused, m_store->find(key(2))->paused};
    };
    QVERIFY(trigger(u"Pause"_s));
    QCOMPARE(paused(), (QList<bool>{true, true}));
    press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(paused(), (QList<bool>{false, true})); // each as it was before
    QVERIFY(trigger(u"Resume"_s));
    QCOMPARE(note(), u"Resumed 1 task"_s);
    QCOMPARE(paused(), (QList<bool>{false, false}));
    QVERIFY(trigger(u"Resume"_s));
    QCOMPARE(note(), u"Nothing here is paused"_s);
    press(Qt::Key_Z, Qt::ControlModifier); // nothing was done since
    QCOMPARE(paused(), (QList<bool>{false, true}));
    QVERIFY(trigger(u"Pause"_s));
    QVERIFY(trigger(u"Pause"_s));
    QCOMPARE(note(), u"Paused already"_s);
    press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(paused(), (QList<bool>{false, true}));
}

void TestMainWindow::f1ShowsTheKeys()
{
    press(Qt::Key_F1);
    auto *dialog = m_window->findChild<KeysDialog *>();
    QVERIFY(dialog);
    auto *list = named<QTreeWidget>(*dialog, u"Keys"_s);
    QVERIFY(list->topLevelItemCount() > 20);
    QVERIFY(!list->findItems(u"Shift+F8"_s, Qt::MatchExactly).isEmpty());
    for (int i = 0; i < list->topLevelItemCount(); ++i)
        QVERIFY(!list->topLevelItem(i)->text(1).isEmpty());
}

void TestMainWindow::ctrlKDoesWhatIsTyped()
{
    watch(2);
    press(Qt::Key_K, Qt::ControlModifier);
    auto *dialog = m_window->findChild<CommandsDialog *>();
    QVERIFY(dialog);
    auto *list = named<QTreeWidget>(*dialog, u"Commands"_s);
    auto *field = named<QLineEdit>(*dialog, u"Command"_s);
    QVERIFY(!list->findItems(u"Refresh All"_s, Qt::MatchExactly).isEmpty());
    // What needs a selected task is not offered without one.
    QVERIFY(list->findItems(u"Stop Watching"_s, Qt::MatchExactly).isEmpty());
    QTest::keyClicks(field, u"list side"_s); // words in any order
    QVERIFY(list->currentItem());
    QCOMPARE(list->currentItem()->text(0), u"Side List"_s);
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_VERIFY(named<SideList>(*m_window, u"Views and servers"_s)->isHidden());

    QTRY_VERIFY(!m_window->findChild<CommandsDialog *>());
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    press(Qt::Key_K, Qt::ControlModifier);
    QVERIFY(m_window->findChild<CommandsDialog *>());
    field = named<QLineEdit>(*m_window->findChild<CommandsDialog *>(), u"Command"_s);
    list = named<QTreeWidget>(*m_window->findChild<CommandsDialog *>(), u"Commands"_s);
    const QString first = list->currentItem()->text(0);
    QTest::keyClick(field, Qt::Key_Down);
    QVERIFY(list->currentItem()->text(0) != first);
    QTest::keyClicks(field, u"no such thing"_s);
    QVERIFY(!list->currentItem());
    QTest::keyClick(field, Qt::Key_Return); // does nothing
    QVERIFY(m_window->findChild<CommandsDialog *>()->isVisible());
}

void TestMainWindow::ctrlPHoldsTheView()
{
    watch(1);
    answer(1, TaskPhase::Running);
    m_window->findChild<SideList *>()->chooseView(TaskView::Running);
    QCOMPARE(m_window->model().rowCount(), 1);
    press(Qt::Key_P, Qt::ControlModifier);
    QTest::mouseMove(table().viewport(), QPoint(30, 30)); // comes and goes: that changes nothing
    answer(1, TaskPhase::Completed);
    m_clock->advance(20s);
    QCOMPARE(m_window->model().rowCount(), 1);
    press(Qt::Key_P, Qt::ControlModifier);
    m_clock->advance(20s);
    QTRY_COMPARE(m_window->model().rowCount(), 0);
}

void TestMainWindow::ctrlQAndClosingQuit()
{
    const QSignalSpy quitWanted(m_window.get(), &MainWindow::quitWanted);
    press(Qt::Key_Q, Qt::ControlModifier);
    QCOMPARE(quitWanted.count(), 1);
    m_window->close();
    QCOMPARE(quitWanted.count(), 2);
}

void TestMainWindow::aLookUpShowsTheTaskUntilItIsWatched()
{
    QSignalSpy wanted(&m_window->intake(), &IntakeDesk::lookUpWanted);
    press(Qt::Key_L, Qt::ControlModifier);
    QTest::keyClicks(&field(u"Look up"_s), key(9).task.text());
    press(Qt::Key_Return);
    QCOMPARE(wanted.count(), 1);
    auto *pane = m_window->findChild<DetailPane *>();
    QVERIFY(pane->isVisible());
    QVERIFY(pane->isShowingLookedUp());
    QCOMPARE(m_store->size(), 0);
    QTest::mouseClick(button(*pane, u"Watch This Task"_s), Qt::LeftButton);
    settle();
    QVERIFY(m_store->contains(key(9)));
    QVERIFY(!pane->isShowingLookedUp());
    QCOMPARE(pane->shownTask(), std::optional(key(9)));

    m_window->intake().takeTyped(key(8).task.text());
    QVERIFY(pane->isShowingLookedUp());
    QTest::mouseClick(button(*pane, u"Close"_s), Qt::LeftButton);
    QVERIFY(!pane->isShowingLookedUp());
    QCOMPARE(pane->shownTask(), std::optional(key(9)));
}

void TestMainWindow::aLateAnswerTakesNothingAway()
{
    watch(2);
    select(1);
    QSignalSpy wanted(&m_window->intake(), &IntakeDesk::lookUpWanted);
    auto *pane = m_window->findChild<DetailPane *>();
    PollOutcome unknown;
    unknown.key = key(9);
    unknown.answer = tl::unexpected(PollError{PollError::Kind::NotKnown, {}, 200, {}, {}});

    m_window->intake().takeTyped(key(9).task.text());
    QVERIFY(pane->isShowingLookedUp());
    select(2); // before the answer
    QCOMPARE(pane->shownTask(), std::optional(key(2)));
    m_window->intake().takeAnswer(wanted.takeFirst().at(0).toULongLong(), unknown);
    QCOMPARE(pane->shownTask(), std::optional(key(2)));

    m_window->intake().takeTyped(key(9).task.text());
    button(*pane, u"Close"_s)->click();
    m_window->intake().takeAnswer(wanted.takeFirst().at(0).toULongLong(), unknown);
    QCOMPARE(pane->shownTask(), std::optional(key(2)));

    m_window->intake().takeTyped(key(9).task.text()); // and who waits, sees it
    m_store->unwatch({key(2)});                       // the current row goes, its neighbour follows
    settle();
    m_window->intake().takeAnswer(wanted.takeFirst().at(0).toULongLong(), unknown);
    QVERIFY(pane->isShowingLookedUp());
    QCOMPARE(pane->shownTask(), std::optional(key(9)));
}

void TestMainWindow::aLookUpIsLeftByTheCurrentRow()
{
    watch(1);
    select(1);
    auto *pane = m_window->findChild<DetailPane *>();
    const auto lookUp = [&] {
        m_window->intake().takeTyped(key(9).task.text());
        return pane->isShowingLookedUp();
    };
    QVERIFY(lookUp());
    m_window->intake().takeTyped(key(1).task.text()); // watched already
    QVERIFY(!pane->isShowingLookedUp());
    QCOMPARE(pane->shownTask(), std::optional(key(1)));
    QVERIFY(lookUp());
    const QRect row = table().visualRect(table().currentIndex());
    QTest::mouseClick(table().viewport(), Qt::LeftButton, {}, row.center());
    QVERIFY(!pane->isShowingLookedUp());
    QVERIFY(lookUp());
    m_window->showTask(key(1)); // as a notification does
    QVERIFY(!pane->isShowingLookedUp());
}

void TestMainWindow::whatIsWatchedAlreadyIsShownInTheTable()
{
    watch(2);
    field(u"Filter"_s).setText(u"nosuchword"_s);
    settle();
    m_window->intake().takeTyped(key(2).task.text());
    QVERIFY(field(u"Filter"_s).text().isEmpty());
    QCOMPARE(table().currentTask(), std::optional(key(2)));
}

void TestMainWindow::badTextInTheLookUpIsExplained()
{
    press(Qt::Key_L, Qt::ControlModifier);
    QTest::keyClicks(&field(u"Look up"_s), u"what is this thing"_s);
    press(Qt::Key_Return);
    QVERIFY(hint(u"Look up"_s).contains(u"no task ID"_s));
    QTest::keyClicks(&field(u"Look up"_s), u"x"_s);
    QVERIFY(hint(u"Look up"_s).isEmpty());
    QCOMPARE(m_store->size(), 0);
}

void TestMainWindow::dropsAreTaken()
{
    QMimeData data;
    data.setText(key(3).task.text());
    QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(m_window.get(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(QPointF(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(m_window.get(), &drop);
    auto *dialog = m_window->findChild<IntakeDialog *>();
    QVERIFY(dialog);
    QCOMPARE(dialog->checkedTasks(), QList<TaskKey>{key(3)});
    // Not by the fields below the pointer, which would take the words, or a file's address.
    for (const QString &name : {u"Look up"_s, u"Filter"_s})
        QVERIFY2(!field(name).acceptDrops(), qPrintable(name));
}

void TestMainWindow::showsOneBannerAtATime()
{
    BannerBar &banner = m_window->banner();
    banner.set(BannerKind::NoKeychain, {u"a"_s, {}, {}, true});
    QVERIFY(banner.isShown(BannerKind::NoKeychain));
    ConnectionStatus status{Connection::Unreachable, m_clock->now().wall, {}, {}};
    m_window->setConnection(m_server.id, status);
    QVERIFY(banner.isShown(BannerKind::Unreachable));
    status.state = Connection::SignInNeeded;
    m_window->setConnection(m_server.id, status);
    QVERIFY(banner.isShown(BannerKind::SignInNeeded));
    status.state = Connection::Polling;
    m_window->setConnection(m_server.id, status);
    QVERIFY(banner.isShown(BannerKind::NoKeychain));
    banner.remove(BannerKind::NoKeychain);
    QVERIFY(!banner.isVisible());
}

void TestMainWindow::noStandingTroubleHidesNews()
{
    BannerBar &banner = m_window->banner();
    const auto close = [&banner] { return named<QAbstractButton>(banner, u"Hide this notice"_s); };
    for (const Connection state : {Connection::CertificateProblem, Connection::SignInNeeded,
                                   Connection::NoPermission, Connection::Unreachable}) {
        m_window->setConnection(m_server.id, {state, m_clock->now().wall, {}, {}});
        QVERIFY(banner.isVisible() && !close()->isVisible());
        banner.set(BannerKind::News, {u"Publish policy completed"_s, {}, {}, true});
        QVERIFY(banner.isShown(BannerKind::News));
        QTest::mouseClick(close(), Qt::LeftButton);
        QVERIFY(banner.isVisible() && !banner.isShown(BannerKind::News)); // the trouble stays
        banner.remove(BannerKind::News);
    }
}

void TestMainWindow::severalServersAreKeptApart()
{
    const ShownServer other{ServerId::create(), u"Testnet"_s,
                            QUrl(u"https://testnet.example/api/v1"_s)};
    m_window->setServers({m_server, other});
    watch(2);
    m_store->watch({{other.id, key(1).task}});
    settle();
    QCOMPARE(m_window->model().rowCount(), 3); // the same ID twice is two tasks
    m_window->setConnection(m_server.id, {Connection::Live, m_clock->now().wall, {}, {}});
    m_window->setConnection(other.id, {Connection::SignInNeeded, m_clock->now().wall, {}, {}});
    BannerBar &banner = m_window->banner();
    QVERIFY(banner.isShown(BannerKind::SignInNeeded, other.id));
    QVERIFY(banner.accessibleDescription().contains(u"Testnet"_s));
    const auto *line = m_window->findChild<StatusLine *>()->findChild<QWidget *>(u"server"_s);
    QVERIFY(line->accessibleName().startsWith(u"Testnet: sign-in"_s)); // trouble first
    QVERIFY(line->accessibleName().contains(u"Production: live"_s));
    QSignalSpy wanted(m_window.get(), &MainWindow::signInWanted);
    QTest::mouseClick(button(banner, u"Sign in…"_s), Qt::LeftButton);
    QCOMPARE(wanted.first().at(0).value<ServerId>(), other.id);

    // The other's trouble stays when this one has some and gets over it.
    m_window->setConnection(m_server.id, {Connection::Unreachable, m_clock->now().wall, {}, {}});
    m_window->setConnection(m_server.id, {Connection::Polling, m_clock->now().wall, {}, {}});
    QVERIFY(banner.isShown(BannerKind::SignInNeeded, other.id));

    field(u"Filter"_s).setText(u"server:testnet"_s);
    settle();
    QCOMPARE(m_window->model().rowCount(), 1);
    field(u"Filter"_s).clear();
    m_window->chooseServer(m_server.id);
    settle();
    QCOMPARE(m_window->model().rowCount(), 2);
    QVERIFY(!line->accessibleName().contains(u"Testnet"_s));
    m_window->setServers({m_server});
    QVERIFY(!banner.isVisible());
}

void TestMainWindow::aChosenServerStaysChosen()
{
    ShownServer other{ServerId::create(), u"Testnet"_s, QUrl(u"https://testnet.example/api/v1"_s)};
    m_window->setServers({m_server, other});
    watch(2);
    auto *list = m_window->findChild<SideList *>();
    m_window->chooseServer(other.id);
    QCOMPARE(m_window->model().rowCount(), 0);
    other.name = u"Preview"_s;
    m_window->setServers({m_server, other});
    QCOMPARE(list->chosenServer(), std::optional(other.id));
    QCOMPARE(m_window->model().rowCount(), 0);
    m_window->setServers({m_server});
    QVERIFY(!list->chosenServer());
    settle();
    QCOMPARE(m_window->model().rowCount(), 2); // back to all
}

void TestMainWindow::bannersCanBeDismissed()
{
    BannerBar &banner = m_window->banner();
    banner.set(BannerKind::NoKeychain, {u"a"_s, {}, {}, true});
    QTest::mouseClick(named<QAbstractButton>(banner, u"Hide this notice"_s), Qt::LeftButton);
    QVERIFY(!banner.isVisible());
    banner.set(BannerKind::NoKeychain, {u"a"_s, {}, {}, true}); // nothing new
    QVERIFY(!banner.isVisible());
    banner.set(BannerKind::NoKeychain, {u"b"_s, {}, {}, true});
    QVERIFY(banner.isVisible());
    m_window->setConnection(m_server.id, {Connection::SignInNeeded, m_clock->now().wall, {}, {}});
    QVERIFY(!named<QAbstractButton>(banner, u"Hide this notice"_s)->isVisible());
}

void TestMainWindow::bannersAskForWhatHelps()
{
    const QSignalSpy token(m_window.get(), &MainWindow::signInWanted);
    const QSignalSpy retry(m_window.get(), &MainWindow::retryWanted);
    m_window->setConnection(m_server.id, {Connection::SignInNeeded, m_clock->now().wall, {}, {}});
    QTest::mouseClick(button(m_window->banner(), u"Sign in…"_s), Qt::LeftButton);
    QCOMPARE(token.count(), 1);
    const QSignalSpy certificate(m_window.get(), &MainWindow::certificateWanted);
    m_window->setConnection(m_server.id,
                            {Connection::CertificateProblem, m_clock->now().wall, {}, {}});
    QTest::mouseClick(button(m_window->banner(), u"Show certificate…"_s), Qt::LeftButton);
    QCOMPARE(certificate.count(), 1);
    m_window->setConnection(m_server.id, {Connection::Unreachable, m_clock->now().wall, {}, {}});
    QTest::mouseClick(button(m_window->banner(), u"Try now"_s), Qt::LeftButton);
    QCOMPARE(retry.count(), 1);
    QCOMPARE(retry.constFirst().at(0).value<ServerId>(), m_server.id);
    for (const Connection state :
         {Connection::Live, Connection::Polling, Connection::Paused, Connection::RateLimited,
          Connection::NoPermission, Connection::CertificateProblem}) {
        const auto wanted =
            connectionBanner(u"Production"_s, {state, m_clock->now().wall, m_clock->now().wall, {}},
                             m_clock->now().wall);
        if (wanted) {
            QVERIFY(connectionBannerKinds().contains(wanted->first));
            QVERIFY(wanted->second.headline.contains(u"Production"_s));
        }
    }
}

void TestMainWindow::aTimeOfAnotherDayHasItsDate()
{
    const QLocale locale;
    const QDateTime noon = QDateTime(QDate(2031, 5, 3), QTime(12, 0)).toUTC(); // local
    const ConnectionStatus status{Connection::Unreachable, noon, {}, {}};
    const QString date = locale.toString(noon.toLocalTime(), QLocale::ShortFormat);
    const QString time = locale.toString(noon.toLocalTime().time(), QLocale::ShortFormat);
    const QString today = connectionText(status, noon.addSecs(3600));
    QVERIFY2(today.contains(time) && !today.contains(date), qPrintable(today));
    const QString later = connectionText(status, noon.addDays(1));
    QVERIFY2(later.contains(date), qPrintable(later));
    const auto banner = connectionBanner(u"Production"_s, status, noon.addSecs(3600));
    QVERIFY(banner && banner->second.headline.contains(time));
    QVERIFY(!banner->second.headline.contains(date));
}

void TestMainWindow::theConnectionIsSaid()
{
    m_window->setConnection(m_server.id, {Connection::SignInNeeded, m_clock->now().wall, {}, {}});
    const auto *line = m_window->findChild<StatusLine *>()->findChild<QWidget *>(u"server"_s);
    QVERIFY(line->accessibleName().contains(u"Production"_s));
    QVERIFY(line->accessibleName().contains(u"sign-in"_s));
    auto *list = m_window->findChild<SideList *>();
    const auto items = list->findItems(u"Production"_s, Qt::MatchExactly);
    QCOMPARE(items.size(), 1);
    QVERIFY(items.first()->child(0)->text(0).contains(u"sign-in"_s));
    QVERIFY(items.first()->data(0, Qt::AccessibleTextRole).toString().contains(u"sign-in"_s));
    m_window->setConnection(ServerId::create(), {Connection::Live, {}, {}, {}}); // another's
    QVERIFY(line->accessibleName().contains(u"sign-in"_s));
}

void TestMainWindow::aDisabledServerIsPaused()
{
    watch(1);
    const auto said = [this] {
        const TaskTableModel &model = m_window->model();
        const QString cell = model.index(0, int(TaskColumn::Connection)).data().toString();
        const auto items =
            m_window->findChild<SideList *>()->findItems(u"Production"_s, Qt::MatchExactly);
        return QStringList{cell, items.constFirst()->child(0)->text(0)};
    };
    m_window->setConnection(m_server.id, {Connection::Live, m_clock->now().wall, {}, {}});
    QCOMPARE(said(), (QStringList{u"Live"_s, u"live"_s}));
    ShownServer disabled = m_server;
    disabled.enabled = false;
    m_window->setServers({disabled});
    QCOMPARE(said(), (QStringList{u"Paused"_s, u"paused"_s}));
    m_window->setConnection(m_server.id, {Connection::Live, m_clock->now().wall, {}, {}}); // late
    QCOMPARE(said(), (QStringList{u"Paused"_s, u"paused"_s}));
    m_window->setServers({m_server});
    QCOMPARE(said(), (QStringList{u"Polling"_s, u"polling"_s}));
}

void TestMainWindow::whoIsSignedInIsSaid()
{
    SessionStatus session;
    session.state = SessionStatus::State::SignedIn;
    session.username = u"alice"_s;
    session.role = u"STANDARD_REGISTRY"_s;
    session.renews = true;
    session.refreshExpiresAt = m_clock->now().wall.addDays(29).addSecs(60);
    m_window->setConnection(m_server.id, {Connection::Live, m_clock->now().wall, {}, {}});
    m_window->setSession(m_server.id, session);
    const auto *line = m_window->findChild<StatusLine *>()->findChild<QWidget *>(u"server"_s);
    QCOMPARE(line->accessibleName(),
             u"Production: live · alice, Standard Registry · session 29 days"_s);
    m_clock->advance(24h); // the time left passes without any news
    QVERIFY(line->accessibleName().contains(u"28 days"_s));
    session.state = SessionStatus::State::SignInNeeded;
    m_window->setSession(m_server.id, session);
    QCOMPARE(line->accessibleName(), u"Production: live"_s);
}

void TestMainWindow::whatIsNotFoundNamesTheAccount()
{
    TaskRecord unknown;
    unknown.key = key(1);
    unknown.outcome = Outcome::NotFound;
    TaskRecord running;
    running.key = key(2);
    running.outcome = Outcome::Running;
    m_store->load({unknown, running});
    settle();
    select(1);
    settle();
    const FactsView &overview = m_window->findChild<TaskDetailView *>()->overview();
    QVERIFY(overview.toPlainText().contains(u"Not found"_s));
    QVERIFY(!overview.toPlainText().contains(u"you are"_s)); // nobody knows who
    SessionStatus session;
    session.username = u"<i>alice"_s;
    m_window->setSession(m_server.id, session); // while it is shown
    QVERIFY(overview.toPlainText().contains(u"you are <i>alice"_s));
    m_window->setSession(ServerId::create(), {}); // another's
    QVERIFY(overview.toPlainText().contains(u"you are"_s));
    select(2);
    settle();
    QVERIFY(!overview.toPlainText().contains(u"alice"_s));
}

void TestMainWindow::countsAreShown()
{
    watch(4);
    answer(1, TaskPhase::Running);
    answer(2, TaskPhase::Failed);
    answer(3, TaskPhase::Completed);
    const auto *counts = m_window->findChild<StatusLine *>()->findChild<QLabel *>(u"counts"_s);
    const TaskTableModel &model = m_window->model();
    QCOMPARE(counts->text(), u"%1 running · 1 attention"_s.arg(model.count(TaskView::Running)));
    auto *list = m_window->findChild<SideList *>();
    const auto all = list->findItems(u"All"_s, Qt::MatchExactly);
    const auto attention = list->findItems(u"Needs attention"_s, Qt::MatchExactly);
    QCOMPARE(all.constFirst()->text(1), u"4"_s);
    QCOMPARE(attention.constFirst()->text(1), u"1"_s);
}

void TestMainWindow::theDetailsFollowTheirTask()
{
    watch(2);
    select(1);
    auto *pane = m_window->findChild<DetailPane *>();
    QCOMPARE(pane->shownTask(), std::optional(key(1)));
    select(2);
    QCOMPARE(pane->shownTask(), std::optional(key(2)));
    m_store->unwatch({key(1), key(2)});
    settle();
    QVERIFY(!pane->shownTask());
    QVERIFY(!pane->isVisible());
}

void TestMainWindow::theDetailsGoBesideWhenThereIsRoom()
{
    auto *split = m_window->findChild<DetailSplitter *>();
    m_window->resize(1200, 700);
    QTRY_COMPARE(split->orientation(), Qt::Vertical);
    m_window->resize(1600, 700);
    QTRY_COMPARE(split->orientation(), Qt::Horizontal);
    m_window->setDetailPlacement(Settings::DetailPlacement::Below);
    QCOMPARE(split->orientation(), Qt::Vertical);
    m_window->setDetailPlacement(Settings::DetailPlacement::Beside);
    m_window->resize(1000, 700);
    QCOMPARE(split->orientation(), Qt::Horizontal);
}

void TestMainWindow::theWindowIsRestored()
{
    watch(1);
    select(1);
    m_window->resize(1000, 650);
    press(Qt::Key_4, Qt::AltModifier);
    press(Qt::Key_F9); // side list away
    field(u"Filter"_s).setText(u"-failed"_s);
    auto *split = m_window->findChild<DetailSplitter *>();
    split->setSizes({200, 300});
    const int label = int(TaskColumn::Label);
    table().setColumnHidden(int(TaskColumn::Server), true);
    table().setColumnWidth(label, 321);
    table().horizontalHeader()->moveSection(table().horizontalHeader()->visualIndex(label), 0);
    const QList<int> sizes = split->sizes();
    const WindowState state = m_window->windowState();

    MainWindow other(*m_store, *m_log, *m_clock);
    other.setServers({m_server});
    other.restoreWindowState(state);
    other.show();
    QVERIFY(QTest::qWaitForWindowActive(&other));
    QCOMPARE(other.size(), QSize(1000, 650));
    QVERIFY(!other.findChild<SideList *>()->isVisible());
    QCOMPARE(other.findChild<TaskDetailView *>()->currentTab(), 3);
    QCOMPARE(named<QLineEdit>(other, u"Filter"_s)->text(), u"-failed"_s);
    const auto *rows = other.findChild<TaskTableView *>();
    QVERIFY(rows->isColumnHidden(int(TaskColumn::Server)));
    QCOMPARE(rows->columnWidth(label), 321);
    QCOMPARE(rows->horizontalHeader()->visualIndex(label), 0);
    const QList<int> restored = other.findChild<DetailSplitter *>()->sizes();
    QVERIFY(qAbs(restored.first() * 100 / (restored.first() + restored.last())
                 - sizes.first() * 100 / (sizes.first() + sizes.last()))
            <= 3);
}

void TestMainWindow::aForeignStateIsIgnored()
{
    WindowState state;
    state.geometry = "nonsense";
    state.tableLayout = "nonsense";
    state.sideSplitter = "nonsense";
    state.detailSplitter = "nonsense";
    state.detailTab = 4711;
    m_window->restoreWindowState(state);
    QVERIFY(m_window->findChild<SideList *>()->isVisible());
    QCOMPARE(m_window->findChild<TaskDetailView *>()->currentTab(), 0);
}

void TestMainWindow::showsTheWorstTaskFirst()
{
    watch(3);
    m_window->showWorstTask();
    QVERIFY(table().currentTask());
    answer(3, TaskPhase::Failed);
    m_window->showWorstTask();
    QCOMPARE(table().currentTask(), std::optional(key(3)));
}

void TestMainWindow::everyControlHasAName()
{
    watch(1);
    answer(1, TaskPhase::Failed);
    select(1);
    m_window->intake().openDialog();
    press(Qt::Key_F1);
    QStringList unnamed;
    const auto widgets = m_window->findChildren<QWidget *>();
    for (QWidget *widget : widgets) {
        if (widget->focusPolicy() == Qt::NoFocus
            || widget->objectName().startsWith(u"qt_"_s)) // Qt's own inner parts
            continue;
        if (const auto *notice = qobject_cast<BannerBar *>(widget->parentWidget());
            notice && notice->isHidden()) // its words are its names, and it has none now
            continue;
        QAccessibleInterface *face = QAccessible::queryAccessibleInterface(widget);
        if (face && face->text(QAccessible::Name).isEmpty()) {
            unnamed << QString::fromLatin1(widget->metaObject()->className()) + u' '
                           + widget->objectName() + u" in "_s
                           + QString::fromLatin1(widget->parentWidget()->metaObject()->className());
        }
    }
    QVERIFY2(unnamed.isEmpty(), qPrintable(unnamed.join(u'\n')));
}

void TestMainWindow::followsTheColours()
{
    watch(1);
    m_window->setConnection(m_server.id, {Connection::SignInNeeded, m_clock->now().wall, {}, {}});
    const auto *list = m_window->findChild<SideList *>();
    const auto icon = [list] {
        const auto items = list->findItems(u"Production"_s, Qt::MatchExactly);
        return items.first()->icon(0).pixmap(16, 16).toImage();
    };
    const QImage light = icon();
    QPalette dark(QColor(0x20, 0x20, 0x20));
    m_window->setPalette(dark);
    QTRY_VERIFY(icon() != light);
}

QTEST_MAIN(TestMainWindow)
#include "test_mainwindow.moc"
