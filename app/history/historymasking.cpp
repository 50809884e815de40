// What HistoryDatabase does with replies that were kept before their secrets were known as such.
#include "history/historyconnection.h"
#include "history/historydatabase.h"
#include "history/historyrows.h"
#include "history/storedreply.h"

#include <QVariant>

using namespace Qt::StringLiterals;

namespace {

constexpr auto selectIds = "SELECT task_id FROM reply ORDER BY task_id"_L1;
constexpr auto selectReply =
    "SELECT status, headers, body, compressed FROM reply WHERE task_id = ?"_L1;
constexpr auto updateReply = "UPDATE reply SET body = ?, compressed = ?%1 WHERE task_id = ?"_L1;
constexpr auto withoutFacts = ", facts = ''"_L1; ///< they say what was in the body
constexpr int mostIncomplete = 100;              ///< replies in memory at once
constexpr auto noWords = "UPDATE task SET has_words = 0 WHERE id = ?"_L1;
constexpr auto dropWords = "DELETE FROM words WHERE rowid = ?"_L1;
constexpr auto selectMarks = "SELECT substr(what, 11) FROM upkeep WHERE what LIKE 'masked by %'"_L1;
constexpr auto dropMark = "DELETE FROM upkeep WHERE what LIKE 'masked by %'"_L1;
constexpr auto addMark = "INSERT INTO upkeep (what, tried_at) VALUES ('masked by ' || ?, ?)"_L1;

/// The reply with its secrets masked, as it is to be stored; absent: there is nothing to mask, or
/// nobody can read it.
std::optional<StoredReply> masked(const QSqlQuery &row, const HistoryFunctions &functions)
{
    ReplyData reply;
    reply.httpStatus = row.value(0).toInt();
    StoredReply stored;
    stored.headers = row.value(1).toByteArray();
    stored.body = row.value(2).toByteArray();
    stored.setForm(row.value(3).toInt());
    if (!stored.unpack(reply))
        return std::nullopt;
    const auto snapshot = functions.parse(reply);
    const QByteArray open = functions.mask(reply.body.whole(), snapshot ? snapshot->action : QString());
    if (open == reply.body)
        return std::nullopt;
    return StoredReply::pack(reply, open);
}

} // namespace

/// In one transaction, of any version of the schema. One at a time: all of them may be larger than
/// the memory.
bool HistoryDatabase::maskReplies(QList<qint64> &changed)
{
    HistoryConnection &connection = *m_connection;
    QSqlQuery read(connection.database);
    QSqlQuery write(connection.database);
    QList<qint64> rows;
    bool ok = connection.exec(u"BEGIN IMMEDIATE"_s) && connection.prepare(read, selectIds)
              && connection.run(read, {});
    while (ok && read.next())
        rows.append(read.value(0).toLongLong());
    ok = ok && connection.noteError(read);
    const bool hasFacts = HistoryRows::columnsOf(connection.database).contains("facts"_L1);
    ok = ok && connection.prepare(read, selectReply)
         && connection.prepare(
             write, QString(updateReply).arg(hasFacts ? QString(withoutFacts) : QString()));
    for (qsizetype i = 0; ok && i < rows.size(); ++i) {
        const qint64 id = rows.at(i);
        ok = connection.run(read, {id});
        const auto reply = ok && read.next() ? masked(read, m_functions) : std::nullopt;
        ok = ok && connection.noteError(read);
        read.finish();
        if (!ok || !reply)
            continue;
        ok = connection.run(write, {HistoryRows::notNull(reply->body), reply->form(), id});
        changed.append(id);
    }
    write.finish();
    ok = ok && (!hasFacts || forgetWords(changed)) && connection.exec(u"COMMIT"_s);
    if (!ok) {
        const QSqlError cause = connection.lastError;
        connection.exec(u"ROLLBACK"_s);
        connection.lastError = cause;
    }
    return ok;
}

/// The search's words came from the replies. And notes by which rules they are masked now.
bool HistoryDatabase::forgetWords(const QList<qint64> &rows)
{
    HistoryConnection &connection = *m_connection;
    QSqlQuery forget(connection.database);
    QSqlQuery drop(connection.database);
    QSqlQuery note(connection.database);
    bool ok = connection.prepare(forget, noWords) && connection.prepare(drop, dropWords);
    for (qsizetype i = 0; ok && i < rows.size(); ++i)
        ok = connection.run(forget, {rows.at(i)}) && connection.run(drop, {rows.at(i)});
    // What is dropped, or was replaced before, stays in the index until its parts are merged.
    ok = ok && connection.exec(u"INSERT INTO words (words) VALUES ('optimize')"_s)
         && connection.exec(dropMark);
    if (!ok || rulesMark().isEmpty())
        return ok;
    return connection.prepare(note, addMark)
           && connection.run(note, {rulesMark(), m_openedAt.toMSecsSinceEpoch()});
}

QString HistoryDatabase::rulesMark() const
{
    return m_functions.rules ? m_functions.rules().markForKeeping() : QString();
}

bool HistoryDatabase::isMaskedByTheRules() const
{
    if (!isWritable())
        return true;
    QSqlQuery marks(m_connection->database);
    QStringList found;
    for (bool ok = marks.exec(selectMarks); ok && marks.next();)
        found.append(marks.value(0).toString());
    return rulesMark().isEmpty() ? found.isEmpty() : found == QStringList(rulesMark());
}

tl::expected<void, HistoryError> HistoryDatabase::maskKept()
{
    if (!isWritable())
        return {};
    HistoryConnection &connection = *m_connection;
    QList<qint64> changed;
    if (!maskReplies(changed)) {
        const QSqlError &cause = connection.lastError;
        return tl::unexpected(error(HistoryConnection::kindOf(cause), cause.text()));
    }
    m_words.clear();
    m_incomplete.clear(); // may hold what was read before
    for (const qint64 row : std::as_const(changed)) {
        if (const auto read = load(row - 1, 1); !read)
            return tl::unexpected(read.error());
        if (m_incomplete.size() >= mostIncomplete)
            static_cast<void>(complete(mostIncomplete));
    }
    static_cast<void>(complete(mostIncomplete));
    connection.pragma(u"wal_checkpoint(TRUNCATE)"_s);
    return {};
}
