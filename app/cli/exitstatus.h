#pragma once

#include "task/pollerror.h"
#include "task/taskrecord.h"

#include <QList>

/// What `taskwatch show` and `wait` end with. Scripts rely on the numbers.
enum class ExitStatus {
    Good = 0, ///< completed, or still running
    Failed = 10,
    Problems = 11, ///< completed with problems
    Unknown = 12,  ///< not found, or outcome unknown
    SignIn = 13,   ///< sign-in needed, or no permission
    NotAsked = 14, ///< unreachable, certificate, 5xx, 429, timeout, redirect to elsewhere
    Unreadable = 15,
    TimeUp = 20, ///< `wait` only
    Usage = 64,
    Internal = 70, ///< or storage
};

/// Of one look-up. Why an answer is missing counts only where no outcome is known.
[[nodiscard]] ExitStatus exitStatusOf(const TaskRecord &record);
[[nodiscard]] ExitStatus exitStatusOf(PollError::Kind kind);
/// Of several: 70, 64, 13, 14, 15, 10, 12, 11, 0. Good for none.
[[nodiscard]] ExitStatus worstOf(const QList<ExitStatus> &statuses);
