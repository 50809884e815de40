#include "pollerrig.h"

#include <QSet>
#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

using Rig = PollerRig;
const milliseconds begin = pollerRigBegin;

} // namespace

class TestTaskPoller final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // --- one task ---
    void followsATaskToItsEnd()
    {
        Rig rig;
        rig.answer = [&](const QByteArray &) {
            const auto awake = rig.clock.now().awake - begin;
            return ScriptedPeer::json(awake < 10s ? GuardianScript::running(int(awake / 1ms))
                                                  : GuardianScript::completed());
        };
        rig.poller.apply(rig.wish(u"a"_s));
        rig.run(1h);
        const auto times = rig.timesOf("a");
        QVERIFY(times.size() >= 7 && times.size() <= 9);
        QCOMPARE(times.constFirst(), 0);
        for (qsizetype i = 1; i < times.size(); ++i)
            QVERIFY(times.at(i) - times.at(i - 1) >= 1800 && times.at(i) - times.at(i - 1) <= 2000);
        QVERIFY(snapshotOf(rig.outcomes.at(rig.outcomes.size() - 2))->isFinal());
        QVERIFY(std::holds_alternative<Unchanged>(*rig.outcomes.constLast().answer));
        QVERIFY(!rig.outcomes.constLast().reply);
        QCOMPARE(rig.clock.activeTimers(), 0);
        QCOMPARE(rig.state(), Connection::Polling);

        PollWish again = rig.wish(u"a"_s);
        again.settled = true;
        again.dueNow = true;
        rig.poller.apply(again);
        rig.run(1h);
        QCOMPARE(rig.timesOf("a").size(), times.size() + 1);
    }

    void anUnchangedReplyIsNotReadAgain()
    {
        Rig rig;
        rig.poller.apply(rig.wish(u"a"_s));
        rig.run(20s);
        QVERIFY(rig.outcomes.size() >= 5);
        QCOMPARE(rig.parsed, 1);
        QVERIFY(rig.outcomes.constFirst().reply);
        const auto times = rig.timesOf("a");
        QVERIFY(times.at(4) - times.at(3) > times.at(1) - times.at(0));
    }

    void emptyAnswersAreConfirmedWithinTenSeconds()
    {
        Rig rig;
        rig.answer = [](const QByteArray &) { return ScriptedPeer::answer(200, ""); };
        rig.poller.apply(rig.wish(u"a"_s));
        rig.run(55s);
        QCOMPARE(rig.timesOf("a"), (QList<qint64>{0, 5000, 10000}));
        for (const PollOutcome &outcome : rig.outcomes)
            QCOMPARE(errorOf(outcome), std::optional(PollError::Kind::NotKnown));
        rig.run(1h);
        QVERIFY(rig.timesOf("a").size() <= 12);
        QCOMPARE(rig.state(), Connection::Polling);
    }

    void isInFlightOnceOnly()
    {
        Rig rig;
        rig.answer = [](const QByteArray &) { return QByteArray(); };
        PollWish now = rig.wish(u"a"_s);
        now.dueNow = true;
        for (int i = 0; i < 5; ++i)
            rig.poller.apply(now);
        PollWish gone = now;
        gone.tracked = false;
        rig.poller.apply(gone); // and comes back while its request is under way
        rig.poller.apply(now);
        rig.poller.lookUp(1, TaskId(u"a"_s));
        QTRY_COMPARE(rig.asked.size(), 1);
        rig.clock.advance(15s);
        QCOMPARE(rig.client.inFlight(), 1);
        QCOMPARE(rig.asked.size(), 1);
    }

    void aTaskNoLongerWatchedIsForgotten()
    {
        Rig rig;
        rig.poller.apply(rig.wish(u"a"_s));
        PollWish gone = rig.wish(u"a"_s);
        gone.tracked = false;
        rig.poller.apply(gone);
        QTRY_COMPARE(rig.client.inFlight(), 0);
        QVERIFY(rig.outcomes.isEmpty());
        QVERIFY(rig.poller.wishes().isEmpty());
        QCOMPARE(rig.clock.activeTimers(), 0);
    }

    void aPausedTaskIsAskedOnlyWhenDueNow()
    {
        Rig rig;
        PollWish paused = rig.wish(u"a"_s);
        paused.paused = true;
        rig.poller.apply(paused);
        rig.run(1min);
        QCOMPARE(rig.asked.size(), 0);
        paused.dueNow = true;
        rig.poller.apply(paused);
        rig.run(1min);
        QCOMPARE(rig.asked.size(), 1);
        rig.poller.apply(rig.wish(u"a"_s));
        rig.run(1s);
        QCOMPARE(rig.asked.size(), 2);
    }

    // --- many tasks ---
    void tenThousandTasksKeepToTheBudgetWithOneTimer()
    {
        Rig rig;
        rig.watch(10'000);
        rig.run(10s);
        QVERIFY2(densest(rig) <= 20, qPrintable(QString::number(densest(rig))));
        QVERIFY2(rig.asked.size() >= 195, qPrintable(QString::number(rig.asked.size())));
        QCOMPARE(rig.clock.activeTimers(), 1);
        QSet<QByteArray> different;
        for (const auto &each : rig.asked)
            different.insert(each.first);
        QCOMPARE(different.size(), rig.asked.size()); // nobody twice before everybody once
    }

    void whatIsVisibleComesFirstButTakesHalfAtMost()
    {
        Rig rig;
        rig.poller.setPaused(true);
        rig.watch(1000);
        for (int i = 900; i < 1000; ++i) {
            PollWish wish = rig.wish(QString::number(i));
            wish.attention = PollWish::Attention::Visible;
            rig.poller.apply(wish);
        }
        rig.poller.setPaused(false);
        rig.run(7s);
        int visible = 0;
        for (const auto &each : rig.asked)
            visible += each.first.toInt() >= 900;
        QVERIFY2(visible * 2 <= rig.asked.size() + 1 && visible * 2 >= rig.asked.size() - 10,
                 qPrintable(QString::number(visible)));
    }

    void whatIsDueNowJumpsTheQueue()
    {
        Rig rig;
        rig.watch(1000);
        rig.run(1s);
        PollWish now = rig.wish(u"999"_s);
        now.dueNow = true;
        rig.poller.apply(now);
        rig.asked.clear();
        rig.run(500ms);
        QVERIFY(rig.timesOf("999").size() == 1);
        QVERIFY(rig.asked.at(0).first == "999" || rig.asked.at(1).first == "999");
    }

    // --- sign-in ---
    void oneRefusalStopsTenThousandTasks()
    {
        Rig rig;
        rig.watch(10'000);
        rig.run(2s);
        rig.answer = [](const QByteArray &) {
            return ScriptedPeer::answer(401, R"({"message":"Unauthorized","statusCode":401})");
        };
        // The first refusal that is read ends all sending.
        qsizetype sentByThen = -1;
        const QSignalSpy needed(&rig.session, &Session::signInNeeded);
        connect(&rig.session, &Session::signInNeeded, &rig.poller,
                [&] { sentByThen = rig.asked.size() + rig.client.inFlight(); });
        // A listener that wishes for more, as the store in the same thread does.
        connect(&rig.poller, &TaskPoller::answered, &rig.poller,
                [&] { rig.poller.apply(rig.wish(u"0"_s)); });
        rig.run(1h);
        QCOMPARE(needed.count(), 1);
        QCOMPARE(rig.client.inFlight(), 0);
        const qsizetype atRefusal = rig.asked.size();
        QVERIFY(atRefusal <= sentByThen);
        QCOMPARE(rig.state(), Connection::SignInNeeded);
        QCOMPARE(errorOf(rig.outcomes.constLast()), std::optional(PollError::Kind::SignInNeeded));
        PollWish now = rig.wish(u"7"_s);
        now.dueNow = true;
        rig.poller.apply(now);
        rig.poller.networkReturned(1h);
        rig.run(1h);
        QCOMPARE(rig.asked.size(), atRefusal);

        rig.answer = [](const QByteArray &) {
            return ScriptedPeer::json(GuardianScript::running(2));
        };
        rig.session.setCredentials({{}, Secret("token-2"), {}});
        rig.run(10s);
        QCOMPARE(rig.state(), Connection::Polling);
        QVERIFY(rig.asked.size() > atRefusal + 150);
        QCOMPARE(rig.tokens.constLast(), QByteArray("Bearer token-2"));
        QVERIFY(densest(rig) <= 20);
    }

    void noTokenNoRequest()
    {
        Rig rig({}, false);
        rig.watch(3);
        rig.run(1min);
        QCOMPARE(rig.asked.size(), 0);
        QCOMPARE(rig.state(), Connection::SignInNeeded);
    }

    void aLateRefusalOfAnOldTokenDoesNothing()
    {
        Rig rig;
        QTcpSocket *held = nullptr;
        rig.peer.setHandler([&](const ScriptedPeer::Request &request, QTcpSocket &socket) {
            rig.tokens.append(request.headers.value("authorization"));
            if (rig.tokens.size() == 1)
                held = &socket;
            else
                socket.write(ScriptedPeer::json(GuardianScript::running(1)));
        });
        rig.poller.apply(rig.wish(u"a"_s));
        QTRY_VERIFY(held);
        rig.session.setCredentials({{}, Secret("token-2"), {}});
        held->write(ScriptedPeer::answer(401, "{}"));
        QTRY_COMPARE(rig.tokens.size(), 1);
        QTRY_VERIFY(rig.clock.nextTimer());
        rig.run(1s);
        QTRY_COMPARE(rig.outcomes.size(), 1);
        QVERIFY(snapshotOf(rig.outcomes.constFirst()));
        QCOMPARE(rig.tokens.constLast(), QByteArray("Bearer token-2"));
        QCOMPARE(rig.state(), Connection::Polling);
    }

    // --- trouble ---
    void retryAfterIsObeyedByTheWholeServer()
    {
        Rig rig;
        rig.watch(100);
        rig.run(1s);
        rig.answer = [](const QByteArray &) {
            return ScriptedPeer::answer(429, "", "Retry-After: 30\r\n");
        };
        rig.run(100ms);
        QCOMPARE(rig.state(), Connection::RateLimited);
        QCOMPARE(rig.poller.status().cause->kind, PollError::Kind::RateLimited);
        const qsizetype before = rig.asked.size();
        PollWish now = rig.wish(u"1"_s);
        now.dueNow = true;
        rig.poller.apply(now); // nothing shortens an order
        rig.run(29s);
        QCOMPARE(rig.asked.size(), before);
        rig.answer = [](const QByteArray &) {
            return ScriptedPeer::json(GuardianScript::running(1));
        };
        rig.run(10s);
        QCOMPARE(rig.state(), Connection::Polling);
        QVERIFY(rig.asked.size() > before + 50);
        QVERIFY(densest(rig) <= 20);
    }

    void aServerInTroubleIsTriedByOneRequestAtATime()
    {
        Rig rig;
        rig.watch(1000);
        rig.run(1s);
        const qsizetype before = rig.asked.size();
        rig.answer = [](const QByteArray &) { return ScriptedPeer::answer(502, "<html>"); };
        rig.run(10min);
        QCOMPARE(rig.state(), Connection::Unreachable);
        QVERIFY(rig.poller.status().until);
        // 1, 2, 4 … 32 s apart, then a minute: about 15 tries in ten minutes.
        const qsizetype tries = rig.asked.size() - before;
        QVERIFY2(tries >= 13 && tries <= 22, qPrintable(QString::number(tries)));
        const auto last = rig.asked.constLast().second - rig.asked.at(rig.asked.size() - 2).second;
        QVERIFY(last >= 54s && last <= 60s);

        rig.answer = [](const QByteArray &) {
            return ScriptedPeer::json(GuardianScript::running(1));
        };
        const qsizetype tried = rig.asked.size();
        rig.run(70s);
        QCOMPARE(rig.state(), Connection::Polling);
        QVERIFY(rig.asked.size() > tried + 150);
        QVERIFY(densest(rig) <= 20);
    }

    void oneTaskThatAlwaysFailsDoesNotStopTheOthers()
    {
        Rig rig;
        rig.answer = [](const QByteArray &task) {
            return task == "bad" ? ScriptedPeer::answer(500, "{}")
                                 : ScriptedPeer::json(GuardianScript::running(1));
        };
        rig.poller.apply(rig.wish(u"bad"_s));
        rig.poller.apply(rig.wish(u"good"_s));
        rig.run(5min);
        QVERIFY2(rig.timesOf("good").size() >= 20,
                 qPrintable(QString::number(rig.timesOf("good").size())));
        QVERIFY(rig.timesOf("bad").size() <= 12);
    }

    void anAskedForAnswerHastensTheNextTry()
    {
        Rig rig;
        rig.answer = [](const QByteArray &) { return ScriptedPeer::answer(500, "{}"); };
        rig.watch(1);
        rig.run(5min);
        const qsizetype before = rig.asked.size();
        rig.run(1s);
        PollWish now = rig.wish(u"0"_s);
        now.dueNow = true;
        rig.poller.apply(now);
        rig.run(1s);
        QCOMPARE(rig.asked.size(), before + 1);
    }

    void noPermissionIsToldAndTriedAgain()
    {
        Rig rig;
        rig.answer = [](const QByteArray &) {
            return ScriptedPeer::answer(403, R"({"message":"Forbidden","statusCode":403})");
        };
        rig.watch(50);
        rig.run(1min);
        QCOMPARE(rig.state(), Connection::NoPermission);
        QVERIFY(rig.asked.size() < 20);
        rig.answer = [](const QByteArray &) {
            return ScriptedPeer::json(GuardianScript::running(1));
        };
        rig.run(1min);
        QCOMPARE(rig.state(), Connection::Polling);
    }

    void twoTimeoutsInARowClearTheConnections()
    {
        Rig rig;
        rig.answer = [](const QByteArray &) { return QByteArray(); };
        rig.watch(2);
        QTRY_COMPARE(rig.asked.size(), 1);
        rig.clock.advance(50ms);
        QTRY_COMPARE(rig.asked.size(), 2);
        QCOMPARE(rig.client.connectionsCleared(), 0);
        rig.clock.advance(20s);
        QCOMPARE(rig.outcomes.size(), 2);
        QCOMPARE(rig.client.connectionsCleared(), 1);
        QCOMPARE(rig.state(), Connection::Unreachable);
        QCOMPARE(rig.poller.status().cause->kind, PollError::Kind::Timeout);
        rig.answer = [](const QByteArray &) {
            return ScriptedPeer::json(GuardianScript::running(1));
        };
        rig.run(10s);
        QCOMPARE(rig.state(), Connection::Polling);
    }

    void aReturnedNetworkAsksAtOnceOnFreshConnections()
    {
        Rig rig;
        rig.watch(30);
        rig.run(2min);
        const qsizetype before = rig.asked.size();
        rig.answer = [](const QByteArray &) { return QByteArray(); };
        rig.clock.advance(15s);
        QTRY_COMPARE(rig.client.inFlight(), 6);
        const qsizetype outcomes = rig.outcomes.size();
        rig.answer = [](const QByteArray &) {
            return ScriptedPeer::json(GuardianScript::running(1));
        };
        rig.poller.networkReturned(1h);
        QCOMPARE(rig.outcomes.size(), outcomes); // what was given up tells nothing
        rig.asked.clear();
        rig.run(2500ms);
        QSet<QByteArray> different;
        for (const auto &each : rig.asked)
            different.insert(each.first);
        QCOMPARE(different.size(), 30);
        QVERIFY(rig.asked.constLast().second - rig.asked.constFirst().second > 1s); // spread
        QVERIFY(before > 0);
        QCOMPARE(rig.state(), Connection::Polling);
    }

    void aPausedServerIsAskedOnlyWhenAskedFor()
    {
        Rig rig;
        rig.watch(5);
        rig.run(5s);
        rig.poller.setPaused(true);
        QCOMPARE(rig.state(), Connection::Paused);
        rig.settle();
        const qsizetype before = rig.asked.size();
        rig.run(10min);
        QCOMPARE(rig.asked.size(), before);
        PollWish now = rig.wish(u"3"_s);
        now.dueNow = true;
        rig.poller.apply(now);
        rig.run(10min);
        QCOMPARE(rig.asked.size(), before + 1);
        rig.poller.setPaused(false);
        QCOMPARE(rig.state(), Connection::Polling);
        rig.run(3s);
        QVERIFY(rig.asked.size() >= before + 6);
    }

    void aStatusIsToldOnlyWhenItDiffers()
    {
        Rig rig;
        const qsizetype start = rig.statuses.count();
        rig.watch(20);
        rig.run(1min);
        QCOMPARE(rig.statuses.count(), start);
        rig.answer = [](const QByteArray &) { return ScriptedPeer::answer(503, ""); };
        rig.run(1min);
        const auto first = rig.statuses.at(start).constFirst().value<ConnectionStatus>();
        const auto last = rig.statuses.constLast().constFirst().value<ConnectionStatus>();
        QCOMPARE(first.state, Connection::Unreachable);
        QCOMPARE(last.since, first.since);
        QVERIFY(last.until > first.until);
        for (qsizetype i = 1; i < rig.statuses.count(); ++i)
            QVERIFY(rig.statuses.at(i) != rig.statuses.at(i - 1));
    }

    // --- looking up ---
    void looksUpWithoutTracking()
    {
        Rig rig;
        rig.poller.lookUp(7, TaskId(u"a"_s));
        QTRY_COMPARE(rig.found.size(), 1);
        QCOMPARE(rig.found.constFirst().first, quint64(7));
        QVERIFY(snapshotOf(rig.found.constFirst().second));
        QVERIFY(rig.found.constFirst().second.reply);
        rig.run(1h);
        QCOMPARE(rig.asked.size(), 1);
        QVERIFY(rig.outcomes.isEmpty());
    }

    void looksUpWhatIsTrackedWithAWholeAnswer()
    {
        Rig rig;
        rig.poller.apply(rig.wish(u"a"_s));
        rig.run(100ms);
        rig.poller.lookUp(7, TaskId(u"a"_s));
        rig.poller.lookUp(8, TaskId(u"a"_s));
        rig.run(100ms);
        QCOMPARE(rig.found.size(), 2);
        QVERIFY(snapshotOf(rig.found.constLast().second));
        QVERIFY(rig.found.constLast().second.reply);
        QVERIFY(std::holds_alternative<Unchanged>(*rig.outcomes.constLast().answer));
        QCOMPARE(rig.asked.size(), 2);
    }

    void whatIsNotKnownIsAskedThreeTimesInTenSeconds()
    {
        Rig rig;
        rig.answer = [](const QByteArray &) { return ScriptedPeer::answer(200, ""); };
        rig.poller.lookUp(1, TaskId(u"a"_s));
        for (int i = 0; i < 3; ++i) {
            QTRY_COMPARE(rig.client.inFlight(), 0);
            QTRY_COMPARE(rig.asked.size(), i + 1);
            QCOMPARE(rig.found.size(), i == 2 ? 1 : 0);
            rig.clock.advance(5s);
        }
        QCOMPARE(rig.timesOf("a"), (QList<qint64>{0, 5000, 10000}));
        QCOMPARE(errorOf(rig.found.constFirst().second), std::optional(PollError::Kind::NotKnown));
    }

    void aLookUpDoesNotWaitForASignIn()
    {
        Rig rig({}, false);
        rig.poller.lookUp(1, TaskId(u"a"_s));
        QCOMPARE(rig.found.size(), 1);
        QCOMPARE(errorOf(rig.found.constFirst().second),
                 std::optional(PollError::Kind::SignInNeeded));
    }

    void manyLookUpsOfARefusedTokenEndTogether()
    {
        Rig rig;
        rig.answer = [](const QByteArray &) { return ScriptedPeer::answer(401, "{}"); };
        for (quint64 i = 0; i < 50; ++i)
            rig.poller.lookUp(i, TaskId(QString::number(i)));
        QTRY_COMPARE(rig.found.size(), 50);
        for (const auto &each : rig.found)
            QCOMPARE(errorOf(each.second), std::optional(PollError::Kind::SignInNeeded));
        QVERIFY(rig.asked.size() <= 6);
    }

    void lookUpsOfADeadServerEndSoon()
    {
        Rig rig;
        rig.answer = [](const QByteArray &) { return ScriptedPeer::answer(502, ""); };
        for (quint64 i = 0; i < 50; ++i)
            rig.poller.lookUp(i, TaskId(QString::number(i)));
        QTRY_VERIFY(!rig.found.isEmpty());
        QTRY_COMPARE(rig.client.inFlight(), 0);
        rig.clock.advance(2s);
        QTRY_COMPARE(rig.found.size(), 50);
        for (const auto &each : rig.found)
            QCOMPARE(errorOf(each.second), std::optional(PollError::Kind::ServerError));
    }

    void aLookUpDoesNotWaitForALongOrder()
    {
        Rig rig;
        rig.answer = [](const QByteArray &) {
            return ScriptedPeer::answer(429, "", "Retry-After: 60\r\n");
        };
        rig.watch(1);
        rig.run(1s);
        rig.poller.lookUp(1, TaskId(u"a"_s));
        QCOMPARE(rig.found.size(), 1);
        QCOMPARE(errorOf(rig.found.constFirst().second),
                 std::optional(PollError::Kind::RateLimited));
    }

    void otherMannersCountFromNowOn()
    {
        Rig rig;
        rig.watch(200);
        rig.run(2s);
        PollManners slow;
        slow.requestsPerSecond = 2;
        rig.poller.setManners(slow);
        const qsizetype before = rig.asked.size();
        rig.run(10s);
        QVERIFY(rig.asked.size() - before <= 21);
        QVERIFY(rig.asked.size() - before >= 18);
    }
};

QTEST_GUILESS_MAIN(TestTaskPoller)
#include "test_taskpoller.moc"
