#pragma once

#include "base/rare.h"
#include "task/secretrules.h"

#include <QByteArray>
#include <QDateTime>
#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

/// Where a step stands. Wire: `info` tree members, or `statuses[].type`; a documented step is
/// Completed; what is left running when the task ends is Failed or Completed as the task is.
enum class StepState { Waiting, Running, Completed, Failed, Skipped, Info };

/// A task's or a step's error as the server gave it, whatever its shape.
struct TaskError {
    QString code;       ///< `code` as text; empty if there is none
    QString message;    ///< `message`, or the whole if it is a plain string; may be empty
    QByteArray details; ///< the error whole, as JSON text (UTF-8); empty if it was a plain string

    friend bool operator==(const TaskError &, const TaskError &) = default;
};

/// One step of a task. Times are UTC, and absent where neither the server gives them nor we saw it.
struct TaskStep {
    QString name;
    QString message; ///< what it is doing, if the server says more than the name
    StepState state = StepState::Waiting;
    std::optional<int> percent; ///< 0..100
    std::optional<QDateTime> startedAt;
    std::optional<QDateTime> finishedAt;
    bool startSeen = false;  ///< `startedAt` is when we saw it begin: the server gives no time
    bool finishSeen = false; ///< `finishedAt` is when we saw it end
    Rare<TaskError> error;
    bool minimized = false; ///< the server asks to hide the children at first
    std::vector<TaskStep> steps;

    friend bool operator==(const TaskStep &, const TaskStep &) = default;
};

/// The two shapes of a task reply; see README, "The wire".
enum class Dialect { Documented, Deployed };

/// What a reply says of its task, before we add what we know ourselves.
enum class TaskPhase { Waiting, Running, Completed, Failed };

/// What a result means: a table from action to a pure function gives it (task/verdict.h).
struct Verdict {
    bool hasProblems = false;
    QString rule; ///< which rule said so, for the tooltip; empty if none applied
    QString
        summary; ///< one line, e.g. "Policy is invalid: 3 blocks"; empty if there is nothing to say
    QStringList problems; ///< each problem in a line; at most 1,000

    friend bool operator==(const Verdict &, const Verdict &) = default;
};

/// What a server said of a task in one reply, the same for both dialects. Holds no JSON tree: a
/// large one would be destroyed in the GUI thread. The bytes are in the ReplyData that it was read
/// from.
struct TaskSnapshot {
    Dialect dialect = Dialect::Deployed;
    QString taskId; ///< as the reply names itself; may be empty or differ from what was asked
    QString action; ///< free text, may be empty
    QString userId;
    TaskPhase phase = TaskPhase::Waiting;
    std::optional<int> percent; ///< 0..100; absent: unknown
    QString currentStep; ///< what runs now (Running), or the failing step (Failed); may be empty
    std::vector<TaskStep> steps;
    std::optional<int> expectedSteps;    ///< `expectation`, if > 0
    std::optional<QDateTime> startedAt;  ///< UTC, server's clock
    std::optional<QDateTime> finishedAt; ///< UTC, server's clock
    std::optional<qint64> timestamp; ///< `info.timestamp`, ms since 1970: orders running snapshots
    bool allStepsDone =
        false;              ///< `info` says completed: without result or error, none may ever come
    bool hasResult = false; ///< `result` present and not null (documented: done without error)
    bool resultIsSecret = false; ///< holds e.g. a private key: mask it, never store or export it
    bool resultIsHead = false; ///< the reply was too large to be kept: only its beginning was read
    SecretRule secretRule = SecretRule::ByName; ///< by which it was read
    QByteArray
        resultText; ///< a short result (string or number up to 200 bytes) for the summary line
    Rare<TaskError> error;
    Verdict verdict; ///< of the result; meaningful when Completed

    [[nodiscard]] bool isFinal() const
    {
        return phase == TaskPhase::Completed || phase == TaskPhase::Failed;
    }
    friend bool operator==(const TaskSnapshot &, const TaskSnapshot &) = default;
};
