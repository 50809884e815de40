// What HistoryDatabase does with replies that were kept before their secrets were known as such.
#include "history/historyconnection.h"
#include "history/historydatabase.h"
#include "history/historyrows.h"
#include "history/storedreply.h"

#include <QDeadlineTimer>
#include <QVariant>

#include <utility>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto selectIds =
    "SELECT task_id FROM reply WHERE task_id > ? ORDER BY task_id LIMIT ?"_L1;
constexpr auto selectReply =
    "SELECT status, headers, body, compressed FROM reply WHERE task_id = ?"_L1;
constexpr auto updateReply = "UPDATE reply SET body = ?, compressed = ?%1 WHERE task_id = ?"_L1;
constexpr auto withoutFacts = ", facts = '', reply_sum = NULL"_L1; ///< of what the body was
constexpr auto noWords = "UPDATE task SET has_words = 0 WHERE id = ?"_L1;
constexpr auto dropWords = "DELETE FROM words WHERE rowid = ?"_L1;
constexpr auto mergeWords = "INSERT INTO words (words, rank) VALUES ('merge', ?)"_L1;
constexpr auto selectMarks = "SELECT substr(what, 11) FROM upkeep WHERE what LIKE 'masked by %'"_L1;
constexpr auto dropMark = "DELETE FROM upkeep WHERE what LIKE 'masked by %'"_L1;
constexpr auto addMark = "INSERT INTO upkeep (what, tried_at) VALUES ('masked by ' || ?, ?)"_L1;
constexpr auto upTo = " up to "_L1; ///< in a mark, before the last row: there is more to do

/// What is done at once, before whoever writes or closes gets a turn.
constexpr int portion = 200;
constexpr auto maskingTime = 50ms;
constexpr int portionPages = 50; ///< of the search's index

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
    const QByteArray open =
        functions.mask(reply.body.whole(), snapshot ? snapshot->action : QString());
    if (open == reply.body)
        return std::nullopt;
    return StoredReply::pack(reply, open);
}

} // namespace

/// In a transaction of the caller's, of any version of the schema. One reply at a time: all of them
/// may be larger than the memory.
bool HistoryDatabase::maskReplies(int limit, QDeadlineTimer patience, HistoryMasking &masking)
{
    HistoryConnection &connection = *m_connection;
    QSqlQuery read(connection.database);
    QSqlQuery write(connection.database);
    QList<qint64> rows;
    bool ok = connection.prepare(read, selectIds) && connection.run(read, {masking.done, limit});
    while (ok && read.next())
        rows.append(read.value(0).toLongLong());
    ok = ok && connection.noteError(read);
    const bool hasFacts = HistoryRows::columnsOf(connection.database).contains("facts"_L1);
    ok = ok && connection.prepare(read, selectReply)
         && connection.prepare(
             write, QString(updateReply).arg(hasFacts ? QString(withoutFacts) : QString()));
    masking.changed.clear();
    masking.isAllMasked = rows.isEmpty();
    for (qsizetype i = 0; ok && i < rows.size(); ++i) {
        const qint64 id = rows.at(i);
        ok = connection.run(read, {id});
        const auto reply = ok && read.next() ? masked(read, m_functions) : std::nullopt;
        ok = ok && connection.noteError(read);
        read.finish();
        if (ok && reply) {
            ok = connection.run(write, {HistoryRows::notNull(reply->body), reply->form(), id});
            masking.changed.append(id);
        }
        masking.done = id;
        if (patience.hasExpired())
            break;
    }
    write.finish();
    return ok;
}

/// Of a version that knows no portions yet.
bool HistoryDatabase::maskAllReplies()
{
    HistoryMasking all;
    return m_connection->inTransaction(
        [&] { return maskReplies(-1, QDeadlineTimer::Forever, all); });
}

/// The search's words came from the replies.
bool HistoryDatabase::forgetWords(const QList<qint64> &rows)
{
    HistoryConnection &connection = *m_connection;
    QSqlQuery forget(connection.database);
    QSqlQuery drop(connection.database);
    bool ok = connection.prepare(forget, noWords) && connection.prepare(drop, dropWords);
    for (qsizetype i = 0; ok && i < rows.size(); ++i)
        ok = connection.run(forget, {rows.at(i)}) && connection.run(drop, {rows.at(i)});
    return ok;
}

