#include "manualclock.h"
#include "task/taskstore.h"
#include "task/taskwords.h"
#include "tasks/tasktablemodel.h"

#include <QAbstractItemModelTester>
#include <QItemSelectionModel>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// The model of the table, always watched by Qt's own tester.
class TestTaskTableModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void tasksOfTheStoreAreRows();
    void cellsSayWhatTheRecordSays();
    void missingFactsAreEmptyCells();
    void tooltipsAreNeverReadAsMarkup();
    void unseenRowsFollowOnceASecond();
    void aChangeIsAnnouncedCellByCell();
    void manyChangesOfOneTaskAreOne();
    void unchangedChecksAreAnnouncedOnlyWhereSeen();
    void theOrderIsMendedAtMostTenTimesASecond();
    void aHeldOrderKeepsRowsAndUpdatesValues();
    void newTasksShowAtOnce();
    void whatEndsLeavesTheRunningViewUnlessKept();
    void aNewViewOrFilterResets();
    void countsFollow();
    void missingValuesSortLastInBothOrders();
    void textsSortAsPeopleRead();
    void connectionsAndNamesAreServerWide();
    void passingTimeIsAnnouncedForTheRowsAskedFor();
    void elapsedSortsByTheMoment();
    void acknowledgedProblemsLeaveAttention();
    void todayEndsAtMidnight();
    void whatTheHistoryFindsIsShown();
    void aRepeatedSearchMovesOnlyWhatDiffers();
    void aRepeatedSearchNeverResets();
    void savedFiltersAreViewsWithCounts();
    void tagsAndNotesAreFound();
    void whatIsUsualShowsInTheRow();
    void aStandstillSaysForHowLong();
    void theTooltipNamesTheRuleOfAVerdict();
    void labelsAreEdited();
    void typeAheadLooksRoundTheEnd();
    void randomUpdatesKeepOrderSelectionAndFilter_data();
    void randomUpdatesKeepOrderSelectionAndFilter();

private:
    [[nodiscard]] TaskKey key(int number) const
    {
        return {m_server, TaskId(u"task-%1"_s.arg(number))};
    }
    /// A task that started `number` seconds after the clock's zero hour.
    [[nodiscard]] TaskRecord record(int number, Outcome outcome = Outcome::Running) const;
    [[nodiscard]] TaskSnapshot snapshot(int number, TaskPhase phase, int percent) const;
    void add(const QList<TaskRecord> &records) { m_store->load(records); }
    [[nodiscard]] PollOutcome answer(int number, const TaskSnapshot &snapshot) const;
    /// A poll comes, and the model has taken it in.
    void poll(int number, const TaskSnapshot &snapshot);
    [[nodiscard]] QString cell(int row, TaskColumn column, int role = Qt::DisplayRole) const
    {
        return m_model->index(row, int(column)).data(role).toString();
    }
    [[nodiscard]] QStringList ids() const;
    void filter(const QString &text) { m_model->setFilter(parseFilter(text).value()); }

    const ServerId m_server = ServerId::create();
    const QDateTime m_zero = QDateTime::fromMSecsSinceEpoch(1'779'999'000'000, Qt::UTC);
    std::unique_ptr<ManualClock> m_clock;
    std::unique_ptr<TaskStore> m_store;
    std::unique_ptr<TaskTableModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

TaskSnapshot TestTaskTableModel::snapshot(int number, TaskPhase phase, int percent) const
{
    TaskSnapshot snapshot;
    snapshot.taskId = key(number).task;
    snapshot.action = number % 2 == 0 ? u"Publish policy"_s : u"Import policy file"_s;
    snapshot.userId = u"alice"_s;
    snapshot.phase = phase;
    snapshot.percent = percent;
    snapshot.currentStep = u"Step %1"_s.arg(percent / 10);
    snapshot.startedAt = m_zero.addSecs(number);
    if (phase == TaskPhase::Failed)
        snapshot.error = TaskError{u"500"_s, u"INSUFFICIENT_PAYER_BALANCE"_s, {}};
    return snapshot;
}

TaskRecord TestTaskTableModel::record(int number, Outcome outcome) const
{
    TaskRecord record;
    record.key = key(number);
    record.outcome = outcome;
    record.watchedSince = m_zero;
    if (outcome == Outcome::Checking || outcome == Outcome::NotFound)
        return record;
    const TaskPhase phase = outcome == Outcome::Failed ? TaskPhase::Failed
                            : isFinal(outcome)         ? TaskPhase::Completed
                                                       : TaskPhase::Running;
    record.snapshot = std::make_shared<TaskSnapshot>(snapshot(number, phase, number % 101));
    record.changedAt = m_zero.addSecs(number);
    record.checkedAt = record.changedAt;
    record.endWitnessed = isFinal(outcome);
    if (isFinal(outcome))
        record.endedAt = m_zero.addSecs(number + 60);
    return record;
}

PollOutcome TestTaskTableModel::answer(int number, const TaskSnapshot &snapshot) const
{
    PollOutcome outcome;
    outcome.key = key(number);
    outcome.sentAt = m_clock->now();
    outcome.answeredAt = m_clock->now();
    outcome.answer = ReadableAnswer(std::make_shared<const TaskSnapshot>(snapshot));
    outcome.httpStatus = 200;
    return outcome;
}

void TestTaskTableModel::poll(int number, const TaskSnapshot &snapshot)
{
    m_store->apply({answer(number, snapshot)});
    m_clock->advance(200ms);
}

QStringList TestTaskTableModel::ids() const
{
    QStringList ids;
    for (int row = 0; row < m_model->rowCount(); ++row)
        ids.append(m_model->keyAt(row).task.text());
    return ids;
}

