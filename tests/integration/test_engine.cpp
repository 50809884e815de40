#include "guardian/engine.h"
#include "guardianscript.h"
#include "manualclock.h"

#include <QSignalSpy>
#include <QTest>
#include <QThread>

#include <memory>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

ScriptedPeer::Handler answering(const QByteArray &body)
{
    return [body](const ScriptedPeer::Request &, QTcpSocket &socket) {
        socket.write(ScriptedPeer::json(body));
    };
}

ServerConfig configOf(const ScriptedPeer &peer, const QString &path = u"/api/v1"_s)
{
    ServerConfig config;
    config.id = ServerId::create();
    config.name = u"Test"_s;
    config.root = ApiRoot(peer.url(path));
    return config;
}

QList<PollWish> wishesFor(const ServerId &server, int count)
{
    QList<PollWish> wishes;
    for (int i = 0; i < count; ++i) {
        PollWish wish;
        wish.key = {server, TaskId(QString::number(i))};
        wishes.append(wish);
    }
    return wishes;
}

Connection stateOf(const QSignalSpy &spy)
{
    return spy.constLast().at(1).value<ConnectionStatus>().state;
}

} // namespace

class TestEngine final : public QObject
{
    Q_OBJECT

private:
    ManualClock m_clock;
    EngineParts m_parts{{}, [] { return 0.5; }};

private Q_SLOTS:
    void pollsWithTheRealReader()
    {
        ScriptedPeer peer(answering(GuardianScript::completed()));
        Engine engine(m_clock, m_parts);
        QList<PollOutcome> outcomes;
        connect(&engine, &Engine::polled, this,
                [&](const QList<PollOutcome> &some) { outcomes += some; });
        const QSignalSpy connections(&engine, &Engine::connectionChanged);
        const ServerConfig config = configOf(peer);
        engine.setServer(config);
        QCOMPARE(stateOf(connections), Connection::SignInNeeded);
        engine.setToken(config.id, Secret("token"));
        QCOMPARE(stateOf(connections), Connection::Polling);
        engine.applyWishes(wishesFor(config.id, 1));
        QTRY_COMPARE(outcomes.size(), 1);
        const auto snapshot =
            std::get<std::shared_ptr<const TaskSnapshot>>(*outcomes.constFirst().answer);
        QCOMPARE(snapshot->phase, TaskPhase::Completed);
        QCOMPARE(snapshot->action, u"Publish policy"_s);
    }

    void tellsAtMostThirtyTimesASecond()
    {
        ScriptedPeer peer(answering(GuardianScript::running(1)));
        Engine engine(m_clock, m_parts);
        QSignalSpy polled(&engine, &Engine::polled);
        ServerConfig config = configOf(peer);
        config.manners.requestsPerSecond = 1000;
        engine.setServer(config);
        engine.setToken(config.id, Secret("token"));
        engine.applyWishes(wishesFor(config.id, 400));
        QTRY_COMPARE(polled.count(), 1); // the first at once
        for (int i = 0; i < 50; ++i) {   // a second, with an answer at least each 20 ms
            const auto before = peer.requests().size();
            auto again = wishesFor(config.id, 400);
            for (PollWish &wish : again)
                wish.dueNow = true;
            engine.applyWishes(again);
            m_clock.advance(20ms);
            QTRY_VERIFY(peer.requests().size() > before);
        }
        QVERIFY2(polled.count() <= 31, qPrintable(QString::number(polled.count())));
        QVERIFY(polled.count() >= 2);
    }

    void wishesMayComeBeforeTheirServer()
    {
        ScriptedPeer peer(answering(GuardianScript::running(1)));
        Engine engine(m_clock, m_parts);
        QSignalSpy polled(&engine, &Engine::polled);
        const ServerConfig config = configOf(peer);
        auto wishes = wishesFor(config.id, 2);
        engine.applyWishes(wishes);
        wishes[1].tracked = false;
        engine.applyWishes({wishes.at(1)});
        engine.setServer(config);
        engine.setToken(config.id, Secret("token"));
        m_clock.advance(50ms);
        QTRY_COMPARE(polled.count(), 1);
        QCOMPARE(peer.requests().size(), 1);
        QCOMPARE(GuardianScript::taskOf(peer.requests().constFirst()), QByteArray("0"));
    }

