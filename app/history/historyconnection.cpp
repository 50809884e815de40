#include "history/historyconnection.h"

#include "history/historyrows.h"

#include <QFileInfo>
#include <QUrl>
#include <QUuid>
#include <QVariant>

using namespace Qt::StringLiterals;
using Kind = HistoryError::Kind;

namespace {

constexpr int busyTimeout = 2000; ///< ms

constexpr auto insertReply =
    "INSERT OR REPLACE INTO reply (task_id, status, duration_ms, headers, body, compressed,"
    " sights, facts, reply_sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"_L1;
constexpr auto selectFacts = "SELECT facts FROM reply WHERE task_id = ?"_L1;
constexpr auto updateFacts =
    "UPDATE reply SET facts = ?, sights = ?, reply_sum = ? WHERE task_id = ?"_L1;
constexpr auto updateSum = "UPDATE task SET task_sum = ? WHERE id = ?"_L1;
constexpr auto insertWords = "INSERT OR REPLACE INTO words (rowid, text) VALUES (?, ?)"_L1;
constexpr auto markWords = "UPDATE task SET has_words = 1 WHERE id = ?"_L1;
constexpr auto insertStrange =
    "INSERT OR REPLACE INTO strange (task_id, status, duration_ms, headers, body, compressed,"
    " strange_sum) VALUES (?, ?, ?, ?, ?, ?, ?)"_L1;
constexpr auto deleteStrange = "DELETE FROM strange WHERE task_id = ?"_L1;
constexpr auto deleteTask = "DELETE FROM task WHERE server = ? AND task = ?"_L1;
constexpr auto deleteRow = "DELETE FROM task WHERE id = ?"_L1;
constexpr auto selectMatches = "SELECT server, task FROM words JOIN task ON id = words.rowid"
                               " WHERE words MATCH ? ORDER BY words.rowid DESC LIMIT ?"_L1;

} // namespace

HistoryConnection::HistoryConnection(const QString &file, bool readOnly)
    : name(u"history-"_s + QUuid::createUuid().toString(QUuid::WithoutBraces))
    , database(QSqlDatabase::addDatabase(u"QSQLITE"_s, name))
{
    QString options = u"QSQLITE_BUSY_TIMEOUT=%1"_s.arg(busyTimeout);
    QString address = file;
    if (readOnly) {
        // Where no journal can be made, SQLite reads only a file that it may take for
        // immutable.
        QUrl url = QUrl::fromLocalFile(file);
        if (QFileInfo(file + u"-wal"_s).size() == 0)
            url.setQuery(u"immutable=1"_s);
        options += u";QSQLITE_OPEN_READONLY;QSQLITE_OPEN_URI"_s;
        address = url.toString(QUrl::FullyEncoded);
    }
    database.setConnectOptions(options);
    database.setDatabaseName(address);
}

HistoryConnection::~HistoryConnection()
{
    for (QSqlQuery *query :
         {&putTask, &putReply, &putWords, &noteWords, &putFacts, &putSum, &facts, &strange,
          &putStrange, &dropStrange, &dropTask, &dropRow, &tasks, &task, &matches})
        *query = QSqlQuery(QSqlDatabase());
    database.close();
    database = QSqlDatabase();
    QSqlDatabase::removeDatabase(name);
}

bool HistoryConnection::prepareLoading()
{
    const QString select = HistoryRows::select(HistoryRows::columnsOf(database));
    return prepare(tasks, select + u" WHERE id > ? ORDER BY id LIMIT ?"_s)
           && prepare(task, select + u" WHERE server = ? AND task = ? AND id > ?"_s)
           && prepare(strange, HistoryRows::selectStrange(database));
}

bool HistoryConnection::prepareSearch()
{
    canSearch = prepare(matches, selectMatches);
    return canSearch;
}

