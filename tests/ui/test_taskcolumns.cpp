#include "manualclock.h"
#include "task/taskstore.h"
#include "task/taskwords.h"
#include "tasks/tasktablemodel.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

using Change = void (*)(TaskRecord &record, TaskSnapshot &snapshot, const QDateTime &now);

} // namespace
Q_DECLARE_METATYPE(Change)

/// What holds of each column of the table: the filter finds what its cells show.
class TestTaskColumns : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault({QLocale::English, QLocale::UnitedStates}); }
    void init();
    void cleanup();

    void theFilterFindsWhatACellShows_data();
    void theFilterFindsWhatACellShows();
    void textsOfTheClockAreNotLookedFor();
    void momentsAreFoundAsTheyReadTheNextDay();
    void aStartThatNobodyTellsIsSaid();
    void wordsOfTheHistoryJoinThoseOfTheRow();

private:
    [[nodiscard]] TaskKey key(int number) const
    {
        return {m_server, TaskId(u"task-%1"_s.arg(number))};
    }
    [[nodiscard]] TaskRecord record(int number, TaskSnapshot snapshot) const;
    /// A running task with a value in each column that one can have.
    [[nodiscard]] TaskRecord rich(Change change) const;
    /// Another server's, with nothing in common; and five that ended long ago.
    [[nodiscard]] QList<TaskRecord> others() const;
    [[nodiscard]] QString cell(const TaskKey &key, TaskColumn column) const
    {
        return m_model->index(m_model->rowOf(key), int(column)).data().toString();
    }
    void filter(const QString &text) { m_model->setFilter(parseFilter(text).value()); }
    void look(const QList<TaskRecord> &records);

    const ServerId m_server = ServerId::create();
    const ServerId m_elsewhere = ServerId::create();
    std::unique_ptr<ManualClock> m_clock;
    std::unique_ptr<TaskStore> m_store;
    std::unique_ptr<TaskTableModel> m_model;
};

void TestTaskColumns::init()
{
    // Noon, so that hours before are the same day.
    m_clock = std::make_unique<ManualClock>(QDateTime({2026, 5, 28}, {12, 0}).toUTC());
    m_store = std::make_unique<TaskStore>(*m_clock);
    m_model = std::make_unique<TaskTableModel>(*m_store, *m_clock);
    connect(m_store.get(), &TaskStore::added, m_model.get(), &TaskTableModel::onAdded);
    connect(m_store.get(), &TaskStore::changed, m_model.get(), &TaskTableModel::onChanged);
    m_model->setServerNames({{m_server, u"Production"_s}, {m_elsewhere, u"Sandbox"_s}});
    m_model->setConnection(m_server, {Connection::RateLimited, {}, {}, {}});
}

void TestTaskColumns::cleanup()
{
    m_model.reset();
    m_store.reset();
}

TaskRecord TestTaskColumns::record(int number, TaskSnapshot snapshot) const
{
    TaskRecord record;
    record.key = key(number);
    snapshot.taskId = record.key.task;
    record.outcome = snapshot.phase == TaskPhase::Completed ? Outcome::Completed : Outcome::Running;
    record.snapshot = std::make_shared<const TaskSnapshot>(snapshot);
    record.endWitnessed = isFinal(record.outcome);
    return record;
}

TaskRecord TestTaskColumns::rich(Change change) const
{
    const QDateTime now = m_clock->now().wall;
    TaskSnapshot snapshot;
    snapshot.phase = TaskPhase::Running;
    snapshot.action = u"Publish policy"_s;
    snapshot.userId = u"alice"_s;
    snapshot.currentStep = u"Create topics"_s;
    snapshot.percent = 38;
    snapshot.startedAt = now.addSecs(-45 * 60);
    snapshot.steps.resize(3);
    snapshot.steps[0].state = StepState::Completed;
    snapshot.steps[1].state = StepState::Completed;
    snapshot.expectedSteps = 13;
    TaskRecord record = this->record(1, snapshot);
    record.label = u"VM0033"_s;
    record.tags = QStringList{u"urgent"_s, u"Café"_s};
    record.note = u"Ask Bob\nabout the schema"_s;
    record.changedAt = now.addSecs(-7 * 60);
    record.checkedAt = now.addSecs(-9 * 60);
    change(record, snapshot, now);
    record.snapshot = std::make_shared<const TaskSnapshot>(snapshot);
    return record;
}

QList<TaskRecord> TestTaskColumns::others() const
{
    const QDateTime then = m_clock->now().wall.addDays(-70);
    TaskSnapshot snapshot;
    snapshot.phase = TaskPhase::Completed;
    snapshot.action = u"Mint token"_s;
    QList<TaskRecord> records;
    for (int i = 0; i < 5; ++i) {
        snapshot.startedAt = then.addDays(-i);
        snapshot.finishedAt = snapshot.startedAt->addSecs(100 + 20 * i);
        records.append(record(200 + i, snapshot));
    }
    TaskRecord elsewhere;
    elsewhere.key = {m_elsewhere, TaskId(u"another"_s)};
    records.append(elsewhere);
    return records;
}

