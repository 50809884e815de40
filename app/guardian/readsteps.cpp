#include "guardian/readsteps.h"

#include "guardian/jsonfacts.h"

#include <QHash>

using namespace Qt::StringLiterals;

namespace {

bool isTrue(const QJsonObject &object, QLatin1String name)
{
    return object.value(name).toBool(false);
}

StepState stateOf(const QJsonObject &step)
{
    // A failed step says that it is completed, too.
    if (isTrue(step, "failed"_L1))
        return StepState::Failed;
    if (isTrue(step, "skipped"_L1))
        return StepState::Skipped;
    if (isTrue(step, "completed"_L1))
        return StepState::Completed;
    return isTrue(step, "started"_L1) ? StepState::Running : StepState::Waiting;
}

std::vector<TaskStep> readTree(const QJsonObject &parent, int &left)
{
    const QJsonArray array = parent.value("steps"_L1).toArray();
    std::vector<TaskStep> steps;
    steps.reserve(static_cast<size_t>(std::min<qsizetype>(array.size(), left)));
    for (const QJsonValue value : array) {
        if (!value.isObject() || left <= 0)
            continue;
        --left;
        const QJsonObject object = value.toObject();
        TaskStep &step = steps.emplace_back();
        step.name = object.value("name"_L1).toString();
        const QString message = object.value("message"_L1).toString();
        if (step.name.isEmpty())
            step.name = message;
        else if (message != step.name)
            step.message = message;
        step.state = stateOf(object);
        step.percent = JsonFacts::percent(object.value("progress"_L1));
        step.startedAt = JsonFacts::time(object.value("startDate"_L1));
        step.finishedAt = JsonFacts::time(object.value("stopDate"_L1));
        step.error = JsonFacts::error(object.value("error"_L1));
        step.minimized = isTrue(object, "minimized"_L1);
        step.steps = readTree(object, left);
    }
    return steps;
}

struct Deepest {
    StepState state;
    const TaskStep *step = nullptr;
    int depth = 0;

    void search(const std::vector<TaskStep> &steps, int level)
    {
        for (const TaskStep &candidate : steps) {
            if (candidate.state == state && level > depth) {
                step = &candidate;
                depth = level;
            }
            search(candidate.steps, level + 1);
        }
    }
};

} // namespace

std::vector<TaskStep> ReadSteps::fromInfo(const QJsonObject &info)
{
    int left = maxSteps;
    return readTree(info, left);
}

std::vector<TaskStep> ReadSteps::fromStatuses(const QJsonArray &statuses)
{
    std::vector<TaskStep> steps;
    QHash<QString, QList<size_t>> open; // lines not closed yet, by message
    for (const QJsonValue status : statuses) {
        if (steps.size() >= static_cast<size_t>(maxSteps))
            break;
        if (!status.isObject() && !status.isString())
            continue;
        TaskStep step;
        step.name = status.isString() ? status.toString() : status[u"message"].toString();
        const QString type = status[u"type"].toString();
        if (type == "Processing"_L1) {
            step.state = StepState::Running;
            open[step.name].append(steps.size());
        } else if (type == "Completed"_L1 || type == "Error"_L1) {
            step.state = type == "Error"_L1 ? StepState::Failed : StepState::Completed;
            if (const auto lines = open.find(step.name); lines != open.end() && !lines->isEmpty()) {
                steps[lines->takeFirst()].state = step.state;
                continue;
            }
        } else {
            step.state = StepState::Info;
        }
        steps.push_back(std::move(step));
    }
    return steps;
}

std::vector<TaskStep> ReadSteps::fromDocumented(const QJsonArray &array)
{
    std::vector<TaskStep> steps;
    steps.reserve(static_cast<size_t>(std::min<qsizetype>(array.size(), maxSteps)));
    for (const QJsonValue value : array) {
        if (steps.size() >= static_cast<size_t>(maxSteps))
            break;
        if (!value.isObject() && !value.isString())
            continue;
        TaskStep &step = steps.emplace_back();
        step.state = StepState::Completed;
        if (value.isString()) {
            step.name = value.toString();
            continue;
        }
        const QJsonObject object = value.toObject();
        step.name = object.value("message"_L1).toString();
        if (step.name.isEmpty())
            step.name = object.value("name"_L1).toString();
        step.finishedAt = JsonFacts::time(object.value("time"_L1));
    }
    return steps;
}

const TaskStep *ReadSteps::deepest(const std::vector<TaskStep> &steps, StepState state)
{
    Deepest search{state};
    search.search(steps, 1);
    return search.step;
}
