// What HistoryDatabase writes.
#include "history/historyconnection.h"
#include "history/historydatabase.h"
#include "history/historywords.h"
#include "history/packedsnapshot.h"
#include "history/storedreply.h"
#include "task/stepsight.h"
#include "task/unreadreply.h"

#include <QVariant>

#include <algorithm>

using namespace Qt::StringLiterals;
using Kind = HistoryError::Kind;

tl::expected<void, HistoryError> HistoryDatabase::write(const QList<HistoryChange> &changes,
                                                        qint64 known)
{
    auto done = writeAll(changes, known);
    if (done || done.error().kind != Kind::Damaged)
        return done;
    // It broke while it was in use: the changes go into a fresh one.
    close();
    const auto opened = openSetAside(done.error());
    m_news = opened ? std::nullopt : std::optional(opened.error());
    // Nobody has been told of its rows.
    return isWritable() ? writeAll(changes, known == allRows ? known : 0)
                        : tl::unexpected(opened.error());
}

tl::expected<void, HistoryError> HistoryDatabase::writeAll(const QList<HistoryChange> &changes,
                                                           qint64 known)
{
    if (!isWritable())
        return tl::unexpected(error(Kind::ReadOnly));
    const bool ok = m_connection->inTransaction([&] {
        return std::all_of(changes.begin(), changes.end(),
                           [&](const HistoryChange &change) { return writeOne(change, known); });
    });
    if (ok)
        return {};
    for (const HistoryChange &change : changes)
        m_words.remove(change.key);
    return failure();
}

bool HistoryDatabase::writeOne(const HistoryChange &change, qint64 known)
{
    HistoryConnection &connection = *m_connection;
    const bool isCheck = change.isCheck && !m_incomplete.contains(change.key);
    m_incomplete.remove(change.key);
    if (!m_going.isEmpty())
        m_spared.insert(change.key);
    if (change.removeFirst) {
        m_words.remove(change.key);
        m_damaged.remove(change.key);
        if (!connection.run(connection.dropTask, {change.key.server.text(),
                                                  HistoryRows::notNull(change.key.task.text())}))
            return false;
    }
    if (!change.record)
        return true;
    TaskRecord record = *change.record;
    if (!change.removeFirst && known != allRows && !mergeWithUnknown(record, known))
        return false;
    const auto row = writeTask(record);
    if (!row || isCheck)
        return row.has_value();
    const QByteArray reply = HistoryWords::openReply(record, m_functions);
    const auto told = HistoryWords::openPart(record, reply, m_functions);
    return writeWords(*row, record, told.get()) && writeStrange(*row, record)
           && (!record.reply || writeReply(*row, record, reply, told.get()));
}

/// Its row; absent: it failed. What nobody could read stays as long as nobody knows more.
std::optional<qint64> HistoryDatabase::writeTask(const TaskRecord &record)
{
    const QVariantList values = HistoryRows::valuesOf(record);
    const auto damage = m_damaged.find(record.key);
    HistoryRows::Columns spared = 0;
    if (damage != m_damaged.end()) {
        damage->unread &= HistoryRows::equalColumns(values, damage->restored);
        spared = damage->unread;
    }
    QSqlQuery sparing(m_connection->database);
    if (spared != 0 && !m_connection->prepare(sparing, HistoryRows::upsert(spared)))
        return std::nullopt;
    QSqlQuery &put = spared == 0 ? m_connection->putTask : sparing;
    if (!m_connection->run(put, values) || !put.next())
        return std::nullopt;
    const qint64 row = put.value(0).toLongLong();
    put.finish();
    return row;
}

/// A progress changes often, what can be searched seldom.
bool HistoryDatabase::writeWords(qint64 row, const TaskRecord &record, const TaskSnapshot *told)
{
    if (!record.snapshot && m_damaged.value(record.key).isReplyDamaged)
        return true; // they came from what cannot be read any more
    const QString text = HistoryWords::textOf(record, told, m_functions);
    const size_t hash = qHash(text, 1);
    if (m_words.value(record.key) == hash)
        return true;
    if (!m_connection->run(m_connection->putWords, {row, HistoryRows::notNull(text)}))
        return false;
    m_words.insert(record.key, hash);
    return true;
}

