#include "detail/times.h"

#include "task/taskwords.h"

#include <QCoreApplication>
#include <QTimeZone>

using namespace Qt::StringLiterals;

QString Times::timeOfDay(const QDateTime &utc)
{
    return utc.toLocalTime().toString(u"HH:mm:ss"_s);
}

QString Times::full(const QDateTime &utc)
{
    if (!utc.isValid())
        return {};
    const QDateTime local = utc.toLocalTime();
    return local.toString(u"yyyy-MM-dd HH:mm:ss "_s) + local.timeZoneAbbreviation();
}

QString Times::spelled(std::chrono::milliseconds duration)
{
    using namespace std::chrono;
    const auto whole = duration_cast<seconds>(duration);
    if (whole < 1min || whole >= 1h)
        return TaskWords::duration(duration);
    const auto minutesPart = static_cast<int>(duration_cast<minutes>(whole).count());
    const auto secondsPart = static_cast<int>((whole % 1min).count());
    return QCoreApplication::translate("Times", "%1 min %2 s").arg(minutesPart).arg(secondsPart);
}
