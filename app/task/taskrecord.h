#pragma once

#include "base/clock.h"
#include "base/rare.h"
#include "base/slim.h"
#include "base/taskid.h"
#include "task/pollerror.h"
#include "task/polloutcome.h"
#include "task/replydata.h"
#include "task/tasksnapshot.h"
#include "task/troubleperiods.h"

#include <QFlags>
#include <QStringList>

#include <memory>
#include <optional>

/// What an operator says of a task.
enum class OperatorPart : quint8 {
    Label = 0x01,
    Note = 0x02,
    Tags = 0x04,
    Paused = 0x08,
    Pinned = 0x10,
    Muted = 0x20,
    Acknowledged = 0x40,
};
Q_DECLARE_FLAGS(OperatorParts, OperatorPart)
Q_DECLARE_OPERATORS_FOR_FLAGS(OperatorParts)

/// What a task is, as we believe it. How fresh the belief is, says Connection.
enum class Outcome : signed char {
    Checking, ///< no answer yet
    Waiting,  ///< known, nothing started
    Running,
    Stalled, ///< readable, but without a change for too long
    Completed,
    CompletedWithProblems,
    Failed,
    NotFound,       ///< empty answers, never seen
    OutcomeUnknown, ///< was running, now forgotten by the server
    Unreadable,     ///< nothing was ever readable
};

/// Completed, CompletedWithProblems or Failed: never replaced by a running state, nor by nonsense.
[[nodiscard]] constexpr bool isFinal(Outcome outcome)
{
    return outcome == Outcome::Completed || outcome == Outcome::CompletedWithProblems
           || outcome == Outcome::Failed;
}

/// It may still change, as far as anyone knows.
[[nodiscard]] constexpr bool isOpen(Outcome outcome)
{
    return !isFinal(outcome) && outcome != Outcome::NotFound && outcome != Outcome::OutcomeUnknown
           && outcome != Outcome::Unreadable;
}

/// Somebody should look, unless somebody has: failed, with problems, stalled, or nobody knows.
[[nodiscard]] constexpr bool needsAttention(Outcome outcome)
{
    return outcome == Outcome::Stalled || (outcome != Outcome::Completed && !isOpen(outcome));
}

/// What became of the last readable answer; an Unchanged one repeats it.
enum class LastAnswer : signed char {
    Taken,    ///< it is `snapshot`
    SetAside, ///< it was older than `snapshot`, or running after a final one
    Foreign,  ///< it was about another task
};

/// What we believe of one task: a value. Heavy parts are shared and immutable, so copies are cheap.
struct TaskRecord {
    TaskKey key;
    SlimText label;         ///< the operator's own name for it; may be empty
    SlimText note;          ///< the operator's own words; plain text of any length
    Slim<QStringList> tags; ///< the operator's own; each in one line, none twice
    // Flags side by side: there are tens of thousands of records.
    bool paused = false; ///< the task's own mark
    bool pinned = false; ///< the operator wants it kept, whatever its age
    bool muted = false;  ///< the operator wants no notifications about it
    /// The operator has seen what needs attention. Ends when something new does.
    bool acknowledged = false;
    /// Of these the operator has spoken in this run: what was kept of them before counts no more.
    OperatorParts said;
    /// The outcome that a desktop notification was last committed for.
    std::optional<Outcome> notified;

    Outcome outcome = Outcome::Checking;
    /// The server no longer knows a task that we hold a final outcome of; shown as "Expired".
    bool expired = false;
    /// A final outcome was read twice, or is from an earlier run: no more polls.
    bool confirmed = false;
    /// We saw it before it ended, so that `endedAt` is about when it did, and not when we came.
    bool endWitnessed = false;
    LastAnswer lastAnswer = LastAnswer::Taken;

    std::shared_ptr<const TaskSnapshot> snapshot; ///< the last readable; null before
    std::shared_ptr<const ReplyData> reply;       ///< the one that `snapshot` was read from
    /// The last that could not be read, or was not known; null when the last poll was readable.
    std::shared_ptr<const ReplyData> strangeReply;

    QDateTime watchedSince; ///< UTC, ours
    QDateTime changedAt;    ///< UTC, ours: the last sight of a difference; invalid before the first
    QDateTime checkedAt;    ///< UTC, ours: the last answered poll; invalid before the first
    QDateTime endedAt;      ///< UTC, ours: first sight of a final outcome; invalid before

    Rare<PollError> trouble;       ///< why the last poll told nothing; absent if it did
    QList<TroublePeriod> troubles; ///< when polls told nothing, see TroublePeriods

    std::chrono::milliseconds firstEmptyAt{0}; ///< awake time
    /// Empty answers in a row; they count from the third on, when the first is >= 10 s ago.
    int emptyAnswers = 0;
    /// Readable, unchanged answers in a row, and the watched time that they span.
    int unchangedAnswers = 0;
    std::chrono::milliseconds quietFor{0};
    /// Awake time of the last readable answer; absent after trouble or a pause, so that such time
    /// does not count as quiet.
    std::optional<std::chrono::milliseconds> lastReadableAt;
    /// Awake time at which the request for `snapshot` left; absent after a restart.
    std::optional<std::chrono::milliseconds> snapshotSentAt;
};
