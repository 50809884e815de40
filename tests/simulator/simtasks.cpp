#include "simtasks.h"

#include <QJsonObject>

#include <algorithm>
#include <array>

using std::chrono::milliseconds;
using namespace Qt::StringLiterals;

namespace {

/// What one who watches for long enough says, if the server never restarts.
Outcome eventualOf(const TaskPlan &plan, SimDialect dialect)
{
    const bool ends = endOf(plan).has_value();
    if (!ends && plan.forgottenAt)
        return Outcome::OutcomeUnknown;
    switch (plan.ending) {
    case TaskPlan::Ending::Result:
        return ends ? Outcome::Completed : Outcome::Stalled;
    case TaskPlan::Ending::Problem:
        return ends ? Outcome::CompletedWithProblems : Outcome::Stalled;
    case TaskPlan::Ending::Error:
        return ends ? Outcome::Failed : Outcome::Stalled;
    case TaskPlan::Ending::Never:
        // A documented reply shows ended steps only: one that never ends stands still.
        return plan.freezesAt || dialect == SimDialect::Documented ? Outcome::Stalled
                                                                   : Outcome::Running;
    case TaskPlan::Ending::Silence:
        return dialect == SimDialect::Documented && !plan.freezesAt ? Outcome::Completed
                                                                    : Outcome::Stalled;
    }
    Q_UNREACHABLE();
}

} // namespace

SimTasks::SimTasks(const Clock &clock, quint32 seed)
    : m_clock(clock)
    , m_random(seed)
{
}

TaskId SimTasks::start(std::shared_ptr<const TaskPlan> plan, const StartOptions &options)
{
    SimTask task;
    task.id = options.id;
    if (task.id.isEmpty()) {
        std::array<quint32, 4> bits{};
        m_random.fillRange(bits.data(), qsizetype(bits.size()));
        bits[1] = (bits[1] & 0xFFFF0FFFU) | 0x4000U; // version 4
        bits[2] = (bits[2] & 0x3FFFFFFFU) | 0x80000000U;
        const QString hex = u"%1%2%3%4"_s.arg(bits[0], 8, 16, QLatin1Char('0'))
                                .arg(bits[1], 8, 16, QLatin1Char('0'))
                                .arg(bits[2], 8, 16, QLatin1Char('0'))
                                .arg(bits[3], 8, 16, QLatin1Char('0'));
        task.id = TaskId(hex.left(8) + u'-' + hex.mid(8, 4) + u'-' + hex.mid(12, 4) + u'-'
                         + hex.mid(16, 4) + u'-' + hex.mid(20));
    }
    const Instant now = m_clock.now();
    task.label = options.label;
    task.script = options.script;
    task.userId = options.userId;
    task.plan = std::move(plan);
    task.stretch = std::max(options.stretch, 0.001);
    task.startedAwake = now.awake - options.age;
    task.startedAt = now.wall.addMSecs(-options.age.count());
    m_index.insert(task.id, m_tasks.size());
    m_tasks.push_back(task);
    return task.id;
}

TaskId SimTasks::start(Script script, StartOptions options)
{
    auto &plan = m_plans[int(script)];
    if (!plan)
        plan = std::make_shared<const TaskPlan>(makePlan(script));
    if (options.script.isEmpty())
        options.script = scriptName(script);
    return start(plan, options);
}

void SimTasks::forgetAll()
{
    for (SimTask &task : m_tasks)
        if (!task.goneAt)
            task.goneAt = m_clock.now().awake;
}

const SimTask *SimTasks::find(const TaskId &id) const
{
    const auto it = m_index.constFind(id);
    return it == m_index.cend() ? nullptr : &m_tasks[*it];
}

milliseconds SimTasks::elapsed(const SimTask &task) const
{
    const auto until = task.goneAt.value_or(m_clock.now().awake);
    return milliseconds{qint64(double((until - task.startedAwake).count()) / task.stretch)};
}

bool SimTasks::isGone(const SimTask &task) const
{
    return task.goneAt || (task.plan->forgottenAt && elapsed(task) >= *task.plan->forgottenAt);
}

QByteArray SimTasks::reply(const SimTask &task, SimDialect dialect) const
{
    if (task.goneAt)
        return {};
    const SimTaskFacts facts{task.id.text(), task.userId, task.startedAt, task.stretch};
    return taskReply(*task.plan, facts, elapsed(task), dialect);
}

SimTruth SimTasks::truth(const TaskId &id, SimDialect dialect) const
{
    SimTruth truth;
    const SimTask *task = find(id);
    if (!task)
        return truth;
    const TaskPlan &plan = *task->plan;
    const auto at = elapsed(*task);
    // Forgetting never changes a final outcome: look at the moment before.
    const auto end = endOf(plan);
    const auto seen = plan.forgottenAt ? std::min(at, *plan.forgottenAt - milliseconds{1}) : at;
    const bool done = isDoneAt(plan, seen, dialect);
    truth.known = !isGone(*task);
    truth.eventual = task->goneAt && !done ? Outcome::OutcomeUnknown : eventualOf(plan, dialect);
    truth.percent = percentAt(plan, seen);
    truth.step = stepAt(plan, seen);
    const bool begun = dialect == SimDialect::Documented
                           ? !leavesOf(plan).empty() && seen >= leavesOf(plan).front().end
                           : seen >= plan.waiting;
    if (done)
        truth.now = truth.eventual;
    else if (!truth.known)
        truth.now = Outcome::OutcomeUnknown;
    else
        truth.now = begun ? Outcome::Running : Outcome::Waiting;
    const auto last = end ? end : plan.forgottenAt;
    if (last && at < *last && !task->goneAt)
        truth.endsIn = milliseconds{qint64(double((*last - at).count()) * task->stretch)};
    return truth;
}

QJsonArray SimTasks::progresses(const QString &userId) const
{
    QJsonArray list;
    std::for_each(m_tasks.rbegin(), m_tasks.rend(), [&](const SimTask &task) {
        const auto at = elapsed(task);
        if (task.userId != userId || isGone(task) || isDoneAt(*task.plan, at, SimDialect::Deployed))
            return;
        list.append(QJsonObject{{u"action"_s, task.plan->action},
                                {u"message"_s, stepAt(*task.plan, at)},
                                {u"progress"_s, percentAt(*task.plan, at)},
                                {u"taskId"_s, task.id.text()}});
    });
    return list;
}
