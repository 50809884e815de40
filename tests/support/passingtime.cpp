#include "passingtime.h"

#include "manualclock.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QTimer>

using namespace std::chrono;

void PassingTime::settle(const std::function<bool()> &isUnderWay)
{
    const QDeadlineTimer limit(seconds{5});
    QTimer waker; // so that the loop ends
    waker.start(seconds{5});
    while (isUnderWay() && !limit.hasExpired())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
}

void PassingTime::run(ManualClock &clock, milliseconds span,
                      const std::function<bool()> &isUnderWay)
{
    const milliseconds end = clock.now().awake + span;
    settle(isUnderWay);
    for (auto next = clock.nextTimer(); next && clock.now().awake + *next <= end;
         next = clock.nextTimer()) {
        clock.advance(*next);
        settle(isUnderWay);
    }
    clock.advance(end - clock.now().awake);
    settle(isUnderWay);
}
