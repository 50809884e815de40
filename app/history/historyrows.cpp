#include "history/historyrows.h"

#include "history/packedsnapshot.h"
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

enum class Form {
    Flag, ///< of them, select() makes one number
    Text, ///< comes as its bytes: SQLite's own way to UTF-16 is slow
    Time,
};
/// In the order in which valuesOf() gives them, and those of each form are taken by restore().
/// `fallback` is SQL.
struct Column {
    const char *name;
    const char *fallback;
    Form form;
};
constexpr std::array<Column, 19> columns{{{"server", "''", Form::Text},
                                          {"task", "''", Form::Text},
                                          {"label", "''", Form::Text},
                                          {"paused", "0", Form::Flag},
                                          {"outcome", "''", Form::Text},
                                          {"expired", "0", Form::Flag},
                                          {"confirmed", "0", Form::Flag},
                                          {"watched_since", "NULL", Form::Time},
                                          {"changed_at", "NULL", Form::Time},
                                          {"checked_at", "NULL", Form::Time},
                                          {"ended_at", "NULL", Form::Time},
                                          {"end_witnessed", "0", Form::Flag},
                                          {"note", "''", Form::Text},
                                          {"tags", "''", Form::Text},
                                          {"pinned", "0", Form::Flag},
                                          {"muted", "0", Form::Flag},
                                          {"acknowledged", "0", Form::Flag},
                                          {"notified", "NULL", Form::Text},
                                          {"troubles", "''", Form::Text}}};
constexpr auto hasWords = "has_words"_L1; ///< a flag, too: the first
/// Where the columns begin in what select() gives: after the ID and the flags.
constexpr int idAt = 0;
constexpr int flagsAt = 1;
constexpr int columnsAt = 2;

QVariant stored(const QDateTime &time)
{
    return time.isValid() ? QVariant(time.toMSecsSinceEpoch()) : QVariant();
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
    for (const QString &table : {u"task"_s, u"reply"_s}) {
        const QSqlRecord record = database.record(table);
        for (int i = 0; i < record.count(); ++i)
            names.append(record.fieldName(i));
    }
    return names;
}

QString HistoryRows::select(const QStringList &present, bool withReply)
{
    const auto known = [&present](QLatin1String name, QLatin1String fallback) {
        return present.contains(name) ? name : fallback;
    };
    QString flags = known(hasWords, "0"_L1);
    QString others;
    int bit = 1;
    for (const Column &column : columns) {
        const auto name = known(QLatin1String(column.name), QLatin1String(column.fallback));
        switch (column.form) {
        case Form::Flag:
            flags += u" | (%1 << %2)"_s.arg(name, QString::number(bit++));
            break;
        case Form::Text:
            others += u", CAST(%1 AS BLOB)"_s.arg(name);
            break;
        case Form::Time:
            others += u", "_s + name;
            break;
        }
    }
    QString reply = u"NULL, NULL, NULL, NULL, NULL, NULL, NULL"_s;
    if (withReply)
        reply = u"status, duration_ms, headers, body, compressed, %1, %2"_s.arg(
            known("sights"_L1, "''"_L1), known("facts"_L1, "''"_L1));
    return u"SELECT id, %1%2, %3 FROM task"_s.arg(flags, others, reply)
           + (withReply ? u" LEFT JOIN reply ON task_id = id"_s : QString());
}

HistoryRows::Row HistoryRows::Restoring::restore(const QSqlQuery &row)
{
    Row restored;
    restored.id = row.value(idAt).toLongLong();
    int at = columnsAt;
    const auto next = [&] { return row.value(at++); };
    const auto text = [&] { return m_texts.text(next().toByteArray()); };
    const auto time = [&]() -> QDateTime {
        const QVariant value = next();
        if (value.isNull())
            return {};
        // Most of a task's times are that of its last change.
        if (const qint64 ms = value.toLongLong(); ms != m_ms || !m_time.isValid()) {
            m_ms = ms;
            m_time = QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC);
        }
        return m_time;
    };
    if (const QByteArray server = next().toByteArray(); server != m_serverText) {
        m_server = ServerId(QUuid::fromString(QLatin1String(server)));
        m_serverText = server;
    }
    TaskKey key{m_server, TaskId(text())};
    if (key.server.isNull() || key.task.isEmpty())
        return restored;
    TaskRecord &record = restored.record.emplace();
    record.key = std::move(key);
    record.label = text();
    record.outcome = TaskWords::outcomeOf(text()).value_or(Outcome::Checking);
    record.watchedSince = time();
    record.changedAt = time();
    record.checkedAt = time();
    record.endedAt = time();
    record.note = text();
    if (const QString tags = text(); !tags.isEmpty())
        record.tags = tags.split(u'\n', Qt::SkipEmptyParts);
    if (const QString notified = text(); !notified.isEmpty())
        record.notified = TaskWords::outcomeOf(notified);
    if (const QString troubles = text(); !troubles.isEmpty())
        record.troubles = TroublePeriods::unpack(troubles.split(u'\n'));

    auto flags = row.value(flagsAt).toLongLong();
    for (bool *flag : {&restored.hasWords, &record.paused, &record.expired, &record.confirmed,
                       &record.endWitnessed, &record.pinned, &record.muted, &record.acknowledged}) {
        *flag = (flags & 1) != 0;
        flags >>= 1;
    }
    restored.hasFacts = row.value(at).isNull() || restoreReply(row, at, record);
    return restored;
}

bool HistoryRows::Restoring::restoreReply(const QSqlQuery &row, int at, TaskRecord &record)
{
    auto reply = std::make_shared<ReplyData>();
    reply->httpStatus = int(row.value(at++).toLongLong());
    reply->duration = std::chrono::milliseconds{row.value(at++).toLongLong()};
    StoredReply packed;
    packed.headers = row.value(at++).toByteArray();
    packed.body = row.value(at++).toByteArray();
    packed.setForm(int(row.value(at++).toLongLong()));
    const QByteArray sights = row.value(at++).toByteArray();
    const QByteArray facts = row.value(at++).toByteArray();
    const bool whole = packed.unpack(*reply);
    const QByteArray body = reply->body.whole();
    if (whole)
        record.snapshot =
            PackedSnapshot::unpack(facts, {*reply, packed.headers, body, sights}, &m_texts);
    const TaskSnapshot *const told = record.snapshot.get();
    const bool hasFacts = told && told->secretRule == m_rules.of(told->action);
    if (!hasFacts)
        record.snapshot.reset();
    if (whole && !hasFacts) {
        if (auto fresh = m_functions.parse(*reply)) {
            StepSight::unpack(sights, fresh->steps);
            record.snapshot = std::make_shared<const TaskSnapshot>(std::move(*fresh));
        }
    }
    reply->body.pack();
    (record.snapshot ? record.reply : record.strangeReply) = std::move(reply);
    return hasFacts;
}
