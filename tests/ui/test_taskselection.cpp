#include "manualclock.h"
#include "task/taskstore.h"
#include "tasks/taskselection.h"
#include "tasks/tasktablemodel.h"
#include "tasks/tasktableview.h"

#include <QAbstractItemModelTester>
#include <QAccessible>
#include <QRandomGenerator>
#include <QScopeGuard>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <numeric>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// Rows that show their slots.
class NumberRows final : public SlotTableModel
{
public:
    explicit NumberRows(int rows)
        : SlotTableModel(nullptr)
    {
        std::vector<Slot> order(std::size_t(rows), 0);
        std::iota(order.begin(), order.end(), 0);
        resetOrder(std::move(order));
    }
    using SlotTableModel::rows;
    using SlotTableModel::showOrder;
    [[nodiscard]] int columnCount(const QModelIndex & /*parent*/ = {}) const override { return 3; }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override
    {
        return role == Qt::DisplayRole ? QVariant(slotAt(index.row())) : QVariant();
    }
};

std::vector<int> rowsOf(const QItemSelectionModel &selection)
{
    std::vector<int> rows;
    for (const QItemSelectionRange &range : selection.selection())
        for (int row = range.top(); row <= range.bottom(); ++row)
            rows.push_back(row);
    std::sort(rows.begin(), rows.end());
    return rows;
}

} // namespace

/// The selection against Qt's own, which it must equal in all but its cost.
class TestTaskSelection : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isWhatQtsOwnWouldBe_data();
    void isWhatQtsOwnWouldBe();
    void aNewOrderMovesFewIndexesHoweverManyAreSelected();
    void whatIsOutOfSightCanBeCleared();
    void accessibilityIsToldOfEveryRow();
    void clicksAndKeysWorkWhereManyAreSelected();
    void whatIsScrolledIntoSightIsShownAsItIs();
};

void TestTaskSelection::isWhatQtsOwnWouldBe_data()
{
    QTest::addColumn<quint32>("seed");
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("steps");
    for (quint32 seed = 1; seed <= 4; ++seed) {
        QTest::addRow("few rows, seed %u", seed) << seed << 30 << 120;
        QTest::addRow("many rows, seed %u", seed) << seed << 600 << 20;
    }
}

void TestTaskSelection::isWhatQtsOwnWouldBe()
{
    QFETCH(quint32, seed);
    QFETCH(int, rows);
    QFETCH(int, steps);
    QRandomGenerator random(seed);
    NumberRows model(rows);
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    TaskSelection ours(model);
    QItemSelectionModel theirs(&model);
    QSignalSpy said(&ours, &QItemSelectionModel::selectionChanged);
    using Flag = QItemSelectionModel::SelectionFlag;
    const std::vector<QItemSelectionModel::SelectionFlags> commands{
        Flag::Select,         Flag::Toggle,        Flag::Deselect,
        Flag::SelectCurrent,  Flag::SelectCurrent, Flag::ToggleCurrent,
        Flag::ClearAndSelect, Flag::Clear,         Flag::NoUpdate};
    int nextSlot = rows;
    for (int step = 0; step < steps; ++step) {
        const int firstSeen = random.bounded(std::max(model.rowCount(), 1));
        const int lastSeen = std::min(firstSeen + 20, model.rowCount() - 1);
        ours.setSeen(firstSeen, lastSeen);
        if (step % 10 == 1) {
            QItemSelection everySecond;
            for (int row = 0; row < model.rowCount(); row += 2)
                everySecond.append(QItemSelectionRange(model.index(row, 0), model.index(row, 2)));
            ours.select(everySecond, Flag::Select);
            theirs.select(everySecond, Flag::Select);
        } else if (model.rowCount() > 0) {
            const int top = random.bounded(model.rowCount());
            const int bottom = std::min(top + random.bounded(8), model.rowCount() - 1);
            const QItemSelection dragged(model.index(top, 1), model.index(bottom, 1));
            const auto command = commands[std::size_t(random.bounded(int(commands.size())))];
            const std::vector<int> before = ours.rows();
            said.clear();
            ours.select(dragged, command | Flag::Rows);
            theirs.select(dragged, command | Flag::Rows);
            QCOMPARE(said.isEmpty(), ours.rows() == before);
        }
        QCOMPARE(ours.rows(), rowsOf(theirs));
        QCOMPARE(ours.hasSelection(), theirs.hasSelection());
        for (int row = firstSeen; row <= lastSeen; ++row)
            QCOMPARE(ours.isSelected(model.index(row, 2)), theirs.isSelected(model.index(row, 2)));

        std::vector<NumberRows::Slot> target = model.rows().order();
        for (int i = random.bounded(20); i > 0 && target.size() > 1; --i) {
            const auto from = target.begin() + random.bounded(int(target.size()));
            std::iter_swap(from, target.begin() + random.bounded(int(target.size())));
        }
        for (int i = random.bounded(step % 10 == 9 ? 30 : 2); i > 0 && target.size() > 1; --i)
            target.erase(target.begin() + random.bounded(int(target.size())));
        for (int i = random.bounded(step % 10 == 4 ? 30 : 2); i > 0; --i)
            target.insert(target.begin() + random.bounded(int(target.size())), nextSlot++);
        model.showOrder(std::move(target));
        QCOMPARE(ours.rows(), rowsOf(theirs));
        // Theirs ends at every row that comes or goes what is being dragged, ours goes on.
        ours.select(QItemSelection(), Flag::Select);
        theirs.select(QItemSelection(), Flag::Select);
        for (int row = firstSeen; row <= std::min(lastSeen, model.rowCount() - 1); ++row)
            QCOMPARE(ours.isSelected(model.index(row, 0)), theirs.isSelected(model.index(row, 0)));
    }
}

