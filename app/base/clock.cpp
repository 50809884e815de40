#include "base/clock.h"

#include <QTimer>

#include <ctime>

using namespace std::chrono;

namespace {

#if defined(CLOCK_BOOTTIME)
milliseconds read(clockid_t id)
{
    timespec time{};
    if (::clock_gettime(id, &time) != 0)
        return milliseconds{0};
    return duration_cast<milliseconds>(seconds{time.tv_sec} + nanoseconds{time.tv_nsec});
}
#endif

class SystemTimer final : public ClockTimer
{
public:
    explicit SystemTimer(std::function<void()> callback)
    {
        m_timer.setSingleShot(true);
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, std::move(callback));
    }

    void start(milliseconds delay) override
    {
        m_timer.setTimerType(delay < seconds{1} ? Qt::PreciseTimer : Qt::CoarseTimer);
        m_timer.start(delay);
    }
    void stop() override { m_timer.stop(); }
    [[nodiscard]] bool isActive() const override { return m_timer.isActive(); }

private:
    QTimer m_timer;
};

} // namespace

Instant SystemClock::now() const
{
    return {QDateTime::currentDateTimeUtc(),
            duration_cast<milliseconds>(steady_clock::now().time_since_epoch())};
}

milliseconds SystemClock::asleep() const
{
#if defined(CLOCK_BOOTTIME)
    // Linux: CLOCK_MONOTONIC stands still during a suspend, CLOCK_BOOTTIME does not.
    return read(CLOCK_BOOTTIME) - read(CLOCK_MONOTONIC);
#else
    return milliseconds{0};
#endif
}

std::unique_ptr<ClockTimer> SystemClock::makeTimer(std::function<void()> callback) const
{
    return std::make_unique<SystemTimer>(std::move(callback));
}
