#include "guardian/pollschedule.h"

#include <algorithm>
#include <cmath>

using namespace std::chrono;

namespace {

constexpr milliseconds oneSecond{1'000};
/// A server may well say "tomorrow", but hardly means more.
constexpr milliseconds longestOrder = hours{24};
constexpr int jumpsBeforeOthers = 3;

template<class... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};
template<class... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

PollSchedule::Sign signOf(TaskPhase phase)
{
    using PollSchedule::Sign;
    switch (phase) {
    case TaskPhase::Waiting:
        return Sign::Waiting;
    case TaskPhase::Running:
        return Sign::Running;
    case TaskPhase::Completed:
    case TaskPhase::Failed:
        return Sign::Final;
    }
    Q_UNREACHABLE();
}

PollSchedule::Sign signOf(PollError::Kind kind)
{
    using PollSchedule::Sign;
    switch (kind) {
    case PollError::Kind::NotKnown:
        return Sign::NotKnown;
    case PollError::Kind::Unreadable:
        return Sign::Unreadable;
    case PollError::Kind::TooLarge:
        return Sign::TooLarge;
    case PollError::Kind::SignInNeeded:
    case PollError::Kind::NoPermission:
    case PollError::Kind::RateLimited:
    case PollError::Kind::ServerError:
    case PollError::Kind::Timeout:
    case PollError::Kind::Unreachable:
    case PollError::Kind::Certificate:
    case PollError::Kind::ForeignRedirect:
        return Sign::Trouble;
    }
    Q_UNREACHABLE();
}

PollSchedule::Pace afterReadable(const PollSchedule::Pace &before, PollSchedule::Pace::Seen seen,
                                 bool unchanged)
{
    using PollSchedule::Pace;
    // A second final answer confirms, even if its words differ.
    const bool counts = seen == before.seen && (unchanged || seen == Pace::Seen::Final);
    return {.seen = seen, .same = counts ? before.same + 1 : 0};
}

PollSchedule::Pace afterEmpty(PollSchedule::Pace pace, milliseconds now, const PollManners &manners)
{
    if (pace.empties == 0)
        pace.firstEmptyAt = now;
    ++pace.empties;
    if (pace.empties >= 3 && now - pace.firstEmptyAt >= manners.emptyCountsAfter)
        ++pace.unknown;
    pace.strange = pace.oversize = pace.troubles = 0;
    return pace;
}

} // namespace

PollSchedule::Sign PollSchedule::signOf(const tl::expected<ReadableAnswer, PollError> &answer)
{
    if (!answer)
        return ::signOf(answer.error().kind);
    return std::visit(Overloaded{[](const std::shared_ptr<const TaskSnapshot> &snapshot) {
                                     return ::signOf(snapshot->phase);
                                 },
                                 [](const Unchanged &) { return Sign::Unchanged; }},
                      *answer);
}

PollSchedule::Pace PollSchedule::settledPace()
{
    return {.seen = Pace::Seen::Final, .same = 1};
}

PollSchedule::Pace PollSchedule::after(const Pace &before, Sign sign, milliseconds now,
                                       const PollManners &manners)
{
    Pace pace = before;
    switch (sign) {
    case Sign::Waiting:
        return afterReadable(before, Pace::Seen::Waiting, false);
    case Sign::Running:
        return afterReadable(before, Pace::Seen::Running, false);
    case Sign::Final:
        return afterReadable(before, Pace::Seen::Final, false);
    case Sign::Unchanged:
        return afterReadable(before, before.seen, true);
    case Sign::NotKnown:
        return afterEmpty(before, now, manners);
    case Sign::Unreadable:
        ++pace.strange;
        pace.troubles = 0;
        return pace;
    case Sign::TooLarge:
        ++pace.oversize;
        pace.troubles = 0;
        return pace;
    case Sign::Trouble:
        ++pace.troubles;
        return pace;
    }
    Q_UNREACHABLE();
}

std::optional<PollSchedule::Next> PollSchedule::next(const Pace &pace, const PollManners &manners,
                                                     double unit, bool live)
{
    const auto in = [unit](milliseconds delay) { return Next{jittered(delay, unit), false}; };
    const bool ended = pace.seen == Pace::Seen::Final;
    if (ended && (pace.same > 0 || pace.unknown > 0) && (pace.empties == 0 || pace.unknown > 0))
        return std::nullopt;
    if (pace.troubles > 0)
        return in(growing(manners.backOff, 2, pace.troubles, manners.backOffSlowest));
    if (pace.oversize > 0)
        return in(growing(manners.notKnown, 2, pace.oversize, manners.notKnownSlowest));
    if (pace.strange > 0)
        return in(growing(manners.strange, 2, pace.strange, manners.backOffSlowest));
    if (pace.unknown > 0)
        return in(growing(manners.notKnown, 2, pace.unknown, manners.notKnownSlowest));
    if (pace.empties > 0) // no jitter: the third has to come late enough to count
        return Next{manners.confirming, true};
    switch (pace.seen) {
    case Pace::Seen::Nothing:
        return Next{};
    case Pace::Seen::Waiting:
        if (live)
            return in(manners.live);
        return in(growing(manners.waiting, 1.5, pace.same + 1, manners.waitingSlowest));
    case Pace::Seen::Running:
        if (live)
            return in(manners.live);
        return in(growing(manners.running, 1.5, pace.same + 1, manners.runningSlowest));
    case Pace::Seen::Final:
        return Next{manners.running, true};
    }
    Q_UNREACHABLE();
}

