#include "bench.h"
#include "guardian/engine.h"
#include "guardiansimulator.h"
#include "mainwindow.h"
#include "manualclock.h"
#include "task/polllog.h"
#include "task/taskstore.h"
#include "tasks/tasktablemodel.h"
#include "tasks/tasktableview.h"

#include <QElapsedTimer>
#include <QTest>
#include <QThread>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// Sees when the table has painted a row otherwise than before.
class PaintWatch final : public QObject
{
    Q_OBJECT

public:
    PaintWatch(MainWindow &window, TaskKey key)
        : m_model(window.model())
        , m_key(std::move(key))
    {
        window.findChild<TaskTableView *>()->viewport()->installEventFilter(this);
    }
    [[nodiscard]] QString text() const
    {
        const int row = m_model.rowOf(m_key);
        return m_model.index(row, int(TaskColumn::CurrentStep)).data().toString()
               + m_model.index(row, int(TaskColumn::Progress)).data().toString();
    }
    void begin()
    {
        m_before = text();
        painted.reset();
        m_cpu = processCpu();
        m_since.start();
    }
    std::optional<Cost> painted; ///< since begin(), of all threads and the simulator

protected:
    bool eventFilter(QObject * /*watched*/, QEvent *event) override
    {
        // What is in the model now is what this event paints.
        if (event->type() == QEvent::Paint && !painted && text() != m_before) {
            QMetaObject::invokeMethod(
                this,
                [this] {
                    painted = Cost{.wall = double(m_since.nsecsElapsed()) / 1e9,
                                   .cpu = processCpu() - m_cpu};
                },
                Qt::QueuedConnection);
        }
        return false;
    }

private:
    TaskTableModel &m_model;
    TaskKey m_key;
    QString m_before;
    double m_cpu = 0;
    QElapsedTimer m_since;
};

/// From a server's sending to the painted row, of `count` pushes.
std::vector<Cost> latencies(int count)
{
    const SystemClock clock;
    ManualClock serverClock; // so that it sends when it is told to
    GuardianSimulator simulator(serverClock);
    if (!simulator.listen())
        return {};
    const TaskId id = simulator.start(Script::NeverEnding);
    ServerConfig config;
    config.id = ServerId::create();
    config.root = ApiRoot(simulator.apiRoot());
    config.push = true;
    const TaskKey key{config.id, id};

    TaskStore store(clock);
    PollLog log;
    MainWindow window(store, log, clock);
    window.resize(1280, 800);
    window.showTasks();
    window.show();
    QThread thread;
    auto *engine = new Engine(clock);
    engine->moveToThread(&thread);
    QObject::connect(&thread, &QThread::finished, engine, &QObject::deleteLater);
    QObject::connect(&store, &TaskStore::wished, engine, &Engine::applyWishes);
    QObject::connect(engine, &Engine::polled, &store, &TaskStore::apply);
    thread.start();
    const Secret token(simulator.accounts().plainToken());
    QMetaObject::invokeMethod(engine, [engine, config, token] {
        engine->setServer(config);
        engine->setToken(config.id, token);
    });
    store.watch({key});
    std::vector<Cost> times;
    const bool ready = QTest::qWaitFor(
        [&] {
            return simulator.push().signedInClients() == 1
                   && store.find(key)->outcome == Outcome::Running;
        },
        20'000);
    if (ready) {
        // From now on it tells, and is not asked: no answer can come before the push.
        simulator.addFault({.kind = Fault::Kind::Silent, .count = -1});
        PaintWatch watch(window, key);
        for (int i = 0; i <= count; ++i) {
            watch.begin();
            serverClock.advance(16s); // it says something new each 15 s
            if (!QTest::qWaitFor([&watch] { return watch.painted.has_value(); }, 5'000))
                break;
            if (i > 0) // the first one is still warming up
                times.push_back(*watch.painted);
            QTest::qWait(37); // out of step with the pace of handing over
        }
    }
    thread.quit();
    thread.wait();
    return times;
}

} // namespace

void benchPush(const BenchOptions &options, Report &report)
{
    const QString name = u"from the server's sending to the painted row, median"_s;
    const auto count = std::size_t(options.quick ? 5 : 50);
    const std::vector<Cost> times = latencies(int(count));
    if (times.size() < count) {
        report.missing(u"push"_s, u"not all pushes arrived"_s);
        return;
    }
    std::vector<double> wall;
    std::vector<double> cpu;
    for (const Cost &cost : times) {
        wall.push_back(cost.wall);
        cpu.push_back(cost.cpu);
    }
    const Cost middle{.wall = median(wall), .cpu = median(cpu)};
    report.absolute(u"push.median"_s, name, middle.wall * 1e3, u"ms"_s, std::nullopt, {middle});
    const Cost slowest = *std::max_element(
        times.begin(), times.end(), [](const Cost &a, const Cost &b) { return a.wall < b.wall; });
    report.absolute(u"push.slowest"_s, u"the slowest of them"_s, slowest.wall * 1e3, u"ms"_s,
                    std::nullopt, {slowest});
}

#include "pushbench.moc"
