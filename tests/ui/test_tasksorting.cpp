#include "manualclock.h"
#include "task/taskstore.h"
#include "tasks/tasktablemodel.h"

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace {

/// By what a record is to be sorted; absent: last.
using SortKey = std::optional<std::pair<qint64, QString>>;
using KeyOf = SortKey (*)(const TaskRecord &record);

} // namespace
Q_DECLARE_METATYPE(KeyOf)

/// The order of the table by each column, against one that is made from the records.
class TestTaskSorting : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault({QLocale::English, QLocale::UnitedStates}); }
    void init();
    void cleanup();

    void eachColumnSortsByItsValues_data();
    void eachColumnSortsByItsValues();

private:
    [[nodiscard]] TaskRecord record(int number, TaskSnapshot snapshot, Outcome outcome) const;
    /// Tasks of three servers, one of them without a name, with gaps in what is known of them.
    [[nodiscard]] QList<TaskRecord> mixed() const;

    const ServerId m_server = ServerId::create();
    const ServerId m_elsewhere = ServerId::create();
    std::unique_ptr<ManualClock> m_clock;
    std::unique_ptr<TaskStore> m_store;
    std::unique_ptr<TaskTableModel> m_model;
};

void TestTaskSorting::init()
{
    m_clock = std::make_unique<ManualClock>();
    m_store = std::make_unique<TaskStore>(*m_clock);
    m_model = std::make_unique<TaskTableModel>(*m_store, *m_clock);
    connect(m_store.get(), &TaskStore::added, m_model.get(), &TaskTableModel::onAdded);
    m_model->setServerNames({{m_server, u"Production"_s}, {m_elsewhere, u"sandbox"_s}});
}

void TestTaskSorting::cleanup()
{
    m_model.reset();
    m_store.reset();
}

TaskRecord TestTaskSorting::record(int number, TaskSnapshot snapshot, Outcome outcome) const
{
    TaskRecord record;
    record.key = {m_server, TaskId(u"task-%1"_s.arg(number))};
    snapshot.taskId = record.key.task;
    record.outcome = outcome;
    record.snapshot = std::make_shared<const TaskSnapshot>(snapshot);
    return record;
}

