#include "manualclock.h"

#include <algorithm>

using std::chrono::milliseconds;

class ManualTimer final : public ClockTimer
{
public:
    ManualTimer(const ManualClock &clock, std::function<void()> callback)
        : m_clock(clock)
        , m_callback(std::move(callback))
    {
        m_clock.m_timers.push_back(this);
    }
    ~ManualTimer() override { std::erase(m_clock.m_timers, this); }

    void start(milliseconds delay) override { m_due = m_clock.now().awake + delay; }
    void stop() override { m_due.reset(); }
    [[nodiscard]] bool isActive() const override { return m_due.has_value(); }

    [[nodiscard]] std::optional<milliseconds> due() const { return m_due; }
    void fire()
    {
        m_due.reset();
        const auto callback = m_callback; // it may destroy the timer
        callback();
    }

private:
    const ManualClock &m_clock;
    std::function<void()> m_callback;
    std::optional<milliseconds> m_due;
};

ManualClock::ManualClock(QDateTime wall)
    : m_now{std::move(wall), std::chrono::hours{1}}
{
}

ManualClock::~ManualClock() = default;

std::unique_ptr<ClockTimer> ManualClock::makeTimer(std::function<void()> callback) const
{
    return std::make_unique<ManualTimer>(*this, std::move(callback));
}

void ManualClock::advance(milliseconds by)
{
    const auto end = m_now.awake + by;
    const auto moveTo = [this](milliseconds awake) {
        m_now.wall = m_now.wall.addMSecs((awake - m_now.awake).count());
        m_now.awake = awake;
    };
    for (ManualTimer *timer = earliest(); timer && *timer->due() <= end; timer = earliest()) {
        moveTo(std::max(*timer->due(), m_now.awake));
        timer->fire();
    }
    moveTo(end);
}

void ManualClock::sleep(milliseconds by)
{
    m_now.wall = m_now.wall.addMSecs(by.count());
    m_asleep += by;
}

int ManualClock::activeTimers() const
{
    return int(std::count_if(m_timers.begin(), m_timers.end(),
                             [](const ManualTimer *timer) { return timer->isActive(); }));
}

std::optional<milliseconds> ManualClock::nextTimer() const
{
    const ManualTimer *timer = earliest();
    return timer ? std::optional(*timer->due() - m_now.awake) : std::nullopt;
}

ManualTimer *ManualClock::earliest() const
{
    ManualTimer *best = nullptr;
    for (ManualTimer *timer : m_timers)
        if (timer->isActive() && (!best || *timer->due() < *best->due()))
            best = timer;
    return best;
}
