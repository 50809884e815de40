#pragma once

#include <chrono>
#include <functional>

class ManualClock;

/// Lets a clock that stands still go on while real answers are on their way.
namespace PassingTime {

/// Handles events until nothing is under way any more, for 20 s at most; whether it came to that.
bool settle(const std::function<bool()> &isUnderWay);
/// From one event of the clock to the next. What does not settle between two, ends the test: each
/// of thousands would take its 20 s.
void run(ManualClock &clock, std::chrono::milliseconds span,
         const std::function<bool()> &isUnderWay);

} // namespace PassingTime
