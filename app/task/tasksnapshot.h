#pragma once

#include "base/optionaltime.h"
#include "base/rare.h"
#include "base/slim.h"
#include "base/taskid.h"
#include "task/secretrules.h"

#include <QByteArray>
#include <QDateTime>
#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

/// Where a step stands. Wire: `info` tree members, or `statuses[].type`; a documented step is
/// Completed; what is left running when the task ends is Failed or Completed as the task is.
enum class StepState : quint8 { Waiting, Running, Completed, Failed, Skipped, Info };

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
    SlimText message; ///< what it is doing, if the server says more than the name
    OptionalTime startedAt;
    OptionalTime finishedAt;
    Rare<TaskError> error;
    std::vector<TaskStep> steps;
    std::optional<int> percent; ///< 0..100
    StepState state = StepState::Waiting;
    bool startSeen = false;  ///< `startedAt` is when we saw it begin: the server gives no time
    bool finishSeen = false; ///< `finishedAt` is when we saw it end
    bool minimized = false;  ///< the server asks to hide the children at first

    friend bool operator==(const TaskStep &, const TaskStep &) = default;
};

/// The two shapes of a task reply; see README, "The wire".
enum class Dialect : quint8 { Documented, Deployed };

/// What a reply says of its task, before we add what we know ourselves.
enum class TaskPhase : quint8 { Waiting, Running, Completed, Failed };

/// What a result means: a table from action to a pure function gives it (task/verdict.h).
struct Verdict {
    bool hasProblems = false;
    SlimText rule;        ///< which rule said so, for the tooltip; empty if none applied
    SlimText summary;     ///< a line, e.g. "Policy is invalid: 3 blocks"; empty: nothing to say
    QStringList problems; ///< each problem in a line; at most 1,000

    friend bool operator==(const Verdict &, const Verdict &) = default;
};

/// What a server said of a task in one reply, the same for both dialects. Holds no JSON tree: a
/// large one would be destroyed in the GUI thread. The bytes are in the ReplyData that it was read
/// from.
struct TaskSnapshot {
    Dialect dialect = Dialect::Deployed;
    TaskPhase phase = TaskPhase::Waiting;
    SecretRule secretRule = SecretRule::ByName; ///< by which it was read
    /// `info` says completed: without result or error, none may ever come.
    bool allStepsDone = false;
    bool hasResult = false;      ///< `result` present and not null (documented: done without error)
    bool resultIsSecret = false; ///< holds e.g. a private key: mask it, never store or export it
    bool resultIsHead = false; ///< the reply was too large to be kept: only its beginning was read
    TaskId taskId;  ///< as the reply names itself; may be empty or differ from what was asked
    QString action; ///< free text, may be empty
    QString userId;
    QString currentStep; ///< what runs now (Running), or the failing step (Failed); may be empty
    std::optional<int> percent;       ///< 0..100; absent: unknown
    std::optional<int> expectedSteps; ///< `expectation`, if > 0
    std::vector<TaskStep> steps;
    OptionalTime startedAt;          ///< UTC, server's clock
    OptionalTime finishedAt;         ///< UTC, server's clock
    std::optional<qint64> timestamp; ///< `info.timestamp`, ms since 1970: orders running snapshots
    /// A short result (string or number up to 200 bytes) for the summary line.
    QByteArray resultText;
    Rare<TaskError> error;
    Verdict verdict; ///< of the result; meaningful when Completed

    [[nodiscard]] bool isFinal() const
    {
        return phase == TaskPhase::Completed || phase == TaskPhase::Failed;
    }
    friend bool operator==(const TaskSnapshot &, const TaskSnapshot &) = default;
};
