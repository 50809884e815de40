#include "taskreply.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

using std::chrono::milliseconds;
using namespace Qt::StringLiterals;

namespace {

using Ending = TaskPlan::Ending;

/// One moment of a life.
struct Moment {
    const TaskPlan &plan;
    const SimTaskFacts &facts;
    milliseconds at; ///< a moment of change, so that unchanged replies are the same bytes

    [[nodiscard]] QDateTime wall(milliseconds when) const
    {
        return facts.startedAt.addMSecs(qint64(double(when.count()) * facts.stretch));
    }
    [[nodiscard]] bool failed() const { return plan.ending == Ending::Error && ended(); }
    [[nodiscard]] bool ended() const
    {
        const auto end = endOf(plan);
        return end && at >= *end;
    }
};

/// Has a leaf that lasts for ever come to its turn? Then it never ends.
bool isEndless(const TaskPlan &plan, const PlanLeaf &leaf, const PlanLeaf &last)
{
    return plan.ending == Ending::Never && leaf.step == last.step;
}

bool isRunning(const TaskPlan &plan, const PlanLeaf &leaf, const PlanLeaf &last, milliseconds at)
{
    // A step that failed ran at that moment, even if the moment is its very end.
    const bool failing = plan.ending == Ending::Error && at >= plan.failsAt;
    const auto end =
        failing && at == leaf.end && leaf.step == last.step ? leaf.end + milliseconds{1} : leaf.end;
    return at >= leaf.begin && (at < end || isEndless(plan, leaf, last));
}

qint64 attemptAt(const PlanLeaf &leaf, milliseconds at)
{
    return (at - leaf.begin) / tickOf(leaf) + 1;
}

/// 0..100, and never 100 before its end.
int partOf(milliseconds begin, milliseconds end, milliseconds at)
{
    if (at >= end)
        return 100;
    if (at <= begin)
        return 0;
    return int(std::min<qint64>(99, 100 * (at - begin).count() / (end - begin).count()));
}

int percentOf(const TaskPlan &plan, milliseconds at)
{
    const auto leaves = leavesOf(plan);
    if (leaves.empty())
        return 0;
    const int part = partOf(plan.waiting, leaves.back().end, at);
    return plan.ending == Ending::Never ? std::min(part, 99) : part;
}

QString messageOf(const TaskPlan &plan, milliseconds at)
{
    const auto leaves = leavesOf(plan);
    for (const PlanLeaf &leaf : leaves) {
        if (!isRunning(plan, leaf, leaves.back(), at))
            continue;
        return isEndless(plan, leaf, leaves.back())
                   ? leaf.step->name + u", attempt %1"_s.arg(attemptAt(leaf, at))
                   : leaf.step->name;
    }
    return {};
}

/// The `info` tree, from the top down; `cursor` walks through the leaves' times.
class InfoTree
{
public:
    explicit InfoTree(const Moment &moment)
        : m_moment(moment)
        , m_leaves(leavesOf(moment.plan))
        , m_cursor(moment.plan.waiting)
    {
    }

    [[nodiscard]] QJsonObject root()
    {
        const TaskPlan &plan = m_moment.plan;
        PlanStep top;
        top.name = plan.action;
        top.steps = plan.steps;
        QJsonObject info = node(top, 0);
        info["message"_L1] = messageOf(plan, m_moment.at);
        info["progress"_L1] = percentOf(plan, m_moment.at);
        info["timestamp"_L1] = m_moment.wall(m_moment.at).toMSecsSinceEpoch();
        return info;
    }

private:
    [[nodiscard]] QJsonObject node(const PlanStep &step, int index)
    {
        const auto begin = m_cursor;
        QJsonArray children;
        int finished = 0;
        for (int i = 0; i < int(step.steps.size()); ++i) {
            const QJsonObject child = node(step.steps[size_t(i)], i);
            finished += child["completed"_L1].toBool() || child["skipped"_L1].toBool() ? 1 : 0;
            children.append(child);
        }
        if (step.steps.empty())
            m_cursor += durationOf(step);
        const auto end = m_cursor;
        QJsonObject object = times(step, begin, end);
        object["name"_L1] = step.name;
        object["size"_L1] = std::max<qint64>(1, (end - begin).count() / 1000);
        object["index"_L1] = step.steps.empty() ? index : finished;
        object["estimate"_L1] = int(step.steps.size());
        object["minimized"_L1] = step.minimized;
        object["message"_L1] = object["started"_L1].toBool() ? step.name : QString();
        object["timestamp"_L1] = m_moment.wall(std::min(m_moment.at, end)).toMSecsSinceEpoch();
        object["steps"_L1] = children;
        return object;
    }

