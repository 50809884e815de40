#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include <functional>
#include <optional>
#include <vector>

/// What one side of a comparison took, in seconds.
struct Cost {
    double wall = 0;
    double cpu = 0; ///< of the whole process, user and system
    /// Of a median: half of the interquartile range of its rounds, as a share of it.
    double wallNoise = 0;
    double cpuNoise = 0;
};

/// One of the things measured side by side. `run` does one round's work and returns what it cost:
/// usually what spent() says of it.
struct Side {
    QString name;
    std::function<Cost()> run;
};

/// A figure of the report: ours against a baseline, or alone where there is none.
struct Figure {
    QString id; ///< of a FigureKind
    QString name;
    QString baseline;            ///< what ours is divided by; empty: an absolute figure
    double value = 0;            ///< a ratio, or in `unit`
    QString unit;                ///< empty: a ratio
    QString detail;              ///< the absolute medians behind a ratio; why there is no value
    bool measured = true;        ///< false: it could not be, or what was measured does not count
    std::optional<double> noise; ///< by how much it may be off, as a share; none: measured once
    /// The medians of ours and of the baseline, so that CPU stands beside wall time whichever of
    /// them the figure is of. None where no work is measured.
    std::vector<Cost> sides{};
};

struct BenchOptions {
    bool quick = false; ///< does it run, does it print all: fewer rounds and smaller amounts
    int rounds = 5;
    QString simulator;        ///< path of guardian-sim
    QString program;          ///< path of taskwatch
    QString bareWindow;       ///< path of a window with a table that says "painted" and ends
    bool onePlatform = false; ///< the stall on this platform alone, once
    int stallSeconds = 30;    ///< of each run of the stall
};

class Report
{
public:
    /// `id`: one of Figures::kinds, which has the goal.
    void ratio(const QString &id, const QString &name, const QString &baseline, double ours,
               double theirs, const QString &unit, std::optional<double> noise = std::nullopt,
               const std::vector<Cost> &sides = {});
    void absolute(const QString &id, const QString &name, double value, const QString &unit,
                  std::optional<double> noise = std::nullopt, const std::vector<Cost> &sides = {});
    /// All of a topic that is not reported yet, or a single figure, could not be measured here or
    /// does not count: said, never left out silently.
    void missing(const QString &which, const QString &why);
    /// What is promised of these topics, and missing.
    [[nodiscard]] QStringList lacking(const QStringList &topics) const;
    /// A line for below the table.
    void note(const QString &text) { m_notes << text; }

    [[nodiscard]] QString table() const; ///< Markdown, with notes and conditions below
    [[nodiscard]] QByteArray json() const;

private:
    [[nodiscard]] bool has(QLatin1String id) const;
    void add(Figure figure);
    QList<Figure> m_figures;
    QStringList m_notes;
};

/// What `work` cost.
[[nodiscard]] Cost spent(const std::function<void()> &work);
/// Of one of so many.
[[nodiscard]] Cost each(const Cost &cost, double count);
/// CPU seconds of this process; of its ended children; of the calling thread.
[[nodiscard]] double processCpu();
[[nodiscard]] double childrenCpu();
[[nodiscard]] double threadCpu();
/// Resident memory and what the allocator has handed out, in bytes.
[[nodiscard]] double residentBytes();
[[nodiscard]] double allocatedBytes();

[[nodiscard]] double median(std::vector<double> values);
/// What a ratio of two noisy figures may be off by.
[[nodiscard]] double noiseOf(double ours, double theirs);
/// How busy the machine is, in words: with the load, wall time loses its meaning.
[[nodiscard]] QString conditions();

/// Runs the sides in turn, `rounds` times after one round to warm up, each round in another order;
/// the medians, in the order of the sides.
[[nodiscard]] std::vector<Cost> interleave(const std::vector<Side> &sides, int rounds);

void benchHttp(const BenchOptions &options, Report &report);
void benchHttp2(const BenchOptions &options, Report &report);
void benchParsing(const BenchOptions &options, Report &report);
void benchTable(const BenchOptions &options, Report &report);
void benchStall(const BenchOptions &options, Report &report);
void benchMemory(const BenchOptions &options, Report &report);
void benchHistory(const BenchOptions &options, Report &report);
void benchPush(const BenchOptions &options, Report &report);
void benchStart(const BenchOptions &options, Report &report);
