#include "bench.h"
#include "figures.h"

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

const FigureKind &kindOf(const QString &id)
{
    const auto *const kind = std::find_if(Figures::kinds.begin(), Figures::kinds.end(),
                                          [&id](const FigureKind &one) { return one.id == id; });
    if (kind == Figures::kinds.end())
        qFatal("there is no figure %s", qPrintable(id));
    return *kind;
}

QString goalText(const FigureKind &kind)
{
    return kind.limit ? (kind.atLeast ? u"≥ "_s : u"≤ "_s) + number(*kind.limit) : QString();
}

bool isMet(const FigureKind &kind, double value)
{
    return !kind.limit || (kind.atLeast ? value >= *kind.limit : value <= *kind.limit);
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

void Report::ratio(const QString &id, const QString &name, const QString &baseline, double ours,
                   double theirs, const QString &unit, std::optional<double> noise,
                   const std::vector<Cost> &sides)
{
    Figure figure;
    figure.id = id;
    figure.name = name;
    figure.baseline = baseline;
    figure.value = theirs > 0 ? ours / theirs : 0;
    figure.detail = u"%1 : %2 %3"_s.arg(number(ours), number(theirs), unit);
    figure.measured = theirs > 0;
    figure.noise = noise;
    figure.sides = sides;
    add(std::move(figure));
}

void Report::absolute(const QString &id, const QString &name, double value, const QString &unit,
                      std::optional<double> noise, const std::vector<Cost> &sides)
{
    Figure figure;
    figure.id = id;
    figure.name = name;
    figure.value = value;
    figure.unit = unit;
    figure.noise = noise;
    figure.sides = sides;
    add(std::move(figure));
}

void Report::missing(const QString &which, const QString &why)
{
    for (const FigureKind &kind : Figures::kinds) {
        if ((kind.topic != which && kind.id != which) || has(kind.id))
            continue;
        Figure figure;
        figure.id = kind.id;
        figure.name = kind.id;
        figure.detail = u"not measured: "_s + why;
        figure.measured = false;
        add(std::move(figure));
    }
}

bool Report::has(QLatin1String id) const
{
    return std::any_of(m_figures.cbegin(), m_figures.cend(),
                       [id](const Figure &figure) { return figure.id == id; });
}

QStringList Report::lacking(const QStringList &topics) const
{
    QStringList ids;
    for (const FigureKind &kind : Figures::kinds) {
        const auto isWhole = [&kind](const Figure &figure) {
            return figure.id == kind.id && figure.measured && std::isfinite(figure.value);
        };
        if (topics.contains(kind.topic)
            && std::none_of(m_figures.cbegin(), m_figures.cend(), isWhole))
            ids << kind.id;
    }
    return ids;
}

void Report::add(Figure figure)
{
    if (figure.measured && figure.sides.empty() && !kindOf(figure.id).isCounted)
        qFatal("%s comes without what it cost", qPrintable(figure.id));
    m_figures.append(std::move(figure));
}

QString Report::table() const
{
    QString text;
    QTextStream out(&text);
    out << "| what | measured | noise | against | CPU, wall | goal | |\n"
           "| --- | ---: | ---: | --- | --- | --- | --- |\n";
    for (const Figure &figure : m_figures) {
        const FigureKind &kind = kindOf(figure.id);
        out << "| " << kind.title << ": " << figure.name << " | ";
        if (!figure.measured) {
            out << "– | | " << figure.detail << " | | | |\n";
            continue;
        }
        const bool isRatio = figure.unit.isEmpty();
        out << number(figure.value) << ' ' << (isRatio ? u"×"_s : figure.unit) << " | "
            << (figure.noise ? percent(*figure.noise) : QString()) << " | "
            << (isRatio ? u"%1 (%2) "_s.arg(figure.baseline, figure.detail) : QString()) << "| "
            << sidesText(figure.sides) << " | " << goalText(kind) << " | "
            << (!kind.limit                 ? ""
                : isMet(kind, figure.value) ? "met"
                                            : "**missed**")
            << " |\n";
    }
    for (const QString &note : m_notes)
        out << '\n' << note << '\n';
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
            {u"id"_s, figure.id},
            {u"topic"_s, QString(kindOf(figure.id).title)},
            {u"name"_s, figure.name},
            {u"baseline"_s, figure.baseline},
            {u"value"_s, figure.value},
            {u"unit"_s, figure.unit.isEmpty() ? u"ratio"_s : figure.unit},
            {u"goal"_s, goalText(kindOf(figure.id))},
            {u"met"_s, figure.measured && isMet(kindOf(figure.id), figure.value)},
            {u"measured"_s, figure.measured},
            {u"detail"_s, figure.detail},
            {u"cpuSeconds"_s, numbers(figure.sides, &Cost::cpu)},
            {u"wallSeconds"_s, numbers(figure.sides, &Cost::wall)},
            {u"noise"_s, figure.noise ? QJsonValue(*figure.noise) : QJsonValue(QJsonValue::Null)}});
    }
    return QJsonDocument(figures).toJson();
}
