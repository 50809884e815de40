#include "guardian/servergate.h"

#include <algorithm>

using std::chrono::milliseconds;

namespace {

constexpr int timeoutsOfADeadConnection = 2;

} // namespace

std::optional<milliseconds> ServerGate::opensAt(milliseconds now) const
{
    if (!m_hold.isOn())
        return now;
    if (m_trying)
        return std::nullopt;
    return std::max(now, m_hold.until);
}

int ServerGate::sent()
{
    m_trying = m_hold.isOn();
    return m_epoch;
}

ServerGate::Effect ServerGate::answered(int sentAs, const std::optional<PollError> &error,
                                        milliseconds now, const PollManners &manners, double unit)
{
    Effect effect;
    const bool timeout = error && error->kind == PollError::Kind::Timeout;
    m_timeouts = timeout ? m_timeouts + 1 : 0;
    if (m_timeouts == timeoutsOfADeadConnection) {
        effect.connectionsDead = true;
        m_timeouts = 0;
    }
    const bool present = sentAs == m_epoch;
    if (present)
        m_trying = false;
    if (error && PollSchedule::isServerTrouble(error->kind)) {
        if (present) {
            m_hold = PollSchedule::raised(m_hold, *error, now, manners, unit);
            ++m_epoch;
            effect.raised = true;
        } else if (error->retryAfter && m_hold.isOn()) {
            const auto order = PollSchedule::raised({}, *error, now, manners, unit);
            m_hold.until = std::max(m_hold.until, order.until);
            m_hold.ordered = true;
            m_hold.cause = error;
            effect.raised = true;
        }
    } else if (present && m_hold.isOn()) {
        m_hold = {};
        effect.recovered = true;
    }
    return effect;
}

void ServerGate::dropped(int sentAs)
{
    if (sentAs == m_epoch)
        m_trying = false;
}

void ServerGate::hasten(milliseconds now, const PollManners &manners)
{
    m_hold = PollSchedule::hastened(m_hold, now, manners);
}

void ServerGate::networkReturned(milliseconds slept)
{
    m_timeouts = 0;
    if (m_hold.ordered) {
        m_hold.until -= slept;
        return;
    }
    m_hold = {};
    m_trying = false;
    ++m_epoch;
}
