#include "manualclock.h"
#include "task/taskstore.h"
#include "tasks/tablelayout.h"
#include "tasks/tasktablemodel.h"
#include "tasks/tasktableview.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPaintEvent>
#include <QRandomGenerator>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// What is painted of the widgets that it watches.
struct PaintCounter final : QObject {
    int count = 0;
    QRegion last;
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() == QEvent::Paint) {
            ++count;
            last = static_cast<QPaintEvent *>(event)->region();
        }
        return QObject::eventFilter(watched, event);
    }
};

} // namespace

/// The table as somebody uses it.
class TestTaskTableView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void aClickMakesATaskCurrent();
    void focusChoosesNothingButByTab();
    void selectionIsGivenInTheOrderOfRows();
    void randomUpdatesMoveNeitherSelectionNorCurrentTask();
    void theCurrentRowStaysInViewWhenItMoves();
    void nothingMovesUnderThePointer();
    void nothingMovesWhileALabelIsEdited();
    void aFilterKeepsPlaceAndBringsTheCurrentTaskBack();
    void aRemovedTaskGivesWayToItsNeighbour();
    void aTaskThatEndsStaysWhileItIsCurrent();
    void whatIsVisibleIsSaidOnceAMomentLater();
    void visibleTimesTickOnceASecond();
    void unchangedAnswersRepaintNothingUnlessCheckedIsShown();
    void layoutsRoundTrip();
    void damagedLayoutsChangeNothing_data();
    void damagedLayoutsChangeNothing();
    void layoutsOfOtherVersionsKeepWhatIsKnown();
    void theHeaderMenuShowsAndHidesColumns();
    void aClickOnTheHeaderSorts();
    void typingFindsLabelsAndActions();
    void f2EditsTheLabelFromAnyColumn();
    void rowsFollowTheFont();
    void aNewOrderPaintsRowsAlone();
    void theScrollBarsFollowWhatIsThere();
    void theModelMayGoFirst();

private:
    [[nodiscard]] TaskKey key(int number) const
    {
        return {m_server, TaskId(u"task-%1"_s.arg(number, 3, 10, QChar(u'0')))};
    }
    void add(int first, int count);
    void poll(int number, int percent, TaskPhase phase = TaskPhase::Running);
    [[nodiscard]] TaskSnapshot snapshot(int number, int percent, TaskPhase phase) const;
    [[nodiscard]] QPoint middleOf(int row) const
    {
        return {30, m_view->rowViewportPosition(row) + m_view->rowHeight(row) / 2};
    }
    [[nodiscard]] bool isInView(const TaskKey &task) const;
    void movePointer();

    const ServerId m_server = ServerId::create();
    std::unique_ptr<ManualClock> m_clock;
    std::unique_ptr<TaskStore> m_store;
    std::unique_ptr<TaskTableModel> m_model;
    std::unique_ptr<TaskTableView> m_view;
};

