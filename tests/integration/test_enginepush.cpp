#include "guardian/engine.h"
#include "simulatorfixture.h"

#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QList<TaskId> idsOf(const QList<DiscoveredTask> &tasks)
{
    QList<TaskId> ids;
    for (const DiscoveredTask &task : tasks)
        ids.append(task.taskId);
    return ids;
}

} // namespace

/// Push and discovery from the server to the engine's signals.
class TestEnginePush final : public SimulatorFixture
{
    Q_OBJECT

private:
    std::unique_ptr<Engine> m_engine;
    ServerConfig m_config;
    QHash<TaskKey, std::shared_ptr<const TaskSnapshot>> m_known;
    QList<DiscoveredTask> m_found;
    int m_finds = 0;
    Connection m_state = Connection::Polling;

    void makeEngine(bool push, bool discover)
    {
        m_engine = std::make_unique<Engine>(*m_clock, EngineParts{{}, [] { return 0.5; }});
        connect(m_engine.get(), &Engine::polled, this, [this](const QList<PollOutcome> &outcomes) {
            for (const PollOutcome &outcome : outcomes)
                if (outcome.answer)
                    if (const auto *fresh =
                            std::get_if<std::shared_ptr<const TaskSnapshot>>(&*outcome.answer))
                        m_known.insert(outcome.key, *fresh);
        });
        connect(m_engine.get(), &Engine::discovered, this,
                [this](const ServerId &, const QList<DiscoveredTask> &tasks) {
                    m_found = tasks;
                    ++m_finds;
                });
        connect(
            m_engine.get(), &Engine::connectionChanged, this,
            [this](const ServerId &, const ConnectionStatus &status) { m_state = status.state; });
        m_config.id = ServerId::create();
        m_config.root = ApiRoot(m_simulator->apiRoot());
        m_config.push = push;
        m_config.discover = discover;
        m_engine->setServer(m_config);
        m_engine->setToken(m_config.id, Secret(m_token));
    }
    void watch(const TaskId &id)
    {
        PollWish wish;
        wish.key = {m_config.id, id};
        m_engine->applyWishes({wish});
    }
    [[nodiscard]] int percentOf(const TaskId &id) const
    {
        const auto snapshot = m_known.value({m_config.id, id});
        return snapshot ? snapshot->percent.value_or(-1) : -1;
    }
    void openPush()
    {
        m_clock->advance(1s);
        QTRY_COMPARE(m_simulator->push().signedInClients(), 1);
    }
    /// Two round trips of others: what was on its way before has arrived.
    void pump()
    {
        for (int trip = 0; trip < 2; ++trip)
            QCOMPARE(ask("GET", control(u"state"_s)).status, 200);
    }
    /// In steps, so that what is on its way arrives in between.
    void pass(std::chrono::seconds span)
    {
        for (auto left = span; left > 0s; left -= 1s) {
            m_clock->advance(1s);
            pump();
        }
    }

private Q_SLOTS:
    void init()
    {
        begin();
        m_known.clear();
        m_found.clear();
        m_finds = 0;
    }
    void cleanup()
    {
        m_engine.reset();
        end();
    }

    void changesComeByPushAndAskingBecomesRare()
    {
        makeEngine(true, false);
        openPush();
        const TaskId id = m_simulator->start(Script::Nested);
        watch(id);
        QTRY_VERIFY(percentOf(id) >= 0);
        for (int i = 0; i < 100 && m_state != Connection::Live; ++i)
            pass(1s);
        QCOMPARE(m_state, Connection::Live);
        pass(3s);
        m_simulator->clearLog();
        const int before = percentOf(id);
        pass(50s);
        QVERIFY(percentOf(id) > before);
        QVERIFY2(m_simulator->requestsOf(id) <= 1,
                 qPrintable(QString::number(m_simulator->requestsOf(id))));

        m_simulator->goDown();
        QTRY_VERIFY(m_state != Connection::Live);
        QVERIFY(m_simulator->comeBack());
        m_simulator->clearLog();
        m_clock->advance(2s); // one interval
        QTRY_COMPARE(m_simulator->requestsOf(id), 1);
        QCOMPARE(m_state, Connection::Polling);
        for (int i = 0; i < 100 && m_state != Connection::Live; ++i)
            pass(1s);
        QCOMPARE(m_state, Connection::Live); // by itself
        pass(5min);
        QTRY_VERIFY(m_known.value({m_config.id, id})->isFinal());
    }

    void aPushIsHandedOverAtOnce()
    {
        makeEngine(true, false);
        openPush();
        const TaskId id = m_simulator->start(Script::Normal);
        watch(id);
        QTRY_VERIFY(m_known.contains({m_config.id, id}));
        const auto known = m_known.value({m_config.id, id});
        m_simulator->addFault({.kind = Fault::Kind::Silent, .count = -1}); // no answers
        for (int i = 0; i < 10 && m_known.value({m_config.id, id}) == known; ++i) {
            m_clock->advance(1s);
            pump();
            m_clock->advance(34ms); // the pace of handing over, and no more
        }
        QVERIFY(m_known.value({m_config.id, id}) != known);
    }

