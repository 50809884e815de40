#include "task/taskview.h"

bool belongsTo(TaskView view, Outcome outcome)
{
    const bool isLost = outcome == Outcome::NotFound || outcome == Outcome::OutcomeUnknown
                        || outcome == Outcome::Unreadable;
    switch (view) {
    case TaskView::All:
        return true;
    case TaskView::Running:
        return !isFinal(outcome) && !isLost;
    case TaskView::Attention:
        return isLost || outcome == Outcome::Failed || outcome == Outcome::CompletedWithProblems
               || outcome == Outcome::Stalled;
    case TaskView::Finished:
        return isFinal(outcome);
    }
    return true;
}
