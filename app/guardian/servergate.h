#pragma once

#include "guardian/pollschedule.h"

#include <chrono>
#include <optional>

/// Whether a server may be asked now: open, or held after trouble with a single request let through
/// to try. A value without side effects; times are awake time.
class ServerGate
{
public:
    struct Effect {
        bool raised = false;          ///< a hold began or grew
        bool recovered = false;       ///< the request that tried was answered: the hold is over
        bool connectionsDead = false; ///< two timeouts in a row: clear the connections
    };

    [[nodiscard]] const PollSchedule::Hold &hold() const { return m_hold; }
    /// When the next request may go; absent while the one that tries is under way.
    [[nodiscard]] std::optional<std::chrono::milliseconds>
    opensAt(std::chrono::milliseconds now) const;

    /// A request goes. The number has to come back with its end: what was sent before a hold
    /// neither makes it longer nor ends it.
    int sent();
    Effect answered(int sentAs, const std::optional<PollError> &error,
                    std::chrono::milliseconds now, const PollManners &manners, double unit);
    /// A request ended without meaning, as its connection was given up.
    void dropped(int sentAs);

    void hasten(std::chrono::milliseconds now, const PollManners &manners);
    /// A network came back, or the machine from a sleep of that length: a back-off is void, but
    /// what the server ordered stands.
    void networkReturned(std::chrono::milliseconds slept);

private:
    PollSchedule::Hold m_hold;
    int m_epoch = 0;
    int m_timeouts = 0; ///< in a row
    bool m_trying = false;
};
