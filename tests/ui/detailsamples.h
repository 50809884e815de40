#pragma once

#include "task/polllog.h"
#include "task/taskrecord.h"

#include <QByteArray>
#include <QDateTime>

#include <memory>
#include <utility>
#include <vector>

/// Tasks for the detail view's tests, made by hand as the parser would make them.
namespace DetailSamples {

inline QDateTime at(qint64 seconds)
{
    return QDateTime::fromMSecsSinceEpoch(1'780'000'000'000 + seconds * 1'000, Qt::UTC);
}

inline TaskKey key(const QString &id)
{
    return {.server = ServerId(QUuid(QStringLiteral("11111111-2222-3333-4444-555555555555"))),
            .task = TaskId(id)};
}

inline TaskStep step(const QString &name, StepState state, std::vector<TaskStep> children = {})
{
    TaskStep made;
    made.name = name;
    made.state = state;
    made.steps = std::move(children);
    if (state != StepState::Waiting)
        made.startedAt = at(-100);
    if (state == StepState::Completed || state == StepState::Failed)
        made.finishedAt = at(-40);
    made.percent = state == StepState::Completed ? 100 : state == StepState::Running ? 40 : 0;
    return made;
}

inline TaskRecord record(const QString &id, Outcome outcome, TaskSnapshot snapshot,
                         const QByteArray &body = "{}")
{
    TaskRecord made;
    made.key = key(id);
    made.outcome = outcome;
    snapshot.taskId = TaskId(id);
    if (snapshot.action.isEmpty())
        snapshot.action = QStringLiteral("Publish policy");
    snapshot.startedAt = at(-252);
    if (isFinal(outcome))
        snapshot.finishedAt = at(0);
    made.snapshot = std::make_shared<const TaskSnapshot>(std::move(snapshot));
    ReplyData reply;
    reply.httpStatus = 200;
    reply.body = body;
    reply.headers = {{"Content-Type", "application/json"}, {"Server", "nginx"}};
    reply.duration = std::chrono::milliseconds(84);
    made.reply = std::make_shared<const ReplyData>(std::move(reply));
    made.watchedSince = at(-260);
    made.changedAt = at(-12);
    made.checkedAt = at(-2);
    return made;
}

/// A running task with `count` steps of two levels, the last of them running.
inline TaskRecord running(const QString &id, int count)
{
    TaskSnapshot snapshot;
    snapshot.phase = TaskPhase::Running;
    snapshot.percent = 38;
    for (int i = 0; i < count; ++i) {
        const StepState state = i + 1 < count ? StepState::Completed : StepState::Running;
        snapshot.steps.push_back(step(QStringLiteral("Step %1").arg(i), state,
                                      {step(QStringLiteral("Part a"), StepState::Completed),
                                       step(QStringLiteral("Part b"), state)}));
    }
    snapshot.currentStep = QStringLiteral("Step %1").arg(count - 1);
    return record(id, Outcome::Running, std::move(snapshot));
}

inline TaskRecord completed(const QString &id, const QByteArray &result)
{
    TaskSnapshot snapshot;
    snapshot.phase = TaskPhase::Completed;
    snapshot.hasResult = true;
    return record(id, Outcome::Completed, std::move(snapshot),
                  R"({"taskId":")" + id.toUtf8() + R"(","action":"Publish policy","result":)"
                      + result + '}');
}

inline TaskRecord failed(const QString &id, const TaskError &error)
{
    TaskSnapshot snapshot;
    snapshot.phase = TaskPhase::Failed;
    snapshot.action = QStringLiteral("Import policy file");
    snapshot.currentStep = QStringLiteral("Create topics");
    snapshot.error = error;
    snapshot.steps = {step(QStringLiteral("Resolve user"), StepState::Completed),
                      step(QStringLiteral("Create topics"), StepState::Failed)};
    snapshot.steps.back().error = error;
    return record(id, Outcome::Failed, std::move(snapshot));
}

inline PollLogEntry poll(int number)
{
    PollLogEntry entry;
    entry.key = key(QStringLiteral("a"));
    entry.at = at(number);
    entry.httpStatus = 200;
    entry.duration = std::chrono::milliseconds(40 + number);
    return entry;
}

inline QList<PollLogEntry> polls(int first, int last)
{
    QList<PollLogEntry> entries;
    for (int i = first; i <= last; ++i)
        entries.append(poll(i));
    return entries;
}

/// A JSON array of about `bytes` bytes.
inline QByteArray bigArray(qsizetype bytes)
{
    QByteArray json;
    json.reserve(bytes + 100);
    json += '[';
    for (int i = 0; json.size() < bytes; ++i) {
        if (i > 0)
            json += ',';
        json += R"({"id":)" + QByteArray::number(i) + R"(,"name":"block )" + QByteArray::number(i)
                + R"(","text":")" + QByteArray(180, 'x') + "\"}";
    }
    return json + ']';
}

} // namespace DetailSamples
