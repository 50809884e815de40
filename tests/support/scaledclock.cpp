#include "scaledclock.h"

#include <cmath>

using std::chrono::milliseconds;

namespace {

class ScaledTimer final : public ClockTimer
{
public:
    ScaledTimer(std::unique_ptr<ClockTimer> timer, double factor)
        : m_timer(std::move(timer))
        , m_factor(factor)
    {
    }

    void start(milliseconds delay) override
    {
        m_timer->start(milliseconds{qint64(std::ceil(double(delay.count()) / m_factor))});
    }
    void stop() override { m_timer->stop(); }
    [[nodiscard]] bool isActive() const override { return m_timer->isActive(); }

private:
    std::unique_ptr<ClockTimer> m_timer;
    double m_factor;
};

} // namespace

ScaledClock::ScaledClock(double factor)
    : m_factor(factor)
    , m_start(m_system.now())
{
    Q_ASSERT(factor > 0);
}

Instant ScaledClock::now() const
{
    // From the steady hand alone: somebody who sets the clock is not magnified.
    const auto passed = m_system.now().awake - m_start.awake;
    const milliseconds scaled{qint64(double(passed.count()) * m_factor)};
    return {m_start.wall.addMSecs(scaled.count()), m_start.awake + scaled};
}

std::unique_ptr<ClockTimer> ScaledClock::makeTimer(std::function<void()> callback) const
{
    return std::make_unique<ScaledTimer>(m_system.makeTimer(std::move(callback)), m_factor);
}