bool HistoryConnection::prepareWriting()
{
    return prepare(putTask, HistoryRows::upsert()) && prepare(putReply, insertReply)
           && prepare(putWords, insertWords) && prepare(noteWords, markWords)
           && prepare(putFacts, updateFacts) && prepare(putSum, updateSum)
           && prepare(putStrange, insertStrange) && prepare(dropStrange, deleteStrange)
           && prepare(facts, selectFacts) && prepare(dropTask, deleteTask)
           && prepare(dropRow, deleteRow);
}

bool HistoryConnection::pragma(const QString &text)
{
    QSqlQuery query(database);
    const bool ok = query.exec(u"PRAGMA "_s + text);
    lastError = query.lastError();
    query.finish();
    return ok;
}

bool HistoryConnection::noteError(const QSqlQuery &query)
{
    lastError = query.lastError();
    return !lastError.isValid();
}

bool HistoryConnection::exec(const QString &sql)
{
    QSqlQuery query(database);
    const bool ok = query.exec(sql);
    lastError = query.lastError();
    return ok;
}

bool HistoryConnection::prepare(QSqlQuery &query, const QString &sql)
{
    query = QSqlQuery(database);
    query.setForwardOnly(true);
    const bool ok = query.prepare(sql);
    lastError = query.lastError();
    return ok;
}

bool HistoryConnection::run(QSqlQuery &query, const QVariantList &values)
{
    int position = 0;
    for (const QVariant &value : values)
        query.bindValue(position++, value);
    const bool ok = query.exec();
    lastError = query.lastError();
    return ok;
}

bool HistoryConnection::inTransaction(const std::function<bool()> &work)
{
    if (exec(u"BEGIN IMMEDIATE"_s) && work() && exec(u"COMMIT"_s))
        return true;
    const QSqlError cause = lastError;
    exec(u"ROLLBACK"_s);
    lastError = cause;
    return false;
}

bool HistoryConnection::emptyJournal()
{
    pragma(u"busy_timeout = 0"_s);
    QSqlQuery query(database);
    // That somebody reads is an answer, and no error.
    const bool isEmpty = query.exec(u"PRAGMA wal_checkpoint(TRUNCATE)"_s) && query.next()
                         && query.value(0).toInt() == 0;
    query.finish();
    pragma(u"busy_timeout = %1"_s.arg(busyTimeout));
    return isEmpty;
}

bool HistoryConnection::isSound(Depth depth)
{
    QSqlQuery query(database);
    const QString check = depth == Depth::Whole ? u"integrity"_s : u"quick"_s;
    const bool ok = query.exec(u"PRAGMA %1_check(1)"_s.arg(check)) && query.next()
                    && query.value(0).toString() == "ok"_L1;
    lastError = query.lastError();
    return ok;
}

qint64 HistoryConnection::number(const QString &text) const
{
    QSqlQuery query(database);
    return query.exec(text) && query.next() ? query.value(0).toLongLong() : 0;
}

bool HistoryConnection::shrink(QDeadlineTimer patience)
{
    qint64 pages = number(u"PRAGMA freelist_count"_s);
    QSqlQuery query(database);
    // Each run of it gives back one page: Qt does not step through rows without columns.
    if (pages == 0 || !query.prepare(u"PRAGMA incremental_vacuum(1)"_s))
        return false;
    bool ok = true;
    const bool isDone = inTransaction([&] {
        for (; ok && pages > 0 && !patience.hasExpired(); --pages)
            ok = query.exec();
        query.finish();
        return true; // what was given back, is
    });
    return isDone && ok && pages > 0;
}

/// SQLite's primary result codes (sqlite3.h), without its header.
HistoryError::Kind HistoryConnection::kindOf(const QSqlError &error)
{
    bool isNumber = false;
    const int code = error.nativeErrorCode().toInt(&isNumber);
    switch (isNumber ? code & 0xff : -1) {
    case 5: // BUSY
    case 6: // LOCKED
        return Kind::Locked;
    case 8:
        return Kind::ReadOnly;
    case 11: // CORRUPT
    case 26: // NOTADB
        return Kind::Damaged;
    case 13:
        return Kind::DiskFull;
    case 14:
        return Kind::NoFolder; // CANTOPEN
    default:
        return Kind::Failed;
    }
}
