#include "pollerrig.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

using Rig = PollerRig;

PushMessage whole(const QString &task, const QByteArray &rest)
{
    PushMessage message;
    message.kind = PushMessage::Kind::Task;
    message.task = TaskId(task);
    message.data =
        R"({"taskId":")" + task.toUtf8() + R"(","action":"Publish policy",)" + rest + '}';
    return message;
}

PushMessage running(const QString &task, int percent)
{
    return whole(task, R"("info":{"started":true,"progress":)" + QByteArray::number(percent) + '}');
}

PushMessage hint(const QString &task)
{
    PushMessage message;
    message.kind = PushMessage::Kind::TaskHint;
    message.task = TaskId(task);
    return message;
}

/// Answers as the server does of which the pushes tell: a task of our own for each ID.
QByteArray asPushed(const QByteArray &task, int percent)
{
    return ScriptedPeer::json(running(QString::fromUtf8(task), percent).data);
}

} // namespace

/// What becomes of what the server tells by itself, and of what is asked aside.
class TestTaskPollerPush final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aWholePushIsToldAtOnce()
    {
        Rig rig;
        rig.answer = [](const QByteArray &task) { return asPushed(task, 1); };
        rig.watch(1);
        rig.run(1s);
        QCOMPARE(rig.outcomes.size(), 1);
        rig.poller.takePush(running(u"0"_s, 50));
        QCOMPARE(rig.outcomes.size(), 2);
        QCOMPARE(snapshotOf(rig.outcomes.constLast())->percent, 50);
        QCOMPARE(rig.outcomes.constLast().sentAt, rig.clock.now());
        QCOMPARE(rig.outcomes.constLast().reply->body.whole(), running(u"0"_s, 50).data);
        QCOMPARE(rig.parsed, 2);
        rig.poller.takePush(running(u"0"_s, 50)); // nothing new: it is not read again
        QCOMPARE(rig.parsed, 2);
        QVERIFY(std::holds_alternative<Unchanged>(*rig.outcomes.constLast().answer));
        QCOMPARE(rig.asked.size(), 1);
    }

    void aPushedEndIsConfirmedByAsking()
    {
        Rig rig;
        const PushMessage end = whole(u"0"_s, R"("result":"0.0.1")");
        rig.answer = [](const QByteArray &task) { return asPushed(task, 1); };
        rig.watch(1);
        rig.run(1s);
        rig.answer = [&](const QByteArray &) { return ScriptedPeer::json(end.data); };
        rig.poller.takePush(end);
        QVERIFY(snapshotOf(rig.outcomes.constLast())->isFinal());
        rig.run(1h);
        QCOMPARE(rig.asked.size(), 2);
        QVERIFY(std::holds_alternative<Unchanged>(*rig.outcomes.constLast().answer));
        rig.poller.takePush(running(u"0"_s, 60)); // late: it has ended
        rig.run(1h);
        QCOMPARE(rig.asked.size(), 2);
        QCOMPARE(rig.outcomes.size(), 3);
    }

    void whatIsNotWatchedIsDropped()
    {
        Rig rig;
        rig.watch(2);
        PollWish paused = rig.wish(u"1"_s);
        paused.paused = true;
        rig.poller.apply(paused);
        rig.run(3s);
        const auto asked = rig.asked.size();
        const auto told = rig.outcomes.size();
        for (const auto &task : {u"1"_s, u"stranger"_s}) {
            rig.poller.takePush(running(task, 50));
            rig.poller.takePush(hint(task));
        }
        rig.run(1ms);
        QCOMPARE(rig.asked.size(), asked);
        QCOMPARE(rig.outcomes.size(), told);
        QVERIFY(!rig.poller.isTracked(TaskId(u"stranger"_s)));
    }

    void whatIsNotWholeIsAReasonToAsk_data()
    {
        QTest::addColumn<PushMessage>("message");
        QTest::newRow("partial") << hint(u"0"_s);
        QTest::newRow("broken") << whole(u"0"_s, R"("info":{"progress":,})");
        QTest::newRow("deep") << whole(u"0"_s,
                                       R"("info":)" + QByteArray(600, '[') + QByteArray(600, ']'));
    }
    void whatIsNotWholeIsAReasonToAsk()
    {
        QFETCH(const PushMessage, message);
        Rig rig;
        rig.watch(1);
        rig.run(40s); // it stands still, and is asked rarely
        const auto asked = rig.asked.size();
        const auto told = rig.outcomes.size();
        const auto wait = rig.clock.nextTimer();
        QVERIFY(wait && *wait > 2s);
        rig.clock.advance(2s - 1ms);
        for (int i = 0; i < 100; ++i)
            rig.poller.takePush(message);
        rig.run(1ms);
        QCOMPARE(rig.asked.size(), asked + 1); // once, and not a hundred times
        QCOMPARE(rig.outcomes.size(), told + 1);
        for (int i = 0; i < 100; ++i)
            rig.poller.takePush(message);
        rig.run(1900ms); // no sooner than a task that moves
        QCOMPARE(rig.asked.size(), asked + 1);
        rig.run(200ms);
        QCOMPARE(rig.asked.size(), asked + 2);
    }

    void anotherDialectIsNotMixedIn()
    {
        Rig rig;
        rig.answer = [](const QByteArray &) {
            return ScriptedPeer::json(R"({"taskId":"0","action":"X","done":false,"steps":[]})");
        };
        rig.watch(1);
        rig.run(1s);
        rig.poller.takePush(running(u"0"_s, 50));
        QCOMPARE(rig.outcomes.size(), 1);
        rig.run(1100ms);
        QCOMPARE(rig.asked.size(), 2);
    }

    void hintsKeepToTheBudget()
    {
        Rig rig;
        rig.answer = [](const QByteArray &task) { return asPushed(task, 1); };
        rig.watch(300);
        for (int second = 0; second < 20; ++second) {
            for (int i = 0; i < 300; ++i)
                rig.poller.takePush(hint(QString::number(i)));
            rig.run(1s);
        }
        QVERIFY2(densest(rig) <= 20, qPrintable(QString::number(densest(rig))));
        QSet<QByteArray> different;
        for (const auto &each : std::as_const(rig.asked))
            different.insert(each.first);
        QCOMPARE(different.size(), 300);
    }

    // --- while push is live ---
    void whileLiveARunningTaskIsAskedEachMinute()
    {
        Rig rig;
        int percent = 1;
        rig.answer = [&](const QByteArray &task) { return asPushed(task, percent); };
        rig.watch(1);
        rig.run(1s);
        rig.poller.setLive(true);
        QCOMPARE(rig.state(), Connection::Live);
        rig.run(2s); // what was due already is asked once more
        rig.asked.clear();
        rig.run(10min);
        QVERIFY2(rig.asked.size() >= 9 && rig.asked.size() <= 11,
                 qPrintable(QString::number(rig.asked.size())));
        for (int i = 0; i < 20; ++i) { // it moves, and the server tells
            rig.poller.takePush(running(u"0"_s, ++percent));
            rig.run(1s);
        }
        rig.asked.clear();
        rig.run(30s);
        QVERIFY(rig.asked.isEmpty());

        rig.poller.setLive(false);
        QCOMPARE(rig.state(), Connection::Polling);
        rig.run(2s); // within one interval
        QCOMPARE(rig.asked.size(), 1);
    }

    /// A minute, or what the budget allows, whichever is longer.
    void whileLiveTheBudgetSaysHowRarelyManyAreAsked()
    {
        constexpr int count = 180; // of one a second: three minutes
        PollManners manners;
        manners.requestsPerSecond = 1;
        Rig rig(manners);
        rig.answer = [](const QByteArray &task) { return asPushed(task, 1); };
        rig.watch(count);
        rig.poller.setLive(true);
        rig.run(count * 1s); // each was asked
        rig.asked.clear();
        rig.run(3 * count * 1s);
        QVERIFY(densest(rig) <= 1);
        for (int i = 0; i < count; ++i) {
            const auto times = rig.timesOf(QByteArray::number(i));
            QVERIFY(times.size() >= 2);
            for (qsizetype j = 1; j < times.size(); ++j)
                QVERIFY2(times[j] - times[j - 1] >= 165'000 && times[j] - times[j - 1] <= 195'000,
                         qPrintable(QString::number(times[j] - times[j - 1])));
        }
    }

    void aChangeThatWasNotPushedBringsPollingBack()
    {
        Rig rig;
        int percent = 1;
        rig.answer = [&](const QByteArray &task) { return asPushed(task, percent); };
        rig.watch(2);
        rig.run(1s);
        rig.poller.setLive(true);
        rig.run(3s);
        ++percent;
        rig.run(62s); // the slow check finds it
        rig.asked.clear();
        for (int i = 0; i < 20; ++i) {
            ++percent;
            rig.poller.takePush(running(u"1"_s, percent)); // the other one is told of
            rig.run(1s);
        }
        QVERIFY(rig.timesOf("0").size() >= 9);
        QVERIFY(rig.timesOf("1").size() <= 1);
        rig.poller.takePush(running(u"0"_s, percent));
        rig.run(1s);
        rig.asked.clear();
        rig.run(50s);
        QVERIFY2(rig.timesOf("0").isEmpty(), "told of again: asked rarely again");
    }

    void liveIsOnlyShownWhereNothingIsWrong()
    {
        Rig rig;
        rig.poller.setLive(true);
        QCOMPARE(rig.state(), Connection::Live);
        rig.poller.setPaused(true);
        QCOMPARE(rig.state(), Connection::Paused);
        rig.poller.setPaused(false);
        rig.answer = [](const QByteArray &) { return ScriptedPeer::answer(500, "{}"); };
        rig.watch(1);
        rig.run(100ms);
        QCOMPARE(rig.state(), Connection::Unreachable);
        rig.answer = [](const QByteArray &task) { return asPushed(task, 1); };
        rig.run(10s);
        QCOMPARE(rig.state(), Connection::Live);
        rig.session.setCredentials({});
        QCOMPARE(rig.state(), Connection::SignInNeeded);
    }

    // --- asked aside ---
    void whatIsAskedAsideCountsInTheBudget()
    {
        Rig rig;
        rig.watch(1000);
        int answers = 0;
        for (int second = 0; second < 5; ++second) {
            rig.poller.askAside(u"notifications/progresses"_s, [&](const ReplyData &reply) {
                QCOMPARE(reply.httpStatus, 200);
                ++answers;
            });
            rig.run(1s);
        }
        QCOMPARE(answers, 5);
        QCOMPARE(rig.timesOf("progresses").size(), 5);
        QVERIFY2(densest(rig) <= 20, qPrintable(QString::number(densest(rig))));
    }

    void whatIsAskedAsideWaitsForATokenAndForBetterTimes()
    {
        Rig rig({}, false);
        int status = 0;
        const auto ask = [&] {
            rig.poller.askAside(u"notifications/progresses"_s,
                                [&](const ReplyData &reply) { status = reply.httpStatus; });
        };
        ask();
        rig.clock.advance(1s);
        QVERIFY(rig.asked.isEmpty());
        rig.session.setCredentials({{}, Secret("token-1"), {}});
        QTRY_COMPARE(status, 200);
        QCOMPARE(rig.tokens, QList<QByteArray>{"Bearer token-1"});

        rig.answer = [](const QByteArray &task) {
            return ScriptedPeer::answer(task == "progresses" ? 403 : 500, "{}");
        };
        rig.clock.advance(1s);
        ask();
        QTRY_COMPARE(status, 403);
        QCOMPARE(rig.state(), Connection::Polling); // its trouble is not the server's
        rig.watch(1);
        rig.run(100ms);
        QCOMPARE(rig.state(), Connection::Unreachable);
        const auto asked = rig.timesOf("progresses").size();
        ask();
        rig.run(5s);
        QCOMPARE(rig.timesOf("progresses").size(), asked);
        rig.answer = [](const QByteArray &task) { return asPushed(task, 1); };
        status = 0;
        rig.run(10s);
        QTRY_COMPARE(status, 200);
    }

    void whatIsDroppedIsNeitherAskedAgainNorTold_data()
    {
        QTest::addColumn<bool>("answered");
        QTest::newRow("no answer") << false;
        QTest::newRow("answered late") << true;
    }
    void whatIsDroppedIsNeitherAskedAgainNorTold()
    {
        QFETCH(const bool, answered);
        Rig rig;
        rig.answer = [](const QByteArray &) { return QByteArray(); }; // not yet
        int told = 0;
        const auto ask = [&] {
            rig.poller.askAside(u"notifications/progresses"_s, [&](const ReplyData &) { ++told; });
        };
        ask();
        QTRY_COMPARE(rig.asked.size(), 1);
        if (!answered) {
            rig.poller.networkReturned(0ms);
            rig.clock.advance(1s);             // the budget
            QTRY_COMPARE(rig.asked.size(), 2); // it is still wanted
            rig.poller.dropAside();
            rig.poller.networkReturned(0ms);
        } else {
            rig.answer = [&](const QByteArray &) {
                rig.poller.dropAside(); // while its answer is on its way
                return ScriptedPeer::json("[]");
            };
            rig.poller.networkReturned(0ms);
            rig.clock.advance(1s);
            QTRY_COMPARE(rig.asked.size(), 2);
        }
        const auto asked = rig.asked.size();
        rig.run(10s);
        QCOMPARE(rig.asked.size(), asked);
        QCOMPARE(told, 0);
        QCOMPARE(rig.client.inFlight(), 0);
        rig.answer = [](const QByteArray &) { return ScriptedPeer::json("[]"); };
        ask();
        QTRY_COMPARE(told, 1);
    }

    void refusalsAndOrdersOfWhatIsAskedAsideBindAll()
    {
        Rig rig;
        int status = 0;
        const auto ask = [&](int answer, const QByteArray &header) {
            rig.answer = [=](const QByteArray &) {
                return ScriptedPeer::answer(answer, "{}", header);
            };
            rig.poller.askAside(u"notifications/progresses"_s,
                                [&](const ReplyData &reply) { status = reply.httpStatus; });
        };
        ask(429, "Retry-After: 30\r\n");
        QTRY_COMPARE(status, 429);
        QCOMPARE(rig.state(), Connection::RateLimited);
        rig.watch(1);
        rig.run(29s);
        QVERIFY(rig.timesOf("0").isEmpty());
        rig.answer = [](const QByteArray &task) { return asPushed(task, 1); };
        rig.run(2s);
        QCOMPARE(rig.timesOf("0").size(), 1);
        ask(401, {});
        QTRY_COMPARE(status, 401);
        QCOMPARE(rig.state(), Connection::SignInNeeded);
    }
};

QTEST_GUILESS_MAIN(TestTaskPollerPush)
#include "test_taskpollerpush.moc"