void TestTaskTableView::init()
{
    m_clock = std::make_unique<ManualClock>();
    m_store = std::make_unique<TaskStore>(*m_clock);
    m_model = std::make_unique<TaskTableModel>(*m_store, *m_clock);
    connect(m_store.get(), &TaskStore::added, m_model.get(), &TaskTableModel::onAdded);
    connect(m_store.get(), &TaskStore::changed, m_model.get(), &TaskTableModel::onChanged);
    connect(m_store.get(), &TaskStore::checked, m_model.get(), &TaskTableModel::onChecked);
    connect(m_store.get(), &TaskStore::removed, m_model.get(), &TaskTableModel::onRemoved);
    connect(m_model.get(), &TaskTableModel::labelEdited, m_store.get(), &TaskStore::setLabel);
    m_view = std::make_unique<TaskTableView>(*m_model, *m_clock);
    m_view->resize(1'000, 400);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    m_view->sortByColumn(int(TaskColumn::Progress), Qt::AscendingOrder);
    m_clock->advance(1s);
}

void TestTaskTableView::cleanup()
{
    m_view.reset();
    m_model.reset();
    m_store.reset();
}

TaskSnapshot TestTaskTableView::snapshot(int number, int percent, TaskPhase phase) const
{
    TaskSnapshot snapshot;
    snapshot.taskId = key(number).task;
    snapshot.action = number % 2 == 0 ? u"Publish policy"_s : u"Import policy file"_s;
    snapshot.phase = phase;
    snapshot.percent = percent;
    snapshot.startedAt = m_clock->now().wall;
    return snapshot;
}

/// Tasks at 0 %, 1 %, … so that they sort as they are numbered.
void TestTaskTableView::add(int first, int count)
{
    QList<TaskRecord> records;
    for (int number = first; number < first + count; ++number) {
        TaskRecord record;
        record.key = key(number);
        record.outcome = Outcome::Running;
        record.watchedSince = m_clock->now().wall;
        record.changedAt = m_clock->now().wall;
        record.snapshot =
            std::make_shared<TaskSnapshot>(snapshot(number, number % 101, TaskPhase::Running));
        records.append(record);
    }
    m_store->load(records);
    m_view->doItemsLayout(); // as the event loop would
    m_clock->advance(1s);
}

void TestTaskTableView::poll(int number, int percent, TaskPhase phase)
{
    PollOutcome outcome;
    outcome.key = key(number);
    outcome.sentAt = m_clock->now();
    outcome.answeredAt = m_clock->now();
    outcome.answer =
        ReadableAnswer(std::make_shared<const TaskSnapshot>(snapshot(number, percent, phase)));
    outcome.httpStatus = 200;
    m_store->apply({outcome});
}

bool TestTaskTableView::isInView(const TaskKey &task) const
{
    const int row = m_model->rowOf(task);
    const int top = m_view->rowViewportPosition(row);
    return row >= 0 && top >= 0 && top + m_view->rowHeight(row) <= m_view->viewport()->height();
}

void TestTaskTableView::movePointer()
{
    QMouseEvent move(QEvent::MouseMove, QPointF(50, 50),
                     m_view->viewport()->mapToGlobal(QPointF(50, 50)), Qt::NoButton, Qt::NoButton,
                     Qt::NoModifier);
    QCoreApplication::sendEvent(m_view->viewport(), &move);
}

void TestTaskTableView::aClickMakesATaskCurrent()
{
    add(0, 5);
    QSignalSpy current(m_view.get(), &TaskTableView::currentTaskChanged);
    QSignalSpy selected(m_view.get(), &TaskTableView::selectedTasksChanged);
    QVERIFY(!m_view->currentTask());
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, middleOf(2));
    QCOMPARE(current.count(), 1);
    QCOMPARE(current[0][0].value<std::optional<TaskKey>>(), key(2));
    QCOMPARE(selected.count(), 1);
    QCOMPARE(m_view->currentTask(), key(2));
    QCOMPARE(m_view->selectedTasks(), QList<TaskKey>{key(2)});
    QTest::keyClick(m_view.get(), Qt::Key_Down);
    QCOMPARE(m_view->currentTask(), key(3));
    QTest::keyClick(m_view.get(), Qt::Key_Right); // another cell, the same task
    QCOMPARE(current.count(), 2);
    m_view->setCurrentTask(key(99));
    QCOMPARE(m_view->currentTask(), key(3));
}

void TestTaskTableView::focusChoosesNothingButByTab()
{
    add(0, 3);
    m_view->clearFocus();
    m_view->setFocus(Qt::ActiveWindowFocusReason);
    QVERIFY(!m_view->currentTask());
    m_view->clearFocus();
    m_view->setFocus(Qt::TabFocusReason);
    QCOMPARE(m_view->currentTask(), key(0));
    QCOMPARE(m_view->selectedTasks(), QList<TaskKey>{key(0)});
}

void TestTaskTableView::selectionIsGivenInTheOrderOfRows()
{
    add(0, 6);
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, middleOf(4));
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, Qt::ControlModifier, middleOf(1));
    QCOMPARE(m_view->selectedTasks(), (QList<TaskKey>{key(1), key(4)}));
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, Qt::ShiftModifier, middleOf(3));
    QCOMPARE(m_view->selectedTasks(), (QList<TaskKey>{key(1), key(2), key(3), key(4)}));
}