    void anotherPathKeepsTheTokenAnotherOriginDoesNot()
    {
        ScriptedPeer first(answering(GuardianScript::running(1)));
        ScriptedPeer second(answering(GuardianScript::running(1)));
        Engine engine(m_clock, m_parts);
        const QSignalSpy connections(&engine, &Engine::connectionChanged);
        ServerConfig config = configOf(first);
        engine.setServer(config);
        engine.setToken(config.id, Secret("token"));
        engine.applyWishes(wishesFor(config.id, 1));
        QTRY_COMPARE(first.requests().size(), 1);

        config.root = ApiRoot(first.url(u"/x/api/v1"_s));
        engine.setServer(config);
        QTRY_COMPARE(first.requests().size(), 2);
        QCOMPARE(first.requests().constLast().target, QByteArray("/x/api/v1/tasks/0"));

        config.root = ApiRoot(second.url());
        engine.setServer(config);
        QCOMPARE(stateOf(connections), Connection::SignInNeeded);
        m_clock.advance(1min);
        engine.setToken(config.id, Secret("other"));
        m_clock.advance(50ms);
        QTRY_COMPARE(second.requests().size(), 1);
        QCOMPARE(second.requests().constFirst().headers.value("authorization"),
                 QByteArray("Bearer other"));
    }

    void aRemovedServerIsSilentAndItsLookUpsEnd()
    {
        ScriptedPeer peer([](const ScriptedPeer::Request &, QTcpSocket &) {});
        Engine engine(m_clock, m_parts);
        const QSignalSpy ended(&engine, &Engine::lookUpEnded);
        const QSignalSpy polled(&engine, &Engine::polled);
        QList<PollOutcome> found;
        connect(&engine, &Engine::lookedUp, this,
                [&](quint64, const PollOutcome &outcome) { found.append(outcome); });
        const ServerConfig config = configOf(peer);
        engine.setServer(config);
        engine.setToken(config.id, Secret("token"));
        engine.applyWishes(wishesFor(config.id, 3));
        engine.lookUp(5, {{config.id, TaskId(u"x"_s)}, {config.id, TaskId(u"y"_s)}});
        QTRY_VERIFY(!peer.requests().isEmpty());
        engine.removeServer(config.id);
        QCOMPARE(found.size(), 2);
        QCOMPARE(ended.count(), 1);
        m_clock.advance(10min);
        QCOMPARE(polled.count(), 0);
        engine.removeServer(config.id);
        engine.setToken(config.id, Secret("token"));
        engine.setPaused(config.id, true);
    }

    void looksUpOnSeveralServersAtOnce()
    {
        ScriptedPeer knows(answering(GuardianScript::running(50)));
        ScriptedPeer refuses([](const ScriptedPeer::Request &, QTcpSocket &socket) {
            socket.write(ScriptedPeer::answer(401, "{}"));
        });
        Engine engine(m_clock, m_parts);
        QHash<TaskKey, PollOutcome> found;
        connect(&engine, &Engine::lookedUp, this, [&](quint64 request, const PollOutcome &outcome) {
            QCOMPARE(request, quint64(9));
            found.insert(outcome.key, outcome);
        });
        QSignalSpy ended(&engine, &Engine::lookUpEnded);
        const ServerConfig first = configOf(knows);
        const ServerConfig second = configOf(refuses);
        for (const ServerConfig &config : {first, second}) {
            engine.setServer(config);
            engine.setToken(config.id, Secret("token"));
        }
        const TaskKey unknown{ServerId::create(), TaskId(u"a"_s)};
        const TaskKey a{first.id, TaskId(u"a"_s)};
        const TaskKey b{second.id, TaskId(u"a"_s)};
        engine.lookUp(9, {a, b, unknown, a});
        QTRY_COMPARE(ended.count(), 1);
        QCOMPARE(found.size(), 3);
        QVERIFY(found.value(a).answer);
        QCOMPARE(found.value(b).answer.error().kind, PollError::Kind::SignInNeeded);
        QCOMPARE(found.value(unknown).answer.error().kind, PollError::Kind::Unreachable);
        engine.lookUp(10, {});
        QCOMPARE(ended.count(), 2);
    }

    void aSleepIsNoticedAndEverythingAskedAgain()
    {
        ScriptedPeer peer(answering(GuardianScript::running(1)));
        Engine engine(m_clock, m_parts);
        QSignalSpy polled(&engine, &Engine::polled);
        const ServerConfig config = configOf(peer);
        engine.setServer(config);
        engine.setToken(config.id, Secret("token"));
        engine.applyWishes(wishesFor(config.id, 1));
        for (int i = 1; i < 12; ++i) { // the pace slows down
            QTRY_COMPARE(polled.count(), i);
            for (int step = 0; step < 16 && peer.requests().size() == i; ++step) {
                m_clock.advance(1s);
                QTRY_COMPARE(polled.count(), peer.requests().size());
            }
        }
        const int connections = peer.connections();
        const auto requests = peer.requests().size();
        m_clock.sleep(8h);
        m_clock.advance(5s); // a look each 5 s
        m_clock.advance(1001ms);
        // What left over the old connection before the sleep was noticed is asked again over a new
        // one.
        QTRY_VERIFY(peer.connections() > connections);
        QVERIFY(peer.requests().size() > requests);
    }

