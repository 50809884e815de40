#include "bench.h"
#include "historysamples.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

constexpr int limit = 30'000; // ms

bool saysPainted(QProcess &process)
{
    while (!process.canReadLine() && process.waitForReadyRead(limit)) {
    }
    return process.readLine().trimmed() == "painted";
}

/// From the start of a process to its word that it has painted; its CPU until it has ended.
Cost untilPainted(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::SeparateChannels);
    QElapsedTimer wall;
    const double before = childrenCpu();
    wall.start();
    process.start(program, arguments);
    const bool hasPainted = saysPainted(process);
    const double painted = double(wall.nsecsElapsed()) / 1e9;
    if (!hasPainted)
        qFatal("%s did not paint: %s", qPrintable(program),
               process.readAllStandardError().constData());
    if (!process.waitForFinished(limit))
        process.kill();
    process.waitForFinished(limit);
    return {painted, childrenCpu() - before};
}

/// Of all its threads, to the nanosecond: clock ticks of 10 ms would round what is measured away.
double cpuOf(qint64 process)
{
    double seconds = 0;
    const QDir threads(u"/proc/%1/task"_s.arg(process));
    const QStringList ids = threads.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &id : ids) {
        QFile file(threads.filePath(id + u"/schedstat"_s));
        if (file.open(QIODevice::ReadOnly))
            seconds += file.readAll().split(' ').constFirst().toDouble() / 1e9;
    }
    return seconds;
}

/// How often the process's first thread has waited and gone on.
double wakeUps(qint64 process)
{
    QFile file(u"/proc/%1/status"_s.arg(process));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray text = file.readAll();
    const QByteArray name = "\nvoluntary_ctxt_switches:";
    const qsizetype at = text.indexOf(name) + name.size();
    return text.mid(at, text.indexOf('\n', at) - at).trimmed().toDouble();
}

/// All of its tasks are final. Its first seconds, of the start, do not count.
void measureIdle(const BenchOptions &options, const QString &folder, Report &report)
{
    QProcess idle;
    idle.start(options.program, {u"--data-dir"_s, folder, u"--end-after"_s, u"quit"_s});
    const bool hasPainted = saysPainted(idle);
    const int span = options.quick ? 2 : 20;
    double used = 0;
    double wakes = 0;
    if (hasPainted) {
        QTest::qWait(options.quick ? 2'000 : 6'000);
        const double before = cpuOf(idle.processId());
        const double woken = wakeUps(idle.processId());
        QTest::qWait(span * 1000);
        wakes = wakeUps(idle.processId()) - woken;
        used = cpuOf(idle.processId()) - before;
    }
    const bool isAlive = idle.state() == QProcess::Running;
    idle.terminate();
    const bool ended = idle.waitForFinished(limit) && idle.exitStatus() == QProcess::NormalExit;
    if (!ended)
        idle.kill();
    idle.waitForFinished(limit);
    if (!hasPainted || !isAlive || !ended) {
        const QString why = !hasPainted ? u"the window never painted its tasks"_s
                            : isAlive   ? u"the program did not end as told"_s
                                        : u"the program ended by itself"_s;
        report.missing(u"start"_s, why);
        return;
    }
    const Cost all{.wall = double(span), .cpu = used};
    report.absolute(u"start.idle-cpu"_s, u"CPU of an idle window in %1 s"_s.arg(span), used * 1e3,
                    u"ms"_s, std::nullopt, {all});
    report.absolute(u"start.idle-wake-ups"_s,
                    u"wake-ups of the GUI thread of an idle window in %1 s"_s.arg(span), wakes,
                    u"wake-ups"_s, std::nullopt, {all}); // a second's timer at both ends
}

} // namespace

void benchStart(const BenchOptions &options, Report &report)
{
    const QTemporaryDir empty;
    const QTemporaryDir full;
    const int tasks = options.quick ? 500 : 10'000;
    if (!writeHistory(full.path(), tasks)) {
        report.missing(u"start"_s, u"the history could not be written"_s);
        return;
    }
    const auto start = [&](const QString &folder, const QString &what) {
        return untilPainted(options.program, {u"--data-dir"_s, folder, u"--end-after"_s, what});
    };
    const auto costs =
        interleave({{u"none"_s, [&] { return start(empty.path(), u"paint"_s); }},
                    {u"many"_s, [&] { return start(full.path(), u"paint"_s); }},
                    {u"bare"_s, [&] { return untilPainted(options.bareWindow, {}); }}},
                   options.quick ? 1 : std::max(options.rounds, 5));
    const QString bare = u"bare QMainWindow with QTableView"_s;
    report.ratio(u"start.paint-empty"_s, u"first painted window, nothing tracked"_s, bare,
                 costs[0].wall * 1e3, costs[2].wall * 1e3, u"ms"_s,
                 noiseOf(costs[0].wallNoise, costs[2].wallNoise), {costs[0], costs[2]});
    report.ratio(u"start.paint-many"_s, u"first painted window, %1 tracked"_s.arg(tasks), bare,
                 costs[1].wall * 1e3, costs[2].wall * 1e3, u"ms"_s,
                 noiseOf(costs[1].wallNoise, costs[2].wallNoise), {costs[1], costs[2]});

    const QTemporaryDir many;
    const int stored = options.quick ? 2000 : 100'000;
    const QTemporaryDir one;
    if (writeHistory(many.path(), stored) && writeHistory(one.path(), 1)) {
        const auto rows = interleave({{u"many"_s, [&] { return start(many.path(), u"rows"_s); }},
                                      {u"one"_s, [&] { return start(one.path(), u"rows"_s); }}},
                                     options.quick ? 1 : std::max(options.rounds, 5));
        report.absolute(
            u"start.rows"_s, u"first rows painted, %1 stored: more than with one"_s.arg(stored),
            (rows[0].wall - rows[1].wall) * 1e3, u"ms"_s, std::nullopt, {rows[0], rows[1]});
    }

    measureIdle(options, full.path(), report);
}