void TestTaskTableView::randomUpdatesMoveNeitherSelectionNorCurrentTask()
{
    add(0, 60);
    m_view->setCurrentTask(key(7));
    for (const int number : {3, 20, 41})
        m_view->selectionModel()->select(m_model->index(m_model->rowOf(key(number)), 0),
                                         QItemSelectionModel::Select | QItemSelectionModel::Rows);
    QSignalSpy current(m_view.get(), &TaskTableView::currentTaskChanged);
    QSignalSpy resets(m_model.get(), &TaskTableModel::modelReset);
    QSignalSpy layouts(m_model.get(), &TaskTableModel::layoutChanged);
    const QSet<TaskKey> chosen{key(3), key(7), key(20), key(41)};
    QRandomGenerator random(3);
    for (int step = 0; step < 100; ++step) {
        for (int i = random.bounded(15); i > 0; --i)
            poll(random.bounded(60), random.bounded(101));
        m_clock->advance(std::chrono::milliseconds(random.bounded(120)));
        const auto selected = m_view->selectedTasks();
        QCOMPARE(QSet<TaskKey>(selected.begin(), selected.end()), chosen);
        QCOMPARE(m_view->currentTask(), key(7));
    }
    QVERIFY(layouts.count() > 10);
    QCOMPARE(resets.count(), 0);
    QCOMPARE(current.count(), 0);
}

void TestTaskTableView::theCurrentRowStaysInViewWhenItMoves()
{
    add(0, 100);
    m_view->setCurrentTask(key(2));
    QVERIFY(isInView(key(2)));
    poll(2, 99);
    m_clock->advance(1s);
    QVERIFY(m_model->rowOf(key(2)) > 90);
    QVERIFY(isInView(key(2)));
    m_view->verticalScrollBar()->setValue(
        0); // somebody looks elsewhere: then it is not pulled back
    poll(2, 97);
    m_clock->advance(1s);
    QCOMPARE(m_view->verticalScrollBar()->value(), 0);
}

