#include "oracle.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace {

int depthOf(const QJsonValue &value)
{
    int deepest = 0;
    if (value.isArray()) {
        const QJsonArray items = value.toArray();
        for (const QJsonValue item : items)
            deepest = qMax(deepest, depthOf(item));
    } else if (value.isObject()) {
        for (const QJsonValue item : value.toObject())
            deepest = qMax(deepest, depthOf(item));
    } else {
        return 0;
    }
    return deepest + 1;
}

bool is(const QJsonValue &value)
{
    return !value.isNull() && !value.isUndefined();
}

std::optional<double> numberIn(const QJsonValue &value)
{
    bool isNumber = value.isDouble();
    const double number = isNumber ? value.toDouble() : value.toString().toDouble(&isNumber);
    if (!isNumber || !std::isfinite(number))
        return std::nullopt;
    return number;
}

bool hasInvalid(const QJsonValue &value)
{
    if (value.isArray()) {
        const QJsonArray items = value.toArray();
        for (const QJsonValue item : items) {
            if (hasInvalid(item))
                return true;
        }
    } else if (value.isObject()) {
        const QJsonObject object = value.toObject();
        if (object.value(u"isValid"_s) == QJsonValue(false))
            return true;
        for (const QJsonValue item : object) {
            if (hasInvalid(item))
                return true;
        }
    }
    return false;
}

/// Whether a list of errors says something at this place.
bool saysError(const QJsonValue &error)
{
    return !error.isNull() && !error.isUndefined()
           && !(error.isString() && error.toString().trimmed().isEmpty());
}

bool listsError(const QJsonValue &list)
{
    const QJsonArray items = list.toArray();
    return std::any_of(items.begin(), items.end(), saysError);
}

bool listsFailedPart(const QJsonValue &list)
{
    const QJsonArray items = list.toArray();
    return std::any_of(items.begin(), items.end(), [](const QJsonValue &item) {
        const QJsonValue error = item.toObject().value(u"error"_s);
        return error.isObject() || !error.toString().trimmed().isEmpty();
    });
}

bool hasProblems(const QString &action, const QJsonValue &result)
{
    const QString name = action.trimmed().toLower();
    const QJsonObject object = result.toObject();
    const QJsonValue valid = object.value(u"isValid"_s);
    if (name == u"publish policy"_s)
        return valid.isBool() ? !valid.toBool() : result.isObject() && hasInvalid(result);
    if (name == u"migrate data"_s && result.isArray())
        return listsError(result);
    if (name.startsWith(u"import "_s)
        && listsFailedPart(result.isArray() ? result : object.value(u"errors"_s)))
        return true;
    if (valid.isBool())
        return !valid.toBool();
    const QJsonValue failed = object.value(u"failed"_s);
    return listsError(object.value(u"errors"_s)) || listsError(failed) || failed == QJsonValue(true)
           || (failed.isDouble() && failed.toDouble() >= 1 && failed.toDouble() <= 2147483647.0);
}

bool isStep(const QJsonValue &value)
{
    return value.isObject() || value.isString();
}

int countSteps(const QJsonArray &array)
{
    int count = 0;
    for (const QJsonValue value : array)
        count += isStep(value) ? 1 : 0;
    return count;
}

bool flag(const QJsonObject &object, const QString &name)
{
    return object.value(name) == QJsonValue(true);
}

bool infoHasStarted(const QJsonObject &info)
{
    const auto marked = [](const QJsonObject &step) {
        return flag(step, u"started"_s) || flag(step, u"completed"_s) || flag(step, u"failed"_s)
               || flag(step, u"skipped"_s);
    };
    if (marked(info) || numberIn(info.value(u"progress"_s)).value_or(0) >= 1)
        return true;
    const QJsonArray steps = info.value(u"steps"_s).toArray();
    for (const QJsonValue step : steps) {
        if (marked(step.toObject()))
            return true;
    }
    return false;
}

/// Where the steps are told, how many, and how many of them are done.
struct Steps {
    bool inInfo = false;
    int count = 0;
    int done = 0;
};

Steps stepsOf(const QJsonObject &task, bool documented)
{
    const QJsonArray steps = task.value(u"steps"_s).toArray();
    const QJsonArray statuses = task.value(u"statuses"_s).toArray();
    Steps told;
    if (!(documented && !steps.isEmpty()) && !task.value(u"info"_s).toObject().isEmpty()) {
        told.inInfo = true;
    } else if (!(documented && !steps.isEmpty()) && !statuses.isEmpty()) {
        told.count = countSteps(statuses);
        for (const QJsonValue status : statuses)
            told.done += status.toObject().value(u"type"_s) == u"Completed"_s ? 1 : 0;
    } else {
        told.count = told.done = countSteps(steps);
    }
    return told;
}

