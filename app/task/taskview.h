#pragma once

#include "task/taskrecord.h"

#include <cstddef>

/// Which tasks are shown. Running: all that may still change. Attention: failed, with problems,
/// stalled, not found, outcome unknown or unreadable, until acknowledged. Today: ended today, by
/// local time; a failed task may be in both.
enum class TaskView { All, Running, Attention, Today };
inline constexpr std::size_t taskViewCount = 4;

/// It may still change, as far as anyone knows.
[[nodiscard]] constexpr bool isOpen(Outcome outcome)
{
    return !isFinal(outcome) && outcome != Outcome::NotFound && outcome != Outcome::OutcomeUnknown
           && outcome != Outcome::Unreadable;
}

/// Somebody should look, unless somebody has.
[[nodiscard]] constexpr bool isProblem(Outcome outcome)
{
    return outcome == Outcome::Stalled || (outcome != Outcome::Completed && !isOpen(outcome));
}
