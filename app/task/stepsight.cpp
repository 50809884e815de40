#include "task/stepsight.h"

#include "task/taskwords.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QList>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace {

bool hasEnded(const TaskStep &step)
{
    return step.state == StepState::Completed || step.state == StepState::Failed;
}

/// The same steps in the last answer: by name, and of several with one name the n-th is the n-th.
class Counterparts
{
public:
    explicit Counterparts(const std::vector<TaskStep> &before)
    {
        for (const TaskStep &step : before)
            m_byName[step.name].append(&step);
    }

    /// Of the step that comes next; null if it is new.
    [[nodiscard]] const TaskStep *next(const QString &name)
    {
        const auto found = m_byName.find(name);
        return found == m_byName.end() || found->isEmpty() ? nullptr : found->takeFirst();
    }

private:
    QHash<QString, QList<const TaskStep *>> m_byName;
};

void addStart(TaskStep &step, const TaskStep *before, const QDateTime &now)
{
    if (step.startedAt)
        return;
    if (before && before->startSeen) {
        step.startedAt = before->startedAt;
        step.startSeen = true;
    } else if ((step.state == StepState::Running || step.state == StepState::Info)
               && (!before || before->state == StepState::Waiting)) {
        step.startedAt = now;
        step.startSeen = true;
    }
}

void addFinish(TaskStep &step, const TaskStep *before, const QDateTime &now)
{
    // Never two clocks in one duration.
    const bool isServers = step.startedAt && !step.startSeen;
    if (step.finishedAt || isServers || !hasEnded(step))
        return;
    if (before && before->finishSeen) {
        step.finishedAt = before->finishedAt;
        step.finishSeen = true;
    } else if (!before || !hasEnded(*before)) {
        step.finishedAt = now;
        step.finishSeen = true;
    }
}

void add(std::vector<TaskStep> &steps, const std::vector<TaskStep> &before, const QDateTime &now)
{
    static const std::vector<TaskStep> none;
    Counterparts counterparts(before);
    for (TaskStep &step : steps) {
        const TaskStep *was = counterparts.next(step.name);
        addStart(step, was, now);
        addFinish(step, was, now);
        add(step.steps, was ? was->steps : none, now);
    }
}

/// It has begun, and yet no step is named: what was seen of them before stays true, but for another
/// run.
bool leavesStepsOut(const TaskSnapshot &fresh, const TaskSnapshot &before)
{
    const bool isSameRun =
        !fresh.startedAt || !before.startedAt || fresh.startedAt == before.startedAt;
    return fresh.steps.empty() && fresh.phase != TaskPhase::Waiting && isSameRun;
}

/// A task that ended runs no step.
void settle(std::vector<TaskStep> &steps, TaskPhase phase)
{
    for (TaskStep &step : steps) {
        if (step.state == StepState::Running)
            step.state = phase == TaskPhase::Failed ? StepState::Failed : StepState::Completed;
        settle(step.steps, phase);
    }
}

void eachStep(std::vector<TaskStep> &steps, int &place,
              const std::function<void(int, TaskStep &)> &visit)
{
    for (TaskStep &step : steps) {
        visit(place++, step);
        eachStep(step.steps, place, visit);
    }
}

void packInto(QByteArray &packed, const std::vector<TaskStep> &steps, int &place)
{
    const auto time = [](bool isSeen, const std::optional<QDateTime> &at) {
        return isSeen && at ? QByteArray::number(at->toMSecsSinceEpoch()) : QByteArray("-");
    };
    for (const TaskStep &step : steps) {
        if (step.startSeen || step.finishSeen)
            packed += QByteArray::number(place) + ' ' + time(step.startSeen, step.startedAt) + ' '
                      + time(step.finishSeen, step.finishedAt) + '\n';
        ++place;
        packInto(packed, step.steps, place);
    }
}

QJsonValue timeJson(const std::optional<QDateTime> &time)
{
    return time ? QJsonValue(time->toMSecsSinceEpoch()) : QJsonValue();
}

std::optional<QDateTime> timeOf(const QJsonValue &json)
{
    return json.isDouble()
               ? std::optional(QDateTime::fromMSecsSinceEpoch(json.toInteger(), Qt::UTC))
               : std::nullopt;
}

QJsonArray stepsJson(const std::vector<TaskStep> &steps)
{
    QJsonArray array;
    for (const TaskStep &step : steps) {
        QJsonObject object{{u"name"_s, step.name},
                           {u"message"_s, step.message.get()},
                           {u"state"_s, TaskWords::kebab(step.state)},
                           {u"percent"_s, step.percent ? QJsonValue(*step.percent) : QJsonValue()},
                           {u"startedAt"_s, timeJson(step.startedAt)},
                           {u"finishedAt"_s, timeJson(step.finishedAt)},
                           {u"startSeen"_s, step.startSeen},
                           {u"finishSeen"_s, step.finishSeen},
                           {u"minimized"_s, step.minimized},
                           {u"steps"_s, stepsJson(step.steps)}};
        if (step.error)
            object.insert(u"error"_s, QJsonArray{step.error->code, step.error->message,
                                                 QString::fromUtf8(step.error->details)});
        array.append(object);
    }
    return array;
}