void TestTaskSelection::aNewOrderMovesFewIndexesHoweverManyAreSelected()
{
    constexpr int count = 20'000;
    NumberRows model(count);
    TaskSelection selection(model);
    selection.setSeen(100, 139);
    std::vector<int> rows;
    for (int row = 0; row < count; row += 2)
        rows.push_back(row);
    selection.selectRows(rows);
    QCOMPARE(selection.rows(), rows);
    QVERIFY(selection.selection().size() <= 40);

    qsizetype moved = -1;
    std::vector<NumberRows::Slot> order = model.rows().order();
    std::reverse(order.begin(), order.end());
    connect(&model, &QAbstractItemModel::layoutAboutToBeChanged, &selection,
            [&selection, at = &moved] { *at = selection.selection().size(); });
    model.showOrder(std::move(order));
    QCOMPARE(moved, 0); // ranges that Qt would move one by one
    for (int &row : rows)
        row = count - 1 - row;
    std::reverse(rows.begin(), rows.end());
    QCOMPARE(selection.rows(), rows);
    QVERIFY(selection.isSelected(model.index(101, 0)));
    QVERIFY(!selection.isSelected(model.index(100, 0)));
}

void TestTaskSelection::whatIsOutOfSightCanBeCleared()
{
    NumberRows model(2'000);
    TaskSelection selection(model);
    selection.setSeen(0, 20);
    std::vector<int> rows;
    for (int row = 1'000; row < 2'000; row += 2)
        rows.push_back(row);
    selection.selectRows(rows);
    QVERIFY(selection.hasSelection());
    QVERIFY(selection.hasOutside(0, 1'997));
    QVERIFY(!selection.hasOutside(1'000, 1'998));
    selection.clearSelection();
    QVERIFY(!selection.hasSelection());
    QVERIFY(selection.rows().empty());
}

namespace {

/// The table with many tasks, every second one selected.
struct Table {
    ServerId server = ServerId::create();
    ManualClock clock;
    TaskStore store{clock};
    TaskTableModel model{store, clock};
    TaskTableView view{model, clock};

    explicit Table(int count)
    {
        QObject::connect(&store, &TaskStore::added, &model, &TaskTableModel::onAdded);
        QObject::connect(&store, &TaskStore::changed, &model, &TaskTableModel::onChanged);
        QList<TaskRecord> records;
        for (int number = 0; number < count; ++number) {
            TaskRecord record;
            record.key = {server, TaskId(u"task-%1"_s.arg(number, 5, 10, QChar(u'0')))};
            record.outcome = Outcome::Running;
            record.label = u"%1"_s.arg(number, 5, 10, QChar(u'0'));
            records.append(record);
        }
        store.load(records);
        view.resize(900, 400);
        view.show();
        view.sortByColumn(int(TaskColumn::Label), Qt::AscendingOrder);
        view.doItemsLayout();
        clock.advance(1s);
        std::vector<int> rows;
        for (int row = 0; row < count; row += 2)
            rows.push_back(row);
        selection().selectRows(rows);
    }
    [[nodiscard]] TaskSelection &selection()
    {
        return static_cast<TaskSelection &>(*view.selectionModel());
    }
    [[nodiscard]] QPoint middleOf(int row) const
    {
        return {30, view.rowViewportPosition(row) + view.rowHeight(row) / 2};
    }
};

} // namespace

void TestTaskSelection::accessibilityIsToldOfEveryRow()
{
    constexpr int count = 1'000;
    Table table(count);
    QVERIFY(table.selection().selection().size() < count / 2);
    QAccessible::setActive(true);
    const auto off = qScopeGuard([] { QAccessible::setActive(false); });
    QAccessibleInterface *const face = QAccessible::queryAccessibleInterface(&table.view);
    QVERIFY(face);
    QAccessibleTableInterface *const cells = face->tableInterface();
    QVERIFY(cells);
    QCOMPARE(cells->selectedRowCount(), count / 2);
    table.view.sortByColumn(int(TaskColumn::Label), Qt::DescendingOrder);
    QCOMPARE(cells->selectedRowCount(), count / 2);
    for (const int row : {0, 1, 500, 501, count - 2, count - 1}) {
        const bool isSelected = row % 2 == 1; // reversed
        QCOMPARE(cells->isRowSelected(row), isSelected);
        QCOMPARE(bool(cells->cellAt(row, 0)->state().selected), isSelected);
    }
    QVERIFY(cells->selectRow(500));
    QVERIFY(cells->isRowSelected(500));
    QCOMPARE(cells->selectedRowCount(), count / 2 + 1);
    QCOMPARE(table.view.selectedTasks().size(), count / 2 + 1);
}

void TestTaskSelection::clicksAndKeysWorkWhereManyAreSelected()
{
    constexpr int count = 2'000;
    Table table(count);
    TaskTableView &view = table.view;
    QWidget *const ground = view.viewport();
    view.sortByColumn(int(TaskColumn::Label), Qt::DescendingOrder);
    QCOMPARE(view.selectedTasks().size(), count / 2);

    QTest::mouseClick(ground, Qt::LeftButton, Qt::ControlModifier, table.middleOf(4));
    QCOMPARE(view.selectedTasks().size(), count / 2 + 1);
    QTest::mouseClick(ground, Qt::LeftButton, Qt::ControlModifier, table.middleOf(7));
    QCOMPARE(view.selectedTasks().size(), count / 2);
    QTest::mouseClick(ground, Qt::RightButton, {}, table.middleOf(1)); // a menu for all of them
    QCOMPARE(view.selectedTasks().size(), count / 2);
    QTest::keyClick(&view, Qt::Key_A, Qt::ControlModifier);
    QCOMPARE(view.selectedTasks().size(), count);
    QTest::mouseClick(ground, Qt::LeftButton, {}, table.middleOf(3));
    QCOMPARE(view.selectedTasks(), QList<TaskKey>{table.model.keyAt(3)});
    QTest::mouseClick(ground, Qt::LeftButton, Qt::ShiftModifier, table.middleOf(6));
    QCOMPARE(view.selectedTasks().size(), 4);
    QTest::keyClick(&view, Qt::Key_Up, Qt::ShiftModifier);
    QCOMPARE(view.selectedTasks().size(), 3);
    const QList<TaskKey> selected = view.selectedTasks();
    view.sortByColumn(int(TaskColumn::Label), Qt::AscendingOrder);
    QCOMPARE(view.selectedTasks(), QList<TaskKey>(selected.crbegin(), selected.crend()));
}

void TestTaskSelection::whatIsScrolledIntoSightIsShownAsItIs()
{
    constexpr int count = 2'000;
    Table table(count);
    QSignalSpy said(&table.view, &TaskTableView::selectedTasksChanged);
    for (const int to : {300, 301, 5'000, 0}) {
        table.view.verticalScrollBar()->setValue(to);
        const int first = table.view.rowAt(0);
        for (int row = first; row < first + 8; ++row)
            QCOMPARE(table.selection().isSelected(table.model.index(row, 0)), row % 2 == 0);
    }
    QVERIFY(said.isEmpty());
}

QTEST_MAIN(TestTaskSelection)
#include "test_taskselection.moc"
