#include "passingtime.h"

#include "manualclock.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QTimer>

using namespace std::chrono;

bool PassingTime::settle(const std::function<bool()> &isUnderWay)
{
    const QDeadlineTimer limit(seconds{5});
    QTimer waker; // so that the loop ends
    waker.start(seconds{5});
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
            qFatal("An answer did not come within 5 s.");
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
