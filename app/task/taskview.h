#pragma once

#include "task/taskrecord.h"

#include <cstddef>

/// Which tasks are shown. Running: all that may still change. Attention: failed, with problems,
/// stalled, not found, outcome unknown or unreadable. A failed task is in Finished too.
enum class TaskView { All, Running, Attention, Finished };
inline constexpr std::size_t taskViewCount = 4;

[[nodiscard]] bool belongsTo(TaskView view, Outcome outcome);
