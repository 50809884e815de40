#include "guardian/engine.h"
#include "guardian/parsetaskreply.h"
#include "guardiansimulator.h"
#include "history/historydatabase.h"
#include "history/historystore.h"
#include "processfacts.h"
#include "scaledclock.h"
#include "task/secretrule.h"
#include "task/taskstore.h"

#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <algorithm>
#include <memory>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::minutes;

namespace {

constexpr int requestsPerSecond = 4;
constexpr int mostTasks = 10'000;

int fromEnvironment(const char *name, int otherwise)
{
    bool ok = false;
    const int value = qEnvironmentVariableIntValue(name, &ok);
    return ok && value > 0 ? value : otherwise;
}

HistoryFunctions historyFunctions()
{
    return {&parseTaskReply, &maskSecrets};
}

/// A server and who watches it, in three threads as in the program, over real sockets and with a
/// history on the disk.
class Soak final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Soak)

public:
    explicit Soak(double pace)
        : clock(pace)
        , simulator(clock)
        , store(clock)
        , m_history(m_folder.filePath(u"history.db"_s), historyFunctions(), clock)
        , m_engine(new Engine(clock))
        , m_trouble(clock.makeTimer([this] { makeTrouble(); }))
        , m_relief(clock.makeTimer([this] { relieve(); }))
        , m_begin(clock.makeTimer([this] { beginTask(); }))
    {
        if (!simulator.listen())
            qFatal("no port");
        simulator.accounts().setAccessLife(60s);
        m_engine->moveToThread(&m_thread);
        connect(&m_thread, &QThread::finished, m_engine, &QObject::deleteLater);
        connect(&store, &TaskStore::wished, m_engine, &Engine::applyWishes);
        connect(m_engine, &Engine::polled, &store, &TaskStore::apply);
        connect(&store, &TaskStore::added, &m_history, [this](const auto &keys) { save(keys); });
        connect(&store, &TaskStore::changed, &m_history, [this](const auto &keys) { save(keys); });
        connect(&store, &TaskStore::removed, &m_history, &HistoryStore::remove);
        connect(&m_history, &HistoryStore::failed, &store,
                [](const HistoryError &error) { qFatal("%s", qPrintable(error.headline)); });
        m_history.open();
        connect(m_engine, &Engine::discovered, &store,
                [this](const ServerId &server, const QList<DiscoveredTask> &tasks) {
                    QList<TaskKey> keys;
                    for (const DiscoveredTask &task : tasks)
                        keys << TaskKey{server, task.taskId};
                    discovered += store.watch(keys).size();
                });
        connect(m_engine, &Engine::connectionChanged, &store,
                [this](const ServerId &server, const ConnectionStatus &status) {
                    if (status.state != Connection::Live && status.state != Connection::Polling)
                        store.interrupt(server);
                    ++states[status.state];
                });
        m_thread.start();
        ServerConfig config;
        config.id = m_server;
        config.root = ApiRoot(simulator.apiRoot());
        config.manners.requestsPerSecond = requestsPerSecond;
        config.push = true;
        config.discover = true;
        const Credentials credentials{
            Secret(simulator.accounts().makeRefreshToken(u"alice"_s)), {}, {}};
        QMetaObject::invokeMethod(m_engine, [engine = m_engine, config, credentials] {
            engine->setServer(config);
            engine->setCredentials(config.id, credentials);
        });
    }
    ~Soak() override
    {
        m_thread.quit();
        m_thread.wait();
    }

    void begin()
    {
        m_begin->start(0ms);
        m_trouble->start(1min);
    }
    /// No more trouble and no new tasks.
    void calmDown()
    {
        m_begin->stop();
        m_trouble->stop();
        m_relief->stop();
        relieve();
    }
    /// What we believe otherwise than the server knows: empty at the end.
    [[nodiscard]] QStringList wrong(Outcome SimTruth::*which) const
    {
        return wrongOf(which, [this](const TaskId &id) {
            const TaskRecord *record = store.find({m_server, id});
            return record ? record->outcome : Outcome::Checking;
        });
    }
    /// The same of what a next start would read.
    [[nodiscard]] QStringList wrongOnDisk(Outcome SimTruth::*which) const
    {
        HistoryDatabase file(m_folder.filePath(u"history.db"_s), historyFunctions());
        QHash<TaskId, Outcome> kept;
        if (!file.openToRead())
            return {u"the history cannot be read"_s};
        const auto all = file.load(0, mostTasks);
        if (!all || all->leftOut > 0 || !file.damaged().isEmpty())
            return {u"the history is not whole"_s};
        for (const TaskRecord &record : all->records)
            kept.insert(record.key.task, record.outcome);
        return wrongOf(which,
                       [&kept](const TaskId &id) { return kept.value(id, Outcome::Checking); });
    }
    [[nodiscard]] TaskId start(Script script, double stretch = 1)
    {
        StartOptions options;
        options.stretch = stretch;
        options.script = scriptName(script);
        ScriptOptions words;
        words.resultBytes = 1'000'000;
        TaskId id = simulator.start(makePlan(script, words), options);
        ++begun;
        return id;
    }
    void watch(const TaskId &id) { store.watch({{m_server, id}}); }

    ScaledClock clock;
    GuardianSimulator simulator;
    TaskStore store;
    int begun = 0;
    qsizetype discovered = 0;
    int troubles = 0;
    QHash<Connection, int> states; ///< how often each began

