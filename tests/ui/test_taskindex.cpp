#include "tasks/taskindex.h"

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>
#include <numeric>

/// The index against a plain sort.
class TestTaskIndex : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anEmptyIndexHasNoRows();
    void rowsAndSlotsNameEachOther();
    void mergedTakesOutMovesAndAdds();
    void randomBatchesGiveWhatAPlainSortGives_data();
    void randomBatchesGiveWhatAPlainSortGives();
};

void TestTaskIndex::anEmptyIndexHasNoRows()
{
    const TaskIndex index;
    QCOMPARE(index.size(), 0);
    QCOMPARE(index.rowOf(0), -1);
    QCOMPARE(index.rowOf(-1), -1);
    QVERIFY(index.merged({}, std::less<>(), [](int) { return true; }).empty());
}

void TestTaskIndex::rowsAndSlotsNameEachOther()
{
    TaskIndex index;
    index.assign({4, 2, 9});
    QCOMPARE(index.rowOf(9), 2);
    QCOMPARE(index.rowOf(3), -1);
    const std::vector<int> more{7, 1};
    index.insert(1, more);
    QCOMPARE(index.order(), (std::vector<int>{4, 7, 1, 2, 9}));
    index.erase(0, 2);
    QCOMPARE(index.order(), (std::vector<int>{1, 2, 9}));
    QCOMPARE(index.rowOf(4), -1);
    QCOMPARE(index.rowOf(9), 2);
    index.assign({9});
    QCOMPARE(index.rowOf(1), -1);
    QCOMPARE(index.rowOf(9), 0);
    index.assign({4, 2, 9});
    index.reorder({4, 9, 2});
    QCOMPARE(index.order(), (std::vector<int>{4, 9, 2}));
    QCOMPARE(index.rowOf(4), 0);
    QCOMPARE(index.rowOf(9), 1);
    QCOMPARE(index.rowOf(2), 2);
}

void TestTaskIndex::mergedTakesOutMovesAndAdds()
{
    std::vector<int> key{10, 20, 30, 40};
    const auto less = [&key](int a, int b) { return key[size_t(a)] < key[size_t(b)]; };
    TaskIndex index;
    index.assign({0, 1, 2});
    key = {35, 20, 30, 5};
    const auto target = index.merged({0, 1, 3}, less, [](int slot) { return slot != 1; });
    QCOMPARE(target, (std::vector<int>{3, 2, 0}));
}

void TestTaskIndex::randomBatchesGiveWhatAPlainSortGives_data()
{
    QTest::addColumn<quint32>("seed");
    QTest::addColumn<int>("slots");
    for (quint32 seed = 1; seed <= 20; ++seed)
        QTest::addRow("seed %u", seed) << seed << (seed % 4 == 0 ? 3 : int(seed) * 40);
}

void TestTaskIndex::randomBatchesGiveWhatAPlainSortGives()
{
    QFETCH(quint32, seed);
    QFETCH(int, slots);
    QRandomGenerator random(seed);
    struct Item {
        bool exists = false;
        int key = 0; // few different ones: ties are common
        bool wanted = false;
        int serial = 0;
    };
    std::vector<Item> items{size_t(slots)};
    int serial = 0;
    int highest = 100; // the filter: what shows has a key below it
    const auto less = [&items](int a, int b) {
        const Item &left = items[size_t(a)];
        const Item &right = items[size_t(b)];
        return std::pair(left.key, left.serial) < std::pair(right.key, right.serial);
    };
    const auto wanted = [&items, &highest](int slot) {
        return items[size_t(slot)].exists && items[size_t(slot)].key < highest;
    };
    TaskIndex index;
    for (int batch = 0; batch < 100; ++batch) {
        std::vector<int> changed;
        const bool newFilter = random.bounded(10) == 0;
        if (newFilter)
            highest = random.bounded(1, 30);
        const int changes = random.bounded(newFilter ? 1 : slots);
        for (int i = 0; i < changes; ++i) {
            const int slot = random.bounded(slots);
            Item &item = items[size_t(slot)];
            const bool existed = item.exists;
            item.exists = random.bounded(5) != 0;
            item.key = random.bounded(25);
            if (!existed)
                item.serial = ++serial;
            changed.push_back(slot);
        }
        if (newFilter) {
            changed.resize(size_t(slots));
            std::iota(changed.begin(), changed.end(), 0);
        }
        std::sort(changed.begin(), changed.end());
        changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
        std::vector<int> target = index.merged(std::move(changed), less, wanted);
        const bool onlyMoves = int(target.size()) == index.size()
                               && std::all_of(target.begin(), target.end(), [&index](int slot) {
                                      return index.rowOf(slot) >= 0;
                                  });
        if (onlyMoves)
            index.reorder(std::move(target));
        else
            index.assign(std::move(target));

        std::vector<int> expected;
        for (int slot = 0; slot < slots; ++slot)
            if (wanted(slot))
                expected.push_back(slot);
        std::sort(expected.begin(), expected.end(), [&items](int a, int b) {
            return items[size_t(a)].serial < items[size_t(b)].serial;
        });
        std::stable_sort(expected.begin(), expected.end(), [&items](int a, int b) {
            return items[size_t(a)].key < items[size_t(b)].key;
        });
        QCOMPARE(index.order(), expected);
        for (int row = 0; row < index.size(); ++row)
            QCOMPARE(index.rowOf(index.slotAt(row)), row);
    }
}

QTEST_GUILESS_MAIN(TestTaskIndex)
#include "test_taskindex.moc"
