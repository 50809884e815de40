#pragma once

#include "task/pollerror.h"
#include "task/replydata.h"
#include "task/secretrules.h"
#include "task/tasksnapshot.h"

#include <QDateTime>

#include <tl/expected.hpp>

#include <functional>
#include <memory>
#include <optional>

/// Reads one answer to `GET {root}/tasks/{taskId}`: pure, any thread, one pass over the body.
///
/// A boolean `done` makes it the documented dialect, and it alone says finished; otherwise `result`
/// or `error`, present and not null, says so. A member of a wrong type is left out, the rest is
/// kept. An object without any member by which a task is known (taskId, action, done, statuses,
/// steps, info, expectation; with their types) is Unreadable: a gateway's `{"error": …}` must not
/// pass for a failed task.
///
/// Of an answer over the cap of a reply's size, its beginning is read: where there is a result in
/// it, the task has ended, else the answer is TooLarge.
///
/// Errors: what the transport says; what the HTTP status says; NotKnown for an empty body or
/// `null`; Unreadable for all else. JSON that is not UTF-8 or nested deeper than JsonText::maxDepth
/// is Unreadable. Whether `taskId` is the one that was asked for, is for advance() to say.
[[nodiscard]] tl::expected<TaskSnapshot, PollError> parseTaskReply(const ReplyData &reply);
/// The same with the operator's rules of what is secret in results.
[[nodiscard]] tl::expected<TaskSnapshot, PollError> parseTaskReplyBy(const SecretRules &rules,
                                                                     const ReplyData &reply);

/// Reads a reply: parseTaskReply, or a test's own.
using ParseReply = std::function<tl::expected<TaskSnapshot, PollError>(const ReplyData &)>;
/// The same for who reads while the rules change, in any thread.
[[nodiscard]] ParseReply parserBy(std::shared_ptr<const SecretRuleBook> book);

/// Why a reply is no answer at all, whatever was asked for: what the transport says, or a status
/// other than 2xx. Pure.
[[nodiscard]] std::optional<PollError> errorOfReply(const ReplyData &reply);

/// The server's clock when it answered, UTC, cut to seconds; absent without the header `Date`.
[[nodiscard]] std::optional<QDateTime> serverDate(const ReplyData &reply);
