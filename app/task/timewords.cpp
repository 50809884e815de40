#include "task/taskwords.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

// The words for moments and lengths of time.

using namespace Qt::StringLiterals;
using namespace std::chrono;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(TaskWords)
};

QString daysWord(qint64 days)
{
    return Words::tr(days == 1 ? "1 day" : "%n days", nullptr,
                     static_cast<int>(std::min<qint64>(days, 1'000'000)));
}

/// From an hour on; shorter lengths are the callers'.
QString longerThanAnHour(milliseconds length)
{
    if (length >= 48h)
        return daysWord(duration_cast<hours>(length).count() / 24);
    const auto minutesAll = duration_cast<minutes>(length).count();
    if (minutesAll % 60 == 0)
        return Words::tr("%1 h").arg(minutesAll / 60);
    return Words::tr("%1 h %2 min").arg(minutesAll / 60).arg(minutesAll % 60);
}

QString shorterThanAMinute(milliseconds length)
{
    // Cut, not rounded: 59.97 s is not yet a minute.
    const auto tenths = length.count() / 100;
    if (length >= 10s || tenths % 10 == 0)
        return Words::tr("%1 s").arg(tenths / 10);
    return Words::tr("%1 s").arg(QLocale().toString(static_cast<double>(tenths) / 10, 'f', 1));
}

QString minutesAndSeconds(milliseconds length)
{
    const auto all = duration_cast<seconds>(length).count();
    return u"%1:%2"_s.arg(all / 60).arg(all % 60, 2, 10, QChar(u'0'));
}

} // namespace

QString TaskWords::absolute(const QDateTime &at)
{
    const QDateTime local = at.toLocalTime();
    return QLocale().toString(local, u"ddd d MMM yyyy HH:mm:ss "_s) + local.timeZoneAbbreviation();
}

QString TaskWords::duration(milliseconds length)
{
    length = std::max(length, milliseconds{0});
    if (length >= 1h)
        return longerThanAnHour(length);
    return length < 1min ? shorterThanAMinute(length) : minutesAndSeconds(length);
}

QString TaskWords::span(const std::optional<TaskFacts::Span> &span,
                        QString (*length)(std::chrono::milliseconds))
{
    if (!span)
        return {};
    return span->atLeast ? Words::tr("over %1").arg(length(span->length)) : length(span->length);
}

QString TaskWords::ticking(milliseconds length)
{
    length = std::max(length, milliseconds{0});
    return length >= 1h ? longerThanAnHour(length) : minutesAndSeconds(length);
}

QString TaskWords::longDuration(milliseconds length)
{
    length = std::max(length, milliseconds{0});
    if (length >= 1h)
        return longerThanAnHour(length);
    if (length < 1min)
        return shorterThanAMinute(length);
    const auto all = duration_cast<seconds>(length).count();
    if (all % 60 == 0)
        return Words::tr("%1 min").arg(all / 60);
    return Words::tr("%1 min %2 s").arg(all / 60).arg(all % 60);
}

QString TaskWords::usually(const Baseline::Usual &usual)
{
    return Words::tr("usually %1").arg(range({usual.lowerQuartile, usual.upperQuartile}));
}

QString TaskWords::range(const Baseline::Range &range)
{
    const auto rounded = [](milliseconds length, milliseconds unit) {
        return (length + unit / 2) / unit;
    };
    const auto words = [](qint64 from, qint64 to, const QString &one, const QString &two) {
        return from == to ? one.arg(to) : two.arg(from).arg(to);
    };
    if (range.to < 90s)
        return words(rounded(range.from, 1s), rounded(range.to, 1s), Words::tr("%1 s"),
                     Words::tr("%1–%2 s"));
    if (range.to < 90min)
        return range.from < 30s ? Words::tr("up to %1 min").arg(rounded(range.to, 1min))
                                : words(rounded(range.from, 1min), rounded(range.to, 1min),
                                        Words::tr("%1 min"), Words::tr("%1–%2 min"));
    const auto toMinutes = [&](milliseconds length) {
        return longDuration(rounded(length, 1min) * 1min);
    };
    const QString from = toMinutes(range.from);
    const QString to = toMinutes(range.to);
    return from == to ? to : Words::tr("%1 to %2").arg(from, to);
}
