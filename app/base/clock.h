#pragma once

#include <QDateTime>

#include <chrono>
#include <functional>
#include <memory>

class QObject;

/// One moment, read from both of a clock's hands.
///
/// `wall` is for people and files (UTC, milliseconds). `awake` is for decisions: it never jumps,
/// has an arbitrary zero and stands still while the machine is asleep.
struct Instant {
    QDateTime wall;
    std::chrono::milliseconds awake{0};

    friend bool operator==(const Instant &, const Instant &) = default;
};

/// A single-shot timer of a Clock. It belongs to the thread that made it and stops when destroyed.
class ClockTimer
{
public:
    ClockTimer() = default;
    virtual ~ClockTimer() = default;
    Q_DISABLE_COPY_MOVE(ClockTimer)

    /// (Re)starts: the callback runs once, `delay` (>= 0) from now, from the event loop.
    virtual void start(std::chrono::milliseconds delay) = 0;
    virtual void stop() = 0;
    [[nodiscard]] virtual bool isActive() const = 0;
};

/// Gives the time and timers, so that a test (and the simulator) can drive both.
///
/// All members may be called from any thread. The clock must outlive its timers.
class Clock
{
public:
    Clock() = default;
    virtual ~Clock() = default;
    Q_DISABLE_COPY_MOVE(Clock)

    [[nodiscard]] virtual Instant now() const = 0;

    /// How long the machine has been asleep since it was started: when it grows, the machine was
    /// suspended in between. Zero where the system does not tell.
    [[nodiscard]] virtual std::chrono::milliseconds asleep() const = 0;

    /// A stopped timer that runs `callback` in the calling thread.
    [[nodiscard]] virtual std::unique_ptr<ClockTimer>
    makeTimer(std::function<void()> callback) const = 0;
};

/// The machine's own time.
class SystemClock final : public Clock
{
public:
    [[nodiscard]] Instant now() const override;
    [[nodiscard]] std::chrono::milliseconds asleep() const override;
    [[nodiscard]] std::unique_ptr<ClockTimer>
    makeTimer(std::function<void()> callback) const override;
};