void TestTaskTableView::nothingMovesUnderThePointer()
{
    add(0, 10);
    movePointer();
    poll(0, 100);
    m_clock->advance(2s);
    movePointer();
    m_clock->advance(2'900ms);
    QCOMPARE(m_model->rowOf(key(0)), 0);
    QCOMPARE(m_model->index(0, int(TaskColumn::Progress)).data().toString(), u"100%"_s);
    m_clock->advance(1s);
    QCOMPARE(m_model->rowOf(key(0)), 9);
}

void TestTaskTableView::nothingMovesWhileALabelIsEdited()
{
    add(0, 10);
    movePointer();
    m_view->setCurrentTask(key(0));
    QTest::keyClick(m_view.get(), Qt::Key_F2);
    QVERIFY(m_view->viewport()->findChild<QLineEdit *>());
    poll(0, 100);
    m_clock->advance(20s);
    QCOMPARE(m_model->rowOf(key(0)), 0);
    QTest::keyClicks(m_view->viewport()->findChild<QLineEdit *>(), u"iREC 4"_s);
    QTest::keyClick(m_view->viewport()->findChild<QLineEdit *>(), Qt::Key_Return);
    QTRY_VERIFY(!m_view->viewport()->findChild<QLineEdit *>());
    m_clock->advance(4s);
    QCOMPARE(m_model->rowOf(key(0)), 9);
    QCOMPARE(m_store->find(key(0))->label, u"iREC 4"_s);
}

void TestTaskTableView::aFilterKeepsPlaceAndBringsTheCurrentTaskBack()
{
    add(0, 100);
    m_view->setCurrentTask(key(50));
    m_view->selectionModel()->select(m_model->index(51, 0),
                                     QItemSelectionModel::Select | QItemSelectionModel::Rows);
    m_view->verticalScrollBar()->setValue(m_view->verticalHeader()->sectionPosition(45) + 5);
    QSignalSpy current(m_view.get(), &TaskTableView::currentTaskChanged);
    QSignalSpy selected(m_view.get(), &TaskTableView::selectedTasksChanged);
    m_model->setFilter(parseFilter(u"action:publish"_s).value()); // even ones
    QCOMPARE(m_view->currentTask(), key(50));
    QCOMPARE(m_view->selectedTasks(), QList<TaskKey>{key(50)});
    QVERIFY(isInView(key(50)));
    QCOMPARE(current.count(), 0);
    QCOMPARE(selected.count(), 1);
    m_model->setFilter({});
    QVERIFY(isInView(key(50)));

    m_model->setFilter(parseFilter(u"action:import"_s).value()); // odd ones
    QVERIFY(!m_view->currentTask());
    QCOMPARE(current.count(), 1);
    QCOMPARE(current[0][0].value<std::optional<TaskKey>>(), std::nullopt);
    m_model->setFilter({});
    QCOMPARE(m_view->currentTask(), key(50));
    QCOMPARE(m_view->selectedTasks(), QList<TaskKey>{key(50)});
    QCOMPARE(current.count(), 2);

    m_view->setCurrentTask(key(0));
    m_view->verticalScrollBar()->setValue(m_view->verticalHeader()->sectionPosition(45) + 5);
    m_view->setCurrentIndex({});
    m_model->setView(TaskView::Running);
    QCOMPARE(m_view->rowAt(0), 45);
    QCOMPARE(m_view->rowViewportPosition(45), -5);
}

void TestTaskTableView::aRemovedTaskGivesWayToItsNeighbour()
{
    add(0, 10);
    m_view->setCurrentTask(key(4));
    QSignalSpy current(m_view.get(), &TaskTableView::currentTaskChanged);
    m_store->unwatch({key(4)});
    QCOMPARE(m_view->currentTask(), key(5));
    QCOMPARE(m_view->selectedTasks(), QList<TaskKey>{key(5)});
    QCOMPARE(current.count(), 1);
    m_store->unwatch(m_store->keys());
    QVERIFY(!m_view->currentTask());
    QVERIFY(m_view->selectedTasks().isEmpty());
    m_clock->advance(1s);
    QCOMPARE(m_model->rowCount(), 0);
}

void TestTaskTableView::aTaskThatEndsStaysWhileItIsCurrent()
{
    add(0, 10);
    m_model->setView(TaskView::Running);
    m_view->setCurrentTask(key(4));
    poll(4, 100, TaskPhase::Completed);
    poll(5, 100, TaskPhase::Completed);
    m_clock->advance(1s);
    QCOMPARE(m_view->currentTask(), key(4));
    QCOMPARE(m_model->rowOf(key(5)), -1);
    m_view->setCurrentTask(key(6));
    m_clock->advance(1s);
    QCOMPARE(m_model->rowOf(key(4)), -1);
}

void TestTaskTableView::whatIsVisibleIsSaidOnceAMomentLater()
{
    QSignalSpy visible(m_view.get(), &TaskTableView::visibleTasksChanged);
    add(0, 100);
    QCOMPARE(visible.count(), 1);
    auto keys = visible[0][0].value<QList<TaskKey>>();
    QVERIFY(keys.size() > 5 && keys.size() < 50);
    QCOMPARE(keys.first(), key(0));
    for (int i = 1; i <= 20; ++i)
        m_view->verticalScrollBar()->setValue(i * 20);
    QCOMPARE(visible.count(), 1);
    m_clock->advance(1s);
    QCOMPARE(visible.count(), 2);
    QVERIFY(visible[1][0].value<QList<TaskKey>>().first() != key(0));
    poll(99, 98);
    m_clock->advance(1s);
    QCOMPARE(visible.count(), 2); // moved out of sight: nothing to say
    m_view->hide();
    m_clock->advance(1s);
    QCOMPARE(visible.count(), 3);
    QVERIFY(visible[2][0].value<QList<TaskKey>>().isEmpty());
    QCOMPARE(m_clock->activeTimers(), 0);
    m_view->show();
    m_clock->advance(0ms);
    QCOMPARE(visible.count(), 4);
}

void TestTaskTableView::visibleTimesTickOnceASecond()
{
    add(0, 100);
    QSignalSpy changes(m_model.get(), &TaskTableModel::dataChanged);
    m_clock->advance(10s);
    QVERIFY(changes.count() > 0);
    QVERIFY(changes.count() <= 20); // two columns, neighbours in one
    for (const auto &change : changes)
        QVERIFY(change[1].toModelIndex().row() < 50);
    for (int number = 0; number < 100; ++number)
        poll(number, 100, TaskPhase::Completed);
    m_clock->advance(5min);
    changes.clear();
    m_clock->advance(60s);
    QVERIFY(changes.count() > 0);
    QVERIFY(changes.count() <= 2); // "6 min ago"
    changes.clear();
    add(200, 1);
    m_clock->advance(15s);
    changes.clear();
    m_clock->advance(3s);
    QVERIFY(changes.count() >= 3);
}

void TestTaskTableView::unchangedAnswersRepaintNothingUnlessCheckedIsShown()
{
    PaintCounter paints;
    add(0, 30);
    m_view->viewport()->installEventFilter(&paints);
    m_clock->advance(500ms); // between two ticks of what passes
    // What is painted next, where a single pixel is asked for: more only if something else was.
    const auto paintNext = [this, seen = &paints] {
        const int before = seen->count;
        m_view->viewport()->update(0, 0, 1, 1);
        return QTest::qWaitFor([seen, before] { return seen->count > before; });
    };
    const auto checkAll = [this] {
        QList<PollOutcome> outcomes;
        for (int number = 0; number < 30; ++number) {
            PollOutcome outcome;
            outcome.key = key(number);
            outcome.sentAt = m_clock->now();
            outcome.answeredAt = m_clock->now();
            outcome.answer = ReadableAnswer(Unchanged{});
            outcome.httpStatus = 200;
            outcomes << outcome;
        }
        m_store->apply(outcomes);
        m_clock->advance(100ms); // takes changes in
    };
    QVERIFY(paintNext()); // with all that is due from before
    checkAll();
    QVERIFY(paintNext());
    QCOMPARE(paints.last, QRegion(0, 0, 1, 1));
    poll(3, 50);
    m_clock->advance(100ms);
    QVERIFY(paintNext());
    QVERIFY(paints.last != QRegion(0, 0, 1, 1));

    m_view->horizontalHeader()->moveSection(
        m_view->horizontalHeader()->visualIndex(int(TaskColumn::Checked)), 0); // into view
    m_view->setColumnHidden(int(TaskColumn::Checked), false);
    m_model->setCheckedShown(true);
    QVERIFY(paintNext());
    checkAll();
    QVERIFY(paintNext());
    QVERIFY(paints.last != QRegion(0, 0, 1, 1));
}

void TestTaskTableView::layoutsRoundTrip()
{
    QHeaderView *header = m_view->horizontalHeader();
    header->moveSection(header->visualIndex(int(TaskColumn::TaskId)), 0);
    header->resizeSection(int(TaskColumn::Action), 333);
    m_view->setColumnHidden(int(TaskColumn::Label), true);
    m_view->setColumnHidden(int(TaskColumn::Summary), false);
    m_view->sortByColumn(int(TaskColumn::Server), Qt::DescendingOrder);
    const QByteArray saved = m_view->saveLayout();

    TaskTableView other(*m_model, *m_clock);
    QVERIFY(other.saveLayout() != saved);
    QVERIFY(other.restoreLayout(saved));
    QCOMPARE(other.saveLayout(), saved);
    QCOMPARE(other.horizontalHeader()->logicalIndex(0), int(TaskColumn::TaskId));
    QCOMPARE(other.columnWidth(int(TaskColumn::Action)), 333);
    QVERIFY(other.isColumnHidden(int(TaskColumn::Label)));
    QVERIFY(!other.isColumnHidden(int(TaskColumn::Summary)));
    QCOMPARE(other.horizontalHeader()->sortIndicatorSection(), int(TaskColumn::Server));
    QCOMPARE(other.horizontalHeader()->sortIndicatorOrder(), Qt::DescendingOrder);
    const TaskTableView fresh(*m_model, *m_clock);
    other.resetLayout();
    QCOMPARE(other.saveLayout(), fresh.saveLayout());
}

void TestTaskTableView::damagedLayoutsChangeNothing_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray good = m_view ? QByteArray() : layoutToBytes(defaultLayout(8));
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("noise") << QByteArray("\x01\xff{{\0", 5);
    QTest::newRow("cut") << good.first(good.size() / 2);
    QTest::newRow("a later version") << QByteArray(good).replace("\"version\":1", "\"version\":2");
    QTest::newRow("another shape") << QByteArray(R"({"version":1,"columns":"all"})");
    QTest::newRow("no column shown") << QByteArray(good).replace("true", "false");
}

