#pragma once

#include "guardian/pollschedule.h"
#include "task/polloutcome.h"

#include <QtGlobal>

#include <chrono>
#include <optional>
#include <vector>

/// Those who wait to be told of one task. An empty answer is told only once it counts, since a
/// server's answer can flicker. Times are awake time.
class LookUps
{
public:
    /// An answer for one who looks up.
    struct Told {
        quint64 request = 0;
        PollOutcome outcome;
    };
    struct Turn {
        std::chrono::milliseconds due{0};
        bool isConfirming = false; ///< its answer was empty, and is to be confirmed
    };

    void add(quint64 request, std::chrono::milliseconds now);
    [[nodiscard]] bool isEmpty() const { return m_waiting.empty(); }
    /// The first that is due. There must be one.
    [[nodiscard]] Turn first() const;
    /// The task was not asked after all.
    void postpone(std::chrono::milliseconds due);
    /// Those that need not wait for another answer are told, and gone.
    [[nodiscard]] std::vector<Told> answer(const PollOutcome &outcome, const PollManners &manners);
    /// Tells all.
    [[nodiscard]] std::vector<Told> abandon(const PollOutcome &outcome) const;

private:
    struct LookUp {
        quint64 request = 0;
        int empties = 0;
        std::chrono::milliseconds firstEmptyAt{0};
        std::chrono::milliseconds due{0};
    };

    [[nodiscard]] static bool awaitsMore(LookUp &lookUp, const PollOutcome &outcome,
                                         const PollManners &manners);

    std::vector<LookUp> m_waiting;
};

/// The outcome of a poll that was not sent.
[[nodiscard]] PollOutcome outcomeWithoutReply(const TaskKey &key, const Instant &now,
                                              const PollError &error);
