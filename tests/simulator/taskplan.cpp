#include "taskplan.h"

#include <algorithm>

using std::chrono::milliseconds;

namespace {

void collect(const std::vector<PlanStep> &steps, milliseconds &at, std::vector<PlanLeaf> &leaves)
{
    for (const PlanStep &step : steps) {
        if (step.steps.empty()) {
            const auto begin = at;
            at += durationOf(step);
            leaves.push_back({&step, begin, at});
        } else {
            collect(step.steps, at, leaves);
        }
    }
}

/// The last change while the steps run, not looking at the ending.
milliseconds lastStepChange(const TaskPlan &plan, milliseconds elapsed)
{
    const auto leaves = leavesOf(plan);
    if (leaves.empty() || elapsed < plan.waiting)
        return milliseconds{0};
    for (const PlanLeaf &leaf : leaves)
        if (elapsed < leaf.end)
            return leaf.begin + (elapsed - leaf.begin) / tickOf(leaf) * tickOf(leaf);
    const PlanLeaf &last = leaves.back();
    if (plan.ending == TaskPlan::Ending::Never)
        return last.begin + (elapsed - last.begin) / tickOf(last) * tickOf(last);
    return last.end;
}

} // namespace

milliseconds durationOf(const PlanStep &step)
{
    if (step.skipped)
        return milliseconds{0};
    if (step.steps.empty())
        return step.duration;
    milliseconds sum{0};
    for (const PlanStep &child : step.steps)
        sum += durationOf(child);
    return sum;
}

std::vector<PlanLeaf> leavesOf(const TaskPlan &plan)
{
    std::vector<PlanLeaf> leaves;
    auto at = plan.waiting;
    collect(plan.steps, at, leaves);
    return leaves;
}

milliseconds tickOf(const PlanLeaf &leaf)
{
    return std::max(milliseconds{1}, (leaf.end - leaf.begin) / std::max(1, leaf.step->ticks));
}

std::optional<milliseconds> endOf(const TaskPlan &plan)
{
    std::optional<milliseconds> end;
    switch (plan.ending) {
    case TaskPlan::Ending::Result:
    case TaskPlan::Ending::Problem: {
        auto total = plan.waiting + plan.resultDelay;
        for (const PlanStep &step : plan.steps)
            total += durationOf(step);
        end = total;
        break;
    }
    case TaskPlan::Ending::Error:
        end = plan.failsAt;
        break;
    case TaskPlan::Ending::Never:
    case TaskPlan::Ending::Silence:
        break;
    }
    if (end && plan.freezesAt && *end > *plan.freezesAt)
        end.reset();
    if (end && plan.forgottenAt && *end >= *plan.forgottenAt)
        end.reset();
    return end;
}

milliseconds lastChange(const TaskPlan &plan, milliseconds elapsed)
{
    if (plan.forgottenAt && elapsed >= *plan.forgottenAt)
        return *plan.forgottenAt;
    if (plan.freezesAt)
        elapsed = std::min(elapsed, *plan.freezesAt);
    if (const auto end = endOf(plan); end && elapsed >= *end)
        return *end;
    return lastStepChange(plan, elapsed);
}
