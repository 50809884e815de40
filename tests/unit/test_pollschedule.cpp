#include "guardian/pollqueue.h"
#include "guardian/pollschedule.h"
#include "guardian/servergate.h"

#include <QRandomGenerator>
#include <QTest>

#include <deque>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using namespace PollSchedule;

namespace {

constexpr double middle = 0.5;

PollError errorOf(PollError::Kind kind)
{
    PollError error;
    error.kind = kind;
    return error;
}

PollError ordered(milliseconds wait)
{
    PollError error = errorOf(PollError::Kind::RateLimited);
    error.retryAfter = wait;
    return error;
}

/// The delays that follow a row of answers, each given as its delay later; without jitter.
QList<qint64> delaysAfter(const QList<Sign> &signs, Pace pace = {})
{
    const PollManners manners;
    QList<qint64> delays;
    milliseconds now = 1h;
    for (const Sign sign : signs) {
        pace = after(pace, sign, now, manners);
        const auto following = next(pace, manners, 0);
        delays.append(following ? following->delay.count() : -1);
        now += following ? following->delay : 0ms;
    }
    return delays;
}

constexpr std::array allKinds{
    PollError::Kind::NotKnown,    PollError::Kind::SignInNeeded, PollError::Kind::NoPermission,
    PollError::Kind::RateLimited, PollError::Kind::ServerError,  PollError::Kind::Timeout,
    PollError::Kind::Unreachable, PollError::Kind::Certificate,  PollError::Kind::ForeignRedirect,
    PollError::Kind::Unreadable,  PollError::Kind::TooLarge};
constexpr std::array allSigns{Sign::Waiting,  Sign::Running,    Sign::Final,    Sign::Unchanged,
                              Sign::NotKnown, Sign::Unreadable, Sign::TooLarge, Sign::Trouble};

} // namespace

