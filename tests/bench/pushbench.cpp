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
        painted = -1;
        m_since.start();
    }
    double painted = -1; ///< ms since begin(); < 0: not yet

protected:
    bool eventFilter(QObject * /*watched*/, QEvent *event) override
    {
        // What is in the model now is what this event paints.
        if (event->type() == QEvent::Paint && painted < 0 && text() != m_before) {
            QMetaObject::invokeMethod(
                this, [this] { painted = double(m_since.nsecsElapsed()) / 1e6; },
                Qt::QueuedConnection);
        }
        return false;
    }

private:
    TaskTableModel &m_model;
    TaskKey m_key;
    QString m_before;
    QElapsedTimer m_since;
};

/// Milliseconds from a server's sending to the painted row, of `count` pushes.
std::vector<double> latencies(int count)
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
    std::vector<double> times;
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
            if (!QTest::qWaitFor([&watch] { return watch.painted >= 0; }, 5'000))
                break;
            if (i > 0) // the first one is still warming up
                times.push_back(watch.painted);
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
    std::vector<double> times = latencies(int(count));
    if (times.size() < count) {
        report.missing(u"push"_s, u"not all pushes arrived"_s);
        return;
    }
    report.absolute(u"push.median"_s, name, median(times), u"ms"_s);
    report.absolute(u"push.slowest"_s, u"the slowest of them"_s,
                    *std::max_element(times.begin(), times.end()), u"ms"_s);
}

#include "pushbench.moc"
