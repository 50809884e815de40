#include "task/baselines.h"

#include "task/taskfacts.h"

#include <algorithm>
#include <utility>

namespace {

/// One walk through the steps, to where a usual run would be.
class Walk
{
public:
    Walk(const QHash<QString, Baseline::Duration> &medians, Baseline::Duration elapsed)
        : m_medians(medians)
        , m_left(elapsed)
    {
    }

    std::optional<UsualPlace> run(const std::vector<TaskStep> &steps)
    {
        (void)arrives(steps);
        return m_place;
    }

private:
    /// Whether it ends in these steps; else `m_place` is the end of the last known one.
    bool arrives(const std::vector<TaskStep> &steps)
    {
        for (std::size_t i = 0; i < steps.size(); ++i) {
            m_path.push_back(int(i));
            if (steps[i].steps.empty() ? endsIn(steps[i]) : arrives(steps[i].steps))
                return true;
            m_path.pop_back();
        }
        return false;
    }

    bool endsIn(const TaskStep &step)
    {
        const auto median = m_medians.constFind(step.name);
        if (median == m_medians.cend() || median->count() <= 0)
            return false;
        const bool isEnd = m_left < *median;
        m_place = UsualPlace{m_path, isEnd ? double(m_left.count()) / double(median->count()) : 1};
        m_left -= *median;
        return isEnd;
    }

    const QHash<QString, Baseline::Duration> &m_medians;
    Baseline::Duration m_left;
    std::vector<int> m_path;
    std::optional<UsualPlace> m_place;
};

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
    Lesson lesson{record.key, key->second, TaskFacts::elapsed(record, {}), {}};
    // Documented servers tell no start: of their runs only the steps can be learnt.
    const bool onlySteps = !lesson.run && record.snapshot->dialect == Dialect::Documented;
    if (!onlySteps && (!lesson.run || lesson.run->count() <= 0))
        return;
    gatherSteps(record.snapshot->steps, lesson);
    learn(std::move(lesson));
}

void Baselines::learn(const std::vector<Lesson> &lessons)
{
    for (const Lesson &lesson : lessons) {
        if (!m_known.contains(lesson.key))
            learn(lesson);
    }
}

void Baselines::learn(Lesson lesson)
{
    m_known.insert(lesson.key);
    Kind &kind = m_kinds[{lesson.key.server, lesson.action}];
    if (lesson.run)
        append(kind.runs, *lesson.run);
    std::erase_if(lesson.steps, [&kind](const auto &step) {
        if (kind.steps.size() >= mostSteps && !kind.steps.contains(step.first))
            return true;
        append(kind.steps[step.first], step.second);
        return false;
    });
    if (kind.lessons.size() >= Baseline::mostRuns)
        kind.lessons.pop_front();
    kind.lessons.push_back(std::move(lesson));
    kind.met = m_known.size();
    kind.usual = Baseline::usual(kind.runs);
    kind.longestStep.reset();
    for (const Runs &runs : std::as_const(kind.steps)) {
        if (const auto usual = Baseline::usual(runs))
            kind.longestStep = std::max(kind.longestStep.value_or(usual->median), usual->median);
    }
}

void Baselines::gatherSteps(const std::vector<TaskStep> &steps, Lesson &lesson)
{
    const TaskStep *before = nullptr;
    for (const TaskStep &step : steps) {
        gatherSteps(step.steps, lesson);
        const auto length = TaskFacts::length(step, std::exchange(before, &step));
        // Of a step with parts, one of them stands still when it does.
        if (step.steps.empty() && length && length->count() > 0)
            lesson.steps.emplace_back(step.name, *length);
    }
}

std::vector<Baselines::Lesson> Baselines::lessons() const
{
    std::vector<const Kind *> kinds;
    kinds.reserve(static_cast<std::size_t>(m_kinds.size()));
    for (const Kind &kind : m_kinds)
        kinds.push_back(&kind);
    std::sort(kinds.begin(), kinds.end(),
              [](const Kind *a, const Kind *b) { return a->met > b->met; });
    std::vector<Lesson> latestFirst;
    std::size_t taught = 0;
    for (const Kind *kind : kinds) {
        for (auto lesson = kind->lessons.crbegin(); lesson != kind->lessons.crend(); ++lesson) {
            taught += 1 + lesson->steps.size();
            if (taught > mostTaught)
                return {latestFirst.crbegin(), latestFirst.crend()};
            latestFirst.push_back(*lesson);
        }
    }
    return {latestFirst.crbegin(), latestFirst.crend()};
}

std::optional<Baseline::Usual> Baselines::run(const TaskRecord &record) const
{
    const Kind *kind = find(record);
    return kind ? kind->usual : std::nullopt;
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

QHash<QString, Baseline::Duration> Baselines::stepMedians(const TaskRecord &record) const
{
    QHash<QString, Baseline::Duration> medians;
    const Kind *kind = find(record);
    if (!kind)
        return medians;
    const auto gather = [&](const auto &self, const std::vector<TaskStep> &steps) -> void {
        for (const TaskStep &step : steps) {
            self(self, step.steps);
            const auto runs = kind->steps.constFind(step.name);
            if (!step.steps.empty() || runs == kind->steps.cend() || medians.contains(step.name))
                continue;
            if (const auto usual = Baseline::usual(*runs))
                medians.insert(step.name, usual->median);
        }
    };
    gather(gather, record.snapshot->steps);
    return medians;
}

bool Baselines::isSlow(const TaskRecord &record, const QDateTime &now) const
{
    const Kind *kind = TaskFacts::goesOn(record.outcome) ? find(record) : nullptr;
    const auto elapsed = kind && kind->usual ? TaskFacts::elapsed(record, now) : std::nullopt;
    return elapsed && Baseline::isSlow(*kind->usual, *elapsed);
}

std::optional<UsualPlace> usualPlace(const std::vector<TaskStep> &steps,
                                     const QHash<QString, Baseline::Duration> &medians,
                                     Baseline::Duration elapsed)
{
    return Walk(medians, elapsed).run(steps);
}
