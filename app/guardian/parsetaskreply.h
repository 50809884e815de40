#pragma once

#include "task/pollerror.h"
#include "task/replydata.h"
#include "task/tasksnapshot.h"

#include <tl/expected.hpp>

/// Reads one answer to `GET {root}/tasks/{taskId}`: pure, any thread, one pass over the body.
///
/// A boolean `done` makes it the documented dialect, and it alone says finished; otherwise `result`
/// or `error`, present and not null, says so. A member of a wrong type is left out, the rest is
/// kept. An object without any member by which a task is known (taskId, action, done, statuses,
/// steps, info, expectation; with their types) is Unreadable: a gateway's `{"error": …}` must not
/// pass for a failed task.
///
/// Errors: what the transport says; what the HTTP status says; NotKnown for an empty body or
/// `null`; Unreadable for all else. JSON that is not UTF-8 or nested deeper than JsonText::maxDepth
/// is Unreadable. Whether `taskId` is the one that was asked for, is for advance() to say.
[[nodiscard]] tl::expected<TaskSnapshot, PollError> parseTaskReply(const ReplyData &reply);
