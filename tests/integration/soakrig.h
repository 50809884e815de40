#pragma once

#include "guardian/engine.h"
#include "guardian/parsetaskreply.h"
#include "guardiansimulator.h"
#include "history/historydatabase.h"
#include "history/historystore.h"
#include "scaledclock.h"
#include "task/secretrule.h"
#include "task/taskstore.h"

#include <QTemporaryDir>
#include <QThread>

#include <array>
#include <memory>
#include <numeric>
#include <utility>

/// A server and who watches it, in three threads as in the program, over real sockets and with a
/// history on the disk.
class Soak
{
    Q_DISABLE_COPY_MOVE(Soak)

public:
    static constexpr int requestsPerSecond = 4;
    static constexpr int mostTasks = 10'000;
    static constexpr int kindsOfTrouble = 14;

    explicit Soak(double pace)
        : clock(pace)
        , simulator(clock)
        , store(clock)
        , m_history(m_folder.filePath(QStringLiteral("history.db")),
                    HistoryFunctions{&parseTaskReply, &maskSecrets}, clock)
        , m_engine(new Engine(clock))
        , m_trouble(clock.makeTimer([this] { makeTrouble(); }))
        , m_relief(clock.makeTimer([this] { relieveOnceMet(); }))
        , m_begin(clock.makeTimer([this] { beginTask(); }))
    {
        if (!simulator.listen())
            qFatal("no port");
        simulator.accounts().setAccessLife(std::chrono::seconds{60});
        m_engine->moveToThread(&m_thread);
        QObject::connect(&m_thread, &QThread::finished, m_engine, &QObject::deleteLater);
        QObject::connect(&store, &TaskStore::wished, m_engine, &Engine::applyWishes);
        QObject::connect(m_engine, &Engine::polled, &store, &TaskStore::apply);
        QObject::connect(&store, &TaskStore::added, &m_history,
                         [this](const auto &keys) { save(keys); });
        QObject::connect(&store, &TaskStore::changed, &m_history,
                         [this](const auto &keys) { save(keys); });
        QObject::connect(&store, &TaskStore::removed, &m_history, &HistoryStore::remove);
        QObject::connect(&m_history, &HistoryStore::failed, &store, [](const HistoryError &error) {
            qFatal("%s", qPrintable(error.headline));
        });
        m_history.open();
        QObject::connect(m_engine, &Engine::discovered, &store,
                         [this](const ServerId &server, const QList<DiscoveredTask> &tasks) {
                             QList<TaskKey> keys;
                             for (const DiscoveredTask &task : tasks)
                                 keys << TaskKey{server, task.taskId};
                             discovered += store.watch(keys).size();
                         });
        QObject::connect(m_engine, &Engine::connectionChanged, &store,
                         [this](const ServerId &server, const ConnectionStatus &status) {
                             if (status.state != Connection::Live
                                 && status.state != Connection::Polling)
                                 store.interrupt(server);
                             m_state = status.state;
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
            Secret(simulator.accounts().makeRefreshToken(QStringLiteral("alice"))), {}, {}};
        QMetaObject::invokeMethod(m_engine, [engine = m_engine, config, credentials] {
            engine->setServer(config);
            engine->setCredentials(config.id, credentials);
        });
    }
    ~Soak()
    {
        m_thread.quit();
        m_thread.wait();
    }

    void begin()
    {
        m_begin->start(std::chrono::milliseconds{0});
        m_trouble->start(std::chrono::minutes{1});
    }
    /// Kinds of trouble that a request has met.
    [[nodiscard]] QStringList met() const { return simulator.faultHits().keys(); }
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
        HistoryDatabase file(m_folder.filePath(QStringLiteral("history.db")),
                             HistoryFunctions{&parseTaskReply, &maskSecrets});
        QHash<TaskId, Outcome> kept;
        if (!file.openToRead())
            return {QStringLiteral("the history cannot be read")};
        const auto all = file.load(0, mostTasks);
        if (!all || all->leftOut > 0 || !file.damaged().isEmpty())
            return {QStringLiteral("the history is not whole")};
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
    int outages = 0;
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
                list << QStringLiteral("%1 %2 is %3, not %4")
                            .arg(task.script, task.id.text(), QString::number(int(believed)),
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
        m_begin->start(std::chrono::seconds{20});
    }

    /// Each minute another one; whatever lasts is over half a minute later, or when it was met.
    void makeTrouble()
    {
        using Kind = Fault::Kind;
        const auto fault = [this](Fault::Kind kind, int count, int status = 0) {
            simulator.addFault({.kind = kind,
                                .count = count,
                                .delay = std::chrono::milliseconds{0},
                                .status = status});
        };
        m_isToBeMet = true;
        m_metBefore = metInAll();
        switch (troubles++ % kindsOfTrouble) {
        case 0:
            simulator.addFault(
                {.kind = Kind::Latency, .count = 40, .delay = std::chrono::seconds{3}});
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
            ++outages;
            break;
        case 6:
            simulator.accounts().expireAccessTokens();
            m_isToBeMet = false;
            break;
        case 7:
            fault(Kind::Truncated, 10);
            break;
        case 8:
            simulator.push().closeAll();
            m_isToBeMet = false;
            break;
        case 9:
            fault(Kind::LoginPage, 5);
            break;
        case 10:
            fault(Kind::Empty, 2);
            break;
        case 11:
            simulator.push().setDead(true);
            fault(Kind::Drip, 3);
            break;
        case 12:
            fault(Kind::CutInBody, 10);
            break;
        case 13:
            fault(Kind::Status, 5, 503);
            break;
        }
        simulator.clearLog(); // it is not what may grow
        m_relief->start(std::chrono::seconds{30});
        m_trouble->start(std::chrono::minutes{1});
    }
    [[nodiscard]] int metInAll() const
    {
        const QList<int> hits = simulator.faultHits().values();
        return std::accumulate(hits.cbegin(), hits.cend(), 0);
    }
    /// On a busy machine half a minute of this clock may pass without a request.
    void relieveOnceMet()
    {
        const bool isMet = m_isDown ? m_state == Connection::Unreachable : metInAll() > m_metBefore;
        if (m_isToBeMet && !isMet)
            m_relief->start(std::chrono::seconds{5});
        else
            relieve();
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
    bool m_isToBeMet = false; ///< the last trouble, by a request
    int m_metBefore = 0;      ///< of the troubles before it
    Connection m_state = Connection::SignInNeeded;
};
