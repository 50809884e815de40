#pragma once

#include "task/tasksnapshot.h"

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
/// Puts them back; what does not fit, is left out.
void unpack(const QByteArray &packed, std::vector<TaskStep> &steps);

} // namespace StepSight
