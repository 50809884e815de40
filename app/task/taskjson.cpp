#include "task/taskjson.h"

#include "task/jsonmember.h"
#include "task/secretrule.h"
#include "task/taskfacts.h"
#include "task/taskwords.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace {

QJsonValue toJson(const std::optional<QDateTime> &time)
{
    return time ? QJsonValue(time->toUTC().toString(Qt::ISODateWithMs)) : QJsonValue();
}

QJsonValue toJson(const std::optional<int> &number)
{
    return number ? QJsonValue(*number) : QJsonValue();
}

QJsonArray toJson(const std::vector<TaskStep> &steps)
{
    QJsonArray array;
    for (const TaskStep &step : steps) {
        array.append(QJsonObject{{u"name"_s, step.name},
                                 {u"state"_s, TaskWords::kebab(step.state)},
                                 {u"percent"_s, toJson(step.percent)},
                                 {u"startedAt"_s, toJson(step.startedAt)},
                                 {u"finishedAt"_s, toJson(step.finishedAt)},
                                 {u"steps"_s, toJson(step.steps)}});
    }
    return array;
}

/// Any JSON value from its text.
QJsonValue valueOf(QByteArrayView text)
{
    const QByteArray wrapped = QByteArray("[").append(text).append(']');
    return QJsonDocument::fromJson(wrapped).array().at(0);
}

QJsonValue resultOf(const TaskRecord &record, bool kept)
{
    if (!record.snapshot || !record.snapshot->hasResult || !record.reply)
        return {};
    const SecretRule rule =
        kept ? ruleForKeeping(record.snapshot->secretRule) : record.snapshot->secretRule;
    QByteArray body = record.reply->body.whole();
    if (record.snapshot->resultIsSecret || rule != record.snapshot->secretRule)
        body = maskSecretsBy(rule, body, record.snapshot->action);
    if (record.snapshot->resultIsHead)
        body = JsonText::closed(body);
    const auto member = topLevelMember(body, "result");
    const QJsonValue value = member ? valueOf(*member) : QJsonValue();
    return value.isUndefined() ? QJsonValue() : value;
}

QJsonValue errorOf(const TaskRecord &record)
{
    if (!record.snapshot || !record.snapshot->error)
        return {};
    const TaskError &error = *record.snapshot->error;
    const QJsonValue details =
        error.details.isEmpty() ? QJsonValue() : valueOf(maskSecrets(error.details, {}));
    QJsonValue code = details[u"code"];
    if (!code.isDouble() && !code.isString())
        code = error.code.isEmpty() ? QJsonValue() : QJsonValue(error.code);
    return QJsonObject{{u"code"_s, code}, {u"message"_s, error.message}, {u"details"_s, details}};
}

} // namespace

QJsonObject taskToJson(const TaskRecord &record, const QUrl &server, const QString &connection,
                       bool kept)
{
    const TaskSnapshot none;
    const TaskSnapshot &snapshot = record.snapshot ? *record.snapshot : none;
    return {{u"server"_s, server.toString(QUrl::RemoveUserInfo)},
            {u"taskId"_s, record.key.task.text()},
            {u"action"_s, snapshot.action},
            {u"outcome"_s, TaskWords::kebab(record.outcome)},
            {u"connection"_s, connection},
            {u"percent"_s, toJson(snapshot.percent)},
            {u"startedAt"_s, toJson(TaskFacts::startedAt(record))},
            {u"finishedAt"_s, toJson(TaskFacts::finishedAt(record))},
            {u"steps"_s, toJson(snapshot.steps)},
            {u"result"_s, resultOf(record, kept)},
            {u"error"_s, errorOf(record)},
            {u"summary"_s, TaskWords::summary(record)}};
}
