#include "cli/exitstatus.h"

#include <algorithm>
#include <array>

ExitStatus exitStatusOf(PollError::Kind kind)
{
    switch (kind) {
    case PollError::Kind::NotKnown:
        return ExitStatus::Unknown;
    case PollError::Kind::SignInNeeded:
    case PollError::Kind::NoPermission:
        return ExitStatus::SignIn;
    case PollError::Kind::RateLimited:
    case PollError::Kind::ServerError:
    case PollError::Kind::Timeout:
    case PollError::Kind::Unreachable:
    case PollError::Kind::Certificate:
    case PollError::Kind::ForeignRedirect:
        return ExitStatus::NotAsked;
    case PollError::Kind::Unreadable:
    case PollError::Kind::TooLarge:
        return ExitStatus::Unreadable;
    }
    return ExitStatus::Internal;
}

ExitStatus exitStatusOf(const TaskRecord &record)
{
    switch (record.outcome) {
    case Outcome::Checking:
        // Nothing was learned: without a reason given, something is wrong with us.
        return record.trouble ? exitStatusOf(record.trouble->kind) : ExitStatus::Internal;
    case Outcome::Waiting:
    case Outcome::Running:
    case Outcome::Stalled:
    case Outcome::Completed:
        return ExitStatus::Good;
    case Outcome::CompletedWithProblems:
        return ExitStatus::Problems;
    case Outcome::Failed:
        return ExitStatus::Failed;
    case Outcome::NotFound:
    case Outcome::OutcomeUnknown:
        return ExitStatus::Unknown;
    case Outcome::Unreadable:
        return ExitStatus::Unreadable;
    }
    return ExitStatus::Internal;
}

ExitStatus worstOf(const QList<ExitStatus> &statuses)
{
    using enum ExitStatus;
    constexpr std::array worstFirst{Internal, Usage,   SignIn,   NotAsked, Unreadable,
                                    Failed,   Unknown, Problems, Good};
    const auto *const worst =
        std::find_if(worstFirst.begin(), worstFirst.end(),
                     [&](ExitStatus status) { return statuses.contains(status); });
    return worst == worstFirst.end() ? Good : *worst;
}
