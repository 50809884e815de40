#include "passingtime.h"

#include "manualclock.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QTimer>

using namespace std::chrono;

namespace {

constexpr seconds longest{20}; ///< of an answer from this machine, however busy it is

} // namespace

bool PassingTime::settle(const std::function<bool()> &isUnderWay)
{
    const QDeadlineTimer limit(longest);
    QTimer waker; // so that the loop ends
    waker.start(longest);
    while (isUnderWay() && !limit.hasExpired())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    return !isUnderWay();
}

void PassingTime::run(ManualClock &clock, milliseconds span,
                      const std::function<bool()> &isUnderWay)
{
    const milliseconds end = clock.now().awake + span;
    const auto mustSettle = [&isUnderWay] {
        if (!settle(isUnderWay))
            qFatal("An answer did not come within 20 s.");
    };
    mustSettle();
    for (auto next = clock.nextTimer(); next && clock.now().awake + *next <= end;
         next = clock.nextTimer()) {
        clock.advance(*next);
        mustSettle();
    }
    clock.advance(end - clock.now().awake);
    mustSettle();
}