void TestTaskTableModel::init()
{
    m_clock = std::make_unique<ManualClock>();
    m_store = std::make_unique<TaskStore>(*m_clock);
    m_model = std::make_unique<TaskTableModel>(*m_store, *m_clock);
    connect(m_store.get(), &TaskStore::added, m_model.get(), &TaskTableModel::onAdded);
    connect(m_store.get(), &TaskStore::changed, m_model.get(), &TaskTableModel::onChanged);
    connect(m_store.get(), &TaskStore::checked, m_model.get(), &TaskTableModel::onChecked);
    connect(m_store.get(), &TaskStore::removed, m_model.get(), &TaskTableModel::onRemoved);
    m_tester = std::make_unique<QAbstractItemModelTester>(
        m_model.get(), QAbstractItemModelTester::FailureReportingMode::Fatal);
    m_model->setServerNames({{m_server, u"Production"_s}});
    m_model->sort(int(TaskColumn::TaskId), Qt::AscendingOrder);
}

void TestTaskTableModel::cleanup()
{
    m_tester.reset();
    m_model.reset();
    m_store.reset();
}

void TestTaskTableModel::tasksOfTheStoreAreRows()
{
    add({record(3), record(1), record(2)});
    QCOMPARE(ids(), (QStringList{u"task-1"_s, u"task-2"_s, u"task-3"_s}));
    QCOMPARE(m_model->rowOf(key(2)), 1);
    QCOMPARE(m_model->rowOf(key(9)), -1);
    QCOMPARE(m_model->keyAt(-1), TaskKey{});
    QCOMPARE(m_model->keyAt(3), TaskKey{});
    QCOMPARE(m_model->columnCount(), taskColumnCount);
    m_store->unwatch({key(2)});
    QCOMPARE(ids(), (QStringList{u"task-1"_s, u"task-3"_s}));
    const TaskTableModel another(*m_store, *m_clock);
    QCOMPARE(another.rowCount(), 2);
}

void TestTaskTableModel::cellsSayWhatTheRecordSays()
{
    TaskRecord failed = record(71, Outcome::Failed);
    failed.label = u"VM0033"_s;
    add({failed});
    QCOMPARE(cell(0, TaskColumn::Status), TaskWords::word(Outcome::Failed));
    QCOMPARE(cell(0, TaskColumn::Status, Qt::AccessibleTextRole), TaskWords::word(Outcome::Failed));
    QCOMPARE(cell(0, TaskColumn::Action), u"Import policy file"_s);
    QCOMPARE(cell(0, TaskColumn::Label), u"VM0033"_s);
    QCOMPARE(cell(0, TaskColumn::Progress), u"71%"_s);
    QVERIFY(cell(0, TaskColumn::Progress, Qt::AccessibleTextRole).contains(u"71"_s));
    QCOMPARE(m_model->index(0, int(TaskColumn::Progress)).data(PercentRole).toInt(), 71);
    QCOMPARE(m_model->index(0, 0).data(OutcomeRole).toInt(), int(Outcome::Failed));
    QCOMPARE(m_model->index(0, 0).data(ExpiredRole).toBool(), false);
    QCOMPARE(cell(0, TaskColumn::CurrentStep), u"Step 7"_s);
    QCOMPARE(cell(0, TaskColumn::Elapsed), TaskWords::duration(60s));
    QCOMPARE(cell(0, TaskColumn::Server), u"Production"_s);
    QCOMPARE(cell(0, TaskColumn::TaskId), u"task-71"_s);
    QCOMPARE(cell(0, TaskColumn::User), u"alice"_s);
    QCOMPARE(cell(0, TaskColumn::Summary), TaskWords::summary(failed));
    QVERIFY(!cell(0, TaskColumn::Started).isEmpty());
    QVERIFY(!cell(0, TaskColumn::Finished).isEmpty());
    QVERIFY(cell(0, TaskColumn::Started, Qt::ToolTipRole).contains(u"UTC"_s));
    QVERIFY(!cell(0, TaskColumn::Status, Qt::ToolTipRole).isEmpty());
    QVERIFY(!cell(0, TaskColumn::Connection).isEmpty());
    for (int column = 0; column < taskColumnCount; ++column) {
        QVERIFY(!m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString().isEmpty());
        QVERIFY(m_model->headerData(column, Qt::Horizontal, Qt::TextAlignmentRole).isValid());
    }
    QVERIFY(!m_model->headerData(0, Qt::Vertical, Qt::DisplayRole).isValid());

    TaskRecord stepwise = record(1);
    TaskSnapshot unknown = *stepwise.snapshot;
    unknown.percent.reset();
    unknown.steps.resize(5);
    for (std::size_t i = 0; i < 3; ++i)
        unknown.steps[i].state = StepState::Completed;
    unknown.expectedSteps = 13;
    stepwise.snapshot = std::make_shared<TaskSnapshot>(unknown);
    m_clock->advance(1s);
    add({stepwise});
    QCOMPARE(cell(0, TaskColumn::Progress), u"step 4"_s);
    QVERIFY(!m_model->index(0, int(TaskColumn::Progress)).data(PercentRole).isValid());
    QCOMPARE(cell(0, TaskColumn::Steps), u"3 of 13"_s);
    QVERIFY(cell(0, TaskColumn::Expected).contains(u"13"_s));
}

void TestTaskTableModel::missingFactsAreEmptyCells()
{
    add({record(1, Outcome::Checking)});
    for (const auto column :
         {TaskColumn::Action, TaskColumn::Label, TaskColumn::Progress, TaskColumn::CurrentStep,
          TaskColumn::Elapsed, TaskColumn::Started, TaskColumn::LastChange, TaskColumn::Finished,
          TaskColumn::Steps, TaskColumn::User, TaskColumn::Checked, TaskColumn::Expected})
        QCOMPARE(cell(0, column), QString());
    QVERIFY(!cell(0, TaskColumn::Progress, Qt::AccessibleTextRole).isEmpty());
    QVERIFY(!cell(0, TaskColumn::Label, Qt::ToolTipRole).isEmpty());
}

void TestTaskTableModel::tooltipsAreNeverReadAsMarkup()
{
    TaskRecord task = record(1, Outcome::Failed);
    TaskSnapshot evil = *task.snapshot;
    evil.error = TaskError{QString(), u"<b>bold</b><img src='http://evil/'>"_s, {}};
    evil.currentStep = u"<i>x</i>"_s;
    task.snapshot = std::make_shared<TaskSnapshot>(evil);
    add({task});
    for (int column = 0; column < taskColumnCount; ++column) {
        const QString tip = cell(0, TaskColumn(column), Qt::ToolTipRole);
        QVERIFY2(!tip.contains(u"<b>"_s) && !tip.contains(u"<img"_s) && !tip.contains(u"<i>"_s),
                 qPrintable(tip));
    }
    QVERIFY(cell(0, TaskColumn::Progress, Qt::ToolTipRole).contains(u"&lt;b&gt;"_s));
}

