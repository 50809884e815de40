#pragma once

#include "task/taskrecord.h"

#include <QList>

/// How long finished tasks are kept.
struct RetentionLimits {
    int days = 90;                      ///< since the end, and since it came here; 0: for ever
    qint64 bytes = 500LL * 1024 * 1024; ///< of the history's file; 0: whatever it takes

    friend bool operator==(const RetentionLimits &, const RetentionLimits &) = default;
};

/// What the decision needs to know of a kept task.
struct KeptTask {
    qint64 row = 0;
    TaskKey key;
    Outcome outcome = Outcome::Checking;
    bool pinned = false;
    QDateTime endedAt; ///< UTC; or when it was last heard of, or came here, if that was later
    qint64 bytes = 0;  ///< about what it takes
};

/// Which tasks go, oldest first: those that ended too long ago, and as many of the oldest as bring
/// `used` bytes below the limit. Never one that is not final, nor a pinned one.
[[nodiscard]] QList<KeptTask> outlived(const QList<KeptTask> &tasks, qint64 used,
                                       const RetentionLimits &limits, const QDateTime &now);
