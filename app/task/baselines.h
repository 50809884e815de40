#pragma once

#include "task/baseline.h"
#include "task/taskrecord.h"

#include <QHash>
#include <QSet>
#include <QString>

/// Where in its steps a usual run would be by now.
struct UsualPlace {
    std::vector<int> path; ///< from the outermost step inwards, by number
    double share = 0;      ///< 0..1 of that step's usual length

    friend bool operator==(const UsualPlace &, const UsualPlace &) = default;
};

/// What is usual per server and action, and per step of it, learnt from the tasks that completed.
/// A value in one thread; bounded, whatever the servers call their steps.
class Baselines
{
public:
    static constexpr qsizetype mostSteps = 200; ///< different ones that count per action

    /// Learns from a task that completed, once; anything else teaches nothing.
    void learn(const TaskRecord &record);

    /// How long such tasks take; empty with too few.
    [[nodiscard]] std::optional<Baseline::Usual> run(const TaskRecord &record) const;
    /// How much longer this one takes.
    [[nodiscard]] std::optional<Baseline::Range> remaining(const TaskRecord &record,
                                                           Baseline::Duration elapsed) const;
    /// The longest of its steps' medians; steps are told apart by name.
    [[nodiscard]] std::optional<Baseline::Duration> longestStep(const TaskRecord &record) const;
    [[nodiscard]] std::optional<Baseline::Usual> step(const TaskRecord &record,
                                                      const QString &name) const;
    /// How long the record's own steps take, by name; those without parts alone.
    [[nodiscard]] QHash<QString, Baseline::Duration> stepMedians(const TaskRecord &record) const;
    /// Whether it runs and takes much longer than such tasks do; `now`: UTC.
    [[nodiscard]] bool isSlow(const TaskRecord &record, const QDateTime &now) const;

private:
    using Runs = std::vector<Baseline::Duration>;
    struct Kind {
        Runs runs;
        QHash<QString, Runs> steps;
        // Kept, as each poll and each painted row asks for them:
        std::optional<Baseline::Usual> usual;
        std::optional<Baseline::Duration> longestStep;
    };
    using KindKey = std::pair<ServerId, QString>;

    [[nodiscard]] static std::optional<KindKey> kindOf(const TaskRecord &record);
    [[nodiscard]] const Kind *find(const TaskRecord &record) const;
    static void learnSteps(Kind &kind, const std::vector<TaskStep> &steps);

    QHash<KindKey, Kind> m_kinds;
    QSet<TaskKey> m_known;
};

/// Walks the steps in their order, each as long as usual; steps of which nothing is known take no
/// time. Absent where nothing is known of any.
[[nodiscard]] std::optional<UsualPlace>
usualPlace(const std::vector<TaskStep> &steps, const QHash<QString, Baseline::Duration> &medians,
           Baseline::Duration elapsed);
