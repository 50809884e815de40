#include "exchange/taskfile.h"

#include "guardian/connectionwords.h"
#include "guardian/parsetaskreply.h"
#include "guardian/pollschedule.h"
#include "task/secretrule.h"
#include "task/stepsight.h"
#include "task/taskintake.h"
#include "task/taskjson.h"
#include "task/taskwords.h"
#include "task/unreadreply.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QStringDecoder>

using namespace Qt::StringLiterals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(TaskFile)
};

QJsonValue timeJson(const QDateTime &time)
{
    return time.isValid() ? QJsonValue(time.toUTC().toString(Qt::ISODateWithMs)) : QJsonValue();
}

/// Text where the bytes are UTF-8, else base64 under another name: JSON holds no other bytes.
void insertBytes(QJsonObject &object, const QString &name, const QByteArray &bytes)
{
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless
                                                     | QStringDecoder::Flag::ConvertInitialBom);
    const QString text = decoder(bytes);
    if (decoder.hasError())
        object.insert(name + u"Base64"_s, QString::fromLatin1(bytes.toBase64()));
    else
        object.insert(name, text);
}

QByteArray bytesOf(const QJsonObject &object, const QString &name)
{
    const QJsonValue text = object.value(name);
    return text.isString()
               ? text.toString().toUtf8()
               : QByteArray::fromBase64(object.value(name + u"Base64"_s).toString().toLatin1());
}

/// `body`: what may be written of it.
QJsonObject replyJson(const ReplyData &reply, const QByteArray &body)
{
    QJsonArray headers;
    const QList<ReplyHeaders::Header> list = reply.headers.list();
    for (const auto &[name, value] : list)
        headers.append(QJsonArray{QString::fromLatin1(name), QString::fromLatin1(value)});
    QJsonObject object{{u"status"_s, reply.httpStatus},
                       {u"durationMs"_s, qint64(reply.duration.count())},
                       {u"headers"_s, headers}};
    insertBytes(object, u"body"_s, body);
    if (reply.isHead)
        object.insert(u"isHead"_s, true);
    return object;
}

QJsonValue readJson(const TaskRecord &record)
{
    // Without a snapshot nobody knows what is in it, nor can anything be read from it again.
    if (!record.reply || !record.snapshot)
        return {};
    const TaskSnapshot &snapshot = *record.snapshot;
    QJsonObject object =
        replyJson(*record.reply, maskSecretsBy(ruleForKeeping(snapshot.secretRule),
                                               record.reply->body.whole(), snapshot.action));
    TaskSnapshot told = snapshot;
    StepSight::maskDetails(told.steps,
                           [](const QByteArray &details) { return maskSecrets(details, {}); });
    object.insert(u"sights"_s,
                  QString::fromUtf8(StepSight::packBeside(*record.reply, told, parseTaskReply)));
    return object;
}

QJsonValue unreadJson(const TaskRecord &record)
{
    if (!record.strangeReply)
        return {};
    const ReplyData kept = keptOfUnread(*record.strangeReply);
    return replyJson(kept, kept.body.whole());
}

/// Reads members of one kind and keeps the first thing that is wrong.
class Reader
{
public:
    explicit Reader(const QJsonObject &object)
        : m_object(object)
    {
    }

    [[nodiscard]] QString text(const QString &name)
    {
        const QJsonValue value = m_object.value(name);
        check(name, value.isUndefined() || value.isString());
        return value.toString();
    }
    [[nodiscard]] bool flag(const QString &name)
    {
        const QJsonValue value = m_object.value(name);
        check(name, value.isUndefined() || value.isBool());
        return value.toBool();
    }
    [[nodiscard]] QDateTime time(const QString &name)
    {
        const QJsonValue value = m_object.value(name);
        const QDateTime time = QDateTime::fromString(value.toString(), Qt::ISODateWithMs).toUTC();
        const bool isNone = value.isUndefined() || value.isNull();
        check(name, isNone || time.isValid());
        return isNone ? QDateTime() : time;
    }
    [[nodiscard]] std::optional<Outcome> outcome(const QString &name)
    {
        const QJsonValue value = m_object.value(name);
        const auto outcome = TaskWords::outcomeOf(value.toString());
        check(name, value.isUndefined() || value.isNull() || outcome);
        return outcome;
    }
    [[nodiscard]] QStringList texts(const QString &name)
    {
        QStringList list;
        const QJsonArray array = m_object.value(name).toArray();
        for (const auto &value : array)
            list.append(value.toString());
        return list;
    }
    [[nodiscard]] std::chrono::milliseconds span(const QString &name)
    {
        const QJsonValue value = m_object.value(name);
        const std::chrono::milliseconds span{value.toInteger()};
        check(name, value.isUndefined() || (value.isDouble() && span.count() >= 0));
        return span;
    }
    void check(const QString &name, bool isRight)
    {
        if (!isRight && m_wrong.isEmpty())
            m_wrong = name;
    }
    [[nodiscard]] const QString &wrong() const { return m_wrong; }

private:
    const QJsonObject &m_object;
    QString m_wrong;
};

ReplyData replyOf(const QJsonObject &object)
{
    ReplyData reply;
    reply.httpStatus = object.value("status"_L1).toInt();
    reply.duration = std::chrono::milliseconds(object.value("durationMs"_L1).toInteger());
    const QJsonArray headers = object.value("headers"_L1).toArray();
    for (const auto &header : headers)
        reply.headers.append(header[0].toString().toLatin1(), header[1].toString().toLatin1());
    reply.body = bytesOf(object, u"body"_s);
    reply.isHead = object.value("isHead"_L1).toBool();
    if (reply.body.size() > ReplyData::cap) { // a file may carry more than a server
        reply.body = reply.body.whole().first(ReplyData::headSize);
        reply.isHead = true;
    }
    return reply;
}