void TestTaskColumns::look(const QList<TaskRecord> &records)
{
    m_store->load(records);
    m_model->refreshTimes(0, -1); // who is slower than usual
    m_clock->advance(1s);
}

void TestTaskColumns::theFilterFindsWhatACellShows_data()
{
    QTest::addColumn<TaskColumn>("column");
    QTest::addColumn<Change>("change");
    const auto add = [](
                         const char *name, TaskColumn column,
                         Change change = [](TaskRecord &, TaskSnapshot &, const QDateTime &) {}) {
        QTest::newRow(name) << column << change;
    };
    add("action", TaskColumn::Action);
    add("label", TaskColumn::Label);
    add("percent", TaskColumn::Progress);
    add("step number", TaskColumn::Progress,
        [](TaskRecord &, TaskSnapshot &snapshot, const QDateTime &) { snapshot.percent.reset(); });
    add("current step", TaskColumn::CurrentStep);
    add("started today", TaskColumn::Started);
    add("started this year", TaskColumn::Started,
        [](TaskRecord &, TaskSnapshot &snapshot, const QDateTime &now) {
            snapshot.startedAt = now.addDays(-40);
        });
    add("started years ago", TaskColumn::Started,
        [](TaskRecord &, TaskSnapshot &snapshot, const QDateTime &now) {
            snapshot.startedAt = now.addYears(-2);
        });
    add("finished", TaskColumn::Finished,
        [](TaskRecord &record, TaskSnapshot &snapshot, const QDateTime &now) {
            snapshot.phase = TaskPhase::Completed;
            snapshot.finishedAt = now.addSecs(-60);
            record.outcome = Outcome::Completed;
        });
    add("server", TaskColumn::Server);
    add("ID", TaskColumn::TaskId);
    add("steps", TaskColumn::Steps);
    add("summary", TaskColumn::Summary);
    add("standstill", TaskColumn::Summary,
        [](TaskRecord &record, TaskSnapshot &, const QDateTime &) {
            record.outcome = Outcome::Stalled;
            record.quietFor = 12min;
        });
    add("error", TaskColumn::Summary,
        [](TaskRecord &record, TaskSnapshot &snapshot, const QDateTime &) {
            snapshot.phase = TaskPhase::Failed;
            snapshot.error = TaskError{u"500"_s, u"INSUFFICIENT_PAYER_BALANCE"_s, {}};
            record.outcome = Outcome::Failed;
        });
    add("user", TaskColumn::User);
    add("connection", TaskColumn::Connection);
    add("paused", TaskColumn::Connection,
        [](TaskRecord &record, TaskSnapshot &, const QDateTime &) { record.paused = true; });
    add("expected", TaskColumn::Expected);
    add("tags", TaskColumn::Tags);
    add("note", TaskColumn::Note);
    add("status", TaskColumn::Status);
    add("seen", TaskColumn::Status, [](TaskRecord &record, TaskSnapshot &, const QDateTime &) {
        record.outcome = Outcome::Stalled;
        record.acknowledged = true;
    });
    add("pinned", TaskColumn::Status,
        [](TaskRecord &record, TaskSnapshot &, const QDateTime &) { record.pinned = true; });
    add("slow", TaskColumn::Status, [](TaskRecord &, TaskSnapshot &snapshot, const QDateTime &) {
        snapshot.action = u"Mint token"_s;
    });
}

void TestTaskColumns::theFilterFindsWhatACellShows()
{
    QFETCH(TaskColumn, column);
    QFETCH(Change, change);
    look(QList<TaskRecord>{rich(change)} + others());
    const QString text = cell(key(1), column);
    QVERIFY(!text.isEmpty());
    if (const QByteArray name = QTest::currentDataTag(); name == "slow")
        QVERIFY(text.contains(u"slower"_s));
    // As a phrase and word by word, in the filter box and in a saved filter.
    for (const QString &typed : {u'"' + text + u'"', text}) {
        filter(typed);
        QCOMPARE(m_model->rowOf(key(1)), 0);
        // The five share server and connection; what ended long ago has no more in common.
        const bool isShared = column == TaskColumn::Server || column == TaskColumn::Connection
                              || column == TaskColumn::Status;
        QCOMPARE(m_model->rowOf({m_elsewhere, TaskId(u"another"_s)}), -1);
        if (!isShared)
            QVERIFY2(m_model->rowOf(key(200)) < 0, qPrintable(typed));
        filter({});
        m_model->setSavedFilters({parseFilter(typed).value()});
        QVERIFY(m_model->savedCount(0) >= 1 && m_model->savedCount(0) < m_model->rowCount());
        m_model->setView({TaskView::All, {}, parseFilter(typed).value()});
        QCOMPARE(m_model->rowOf(key(1)), 0);
        m_model->setView(TaskView::All);
    }
    filter(u"-\"%1\""_s.arg(text));
    QCOMPARE(m_model->rowOf(key(1)), -1);
}

