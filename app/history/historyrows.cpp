#include "history/historyrows.h"

#include "history/storedreply.h"
#include "task/stepsight.h"
#include "task/taskwords.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QSqlRecord>
#include <QUuid>
#include <QVariant>

#include <array>

using namespace Qt::StringLiterals;

namespace {

/// In the order in which valuesOf() gives and restore() takes them; `fallback` is SQL.
struct Column {
    const char *name;
    const char *fallback;
};
constexpr std::array<Column, 19> columns{{{"server", "''"},
                                          {"task", "''"},
                                          {"label", "''"},
                                          {"paused", "0"},
                                          {"outcome", "''"},
                                          {"expired", "0"},
                                          {"confirmed", "0"},
                                          {"watched_since", "NULL"},
                                          {"changed_at", "NULL"},
                                          {"checked_at", "NULL"},
                                          {"ended_at", "NULL"},
                                          {"end_witnessed", "0"},
                                          {"note", "''"},
                                          {"tags", "''"},
                                          {"pinned", "0"},
                                          {"muted", "0"},
                                          {"acknowledged", "0"},
                                          {"notified", "NULL"},
                                          {"troubles", "''"}}};
constexpr auto hasWords = "has_words"_L1;
/// Where the columns begin in what select() gives: after these two.
constexpr int idAt = 0;
constexpr int hasWordsAt = 1;
constexpr int columnsAt = 2;
constexpr int replyAt = columnsAt + int(columns.size());

QVariant stored(const QDateTime &time)
{
    return time.isValid() ? QVariant(time.toMSecsSinceEpoch()) : QVariant();
}

void restoreReply(const QSqlQuery &row, const HistoryFunctions &functions, TaskRecord &record)
{
    int at = replyAt;
    ReplyData reply;
    reply.httpStatus = row.value(at++).toInt();
    reply.duration = std::chrono::milliseconds{row.value(at++).toLongLong()};
    StoredReply packed;
    packed.headers = row.value(at++).toByteArray();
    packed.body = row.value(at++).toByteArray();
    packed.setForm(row.value(at++).toInt());
    const bool whole = packed.unpack(reply);
    auto snapshot = functions.parse(reply);
    if (snapshot)
        StepSight::unpack(row.value(at).toByteArray(), snapshot->steps);
    auto shared = std::make_shared<const ReplyData>(std::move(reply));
    if (whole && snapshot) {
        record.snapshot = std::make_shared<const TaskSnapshot>(std::move(*snapshot));
        record.reply = std::move(shared);
    } else {
        record.strangeReply = std::move(shared);
    }
}

} // namespace

QDateTime HistoryRows::restoredTime(const QVariant &value)
{
    return value.isNull() ? QDateTime()
                          : QDateTime::fromMSecsSinceEpoch(value.toLongLong(), Qt::UTC);
}

QString HistoryRows::notNull(const QString &text)
{
    return text.isNull() ? u""_s : text;
}

QByteArray HistoryRows::notNull(const QByteArray &bytes)
{
    return bytes.isNull() ? QByteArray("") : bytes;
}

QString HistoryRows::upsert()
{
    QStringList names;
    QStringList places;
    QStringList updates;
    for (const Column &column : columns) {
        const auto name = QLatin1String(column.name);
        names.append(name);
        places.append(u"?"_s);
        if (name != "server"_L1 && name != "task"_L1)
            updates.append(name + u" = excluded."_s + name);
    }
    // Words are written in the same transaction.
    return u"INSERT INTO task (%1, has_words) VALUES (%2, 1) ON CONFLICT (server, task)"
           " DO UPDATE SET %3, has_words = 1 RETURNING id"_s.arg(
               names.join(u", "_s), places.join(u", "_s), updates.join(u", "_s));
}

QVariantList HistoryRows::valuesOf(const TaskRecord &record)
{
    return {record.key.server.text(),
            notNull(record.key.task.text()),
            notNull(record.label),
            int(record.paused),
            TaskWords::kebab(record.outcome),
            int(record.expired),
            int(record.confirmed),
            stored(record.watchedSince),
            stored(record.changedAt),
            stored(record.checkedAt),
            stored(record.endedAt),
            int(record.endWitnessed),
            notNull(record.note),
            notNull(record.tags.join(u'\n')),
            int(record.pinned),
            int(record.muted),
            int(record.acknowledged),
            record.notified ? QVariant(TaskWords::kebab(*record.notified)) : QVariant(),
            notNull(TroublePeriods::pack(record.troubles).join(u'\n'))};
}

QStringList HistoryRows::columnsOf(const QSqlDatabase &database)
{
    QStringList names;
    const QSqlRecord record = database.record(u"task"_s);
    for (int i = 0; i < record.count(); ++i)
        names.append(record.fieldName(i));
    return names;
}

QString HistoryRows::select(const QStringList &present, bool withReply)
{
    QStringList wanted{u"id"_s, present.contains(hasWords) ? QString(hasWords) : u"0"_s};
    for (const Column &column : columns) {
        const auto name = QLatin1String(column.name);
        wanted.append(present.contains(name) ? name : QLatin1String(column.fallback));
    }
    const QString sights = present.contains(hasWords) ? u"sights"_s : u"''"_s; // came together
    const QString reply = withReply ? u"status, duration_ms, headers, body, compressed, "_s + sights
                                    : u"NULL, NULL, NULL, NULL, NULL, NULL"_s;
    return u"SELECT %1, %2 FROM task"_s.arg(wanted.join(u", "_s), reply)
           + (withReply ? u" LEFT JOIN reply ON task_id = id"_s : QString());
}

HistoryRows::Row HistoryRows::restore(const QSqlQuery &row, const HistoryFunctions &functions)
{
    Row restored;
    restored.id = row.value(idAt).toLongLong();
    restored.hasWords = row.value(hasWordsAt).toBool();
    int at = columnsAt;
    TaskRecord record;
    record.key.server = ServerId(QUuid::fromString(row.value(at++).toString()));
    record.key.task = TaskId(row.value(at++).toString());
    if (record.key.server.isNull() || record.key.task.isEmpty())
        return restored;
    record.label = row.value(at++).toString();
    record.paused = row.value(at++).toBool();
    record.outcome = TaskWords::outcomeOf(row.value(at++).toString()).value_or(Outcome::Checking);
    record.expired = row.value(at++).toBool();
    record.confirmed = row.value(at++).toBool();
    record.watchedSince = restoredTime(row.value(at++));
    record.changedAt = restoredTime(row.value(at++));
    record.checkedAt = restoredTime(row.value(at++));
    record.endedAt = restoredTime(row.value(at++));
    record.endWitnessed = row.value(at++).toBool();
    record.note = row.value(at++).toString();
    record.tags = row.value(at++).toString().split(u'\n', Qt::SkipEmptyParts);
    record.pinned = row.value(at++).toBool();
    record.muted = row.value(at++).toBool();
    record.acknowledged = row.value(at++).toBool();
    record.notified = TaskWords::outcomeOf(row.value(at++).toString());
    if (const QString troubles = row.value(at++).toString(); !troubles.isEmpty())
        record.troubles = TroublePeriods::unpack(troubles.split(u'\n'));
    Q_ASSERT(at == replyAt);
    if (!row.value(replyAt).isNull())
        restoreReply(row, functions, record);
    restored.record = std::move(record);
    return restored;
}
