#pragma once

#include "task/baseline.h"
#include "task/taskrecord.h"

#include <QHash>
#include <QSet>
#include <QString>

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

private:
    using Runs = std::vector<Baseline::Duration>;
    struct Kind {
        Runs runs;
        QHash<QString, Runs> steps;
        std::optional<Baseline::Duration> longestStep; ///< kept, as each poll asks for it
    };
    using KindKey = std::pair<ServerId, QString>;

    [[nodiscard]] static std::optional<KindKey> kindOf(const TaskRecord &record);
    [[nodiscard]] const Kind *find(const TaskRecord &record) const;
    static void learnSteps(Kind &kind, const std::vector<TaskStep> &steps);

    QHash<KindKey, Kind> m_kinds;
    QSet<TaskKey> m_known;
};
