#pragma once

#include "detail/factsview.h"
#include "task/taskrecord.h"

/// All that is known of a task, what needs attention first. What is not known is left out; what is
/// there comes in the same order every time. `now`: UTC.
[[nodiscard]] QList<Fact> overviewFacts(const TaskRecord &record, const QString &serverName,
                                        const QDateTime &now);