std::optional<int> percentOf(const QJsonObject &task, const Steps &steps)
{
    if (steps.inInfo) {
        const auto progress = numberIn(task.value(u"info"_s).toObject().value(u"progress"_s));
        if (!progress)
            return std::nullopt;
        return *progress < 0 ? 0 : *progress > 100 ? 100 : int(std::floor(*progress));
    }
    const auto expectation = numberIn(task.value(u"expectation"_s));
    if (!expectation || *expectation < 1)
        return std::nullopt;
    return qMin(100, int(std::floor(steps.done * 100.0 / std::floor(*expectation))));
}

/// One step as it is told; its children come after it, one level deeper.
struct Line {
    enum State { Waiting, Running, Completed, Failed, Skipped, Info };

    int level = 1;
    State state = Waiting;
    QString name;
    std::optional<qint64> finishedAt;
};

std::optional<qint64> timeIn(const QJsonValue &value)
{
    const auto number = numberIn(value);
    if (number && *number > 0 && *number < 253'402'300'800'000.0)
        return qint64(*number);
    QDateTime time = QDateTime::fromString(value.toString().trimmed(), Qt::ISODateWithMs);
    if (time.timeSpec() == Qt::LocalTime)
        time.setTimeSpec(Qt::UTC); // a server's time without a zone
    time = time.toUTC();
    const bool isUsual = time.isValid() && time.date().year() >= 1970 && time.date().year() <= 9999;
    return isUsual ? std::optional(time.toMSecsSinceEpoch()) : std::nullopt;
}

void addTree(const QJsonObject &parent, int level, QList<Line> &lines)
{
    const QJsonArray steps = parent.value(u"steps"_s).toArray();
    for (const QJsonValue value : steps) {
        if (!value.isObject())
            continue;
        const QJsonObject step = value.toObject();
        const QString name = step.value(u"name"_s).toString();
        Line line{
            level, Line::Waiting, name.isEmpty() ? step.value(u"message"_s).toString() : name, {}};
        if (flag(step, u"started"_s))
            line.state = Line::Running;
        if (flag(step, u"completed"_s))
            line.state = Line::Completed;
        if (flag(step, u"skipped"_s))
            line.state = Line::Skipped;
        if (flag(step, u"failed"_s))
            line.state = Line::Failed;
        lines.append(line);
        addTree(step, level + 1, lines);
    }
}

/// A line that begins something is closed by the first one of the same words that ends it.
QList<Line> statusLines(const QJsonArray &statuses)
{
    QList<Line> lines;
    for (const QJsonValue status : statuses) {
        if (!isStep(status))
            continue;
        const QString words = status.isString() ? status.toString()
                                                : status.toObject().value(u"message"_s).toString();
        const QString type = status.toObject().value(u"type"_s).toString();
        const bool ends = type == u"Completed"_s || type == u"Error"_s;
        const Line::State state = type == u"Processing"_s  ? Line::Running
                                  : type == u"Completed"_s ? Line::Completed
                                  : type == u"Error"_s     ? Line::Failed
                                                           : Line::Info;
        const auto begun = std::find_if(lines.begin(), lines.end(), [&words](const Line &line) {
            return line.state == Line::Running && line.name == words;
        });
        if (ends && begun != lines.end())
            begun->state = state;
        else
            lines.append({1, state, words, {}});
    }
    return lines;
}

QList<Line> doneLines(const QJsonArray &steps)
{
    QList<Line> lines;
    for (const QJsonValue value : steps) {
        const QJsonObject step = value.toObject();
        const QString message = step.value(u"message"_s).toString();
        const QString name = message.isEmpty() ? step.value(u"name"_s).toString() : message;
        if (isStep(value))
            lines.append({1, Line::Completed, value.isString() ? value.toString() : name,
                          timeIn(step.value(u"time"_s))});
    }
    return lines;
}

/// The first of the deepest ones.
QString deepest(const QList<Line> &lines, Line::State state)
{
    QString name;
    int level = 0;
    for (const Line &line : lines) {
        if (line.state == state && line.level > level) {
            name = line.name;
            level = line.level;
        }
    }
    return name;
}

bool has(const QList<Line> &lines, Line::State state)
{
    return std::any_of(lines.begin(), lines.end(),
                       [state](const Line &line) { return line.state == state; });
}

