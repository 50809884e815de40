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

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace {

enum class Form {
    Flag,    ///< of them and of the outcomes, select() makes one number
    Outcome, ///< its word, or NULL
    Text,    ///< comes as its bytes: SQLite's own way to UTF-16 is slow
    Time,
    Rare, ///< texts that most tasks lack: together they come as one, which is NULL without any
};
/// In the order in which valuesOf() gives them, and those of each form are taken by restore(): what
/// a row costs grows with the number of values that Qt takes out of it.
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
                                          {"outcome", "''", Form::Outcome},
                                          {"expired", "0", Form::Flag},
                                          {"confirmed", "0", Form::Flag},
                                          {"watched_since", "NULL", Form::Time},
                                          {"changed_at", "NULL", Form::Time},
                                          {"checked_at", "NULL", Form::Time},
                                          {"ended_at", "NULL", Form::Time},
                                          {"end_witnessed", "0", Form::Flag},
                                          {"note", "''", Form::Rare},
                                          {"tags", "''", Form::Rare},
                                          {"pinned", "0", Form::Flag},
                                          {"muted", "0", Form::Flag},
                                          {"acknowledged", "0", Form::Flag},
                                          {"notified", "NULL", Form::Outcome},
                                          {"troubles", "''", Form::Rare}}};
constexpr auto hasWords = "has_words"_L1; ///< a flag, too: the first
/// Where the columns begin in what select() gives: after the ID and the flags.
constexpr int idAt = 0;
constexpr int flagsAt = 1;
constexpr int columnsAt = 2;
constexpr int outcomeBit = 8; ///< after the flags
constexpr int outcomeBits = 4;
constexpr int outcomeMask = (1 << outcomeBits) - 1; ///< and what stands for none
static_assert(int(Outcome::Unreadable) < outcomeMask);
/// In the number that is made of a reply's three; the first is `compressed`.
constexpr int statusBit = 4;
constexpr int durationBit = 20;

/// The outcome's number, from its word.
QString numberOfOutcome(QLatin1String column)
{
    QString cases;
    const auto add = [&cases](Outcome outcome) {
        cases +=
            u" WHEN '%1' THEN %2"_s.arg(TaskWords::kebab(outcome), QString::number(int(outcome)));
    };
    add(Outcome::Completed); // nearly all
    for (int value = 0; value <= int(Outcome::Unreadable); ++value)
        add(Outcome(value));
    return u"CASE WHEN %1 IS NULL THEN %3 ELSE CASE %1%2 ELSE %3 END END"_s.arg(
        column, cases, QString::number(outcomeMask));
}

std::optional<Outcome> takeOutcome(qint64 &numbers)
{
    const auto number = int(numbers & outcomeMask);
    numbers >>= outcomeBits;
    return number == outcomeMask ? std::nullopt : std::optional(Outcome(number));
}

/// "size size … :", then the texts.
QString rareTexts(const QStringList &texts)
{
    QStringList sizes;
    for (const QString &text : texts)
        sizes.append(u"length(CAST(%1 AS BLOB))"_s.arg(text));
    return u"CASE WHEN %1 = '' THEN NULL ELSE CAST(%2 || ':' || %3 AS BLOB) END"_s.arg(
        texts.join(u" = '' AND "_s), sizes.join(u" || ' ' || "_s), texts.join(u" || "_s));
}

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
    QStringList rare;
    int bit = 1;
    int outcomeAt = outcomeBit;
    for (const Column &column : columns) {
        const auto name = known(QLatin1String(column.name), QLatin1String(column.fallback));
        switch (column.form) {
        case Form::Flag:
            flags += u" | (%1 << %2)"_s.arg(name, QString::number(bit++));
            break;
        case Form::Outcome:
            flags += u" | (%1 << %2)"_s.arg(numberOfOutcome(name), QString::number(outcomeAt));
            outcomeAt += outcomeBits;
            break;
        case Form::Text:
            others += u", CAST(%1 AS BLOB)"_s.arg(name);
            break;
        case Form::Time:
            others += u", "_s + name;
            break;
        case Form::Rare:
            rare.append(name);
            break;
        }
    }
    QString reply = u"NULL, NULL, NULL, NULL, NULL"_s;
    if (withReply)
        reply = u"(duration_ms << %1) | (status << %2) | compressed, headers, body, %3, %4"_s.arg(
            QString::number(durationBit), QString::number(statusBit), known("sights"_L1, "''"_L1),
            known("facts"_L1, "''"_L1));
    return u"SELECT id, %1%2, %3, %4 FROM task"_s.arg(flags, others, rareTexts(rare), reply)
           + (withReply ? u" LEFT JOIN reply ON task_id = id"_s : QString());
}

HistoryRows::Row HistoryRows::Restoring::restore(const QSqlQuery &row, TaskRecord &record)
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
    restored.isTask = true;
    record.key = std::move(key);
    record.label = text();
    record.watchedSince = time();
    record.changedAt = time();
    record.checkedAt = time();
    record.endedAt = time();
    if (const QByteArray rare = next().toByteArray(); !rare.isEmpty())
        restoreRare(rare, record);

    auto flags = row.value(flagsAt).toLongLong();
    for (bool *flag : {&restored.hasWords, &record.paused, &record.expired, &record.confirmed,
                       &record.endWitnessed, &record.pinned, &record.muted, &record.acknowledged}) {
        *flag = (flags & 1) != 0;
        flags >>= 1;
    }
    record.outcome = takeOutcome(flags).value_or(Outcome::Checking);
    record.notified = takeOutcome(flags);
    restored.hasFacts = row.value(at).isNull() || restoreReply(row, at, record);
    return restored;
}

void HistoryRows::Restoring::restoreRare(const QByteArray &rare, TaskRecord &record)
{
    const qsizetype colon = rare.indexOf(':');
    const QList<QByteArray> sizes = rare.left(colon).split(' ');
    QByteArrayView left = QByteArrayView(rare).sliced(colon + 1);
    qsizetype at = 0;
    const auto text = [&] {
        const auto size = std::clamp<qsizetype>(sizes.value(at++).toLongLong(), 0, left.size());
        QString taken = m_texts.text(left.first(size));
        left = left.sliced(size);
        return taken;
    };
    record.note = text();
    if (const QString tags = text(); !tags.isEmpty())
        record.tags = tags.split(u'\n', Qt::SkipEmptyParts);
    if (const QString troubles = text(); !troubles.isEmpty())
        record.troubles = TroublePeriods::unpack(troubles.split(u'\n'));
}

bool HistoryRows::Restoring::restoreReply(const QSqlQuery &row, int at, TaskRecord &record)
{
    auto reply = std::make_shared<ReplyData>();
    const qint64 numbers = row.value(at++).toLongLong();
    reply->duration = std::chrono::milliseconds{numbers >> durationBit};
    reply->httpStatus = int(numbers >> statusBit) & ((1 << (durationBit - statusBit)) - 1);
    StoredReply packed;
    packed.setForm(int(numbers) & ((1 << statusBit) - 1));
    packed.headers = row.value(at++).toByteArray();
    packed.body = row.value(at++).toByteArray();
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
