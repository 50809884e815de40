#include "task/baselines.h"

#include "task/taskfacts.h"

#include <algorithm>

namespace {

void append(std::vector<Baseline::Duration> &runs, Baseline::Duration run)
{
    if (runs.size() >= Baseline::mostRuns)
        runs.erase(runs.begin());
    runs.push_back(run);
}

} // namespace

std::optional<Baselines::KindKey> Baselines::kindOf(const TaskRecord &record)
{
    if (!record.snapshot || record.snapshot->action.isEmpty())
        return std::nullopt;
    return KindKey{record.key.server, record.snapshot->action};
}

const Baselines::Kind *Baselines::find(const TaskRecord &record) const
{
    const auto key = kindOf(record);
    const auto found = key ? m_kinds.constFind(*key) : m_kinds.cend();
    return found == m_kinds.cend() ? nullptr : &*found;
}

void Baselines::learn(const TaskRecord &record)
{
    const bool completed =
        record.outcome == Outcome::Completed || record.outcome == Outcome::CompletedWithProblems;
    const auto key = completed ? kindOf(record) : std::nullopt;
    if (!key || m_known.contains(record.key))
        return;
    const auto elapsed = TaskFacts::elapsed(record, {});
    if (!elapsed || elapsed->count() <= 0)
        return;
    m_known.insert(record.key);
    Kind &kind = m_kinds[*key];
    append(kind.runs, *elapsed);
    learnSteps(kind, record.snapshot->steps);
    kind.longestStep.reset();
    for (const Runs &runs : std::as_const(kind.steps)) {
        if (const auto usual = Baseline::usual(runs))
            kind.longestStep = std::max(kind.longestStep.value_or(usual->median), usual->median);
    }
}

void Baselines::learnSteps(Kind &kind, const std::vector<TaskStep> &steps)
{
    for (const TaskStep &step : steps) {
        learnSteps(kind, step.steps);
        // Of a step with parts, one of them stands still when it does.
        if (!step.steps.empty() || !step.startedAt || !step.finishedAt)
            continue;
        const Baseline::Duration length{step.startedAt->msecsTo(*step.finishedAt)};
        const bool isKnown = kind.steps.contains(step.name);
        if (length.count() > 0 && (isKnown || kind.steps.size() < mostSteps))
            append(kind.steps[step.name], length);
    }
}

std::optional<Baseline::Usual> Baselines::run(const TaskRecord &record) const
{
    const Kind *kind = find(record);
    return kind ? Baseline::usual(kind->runs) : std::nullopt;
}

std::optional<Baseline::Range> Baselines::remaining(const TaskRecord &record,
                                                    Baseline::Duration elapsed) const
{
    const Kind *kind = find(record);
    return kind ? Baseline::remaining(kind->runs, elapsed) : std::nullopt;
}

std::optional<Baseline::Duration> Baselines::longestStep(const TaskRecord &record) const
{
    const Kind *kind = find(record);
    return kind ? kind->longestStep : std::nullopt;
}

std::optional<Baseline::Usual> Baselines::step(const TaskRecord &record, const QString &name) const
{
    const Kind *kind = find(record);
    const auto found = kind ? kind->steps.constFind(name) : QHash<QString, Runs>::const_iterator();
    return kind && found != kind->steps.cend() ? Baseline::usual(*found) : std::nullopt;
}