void TestTaskTableModel::unseenRowsFollowOnceASecond()
{
    add({record(1), record(2)});
    m_clock->advance(2s);
    m_model->setSeen(false);
    QSignalSpy changes(m_model.get(), &TaskTableModel::dataChanged);
    m_store->apply({answer(1, snapshot(1, TaskPhase::Running, 40))});
    m_clock->advance(2s);
    QVERIFY(!changes.isEmpty());
    changes.clear();
    m_store->apply({answer(1, snapshot(1, TaskPhase::Running, 41))});
    m_clock->advance(10ms);
    changes.clear(); // what was due
    for (int percent = 42; percent < 50; ++percent) {
        m_store->apply({answer(1, snapshot(1, TaskPhase::Running, percent))});
        m_clock->advance(100ms);
    }
    QVERIFY(changes.isEmpty());
    m_model->setSeen(true);
    QVERIFY(!changes.isEmpty()); // at once
    QVERIFY(cell(m_model->rowOf(key(1)), TaskColumn::Progress).contains(u"49"_s));
}

void TestTaskTableModel::aChangeIsAnnouncedCellByCell()
{
    add({record(1), record(2), record(3)});
    m_clock->advance(1s);
    QSignalSpy changes(m_model.get(), &TaskTableModel::dataChanged);
    QSignalSpy layouts(m_model.get(), &TaskTableModel::layoutChanged);
    QSignalSpy resets(m_model.get(), &TaskTableModel::modelReset);
    poll(2, snapshot(2, TaskPhase::Running, 3)); // one percent more, the same step
    TaskColumns columns = 0;
    for (const auto &change : changes) {
        const auto from = change[0].toModelIndex();
        const auto to = change[1].toModelIndex();
        QCOMPARE(from.row(), 1);
        QCOMPARE(to.row(), 1);
        QVERIFY(!change[2].value<QList<int>>().isEmpty());
        for (int column = from.column(); column <= to.column(); ++column)
            columns |= bit(TaskColumn(column));
    }
    QCOMPARE(columns, bit(TaskColumn::Progress) | bit(TaskColumn::LastChange));
    QCOMPARE(layouts.count(), 0);
    QCOMPARE(resets.count(), 0);
    QCOMPARE(cell(1, TaskColumn::Progress), u"3%"_s);
}

void TestTaskTableModel::manyChangesOfOneTaskAreOne()
{
    add({record(1)});
    m_clock->advance(1s);
    QSignalSpy changes(m_model.get(), &TaskTableModel::dataChanged);
    for (int percent = 10; percent < 20; ++percent)
        m_store->apply({answer(1, snapshot(1, TaskPhase::Running, percent))});
    QCOMPARE(changes.count(), 0);
    m_clock->advance(0ms);
    const auto first = changes.count();
    QVERIFY(first > 0);
    m_store->apply({answer(1, snapshot(1, TaskPhase::Running, 50))});
    m_clock->advance(10ms);
    QCOMPARE(changes.count(), first); // at most 30 times a second
    m_clock->advance(30ms);
    QVERIFY(changes.count() > first);
    QCOMPARE(cell(0, TaskColumn::Progress), u"50%"_s);
    QCOMPARE(m_clock->activeTimers(), 0);
}

void TestTaskTableModel::unchangedChecksAreAnnouncedOnlyWhereSeen()
{
    add({record(1)});
    m_clock->advance(1s);
    QSignalSpy changes(m_model.get(), &TaskTableModel::dataChanged);
    PollOutcome same = answer(1, {});
    same.answer = ReadableAnswer(Unchanged{});
    m_store->apply({same});
    m_clock->advance(1s);
    QCOMPARE(changes.count(), 0);
    m_model->setCheckedShown(true);
    same.answeredAt = m_clock->now();
    m_store->apply({same});
    m_clock->advance(1s);
    QCOMPARE(changes.count(), 1);
    QCOMPARE(changes[0][0].toModelIndex().column(), int(TaskColumn::Checked));

    add({record(2)});
    m_model->sort(int(TaskColumn::Checked), Qt::DescendingOrder);
    QCOMPARE(ids(), (QStringList{u"task-1"_s, u"task-2"_s}));
    m_clock->advance(1min);
    m_model->setCheckedShown(false);
    same = answer(2, {});
    same.answer = ReadableAnswer(Unchanged{});
    m_store->apply({same});
    m_clock->advance(1s);
    QCOMPARE(ids(), (QStringList{u"task-2"_s, u"task-1"_s}));
}

void TestTaskTableModel::theOrderIsMendedAtMostTenTimesASecond()
{
    QList<TaskRecord> records;
    for (int i = 0; i < 50; ++i)
        records.append(record(i));
    add(records);
    m_model->sort(int(TaskColumn::Progress), Qt::AscendingOrder);
    m_clock->advance(1s);
    QSignalSpy layouts(m_model.get(), &TaskTableModel::layoutChanged);
    for (int i = 0; i < 100; ++i) {
        m_store->apply({answer(i % 50, snapshot(i % 50, TaskPhase::Running, (i * 37) % 100))});
        m_clock->advance(10ms);
    }
    QVERIFY2(layouts.count() >= 5 && layouts.count() <= 11,
             qPrintable(QString::number(layouts.count())));
    m_clock->advance(1s);
    for (int row = 1; row < m_model->rowCount(); ++row)
        QVERIFY(m_model->index(row - 1, int(TaskColumn::Progress)).data(PercentRole).toInt()
                <= m_model->index(row, int(TaskColumn::Progress)).data(PercentRole).toInt());
}