private:
    template<typename Believed>
    [[nodiscard]] QStringList wrongOf(Outcome SimTruth::*which, const Believed &outcomeOf) const
    {
        QStringList list;
        for (const SimTask &task : simulator.tasks().all()) {
            const SimTruth truth = simulator.truth(task.id);
            const Outcome believed = outcomeOf(task.id);
            const bool standsStill =
                believed == Outcome::Stalled && truth.known && truth.eventual == Outcome::Stalled;
            if (believed != truth.*which && !standsStill)
                list << u"%1 %2 is %3, not %4"_s.arg(task.script, task.id.text(),
                                                     QString::number(int(believed)),
                                                     QString::number(int(truth.*which)));
        }
        return list;
    }

    void save(const QList<TaskKey> &keys)
    {
        QList<TaskRecord> records;
        records.reserve(keys.size());
        for (const TaskKey &key : keys) {
            if (const TaskRecord *record = store.find(key))
                records << *record;
        }
        m_history.save(records);
    }

    /// Tasks of every kind that ends; long ones are left for discovery to find.
    void beginTask()
    {
        static constexpr std::array scripts{
            Script::Quick,        Script::Nested,       Script::Failing,       Script::Normal,
            Script::FailingText,  Script::ImportPolicy, Script::Problems,      Script::StringResult,
            Script::Nested,       Script::NumberResult, Script::FailingNested, Script::ArrayResult,
            Script::SecretResult, Script::LongTexts,    Script::LateResult};
        const Script script = scripts.at(std::size_t(begun) % scripts.size());
        const TaskId id = start(script);
        if (script != Script::Nested)
            watch(id);
        m_begin->start(20s);
    }

    /// Each minute another one; whatever lasts is over half a minute later.
    void makeTrouble()
    {
        using Kind = Fault::Kind;
        const auto fault = [this](Fault::Kind kind, int count, int status = 0) {
            simulator.addFault({.kind = kind, .count = count, .delay = 0ms, .status = status});
        };
        switch (troubles++ % 12) {
        case 0:
            simulator.addFault({.kind = Kind::Latency, .count = 40, .delay = 3s});
            break;
        case 1:
            fault(Kind::ResetInBody, 10);
            break;
        case 2:
            fault(Kind::Status, 15, 500);
            break;
        case 3:
            simulator.addFault(
                {.kind = Kind::Status, .count = 3, .status = 429, .retryAfter = "5"});
            break;
        case 4: // a blackholed connection: all is taken, nothing answered
            fault(Kind::Silent, -1);
            simulator.push().setDead(true);
            break;
        case 5: // the host is away, its tasks live on
            simulator.goDown();
            m_isDown = true;
            break;
        case 6:
            simulator.accounts().expireAccessTokens();
            break;
        case 7:
            fault(Kind::Truncated, 10);
            fault(Kind::CutInBody, 10);
            break;
        case 8:
            simulator.push().closeAll();
            break;
        case 9:
            fault(Kind::LoginPage, 5);
            fault(Kind::Status, 5, 503);
            break;
        case 10:
            fault(Kind::Empty, 2);
            break;
        case 11:
            simulator.push().setDead(true);
            fault(Kind::Drip, 3);
            break;
        }
        simulator.clearLog(); // it is not what may grow
        m_relief->start(30s);
        m_trouble->start(1min);
    }
    void relieve()
    {
        simulator.clearFaults();
        simulator.push().setDead(false);
        if (std::exchange(m_isDown, false) && !simulator.comeBack())
            qFatal("the port is taken");
    }

    ServerId m_server = ServerId::create();
    QTemporaryDir m_folder;
    HistoryStore m_history;
    QThread m_thread;
    Engine *m_engine;
    std::unique_ptr<ClockTimer> m_trouble;
    std::unique_ptr<ClockTimer> m_relief;
    std::unique_ptr<ClockTimer> m_begin;
    bool m_isDown = false;
};

} // namespace

