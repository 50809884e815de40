#pragma once

#include "base/clock.h"

/// A clock that runs `factor` times faster than the system's, from the moment of its making: hours
/// pass in seconds, timers come the sooner.
class ScaledClock final : public Clock
{
public:
    /// `factor` > 0; 1 is the system's pace.
    explicit ScaledClock(double factor);

    [[nodiscard]] Instant now() const override;
    [[nodiscard]] std::chrono::milliseconds asleep() const override { return m_system.asleep(); }
    [[nodiscard]] std::unique_ptr<ClockTimer>
    makeTimer(std::function<void()> callback) const override;

private:
    SystemClock m_system;
    double m_factor;
    Instant m_start;
};