StepState stateOf(const QString &word)
{
    for (const StepState state : {StepState::Running, StepState::Completed, StepState::Failed,
                                  StepState::Skipped, StepState::Info}) {
        if (TaskWords::kebab(state) == word)
            return state;
    }
    return StepState::Waiting;
}

std::vector<TaskStep> stepsOf(const QJsonArray &array)
{
    std::vector<TaskStep> steps;
    steps.reserve(size_t(array.size()));
    for (const QJsonValue value : array) {
        TaskStep &step = steps.emplace_back();
        step.name = value["name"_L1].toString();
        step.message = value["message"_L1].toString();
        step.state = stateOf(value["state"_L1].toString());
        if (const QJsonValue percent = value["percent"_L1]; percent.isDouble())
            step.percent = std::clamp(percent.toInt(), 0, 100);
        step.startedAt = timeOf(value["startedAt"_L1]);
        step.finishedAt = timeOf(value["finishedAt"_L1]);
        step.startSeen = value["startSeen"_L1].toBool();
        step.finishSeen = value["finishSeen"_L1].toBool();
        step.minimized = value["minimized"_L1].toBool();
        if (const QJsonValue error = value["error"_L1]; error.isArray())
            step.error =
                TaskError{error[0].toString(), error[1].toString(), error[2].toString().toUtf8()};
        step.steps = stepsOf(value["steps"_L1].toArray());
    }
    return steps;
}

} // namespace

std::shared_ptr<const TaskSnapshot>
StepSight::addTo(const std::shared_ptr<const TaskSnapshot> &fresh, const TaskSnapshot *before,
                 const QDateTime &now)
{
    if (!before)
        return fresh;
    std::vector<TaskStep> steps = fresh->steps;
    if (leavesStepsOut(*fresh, *before)) {
        steps = before->steps;
        if (fresh->isFinal())
            settle(steps, fresh->phase);
    }
    add(steps, before->steps, now);
    if (steps == fresh->steps)
        return fresh;
    auto seen = std::make_shared<TaskSnapshot>(*fresh);
    seen->steps = std::move(steps);
    return seen;
}

QByteArray StepSight::pack(const std::vector<TaskStep> &steps)
{
    QByteArray packed("");
    int place = 0;
    packInto(packed, steps, place);
    return packed;
}

QByteArray StepSight::packBeside(
    const ReplyData &reply, const TaskSnapshot &snapshot,
    const std::function<tl::expected<TaskSnapshot, PollError>(const ReplyData &)> &parse)
{
    if (snapshot.isFinal() && !snapshot.steps.empty() && reply.body.size() <= ReplyData::headSize) {
        if (const auto read = parse(reply); read && read->steps.empty())
            return QJsonDocument(stepsJson(snapshot.steps)).toJson(QJsonDocument::Compact);
    }
    return pack(snapshot.steps);
}

void StepSight::maskDetails(std::vector<TaskStep> &steps,
                            const std::function<QByteArray(const QByteArray &json)> &mask)
{
    for (TaskStep &step : steps) {
        if (step.error && !step.error->details.isEmpty())
            step.error->details = mask(step.error->details);
        maskDetails(step.steps, mask);
    }
}

void StepSight::unpack(const QByteArray &packed, std::vector<TaskStep> &steps)
{
    if (packed.startsWith('[')) {
        if (steps.empty())
            steps = stepsOf(QJsonDocument::fromJson(packed).array());
        return;
    }
    QHash<int, QList<QByteArray>> times;
    const QList<QByteArray> lines = packed.split('\n');
    for (const QByteArray &line : lines) {
        const QList<QByteArray> words = line.split(' ');
        bool isNumber = false;
        const int place = words.at(0).toInt(&isNumber);
        if (isNumber && words.size() == 3)
            times.insert(place, words);
    }
    if (times.isEmpty())
        return;
    const auto set = [](const QByteArray &word, OptionalTime &at, bool &isSeen) {
        bool isNumber = false;
        const qint64 ms = word.toLongLong(&isNumber);
        if (!isNumber || at)
            return;
        at = QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC);
        isSeen = true;
    };
    int place = 0;
    eachStep(steps, place, [&](int at, TaskStep &step) {
        const auto found = times.constFind(at);
        if (found == times.cend())
            return;
        set(found->at(1), step.startedAt, step.startSeen);
        set(found->at(2), step.finishedAt, step.finishSeen);
    });
}