void TestTaskColumns::textsOfTheClockAreNotLookedFor()
{
    const Change mint = [](TaskRecord &, TaskSnapshot &snapshot, const QDateTime &now) {
        snapshot.action = u"Mint token"_s;
        snapshot.startedAt = now.addSecs(-11);
    };
    look(QList<TaskRecord>{rich(mint)} + others());
    for (const TaskColumn column :
         {TaskColumn::Elapsed, TaskColumn::LastChange, TaskColumn::Checked, TaskColumn::TimeLeft}) {
        filter({});
        const QString text = cell(key(1), column);
        QVERIFY(!text.isEmpty());
        filter(u'"' + text + u'"');
        QCOMPARE(m_model->rowCount(), 0);
    }
}

void TestTaskColumns::momentsAreFoundAsTheyReadTheNextDay()
{
    look({rich([](TaskRecord &, TaskSnapshot &, const QDateTime &) {})});
    const QString day = m_clock->now().wall.toLocalTime().toString(u"MMM"_s);
    m_model->setSavedFilters({parseFilter(day).value()});
    filter(day);
    QCOMPARE(m_model->rowCount(), 0); // today shows the time alone
    QCOMPARE(m_model->savedCount(0), 0);
    m_clock->advance(24h);
    m_model->refreshTimes(0, -1);
    m_clock->advance(1s);
    QCOMPARE(m_model->rowCount(), 1);
    QCOMPARE(m_model->savedCount(0), 1);
    QVERIFY(cell(key(1), TaskColumn::Started).contains(day));
}

/// In the documented dialect no time of the start is sent.
void TestTaskColumns::aStartThatNobodyTellsIsSaid()
{
    TaskRecord documented =
        rich([](TaskRecord &record, TaskSnapshot &snapshot, const QDateTime &now) {
            snapshot.dialect = Dialect::Documented;
            snapshot.startedAt.reset();
            record.watchedSince = now.addSecs(-45 * 60);
        });
    TaskRecord longer = rich([](TaskRecord &, TaskSnapshot &snapshot, const QDateTime &now) {
        snapshot.startedAt = now.addSecs(-46 * 60);
    });
    longer.key = key(2);
    look({documented, longer});
    QCOMPARE(cell(key(1), TaskColumn::Elapsed), u"over "_s + TaskWords::ticking(45min + 1s));
    const QString started = cell(key(1), TaskColumn::Started);
    QVERIFY2(started.startsWith("by "_L1), qPrintable(started));
    const auto tip = [this](TaskColumn column) {
        return m_model->index(m_model->rowOf(key(1)), int(column)).data(Qt::ToolTipRole).toString();
    };
    for (const TaskColumn column : {TaskColumn::Elapsed, TaskColumn::Started})
        QVERIFY2(tip(column).contains("does not say when"_L1), qPrintable(tip(column)));
    m_model->sort(int(TaskColumn::Elapsed), Qt::AscendingOrder);
    QCOMPARE(m_model->rowOf(key(1)), 0); // among the others, by what is known
    m_model->sort(int(TaskColumn::Elapsed), Qt::DescendingOrder);
    QCOMPARE(m_model->rowOf(key(1)), 1);
    filter(u'"' + started + u'"');
    QCOMPARE(m_model->rowCount(), 1);
}

void TestTaskColumns::wordsOfTheHistoryJoinThoseOfTheRow()
{
    look({rich([](TaskRecord &, TaskSnapshot &, const QDateTime &) {})});
    filter(u"zebra publish"_s);
    m_model->setFound(u"zebra publish"_s, {}); // nothing that it knows has both
    QCOMPARE(m_model->rowCount(), 0);
    m_model->setFound(u"zebra"_s, {key(1)});
    m_clock->advance(1s);
    QCOMPARE(m_model->rowCount(), 1);
    filter(u"zebra giraffe"_s);
    m_model->setFound(u"giraffe"_s, {key(1)});
    m_clock->advance(1s);
    QCOMPARE(m_model->rowCount(), 0);
    m_model->setFound(u"zebra"_s, {key(1)});
    m_clock->advance(1s);
    QCOMPARE(m_model->rowCount(), 1);
}

QTEST_MAIN(TestTaskColumns)
#include "test_taskcolumns.moc"