void TestTaskTableModel::aHeldOrderKeepsRowsAndUpdatesValues()
{
    add({record(10), record(20), record(30)});
    m_model->sort(int(TaskColumn::Progress), Qt::AscendingOrder);
    m_clock->advance(1s);
    m_model->holdOrder(true);
    poll(10, snapshot(10, TaskPhase::Running, 90));
    add({record(5)});
    m_clock->advance(10s);
    QCOMPARE(ids(), (QStringList{u"task-10"_s, u"task-20"_s, u"task-30"_s, u"task-5"_s}));
    QCOMPARE(cell(0, TaskColumn::Progress), u"90%"_s);
    m_store->unwatch({key(20)}); // what somebody does is done at once
    QCOMPARE(ids(), (QStringList{u"task-10"_s, u"task-30"_s, u"task-5"_s}));
    m_model->holdOrder(false);
    m_clock->advance(1s);
    QCOMPARE(ids(), (QStringList{u"task-5"_s, u"task-30"_s, u"task-10"_s}));
}

void TestTaskTableModel::newTasksShowAtOnce()
{
    add({record(1), record(3)});
    add({record(2)}); // too early to move rows: last for now
    QCOMPARE(m_model->rowOf(key(2)), 2);
    m_clock->advance(100ms);
    QCOMPARE(m_model->rowOf(key(2)), 1);
    m_clock->advance(1s);
    QSignalSpy layouts(m_model.get(), &TaskTableModel::layoutChanged);
    add({record(0)});
    QCOMPARE(m_model->rowOf(key(0)), 0);
    QCOMPARE(layouts.count(), 0);
    add({record(0)}); // known already
    QCOMPARE(m_model->rowCount(), 4);
}

void TestTaskTableModel::whatEndsLeavesTheRunningViewUnlessKept()
{
    add({record(1), record(2), record(3)});
    m_model->setView(TaskView::Running);
    m_clock->advance(1s);
    m_model->keepShown(key(1));
    poll(1, snapshot(1, TaskPhase::Completed, 100));
    poll(2, snapshot(2, TaskPhase::Completed, 100));
    QCOMPARE(ids(), (QStringList{u"task-1"_s, u"task-3"_s}));
    m_model->keepShown(key(3));
    m_clock->advance(1s);
    QCOMPARE(ids(), QStringList{u"task-3"_s});
    m_model->setView(TaskView::Today);
    QCOMPARE(ids(), (QStringList{u"task-1"_s, u"task-2"_s}));
}

void TestTaskTableModel::aNewViewOrFilterResets()
{
    const ServerId other = ServerId::create();
    TaskRecord elsewhere = record(4);
    elsewhere.key.server = other;
    elsewhere.label = u"Café"_s;
    add({record(1), record(2, Outcome::Failed), record(3, Outcome::Completed), elsewhere});
    QSignalSpy resets(m_model.get(), &TaskTableModel::modelReset);
    filter(u"status:failed"_s);
    QCOMPARE(ids(), QStringList{u"task-2"_s});
    filter(u"cafe"_s);
    QCOMPARE(ids(), QStringList{u"task-4"_s});
    filter(u"error:insufficient"_s);
    QCOMPARE(ids(), QStringList{u"task-2"_s});
    filter(u"server:prod"_s);
    QCOMPARE(m_model->rowCount(), 3);
    QCOMPARE(resets.count(), 4);
    m_model->setServerMarks({{m_server, 3}});
    QCOMPARE(m_model->index(0, int(TaskColumn::Server)).data(ColourMarkRole).toInt(), 3);
    m_model->setServerNames({{m_server, u"Old"_s}, {other, u"Production"_s}});
    m_clock->advance(1s);
    QCOMPARE(ids(), QStringList{u"task-4"_s});
    QCOMPARE(resets.count(), 4);
    filter({});
    m_model->setView(TaskView::All, other);
    QCOMPARE(ids(), QStringList{u"task-4"_s});
    m_model->setView(TaskView::All, other);
    filter({});
    QCOMPARE(resets.count(), 6);
    m_model->setView(TaskView::Attention);
    QCOMPARE(ids(), QStringList{u"task-2"_s});
    filter(u"label:x"_s);
    m_store->setLabel(key(2), u"axe"_s);
    m_clock->advance(1s);
    QCOMPARE(ids(), QStringList{u"task-2"_s});
    filter(u"is:paused"_s);
    QCOMPARE(m_model->rowCount(), 0);
    m_store->setPaused({key(2)}, true);
    m_clock->advance(1s);
    QCOMPARE(ids(), QStringList{u"task-2"_s});
}

void TestTaskTableModel::countsFollow()
{
    QSignalSpy counts(m_model.get(), &TaskTableModel::countsChanged);
    add({record(1), record(2, Outcome::Failed), record(3, Outcome::Stalled),
         record(4, Outcome::Completed), record(5, Outcome::Checking)});
    QVERIFY(counts.count() > 0);
    filter(u"nothing-of-that"_s);
    const auto all = [this](const std::optional<ServerId> &server) {
        return QList<int>{
            m_model->count(TaskView::All, server), m_model->count(TaskView::Running, server),
            m_model->count(TaskView::Attention, server), m_model->count(TaskView::Today, server)};
    };
    QCOMPARE(all({}), (QList<int>{5, 3, 2, 2}));
    QCOMPARE(all(m_server), (QList<int>{5, 3, 2, 2}));
    QCOMPARE(all(ServerId::create()), (QList<int>{0, 0, 0, 0}));
    counts.clear();
    poll(1, snapshot(1, TaskPhase::Failed, 40));
    QCOMPARE(counts.count(), 1);
    QCOMPARE(all({}), (QList<int>{5, 2, 3, 3}));
    m_store->unwatch({key(1), key(4)});
    QCOMPARE(all({}), (QList<int>{3, 2, 2, 1}));
}

