#include "base/clock.h"
#include "manualclock.h"

#include <QTest>

using namespace std::chrono_literals;

/// The system's clock and the one that tests drive keep the same promises.
class TestClock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void systemTimeIsUtcAndMovesOn();
    void systemTimerRunsOnce();
    void aStoppedTimerDoesNotRun();
    void manualTimersRunInOrderEachAtItsOwnMoment();
    void aSuspendMovesTheWallOnly();
    void aTimerMayDestroyItself();
};

void TestClock::systemTimeIsUtcAndMovesOn()
{
    const SystemClock clock;
    const Instant first = clock.now();
    QCOMPARE(first.wall.timeSpec(), Qt::UTC);
    QTRY_VERIFY(clock.now().awake > first.awake);
    QVERIFY(clock.asleep() >= 0ms);
}

void TestClock::systemTimerRunsOnce()
{
    const SystemClock clock;
    int runs = 0;
    const auto timer = clock.makeTimer([&runs] { ++runs; });
    QVERIFY(!timer->isActive());
    timer->start(1ms);
    QVERIFY(timer->isActive());
    QTRY_COMPARE(runs, 1);
    QVERIFY(!timer->isActive());
}

void TestClock::aStoppedTimerDoesNotRun()
{
    ManualClock clock;
    int runs = 0;
    const auto timer = clock.makeTimer([&runs] { ++runs; });
    timer->start(5ms);
    timer->stop();
    clock.advance(1h);
    QCOMPARE(runs, 0);
    QCOMPARE(clock.activeTimers(), 0);
}

void TestClock::manualTimersRunInOrderEachAtItsOwnMoment()
{
    ManualClock clock;
    const Instant start = clock.now();
    QList<QPair<int, qint64>> runs;
    const auto note = [&](int which) {
        return [&runs, &clock, start, which] {
            runs.append({which, (clock.now().awake - start.awake).count()});
        };
    };
    const auto late = clock.makeTimer(note(2));
    const auto early = clock.makeTimer(note(1));
    late->start(20ms);
    early->start(10ms);
    QCOMPARE(clock.nextTimer().value(), 10ms);
    clock.advance(15ms);
    QCOMPARE(runs, (QList<QPair<int, qint64>>{{1, 10}}));
    clock.advance(15ms);
    QCOMPARE(runs, (QList<QPair<int, qint64>>{{1, 10}, {2, 20}}));
    QCOMPARE(clock.now().awake, start.awake + 30ms);
    QCOMPARE(clock.now().wall, start.wall.addMSecs(30));
}

void TestClock::aSuspendMovesTheWallOnly()
{
    ManualClock clock;
    const Instant before = clock.now();
    clock.sleep(1h);
    QCOMPARE(clock.now().awake, before.awake);
    QCOMPARE(clock.now().wall, before.wall.addSecs(3600));
    QCOMPARE(clock.asleep(), std::chrono::milliseconds(1h));
}

void TestClock::aTimerMayDestroyItself()
{
    ManualClock clock;
    std::unique_ptr<ClockTimer> timer;
    timer = clock.makeTimer([&timer] { timer.reset(); });
    timer->start(1ms);
    clock.advance(2ms);
    QVERIFY(!timer);
}

QTEST_GUILESS_MAIN(TestClock)
#include "test_clock.moc"