/// By which rules it is masked now, and how far if not all of it. Nothing: by the usual ones.
bool HistoryDatabase::noteMasking(std::optional<qint64> done)
{
    HistoryConnection &connection = *m_connection;
    const QString mark = (m_masking ? m_masking->mark : rulesMark())
                         + (done ? upTo + QString::number(*done) : QString());
    QSqlQuery note(connection.database);
    return connection.exec(dropMark)
           && (mark.isEmpty()
               || (connection.prepare(note, addMark)
                   && connection.run(note, {mark, m_openedAt.toMSecsSinceEpoch()})));
}

QString HistoryDatabase::rulesMark() const
{
    return m_functions.rules ? m_functions.rules().markForKeeping() : QString();
}

void HistoryDatabase::maskKept()
{
    if (!isWritable())
        return;
    m_masking.emplace().mark = rulesMark();
    m_incomplete.clear(); // may hold what was read by other rules
}

void HistoryDatabase::resumeMasking()
{
    if (!isWritable())
        return;
    QSqlQuery marks(m_connection->database);
    QStringList found;
    for (bool ok = marks.exec(selectMarks); ok && marks.next();)
        found.append(marks.value(0).toString());
    const QString mark = rulesMark();
    if (mark.isEmpty() ? found.isEmpty() : found == QStringList(mark))
        return;
    m_masking.emplace().mark = mark;
    if (found.size() == 1 && found.constFirst().startsWith(mark + upTo))
        m_masking->done =
            QStringView(found.constFirst()).sliced(mark.size() + upTo.size()).toLongLong();
}

tl::expected<HistoryDatabase::Upkeep, HistoryError> HistoryDatabase::upkeep()
{
    if (!isWritable())
        return Upkeep::Done;
    if (const auto isMore = complete(portion); !isMore || *isMore)
        return isMore.map([](bool) { return Upkeep::More; });
    if (!m_going.isEmpty() || m_isShrinking) {
        if (!dropPortion())
            return failure();
        return Upkeep::More;
    }
    if (!m_masking)
        return Upkeep::Done;
    if (m_masking->mark != rulesMark())
        maskKept(); // the rules changed: those rows, too
    HistoryConnection &connection = *m_connection;
    bool ok = true;
    if (!m_masking->isAllMasked) {
        ok = maskPortion();
    } else if (!m_masking->areWordsMerged) {
        ok = mergePortion();
    } else {
        // It has the pages as they were before.
        if (!connection.emptyJournal())
            return Upkeep::Blocked;
        ok = connection.inTransaction([this] { return noteMasking({}); });
        if (ok) {
            m_masking.reset();
            return Upkeep::Done;
        }
    }
    if (ok)
        return Upkeep::More;
    auto failed = failure();
    if (!failed.value().isPassing())
        m_masking.reset(); // the next start tries
    return failed;
}

bool HistoryDatabase::maskPortion()
{
    HistoryMasking masking = *m_masking;
    if (!m_connection->inTransaction([this, &masking] {
            return maskReplies(portion, QDeadlineTimer(maskingTime), masking)
                   && forgetWords(masking.changed) && noteMasking(masking.done);
        }))
        return false;
    m_masking = masking;
    if (!masking.changed.isEmpty())
        m_words.clear();
    for (const qint64 row : std::as_const(masking.changed)) {
        if (!load(row - 1, 1)) // for complete()
            return false;
    }
    return true;
}

/// What is dropped, or was replaced before, stays in the index until its parts are merged.
bool HistoryDatabase::mergePortion()
{
    HistoryConnection &connection = *m_connection;
    const auto changes = [&connection] { return connection.number(u"SELECT total_changes()"_s); };
    const qint64 before = changes();
    QSqlQuery merge(connection.database);
    // A negative number says that all parts are to become one.
    const int pages = std::exchange(m_masking->isMerging, true) ? portionPages : -portionPages;
    if (!connection.prepare(merge, mergeWords) || !connection.run(merge, {pages}))
        return false;
    m_masking->areWordsMerged = changes() - before < 2; // as its manual says
    return true;
}