    [[nodiscard]] QJsonObject times(const PlanStep &step, milliseconds begin,
                                    milliseconds end) const
    {
        const TaskPlan &plan = m_moment.plan;
        const auto at = m_moment.at;
        const bool endless = plan.ending == Ending::Never && end == m_leaves.back().end;
        const bool skipped = step.skipped && at >= begin;
        const bool runs = at >= begin && (at < end || endless);
        const bool failed =
            m_moment.failed() && plan.infoShowsFailure && !step.skipped
            && ((at >= begin && at < end) || (at == end && end == m_leaves.back().end));
        const bool completed = !skipped && at >= end && !endless && !failed && at >= plan.waiting;
        const bool started = !step.skipped && at >= begin;
        QJsonObject object;
        object["started"_L1] = started;
        object["completed"_L1] = completed || failed;
        object["failed"_L1] = failed;
        object["skipped"_L1] = skipped;
        object["error"_L1] = failed ? errorOf(plan) : QJsonValue(QJsonValue::Null);
        object["progress"_L1] = runs ? std::min(99, partOf(begin, end, at)) : (completed ? 100 : 0);
        object["startDate"_L1] = started ? QJsonValue(m_moment.wall(begin).toMSecsSinceEpoch())
                                         : QJsonValue(QJsonValue::Null);
        object["stopDate"_L1] =
            completed || failed ? QJsonValue(m_moment.wall(failed ? at : end).toMSecsSinceEpoch())
                                : QJsonValue(QJsonValue::Null);
        return object;
    }

    /// A step's error is always {code, message}, whatever the task's looks like.
    [[nodiscard]] static QJsonObject errorOf(const TaskPlan &plan)
    {
        const QJsonObject error = plan.error.toObject();
        if (error["message"_L1].isString())
            return {{u"code"_s, error["code"_L1]}, {u"message"_s, error["message"_L1]}};
        return {{u"code"_s, 500}, {u"message"_s, plan.error.toString(u"Step failed"_s)}};
    }

    const Moment &m_moment;
    std::vector<PlanLeaf> m_leaves;
    milliseconds m_cursor;
};

QJsonObject deployed(const Moment &moment, SimDialect dialect)
{
    const TaskPlan &plan = moment.plan;
    QJsonObject task{{u"date"_s, moment.facts.startedAt.toString(Qt::ISODateWithMs)},
                     {u"action"_s, plan.action},
                     {u"userId"_s, moment.facts.userId},
                     {u"taskId"_s, moment.facts.taskId}};
    if (plan.expectation > 0)
        task["expectation"_L1] = plan.expectation;
    task["statuses"_L1] = dialect == SimDialect::Old ? statusesAt(plan, moment.at) : QJsonArray();
    if (dialect == SimDialect::Deployed && moment.at >= plan.waiting)
        task["info"_L1] = InfoTree(moment).root();
    if (moment.ended()) {
        if (plan.ending == Ending::Error)
            task["error"_L1] = plan.error;
        else
            task["result"_L1] = plan.result;
    }
    return task;
}

QJsonObject documented(const Moment &moment)
{
    const TaskPlan &plan = moment.plan;
    QJsonArray steps;
    const auto leaves = leavesOf(plan);
    for (const PlanLeaf &leaf : leaves)
        if (moment.at >= leaf.end && !leaf.step->skipped
            && !isRunning(plan, leaf, leaves.back(), moment.at))
            steps.append(QJsonObject{{u"time"_s, moment.wall(leaf.end).toString(Qt::ISODateWithMs)},
                                     {u"message"_s, leaf.step->name}});
    const bool ended = isDoneAt(plan, moment.at, SimDialect::Documented);
    const bool failed = moment.failed();
    return {{u"taskId"_s, moment.facts.taskId},
            {u"action"_s, plan.action},
            {u"done"_s, ended},
            {u"error"_s, failed ? plan.error : QJsonValue(QJsonValue::Null)},
            {u"result"_s, ended && !failed ? plan.result : QJsonValue(QJsonValue::Null)},
            {u"steps"_s, steps}};
}

/// Puts a result that is already text into the object's text.
QByteArray withRawResult(QJsonObject task, const QByteArray &raw)
{
    task.remove("result"_L1);
    QByteArray text = QJsonDocument(task).toJson(QJsonDocument::Compact);
    text.chop(1);
    return text + ",\"result\":" + raw + '}';
}

} // namespace