    void oldServersBroadcastsAreAReasonToAsk()
    {
        SimOptions options;
        options.dialect = SimDialect::Old;
        make(options);
        makeEngine(true, false);
        openPush();
        const TaskId id = m_simulator->start(Script::Failing);
        watch(id);
        pass(120s);
        QTRY_VERIFY(m_known.value({m_config.id, id}));
        QTRY_VERIFY(m_known.value({m_config.id, id})->isFinal());
        QCOMPARE(m_known.value({m_config.id, id})->phase, TaskPhase::Failed);
        QVERIFY(!m_known.value({m_config.id, id})->action.isEmpty());
        QVERIFY(m_known.value({m_config.id, id})->steps.size() > 1);
        QCOMPARE(m_state, Connection::Polling); // such a server never counts as live
    }

    void noSocketUnlessWanted()
    {
        makeEngine(false, false);
        m_clock->advance(1min);
        pump();
        QCOMPARE(m_simulator->push().clients(), 0);
        m_config.push = true;
        m_engine->setServer(m_config);
        openPush();
        m_engine->setPaused(m_config.id, true);
        QTRY_COMPARE(m_simulator->push().clients(), 0);
        m_engine->setPaused(m_config.id, false);
        openPush();
        m_engine->setToken(m_config.id, {});
        QTRY_COMPARE(m_simulator->push().clients(), 0);
        m_engine->setToken(m_config.id, Secret(m_token));
        openPush();
        m_engine->removeServer(m_config.id);
        QTRY_COMPARE(m_simulator->push().clients(), 0);
    }

    // --- whose token ---
    void aSocketIsOpenedWithAFreshTokenAndToldOfRenewals()
    {
        m_simulator->accounts().setAccessLife(60s);
        makeEngine(true, false);
        m_engine->setCredentials(
            m_config.id, {Secret(m_simulator->accounts().makeRefreshToken(u"alice"_s)), {}, {}});
        openPush(); // that alone is a reason to renew
        QCOMPARE(m_simulator->accounts().renewals(), 1);
        QCOMPARE(m_simulator->push().tokens(), 1);
        pass(100s);
        QCOMPARE(m_simulator->accounts().renewals(), 1); // an open one is none
        const TaskId id = m_simulator->start(Script::NeverEnding);
        watch(id);
        QTRY_COMPARE(m_simulator->accounts().renewals(), 2);
        QTRY_COMPARE(m_simulator->push().tokens(), 2);
        QCOMPARE(m_simulator->push().clients(), 1); // the same socket

        PollWish refreshed;
        refreshed.key = {m_config.id, id};
        refreshed.dueNow = true;
        m_engine->applyWishes({refreshed});
        pass(1s);
        QVERIFY(m_simulator->requestsOf(id) > 0); // that token was accepted

        // A socket with a token that the server gave up meanwhile: a poll finds out.
        m_simulator->accounts().expireAccessTokens();
        m_simulator->push().closeAll();
        for (int i = 0; i < 70 && m_simulator->push().signedInClients() == 0; ++i)
            pass(1s);
        QCOMPARE(m_simulator->push().signedInClients(), 1);
        QCOMPARE(m_simulator->push().tokens(), 3);
        QVERIFY(m_simulator->accounts().renewals() >= 3);
    }

    void aRenewalForASocketKeepsToTheServersOrders()
    {
        m_simulator->accounts().setAccessLife(60s);
        m_simulator->addFault({.kind = Fault::Kind::Status,
                               .count = 1,
                               .path = u"access-token"_s,
                               .status = 429,
                               .retryAfter = "30"});
        makeEngine(true, false);
        m_engine->setCredentials(
            m_config.id, {Secret(m_simulator->accounts().makeRefreshToken(u"alice"_s)), {}, {}});
        m_clock->advance(1s);
        QTRY_COMPARE(m_state, Connection::RateLimited);
        pass(28s);
        QCOMPARE(m_simulator->requestsTo(u"access-token"), 1);
        pass(3s);
        QTRY_COMPARE(m_simulator->push().signedInClients(), 1);
        QCOMPARE(m_simulator->requestsTo(u"access-token"), 2);
        QCOMPARE(m_state, Connection::Polling);
    }

