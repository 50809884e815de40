#pragma once

#include "base/clock.h"
#include "base/taskid.h"
#include "task/pollerror.h"
#include "task/replydata.h"
#include "task/tasksnapshot.h"

#include <tl/expected.hpp>

#include <memory>
#include <variant>

/// The reply was the same, byte for byte, as the last one of this task that could be read.
struct Unchanged {
    friend bool operator==(const Unchanged &, const Unchanged &) = default;
};

/// A readable answer: shared, because snapshots travel from the engine to store, model and history.
using ReadableAnswer = std::variant<std::shared_ptr<const TaskSnapshot>, Unchanged>;

/// What one poll of one task gave. Travels from the engine to the TaskStore.
struct PollOutcome {
    TaskKey key;
    Instant sentAt;
    Instant answeredAt;
    tl::expected<ReadableAnswer, PollError> answer;
    /// The reply itself; null when nothing was received. When Unchanged null, too, or once the same
    /// reply in less room.
    std::shared_ptr<const ReplyData> reply;
    int httpStatus = 0; ///< 0: none
    std::chrono::milliseconds duration{0};
};
