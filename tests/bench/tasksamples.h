#pragma once

#include "task/polloutcome.h"
#include "task/taskrecord.h"

#include <QList>

/// Tasks as a busy operator's, for the table and the memory.
namespace TaskSamples {

[[nodiscard]] inline TaskSnapshot snapshot(int number, int percent)
{
    static const QString actions[]{QStringLiteral("Publish policy"),
                                   QStringLiteral("Import policy file"),
                                   QStringLiteral("Migrate data"), QStringLiteral("Create token")};
    TaskSnapshot made;
    made.action = actions[number % 4];
    made.phase = TaskPhase::Running;
    made.percent = percent;
    made.currentStep = QStringLiteral("Step %1").arg(percent / 10);
    made.startedAt = QDateTime::fromMSecsSinceEpoch(1'779'999'000'000 + number * 1000LL, Qt::UTC);
    return made;
}

[[nodiscard]] inline TaskKey key(const ServerId &server, int number)
{
    return {
        server,
        TaskId(QStringLiteral("5d2c7f4e-2f5b-4b1c-9d31-%1").arg(number, 12, 10, QLatin1Char('0')))};
}

[[nodiscard]] inline QList<TaskRecord> records(const ServerId &server, int count)
{
    QList<TaskRecord> made;
    made.reserve(count);
    for (int i = 0; i < count; ++i) {
        TaskRecord record;
        record.key = key(server, i);
        record.outcome = Outcome::Running;
        record.snapshot = std::make_shared<const TaskSnapshot>(snapshot(i, i % 101));
        record.watchedSince = *record.snapshot->startedAt;
        record.changedAt = record.watchedSince;
        record.checkedAt = record.watchedSince;
        made << record;
    }
    return made;
}

[[nodiscard]] inline PollOutcome change(const TaskKey &key, int number, int percent,
                                        const Instant &now)
{
    PollOutcome outcome;
    outcome.key = key;
    outcome.sentAt = now;
    outcome.answeredAt = now;
    outcome.httpStatus = 200;
    outcome.answer =
        ReadableAnswer(std::make_shared<const TaskSnapshot>(snapshot(number, percent)));
    return outcome;
}

/// A small one as a server behind nginx sends it.
[[nodiscard]] inline ReplyData reply(const ServerId &server, int number, int percent,
                                     qint64 timestamp)
{
    ReplyData made;
    made.httpStatus = 200;
    made.headers = {{"Server", "nginx/1.25.3"},
                    {"Date", "Sat, 28 Nov 2026 10:11:12 GMT"},
                    {"Content-Type", "application/json; charset=utf-8"},
                    {"Transfer-Encoding", "chunked"},
                    {"Connection", "keep-alive"},
                    {"Vary", "Accept-Encoding"},
                    {"Access-Control-Allow-Origin", "*"},
                    {"ETag", "W/\"1a4-" + QByteArray::number(timestamp + 1'000'000'000) + '"'},
                    {"X-Request-Id", "2f6a0c1e-7d0b-4d6f-8a51-" + QByteArray::number(number)}};
    const auto step = [](const QByteArray &name, bool completed) {
        return "{\"name\":\"" + name + R"(","started":true,"completed":)"
               + (completed ? "true" : "false") + R"(,"failed":false,"progress":)"
               + (completed ? "100" : "50") + R"(,"size":1,"steps":[]})";
    };
    made.body = R"({"taskId":")" + key(server, number).task.text().toUtf8()
                + R"(","action":"Publish policy","userId":"665f1c0a9b3e","expectation":2,"info":{)"
                  R"("name":"Publish policy","started":true,"progress":)"
                + QByteArray::number(percent) + R"(,"timestamp":)"
                + QByteArray::number(1777885901220 + timestamp) + R"(,"steps":[)"
                + step("Resolve and validate policy", true) + ',' + step("Upload to IPFS", false)
                + "]}}";
    return made;
}

} // namespace TaskSamples
