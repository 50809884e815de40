#pragma once

#include <chrono>
#include <functional>

class ManualClock;

/// Lets a clock that stands still go on while real answers are on their way.
namespace PassingTime {

/// Handles events until nothing is under way any more, for 5 s at most.
void settle(const std::function<bool()> &isUnderWay);
/// From one event of the clock to the next.
void run(ManualClock &clock, std::chrono::milliseconds span,
         const std::function<bool()> &isUnderWay);

} // namespace PassingTime