    void noRenewalForASocketThatIsNotWanted_data()
    {
        QTest::addColumn<bool>("paused");
        QTest::newRow("paused") << true;
        QTest::newRow("push switched off") << false;
    }
    void noRenewalForASocketThatIsNotWanted()
    {
        QFETCH(const bool, paused);
        m_simulator->accounts().setAccessLife(60s);
        m_simulator->addFault(
            {.kind = Fault::Kind::Status, .count = -1, .path = u"access-token"_s, .status = 503});
        makeEngine(true, false);
        m_engine->setCredentials(
            m_config.id, {Secret(m_simulator->accounts().makeRefreshToken(u"alice"_s)), {}, {}});
        m_clock->advance(1s);
        QTRY_COMPARE(m_state, Connection::Unreachable);
        pass(10s);
        const int before = m_simulator->requestsTo(u"access-token");
        QVERIFY(before > 1); // while it is wanted it is tried again
        ServerConfig changed = m_config;
        changed.paused = paused;
        changed.push = paused;
        m_engine->setServer(changed);
        pass(130s); // twice the longest back-off
        QCOMPARE(m_simulator->requestsTo(u"access-token"), before);
        m_simulator->clearFaults();
        m_engine->setServer(m_config);
        pass(62s);
        QTRY_COMPARE((pass(1s), m_simulator->push().signedInClients()), 1);
    }

    void aRefusedSessionClosesTheSocket()
    {
        makeEngine(true, true);
        openPush();
        QTRY_COMPARE(m_simulator->requestsTo(u"progresses"), 1);
        pump(); // the first look is answered
        m_simulator->accounts().revokeAll();
        QTRY_COMPARE((pass(1s), m_state), Connection::SignInNeeded);
        QTRY_COMPARE(m_simulator->push().clients(), 0);
        pass(60s);
        QCOMPARE(m_simulator->push().clients(), 0);
    }

    // --- discovery ---
    void aListIsAskedForWithARenewedToken()
    {
        m_simulator->accounts().setAccessLife(60s);
        const TaskId id = m_simulator->start(Script::Nested);
        makeEngine(false, true);
        m_engine->setCredentials(
            m_config.id, {Secret(m_simulator->accounts().makeRefreshToken(u"alice"_s)), {}, {}});
        m_clock->advance(1s);
        QTRY_COMPARE(idsOf(m_found), QList<TaskId>{id});
        m_simulator->accounts().expireAccessTokens();
        const TaskId next = m_simulator->start(Script::Nested);
        pass(31s);
        QTRY_COMPARE((pass(1s), idsOf(m_found)), (QList<TaskId>{next, id}));
        QCOMPARE(m_simulator->accounts().renewals(), 2);
    }

    void anUnreachableServerIsSaidWithoutATask()
    {
        makeEngine(false, true);
        QTRY_COMPARE(m_simulator->requestsTo(u"progresses"), 1);
        pump();
        m_simulator->goDown();
        m_clock->advance(30s);
        QTRY_COMPARE(m_state, Connection::Unreachable);
        QVERIFY(m_simulator->comeBack());
        pass(61s); // the longest back-off
        QTRY_COMPARE(m_state, Connection::Polling);
    }

    void runningTasksAreFound()
    {
        const TaskId first = m_simulator->start(Script::Nested);
        makeEngine(false, true);
        QTRY_COMPARE(m_finds, 1);
        QCOMPARE(idsOf(m_found), QList<TaskId>{first});
        QCOMPARE(m_found.constFirst().action, u"Publish policy"_s);
        m_clock->advance(30s);
        QTRY_COMPARE(m_simulator->requestsTo(u"progresses"), 2);
        const TaskId second = m_simulator->start(Script::Nested);
        m_clock->advance(30s);
        // The next look is due 30 s after the last was answered, whenever that was.
        QTRY_COMPARE((pass(1s), m_finds), 2); // not when nothing differs
        QCOMPARE(idsOf(m_found), (QList<TaskId>{second, first}));

        watch(first);
        m_clock->advance(30s);
        QTRY_COMPARE((pass(1s), idsOf(m_found)), QList<TaskId>{second});
        watch(second);
        m_clock->advance(30s);
        QTRY_VERIFY((pass(1s), m_found.isEmpty()));
    }

    void whatWasFoundIsVoidWhenTheServerIsAnotherOrGone_data()
    {
        QTest::addColumn<bool>("removed");
        QTest::newRow("rebuilt") << false;
        QTest::newRow("removed") << true;
    }
    void whatWasFoundIsVoidWhenTheServerIsAnotherOrGone()
    {
        QFETCH(const bool, removed);
        m_simulator->start(Script::Nested);
        makeEngine(false, true);
        QTRY_COMPARE(m_found.size(), 1);
        m_simulator->addFault(
            {.kind = Fault::Kind::Status, .count = -1, .path = u"progresses"_s, .status = 404});
        m_config.network.idleTimeout = 19s;
        if (removed)
            m_engine->removeServer(m_config.id);
        else
            m_engine->setServer(m_config);
        QVERIFY(m_found.isEmpty());
        QCOMPARE(m_finds, 2);
    }