/// Half an hour of trouble of every kind. The clock runs fast, so that the sockets are real and the
/// waiting is not: by TASKWATCH_SOAK_PACE (150 by default) and TASKWATCH_SOAK_MINUTES (30).
class TestSoak final : public QObject
{
    Q_OBJECT

private:
    static void awaitTime(const Soak &soak, milliseconds end, double pace)
    {
        const auto limit = int(double((end - soak.clock.now().awake).count()) / pace) + 10'000;
        QTRY_VERIFY_WITH_TIMEOUT(soak.clock.now().awake >= end, limit);
    }

public:
    static void initMain() { qputenv("QTEST_FUNCTION_TIMEOUT", "14400000"); } // in its long form

private Q_SLOTS:
    void everyOutcomeIsTheServersAndNothingIsLeftOver()
    {
        const double pace = fromEnvironment("TASKWATCH_SOAK_PACE", 150);
        const minutes length(fromEnvironment("TASKWATCH_SOAK_MINUTES", 30));
        // The longest life of a task, the longest back-off, and a stall that has to be noticed.
        const auto settling = int(double(milliseconds(20min).count()) / pace) + 30'000;
        { // what is made once and kept by libraries is made now
            Soak first(pace);
            first.watch(first.start(Script::Quick));
            QTRY_VERIFY_WITH_TIMEOUT(first.wrong(&SimTruth::eventual).isEmpty(), 30'000);
        }
        const int descriptors = ProcessFacts::descriptors();
        const int threads = ProcessFacts::threads();
        const ProcessFacts::Memory before = ProcessFacts::memory();
        ProcessFacts::Memory warm;
        {
            Soak soak(pace);
            const milliseconds begin = soak.clock.now().awake;
            soak.watch(soak.start(Script::NeverEnding));
            soak.watch(soak.start(Script::BigResult));
            soak.begin();
            awaitTime(soak, begin + length / 2, pace);

            // The gateway restarts and forgets everything. All is known before: what it says in
            // its last moment nobody can know.
            soak.calmDown();
            QTRY_VERIFY2_WITH_TIMEOUT(soak.wrong(&SimTruth::now).isEmpty(),
                                      qPrintable(soak.wrong(&SimTruth::now).join(u'\n')), settling);
            soak.simulator.restart();
            warm = ProcessFacts::memory();
            const int begunBefore = soak.begun;
            soak.watch(soak.start(Script::NeverEnding));
            soak.watch(soak.start(Script::Stalled));
            soak.begin();
            awaitTime(soak, begin + length, pace);

            soak.calmDown();
            QTRY_VERIFY2_WITH_TIMEOUT(soak.wrong(&SimTruth::eventual).isEmpty(),
                                      qPrintable(soak.wrong(&SimTruth::eventual).join(u'\n')),
                                      settling);
            QTRY_VERIFY2_WITH_TIMEOUT(soak.wrongOnDisk(&SimTruth::eventual).isEmpty(),
                                      qPrintable(soak.wrongOnDisk(&SimTruth::eventual).join(u'\n')),
                                      10'000);
            const ProcessFacts::Memory end = ProcessFacts::memory();
            qInfo("%d tasks, %lld of them discovered, %d troubles, %d renewals, %d pushes; %d "
                  "connections; live %d times; in use %lld -> %lld kB, RSS %lld -> %lld kB; %d "
                  "descriptors, %d threads at the end",
                  soak.begun, qlonglong(soak.discovered), soak.troubles,
                  soak.simulator.accounts().renewals(), soak.simulator.push().pushes(),
                  soak.simulator.connections(), soak.states.value(Connection::Live),
                  warm.inUse / 1024, end.inUse / 1024, warm.resident / 1024, end.resident / 1024,
                  ProcessFacts::descriptors(), ProcessFacts::threads());
            QCOMPARE(soak.store.size(), soak.begun);
            QVERIFY(soak.discovered > 0);
            QVERIFY(soak.simulator.accounts().renewals() >= length.count() / 3);
            QVERIFY(soak.states.value(Connection::Live) > 0);
            QCOMPARE(soak.states.value(Connection::SignInNeeded), 1); // before it was signed in
            // Six connections and a push, both ends of each.
            QVERIFY(ProcessFacts::descriptors() <= descriptors + 40);
            if (warm.inUse > 0) { // not under a sanitizer, which has an allocator of its own
                const qint64 ofTasks =
                    40'000 * qint64(soak.begun - begunBefore); // replies and steps
                QVERIFY(end.inUse - warm.inUse < ofTasks);
                QVERIFY(end.resident - warm.resident < 8 * 1024 * 1024);
            }
        }
        const ProcessFacts::Memory after = ProcessFacts::memory();
        qInfo("in use before %lld kB, after %lld kB", before.inUse / 1024, after.inUse / 1024);
        if (before.inUse > 0)
            QVERIFY(after.inUse - before.inUse < 512 * 1024);
        QTRY_VERIFY(ProcessFacts::threads() <= threads); // Qt may have ended one of its own
        QTRY_COMPARE(ProcessFacts::descriptors(), descriptors);
    }
};

QTEST_GUILESS_MAIN(TestSoak)
#include "test_soak.moc"
