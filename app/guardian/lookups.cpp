#include "guardian/lookups.h"

#include <algorithm>

using std::chrono::milliseconds;

namespace {

constexpr int emptiesThatCount = 3;

bool isNotKnown(const PollOutcome &outcome)
{
    return !outcome.answer && outcome.answer.error().kind == PollError::Kind::NotKnown;
}

} // namespace

PollOutcome outcomeWithoutReply(const TaskKey &key, const Instant &now, const PollError &error)
{
    return {.key = key,
            .sentAt = now,
            .answeredAt = now,
            .answer = tl::unexpected(error),
            .reply = nullptr,
            .httpStatus = error.httpStatus};
}

void LookUps::add(quint64 request, milliseconds now)
{
    LookUp lookUp;
    lookUp.request = request;
    lookUp.due = now;
    m_waiting.push_back(lookUp);
}

LookUps::Turn LookUps::first() const
{
    const auto first =
        std::min_element(m_waiting.begin(), m_waiting.end(),
                         [](const LookUp &a, const LookUp &b) { return a.due < b.due; });
    return {first->due, first->empties > 0};
}

void LookUps::postpone(milliseconds due)
{
    for (LookUp &lookUp : m_waiting)
        lookUp.due = due;
}

std::vector<LookUps::Told> LookUps::answer(const PollOutcome &outcome, const PollManners &manners)
{
    std::vector<Told> told;
    std::erase_if(m_waiting, [&](LookUp &lookUp) {
        if (awaitsMore(lookUp, outcome, manners))
            return false;
        told.push_back({lookUp.request, outcome});
        return true;
    });
    return told;
}

bool LookUps::awaitsMore(LookUp &lookUp, const PollOutcome &outcome, const PollManners &manners)
{
    if (!isNotKnown(outcome))
        return false;
    const milliseconds now = outcome.answeredAt.awake;
    if (lookUp.empties++ == 0)
        lookUp.firstEmptyAt = now;
    lookUp.due = now + manners.confirming;
    return lookUp.empties < emptiesThatCount
           || now - lookUp.firstEmptyAt < manners.emptyCountsAfter;
}

std::vector<LookUps::Told> LookUps::abandon(const PollOutcome &outcome) const
{
    std::vector<Told> told;
    for (const LookUp &lookUp : m_waiting)
        told.push_back({lookUp.request, outcome});
    return told;
}
