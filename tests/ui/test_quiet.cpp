#include "account/memorytokenstore.h"
#include "account/profilestore.h"
#include "application.h"
#include "guardiansimulator.h"
#include "mainwindow.h"
#include "scaledclock.h"

#include <QCoreApplication>
#include <QMutex>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

constexpr double pace = 20; ///< of the clock: a second passes in 50 ms

/// Notes which timers have run, and how soon after they had run before.
class NotingClock final : public Clock
{
public:
    struct Run {
        milliseconds delay{0}; ///< with which it was started
        milliseconds since{0}; ///< it ran the time before
        bool isOfWindow = false;
    };

    [[nodiscard]] Instant now() const override { return m_clock.now(); }
    [[nodiscard]] milliseconds asleep() const override { return m_clock.asleep(); }
    [[nodiscard]] std::unique_ptr<ClockTimer>
    makeTimer(std::function<void()> callback) const override;

    void clear() { (void)take(); }
    [[nodiscard]] std::vector<Run> take()
    {
        const QMutexLocker lock(&m_mutex);
        return std::exchange(m_runs, {});
    }

private:
    class Timer;
    ScaledClock m_clock{pace};
    mutable QMutex m_mutex; ///< three threads
    mutable std::vector<Run> m_runs;
};

class NotingClock::Timer final : public ClockTimer
{
public:
    Timer(const NotingClock &clock, std::function<void()> callback)
        : m_clock(clock)
        , m_callback(std::move(callback))
        , m_timer(clock.m_clock.makeTimer([this] { run(); }))
    {
    }

    void start(milliseconds delay) override
    {
        m_delay = delay;
        m_timer->start(delay);
    }
    void stop() override { m_timer->stop(); }
    [[nodiscard]] bool isActive() const override { return m_timer->isActive(); }

private:
    void run()
    {
        const milliseconds now = m_clock.now().awake;
        const milliseconds since = m_ranAt ? now - *m_ranAt : milliseconds::max();
        m_ranAt = now;
        {
            const QMutexLocker lock(&m_clock.m_mutex);
            m_clock.m_runs.push_back(
                {m_delay, since,
                 QThread::currentThread() == QCoreApplication::instance()->thread()});
        }
        m_callback(); // may end this timer
    }

    const NotingClock &m_clock;
    std::function<void()> m_callback;
    std::unique_ptr<ClockTimer> m_timer;
    milliseconds m_delay{0};
    std::optional<milliseconds> m_ranAt;
};

std::unique_ptr<ClockTimer> NotingClock::makeTimer(std::function<void()> callback) const
{
    return std::make_unique<Timer>(*this, std::move(callback));
}

/// Those that ran twice within a second, but for what the clock is off.
QStringList tooFast(const std::vector<NotingClock::Run> &runs)
{
    QStringList list;
    for (const NotingClock::Run &run : runs) {
        if (run.since < 950ms)
            list << u"after %1 ms, started with %2 ms, %3"_s.arg(
                QString::number(run.since.count()), QString::number(run.delay.count()),
                run.isOfWindow ? u"of the window"_s : u"elsewhere"_s);
    }
    return list;
}

} // namespace

