#include "history/historyrows.h"

#include "history/contentsum.h"
#include "history/historycolumns.h"
#include "task/taskwords.h"

#include <QSqlDatabase>
#include <QSqlRecord>
#include <QVariant>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace HistoryColumns;

namespace {

// Each step of these takes SQLite its time, for every row: what most rows have, is told first.

/// The outcome's number, from its word.
QString numberOfOutcome(QLatin1String column)
{
    const auto when = [](Outcome outcome) {
        return u"'%1' THEN %2"_s.arg(TaskWords::kebab(outcome), QString::number(int(outcome)));
    };
    QString cases;
    for (int value = 0; value <= int(Outcome::Unreadable); ++value)
        cases += u" WHEN "_s + when(Outcome(value));
    return u"CASE WHEN %1 = %2 WHEN %1 IS NULL THEN %3 ELSE CASE %1%4 ELSE %5 END END"_s.arg(
        column, when(Outcome::Completed), QString::number(outcomeMask), cases,
        QString::number(oddOutcome));
}

QString shifted(const QString &flag, int bit)
{
    return u"((%1 & 1) << %2)"_s.arg(flag, QString::number(bit));
}

QString rareFlags(const QStringList &flags, const QStringList &bits)
{
    return u"CASE WHEN %1 = 0 THEN 0 ELSE %2 END"_s.arg(flags.join(u" = 0 AND "_s),
                                                        bits.join(u" | "_s));
}

/// "size size … :", then the texts; the last one takes the rest.
QString joined(const QStringList &texts)
{
    QStringList sizes;
    for (qsizetype i = 0; i + 1 < texts.size(); ++i)
        sizes.append(u"length(CAST(%1 AS BLOB))"_s.arg(texts.at(i)));
    return u"%1 || ':' || %2"_s.arg(sizes.join(u" || ' ' || "_s), texts.join(u" || "_s));
}

/// NULL without any; ":" and the first where there is no other; else all of them joined. One that
/// is NULL, which is damage, takes none of the others along.
QString rareTexts(const QStringList &texts)
{
    QStringList whole;
    for (const QString &text : texts)
        whole.append(u"coalesce(%1, '')"_s.arg(text));
    return u"CASE WHEN %1 = '' THEN CASE %2 WHEN '' THEN NULL ELSE CAST(':' || %2 AS BLOB) END"
           " ELSE CAST(coalesce(%3, %4) AS BLOB) END"_s.arg(texts.mid(1).join(u" = '' AND "_s),
                                                            texts.constFirst(), joined(texts),
                                                            joined(whole));
}

QVariant stored(const QDateTime &time)
{
    return time.isValid() ? QVariant(time.toMSecsSinceEpoch()) : QVariant();
}

/// As SQLite keeps it, and as it comes back.
QString storable(const QString &text)
{
    QString sound = QString::fromUtf8(text.toUtf8()); // without halves of surrogate pairs
    while (sound.startsWith(QChar::ByteOrderMark))
        sound.remove(0, 1);
    return HistoryRows::notNull(sound);
}

/// As restore() makes it of what select() gives.
qint64 sumOf(const QVariantList &values)
{
    ContentSum sum;
    qint64 flags = 0;
    int bit = 1;
    int outcomeAt = outcomeBit;
    for (qsizetype i = 0; i < values.size(); ++i) {
        const QVariant &value = values.at(i);
        switch (columns.at(size_t(i)).form) {
        case Form::Flag:
        case Form::RareFlag:
            flags |= value.toLongLong() << bit++;
            break;
        case Form::Outcome: {
            const auto outcome = TaskWords::outcomeOf(value.toString());
            flags |= qint64(outcome ? int(*outcome) : outcomeMask) << outcomeAt;
            outcomeAt += outcomeBits;
            break;
        }
        case Form::Text:
        case Form::Rare:
            sum.add(value.toString().toUtf8());
            break;
        case Form::Span:
            flags |= value.toLongLong() << spanBit;
            break;
        case Form::Time:
            sum.add(value.isNull() ? noTime : quint64(value.toLongLong()));
            break;
        case Form::Sum:
            break;
        }
    }
    sum.add(quint64(flags));
    return qint64(sum.value());
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

QString HistoryRows::upsert(Columns spared)
{
    QStringList names;
    QStringList places;
    QStringList updates;
    spared |= columnOf("server") | columnOf("task");
    for (const Column &column : columns) {
        const auto name = QLatin1String(column.name);
        names.append(name);
        places.append(u"?"_s);
        if ((spared & columnOf(column.name)) == 0)
            updates.append(name + u" = excluded."_s + name);
    }
    // Words are written in the same transaction.
    return u"INSERT INTO task (%1, has_words) VALUES (%2, 1) ON CONFLICT (server, task)"
           " DO UPDATE SET %3, has_words = 1 RETURNING id"_s.arg(
               names.join(u", "_s), places.join(u", "_s), updates.join(u", "_s));
}

QVariantList HistoryRows::valuesOf(const TaskRecord &record)
{
    QVariantList values{record.key.server.text(),
                        notNull(record.key.task.text()),
                        storable(record.label),
                        int(record.paused),
                        TaskWords::kebab(record.outcome),
                        int(record.expired),
                        int(record.confirmed),
                        stored(record.watchedSince),
                        stored(record.changedAt),
                        stored(record.checkedAt),
                        stored(record.endedAt),
                        int(record.endWitnessed),
                        storable(record.note),
                        storable(record.tags->join(u'\n')),
                        int(record.pinned),
                        int(record.muted),
                        int(record.acknowledged),
                        record.notified ? QVariant(TaskWords::kebab(*record.notified)) : QVariant(),
                        notNull(TroublePeriods::pack(record.troubles).join(u'\n')),
                        record.quietFor > 0ms ? QVariant(qint64(record.quietFor.count()))
                                              : QVariant()};
    values.append(sumOf(values));
    return values;
}

HistoryRows::Columns HistoryRows::equalColumns(const QVariantList &a, const QVariantList &b)
{
    Columns equal = 0;
    for (qsizetype i = 0; i < std::min(a.size(), b.size()); ++i)
        equal |= Columns(a.at(i) == b.at(i)) << Columns(i);
    return equal;
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
    QString flags = known(hasWords, "0"_L1) + u" & 1"_s;
    QStringList rareOfFlags;
    QStringList rareBits;
    QString others;
    QStringList rare;
    int bit = 1;
    int outcomeAt = outcomeBit;
    for (const Column &column : columns) {
        const auto name = known(QLatin1String(column.name), QLatin1String(column.fallback));
        switch (column.form) {
        case Form::Flag:
            flags += u" | "_s + shifted(name, bit++);
            break;
        case Form::RareFlag:
            rareOfFlags.append(name);
            rareBits.append(shifted(name, bit++));
            break;
        case Form::Outcome:
            flags += u" | (%1 << %2)"_s.arg(numberOfOutcome(name), QString::number(outcomeAt));
            outcomeAt += outcomeBits;
            break;
        case Form::Text:
            others += u", CAST(%1 AS BLOB)"_s.arg(name);
            break;
        case Form::Span:
            // Less than zero where it is no number: those come before all texts.
            flags += u" | CASE WHEN %1 IS NULL THEN 0 ELSE (%1 | -(%1 >= '')) << %2 END"_s.arg(
                name, QString::number(spanBit));
            break;
        case Form::Time:
        case Form::Sum:
            others += u", "_s + name;
            break;
        case Form::Rare:
            rare.append(name);
            break;
        }
    }
    QString reply = u"NULL, NULL, NULL, NULL, NULL, NULL"_s;
    if (withReply)
        reply =
            u"(duration_ms << %1) | (status << %2) | compressed, headers, body, %3, %4, %5"_s.arg(
                QString::number(durationBit), QString::number(statusBit),
                known("sights"_L1, "''"_L1), known("facts"_L1, "''"_L1),
                known("reply_sum"_L1, "NULL"_L1));
    flags += u" | "_s + rareFlags(rareOfFlags, rareBits);
    return u"SELECT id, %1%2, %3, %4 FROM task"_s.arg(flags, others, rareTexts(rare), reply)
           + (withReply ? u" LEFT JOIN reply ON task_id = id"_s : QString());
}

QString HistoryRows::selectStrange(const QSqlDatabase &database)
{
    return database.tables().contains("strange"_L1)
               ? u"SELECT task_id, status, duration_ms, headers, body, compressed, strange_sum"
                 " FROM strange WHERE task_id > ? AND task_id <= ?"_s
               : u"SELECT id FROM task WHERE id > ? AND id <= ? AND 0"_s;
}