bool PollSchedule::isLively(const Pace &pace)
{
    return pace.unknown == 0 && pace.oversize == 0;
}

milliseconds PollSchedule::growing(milliseconds first, double factor, int count,
                                   milliseconds slowest)
{
    const double grown = double(first.count()) * std::pow(factor, std::max(0, count - 1));
    return grown < double(slowest.count()) ? milliseconds(qint64(grown)) : slowest;
}

milliseconds PollSchedule::jittered(milliseconds delay, double unit)
{
    return milliseconds(qint64(double(delay.count()) * (1.0 - 0.1 * unit)));
}

std::optional<PollSchedule::Lane> PollSchedule::pick(const std::array<bool, laneCount> &due,
                                                     Turns &turns)
{
    const auto isDue = [&due](Lane lane) { return due.at(std::size_t(lane)); };
    const bool ordinary = isDue(Lane::Attended) || isDue(Lane::Background);
    const bool jumping = isDue(Lane::Confirming) || isDue(Lane::Asked);
    if (!ordinary && !jumping)
        return std::nullopt;
    if (jumping && (!ordinary || turns.jumped < jumpsBeforeOthers)) {
        turns.jumped = ordinary ? turns.jumped + 1 : 0;
        turns.confirmingLast =
            isDue(Lane::Confirming) && !(isDue(Lane::Asked) && turns.confirmingLast);
        return turns.confirmingLast ? Lane::Confirming : Lane::Asked;
    }
    turns.jumped = 0;
    turns.attendedLast = isDue(Lane::Attended) && !(isDue(Lane::Background) && turns.attendedLast);
    return turns.attendedLast ? Lane::Attended : Lane::Background;
}

PollSchedule::Budget::Budget(int requestsPerSecond)
    : m_sent(std::size_t(std::clamp(requestsPerSecond, 1, 1'000)))
    // A little less than an equal share, so that late timers cost nothing of the budget.
    , m_gap(oneSecond * 4 / 5 / qint64(m_sent.size()))
{
}

milliseconds PollSchedule::Budget::nextAllowed(milliseconds now) const
{
    if (m_count == 0)
        return now;
    const milliseconds latest = m_sent.at((m_next + m_sent.size() - 1) % m_sent.size());
    milliseconds allowed = std::max(now, latest + m_gap);
    if (m_count == m_sent.size()) // m_next is the oldest, a budget's worth of requests ago
        allowed = std::max(allowed, m_sent.at(m_next) + oneSecond);
    return allowed;
}

void PollSchedule::Budget::spend(milliseconds now)
{
    m_sent.at(m_next) = now;
    m_next = (m_next + 1) % m_sent.size();
    m_count = std::min(m_count + 1, m_sent.size());
}

bool PollSchedule::isServerTrouble(PollError::Kind kind)
{
    switch (kind) {
    case PollError::Kind::NoPermission:
    case PollError::Kind::RateLimited:
    case PollError::Kind::ServerError:
    case PollError::Kind::Timeout:
    case PollError::Kind::Unreachable:
    case PollError::Kind::Certificate:
    case PollError::Kind::ForeignRedirect:
        return true;
    case PollError::Kind::NotKnown:
    case PollError::Kind::SignInNeeded:
    case PollError::Kind::Unreadable:
    case PollError::Kind::TooLarge:
        return false;
    }
    Q_UNREACHABLE();
}

PollSchedule::Hold PollSchedule::raised(const Hold &before, const PollError &error,
                                        milliseconds now, const PollManners &manners, double unit)
{
    Hold hold{.failures = before.failures + 1, .cause = error};
    const milliseconds backOff =
        jittered(growing(manners.backOff, 2, hold.failures, manners.backOffSlowest), unit);
    hold.ordered = error.retryAfter.has_value();
    // At least our own back-off: "Retry-After: 0" is no leave to storm.
    hold.until =
        now + std::max(backOff, std::min(error.retryAfter.value_or(backOff), longestOrder));
    return hold;
}

PollSchedule::Hold PollSchedule::hastened(const Hold &before, milliseconds now,
                                          const PollManners &manners)
{
    Hold hold = before;
    if (hold.isOn() && !hold.ordered)
        hold.until = std::min(hold.until, now + manners.backOff);
    return hold;
}

Connection PollSchedule::connectionOf(PollError::Kind kind)
{
    switch (kind) {
    case PollError::Kind::NotKnown:
    case PollError::Kind::Unreadable:
    case PollError::Kind::TooLarge:
        return Connection::Polling;
    case PollError::Kind::SignInNeeded:
        return Connection::SignInNeeded;
    case PollError::Kind::NoPermission:
        return Connection::NoPermission;
    case PollError::Kind::RateLimited:
        return Connection::RateLimited;
    case PollError::Kind::ServerError:
    case PollError::Kind::Timeout:
    case PollError::Kind::Unreachable:
    case PollError::Kind::ForeignRedirect:
        return Connection::Unreachable;
    case PollError::Kind::Certificate:
        return Connection::CertificateProblem;
    }
    Q_UNREACHABLE();
}
