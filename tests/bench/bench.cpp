#include "bench.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTextStream>
#include <QThread>

#include <algorithm>
#include <cmath>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace {

double cpuOf(int who)
{
    rusage usage{};
    ::getrusage(who, &usage);
    const auto seconds = [](const timeval &time) {
        return double(time.tv_sec) + double(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

QString number(double value)
{
    const double size = std::abs(value);
    return QString::number(value, 'f', size < 10 ? 2 : size < 100 ? 1 : 0);
}

double quartile(const std::vector<double> &sorted, double share)
{
    return sorted[std::min(sorted.size() - 1, std::size_t(share * double(sorted.size())))];
}

double noiseIn(std::vector<double> values)
{
    const double middle = median(values);
    if (values.empty() || middle <= 0)
        return 0;
    std::sort(values.begin(), values.end());
    return (quartile(values, 0.75) - quartile(values, 0.25)) / 2 / middle;
}

QString span(double seconds)
{
    return seconds >= 1      ? number(seconds) + u" s"_s
           : seconds >= 1e-3 ? number(seconds * 1e3) + u" ms"_s
                             : number(seconds * 1e6) + u" µs"_s;
}

/// "CPU 12.0 ms : 11.2 ms, wall 13.1 ms : 12.4 ms"
QString sidesText(const std::vector<Cost> &sides)
{
    QStringList cpu;
    QStringList wall;
    for (const Cost &side : sides) {
        cpu << span(side.cpu);
        wall << span(side.wall);
    }
    return sides.empty() ? QString()
                         : u"CPU %1, wall %2"_s.arg(cpu.join(u" : "), wall.join(u" : "));
}

QJsonArray numbers(const std::vector<Cost> &sides, double Cost::*part)
{
    QJsonArray array;
    for (const Cost &side : sides)
        array.append(side.*part);
    return array;
}

QString percent(double share)
{
    return u"±%1 %"_s.arg(share * 100, 0, 'f', 0);
}

} // namespace

Cost spent(const std::function<void()> &work)
{
    QElapsedTimer wall;
    const double before = processCpu();
    wall.start();
    work();
    return {.wall = double(wall.nsecsElapsed()) / 1e9, .cpu = processCpu() - before};
}

Cost each(const Cost &cost, double count)
{
    Cost one = cost;
    one.wall /= count;
    one.cpu /= count;
    return one;
}

double processCpu()
{
    return cpuOf(RUSAGE_SELF);
}

double childrenCpu()
{
    return cpuOf(RUSAGE_CHILDREN);
}

double threadCpu()
{
    return cpuOf(RUSAGE_THREAD);
}

double residentBytes()
{
    QFile file(u"/proc/self/statm"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const auto fields = file.readAll().split(' ');
    return fields.size() > 1 ? fields.at(1).toDouble() * double(::sysconf(_SC_PAGESIZE)) : 0;
}

double allocatedBytes()
{
    const auto info = ::mallinfo2();
    return double(info.uordblks) + double(info.hblkhd);
}

double median(std::vector<double> values)
{
    if (values.empty())
        return 0;
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

std::vector<Cost> interleave(const std::vector<Side> &sides, int rounds)
{
    std::vector<std::vector<double>> wall(sides.size());
    std::vector<std::vector<double>> cpu(sides.size());
    for (int round = -1; round < rounds; ++round) {
        for (std::size_t i = 0; i < sides.size(); ++i) {
            const std::size_t turn = (i + std::size_t(round + 1)) % sides.size();
            const Cost cost = sides[turn].run();
            if (round < 0)
                continue; // to warm up
            wall[turn].push_back(cost.wall);
            cpu[turn].push_back(cost.cpu);
        }
    }
    std::vector<Cost> medians;
    for (std::size_t i = 0; i < sides.size(); ++i)
        medians.push_back({median(wall[i]), median(cpu[i]), noiseIn(wall[i]), noiseIn(cpu[i])});
    return medians;
}

double noiseOf(double ours, double theirs)
{
    return std::hypot(ours, theirs);
}

QString conditions()
{
    QFile load(u"/proc/loadavg"_s);
    const QByteArray average =
        load.open(QIODevice::ReadOnly) ? load.readAll().split(' ').value(0) : QByteArray("unknown");
    return u"Qt %1, %2 cores, load average %3"_s.arg(QLatin1String(qVersion()))
        .arg(QThread::idealThreadCount())
        .arg(QLatin1String(average));
}

void Report::ratio(const QString &topic, const QString &name, const QString &baseline, double ours,
                   double theirs, const QString &unit, std::optional<double> limit, bool atLeast,
                   std::optional<double> noise, const std::vector<Cost> &sides)
{
    Figure figure{topic, name,  baseline, theirs > 0 ? ours / theirs : 0, {}, {}, true,
                  {},    noise, sides};
    figure.detail = u"%1 : %2 %3"_s.arg(number(ours), number(theirs), unit);
    add(std::move(figure), limit, atLeast);
}

void Report::absolute(const QString &topic, const QString &name, double value, const QString &unit,
                      std::optional<double> limit, bool atLeast, std::optional<double> noise,
                      const std::vector<Cost> &sides)
{
    add({topic, name, {}, value, unit, {}, true, {}, noise, sides}, limit, atLeast);
}

void Report::missing(const QString &topic, const QString &name, const QString &why)
{
    m_figures.append({topic, name, {}, 0, {}, {}, false, u"not measured: "_s + why, {}});
}

void Report::add(Figure figure, std::optional<double> limit, bool atLeast)
{
    if (limit) {
        figure.goal = (atLeast ? u"≥ "_s : u"≤ "_s) + number(*limit);
        figure.met = atLeast ? figure.value >= *limit : figure.value <= *limit;
    }
    m_figures.append(std::move(figure));
}

QString Report::table() const
{
    QString text;
    QTextStream out(&text);
    out << "| what | measured | noise | against | CPU, wall | goal | |\n"
           "| --- | ---: | ---: | --- | --- | --- | --- |\n";
    for (const Figure &figure : m_figures) {
        const bool measured = !figure.detail.startsWith("not measured"_L1);
        const QString noise = figure.noise ? percent(*figure.noise) : QString();
        out << "| " << figure.topic << ": " << figure.name << " | ";
        if (!measured)
            out << "– | | " << figure.detail << " | | | |\n";
        else if (figure.unit.isEmpty())
            out << number(figure.value) << " × | " << noise << " | " << figure.baseline << " ("
                << figure.detail << ") | " << sidesText(figure.sides) << " | " << figure.goal
                << " | "
                << (figure.goal.isEmpty() ? ""
                    : figure.met          ? "met"
                                          : "**missed**")
                << " |\n";
        else
            out << number(figure.value) << ' ' << figure.unit << " | " << noise << " | | "
                << sidesText(figure.sides) << " | " << figure.goal << " | "
                << (figure.goal.isEmpty() ? ""
                    : figure.met          ? "met"
                                          : "**missed**")
                << " |\n";
    }
    out << "\nNoise: half of the rounds' interquartile range, of ours and the baseline together; "
           "none: measured once. CPU, wall: the medians of both (getrusage, clock), ours first; "
           "what is "
           "measured is CPU where one thread works, but wall time of throughput, gaps, starts and "
           "the history, which counts what else the machine does. "
        << conditions() << " at the end.\n";
    return text;
}

QByteArray Report::json() const
{
    QJsonArray figures;
    for (const Figure &figure : m_figures) {
        figures.append(QJsonObject{
            {u"topic"_s, figure.topic},
            {u"name"_s, figure.name},
            {u"baseline"_s, figure.baseline},
            {u"value"_s, figure.value},
            {u"unit"_s, figure.unit.isEmpty() ? u"ratio"_s : figure.unit},
            {u"goal"_s, figure.goal},
            {u"met"_s, figure.met},
            {u"detail"_s, figure.detail},
            {u"cpuSeconds"_s, numbers(figure.sides, &Cost::cpu)},
            {u"wallSeconds"_s, numbers(figure.sides, &Cost::wall)},
            {u"noise"_s, figure.noise ? QJsonValue(*figure.noise) : QJsonValue(QJsonValue::Null)}});
    }
    return QJsonDocument(figures).toJson();
}