class TestPollSchedule final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // --- signs ---
    void readsTheSignOfEveryAnswer()
    {
        const auto phase = [](TaskPhase value) {
            TaskSnapshot snapshot;
            snapshot.phase = value;
            return signOf(std::make_shared<const TaskSnapshot>(snapshot));
        };
        QCOMPARE(phase(TaskPhase::Waiting), Sign::Waiting);
        QCOMPARE(phase(TaskPhase::Running), Sign::Running);
        QCOMPARE(phase(TaskPhase::Completed), Sign::Final);
        QCOMPARE(phase(TaskPhase::Failed), Sign::Final);
        QCOMPARE(signOf(Unchanged{}), Sign::Unchanged);
        for (const PollError::Kind kind : allKinds) {
            const Sign sign = signOf(tl::unexpected(errorOf(kind)));
            const Sign expected = kind == PollError::Kind::NotKnown     ? Sign::NotKnown
                                  : kind == PollError::Kind::Unreadable ? Sign::Unreadable
                                  : kind == PollError::Kind::TooLarge   ? Sign::TooLarge
                                                                        : Sign::Trouble;
            QCOMPARE(sign, expected);
        }
    }

    // --- paces ---
    void aRunningTaskIsAskedOftenWhileItMovesAndRarelyWhileNot()
    {
        QCOMPARE(delaysAfter({Sign::Running, Sign::Running, Sign::Unchanged, Sign::Unchanged,
                              Sign::Unchanged, Sign::Unchanged, Sign::Unchanged, Sign::Unchanged,
                              Sign::Running}),
                 (QList<qint64>{2000, 2000, 3000, 4500, 6750, 10125, 15000, 15000, 2000}));
    }

    void aWaitingTaskIsAskedLess()
    {
        QCOMPARE(delaysAfter({Sign::Waiting, Sign::Unchanged, Sign::Unchanged, Sign::Unchanged,
                              Sign::Unchanged, Sign::Unchanged, Sign::Running}),
                 (QList<qint64>{5000, 7500, 11250, 16875, 25312, 30000, 2000}));
    }

    void aFinalStateIsConfirmedOnceAndThenLeftAlone()
    {
        QCOMPARE(delaysAfter({Sign::Running, Sign::Final, Sign::Unchanged}),
                 (QList<qint64>{2000, 2000, -1}));
        QCOMPARE(delaysAfter({Sign::Final, Sign::Final}), (QList<qint64>{2000, -1}));
        const Pace once = after({}, Sign::Final, 1h, {});
        QVERIFY(next(once, {}, middle)->confirming);
        QVERIFY(!next(settledPace(), {}, middle));
    }

    void aSettledTaskAskedOnceMoreIsLeftAloneWhateverComes()
    {
        for (const Sign sign :
             {Sign::Final, Sign::Unchanged, Sign::Trouble, Sign::Unreadable, Sign::TooLarge})
            QCOMPARE(delaysAfter({sign}, settledPace()), QList<qint64>{-1});
        // Forgotten by the server: that, too, has to be confirmed.
        QCOMPARE(delaysAfter({Sign::NotKnown, Sign::NotKnown, Sign::NotKnown}, settledPace()),
                 (QList<qint64>{5000, 5000, -1}));
    }

    void aFinalStateForgottenBeforeItWasConfirmedEndsAllTheSame()
    {
        QCOMPARE(delaysAfter({Sign::Final, Sign::NotKnown, Sign::NotKnown, Sign::NotKnown}),
                 (QList<qint64>{2000, 5000, 5000, -1}));
        QCOMPARE(delaysAfter({Sign::Final, Sign::Trouble, Sign::Unchanged}),
                 (QList<qint64>{2000, 1000, -1}));
    }

    void emptyAnswersAreConfirmedWithinTenSecondsAndThenRare()
    {
        const QList<Sign> empties(9, Sign::NotKnown);
        QCOMPARE(delaysAfter(empties), (QList<qint64>{5000, 5000, 60000, 120000, 240000, 480000,
                                                      900000, 900000, 900000}));
        Pace pace = after({}, Sign::NotKnown, 1h, {});
        QCOMPARE(next(pace, {}, 0.99), (Next{5s, true})); // no jitter: 10 s have to pass
        QVERIFY(isLively(pace));
        pace = after(after(pace, Sign::NotKnown, 1h + 5s, {}), Sign::NotKnown, 1h + 10s, {});
        QVERIFY(!next(pace, {}, middle)->confirming);
        QVERIFY(!isLively(pace));
    }

    void emptyAnswersTooSoonDoNotCountYet()
    {
        Pace pace;
        for (int i = 0; i < 5; ++i)
            pace = after(pace, Sign::NotKnown, 1h + i * 1s, {});
        QCOMPARE(pace.unknown, 0);
        QVERIFY(next(pace, {}, middle)->confirming);
        pace = after(pace, Sign::NotKnown, 1h + 10s, {});
        QCOMPARE(pace.unknown, 1);
    }

    void oneReadableAnswerEndsTheEmptyOnes()
    {
        QCOMPARE(delaysAfter({Sign::Running, Sign::NotKnown, Sign::NotKnown, Sign::Unchanged,
                              Sign::NotKnown}),
                 (QList<qint64>{2000, 5000, 5000, 3000, 5000}));
    }

    void whatCannotBeReadIsAskedLessAndLess()
    {
        QCOMPARE(delaysAfter({Sign::Unreadable, Sign::Unreadable, Sign::Unreadable,
                              Sign::Unreadable, Sign::Unreadable, Sign::Unreadable}),
                 (QList<qint64>{5000, 10000, 20000, 40000, 60000, 60000}));
        QCOMPARE(delaysAfter(QList<Sign>(6, Sign::TooLarge)),
                 (QList<qint64>{60000, 120000, 240000, 480000, 900000, 900000}));
        QVERIFY(!isLively(after({}, Sign::TooLarge, 1h, {})));
    }

    void troubleBacksOffToAMinute()
    {
        QCOMPARE(delaysAfter(QList<Sign>(9, Sign::Trouble)),
                 (QList<qint64>{1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000}));
    }

    void everyRowOfThreeAnswersGivesASaneDelay()
    {
        for (const Sign a : allSigns)
            for (const Sign b : allSigns)
                for (const Sign c : allSigns)
                    for (const double unit : {0.0, 0.5, 0.999}) {
                        Pace pace;
                        milliseconds now = 1h;
                        for (const Sign sign : {a, b, c})
                            pace = after(pace, sign, now += 5s, {});
                        const auto following = next(pace, {}, unit);
                        const bool ended = pace.seen == Pace::Seen::Final;
                        QVERIFY(following || ended);
                        QVERIFY(!following || following->delay <= 15min);
                        // "Unchanged" as the very first answer cannot be, and is asked at once.
                        if (following && pace.seen != Pace::Seen::Nothing)
                            QVERIFY(following->delay >= 900ms);
                    }
    }

    void jitterShortensByATenthAtMost()
    {
        QCOMPARE(jittered(10s, 0.0), milliseconds(10s));
        QCOMPARE(jittered(10s, 0.5), 9500ms);
        QCOMPARE(jittered(10s, 1.0), milliseconds(9s));
        QCOMPARE(growing(1s, 2, 0, 1min), milliseconds(1s));
        QCOMPARE(growing(1s, 2, 1'000'000, 1min), milliseconds(1min));
    }

    // --- lanes ---
    void picksNothingWhereNothingIsDue()
    {
        Turns turns;
        QVERIFY(!pick({false, false, false, false}, turns));
        QCOMPARE(turns, Turns{});
    }

    void whateverIsDueAloneHasEachTurn()
    {
        for (std::size_t lane = 0; lane < laneCount; ++lane) {
            std::array<bool, laneCount> due{};
            due.at(lane) = true;
            Turns turns;
            for (int i = 0; i < 10; ++i)
                QCOMPARE(pick(due, turns), std::optional(Lane(lane)));
        }
    }

    void sharesTheTurnsFairly_data()
    {
        QTest::addColumn<QList<bool>>("due");
        QTest::addColumn<QList<int>>("shares"); // of 800 turns
        for (int mask = 0; mask < 16; ++mask) {
            const bool c = mask & 1, a = mask & 2, t = mask & 4, b = mask & 8;
            const int jumping = (c || a) ? ((t || b) ? 600 : 800) : 0;
            const int ordinary = (t || b) ? 800 - jumping : 0;
            QTest::addRow("%d%d%d%d", c, a, t, b) << QList<bool>{c, a, t, b}
                                                  << QList<int>{!c  ? 0
                                                                : a ? jumping / 2
                                                                    : jumping,
                                                                !a  ? 0
                                                                : c ? jumping / 2
                                                                    : jumping,
                                                                !t  ? 0
                                                                : b ? ordinary / 2
                                                                    : ordinary,
                                                                !b  ? 0
                                                                : t ? ordinary / 2
                                                                    : ordinary};
        }
    }
    void sharesTheTurnsFairly()
    {
        QFETCH(const QList<bool>, due);
        QFETCH(const QList<int>, shares);
        std::array<bool, laneCount> lanes{};
        std::copy(due.begin(), due.end(), lanes.begin());
        QList<int> got(4, 0);
        Turns turns;
        for (int i = 0; i < 800; ++i)
            if (const auto lane = pick(lanes, turns))
                ++got[qsizetype(*lane)];
        QCOMPARE(got, shares);
    }

    // --- queue ---
    void theQueueTakesByTimeWithinALane()
    {
        PollQueue queue;
        QVERIFY(!queue.firstDue() && !queue.takeFirst() && queue.isEmpty());
        queue.put(TaskId(u"b"_s), Lane::Background, 2s);
        queue.put(TaskId(u"a"_s), Lane::Background, 1s);
        queue.put(TaskId(u"c"_s), Lane::Background, 2s);
        queue.put(TaskId(u"s"_s), Lane::Attended, 3s);
        QCOMPARE(queue.firstDue(), std::optional<milliseconds>(1s));
        QVERIFY(!queue.takeDue(999ms));
        QCOMPARE(queue.takeDue(2s), std::optional(TaskId(u"a"_s)));
        QCOMPARE(queue.takeDue(3s), std::optional(TaskId(u"s"_s)));
        queue.put(TaskId(u"c"_s), Lane::Asked, 3s); // moves
        queue.remove(TaskId(u"x"_s));
        QCOMPARE(queue.takeFirst(), std::optional(TaskId(u"b"_s)));
        queue.remove(TaskId(u"c"_s));
        QVERIFY(queue.isEmpty());
    }

    // --- budget ---
    void theBudgetHoldsInEverySecond_data()
    {
        QTest::addColumn<int>("rate");
        for (const int rate : {1, 2, 7, 20, 200, 1000})
            QTest::addRow("%d/s", rate) << rate;
    }
    void theBudgetHoldsInEverySecond()
    {
        QFETCH(const int, rate);
        Budget budget(rate);
        QRandomGenerator random(7);
        std::deque<milliseconds> window;
        milliseconds now = 5min;
        qint64 sent = 0;
        const milliseconds end = now + 30s;
        while (now < end) {
            const milliseconds allowed = budget.nextAllowed(now);
            QVERIFY(allowed >= now);
            now = allowed + milliseconds(random.bounded(2)); // a timer is late
            if (random.bounded(100) == 0)
                now += milliseconds(random.bounded(3000)); // nothing was due
            budget.spend(now);
            ++sent;
            window.push_back(now);
            while (window.front() <= now - 1s)
                window.pop_front();
            QVERIFY(qsizetype(window.size()) <= rate);
        }
    }

    void theBudgetIsUsedUpInSpiteOfLateTimers()
    {
        Budget budget(20);
        QRandomGenerator random(7);
        milliseconds now = 0ms;
        int sent = 0;
        for (; now < 60s; ++sent) {
            now = budget.nextAllowed(now) + milliseconds(random.bounded(6));
            budget.spend(now);
        }
        QVERIFY2(sent >= 1150 && sent <= 1200, qPrintable(QString::number(sent)));
    }

    void aSenselessBudgetIsBounded()
    {
        Budget none(0);
        none.spend(0ms);
        QCOMPARE(none.nextAllowed(1ms), 1000ms);
        Budget huge(1'000'000'000);
        QCOMPARE(huge.nextAllowed(1ms), 1ms);
    }

    // --- the server's trouble ---
    void saysWhatEachErrorMeansForTheServer()
    {
        using Kind = PollError::Kind;
        const QHash<int, Connection> troubles{
            {int(Kind::NoPermission), Connection::NoPermission},
            {int(Kind::RateLimited), Connection::RateLimited},
            {int(Kind::ServerError), Connection::Unreachable},
            {int(Kind::Timeout), Connection::Unreachable},
            {int(Kind::Unreachable), Connection::Unreachable},
            {int(Kind::ForeignRedirect), Connection::Unreachable},
            {int(Kind::Certificate), Connection::CertificateProblem}};
        for (const Kind kind : allKinds) {
            QCOMPARE(isServerTrouble(kind), troubles.contains(int(kind)));
            const Connection fallback =
                kind == Kind::SignInNeeded ? Connection::SignInNeeded : Connection::Polling;
            QCOMPARE(connectionOf(kind), troubles.value(int(kind), fallback));
        }
    }

    void aHoldGrowsToAMinuteAndObeysOrders()
    {
        const PollManners manners;
        Hold hold;
        QVERIFY(!hold.isOn());
        QList<qint64> waits;
        for (int i = 0; i < 8; ++i) {
            hold = raised(hold, errorOf(PollError::Kind::Timeout), 1h, manners, 0);
            waits.append((hold.until - 1h).count());
        }
        QCOMPARE(waits, (QList<qint64>{1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000}));
        QVERIFY(!hold.ordered);

        const auto waitFor = [&](milliseconds order) {
            const Hold first = raised({}, ordered(order), 1h, manners, 0);
            return first.until - 1h;
        };
        QCOMPARE(waitFor(0s), milliseconds(1s));
        QCOMPARE(waitFor(90s), milliseconds(90s));
        QCOMPARE(waitFor(24h * 365), milliseconds(24h));
    }

    void hasteShortensABackOffButNoOrder()
    {
        const PollManners manners;
        Hold hold;
        for (int i = 0; i < 6; ++i)
            hold = raised(hold, errorOf(PollError::Kind::Unreachable), 1h, manners, 0);
        QCOMPARE(hastened(hold, 1h, manners).until, milliseconds(1h + 1s));
        const Hold order = raised({}, ordered(90s), 1h, manners, 0);
        QCOMPARE(hastened(order, 1h, manners), order);
        QCOMPARE(hastened(Hold{}, 1h, manners), Hold{});
    }

    void theGateLetsOneThroughToTry()
    {
        const PollManners manners;
        ServerGate gate;
        const int first = gate.sent();
        const int second = gate.sent();
        const int third = gate.sent();
        QVERIFY(gate.answered(first, errorOf(PollError::Kind::ServerError), 1h, manners, 0).raised);
        QCOMPARE(gate.opensAt(1h), std::optional<milliseconds>(1h + 1s));
        // What was sent before says nothing of the time after.
        QVERIFY(
            !gate.answered(second, errorOf(PollError::Kind::ServerError), 1h, manners, 0).raised);
        QVERIFY(!gate.answered(third, std::nullopt, 1h, manners, 0).recovered);
        QCOMPARE(gate.hold().failures, 1);

        const int probe = gate.sent();
        QVERIFY(!gate.opensAt(1h + 2s)); // until it ends
        QVERIFY(
            gate.answered(probe, errorOf(PollError::Kind::Timeout), 1h + 2s, manners, 0).raised);
        QCOMPARE(gate.opensAt(1h + 2s), std::optional<milliseconds>(1h + 4s));
        const int next = gate.sent();
        QVERIFY(
            gate.answered(next, errorOf(PollError::Kind::NotKnown), 1h + 4s, manners, 0).recovered);
        QCOMPARE(gate.opensAt(1h + 4s), std::optional<milliseconds>(1h + 4s));
        QVERIFY(!gate.hold().isOn());
    }

    void aLateOrderMakesTheHoldLonger()
    {
        const PollManners manners;
        ServerGate gate;
        const int first = gate.sent();
        const int second = gate.sent();
        gate.answered(first, errorOf(PollError::Kind::ServerError), 1h, manners, 0);
        QVERIFY(gate.answered(second, ordered(30s), 1h, manners, 0).raised);
        QCOMPARE(gate.opensAt(1h), std::optional<milliseconds>(1h + 30s));
        gate.networkReturned(10s); // what the server ordered passes in sleep, but is not void
        QCOMPARE(gate.opensAt(1h), std::optional<milliseconds>(1h + 20s));
    }

    void twoTimeoutsInARowMeanDeadConnections()
    {
        const PollManners manners;
        ServerGate gate;
        const auto timeout = errorOf(PollError::Kind::Timeout);
        QVERIFY(!gate.answered(gate.sent(), timeout, 1h, manners, 0).connectionsDead);
        QVERIFY(!gate.answered(gate.sent(), std::nullopt, 1h, manners, 0).connectionsDead);
        QVERIFY(!gate.answered(gate.sent(), timeout, 1h, manners, 0).connectionsDead);
        QVERIFY(gate.answered(gate.sent(), timeout, 1h, manners, 0).connectionsDead);
        QVERIFY(!gate.answered(gate.sent(), timeout, 1h, manners, 0).connectionsDead);
    }

    void aReturnedNetworkVoidsABackOff()
    {
        const PollManners manners;
        ServerGate gate;
        gate.answered(gate.sent(), errorOf(PollError::Kind::Unreachable), 1h, manners, 0);
        const int probe = gate.sent();
        gate.networkReturned(0ms);
        QCOMPARE(gate.opensAt(1h), std::optional<milliseconds>(1h));
        gate.dropped(probe); // of before
        QVERIFY(
            !gate.answered(probe, errorOf(PollError::Kind::Unreachable), 1h, manners, 0).raised);
    }

    void aDroppedTryLetsTheNextGo()
    {
        const PollManners manners;
        ServerGate gate;
        gate.answered(gate.sent(), ordered(1s), 1h, manners, 0);
        const int probe = gate.sent();
        QVERIFY(!gate.opensAt(1h + 2s));
        gate.dropped(probe);
        QVERIFY(gate.opensAt(1h + 2s));
    }
};

QTEST_GUILESS_MAIN(TestPollSchedule)
#include "test_pollschedule.moc"