/// As from the history: the reply is read again.
void takeReply(TaskRecord &record, ReplyData reply, const QByteArray &sights)
{
    auto snapshot = parseTaskReply(reply);
    if (snapshot)
        StepSight::unpack(sights, snapshot->steps);
    reply.body.pack();
    auto shared = std::make_shared<const ReplyData>(std::move(reply));
    if (snapshot) {
        record.snapshot = std::make_shared<const TaskSnapshot>(*std::move(snapshot));
        record.reply = std::move(shared);
    } else {
        record.strangeReply = std::move(shared);
    }
}

} // namespace

QByteArray TaskFile::head(const QDateTime &now)
{
    const QJsonObject facts{{u"format"_s, u"taskwatch-tasks"_s},
                            {u"version"_s, version},
                            {u"program"_s, u"Taskwatch " TASKWATCH_VERSION ""_s},
                            {u"exportedAt"_s, timeJson(now)}};
    QByteArray text = QJsonDocument(facts).toJson(QJsonDocument::Compact);
    text.chop(1);
    return text + ",\"tasks\":[\n";
}

QByteArray TaskFile::tail()
{
    return "\n]}\n";
}

QJsonObject TaskFile::object(const TaskRecord &record, const NamedServer &server)
{
    const auto connection =
        record.trouble ? PollSchedule::connectionOf(record.trouble->kind) : Connection::Polling;
    QJsonObject object =
        taskToJson(record, server.apiRoot, ConnectionWords::kebab(connection), true);
    const auto insert = [&object](QStringView name, const QJsonValue &value) {
        object.insert(name, value);
    };
    insert(u"serverName", server.name);
    insert(u"label", record.label.get());
    insert(u"note", record.note.get());
    insert(u"tags", QJsonArray::fromStringList(record.tags.get()));
    insert(u"pinned", record.pinned);
    insert(u"acknowledged", record.acknowledged);
    insert(u"muted", record.muted);
    insert(u"notified",
           record.notified ? QJsonValue(TaskWords::kebab(*record.notified)) : QJsonValue());
    insert(u"paused", record.paused);
    insert(u"expired", record.expired);
    insert(u"confirmed", record.confirmed);
    insert(u"watchedSince", timeJson(record.watchedSince));
    insert(u"changedAt", timeJson(record.changedAt));
    insert(u"checkedAt", timeJson(record.checkedAt));
    insert(u"endedAt", timeJson(record.endedAt));
    insert(u"endWitnessed", record.endWitnessed);
    insert(u"quietForMs", qint64(record.quietFor.count()));
    insert(u"troubles", QJsonArray::fromStringList(TroublePeriods::pack(record.troubles)));
    insert(u"reply", readJson(record));
    insert(u"unreadReply", unreadJson(record));
    return object;
}

QUrl TaskFile::serverOf(const QJsonObject &object)
{
    return QUrl(object.value("server"_L1).toString(), QUrl::StrictMode);
}

tl::expected<TaskRecord, QString> TaskFile::record(const QJsonObject &object)
{
    Reader reader(object);
    TaskRecord record;
    const QString id = reader.text(u"taskId"_s);
    reader.check(u"taskId"_s, !id.isEmpty() && id.size() <= IntakeLimits::idLength);
    record.key.task = TaskId(id);
    const auto outcome = reader.outcome(u"outcome"_s);
    reader.check(u"outcome"_s, outcome.has_value());
    record.outcome = outcome.value_or(Outcome::Checking);
    record.label = reader.text(u"label"_s);
    record.note = reader.text(u"note"_s);
    record.tags = reader.texts(u"tags"_s);
    record.pinned = reader.flag(u"pinned"_s);
    record.acknowledged = reader.flag(u"acknowledged"_s);
    record.muted = reader.flag(u"muted"_s);
    record.notified = reader.outcome(u"notified"_s);
    record.paused = reader.flag(u"paused"_s);
    record.expired = reader.flag(u"expired"_s);
    record.confirmed = reader.flag(u"confirmed"_s);
    record.watchedSince = reader.time(u"watchedSince"_s);
    record.changedAt = reader.time(u"changedAt"_s);
    record.checkedAt = reader.time(u"checkedAt"_s);
    record.endedAt = reader.time(u"endedAt"_s);
    record.endWitnessed = reader.flag(u"endWitnessed"_s);
    record.quietFor = reader.span(u"quietForMs"_s);
    record.troubles = TroublePeriods::unpack(reader.texts(u"troubles"_s));
    if (!reader.wrong().isEmpty())
        return tl::unexpected(Words::tr("“%1” is missing or wrong").arg(reader.wrong()));
    if (const QJsonValue reply = object.value("reply"_L1); reply.isObject())
        takeReply(record, replyOf(reply.toObject()), reply["sights"_L1].toString().toUtf8());
    if (const QJsonValue unread = object.value("unreadReply"_L1); unread.isObject()) {
        ReplyData reply = replyOf(unread.toObject());
        reply.body.pack();
        record.strangeReply = std::make_shared<const ReplyData>(std::move(reply));
    }
    return record;
}
