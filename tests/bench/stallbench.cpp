#include "account/memorytokenstore.h"
#include "account/profilestore.h"
#include "application.h"
#include "bench.h"
#include "detail/jsonpane.h"
#include "detail/resultpage.h"
#include "mainwindow.h"
#include "simulatorprocess.h"
#include "tasks/tasktablemodel.h"
#include "tasks/tasktableview.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <memory>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto heartbeat = 5ms;
constexpr int resultBytes = 20'000'000;
constexpr double promisedChanges = 1000; ///< a second
constexpr int patience = 60'000;         // ms, for what takes seconds

/// No server is asked more than 100 times a second: this many are, for 1,000 changes each second.
constexpr int servers = 12;
/// Of the simulator's tasks that never end: then each says something new every 6 s, which is more
/// often than 10,000 of them can be asked.
constexpr double stretch = 0.4;

/// All of the program as it runs, in this process: its engine asks a simulator in another one, its
/// history is a file, its notices are made. Without a session bus, as on a desktop without one.
class Program
{
public:
    Program(const BenchOptions &options, int tasks, int largeResults)
        : m_simulator(options.simulator, 1)
    {
        ApplicationSetup setup;
        setup.folders = Folders::below(m_folder.path());
        setup.tokens = std::make_unique<MemoryTokenStore>(u"a benchmark has no keychain"_s);
        ProfileStore profiles(setup.folders.config, m_clock);
        m_simulator.giveWay();
        if (!m_simulator.isRunning() || !setup.folders.create())
            return;
        (void)profiles.load();
        QList<ServerProfile> all;
        for (int i = 0; i < servers; ++i) {
            ServerProfile profile;
            profile.id = ServerId::create();
            profile.name = u"Server %1"_s.arg(i);
            profile.apiRoot = m_simulator.apiRoot();
            profile.address = profile.apiRoot.toString();
            profile.requestsPerSecond = ServerProfile::maxRequestsPerSecond;
            profile.push = false;
            profile.discovery = ServerProfile::Discovery::Off;
            setup.tokens->write(profile.id, {{}, Secret(m_simulator.token()), {}}, qApp,
                                [](const auto &) {});
            const int count = tasks / servers + (i < tasks % servers ? 1 : 0);
            m_running += keysOf(profile.id, {{u"script"_s, u"never-ending"_s},
                                             {u"count"_s, count},
                                             {u"stretch"_s, stretch},
                                             {u"age"_s, i * 1700}});
            all << profile;
        }
        m_large = keysOf(all.constFirst().id, {{u"script"_s, u"big-result"_s},
                                               {u"count"_s, largeResults},
                                               {u"resultBytes"_s, resultBytes},
                                               {u"age"_s, 3'600'000}});
        if (profiles.save(all) && m_running.size() == tasks && m_large.size() == largeResults)
            m_application = std::make_unique<Application>(std::move(setup), m_clock);
    }

    /// Shown, sorted by what changes, and each task was answered once. False if that failed.
    [[nodiscard]] bool start()
    {
        if (!m_application)
            return false;
        m_application->start();
        window().resize(1280, 800);
        window().model().sort(int(TaskColumn::Progress), Qt::AscendingOrder);
        if (!QTest::qWaitFor([this] { return m_application->isReady(); }, patience))
            return false;
        tasks().watch(m_running);
        return QTest::qWaitFor(
            [this] {
                return std::all_of(
                    m_running.cbegin(), m_running.cend(),
                    [this](const TaskKey &key) { return tasks().find(key)->snapshot != nullptr; });
            },
            patience);
    }

    [[nodiscard]] MainWindow &window() const { return m_application->window(); }
    [[nodiscard]] TaskStore &tasks() const { return m_application->tasks(); }
    /// A task that has ended with a result of 20 MB, and is not watched yet.
    [[nodiscard]] TaskKey takeLarge() { return m_large.takeFirst(); }

