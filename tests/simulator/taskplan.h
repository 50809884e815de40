#pragma once

#include <QByteArray>
#include <QJsonValue>
#include <QString>
#include <QStringList>

#include <chrono>
#include <optional>
#include <vector>

/// A step of a scripted life: either a leaf with a duration, or a parent of what happens in turn.
struct PlanStep {
    QString name;
    std::chrono::milliseconds duration{0}; ///< of a leaf; a parent lasts as long as its children
    int ticks = 4;                         ///< how often a leaf's progress is told, >= 1
    bool skipped = false;                  ///< takes no time and is said to be skipped
    bool minimized = false;
    QString remark; ///< said when the step ends (`statuses` of type Info)
    std::vector<PlanStep> steps;
};

/// A task's whole life, told in advance: what a server says of it is a pure function of the plan
/// and of the time since its start. An idle task costs nothing.
struct TaskPlan {
    enum class Ending {
        Result,  ///< `result`, `resultDelay` after the last step
        Problem, ///< the same, but the result says that the operation has problems
        Error,   ///< `error` at `failsAt`
        Never,   ///< goes on in its last step for ever, saying something new at each of its ticks
        Silence, ///< all steps end, then nothing comes: what today's servers do with a falsy result
    };

    QString action;
    std::chrono::milliseconds waiting{0}; ///< before anything starts
    std::vector<PlanStep> steps;          ///< at least one
    int expectation = 0;                  ///< what the starting call says; 0: says nothing

    Ending ending = Ending::Result;
    std::chrono::milliseconds resultDelay{0};
    QJsonValue result;
    QByteArray rawResult; ///< JSON text sent in place of `result` if not empty: for big ones
    QJsonValue error;
    std::chrono::milliseconds failsAt{0}; ///< since the start
    bool infoShowsFailure = true;         ///< or else `info` stays at its last running snapshot

    std::optional<std::chrono::milliseconds> freezesAt;   ///< nothing changes from here on
    std::optional<std::chrono::milliseconds> forgottenAt; ///< the server knows nothing from here on
};

/// A leaf with its own time, in the order of the tree.
struct PlanLeaf {
    const PlanStep *step = nullptr;
    std::chrono::milliseconds begin{0}; ///< since the task's start
    std::chrono::milliseconds end{0};
};

[[nodiscard]] std::chrono::milliseconds durationOf(const PlanStep &step);
[[nodiscard]] std::vector<PlanLeaf> leavesOf(const TaskPlan &plan);

/// The time between two things that a leaf says, >= 1 ms.
[[nodiscard]] std::chrono::milliseconds tickOf(const PlanLeaf &leaf);

/// When result or error comes; absent if never.
[[nodiscard]] std::optional<std::chrono::milliseconds> endOf(const TaskPlan &plan);

/// The last moment up to `elapsed` at which the server said something new: replies between two such
/// moments are the same, byte for byte. Zero is the start.
[[nodiscard]] std::chrono::milliseconds lastChange(const TaskPlan &plan,
                                                   std::chrono::milliseconds elapsed);
