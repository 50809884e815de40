#pragma once

#include "task/taskrecord.h"

#include <cstddef>

/// Which tasks are shown. Running: all that may still change. Attention: failed, with problems,
/// stalled, not found, outcome unknown or unreadable, until acknowledged. Today: ended today, by
/// local time; a failed task may be in both.
enum class TaskView { All, Running, Attention, Today };
inline constexpr std::size_t taskViewCount = 4;