void TestTaskTableView::damagedLayoutsChangeNothing()
{
    QFETCH(QByteArray, bytes);
    m_view->setColumnWidth(2, 222);
    const QByteArray before = m_view->saveLayout();
    QVERIFY(!m_view->restoreLayout(bytes));
    QCOMPARE(m_view->saveLayout(), before);
}

void TestTaskTableView::layoutsOfOtherVersionsKeepWhatIsKnown()
{
    const QByteArray bytes(R"({"version":1,"sort":"moon","descending":false,"columns":[
        {"name":"action","width":99999,"shown":true},{"name":"moon","width":50,"shown":true},
        {"name":"action","width":50,"shown":false},{"name":"status","width":-3,"shown":true}]})");
    const auto layout = layoutFromBytes(bytes, defaultLayout(8));
    QVERIFY(layout);
    QCOMPARE(layout->columns.size(), taskColumnCount);
    QCOMPARE(layout->columns[0], (TableLayout::Column{TaskColumn::Action, 4'000, true}));
    QCOMPARE(layout->columns[1], (TableLayout::Column{TaskColumn::Status, 24, true}));
    QVERIFY(!layout->columns[2].shown);
    QCOMPARE(layout->sortColumn, TaskColumn::Started);
    QVERIFY(m_view->restoreLayout(bytes));
    QCOMPARE(m_view->horizontalHeader()->hiddenSectionCount(), taskColumnCount - 2);
}

void TestTaskTableView::theHeaderMenuShowsAndHidesColumns()
{
    QMenu menu;
    m_view->fillColumnsMenu(menu);
    QCOMPARE(menu.actions().size(), taskColumnCount + 2);
    QAction *label = menu.actions().at(int(TaskColumn::Label));
    QVERIFY(label->isChecked());
    const int width = m_view->columnWidth(int(TaskColumn::Label));
    label->trigger();
    QVERIFY(m_view->isColumnHidden(int(TaskColumn::Label)));
    label->trigger();
    QVERIFY(!m_view->isColumnHidden(int(TaskColumn::Label)));
    QCOMPARE(m_view->columnWidth(int(TaskColumn::Label)), width);
    menu.actions().at(int(TaskColumn::Checked))->trigger();
    QVERIFY(!m_view->isColumnHidden(int(TaskColumn::Checked)));
    for (int column = 1; column < taskColumnCount; ++column)
        m_view->setColumnHidden(column, true);
    QMenu last;
    m_view->fillColumnsMenu(last);
    QVERIFY(!last.actions().at(0)->isEnabled()); // one column always stays
    last.actions().constLast()->trigger();
    QVERIFY(!m_view->isColumnHidden(int(TaskColumn::Label)));
    QVERIFY(m_view->isColumnHidden(int(TaskColumn::Checked)));

    Q_EMIT m_view->horizontalHeader()->customContextMenuRequested({5, 5});
    auto *shown = m_view->findChild<QMenu *>();
    QVERIFY(shown);
    QVERIFY(shown->isVisible());
    shown->close();
}

void TestTaskTableView::aClickOnTheHeaderSorts()
{
    add(0, 10);
    const auto click = [this](TaskColumn column) {
        QHeaderView *header = m_view->horizontalHeader();
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {},
                          {header->sectionViewportPosition(int(column)) + 20, 8});
    };
    click(TaskColumn::Action);
    QCOMPARE(m_model->keyAt(0), key(1)); // "Import" before "Publish"
    click(TaskColumn::Action);
    QCOMPARE(m_model->keyAt(0), key(0));
    m_view->grab(); // arrows in both directions, on both sides
    click(TaskColumn::Elapsed);
    m_view->setLayoutDirection(Qt::RightToLeft);
    QVERIFY(!m_view->grab().isNull());
}

void TestTaskTableView::typingFindsLabelsAndActions()
{
    add(0, 6);
    m_store->setLabel(key(5), u"Imposter"_s);
    m_clock->advance(1s);
    m_view->setCurrentTask(key(0));
    QTest::keyClicks(m_view.get(), u"i"_s);
    QCOMPARE(m_view->currentTask(), key(1));
    QTest::keyClicks(m_view.get(), u"mpos"_s);
    QCOMPARE(m_view->currentTask(), key(5));
    m_clock->advance(10s);
    QTest::keyClicks(m_view.get(), u"p"_s);
    QCOMPARE(m_view->currentTask(), key(0));
    QTest::keyClicks(m_view.get(), u"p"_s); // the next one
    QCOMPARE(m_view->currentTask(), key(2));
    m_clock->advance(10s);
    QTest::keyClicks(m_view.get(), u"zzz"_s);
    QCOMPARE(m_view->currentTask(), key(2));
}

void TestTaskTableView::f2EditsTheLabelFromAnyColumn()
{
    add(0, 3);
    m_view->setCurrentTask(key(1));
    QTest::keyClick(m_view.get(), Qt::Key_F2);
    auto *editor = m_view->viewport()->findChild<QLineEdit *>();
    QVERIFY(editor);
    QTest::keyClicks(editor, u"VM0033"_s);
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_VERIFY(!m_view->viewport()->findChild<QLineEdit *>());
    m_clock->advance(1s);
    QCOMPARE(m_store->find(key(1))->label, u"VM0033"_s);
    m_view->setColumnHidden(int(TaskColumn::Label), true);
    m_view->setCurrentTask(key(0));
    QTest::keyClick(m_view.get(), Qt::Key_F2);
    QTRY_VERIFY(!m_view->viewport()->findChild<QLineEdit *>());
}

void TestTaskTableView::rowsFollowTheFont()
{
    add(0, 1);
    const int before = m_view->rowHeight(0);
    QFont font = m_view->font();
    font.setPointSize(font.pointSize() * 2);
    m_view->setFont(font);
    QVERIFY(m_view->rowHeight(0) > before);
    QCOMPARE(m_view->rowHeight(0), m_view->fontMetrics().height() + 8);
}

void TestTaskTableView::aNewOrderPaintsRowsAlone()
{
    PaintCounter rows;
    PaintCounter bars;
    m_view->viewport()->installEventFilter(&rows);
    m_view->verticalScrollBar()->installEventFilter(&bars);
    m_view->horizontalScrollBar()->installEventFilter(&bars);
    m_view->installEventFilter(&bars);
    add(0, 100);
    // The bars have come with the rows; only what is painted after that counts.
    QTRY_VERIFY(bars.count > 0);
    const auto paintNext = [this, &rows] {
        const int before = rows.count;
        m_view->viewport()->update();
        return QTest::qWaitFor([&rows, before] { return rows.count > before; });
    };
    QVERIFY(paintNext());
    rows.count = bars.count = 0;
    poll(0, 50); // to the middle
    m_clock->advance(1s);
    QTRY_VERIFY(rows.count > 0);
    QVERIFY(m_model->rowOf(key(0)) > 20);
    QCOMPARE(bars.count, 0);
}

void TestTaskTableView::theScrollBarsFollowWhatIsThere()
{
    add(0, 100);
    const QScrollBar &down = *m_view->verticalScrollBar();
    const int rowHeight = m_view->rowHeight(0);
    const int before = down.maximum();
    QVERIFY(before > 0);
    QTRY_COMPARE(m_view->horizontalHeader()->width(), m_view->viewport()->width());
    add(100, 50);
    QTRY_COMPARE(down.maximum(), before + 50 * rowHeight);
    m_view->resize(m_view->width(), m_view->height() + 2 * rowHeight);
    QTRY_COMPARE(down.maximum(), before + 48 * rowHeight);
    m_model->setFilter(*parseFilter(u"publish"_s));
    QTRY_VERIFY(down.maximum() < before);
    m_model->setFilter({});
    QTRY_COMPARE(down.maximum(), before + 48 * rowHeight);

    const QScrollBar &across = *m_view->horizontalScrollBar();
    const int wide = across.maximum();
    m_view->setColumnWidth(int(TaskColumn::Action),
                           m_view->columnWidth(int(TaskColumn::Action)) + 100);
    QTRY_COMPARE(across.maximum(), wide + 100);
    m_view->setColumnHidden(int(TaskColumn::Action), true);
    QTRY_VERIFY(across.maximum() < wide);
    QFont larger = m_view->font();
    larger.setPointSize(larger.pointSize() * 2);
    m_view->setFont(larger);
    QTRY_VERIFY(down.maximum() > before + 60 * rowHeight);
    QTRY_COMPARE(m_view->viewport()->y(), m_view->horizontalHeader()->sizeHint().height());
}

void TestTaskTableView::theModelMayGoFirst()
{
    add(0, 3);
    m_view->setCurrentTask(key(1));
    movePointer();
    m_model.reset(); // as the children of a window go, in the order of their making
    m_view.reset();
    QCOMPARE(m_clock->activeTimers(), 0);
}

QTEST_MAIN(TestTaskTableView)
#include "test_tasktableview.moc"