    void aPushHastensTheLook()
    {
        makeEngine(true, true);
        openPush();
        QTRY_COMPARE(m_simulator->requestsTo(u"progresses"), 1);
        const TaskId id = m_simulator->start(Script::Nested);
        QTRY_COMPARE(m_simulator->push().pushes(), 1);
        for (int i = 0; i < 20 && m_found.isEmpty(); ++i)
            pass(1s); // less than half a minute
        QCOMPARE(idsOf(m_found), QList<TaskId>{id});
    }

    void whereThereIsNoListItStaysQuiet_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("404") << 404 << QByteArray();
        QTest::newRow("403") << 403 << QByteArray();
    }
    /// Servers tell of the list of what runs beside the tasks themselves.
    void aRecordOfProgressHastensTheLook()
    {
        makeEngine(true, true);
        openPush();
        QTRY_COMPARE(m_simulator->requestsTo(u"progresses"), 1);
        m_simulator->push().setDead(true); // tells nothing of the task
        const TaskId id = m_simulator->start(Script::Nested);
        m_simulator->push().say(u"{\"type\":\"notify-create-progress-ws\",\"data\":{}}"_s);
        // What comes after it on the same socket is seen: it has arrived.
        watch(TaskId(u"marker"_s));
        m_simulator->push().say(
            u"{\"type\":\"UPDATE_TASK_STATUS\",\"data\":{\"taskId\":\"marker\",\"action\":\"Mark\","
            "\"info\":{\"started\":true}}}"_s);
        QTRY_COMPARE(m_state, Connection::Live);
        for (int i = 0; i < 20 && m_found.isEmpty(); ++i)
            pass(1s); // less than half a minute
        QCOMPARE(idsOf(m_found), QList<TaskId>{id});
    }

    void whereThereIsNoListItStaysQuiet()
    {
        QFETCH(const int, status);
        QFETCH(const QByteArray, body);
        Fault fault{
            .kind = Fault::Kind::Status, .count = -1, .path = u"progresses"_s, .status = status};
        if (status == 200) {
            fault.kind = Fault::Kind::Body;
            fault.body = body;
        }
        m_simulator->addFault(fault);
        makeEngine(false, true);
        QTRY_COMPARE(m_simulator->requestsTo(u"progresses"), 1);
        pump();
        pass(100s);
        QCOMPARE(m_simulator->requestsTo(u"progresses"), 1);
        QCOMPARE(m_state, Connection::Polling);
        QCOMPARE(m_finds, 0);
        m_engine->setToken(m_config.id, Secret(m_token)); // a new session: maybe another account
        QTRY_COMPARE(m_simulator->requestsTo(u"progresses"), 2);
    }

    void oddAnswersInARowMeanThatThereIsNoList()
    {
        m_simulator->addFault({.kind = Fault::Kind::Body,
                               .count = -1,
                               .path = u"progresses"_s,
                               .body = "<!doctype html><html></html>"});
        makeEngine(false, true);
        QTRY_COMPARE(m_simulator->requestsTo(u"progresses"), 1);
        pump();
        pass(100s);
        QCOMPARE(m_simulator->requestsTo(u"progresses"), 3); // after 30 s, and 60 s more
        pass(130s);
        QCOMPARE(m_simulator->requestsTo(u"progresses"), 3);
        QCOMPARE(m_state, Connection::Polling);
    }

    void pushesOfWhatIsToldAlreadyHastenNoLook()
    {
        makeEngine(true, true);
        openPush();
        for (int i = 0; i < 3; ++i)
            m_simulator->start(Script::NeverEnding);
        pass(20s);
        QTRY_COMPARE((pass(1s), m_found.size()), 3); // a push is on its way for as long as it takes
        const int looks = m_simulator->requestsTo(u"progresses");
        const int pushes = m_simulator->push().pushes();
        pass(60s);
        QVERIFY(m_simulator->push().pushes() > pushes + 3);
        QVERIFY(m_simulator->requestsTo(u"progresses") - looks <= 4);
    }

    void onlyWhileSignedInAndWanted()
    {
        m_simulator->start(Script::Nested);
        makeEngine(false, true);
        QTRY_COMPARE(m_finds, 1);
        m_engine->setToken(m_config.id, {});
        pass(100s);
        QCOMPARE(m_simulator->requestsTo(u"progresses"), 1);
        m_config.discover = false;
        m_engine->setServer(m_config);
        m_engine->setToken(m_config.id, Secret(m_token));
        pass(100s);
        QCOMPARE(m_simulator->requestsTo(u"progresses"), 1);
    }
};

QTEST_GUILESS_MAIN(TestEnginePush)
#include "test_enginepush.moc"
