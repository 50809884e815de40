#pragma once

#include "base/clock.h"
#include "base/taskid.h"
#include "task/taskrecord.h"
#include "taskreply.h"
#include "taskscripts.h"

#include <QHash>
#include <QJsonArray>
#include <QRandomGenerator>

#include <memory>

/// How a task is begun.
struct StartOptions {
    QString label;                    ///< for whoever lists the tasks; the server knows none
    std::chrono::milliseconds age{0}; ///< it was begun so long ago
    double stretch = 1;               ///< times its own duration, > 0
    QString userId;                   ///< its owner; empty: the first user
    QString script;                   ///< a word for lists
    TaskId id;                        ///< empty: a new UUID
};

/// What is really the matter with a task, for tests to compare with.
struct SimTruth {
    bool known = false;                   ///< the server would tell its owner something now
    Outcome now = Outcome::NotFound;      ///< what a reader of the reply can say now
    Outcome eventual = Outcome::NotFound; ///< what one who watches for long enough will say
    /// Clock time until result or error comes (or the server forgets); absent if it has, or never.
    std::optional<std::chrono::milliseconds> endsIn;
    int percent = 0;
    QString step; ///< running, or failed
};

struct SimTask {
    TaskId id;
    QString label;
    QString script;
    QString userId;
    std::shared_ptr<const TaskPlan> plan; ///< shared by all of one kind
    double stretch = 1;
    std::chrono::milliseconds startedAwake{0};
    QDateTime startedAt;                             ///< UTC
    std::optional<std::chrono::milliseconds> goneAt; ///< awake time of the restart that lost it
};

/// All tasks of one simulated server: a store of (plan, start), everything else is computed when
/// asked.
class SimTasks
{
public:
    /// Equal seeds give equal IDs. `clock` must outlive it.
    explicit SimTasks(const Clock &clock, quint32 seed = 1);

    TaskId start(std::shared_ptr<const TaskPlan> plan, const StartOptions &options);
    TaskId start(Script script, StartOptions options);

    /// As a restart of the gateway does: it knows no task any more.
    void forgetAll();

    [[nodiscard]] const SimTask *find(const TaskId &id) const;
    /// In the order of their start; those lost in a restart too.
    [[nodiscard]] const std::vector<SimTask> &all() const { return m_tasks; }

    /// Since the start, in the plan's own time.
    [[nodiscard]] std::chrono::milliseconds elapsed(const SimTask &task) const;
    /// The body of its reply; empty if the server knows it no more.
    [[nodiscard]] QByteArray reply(const SimTask &task, SimDialect dialect) const;
    [[nodiscard]] SimTruth truth(const TaskId &id, SimDialect dialect) const;

    /// GET notifications/progresses: the user's running tasks, newest first.
    [[nodiscard]] QJsonArray progresses(const QString &userId) const;

private:
    [[nodiscard]] bool isGone(const SimTask &task) const;

    const Clock &m_clock;
    QRandomGenerator m_random;
    std::vector<SimTask> m_tasks;
    QHash<TaskId, size_t> m_index;
    QHash<int, std::shared_ptr<const TaskPlan>> m_plans; ///< by script
};