/// What is in the file already is not written again.
bool HistoryDatabase::writeReply(qint64 row, const TaskRecord &record, const QByteArray &openReply,
                                 const TaskSnapshot *told)
{
    const ReplyData &reply = *record.reply;
    // Without a snapshot nobody knows whether there is a secret in it.
    if (!record.snapshot)
        return true;
    const auto damage = m_damaged.find(record.key);
    if (damage != m_damaged.end() && damage->isReplyDamaged) {
        if (damage->reply == reply.body)
            return true;
        damage->isReplyDamaged = false;
    }
    const QByteArray headers = reply.headers.text();
    const QByteArray sights = told ? StepSight::packBeside(reply, *told, m_functions.parse)
                                   : StepSight::pack(record.snapshot->steps);
    const PackedSnapshot::Beside beside{reply, headers, openReply, sights};
    const QByteArray facts = told ? PackedSnapshot::pack(*told, beside) : QByteArray("");
    HistoryConnection &connection = *m_connection;
    if (!connection.run(connection.facts, {row}))
        return false;
    const bool isThere = !facts.isEmpty() && connection.facts.next()
                         && connection.facts.value(0).toByteArray() == facts;
    connection.facts.finish();
    if (isThere)
        return true;
    const StoredReply packed = StoredReply::pack(reply, openReply);
    return connection.run(connection.putReply,
                          {row, reply.httpStatus, qint64(reply.duration.count()),
                           HistoryRows::notNull(packed.headers), HistoryRows::notNull(packed.body),
                           packed.form(), sights, facts, PackedSnapshot::sumOfReply(beside)});
}

/// Masked as what nobody could read: with less of it where a secret might be.
bool HistoryDatabase::writeStrange(qint64 row, const TaskRecord &record)
{
    HistoryConnection &connection = *m_connection;
    if (!record.strangeReply)
        return connection.run(connection.dropStrange, {row});
    if (const auto kept = m_damaged.value(record.key).strange;
        kept && kept->body == record.strangeReply->body)
        return true;
    const ReplyData reply = keptOfUnread(*record.strangeReply);
    const QByteArray body = reply.body.whole();
    const StoredReply packed = StoredReply::pack(reply, body);
    return connection.run(connection.putStrange,
                          {row, reply.httpStatus, qint64(reply.duration.count()),
                           HistoryRows::notNull(packed.headers), HistoryRows::notNull(packed.body),
                           packed.form(),
                           PackedSnapshot::sumOfReply({reply, packed.headers, body, {}})});
}

tl::expected<bool, HistoryError> HistoryDatabase::complete(int limit)
{
    if (!isWritable() || m_incomplete.isEmpty())
        return false;
    QList<TaskKey> done;
    const bool ok = m_connection->inTransaction([&] {
        for (auto row = m_incomplete.cbegin(); row != m_incomplete.cend(); ++row) {
            if (done.size() == limit)
                break;
            if (!completeOne(*row))
                return false;
            done.append(row.key());
        }
        return true;
    });
    if (!ok) {
        auto failed = failure();
        if (!failed.value().isPassing())
            m_incomplete.clear(); // the file knows what it lacks: the next start tries
        return failed;
    }
    for (const TaskKey &key : std::as_const(done))
        m_incomplete.remove(key);
    return !m_incomplete.isEmpty();
}

bool HistoryDatabase::completeOne(const Incomplete &incomplete)
{
    HistoryConnection &connection = *m_connection;
    const auto &[row, record] = incomplete;
    if (!row.hasWords) {
        const QByteArray reply = HistoryWords::openReply(record, m_functions);
        const auto told = HistoryWords::openPart(record, reply, m_functions);
        if (!connection.run(connection.putWords,
                            {row.id, HistoryWords::textOf(record, told.get(), m_functions)})
            || !connection.run(connection.noteWords, {row.id}))
            return false;
    }
    // What is damaged keeps saying so, and what cannot be read of it stays.
    if (m_damaged.contains(record.key))
        return true;
    if (!row.hasSum && !connection.run(connection.putSum, {row.sum, row.id}))
        return false;
    if (!record.snapshot || (row.hasFacts && row.hasSum))
        return true;
    const QByteArray headers = record.reply->headers.text();
    const QByteArray sights =
        StepSight::packBeside(*record.reply, *record.snapshot, m_functions.parse);
    const QByteArray body = record.reply->body.whole();
    const PackedSnapshot::Beside beside{*record.reply, headers, body, sights};
    return connection.run(connection.putFacts,
                          {PackedSnapshot::pack(*record.snapshot, beside), sights,
                           PackedSnapshot::sumOfReply(beside), row.id});
}