void TestTaskTableModel::missingValuesSortLastInBothOrders()
{
    add({record(1), record(2, Outcome::Checking), record(3), record(4, Outcome::NotFound)});
    m_model->sort(int(TaskColumn::Started), Qt::AscendingOrder);
    QCOMPARE(ids(), (QStringList{u"task-1"_s, u"task-3"_s, u"task-2"_s, u"task-4"_s}));
    m_model->sort(int(TaskColumn::Started), Qt::DescendingOrder);
    QCOMPARE(ids(), (QStringList{u"task-3"_s, u"task-1"_s, u"task-2"_s, u"task-4"_s}));
    m_model->sort(int(TaskColumn::Label), Qt::DescendingOrder); // all the same: as added
    QCOMPARE(ids(), (QStringList{u"task-1"_s, u"task-2"_s, u"task-3"_s, u"task-4"_s}));
    m_model->sort(int(TaskColumn::TaskId), Qt::DescendingOrder);
    m_model->sort(-1, Qt::AscendingOrder); // there is no such column
    m_model->sort(taskColumnCount, Qt::AscendingOrder);
    QCOMPARE(ids(), (QStringList{u"task-4"_s, u"task-3"_s, u"task-2"_s, u"task-1"_s}));
}

void TestTaskTableModel::textsSortAsPeopleRead()
{
    QList<TaskRecord> records{record(1), record(2), record(3)};
    records[0].label = u"iREC 10"_s;
    records[1].label = u"irec 9"_s;
    records[2].label = u"Alpha"_s;
    add(records);
    m_model->sort(int(TaskColumn::Label), Qt::AscendingOrder);
    QCOMPARE(m_model->rowOf(key(3)), 0);
    m_model->sort(int(TaskColumn::Status), Qt::AscendingOrder);
    add({record(4, Outcome::Failed)});
    m_clock->advance(1s);
    QCOMPARE(m_model->rowOf(key(4)), 0); // what needs somebody comes first
}

void TestTaskTableModel::connectionsAndNamesAreServerWide()
{
    const ServerId other = ServerId::create();
    TaskRecord elsewhere = record(9);
    elsewhere.key.server = other;
    add({record(1), record(2), elsewhere});
    m_model->sort(int(TaskColumn::Connection), Qt::DescendingOrder);
    m_clock->advance(1s);
    QSignalSpy changes(m_model.get(), &TaskTableModel::dataChanged);
    ConnectionStatus down;
    down.state = Connection::Unreachable;
    PollError cause;
    cause.kind = PollError::Kind::ServerError;
    cause.httpStatus = 503;
    down.cause = cause;
    down.until = m_clock->now().wall.addSecs(60);
    m_model->setSavedFilters({parseFilter(u"unreachable"_s).value()});
    QCOMPARE(m_model->savedCount(0), 0);
    QSignalSpy counts(m_model.get(), &TaskTableModel::countsChanged);
    m_model->setConnection(other, down);
    m_model->setConnection(other, down);
    QCOMPARE(changes.count(), 1);
    QCOMPARE(counts.count(), 1);
    QCOMPARE(m_model->savedCount(0), 1);
    m_model->setServerNames({{m_server, u"Unreachable once"_s}});
    QCOMPARE(counts.count(), 2);
    QCOMPARE(m_model->savedCount(0), 3);
    m_model->setServerNames({{m_server, u"Production"_s}});
    m_clock->advance(1s);
    QCOMPARE(m_model->rowOf(elsewhere.key), 0);
    QCOMPARE(m_model->index(0, int(TaskColumn::Connection)).data(ConnectionRole).toInt(),
             int(Connection::Unreachable));
    QVERIFY(cell(0, TaskColumn::Connection, Qt::ToolTipRole).contains(u"UTC"_s));
    m_store->setPaused({key(2)}, true);
    m_clock->advance(1s);
    const int row = m_model->rowOf(key(2));
    QCOMPARE(m_model->index(row, int(TaskColumn::Connection)).data(ConnectionRole).toInt(),
             int(Connection::Paused));
    QVERIFY(!cell(row, TaskColumn::Connection, Qt::ToolTipRole).isEmpty());
}

void TestTaskTableModel::passingTimeIsAnnouncedForTheRowsAskedFor()
{
    m_model->sort(int(TaskColumn::TaskId), Qt::AscendingOrder);
    QList<TaskRecord> records{record(1), record(2), record(3, Outcome::Completed)};
    for (TaskRecord &each : records)
        each.changedAt = m_clock->now().wall;
    records[2].changedAt = m_clock->now().wall.addDays(-5);
    add(records);
    QCOMPARE(cell(0, TaskColumn::LastChange), u"now"_s);
    m_clock->advance(12s);
    QSignalSpy changes(m_model.get(), &TaskTableModel::dataChanged);
    QCOMPARE(m_model->refreshTimes(0, 0), 1s);
    QCOMPARE(cell(0, TaskColumn::LastChange), u"12 s ago"_s);
    QCOMPARE(changes.count(), 2); // Elapsed and Last change of one row
    QCOMPARE(changes[0][1].toModelIndex().row(), 0);
    changes.clear();
    m_model->refreshTimes(0, 0);
    QCOMPARE(changes.count(), 0);
    QVERIFY(m_model->refreshTimes(2, 99) > 1s); // nothing there ticks
    QCOMPARE(m_model->refreshTimes(-1, -1), m_model->refreshTimes(50, 60));
    m_clock->advance(5min);
    QCOMPARE(cell(0, TaskColumn::LastChange), u"5 min ago"_s);
    m_clock->advance(3h);
    QCOMPARE(cell(0, TaskColumn::LastChange), u"3 h ago"_s);
    QCOMPARE(cell(2, TaskColumn::LastChange), u"5 days ago"_s);
}

void TestTaskTableModel::elapsedSortsByTheMoment()
{
    TaskRecord long_ = record(1, Outcome::Completed); // took 60 s
    TaskRecord running = record(2);
    auto young = std::make_shared<TaskSnapshot>(*running.snapshot);
    young->startedAt = m_clock->now().wall;
    running.snapshot = young;
    add({long_, running});
    m_model->sort(int(TaskColumn::Elapsed), Qt::DescendingOrder);
    QCOMPARE(m_model->rowOf(running.key), 1);
    m_clock->advance(2min);
    m_model->refreshTimes(0, 1);
    m_clock->advance(1s);
    QCOMPARE(m_model->rowOf(running.key), 0);
}

