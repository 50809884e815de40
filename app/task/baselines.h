#pragma once

#include "task/baseline.h"
#include "task/taskrecord.h"

#include <QHash>
#include <QSet>
#include <QString>

#include <deque>
#include <utility>

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
    /// How many durations lessons() holds at most.
    static constexpr std::size_t mostTaught = 20'000;

    /// What one task taught: all of it that is needed once the task is no longer kept.
    struct Lesson {
        TaskKey key;
        QString action;
        std::optional<Baseline::Duration> run; ///< absent: only its steps are known
        std::vector<std::pair<QString, Baseline::Duration>> steps;

        friend bool operator==(const Lesson &, const Lesson &) = default;
    };

    /// Learns from a task that completed, once; anything else teaches nothing.
    void learn(const TaskRecord &record);
    /// The same of what lessons() gave, in its order. Before the tasks that are kept: the latest
    /// count.
    void learn(const std::vector<Lesson> &lessons);
    /// The latest of each action, oldest first; of too many, those of the actions that were met
    /// last.
    [[nodiscard]] std::vector<Lesson> lessons() const;
    /// Of how many tasks it has learnt: whether lessons() may differ by now.
    [[nodiscard]] qsizetype count() const { return m_known.size(); }

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
        std::deque<Lesson> lessons; ///< the latest
        qsizetype met = 0;          ///< count() after the last of them
        // Kept, as each poll and each painted row asks for them:
        std::optional<Baseline::Usual> usual;
        std::optional<Baseline::Duration> longestStep;
    };
    using KindKey = std::pair<ServerId, QString>;

    [[nodiscard]] static std::optional<KindKey> kindOf(const TaskRecord &record);
    [[nodiscard]] const Kind *find(const TaskRecord &record) const;
    static void gatherSteps(const std::vector<TaskStep> &steps, Lesson &lesson);
    void learn(Lesson lesson);

    QHash<KindKey, Kind> m_kinds;
    QSet<TaskKey> m_known;
};

/// Walks the steps in their order, each as long as usual; steps of which nothing is known take no
/// time. Absent where nothing is known of any.
[[nodiscard]] std::optional<UsualPlace>
usualPlace(const std::vector<TaskStep> &steps, const QHash<QString, Baseline::Duration> &medians,
           Baseline::Duration elapsed);
