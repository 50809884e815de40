#include "task/troubleperiods.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace {

/// In the order of PollError::Kind.
constexpr std::array<QLatin1StringView, 11> storedKinds{
    "not-known"_L1,        "sign-in-needed"_L1, "no-permission"_L1, "rate-limited"_L1,
    "server-error"_L1,     "timeout"_L1,        "unreachable"_L1,   "certificate"_L1,
    "foreign-redirect"_L1, "unreadable"_L1,     "too-large"_L1};
static_assert(storedKinds.size() == size_t(PollError::Kind::TooLarge) + 1);

} // namespace

void TroublePeriods::add(QList<TroublePeriod> &periods, PollError::Kind kind, bool goesOn,
                         const QDateTime &now)
{
    const bool isOpen = !periods.isEmpty() && !periods.constLast().to.isValid();
    if (goesOn && isOpen && periods.constLast().kind == kind)
        return;
    if (goesOn && isOpen)
        periods.last().to = now;
    periods.append({kind, now, {}});
    if (periods.size() > most)
        periods.removeFirst();
}

void TroublePeriods::end(QList<TroublePeriod> &periods, bool goesOn, const QDateTime &now)
{
    if (goesOn && !periods.isEmpty() && !periods.constLast().to.isValid())
        periods.last().to = now;
}

QStringList TroublePeriods::pack(const QList<TroublePeriod> &periods)
{
    QStringList packed;
    for (const TroublePeriod &period : periods) {
        QStringList parts{storedKinds.at(size_t(period.kind)),
                          QString::number(period.from.toMSecsSinceEpoch())};
        if (period.to.isValid())
            parts.append(QString::number(period.to.toMSecsSinceEpoch()));
        packed.append(parts.join(u' '));
    }
    return packed;
}

QList<TroublePeriod> TroublePeriods::unpack(const QStringList &packed)
{
    QList<TroublePeriod> periods;
    for (const QString &line : packed) {
        const QStringList parts = line.split(u' ');
        const auto *const word =
            std::find(storedKinds.begin(), storedKinds.end(), parts.constFirst());
        const auto time = [&parts](qsizetype place) {
            bool isNumber = false;
            const qint64 ms = parts.value(place).toLongLong(&isNumber);
            return isNumber ? QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC) : QDateTime();
        };
        if (word != storedKinds.end() && time(1).isValid() && periods.size() < most)
            periods.append({PollError::Kind(word - storedKinds.begin()), time(1), time(2)});
    }
    return periods;
}
