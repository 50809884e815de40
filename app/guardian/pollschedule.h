#pragma once

#include "guardian/connectionstatus.h"
#include "task/polloutcome.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

/// How eagerly a server is asked. All times are awake time.
struct PollManners {
    int requestsPerSecond = 20;                       ///< 1..1,000; no second holds more
    std::chrono::milliseconds running{2'000};         ///< while the task moves
    std::chrono::milliseconds runningSlowest{15'000}; ///< while it does not
    std::chrono::milliseconds waiting{5'000};         ///< nothing started yet
    std::chrono::milliseconds waitingSlowest{30'000};
    std::chrono::milliseconds live{60'000};      ///< of both, while the server tells by itself
    std::chrono::milliseconds confirming{5'000}; ///< between the first empty answers
    std::chrono::milliseconds emptyCountsAfter{10'000}; ///< from the first to the one that counts
    std::chrono::milliseconds notKnown{60'000};
    std::chrono::milliseconds notKnownSlowest{900'000};
    std::chrono::milliseconds strange{5'000}; ///< no task to be read in the answer
    std::chrono::milliseconds backOff{1'000}; ///< after the server's first trouble
    std::chrono::milliseconds backOffSlowest{60'000};
    std::chrono::milliseconds spread{2'000}; ///< over which all at once is spread

    friend bool operator==(const PollManners &, const PollManners &) = default;
};

/// Every decision about when to ask: pure functions of values. `unit` is a random number in [0, 1).
namespace PollSchedule {

// --- one task -----------------------------------------------------------------------------------

/// What an answer means for the pace of its task.
enum class Sign { Waiting, Running, Final, Unchanged, NotKnown, Unreadable, TooLarge, Trouble };
[[nodiscard]] Sign signOf(const tl::expected<ReadableAnswer, PollError> &answer);

/// What the pace of a task follows from. It is no belief about the task: only how it answered.
struct Pace {
    enum class Seen : quint8 { Nothing, Waiting, Running, Final };

    Seen seen = Seen::Nothing; ///< in the last readable answer
    int same = 0;              ///< further such answers in a row; for Final any final ones
    std::chrono::milliseconds firstEmptyAt{0};
    int empties = 0;  ///< in a row
    int unknown = 0;  ///< empties in a row that counted
    int strange = 0;  ///< unreadable answers in a row
    int oversize = 0; ///< too large ones in a row
    int troubles = 0; ///< polls without an answer in a row

    friend bool operator==(const Pace &, const Pace &) = default;
};
/// The pace of a task that was confirmed in an earlier run.
[[nodiscard]] Pace settledPace();
[[nodiscard]] Pace after(const Pace &before, Sign sign, std::chrono::milliseconds now,
                         const PollManners &manners);

struct Next {
    std::chrono::milliseconds delay{0}; ///< from the answer
    bool confirming = false;            ///< jumps the queue

    friend bool operator==(const Next &, const Next &) = default;
};
/// When to ask again; absent: not any more by itself. `live`: the server tells what is new.
[[nodiscard]] std::optional<Next> next(const Pace &pace, const PollManners &manners, double unit,
                                       bool live = false);
/// Whether to ask at once when the network is back: not what is long unknown or unreadable.
[[nodiscard]] bool isLively(const Pace &pace);

/// `first` x `factor` for each further of `count` (>= 1) in a row, at most `slowest`.
[[nodiscard]] std::chrono::milliseconds growing(std::chrono::milliseconds first, double factor,
                                                int count, std::chrono::milliseconds slowest);
/// Up to a tenth shorter, so that what came at once parts.
[[nodiscard]] std::chrono::milliseconds jittered(std::chrono::milliseconds delay, double unit);

// --- whose turn ---------------------------------------------------------------------------------

enum class Lane : std::size_t { Confirming, Asked, Attended, Background };
constexpr std::size_t laneCount = 4;

/// What the next turn depends on of the turns before.
struct Turns {
    int jumped = 0; ///< turns in a row of Confirming or Asked while others were due
    bool confirmingLast = false;
    bool attendedLast = false;

    friend bool operator==(const Turns &, const Turns &) = default;
};
/// Whose turn it is among the lanes with something due; absent if none has. Confirming and Asked go
/// before the others, but leave them each fourth turn; Attended goes before Background, but leaves
/// it each second.
[[nodiscard]] std::optional<Lane> pick(const std::array<bool, laneCount> &due, Turns &turns);

// --- the budget ---------------------------------------------------------------------------------

/// No span of one second holds more requests than the budget; they do not come in one burst either.
class Budget
{
public:
    explicit Budget(int requestsPerSecond);

    /// When the next request may go; not before `now`.
    [[nodiscard]] std::chrono::milliseconds nextAllowed(std::chrono::milliseconds now) const;
    void spend(std::chrono::milliseconds now);

private:
    std::vector<std::chrono::milliseconds> m_sent; ///< ring of the last second's worth of requests
    std::size_t m_next = 0;
    std::size_t m_count = 0;
    std::chrono::milliseconds m_gap;
};

// --- one server's trouble -----------------------------------------------------------------------

/// Why a server is not asked for now. After `until` one request goes to try, and its answer
/// decides.
struct Hold {
    int failures = 0; ///< in a row; 0: no hold
    std::chrono::milliseconds until{0};
    bool ordered = false; ///< by the server (Retry-After): nothing shortens it
    std::optional<PollError> cause;

    [[nodiscard]] bool isOn() const { return failures > 0; }
    friend bool operator==(const Hold &, const Hold &) = default;
};
/// Whether an error is about the server, not the one task. SignInNeeded is neither: the session's.
[[nodiscard]] bool isServerTrouble(PollError::Kind kind);
[[nodiscard]] Hold raised(const Hold &before, const PollError &error, std::chrono::milliseconds now,
                          const PollManners &manners, double unit);
/// Somebody asks for an answer now: a back-off is shortened, to a second since now at most.
[[nodiscard]] Hold hastened(const Hold &before, std::chrono::milliseconds now,
                            const PollManners &manners);
[[nodiscard]] Connection connectionOf(PollError::Kind kind);

} // namespace PollSchedule
