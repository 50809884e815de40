#pragma once

#include "base/clock.h"

#include <vector>

class ManualTimer;

/// A clock that stands still until told, for one thread. Timers run inside advance(), in the order
/// of their time, each with the clock at its own moment.
class ManualClock final : public Clock
{
public:
    explicit ManualClock(QDateTime wall = QDateTime::fromMSecsSinceEpoch(1'780'000'000'000,
                                                                         Qt::UTC));
    ~ManualClock() override;

    [[nodiscard]] Instant now() const override { return m_now; }
    [[nodiscard]] std::chrono::milliseconds asleep() const override { return m_asleep; }
    [[nodiscard]] std::unique_ptr<ClockTimer>
    makeTimer(std::function<void()> callback) const override;

    /// Moves both hands on and runs what falls due.
    void advance(std::chrono::milliseconds by);
    /// As a suspend does: the wall moves, the awake time does not.
    void sleep(std::chrono::milliseconds by);
    /// As somebody does who sets the clock.
    void setWall(const QDateTime &wall) { m_now.wall = wall; }

    [[nodiscard]] int activeTimers() const;
    /// Until the next timer; absent if none is active.
    [[nodiscard]] std::optional<std::chrono::milliseconds> nextTimer() const;

private:
    friend class ManualTimer;
    [[nodiscard]] ManualTimer *earliest() const;

    Instant m_now;
    std::chrono::milliseconds m_asleep{0};
    mutable std::vector<ManualTimer *> m_timers; ///< in the order of their making
};
