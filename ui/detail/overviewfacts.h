#pragma once

#include "detail/factsview.h"
#include "task/baselines.h"

/// All that is known of a task and what is usual, what needs attention first. What is not known is
/// left out; what is there comes in the same order every time. `account`: who is signed in there,
/// empty if nobody knows. `now`: UTC.
[[nodiscard]] QList<Fact> overviewFacts(const TaskRecord &record, const Baselines &baselines,
                                        const QString &serverName, const QString &account,
                                        const QDateTime &now);
