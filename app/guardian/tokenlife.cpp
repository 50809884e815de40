#include "guardian/tokenlife.h"

#include <algorithm>

using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {
constexpr milliseconds headerStep = 1s;
/// Less than this no clock is wrong for.
constexpr milliseconds tolerated = 1s;
} // namespace

milliseconds TokenLife::left(const QDateTime &expireAt, const std::optional<QDateTime> &date,
                             const QDateTime &now, milliseconds trip)
{
    QDateTime there = now;
    if (date) {
        const QDateTime latest = date->addMSecs((headerStep + trip).count());
        const bool agrees =
            now >= date->addMSecs(-tolerated.count()) && now <= latest.addMSecs(tolerated.count());
        if (!agrees)
            there = latest;
    }
    return milliseconds{there.msecsTo(expireAt)};
}

milliseconds TokenLife::marginOf(milliseconds life)
{
    return std::clamp(life / 5, 0ms, 10'000ms);
}
