#pragma once

#include "task/replydata.h"
#include "task/tasksnapshot.h"

#include <tl/expected.hpp>

#include <functional>
#include <memory>

/// What we have seen of steps and the server does not tell (any more): when they began and ended
/// where it gives no times, and the steps themselves where a later answer names none.
namespace StepSight {

/// `fresh` with the times that `before` had, and `now` for what began or ended since. What was
/// under way when we first looked began at a time that nobody knows, so it gets none. Where `fresh`
/// has begun or ended and names no step, as the beginning of a huge answer may, those of `before`
/// stay. Gives `fresh` itself if there is nothing to add.
[[nodiscard]] std::shared_ptr<const TaskSnapshot>
addTo(const std::shared_ptr<const TaskSnapshot> &fresh, const TaskSnapshot *before,
      const QDateTime &now);

/// The times alone, for keeping beside the reply that the steps were read from.
[[nodiscard]] QByteArray pack(const std::vector<TaskStep> &steps);
/// The same, but all of the steps where the task has ended and its reply names none, as `parse`
/// finds. Of a whole reply over 1 MiB this is not asked: it may take half a second.
[[nodiscard]] QByteArray
packBeside(const ReplyData &reply, const TaskSnapshot &snapshot,
           const std::function<tl::expected<TaskSnapshot, PollError>(const ReplyData &)> &parse);
/// Puts back either; what does not fit, is left out.
void unpack(const QByteArray &packed, std::vector<TaskStep> &steps);

/// In the details of the steps' errors, which may be of an earlier reply than what is masked else.
void maskDetails(std::vector<TaskStep> &steps,
                 const std::function<QByteArray(const QByteArray &json)> &mask);

} // namespace StepSight