    void openResult(const TaskKey &key) const
    {
        window().findChild<TaskTableView *>()->setCurrentTask(key);
        const auto allTabs = window().findChildren<QTabWidget *>();
        for (QTabWidget *tabs : allTabs) {
            for (int i = 0; i < tabs->count(); ++i) {
                if (tabs->tabText(i).contains("Result"_L1))
                    tabs->setCurrentIndex(i);
            }
        }
    }
    /// The result of that task is what one sees now.
    [[nodiscard]] bool isOpen(const TaskKey &key) const
    {
        const TaskRecord *record = tasks().find(key);
        const auto *page = window().findChild<ResultPage *>();
        return record && record->reply && record->reply->body.size() > resultBytes * 9LL / 10
               && window().findChild<TaskTableView *>()->currentTask() == key && page
               && page->pane().isVisible() && page->pane().isReady() && page->pane().json();
    }

private:
    [[nodiscard]] QList<TaskKey> keysOf(const ServerId &server, const QJsonObject &order) const
    {
        QList<TaskKey> keys;
        const QStringList ids = m_simulator.start(order);
        for (const QString &id : ids)
            keys << TaskKey{server, TaskId(id)};
        return keys;
    }

    SystemClock m_clock;
    QTemporaryDir m_folder;
    SimulatorProcess m_simulator;
    QList<TaskKey> m_running;
    QList<TaskKey> m_large;
    std::unique_ptr<Application> m_application;
};

struct Gaps {
    Cost longest; ///< what the thread did not work of it, it waited
    Cost ninetyNinth;
    double guiShare = 0;   ///< of a core
    double changes = 0;    ///< a second, in the store
    bool isOpened = false; ///< the large result
    Cost gui;              ///< of the GUI thread, in all
};

Gaps watch(Program &program, std::chrono::milliseconds span)
{
    std::vector<Cost> gaps;
    gaps.reserve(std::size_t(2 * span / heartbeat));
    double worked = threadCpu();
    qsizetype changes = 0;
    QElapsedTimer since;
    QTimer beat;
    beat.setTimerType(Qt::PreciseTimer);
    QObject::connect(&beat, &QTimer::timeout, &beat,
                     [all = &gaps, clockOfGaps = &since, before = &worked] {
                         const double now = threadCpu();
                         all->push_back({double(clockOfGaps->nsecsElapsed()) / 1e9,
                                         now - std::exchange(*before, now)});
                         clockOfGaps->start();
                     });
    const TaskKey large = program.takeLarge();
    QObject::connect(&program.tasks(), &TaskStore::changed, &beat,
                     [count = &changes, shown = &program, key = large](const QList<TaskKey> &keys) {
                         *count += keys.size();
                         if (!keys.contains(key) || !shown->tasks().find(key)->snapshot)
                             return;
                         QMetaObject::invokeMethod(
                             &shown->window(), [shown, key] { shown->openResult(key); },
                             Qt::QueuedConnection);
                     });
    const double cpu = threadCpu();
    QElapsedTimer wall;
    wall.start();
    since.start();
    beat.start(heartbeat);
    QTimer::singleShot(span / 3, &beat,
                       [shown = &program, key = large] { shown->tasks().watch({key}); });
    QEventLoop loop;
    QTimer::singleShot(span, &loop, &QEventLoop::quit);
    loop.exec();
    Gaps seen;
    seen.isOpened = QTest::qWaitFor([&] { return program.isOpen(large); }, patience);
    seen.gui = {.wall = double(wall.nsecsElapsed()) / 1e9, .cpu = threadCpu() - cpu};
    beat.stop();
    std::sort(gaps.begin(), gaps.end(),
              [](const Cost &a, const Cost &b) { return a.wall < b.wall; });
    seen.longest = gaps.back();
    seen.ninetyNinth = gaps[gaps.size() * 99 / 100];
    seen.guiShare = seen.gui.cpu / seen.gui.wall * 100;
    seen.changes = double(changes) / seen.gui.wall;
    return seen;
}

void tell(const Gaps &gaps, Report &report)
{
    const auto add = [&report](const char *id, const QString &name, double value,
                               const QString &unit, const Cost &cost) {
        report.absolute(QString::fromLatin1(id), name, value, unit, std::nullopt, {cost});
    };
    add("stall.longest", u"longest gap of the event loop"_s, gaps.longest.wall * 1e3, u"ms"_s,
        gaps.longest);
    add("stall.longest-cpu", u"CPU that the GUI thread used in the longest gap"_s,
        gaps.longest.cpu * 1e3, u"ms"_s, gaps.longest);
    add("stall.percentile", u"99th percentile of the gaps"_s, gaps.ninetyNinth.wall * 1e3, u"ms"_s,
        gaps.ninetyNinth);
    add("stall.changes", u"changes a second that the window was told of"_s, gaps.changes,
        u"changes/s"_s, gaps.gui);
    add("stall.gui", u"GUI thread"_s, gaps.guiShare, u"% of a core"_s, gaps.gui);
}

