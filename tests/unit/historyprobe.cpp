#include "historyprobe.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace {

void say(const QString &line)
{
    std::fputs(qPrintable(line + u'\n'), stdout);
    std::fflush(stdout);
}

int show(const QString &file)
{
    const SystemClock clock;
    HistoryStore store(file, HistoryProbe::functions(), clock);
    QObject::connect(&store, &HistoryStore::failed, &store, [](const HistoryError &error) {
        say(u"failed %1 %2 | %3"_s.arg(int(error.kind)).arg(error.headline, error.nextStep));
    });
    QObject::connect(&store, &HistoryStore::opened, &store,
                     [](const QList<TaskRecord> &records, bool last) {
                         for (const TaskRecord &record : records)
                             say(u"task "_s + record.key.task.text());
                         if (last)
                             QCoreApplication::quit();
                     });
    store.open();
    return QCoreApplication::exec();
}

/// Each batch when the one before is on disk; the last save is never awaited, so that a kill hits
/// somewhere in the middle of the work.
int writeForEver(const QString &file)
{
    const SystemClock clock;
    const ServerId server(QUuid(u"6a1c0a52-7e56-4dd6-9c52-0d1b1a3f3c11"_s));
    HistoryStore store(file, HistoryProbe::functions(), clock);
    int count = 0;
    const auto next = [&] {
        QList<TaskRecord> records;
        for (const int end = count + 200; count < end; ++count) {
            const QByteArray name = QByteArray::number(count);
            records.append(HistoryProbe::record({server, TaskId(QString::fromLatin1(name))},
                                                R"({"action":"a","result":")" + name
                                                    + QByteArray(3000, 'x') + R"("})"));
        }
        store.save(records);
    };
    QObject::connect(&store, &HistoryStore::opened, &store, next);
    QObject::connect(&store, &HistoryStore::saved, &store, [&] {
        say(QString::number(count));
        next();
    });
    store.open();
    return QCoreApplication::exec();
}

} // namespace

HistoryFunctions HistoryProbe::functions()
{
    return {
        [](const ReplyData &reply) -> tl::expected<TaskSnapshot, PollError> {
            const QJsonDocument document = QJsonDocument::fromJson(reply.body.whole());
            if (!document.isObject())
                return tl::unexpected(PollError{PollError::Kind::Unreadable, {}, 0, {}, {}});
            TaskSnapshot snapshot;
            snapshot.action = document["action"_L1].toString();
            snapshot.percent = document["percent"_L1].toInt();
            snapshot.resultText = document["result"_L1].toString().left(200).toUtf8();
            snapshot.resultIsSecret = document["secret"_L1].toBool();
            if (const QJsonValue error = document["error"_L1]; error.isString())
                snapshot.error = TaskError{{}, error.toString(), {}};
            else if (error.isObject())
                snapshot.error = TaskError{{}, {}, QJsonDocument(error.toObject()).toJson()};
            if (const QString problem = document["problem"_L1].toString(); !problem.isEmpty())
                snapshot.verdict.problems.append(problem);
            const QJsonArray steps = document["steps"_L1].toArray();
            for (const QJsonValue step : steps) {
                snapshot.steps.emplace_back().name = step.toString();
                snapshot.steps.back().state = StepState::Completed;
            }
            return snapshot;
        },
        [](const QByteArray &json, const QString &) {
            return QByteArray(json).replace("marker", "masked");
        },
    };
}

ReplyData HistoryProbe::reply(const QByteArray &body)
{
    ReplyData one;
    one.httpStatus = 200;
    one.body = body;
    one.headers = {{"Content-Type", "application/json"}, {"X-Empty", ""}, {"X-Odd", "a: b"}};
    one.duration = std::chrono::milliseconds{42};
    return one;
}

TaskRecord HistoryProbe::record(const TaskKey &key, const QByteArray &body)
{
    TaskRecord one;
    one.key = key;
    one.outcome = Outcome::Running;
    one.reply = std::make_shared<const ReplyData>(reply(body));
    one.snapshot = std::make_shared<const TaskSnapshot>(functions().parse(*one.reply).value());
    one.watchedSince = QDateTime::fromMSecsSinceEpoch(1'770'000'000'001, Qt::UTC);
    return one;
}

std::optional<int> HistoryProbe::run(const QStringList &arguments)
{
    if (arguments.size() != 3)
        return std::nullopt;
    if (arguments.at(1) == "--show"_L1)
        return show(arguments.at(2));
    if (arguments.at(1) == "--write"_L1)
        return writeForEver(arguments.at(2));
    return std::nullopt;
}
