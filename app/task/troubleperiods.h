#pragma once

#include "task/pollerror.h"

#include <QDateTime>
#include <QList>
#include <QStringList>

/// A time in which polls of a task told nothing, for one reason.
struct TroublePeriod {
    PollError::Kind kind = PollError::Kind::Unreachable;
    QDateTime from; ///< UTC, ours
    /// UTC, ours: the next answer; invalid while it lasts, and where a run of ours ended before.
    QDateTime to;

    friend bool operator==(const TroublePeriod &, const TroublePeriod &) = default;
};

/// The last such times of one task, oldest first.
namespace TroublePeriods {

inline constexpr qsizetype most = 20;

/// A poll told nothing. Where it goes on for the same reason, there is nothing to add. `goesOn`:
/// the poll before, of this run, told nothing either; else an open period is one that an earlier
/// run left, and nobody knows when it was over.
void add(QList<TroublePeriod> &periods, PollError::Kind kind, bool goesOn, const QDateTime &now);
/// A poll told something again, after one that did not.
void end(QList<TroublePeriod> &periods, bool goesOn, const QDateTime &now);

/// For keeping: "unreachable 1770000000001 1770000000002", the last left out if it is not known.
[[nodiscard]] QStringList pack(const QList<TroublePeriod> &periods);
/// What does not fit, is left out.
[[nodiscard]] QList<TroublePeriod> unpack(const QStringList &packed);

} // namespace TroublePeriods