QList<TaskRecord> TestTaskSorting::mixed() const
{
    QRandomGenerator random(11); // the same each time
    const QDateTime now = m_clock->now().wall;
    const ServerId unnamed = ServerId::create();
    const auto word = [&random]() -> QString {
        // By their letters, not by their bytes.
        const QStringList words{u"beta"_s, u"Alpha"_s, u"Gamma"_s, u"delta"_s, {}};
        return words[random.bounded(words.size())];
    };
    const auto ago = [&random, &now](int seconds) -> std::optional<QDateTime> {
        const QDateTime then = now.addSecs(-random.bounded(1, seconds));
        return random.bounded(4) == 0 ? std::nullopt : std::optional(then);
    };
    QList<TaskRecord> records;
    for (int i = 0; i < 5; ++i) { // ended long ago: what is usual
        const QDateTime then = now.addDays(-70 - i);
        TaskSnapshot snapshot;
        snapshot.phase = TaskPhase::Completed;
        snapshot.action = u"Mint token"_s;
        snapshot.startedAt = then;
        snapshot.finishedAt = then.addSecs(100 + 20 * i);
        records.append(record(100 + i, snapshot, Outcome::Completed));
    }
    for (int i = 0; i < 40; ++i) {
        TaskSnapshot snapshot;
        const bool isFailed = i % 2 == 0;
        snapshot.phase = isFailed ? TaskPhase::Failed : TaskPhase::Running;
        snapshot.action = random.bounded(3) == 0 ? u"Mint token"_s : word();
        snapshot.userId = word();
        snapshot.currentStep = isFailed ? QString() : word();
        snapshot.startedAt = ago(95);
        if (isFailed) {
            snapshot.finishedAt = ago(10'000);
            const QString why = word();
            snapshot.error = TaskError{{}, why.isEmpty() ? u"epsilon"_s : why, {}};
        }
        snapshot.steps.resize(std::size_t(random.bounded(13)));
        for (TaskStep &step : snapshot.steps)
            step.state = StepState::Completed;
        if (random.bounded(2) == 0)
            snapshot.expectedSteps = random.bounded(1, 21);
        TaskRecord record =
            this->record(i, snapshot, isFailed ? Outcome::Failed : Outcome::Running);
        const int server = random.bounded(3);
        record.key.server = server == 0 ? m_server : server == 1 ? m_elsewhere : unnamed;
        record.changedAt = ago(5'000).value_or(QDateTime());
        QStringList tags{word()};
        tags.removeAll(QString());
        record.tags = tags;
        record.note = word();
        records.append(record);
    }
    return records;
}

void TestTaskSorting::eachColumnSortsByItsValues_data()
{
    QTest::addColumn<TaskColumn>("column");
    QTest::addColumn<KeyOf>("keyOf");
    static const auto text = [](const QString &value) {
        return value.isEmpty() ? SortKey() : SortKey({0, value.toLower()});
    };
    static const auto time = [](const std::optional<QDateTime> &at) {
        return at && at->isValid() ? SortKey({at->toMSecsSinceEpoch(), {}}) : SortKey();
    };
    const auto add = [](TaskColumn column, KeyOf keyOf) {
        QTest::newRow(TaskColumnInfo::name(column).data()) << column << keyOf;
    };
    using Record = const TaskRecord &;
    add(TaskColumn::Action, [](Record record) { return text(record.snapshot->action); });
    add(TaskColumn::CurrentStep, [](Record record) { return text(record.snapshot->currentStep); });
    add(TaskColumn::Started, [](Record record) { return time(record.snapshot->startedAt); });
    add(TaskColumn::LastChange, [](Record record) { return time(record.changedAt); });
    add(TaskColumn::Finished, [](Record record) { return time(record.snapshot->finishedAt); });
    add(TaskColumn::User, [](Record record) { return text(record.snapshot->userId); });
    add(TaskColumn::Tags, [](Record record) { return text(record.tags->join(u' ')); });
    add(TaskColumn::Note, [](Record record) { return text(record.note); });
    add(TaskColumn::Steps, [](Record record) {
        const auto done = qint64(record.snapshot->steps.size()); // 9 before 10
        return done > 0 || record.snapshot->expectedSteps ? SortKey({done, {}}) : SortKey();
    });
    add(TaskColumn::Expected, [](Record record) {
        const auto steps = record.snapshot->expectedSteps;
        return steps ? SortKey({*steps, {}}) : SortKey();
    });
    add(TaskColumn::Summary, [](Record record) {
        const std::optional<TaskError> error = record.snapshot->error;
        return text(error ? error->message : record.snapshot->currentStep);
    });
    // All are younger than the shortest run: who began later has more time left.
    add(TaskColumn::TimeLeft, [](Record record) {
        const bool isKnown =
            record.outcome == Outcome::Running && record.snapshot->action == u"Mint token"_s;
        return isKnown ? time(record.snapshot->startedAt) : SortKey();
    });
    add(TaskColumn::Server, nullptr); // by the names that the table was given
}

void TestTaskSorting::eachColumnSortsByItsValues()
{
    QFETCH(TaskColumn, column);
    QFETCH(KeyOf, keyOf);
    const QList<TaskRecord> records = mixed();
    m_store->load(records);
    std::vector<std::pair<SortKey, TaskKey>> expected;
    expected.reserve(std::size_t(records.size()));
    for (const TaskRecord &record : records) {
        const bool isHere = record.key.server == m_server;
        SortKey key;
        if (keyOf)
            key = column != TaskColumn::TimeLeft || isHere ? keyOf(record) : SortKey();
        else if (isHere || record.key.server == m_elsewhere)
            key = {isHere ? 0 : 1, {}}; // Production, Sandbox
        expected.emplace_back(key, record.key);
    }
    for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
        auto inOrder = expected; // in the order of adding
        std::stable_sort(inOrder.begin(), inOrder.end(), [order](const auto &a, const auto &b) {
            if (!a.first || !b.first)
                return a.first.has_value() && !b.first;
            return order == Qt::AscendingOrder ? *a.first < *b.first : *b.first < *a.first;
        });
        QVERIFY(inOrder.front().first && !inOrder.back().first);
        m_model->sort(int(column), order);
        for (std::size_t row = 0; row < inOrder.size(); ++row)
            QCOMPARE(m_model->keyAt(int(row)).task.text(), inOrder[row].second.task.text());
    }
}

QTEST_MAIN(TestTaskSorting)
#include "test_tasksorting.moc"
