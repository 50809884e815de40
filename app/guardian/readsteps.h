#pragma once

#include "task/tasksnapshot.h"

#include <QJsonArray>
#include <QJsonObject>

#include <optional>
#include <vector>

/// The steps of a task in the three shapes in which servers tell them. Beyond maxSteps of them in
/// one reply the rest is left out.
namespace ReadSteps {

inline constexpr int maxSteps = 100'000;

/// `info`: a tree. The task itself is its root, the steps are below.
[[nodiscard]] std::vector<TaskStep> fromInfo(const QJsonObject &info);

/// `statuses`: `Processing` opens a line, `Completed` with the same message closes it, `Info` is a
/// remark.
[[nodiscard]] std::vector<TaskStep> fromStatuses(const QJsonArray &statuses);

/// `steps` of the documented dialect: each is completed, at its `time`.
[[nodiscard]] std::vector<TaskStep> fromDocumented(const QJsonArray &steps);

/// The first of the deepest steps in a state; null if there is none. Points into `steps`.
[[nodiscard]] const TaskStep *deepest(const std::vector<TaskStep> &steps, StepState state);

} // namespace ReadSteps
