#include "history/outcomeword.h"

using namespace Qt::StringLiterals;

QString storedWord(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Checking:
        return u"checking"_s;
    case Outcome::Waiting:
        return u"waiting"_s;
    case Outcome::Running:
        return u"running"_s;
    case Outcome::Stalled:
        return u"stalled"_s;
    case Outcome::Completed:
        return u"completed"_s;
    case Outcome::CompletedWithProblems:
        return u"completed-with-problems"_s;
    case Outcome::Failed:
        return u"failed"_s;
    case Outcome::NotFound:
        return u"not-found"_s;
    case Outcome::OutcomeUnknown:
        return u"outcome-unknown"_s;
    case Outcome::Unreadable:
        return u"unreadable"_s;
    }
    Q_UNREACHABLE();
}

std::optional<Outcome> outcomeOf(const QString &word)
{
    for (const auto outcome :
         {Outcome::Checking, Outcome::Waiting, Outcome::Running, Outcome::Stalled,
          Outcome::Completed, Outcome::CompletedWithProblems, Outcome::Failed, Outcome::NotFound,
          Outcome::OutcomeUnknown, Outcome::Unreadable})
        if (word == storedWord(outcome))
            return outcome;
    return std::nullopt;
}