void TestTaskTableModel::acknowledgedProblemsLeaveAttention()
{
    add({record(1), record(2, Outcome::Failed), record(3, Outcome::Stalled)});
    m_model->setView(TaskView::Attention);
    QCOMPARE(m_model->rowCount(), 2);
    QSignalSpy counts(m_model.get(), &TaskTableModel::countsChanged);
    m_store->setAcknowledged({key(2), key(1)}, true); // of what runs well it says nothing
    m_clock->advance(1s);
    QCOMPARE(ids(), QStringList{u"task-3"_s});
    QCOMPARE(m_model->count(TaskView::Attention), 1);
    QCOMPARE(m_model->count(TaskView::Attention, m_server), 1);
    QVERIFY(counts.count() > 0);
    m_model->setView(TaskView::All);
    filter(u"is:seen"_s);
    QCOMPARE(ids(), QStringList{u"task-2"_s});
    QCOMPARE(cell(0, TaskColumn::Status), u"Failed · seen"_s);
    filter(u"is:attention"_s);
    QCOMPARE(ids(), QStringList{u"task-3"_s});
    m_store->setAcknowledged({key(2)}, false);
    m_clock->advance(1s);
    QCOMPARE(m_model->rowCount(), 2);
    QCOMPARE(m_model->count(TaskView::Attention), 2);
}

void TestTaskTableModel::todayEndsAtMidnight()
{
    TaskRecord before = record(2, Outcome::Failed);
    before.endWitnessed = false;
    before.endedAt = m_clock->now().wall.addDays(-1);
    TaskRecord fresh = record(4, Outcome::Completed);
    fresh.endWitnessed = false;
    fresh.endedAt = m_clock->now().wall;
    add({before, fresh, record(1)});
    m_model->setView(TaskView::Today);
    QCOMPARE(ids(), QStringList{u"task-4"_s});
    QCOMPARE(m_model->count(TaskView::Today), 1);
    m_clock->advance(24h);
    m_model->refreshTimes(0, 5);
    m_clock->advance(1s);
    QCOMPARE(m_model->rowCount(), 0);
    QCOMPARE(m_model->count(TaskView::Today), 0);
    QCOMPARE(m_model->count(TaskView::All), 3);
}

void TestTaskTableModel::whatTheHistoryFindsIsShown()
{
    add({record(1), record(2, Outcome::Failed), record(3)});
    filter(u"zebra"_s);
    QCOMPARE(m_model->rowCount(), 0);
    m_model->setFound(u"giraffe"_s, {key(1)}); // the answer to what was typed before
    QCOMPARE(m_model->rowCount(), 0);
    m_model->setFound(u"zebra"_s, {key(3), key(2), key(77)});
    QCOMPARE(m_model->rowCount(), 2);
    filter(u"zebra status:failed"_s); // the words are the same
    QCOMPARE(ids(), QStringList{u"task-2"_s});
    filter(u"zebra2"_s);
    QCOMPARE(m_model->rowCount(), 0);
    filter(u"zebra"_s);
    QCOMPARE(m_model->rowCount(), 0);
}

void TestTaskTableModel::aRepeatedSearchMovesOnlyWhatDiffers()
{
    add({record(1), record(2), record(3)});
    filter(u"zebra"_s);
    m_model->setFound(u"zebra"_s, {key(1)});
    QCOMPARE(ids(), QStringList{u"task-1"_s});
    QSignalSpy reset(m_model.get(), &QAbstractItemModel::modelReset);
    QSignalSpy inserted(m_model.get(), &QAbstractItemModel::rowsInserted);
    QSignalSpy layout(m_model.get(), &QAbstractItemModel::layoutChanged);
    m_model->setFound(u"zebra"_s, {key(1)}); // nothing new
    m_clock->advance(1s);
    QCOMPARE(inserted.count() + layout.count(), 0);
    m_model->setFound(u"zebra"_s, {key(1), key(3), key(77)});
    m_clock->advance(1s);
    QCOMPARE(m_model->rowCount(), 2);
    m_model->setFound(u"zebra"_s, {key(3)});
    m_clock->advance(1s);
    QCOMPARE(ids(), QStringList{u"task-3"_s});
    QCOMPARE(reset.count(), 0);
}

