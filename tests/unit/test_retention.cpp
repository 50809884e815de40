#include "history/retention.h"

#include <QRandomGenerator>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

const QDateTime now = QDateTime::fromMSecsSinceEpoch(1'770'000'000'000, Qt::UTC);

KeptTask task(qint64 row, int daysAgo, Outcome outcome = Outcome::Completed, bool pinned = false,
              qint64 bytes = 1'000)
{
    return {
        row,  {ServerId(), TaskId(QString::number(row))}, outcome, pinned, now.addDays(-daysAgo),
        bytes};
}

QList<qint64> rows(const QList<KeptTask> &tasks)
{
    QList<qint64> list;
    for (const KeptTask &one : tasks)
        list.append(one.row);
    return list;
}

} // namespace

/// Which finished tasks are thrown away, and which never.
class TestRetention : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void byAge();
    void bySizeTheOldestFirst();
    void neverWhatIsNotFinalOrPinned();
    void zeroIsForEver();
    void randomHistoriesKeepThePromises();
};

void TestRetention::byAge()
{
    const QList<KeptTask> tasks{task(1, 10), task(2, 91), task(3, 90), task(4, 400)};
    QCOMPARE(rows(outlived(tasks, 0, {90, 0}, now)), (QList<qint64>{4, 2}));
    QVERIFY(outlived({}, 0, {90, 0}, now).isEmpty());
    // Without a time nobody knows how old it is.
    KeptTask timeless = task(5, 0);
    timeless.endedAt = {};
    QVERIFY(outlived({timeless}, 0, {1, 0}, now).isEmpty());
}

void TestRetention::bySizeTheOldestFirst()
{
    const QList<KeptTask> tasks{task(1, 1), task(2, 3), task(3, 2)};
    QVERIFY(outlived(tasks, 5'000, {90, 5'000}, now).isEmpty());
    QCOMPARE(rows(outlived(tasks, 5'001, {90, 5'000}, now)), (QList<qint64>{2}));
    QCOMPARE(rows(outlived(tasks, 6'001, {90, 5'000}, now)), (QList<qint64>{2, 3}));
    QCOMPARE(rows(outlived(tasks, 99'000, {90, 5'000}, now)), (QList<qint64>{2, 3, 1}));
}

void TestRetention::neverWhatIsNotFinalOrPinned()
{
    QList<KeptTask> tasks;
    for (int i = 0; i <= int(Outcome::Unreadable); ++i) {
        tasks.append(task(i, 1'000, Outcome(i)));
        tasks.append(task(100 + i, 1'000, Outcome(i), true));
    }
    QCOMPARE(rows(outlived(tasks, 1'000'000, {1, 1}, now)),
             (QList<qint64>{qint64(Outcome::Completed), qint64(Outcome::CompletedWithProblems),
                            qint64(Outcome::Failed)}));
}

void TestRetention::zeroIsForEver()
{
    QVERIFY(outlived({task(1, 100'000)}, 1'000'000'000, {0, 0}, now).isEmpty());
}

void TestRetention::randomHistoriesKeepThePromises()
{
    QRandomGenerator random(11);
    for (int round = 0; round < 200; ++round) {
        QList<KeptTask> tasks;
        qint64 used = 0;
        for (int i = 0; i < 50; ++i) {
            tasks.append(task(i, random.bounded(200), Outcome(random.bounded(10)),
                              random.bounded(4) == 0, random.bounded(5'000)));
            used += tasks.last().bytes;
        }
        const RetentionLimits limits{random.bounded(150), random.bounded(150'000)};
        const QList<KeptTask> going = outlived(tasks, used, limits, now);
        qint64 left = used;
        QDateTime last;
        for (const KeptTask &one : going) {
            QVERIFY(isFinal(one.outcome) && !one.pinned);
            QVERIFY(!last.isValid() || last <= one.endedAt);
            last = one.endedAt;
            left -= one.bytes;
        }
        const QList<qint64> gone = rows(going);
        for (const KeptTask &one : std::as_const(tasks)) {
            if (gone.contains(one.row) || !isFinal(one.outcome) || one.pinned)
                continue;
            QVERIFY(limits.days == 0 || one.endedAt >= now.addDays(-limits.days));
            QVERIFY(limits.bytes == 0 || left <= limits.bytes);
        }
    }
}

QTEST_APPLESS_MAIN(TestRetention)
#include "test_retention.moc"