/// Of the whole program: how often it wakes where there is nothing to do, or nobody to see it.
class TestQuiet final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<NotingClock> m_clock;
    std::unique_ptr<GuardianSimulator> m_sim;
    std::unique_ptr<Application> m_application;
    ServerId m_server;

    void start(const QList<TaskId> &watched, bool push)
    {
        ServerProfile profile;
        profile.id = m_server;
        profile.name = u"Production"_s;
        profile.address = m_sim->siteUrl().toString();
        profile.apiRoot = m_sim->apiRoot();
        profile.notifications = false;
        profile.push = push;
        ApplicationSetup setup;
        setup.folders = Folders::below(m_folder->path());
        QVERIFY(setup.folders.create());
        ProfileStore profiles(setup.folders.config, *m_clock);
        (void)profiles.load();
        QVERIFY(profiles.save({profile}));
        setup.tokens = std::make_unique<MemoryTokenStore>(u"a test has no keychain"_s);
        setup.tokens->write(m_server, {{}, Secret(m_sim->accounts().plainToken()), {}}, this,
                            [](const auto &) {});
        for (const TaskId &id : watched)
            setup.watch << WatchFileRow{id, {}};
        m_application = std::make_unique<Application>(std::move(setup), *m_clock);
        m_application->start();
        QVERIFY(QTest::qWaitForWindowActive(&m_application->window()));
        QTRY_VERIFY(m_application->isReady());
    }
    [[nodiscard]] bool areAll(const QList<TaskId> &ids, Outcome outcome) const
    {
        return std::all_of(ids.cbegin(), ids.cend(), [&](const TaskId &id) {
            const TaskRecord *record = m_application->tasks().find({m_server, id});
            return record && record->outcome == outcome;
        });
    }
    void pass(milliseconds span) const
    {
        const milliseconds end = m_clock->now().awake + span;
        QTRY_VERIFY_WITH_TIMEOUT(m_clock->now().awake >= end, 60'000);
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_clock = std::make_unique<NotingClock>();
        m_sim = std::make_unique<GuardianSimulator>(*m_clock);
        QVERIFY(m_sim->listen());
        m_server = ServerId::create();
    }
    void cleanup()
    {
        m_application.reset();
        m_sim.reset();
        m_clock.reset();
        m_folder.reset();
    }

    void whereNothingRunsNoTimerIsFasterThanASecond()
    {
        StartOptions old;
        old.age = 1h;
        const QList<TaskId> ids{m_sim->start(Script::Quick, old),
                                m_sim->start(Script::Failing, old)};
        start(ids, true);
        QTRY_VERIFY_WITH_TIMEOUT(areAll({ids[0]}, Outcome::Completed), 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(areAll({ids[1]}, Outcome::Failed), 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(
            std::all_of(ids.cbegin(), ids.cend(),
                        [this](const TaskId &id) {
                            return m_application->tasks().find({m_server, id})->confirmed;
                        }),
            20'000);
        pass(10s); // and kept
        m_clock->clear();
        pass(60s);
        const auto runs = m_clock->take();
        QVERIFY(runs.size() > 10); // it does tick
        QVERIFY2(tooFast(runs).isEmpty(), qPrintable(tooFast(runs).join(u'\n')));
    }

    void whereNobodySeesItNoTimerOfTheWindowIsFasterThanASecond()
    {
        StartOptions lively; // together they change several times a second
        lively.stretch = 0.1;
        const QList<TaskId> ids = m_sim->startMany(20, makePlan(Script::NeverEnding), lively);
        start(ids, false);
        QTRY_VERIFY_WITH_TIMEOUT(areAll(ids, Outcome::Running), 20'000);
        pass(2s);
        QVERIFY(!tooFast(m_clock->take()).isEmpty()); // where it is seen
        m_application->window().hide();
        pass(3s);
        m_clock->clear();
        int changes = 0;
        connect(&m_application->tasks(), &TaskStore::changed, this,
                [count = &changes] { ++*count; });
        QTRY_VERIFY_WITH_TIMEOUT(changes >= 60, 60'000);
        auto runs = m_clock->take();
        // What is new is on the disk within a quarter of a second, whoever sees it.
        std::erase_if(runs, [](const NotingClock::Run &run) {
            return !run.isOfWindow || run.delay == 250ms;
        });
        QVERIFY(!runs.empty());
        QVERIFY2(tooFast(runs).isEmpty(), qPrintable(tooFast(runs).join(u'\n')));
        disconnect(&m_application->tasks(), nullptr, this, nullptr);
    }
};

QTEST_MAIN(TestQuiet)
#include "test_quiet.moc"