QJsonArray statusesAt(const TaskPlan &plan, milliseconds elapsed)
{
    const auto at = lastChange(plan, elapsed);
    QJsonArray lines;
    const auto line = [&lines](const QString &message, const QString &type) {
        lines.append(QJsonObject{{u"message"_s, message}, {u"type"_s, type}});
    };
    if (at < plan.waiting)
        return lines;
    const auto leaves = leavesOf(plan);
    for (const PlanLeaf &leaf : leaves) {
        if (at < leaf.begin)
            break;
        if (leaf.step->skipped) {
            line(u"Skip: %1"_s.arg(leaf.step->name), u"Info"_s);
            continue;
        }
        line(leaf.step->name, u"Processing"_s);
        if (isEndless(plan, leaf, leaves.back())) {
            // At most the last hundred: such a life may last for weeks.
            const qint64 attempt = attemptAt(leaf, at);
            for (qint64 i = std::max<qint64>(1, attempt - 99); i <= attempt; ++i)
                line(u"Attempt %1"_s.arg(i), u"Info"_s);
        } else if (!isRunning(plan, leaf, leaves.back(), at)) {
            line(leaf.step->name, u"Completed"_s);
            if (!leaf.step->remark.isEmpty())
                line(leaf.step->remark, u"Info"_s);
        }
    }
    return lines;
}

bool isDoneAt(const TaskPlan &plan, milliseconds elapsed, SimDialect dialect)
{
    if (plan.forgottenAt && elapsed >= *plan.forgottenAt)
        return false;
    const auto at = lastChange(plan, elapsed);
    if (const auto end = endOf(plan))
        return at >= *end;
    const auto leaves = leavesOf(plan);
    return dialect == SimDialect::Documented && plan.ending == Ending::Silence && !leaves.empty()
           && at >= leaves.back().end;
}

int percentAt(const TaskPlan &plan, milliseconds elapsed)
{
    return percentOf(plan, lastChange(plan, elapsed));
}

QString stepAt(const TaskPlan &plan, milliseconds elapsed)
{
    return messageOf(plan, lastChange(plan, elapsed));
}

QByteArray taskReply(const TaskPlan &plan, const SimTaskFacts &facts, milliseconds elapsed,
                     SimDialect dialect)
{
    if (plan.forgottenAt && elapsed >= *plan.forgottenAt)
        return {};
    const Moment moment{plan, facts, lastChange(plan, elapsed)};
    const QJsonObject task =
        dialect == SimDialect::Documented ? documented(moment) : deployed(moment, dialect);
    const bool hasResult = moment.ended() && plan.ending != Ending::Error;
    if (hasResult && !plan.rawResult.isEmpty())
        return withRawResult(task, plan.rawResult);
    return QJsonDocument(task).toJson(QJsonDocument::Compact);
}