void TestTaskTableModel::aRepeatedSearchNeverResets()
{
    QList<TaskRecord> records;
    QList<TaskKey> keys;
    for (int i = 1; i <= 2'000; ++i) {
        records.append(record(i));
        keys.append(key(i));
    }
    records[0].label = u"Zebra"_s;
    add(records);
    filter(u"zebra"_s);
    m_model->setFound(u"zebra"_s, {}); // nothing was kept of it yet
    const QPersistentModelIndex looked = m_model->index(0, 0);
    const QSignalSpy reset(m_model.get(), &QAbstractItemModel::modelReset);
    m_model->holdOrder(true);
    m_model->setFound(u"zebra"_s, keys);
    m_clock->advance(1s);
    QCOMPARE(m_model->rowCount(), 1); // the pointer is over it
    m_model->holdOrder(false);
    m_clock->advance(1s);
    QCOMPARE(m_model->rowCount(), 2'000);
    m_model->setFound(u"zebra"_s, {});
    m_clock->advance(1s);
    QCOMPARE(m_model->rowCount(), 1);
    QVERIFY(looked.isValid());
    QCOMPARE(reset.count(), 0);
}

void TestTaskTableModel::savedFiltersAreViewsWithCounts()
{
    add({record(1), record(2, Outcome::Failed), record(3, Outcome::Failed)});
    const std::vector<TaskFilter> saved{parseFilter(u"action:import"_s).value(),
                                        parseFilter(u"status:failed"_s).value()};
    QSignalSpy counts(m_model.get(), &TaskTableModel::countsChanged);
    m_model->setSavedFilters(saved);
    QCOMPARE(counts.count(), 1);
    QCOMPARE(m_model->savedCount(0), 2);
    QCOMPARE(m_model->savedCount(1), 2);
    m_model->setView({TaskView::All, {}, saved[1]});
    QCOMPARE(m_model->rowCount(), 2);
    filter(u"action:publish"_s); // narrows it
    QCOMPARE(ids(), QStringList{u"task-2"_s});
    filter({});
    poll(1, snapshot(1, TaskPhase::Failed, 40));
    m_clock->advance(1s);
    QCOMPARE(m_model->savedCount(1), 3);
    QCOMPARE(m_model->rowCount(), 3);
    m_store->unwatch({key(3)});
    QCOMPARE(m_model->savedCount(0), 1);
    QCOMPARE(m_model->savedCount(1), 2);
    add({record(5, Outcome::Failed)});
    QCOMPARE(m_model->savedCount(0), 2);
    QCOMPARE(m_model->savedCount(1), 3);
    m_model->setSavedFilters({});
    m_model->setView(TaskView::All);
    QCOMPARE(m_model->rowCount(), 4 - 1);
}

void TestTaskTableModel::tagsAndNotesAreFound()
{
    add({record(1), record(2)});
    m_store->setTags(key(1), {u"urgent"_s, u"Café"_s});
    m_store->setNote(key(2), u"Ask Bob\nabout the schema"_s);
    m_store->setPinned({key(2)}, true);
    m_clock->advance(1s);
    const auto row = [this](int number) { return m_model->rowOf(key(number)); };
    QCOMPARE(cell(row(1), TaskColumn::Tags), u"urgent, Café"_s);
    QCOMPARE(cell(row(2), TaskColumn::Note), u"Ask Bob about the schema"_s);
    QCOMPARE(cell(row(2), TaskColumn::Status), u"Running · pinned"_s);
    for (const auto &[text, id] :
         QList<std::pair<QString, QString>>{{u"tag:cafe"_s, u"task-1"_s},
                                            {u"note:bob"_s, u"task-2"_s},
                                            {u"schema"_s, u"task-2"_s},
                                            {u"urgent"_s, u"task-1"_s},
                                            {u"is:pinned"_s, u"task-2"_s}}) {
        filter(text);
        QCOMPARE(ids(), QStringList{id});
    }
}

void TestTaskTableModel::whatIsUsualShowsInTheRow()
{
    QList<TaskRecord> history; // five that took 100 to 180 s
    for (int i = 0; i < 5; ++i) {
        TaskRecord done = record(2 * i + 100, Outcome::Completed);
        TaskSnapshot told = *done.snapshot;
        told.startedAt = m_zero;
        told.finishedAt = m_zero.addSecs(100 + 20 * i);
        done.snapshot = std::make_shared<const TaskSnapshot>(told);
        history.append(done);
    }
    TaskRecord runs = record(2);
    TaskSnapshot told = *runs.snapshot;
    told.startedAt = m_clock->now().wall;
    runs.snapshot = std::make_shared<const TaskSnapshot>(told);
    add(QList<TaskRecord>{runs, record(3)} + history);
    const auto row = [this](int number) { return m_model->rowOf(key(number)); };
    const auto mark = [&](int number) {
        return m_model->index(row(number), int(TaskColumn::Progress)).data(UsualMarkRole);
    };
    QCOMPARE(mark(2).toDouble(), 0.0);
    QVERIFY(!mark(3).isValid());   // another action, of which nothing is known
    QVERIFY(!mark(100).isValid()); // it has ended
    QCOMPARE(cell(row(2), TaskColumn::TimeLeft), u"2–3 min"_s);
    QCOMPARE(cell(row(3), TaskColumn::TimeLeft), QString());
    QVERIFY(cell(row(2), TaskColumn::Progress, Qt::ToolTipRole).contains(u"usually 2–3 min"_s));
    m_model->refreshTimes(0, 9);

    m_clock->advance(70s);
    const QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
    m_model->refreshTimes(0, 9);
    QCOMPARE(mark(2).toDouble(), 0.5);
    QVERIFY(std::any_of(changed.begin(), changed.end(), [&](const QList<QVariant> &each) {
        return each[0].toModelIndex().row() <= row(2) && each[1].toModelIndex().row() >= row(2)
               && each[0].toModelIndex().column() <= int(TaskColumn::Progress)
               && each[1].toModelIndex().column() >= int(TaskColumn::Progress);
    }));
    QCOMPARE(cell(row(2), TaskColumn::Status), u"Running"_s);

    filter(u"is:slow"_s);
    QCOMPARE(m_model->rowCount(), 0);
    m_clock->advance(201s); // over 1.5 x 180 s
    m_model->refreshTimes(0, -1);
    m_clock->advance(100ms);
    QCOMPARE(ids(), QStringList{u"task-2"_s});
    QCOMPARE(cell(0, TaskColumn::Status), u"Running · slower than usual"_s);
    QCOMPARE(cell(0, TaskColumn::TimeLeft), QString()); // nothing that long was seen
    QCOMPARE(mark(2).toDouble(), 1.0);
}

void TestTaskTableModel::aStandstillSaysForHowLong()
{
    TaskRecord still = record(2, Outcome::Stalled);
    still.quietFor = 12min;
    add({still});
    QCOMPARE(cell(0, TaskColumn::Summary), u"No change for 12 min."_s);
    QVERIFY(cell(0, TaskColumn::Status, Qt::ToolTipRole).contains(u"No change for 12 min."_s));
}

void TestTaskTableModel::theTooltipNamesTheRuleOfAVerdict()
{
    TaskRecord bad = record(2, Outcome::CompletedWithProblems);
    TaskSnapshot told = *bad.snapshot;
    told.verdict = {.hasProblems = true,
                    .rule = u"Publish policy: isValid is false"_s,
                    .summary = u"Policy is invalid: 3 blocks"_s,
                    .problems = {}};
    bad.snapshot = std::make_shared<const TaskSnapshot>(told);
    add({bad});
    QCOMPARE(cell(0, TaskColumn::Summary), u"Policy is invalid: 3 blocks"_s);
    for (const TaskColumn column : {TaskColumn::Status, TaskColumn::Summary})
        QVERIFY(cell(0, column, Qt::ToolTipRole).contains(told.verdict.rule));
}

void TestTaskTableModel::labelsAreEdited()
{
    add({record(1)});
    const QModelIndex label = m_model->index(0, int(TaskColumn::Label));
    QVERIFY(label.flags() & Qt::ItemIsEditable);
    QVERIFY(!(m_model->index(0, 0).flags() & Qt::ItemIsEditable));
    connect(m_model.get(), &TaskTableModel::labelEdited, m_store.get(), &TaskStore::setLabel);
    QSignalSpy edits(m_model.get(), &TaskTableModel::labelEdited);
    QVERIFY(m_model->setData(label, u"  iREC   4 "_s, Qt::EditRole));
    QCOMPARE(edits.count(), 1);
    m_clock->advance(1s);
    QCOMPARE(cell(0, TaskColumn::Label), u"iREC 4"_s);
    QVERIFY(m_model->setData(label, u"iREC 4"_s, Qt::EditRole));
    QCOMPARE(edits.count(), 1);
    QVERIFY(!m_model->setData(label, u"x"_s, Qt::DisplayRole));
    QVERIFY(!m_model->setData(m_model->index(0, 0), u"x"_s, Qt::EditRole));
}

void TestTaskTableModel::typeAheadLooksRoundTheEnd()
{
    TaskRecord named = record(2);
    named.label = u"Zebra"_s;
    add({record(1), named, record(3)});
    QCOMPARE(m_model->findRow(u"imp"_s, 0), 0);
    QCOMPARE(m_model->findRow(u"IMP"_s, 1), 2);
    QCOMPARE(m_model->findRow(u"zeb"_s, 2), 1);
    QCOMPARE(m_model->findRow(u"nothing"_s, 0), -1);
}

void TestTaskTableModel::randomUpdatesKeepOrderSelectionAndFilter_data()
{
    QTest::addColumn<quint32>("seed");
    for (quint32 seed = 1; seed <= 6; ++seed)
        QTest::addRow("seed %u", seed) << seed;
}

void TestTaskTableModel::randomUpdatesKeepOrderSelectionAndFilter()
{
    QFETCH(quint32, seed);
    QRandomGenerator random(seed);
    const auto column = TaskColumn(random.bounded(taskColumnCount));
    const auto order = random.bounded(2) == 0 ? Qt::AscendingOrder : Qt::DescendingOrder;
    const auto view = TaskView(random.bounded(int(taskViewCount)));
    m_model->setView(view);
    m_model->setSavedFilters(
        {parseFilter(u"is:running"_s).value(), parseFilter(u"status:failed"_s).value()});
    m_model->sort(int(column), order);
    QItemSelectionModel selection(m_model.get());
    QSet<TaskKey> selected;
    int next = 0;
    QList<TaskKey> keys;
    const auto anyKnown = [&keys, &random] {
        return keys.isEmpty() ? TaskKey{} : keys[random.bounded(keys.size())];
    };
    QSignalSpy resets(m_model.get(), &TaskTableModel::modelReset);
    for (int step = 0; step < 60; ++step) {
        if (step % 10 == 0) {
            QList<TaskRecord> fresh;
            for (int i = random.bounded(24); i > 0; --i)
                fresh.append(record(++next, Outcome(random.bounded(int(Outcome::Unreadable) + 1))));
            add(fresh);
        }
        keys = m_store->keys();
        QList<PollOutcome> outcomes;
        for (int i = random.bounded(12); i > 0; --i) {
            const TaskKey known = anyKnown();
            const int number = known.task.text().mid(5).toInt();
            if (known != TaskKey{})
                outcomes.append(answer(
                    number, snapshot(number, TaskPhase(random.bounded(4)), random.bounded(101))));
        }
        m_store->apply(outcomes);
        if (const TaskKey known = anyKnown(); known != TaskKey{} && random.bounded(3) == 0)
            m_store->setAcknowledged({known}, random.bounded(2) == 0);
        if (step % 7 == 6) {
            QList<TaskKey> gone;
            for (int i = random.bounded(step % 21 == 20 ? 40 : 3); i > 0; --i)
                if (const TaskKey known = anyKnown(); known != TaskKey{} && !gone.contains(known))
                    gone.append(known);
            m_store->unwatch(gone);
            for (const TaskKey &each : gone)
                selected.remove(each);
        }
        if (step % 5 == 0 && m_model->rowCount() > 0) {
            const int row = random.bounded(m_model->rowCount());
            selection.select(m_model->index(row, 0),
                             QItemSelectionModel::Select | QItemSelectionModel::Rows);
            selected.insert(m_model->keyAt(row));
        }
        m_model->holdOrder(random.bounded(4) == 0);
        m_clock->advance(std::chrono::milliseconds(random.bounded(150)));
        // A selected row may only lose its selection by leaving the view or the store.
        QSet<TaskKey> now;
        for (const QModelIndex &each : selection.selectedRows())
            now.insert(m_model->keyAt(each.row()));
        erase_if(selected, [this](const TaskKey &each) { return m_model->rowOf(each) < 0; });
        QCOMPARE(now, selected);
    }
    m_model->holdOrder(false);
    m_clock->advance(1s);
    QCOMPARE(resets.count(), 0);

    QStringList inOrder = ids();
    QSet<TaskKey> shown;
    for (int row = 0; row < m_model->rowCount(); ++row)
        shown.insert(m_model->keyAt(row));
    QSet<TaskKey> expected;
    QList<int> expectedCounts{0, 0, 0, 0};
    int expectedSaved = 0;
    for (const TaskKey &each : m_store->keys()) {
        const TaskRecord &record = *m_store->find(each);
        const QList<bool> belongs{true, isOpen(record.outcome),
                                  needsAttention(record.outcome) && !record.acknowledged,
                                  isFinal(record.outcome)}; // all of it is today
        for (int i = 0; i < 4; ++i)
            expectedCounts[i] += belongs[i] ? 1 : 0;
        expectedSaved += record.outcome == Outcome::Failed ? 1 : 0;
        if (belongs[int(view)])
            expected.insert(each);
    }
    for (int i = 0; i < 4; ++i)
        QCOMPARE(m_model->count(TaskView(i)), expectedCounts[i]);
    QCOMPARE(m_model->savedCount(1), expectedSaved);
    QCOMPARE(shown, expected);
    m_model->refreshTimes(0, -1); // Elapsed compares at one moment
    m_clock->advance(0ms);
    inOrder = ids();
    m_model->sort(int(column), order); // from scratch: nothing may move
    QVERIFY2(ids() == inOrder, TaskColumnInfo::name(column).data());
}

QTEST_MAIN(TestTaskTableModel)
#include "test_tasktablemodel.moc"
