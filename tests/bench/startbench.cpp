#include "bench.h"
#include "historysamples.h"

#include <QDir>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace {

constexpr int limit = 30'000; // ms

/// From the start of a process to its word that it has painted; its CPU until it has ended.
Cost untilPainted(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::SeparateChannels);
    QElapsedTimer wall;
    const double before = childrenCpu();
    wall.start();
    process.start(program, arguments);
    while (!process.canReadLine() && process.waitForReadyRead(limit)) {
    }
    const double painted = double(wall.nsecsElapsed()) / 1e9;
    if (process.readLine().trimmed() != "painted")
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

} // namespace

void benchStart(const BenchOptions &options, Report &report)
{
    const QString topic = u"Start"_s;
    const QTemporaryDir empty;
    const QTemporaryDir full;
    const int tasks = options.quick ? 500 : 10'000;
    if (!writeHistory(full.path(), tasks)) {
        report.missing(topic, u"all"_s, u"the history could not be written"_s);
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
    report.ratio(topic, u"first painted window, nothing tracked"_s, bare, costs[0].wall * 1e3,
                 costs[2].wall * 1e3, u"ms"_s, 2, false,
                 noiseOf(costs[0].wallNoise, costs[2].wallNoise), {costs[0], costs[2]});
    report.ratio(topic, u"first painted window, %1 tracked"_s.arg(tasks), bare, costs[1].wall * 1e3,
                 costs[2].wall * 1e3, u"ms"_s, 2, false,
                 noiseOf(costs[1].wallNoise, costs[2].wallNoise), {costs[1], costs[2]});

    const QTemporaryDir many;
    const int stored = options.quick ? 2000 : 100'000;
    const QTemporaryDir one;
    if (writeHistory(many.path(), stored) && writeHistory(one.path(), 1)) {
        const auto rows = interleave({{u"many"_s, [&] { return start(many.path(), u"rows"_s); }},
                                      {u"one"_s, [&] { return start(one.path(), u"rows"_s); }}},
                                     options.quick ? 1 : std::max(options.rounds, 5));
        report.absolute(topic, u"first rows painted, %1 stored: more than with one"_s.arg(stored),
                        (rows[0].wall - rows[1].wall) * 1e3, u"ms"_s, 1000, false, std::nullopt,
                        {rows[0], rows[1]});
    }

    // Idle: all of them final. The first seconds are its start.
    QProcess idle;
    idle.start(options.program, {u"--data-dir"_s, full.path()});
    if (!idle.waitForStarted(limit)) {
        report.missing(topic, u"idle"_s, u"the program did not start"_s);
        return;
    }
    const auto rest = [](int seconds) {
        QEventLoop loop;
        QTimer::singleShot(seconds * 1000, &loop, &QEventLoop::quit);
        loop.exec();
    };
    const int span = options.quick ? 2 : 20;
    rest(options.quick ? 2 : 6);
    const double before = cpuOf(idle.processId());
    const double woken = wakeUps(idle.processId());
    rest(span);
    const double wakes = wakeUps(idle.processId()) - woken;
    const double used = cpuOf(idle.processId()) - before;
    idle.terminate();
    if (!idle.waitForFinished(limit))
        idle.kill();
    report.absolute(topic, u"CPU of an idle window in %1 s"_s.arg(span), used * 1e3, u"ms"_s, 10,
                    false, std::nullopt, {{.wall = double(span), .cpu = used}});
    report.absolute(topic, u"wake-ups of the GUI thread of an idle window in %1 s"_s.arg(span),
                    wakes, u"wake-ups"_s, span + 1); // a second's timer at both ends
}