    void aReturnedNetworkAsksAgain()
    {
        ScriptedPeer peer(answering(GuardianScript::running(1)));
        Engine engine(m_clock, m_parts);
        QSignalSpy polled(&engine, &Engine::polled);
        const ServerConfig config = configOf(peer);
        engine.setServer(config);
        engine.setToken(config.id, Secret("token"));
        engine.applyWishes(wishesFor(config.id, 1));
        QTRY_COMPARE(polled.count(), 1);
        engine.networkReturned();
        m_clock.advance(1001ms);
        QTRY_COMPARE(peer.requests().size(), 2);
    }

    void pausesAndChangesManners()
    {
        ScriptedPeer peer(answering(GuardianScript::running(1)));
        Engine engine(m_clock, m_parts);
        const QSignalSpy connections(&engine, &Engine::connectionChanged);
        ServerConfig config = configOf(peer);
        config.paused = true;
        engine.setServer(config);
        QCOMPARE(stateOf(connections), Connection::Paused);
        engine.setToken(config.id, Secret("token"));
        engine.applyWishes(wishesFor(config.id, 1));
        QVERIFY(peer.requests().isEmpty());
        config.paused = false;
        config.manners.requestsPerSecond = 5;
        engine.setServer(config);
        QCOMPARE(stateOf(connections), Connection::Polling);
        m_clock.advance(1s);
        QTRY_COMPARE(peer.requests().size(), 1);
        engine.setPaused(config.id, true);
        QCOMPARE(stateOf(connections), Connection::Paused);
    }

    void aListenerMayRemoveItsServer()
    {
        ScriptedPeer peer(answering(GuardianScript::running(1)));
        Engine engine(m_clock, m_parts);
        const ServerConfig config = configOf(peer);
        bool removed = false;
        connect(&engine, &Engine::polled, this, [&] {
            engine.removeServer(config.id);
            removed = true;
        });
        engine.setServer(config);
        engine.setToken(config.id, Secret("token"));
        engine.applyWishes(wishesFor(config.id, 20));
        QTRY_VERIFY(removed);
        m_clock.advance(1min);
    }

    void endsAtAnyMoment()
    {
        ScriptedPeer peer([](const ScriptedPeer::Request &, QTcpSocket &) {});
        const ServerConfig config = configOf(peer);
        for (int requests = 0; requests < 4; ++requests) {
            auto engine = std::make_unique<Engine>(m_clock, m_parts);
            const auto before = peer.requests().size();
            engine->setServer(config);
            engine->setToken(config.id, Secret("token"));
            engine->applyWishes(wishesFor(config.id, requests));
            engine->lookUp(1, {{config.id, TaskId(u"x"_s)}});
            m_clock.advance(1s);
            QTRY_VERIFY(peer.requests().size() > before);
            engine.reset();
            QCOMPARE(m_clock.activeTimers(), 0);
        }
    }

    void worksInAThreadOfItsOwn()
    {
        const SystemClock clock;
        ScriptedPeer peer(answering(GuardianScript::completed()));
        QThread thread;
        auto *engine = new Engine(clock);
        engine->moveToThread(&thread);
        connect(&thread, &QThread::finished, engine, &QObject::deleteLater);
        const auto outcomes = std::make_shared<QList<PollOutcome>>();
        connect(engine, &Engine::polled, this,
                [outcomes](const QList<PollOutcome> &some) { *outcomes += some; });
        QSignalSpy ended(engine, &Engine::lookUpEnded);
        thread.start();
        const ServerConfig config = configOf(peer);
        QMetaObject::invokeMethod(engine, [=] {
            engine->setServer(config);
            engine->setToken(config.id, Secret("token"));
            engine->applyWishes(wishesFor(config.id, 5));
            engine->lookUp(3, {{config.id, TaskId(u"x"_s)}});
        });
        QTRY_COMPARE(outcomes->size(), 5);
        QTRY_COMPARE(ended.count(), 1);
        thread.quit(); // with confirming polls still to come
        QVERIFY(thread.wait(10'000));
    }
};

QTEST_GUILESS_MAIN(TestEngine)
#include "test_engine.moc"