/// Steps, what runs or failed, and times; phase and place of the steps are known already.
void tellSteps(const QJsonObject &task, bool inInfo, Truth &truth)
{
    const QJsonObject info = task.value(u"info"_s).toObject();
    const QJsonArray done = task.value(u"steps"_s).toArray();
    const bool areDone =
        !done.isEmpty()
        && (truth.documented || (info.isEmpty() && task.value(u"statuses"_s).toArray().isEmpty()));
    QList<Line> lines;
    if (areDone)
        lines = doneLines(done);
    else if (inInfo)
        addTree(info, 1, lines);
    else
        lines = statusLines(task.value(u"statuses"_s).toArray());

    const QString message = info.value(u"message"_s).toString();
    QString runs = deepest(lines, Line::Running);
    if (areDone)
        runs = lines.isEmpty() ? QString() : lines.constLast().name;
    else if (inInfo && !message.isEmpty())
        runs = message;
    const bool failed = truth.phase == Truth::Phase::Failed;
    if (failed && has(lines, Line::Failed))
        truth.currentStep = deepest(lines, Line::Failed);
    else if (truth.phase == Truth::Phase::Running || (failed && !areDone))
        truth.currentStep = runs;

    truth.startedAt = timeIn(info.value(u"startDate"_s));
    if (!truth.startedAt)
        truth.startedAt = timeIn(task.value(u"date"_s));
    if (truth.isFinal())
        truth.finishedAt = timeIn(info.value(u"stopDate"_s));
    for (Line &line : lines) {
        if (truth.isFinal() && line.state == Line::Running) // nothing runs in what has ended
            line.state = truth.phase == Truth::Phase::Failed ? Line::Failed : Line::Completed;
        truth.steps.append(
            u"%1 %2 %3"_s.arg(QString::number(line.level), QString::number(line.state), line.name));
    }
    for (auto line = lines.crbegin(); truth.isFinal() && line != lines.crend(); ++line) {
        if (!truth.finishedAt)
            truth.finishedAt = line->finishedAt;
    }
}

bool namesTask(const QJsonObject &task)
{
    const auto hasText = [&task](const QString &name) {
        return !task.value(name).toString().isEmpty();
    };
    return hasText(u"taskId"_s) || hasText(u"action"_s) || task.value(u"done"_s).isBool()
           || task.value(u"statuses"_s).isArray() || task.value(u"steps"_s).isArray()
           || task.value(u"info"_s).isObject() || task.value(u"expectation"_s).isDouble();
}

Truth::Phase phaseOf(const QJsonObject &task, const Truth &truth, const Steps &steps)
{
    const bool failed = is(task.value(u"error"_s));
    const QJsonValue result = task.value(u"result"_s);
    const bool finished = truth.documented ? task.value(u"done"_s).toBool() : failed || is(result);
    if (finished && failed)
        return Truth::Phase::Failed;
    if (finished)
        return hasProblems(truth.action, result) ? Truth::Phase::CompletedWithProblems
                                                 : Truth::Phase::Completed;
    const bool started =
        steps.inInfo ? infoHasStarted(task.value(u"info"_s).toObject()) : steps.count > 0;
    return started ? Truth::Phase::Running : Truth::Phase::Waiting;
}

} // namespace

Truth truthOf(const QByteArray &body)
{
    Truth truth;
    QByteArray text = body;
    if (text.startsWith("\xef\xbb\xbf"))
        text.remove(0, 3);
    while (!text.isEmpty() && QByteArray(" \t\r\n").contains(text.front()))
        text.remove(0, 1);
    if (text.isEmpty() || text.trimmed() == "null") {
        truth.kind = Truth::Kind::NotKnown;
        return truth;
    }
    const QJsonDocument json = QJsonDocument::fromJson(body);
    if (!json.isObject() || depthOf(json.object()) > 512 || !namesTask(json.object()))
        return truth;

    const QJsonObject task = json.object();
    const QJsonObject info = task.value(u"info"_s).toObject();
    truth.kind = Truth::Kind::Task;
    truth.documented = task.value(u"done"_s).isBool();
    truth.taskId = task.value(u"taskId"_s).toString();
    truth.action = task.value(u"action"_s).toString();
    if (truth.action.isEmpty())
        truth.action = info.value(u"name"_s).toString();
    const Steps steps = stepsOf(task, truth.documented);
    truth.phase = phaseOf(task, truth, steps);
    truth.hasResult = truth.isFinal() && is(task.value(u"result"_s));
    const bool completed = truth.isFinal() && truth.phase != Truth::Phase::Failed;
    truth.percent = completed ? std::optional(100) : percentOf(task, steps);
    tellSteps(task, steps.inInfo, truth);
    const QJsonValue error = task.value(u"error"_s);
    truth.hasError = is(error);
    if (error.isString() || !error.toObject().value(u"message"_s).toString().isEmpty())
        truth.errorMessage =
            error.isString() ? error.toString() : error.toObject().value(u"message"_s).toString();
    const auto timestamp = numberIn(info.value(u"timestamp"_s));
    if (timestamp && *timestamp > 0 && *timestamp < 253'402'300'800'000.0)
        truth.timestamp = qint64(*timestamp);
    return truth;
}