/// The same in a process of its own on a virtual X server, as a platform is chosen once.
void onXvfb(const BenchOptions &options, Report &report)
{
    QProcess server;
    server.setStandardErrorFile(QProcess::nullDevice());
    server.start(u"Xvfb"_s, {u"-displayfd"_s, u"1"_s, u"-screen"_s, u"0"_s, u"1600x1000x24"_s,
                             u"-nolisten"_s, u"tcp"_s});
    if (!server.waitForStarted(10'000) || !server.waitForReadyRead(10'000)) {
        report.missing(u"xvfb"_s, u"Xvfb (xvfb) did not start"_s);
        return;
    }
    QProcess child;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"DISPLAY"_s, u':' + QString::fromLatin1(server.readLine().trimmed()));
    environment.insert(u"QT_QPA_PLATFORM"_s, u"xcb"_s);
    child.setProcessEnvironment(environment);
    child.setStandardErrorFile(QProcess::nullDevice());
    QStringList arguments{u"--json"_s, u"--one-platform"_s, u"stall"_s};
    if (options.quick)
        arguments << u"--quick"_s;
    else
        arguments << u"--stall-seconds"_s << QString::number(options.stallSeconds);
    child.start(QCoreApplication::applicationFilePath(), arguments);
    const bool ended =
        child.waitForFinished((options.stallSeconds + 180) * 1000) && child.exitCode() == 0;
    const auto figures = QJsonDocument::fromJson(child.readAllStandardOutput()).array();
    if (ended && !figures.isEmpty()) {
        for (const auto &figure : figures) {
            std::vector<Cost> sides;
            if (const auto cpu = figure[u"cpuSeconds"][0]; cpu.isDouble())
                sides.push_back(
                    {.wall = figure[u"wallSeconds"][0].toDouble(), .cpu = cpu.toDouble()});
            report.absolute(figure[u"id"].toString().replace(u"stall"_s, u"xvfb"_s),
                            figure[u"name"].toString(), figure[u"value"].toDouble(),
                            figure[u"unit"].toString(), std::nullopt, sides);
        }
    } else {
        child.kill();
        child.waitForFinished(10'000);
        report.missing(u"xvfb"_s, u"no figures came"_s);
    }
    server.terminate();
    if (!server.waitForFinished(10'000))
        server.kill();
    server.waitForFinished(10'000);
}

} // namespace

void benchStall(const BenchOptions &options, Report &report)
{
    const int tasks = options.quick ? 1000 : 10'000;
    // The goal is of 60 s. Three such runs are more than the whole may take, so half of that is the
    // rule, and --stall-seconds 60 the measure.
    const auto span =
        options.quick ? 1500ms : std::chrono::milliseconds(options.stallSeconds * 1000);
    const int runs = options.quick || options.onePlatform ? 1 : 3;
    report.note(
        u"No stall: the whole program with %1 tasks of %2 servers on a simulator, its history "
        "and its notices; a 20 MB result arrives and is opened; best of %3 × %4 s."_s.arg(tasks)
            .arg(servers)
            .arg(runs)
            .arg(double(span.count()) / 1000));
    qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent"); // no notices on this desktop
    {
        Program program(options, tasks, runs);
        if (!program.start()) {
            report.missing(u"stall"_s, u"the program did not get its answers"_s);
            return;
        }
        std::vector<Gaps> all;
        all.reserve(std::size_t(runs));
        for (int i = 0; i < runs; ++i) {
            const Gaps gaps = watch(program, span);
            // The short form asks fewer, and no figure of it counts.
            if (gaps.isOpened && gaps.changes >= (options.quick ? 1 : promisedChanges))
                all.push_back(gaps);
            else
                qWarning("stall: not counted, as %s, %.0f changes/s",
                         gaps.isOpened ? "too little changed" : "the result was not opened",
                         gaps.changes);
        }
        if (all.empty()) {
            report.missing(u"stall"_s, u"not what was promised happened"_s);
            return;
        }
        tell(*std::min_element(
                 all.begin(), all.end(),
                 [](const Gaps &a, const Gaps &b) { return a.longest.wall < b.longest.wall; }),
             report);
    }
    if (!options.onePlatform)
        onXvfb(options, report);
}
