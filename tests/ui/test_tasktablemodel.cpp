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
    void labelsAreEdited();
    void typeAheadLooksRoundTheEnd();
    void randomUpdatesKeepOrderSelectionAndFilter_data();
    void randomUpdatesKeepOrderSelectionAndFilter();

private:
    [[nodiscard]] TaskKey key(int number) const
    {
        return {m_server, TaskId(u"task-%1"_s.arg(number))};
    }
    [[nodiscard]] TaskRecord record(int number, Outcome outcome = Outcome::Running) const;
    void add(const QList<TaskRecord> &records) { m_store->load(records); }
    /// As a poll does.
    void change(const TaskRecord &record);
    [[nodiscard]] QString cell(int row, TaskColumn column, int role = Qt::DisplayRole) const
    {
        return m_model->index(row, int(column)).data(role).toString();
    }
    [[nodiscard]] QStringList ids() const;
    void filter(const QString &text) { m_model->setFilter(parseFilter(text).value()); }

    const ServerId m_server = ServerId::create();
    std::unique_ptr<ManualClock> m_clock;
    std::unique_ptr<TaskStore> m_store;
    std::unique_ptr<TaskTableModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

namespace {

std::shared_ptr<TaskSnapshot> snapshotOf(const TaskRecord &record)
{
    return std::make_shared<TaskSnapshot>(*record.snapshot);
}

} // namespace

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

QTEST_MAIN(TestTaskTableModel)
#include "test_tasktablemodel.moc"
