#pragma once

#include "taskplan.h"

#include <QByteArray>
#include <QDateTime>
#include <QJsonArray>
#include <QString>

/// What this simulated Guardian talks like.
enum class SimDialect {
    Documented, ///< done, error, result, steps
    Deployed,   ///< an `info` tree
    Old,        ///< deployed long ago: `statuses`, no `info`
};

/// The facts of a task that its plan does not know.
struct SimTaskFacts {
    QString taskId;
    QString userId;
    QDateTime startedAt; ///< UTC, the server's clock
    double stretch = 1;  ///< how many times slower than its plan
};

/// The body of GET tasks/ID, `elapsed` (of the plan's own time) after the start. Empty if the
/// server no longer knows the task.
[[nodiscard]] QByteArray taskReply(const TaskPlan &plan, const SimTaskFacts &facts,
                                   std::chrono::milliseconds elapsed, SimDialect dialect);

/// Does the reply at that moment say that the task has finished? The documented dialect can say so
/// even without a result.
[[nodiscard]] bool isDoneAt(const TaskPlan &plan, std::chrono::milliseconds elapsed,
                            SimDialect dialect);

/// How much of it is done, 0..100.
[[nodiscard]] int percentAt(const TaskPlan &plan, std::chrono::milliseconds elapsed);
/// The name of the step that runs (or failed); empty while waiting and after the last.
[[nodiscard]] QString stepAt(const TaskPlan &plan, std::chrono::milliseconds elapsed);
/// Every line of the old dialect so far, as {"message", "type"}.
[[nodiscard]] QJsonArray statusesAt(const TaskPlan &plan, std::chrono::milliseconds elapsed);
