// What HistoryDatabase reads: it loads and searches.
#include "history/historyconnection.h"
#include "history/historydatabase.h"
#include "history/historywords.h"
#include "task/mergerecords.h"

#include <QUuid>
#include <QVariant>

#include <algorithm>

using namespace Qt::StringLiterals;

tl::expected<void, HistoryError> HistoryDatabase::openToRead()
{
    auto opened = openConnection(true);
    if (isReadable())
        return {};
    close();
    return opened;
}

tl::expected<HistoryDatabase::Chunk, HistoryError> HistoryDatabase::load(qint64 afterRow, int limit)
{
    Chunk chunk;
    chunk.lastRow = afterRow;
    QSqlQuery &row = m_connection->tasks;
    bool ok = m_connection->run(row, {afterRow, limit});
    int rows = 0;
    HistoryRows::Restoring restoring(m_functions);
    chunk.records.reserve(limit);
    QList<qint64> ids;
    ids.reserve(limit);
    for (; ok && row.next(); ++rows) {
        TaskRecord &record = chunk.records.emplaceBack();
        const HistoryRows::Row restored = restoring.restore(row, record);
        chunk.lastRow = restored.id;
        if (!restored.isTask) {
            chunk.records.removeLast();
            ++chunk.leftOut;
            continue;
        }
        ids.append(restored.id);
        noteDamage(restored, record);
        const bool isComplete =
            restored.hasWords && restored.hasSum && (restored.hasFacts || !record.snapshot);
        if (isWritable() && !isComplete)
            m_incomplete.insert(record.key, {restored, record});
    }
    ok = ok && m_connection->noteError(row);
    row.finish();
    ok = ok && loadStrange(afterRow, chunk.lastRow, ids, chunk.records);
    if (!ok)
        return failure();
    chunk.last = rows < limit;
    return chunk;
}

/// What nobody could read of `records`, which are those of `rows`, all up to `lastRow`.
bool HistoryDatabase::loadStrange(qint64 afterRow, qint64 lastRow, const QList<qint64> &rows,
                                  QList<TaskRecord> &records)
{
    QSqlQuery &row = m_connection->strange;
    bool ok = m_connection->run(row, {afterRow, lastRow});
    while (ok && row.next()) {
        const HistoryRows::Strange strange = HistoryRows::restoredStrange(row);
        const auto place = std::lower_bound(rows.cbegin(), rows.cend(), strange.id);
        if (place == rows.cend() || *place != strange.id)
            continue;
        TaskRecord &record = records[place - rows.cbegin()];
        record.strangeReply = strange.reply;
        if (!strange.isWhole)
            m_damaged[record.key].strange = strange.reply;
    }
    ok = ok && m_connection->noteError(row);
    row.finish();
    return ok;
}

void HistoryDatabase::noteDamage(const HistoryRows::Row &row, const TaskRecord &record)
{
    if (row.isWhole && row.isReplyWhole)
        return;
    Damage &damage = m_damaged[record.key];
    damage = {};
    damage.unread = row.unread;
    if (row.unread != 0)
        damage.restored = HistoryRows::valuesOf(record);
    damage.isReplyDamaged = !row.isReplyWhole;
    if (record.reply)
        damage.reply = record.reply->body;
}

QStringList HistoryDatabase::damaged() const
{
    QStringList tasks;
    tasks.reserve(m_damaged.size());
    for (auto task = m_damaged.keyBegin(); task != m_damaged.keyEnd(); ++task)
        tasks.append(task->task.text());
    tasks.sort();
    return tasks;
}

bool HistoryDatabase::mergeWithUnknown(TaskRecord &record, qint64 known)
{
    QSqlQuery &row = m_connection->task;
    const TaskKey &key = record.key;
    if (!m_connection->run(row, {key.server.text(), HistoryRows::notNull(key.task.text()), known}))
        return false;
    bool ok = true;
    if (row.next()) {
        TaskRecord stored;
        const auto restored = HistoryRows::Restoring(m_functions).restore(row, stored);
        if (restored.isTask) {
            noteDamage(restored, stored);
            QList<TaskRecord> one{std::move(stored)};
            ok = loadStrange(restored.id - 1, restored.id, {restored.id}, one);
            record = mergedRecords(one.constFirst(), record);
        }
    }
    ok = ok && m_connection->noteError(row); // what cannot be read is not overwritten
    row.finish();
    return ok;
}

tl::expected<QList<TaskKey>, HistoryError> HistoryDatabase::search(const QString &typed, int limit)
{
    QList<TaskKey> found;
    const QString expression = HistoryWords::expressionOf(typed);
    if (!isReadable() || !m_connection->canSearch || expression.isEmpty())
        return found;
    QSqlQuery &row = m_connection->matches;
    bool ok = m_connection->run(row, {expression, limit});
    while (ok && row.next())
        found.append({ServerId(QUuid::fromString(row.value(0).toString())),
                      TaskId(row.value(1).toString())});
    ok = ok && m_connection->noteError(row);
    row.finish();
    if (!ok)
        return failure();
    return found;
}
