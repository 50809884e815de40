#include "history/historydatabase.h"

#include "base/privatefile.h"
#include "history/historyrows.h"
#include "history/historysalvage.h"
#include "history/historyschema.h"
#include "history/historywords.h"
#include "history/storedreply.h"
#include "task/stepsight.h"
#include "task/taskwords.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QUrl>
#include <QUuid>
#include <QVariant>

#include <numeric>

using namespace Qt::StringLiterals;
using Kind = HistoryError::Kind;

namespace {

constexpr auto ownerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner;
constexpr auto insertReply =
    "INSERT OR REPLACE INTO reply (task_id, status, duration_ms, headers, body, compressed,"
    " sights) VALUES (?, ?, ?, ?, ?, ?, ?)"_L1;
constexpr auto insertWords = "INSERT OR REPLACE INTO words (rowid, text) VALUES (?, ?)"_L1;
constexpr auto markWords = "UPDATE task SET has_words = 1 WHERE id = ?"_L1;
constexpr auto deleteTask = "DELETE FROM task WHERE server = ? AND task = ?"_L1;
constexpr auto deleteRow = "DELETE FROM task WHERE id = ?"_L1;
constexpr auto selectMatches = "SELECT server, task FROM words JOIN task ON id = words.rowid"
                               " WHERE words MATCH ? ORDER BY words.rowid DESC LIMIT ?"_L1;
/// What a task takes beside its reply's body, roughly.
constexpr auto selectSizes =
    "SELECT id, server, task, outcome, pinned, coalesce(ended_at, checked_at, watched_since, 0),"
    " 2000 + coalesce(length(body), 0) FROM task LEFT JOIN reply ON task_id = id"_L1;

/// SQLite's primary result codes (sqlite3.h), without its header.
Kind kindOf(const QSqlError &error)
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

bool run(QSqlQuery &query, const QVariantList &values)
{
    int position = 0;
    for (const QVariant &value : values)
        query.bindValue(position++, value);
    return query.exec();
}

template<typename T>
bool isSame(const std::weak_ptr<T> &a, const std::shared_ptr<T> &b)
{
    return !a.owner_before(b) && !b.owner_before(a);
}

} // namespace

struct HistoryDatabase::Connection {
    explicit Connection(const QString &file, bool readOnly)
        : database(QSqlDatabase::addDatabase(u"QSQLITE"_s, name))
    {
        QString options = u"QSQLITE_BUSY_TIMEOUT=2000"_s;
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
    ~Connection()
    {
        for (QSqlQuery *query :
             {&putTask, &putReply, &putWords, &noteWords, &dropTask, &dropRow, &tasks, &matches})
            *query = QSqlQuery(QSqlDatabase());
        database.close();
        database = QSqlDatabase();
        QSqlDatabase::removeDatabase(name);
    }
    Q_DISABLE_COPY_MOVE(Connection)

    /// Finished at once: an unfinished query of a journal mode suppresses every commit.
    bool pragma(const QString &text)
    {
        QSqlQuery query(database);
        const bool ok = query.exec(u"PRAGMA "_s + text);
        lastError = query.lastError();
        query.finish();
        return ok;
    }
    bool exec(const QString &sql)
    {
        QSqlQuery query(database);
        const bool ok = query.exec(sql);
        lastError = query.lastError();
        return ok;
    }
    bool prepare(QSqlQuery &query, const QString &sql)
    {
        query = QSqlQuery(database);
        query.setForwardOnly(true);
        const bool ok = query.prepare(sql);
        lastError = query.lastError();
        return ok;
    }
    bool run(QSqlQuery &query, const QVariantList &values)
    {
        const bool ok = ::run(query, values);
        lastError = query.lastError();
        return ok;
    }
    [[nodiscard]] qint64 number(const QString &text)
    {
        QSqlQuery query(database);
        return query.exec(text) && query.next() ? query.value(0).toLongLong() : 0;
    }
    /// Gives space back to the disk, as far as it is free in the file.
    void shrink()
    {
        qint64 pages = number(u"PRAGMA freelist_count"_s);
        QSqlQuery query(database);
        // Each run of it gives back one page: Qt does not step through rows without columns.
        if (pages == 0 || !query.prepare(u"PRAGMA incremental_vacuum(1)"_s)
            || !exec(u"BEGIN IMMEDIATE"_s))
            return;
        while (pages > 0 && query.exec())
            --pages;
        query.finish();
        if (!exec(u"COMMIT"_s))
            exec(u"ROLLBACK"_s);
    }
    [[nodiscard]] bool isSound()
    {
        QSqlQuery query(database);
        const bool ok = query.exec(u"PRAGMA quick_check(1)"_s) && query.next()
                        && query.value(0).toString() == "ok"_L1;
        lastError = query.lastError();
        return ok;
    }

    const QString name = u"history-"_s + QUuid::createUuid().toString(QUuid::WithoutBraces);
    QSqlDatabase database;
    QSqlQuery putTask{QSqlDatabase()};
    QSqlQuery putReply{QSqlDatabase()};
    QSqlQuery putWords{QSqlDatabase()};
    QSqlQuery noteWords{QSqlDatabase()};
    QSqlQuery dropTask{QSqlDatabase()};
    QSqlQuery dropRow{QSqlDatabase()};
    QSqlQuery tasks{QSqlDatabase()};
    QSqlQuery matches{QSqlDatabase()};
    QSqlError lastError;
};

HistoryDatabase::HistoryDatabase(QString file, HistoryFunctions functions)
    : m_file(std::move(file))
    , m_functions(std::move(functions))
{
}

HistoryDatabase::~HistoryDatabase() = default;

void HistoryDatabase::close()
{
    m_connection.reset();
    m_access = Access::None;
    m_stored.clear();
    m_words.clear();
}

HistoryError HistoryDatabase::error(Kind kind, const QString &detail) const
{
    return historyError(kind, m_file, detail);
}

tl::expected<void, HistoryError> HistoryDatabase::open(const QDateTime &now)
{
    m_openedAt = now;
    auto opened = openOnce();
    if (opened)
        return {};
    const Kind kind = opened.error().kind;
    if (kind == Kind::ReadOnly && isReadable())
        return opened;
    close();
    if (kind == Kind::Damaged)
        return openSetAside(opened.error());
    // What is kept can be shown even if nothing can be added, e.g. where there is no room for a
    // journal.
    if (kind == Kind::DiskFull || kind == Kind::Failed || kind == Kind::NoFolder) {
        if (!QFile::exists(m_file) || QFileInfo(m_file).size() == 0)
            return opened;
        static_cast<void>(openConnection(true));
        if (!isReadable())
            close();
    }
    return opened;
}

tl::expected<void, HistoryError> HistoryDatabase::openToRead()
{
    auto opened = openConnection(true);
    if (isReadable())
        return {};
    close();
    return opened;
}

/// Every connection of WAL mode holds a shared lock on the file for as long as it is open; one in
/// exclusive mode needs the file for itself.
bool HistoryDatabase::isInUse() const
{
    if (!QFile::exists(m_file))
        return false;
    Connection probe(m_file, false);
    if (!probe.database.open() || !probe.pragma(u"locking_mode = EXCLUSIVE"_s))
        return false; // open() says what is wrong with it
    const bool isOurs = probe.exec(u"BEGIN EXCLUSIVE"_s);
    const bool isBusy = !isOurs && kindOf(probe.lastError) == Kind::Locked;
    if (isOurs)
        probe.exec(u"ROLLBACK"_s);
    return isBusy;
}

tl::expected<void, HistoryError> HistoryDatabase::openOnce()
{
    const QFileInfo folder(QFileInfo(m_file).path());
    if (!folder.isDir())
        return tl::unexpected(error(Kind::NoFolder));
    QFile file(m_file);
    // Made here, because SQLite gives its journals the mode of the database.
    if (!file.exists()) {
        if (!file.open(QIODevice::NewOnly | QIODevice::WriteOnly, ownerOnly))
            return tl::unexpected(error(Kind::NoFolder, file.errorString()));
        file.close();
    }
    if (!file.open(QIODevice::ReadOnly))
        return tl::unexpected(error(Kind::Failed, file.errorString()));
    const QByteArray header = file.read(100);
    file.close();
    // While it is being made, only its journal may know whose it is.
    const auto identity = QFile::exists(m_file + u"-journal"_s) ? HistorySchema::Identity::Ours
                                                                : HistorySchema::identify(header);
    switch (identity) {
    case HistorySchema::Identity::Foreign:
        return tl::unexpected(error(Kind::Foreign));
    case HistorySchema::Identity::Newer:
        return tl::unexpected(error(Kind::Newer));
    case HistorySchema::Identity::Damaged:
        return tl::unexpected(error(Kind::Damaged));
    case HistorySchema::Identity::Empty:
    case HistorySchema::Identity::Ours:
        break;
    }
    const bool readOnly = !QFileInfo(m_file).isWritable() || !folder.isWritable();
    if (!readOnly)
        file.setPermissions(ownerOnly);
    return openConnection(readOnly);
}

tl::expected<void, HistoryError> HistoryDatabase::openConnection(bool readOnly)
{
    m_connection = std::make_unique<Connection>(m_file, readOnly);
    Connection &connection = *m_connection;
    const auto failure = [this](const QSqlError &cause) {
        return tl::unexpected(error(kindOf(cause), cause.text()));
    };
    if (!connection.database.open())
        return failure(connection.database.lastError());
    const auto identity = HistorySchema::identify(connection.database);
    if (!identity)
        return failure(identity.error());
    if (*identity == HistorySchema::Identity::Foreign)
        return tl::unexpected(error(Kind::Foreign));
    if (*identity == HistorySchema::Identity::Newer)
        return tl::unexpected(error(Kind::Newer));
    // Nothing is migrated that may be damaged.
    if (readOnly
        || (*identity == HistorySchema::Identity::Ours
            && connection.number(u"PRAGMA user_version"_s) < HistorySchema::currentVersion)) {
        if (const auto sound = soundness(); !sound)
            return sound;
    }
    const auto selectTasks = [&connection] {
        return HistoryRows::select(HistoryRows::columnsOf(connection.database))
               + u" WHERE id > ? ORDER BY id LIMIT ?"_s;
    };
    if (readOnly) {
        if (connection.prepare(connection.tasks, selectTasks()))
            m_access = Access::Read;
        // One of an older version knows no words.
        static_cast<void>(connection.prepare(connection.matches, selectMatches));
        return tl::unexpected(error(Kind::ReadOnly));
    }
    // Before there is a table, or it does nothing but write.
    if (*identity == HistorySchema::Identity::Empty
        && !connection.pragma(u"auto_vacuum = INCREMENTAL"_s))
        return failure(connection.lastError);
    if (const auto migrated = HistorySchema::migrate(connection.database); !migrated)
        return failure(migrated.error());
    // The lock is taken and let go once, so that a file that cannot be written shows now.
    if (!connection.pragma(u"journal_mode = WAL"_s) || !connection.pragma(u"synchronous = NORMAL"_s)
        || !connection.pragma(u"foreign_keys = ON"_s) || !connection.exec(u"BEGIN IMMEDIATE"_s)
        || !connection.exec(u"COMMIT"_s) || !connection.prepare(connection.tasks, selectTasks())
        || !connection.prepare(connection.putTask, HistoryRows::upsert())
        || !connection.prepare(connection.putReply, insertReply)
        || !connection.prepare(connection.putWords, insertWords)
        || !connection.prepare(connection.noteWords, markWords)
        || !connection.prepare(connection.dropTask, deleteTask)
        || !connection.prepare(connection.dropRow, deleteRow)
        || !connection.prepare(connection.matches, selectMatches)) {
        // An SQL error (1): the tables are not as we made them.
        const bool isDamaged = connection.lastError.nativeErrorCode() == "1"_L1;
        return tl::unexpected(error(isDamaged ? Kind::Damaged : kindOf(connection.lastError),
                                    connection.lastError.text()));
    }
    m_access = Access::Full;
    return {};
}

tl::expected<void, HistoryError> HistoryDatabase::soundness()
{
    if (m_connection->isSound())
        return {};
    const QSqlError &cause = m_connection->lastError;
    return tl::unexpected(error(cause.isValid() ? kindOf(cause) : Kind::Damaged, cause.text()));
}

tl::expected<void, HistoryError> HistoryDatabase::check()
{
    if (!isWritable())
        return {};
    auto sound = soundness();
    if (sound || sound.error().kind != Kind::Damaged)
        return sound;
    close();
    return openSetAside(sound.error());
}

tl::expected<void, HistoryError> HistoryDatabase::openSetAside(const HistoryError &damage)
{
    const auto aside = PrivateFile::setAside(m_file, m_openedAt);
    if (!aside)
        return tl::unexpected(error(Kind::Damaged, aside.error()));
    // Its journal belongs to it: whoever looks into the old file needs both.
    const bool hasJournal = QFile::rename(m_file + u"-wal"_s, *aside + u"-wal"_s);
    QFile::remove(m_file + u"-shm"_s);
    if (auto opened = openOnce(); !opened) {
        close();
        return opened;
    }
    const Salvaged salvaged =
        salvageHistory(*aside, m_file, m_functions, [this](const QList<TaskRecord> &records) {
            QList<HistoryChange> changes;
            for (const TaskRecord &record : records)
                changes.append({record.key, false, record});
            return bool(writeAll(changes));
        });
    QFile::remove(*aside + u"-shm"_s);
    if (!hasJournal)
        QFile::remove(*aside + u"-wal"_s); // made by reading
    return tl::unexpected(historySetAside(*aside, damage.detail, salvaged));
}

tl::expected<HistoryDatabase::Chunk, HistoryError> HistoryDatabase::load(qint64 afterRow, int limit)
{
    Chunk chunk;
    chunk.lastRow = afterRow;
    QSqlQuery &row = m_connection->tasks;
    bool ok = m_connection->run(row, {afterRow, limit});
    int rows = 0;
    QList<std::pair<qint64, TaskRecord>> withoutWords;
    for (; ok && row.next(); ++rows) {
        auto restored = HistoryRows::restore(row, m_functions);
        chunk.lastRow = restored.id;
        if (!restored.record) {
            chunk.whole = false;
            continue;
        }
        if (restored.record->reply)
            m_stored.insert(restored.record->key, restored.record->reply);
        if (!restored.hasWords)
            withoutWords.append({restored.id, *restored.record});
        chunk.records.append(std::move(*restored.record));
    }
    const QSqlError cause = row.lastError();
    row.finish();
    if (!ok || cause.isValid())
        return tl::unexpected(error(kindOf(cause), cause.text()));
    if (isWritable() && !withoutWords.isEmpty())
        addWords(withoutWords);
    chunk.last = rows < limit;
    return chunk;
}

/// Of tasks that a version before the search has written. Where it fails, the next start tries.
void HistoryDatabase::addWords(const QList<std::pair<qint64, TaskRecord>> &tasks)
{
    Connection &connection = *m_connection;
    bool ok = connection.exec(u"BEGIN IMMEDIATE"_s);
    for (qsizetype i = 0; ok && i < tasks.size(); ++i) {
        const auto &[row, record] = tasks.at(i);
        ok = connection.run(connection.putWords, {row, HistoryWords::textOf(record, m_functions)})
             && connection.run(connection.noteWords, {row});
    }
    if (!ok || !connection.exec(u"COMMIT"_s))
        connection.exec(u"ROLLBACK"_s);
}

tl::expected<QList<TaskKey>, HistoryError> HistoryDatabase::search(const QString &typed, int limit)
{
    QList<TaskKey> found;
    const QString expression = HistoryWords::expressionOf(typed);
    if (!isReadable() || expression.isEmpty())
        return found;
    QSqlQuery &row = m_connection->matches;
    const bool ok = m_connection->run(row, {expression, limit});
    while (ok && row.next())
        found.append({ServerId(QUuid::fromString(row.value(0).toString())),
                      TaskId(row.value(1).toString())});
    const QSqlError cause = row.lastError();
    row.finish();
    if (!ok || cause.isValid())
        return tl::unexpected(error(kindOf(cause), cause.text()));
    return found;
}

tl::expected<QList<TaskKey>, HistoryError> HistoryDatabase::prune(const RetentionLimits &limits,
                                                                  const QDateTime &now)
{
    QList<TaskKey> gone;
    if (!isWritable())
        return gone;
    Connection &connection = *m_connection;
    const auto failure = [this, &connection] {
        const QSqlError cause = connection.lastError;
        connection.exec(u"ROLLBACK"_s);
        return tl::unexpected(error(kindOf(cause), cause.text()));
    };
    QList<KeptTask> kept;
    QSqlQuery row(connection.database);
    row.setForwardOnly(true);
    const bool ok = row.exec(selectSizes);
    while (ok && row.next()) {
        // A word that we do not know is no reason to throw something away.
        const auto outcome = TaskWords::outcomeOf(row.value(3).toString());
        if (!outcome)
            continue;
        kept.append({row.value(0).toLongLong(),
                     {ServerId(QUuid::fromString(row.value(1).toString())),
                      TaskId(row.value(2).toString())},
                     *outcome,
                     row.value(4).toBool(),
                     QDateTime::fromMSecsSinceEpoch(row.value(5).toLongLong(), Qt::UTC),
                     row.value(6).toLongLong()});
    }
    connection.lastError = row.lastError();
    row.finish();
    if (!ok || connection.lastError.isValid())
        return failure();
    const qint64 used =
        (connection.number(u"PRAGMA page_count"_s) - connection.number(u"PRAGMA freelist_count"_s))
        * connection.number(u"PRAGMA page_size"_s);
    // The file knows best what all of them take.
    const qint64 guessed =
        std::accumulate(kept.cbegin(), kept.cend(), 0LL,
                        [](qint64 sum, const KeptTask &task) { return sum + task.bytes; });
    for (KeptTask &task : kept)
        task.bytes = qint64(double(task.bytes) * double(used) / double(guessed));
    const QList<KeptTask> going = outlived(kept, used, limits, now);
    if (going.isEmpty())
        return gone;
    if (!connection.exec(u"BEGIN IMMEDIATE"_s))
        return failure();
    for (const KeptTask &task : going) {
        if (!connection.run(connection.dropRow, {task.row}))
            return failure();
        m_stored.remove(task.key);
        m_words.remove(task.key);
        gone.append(task.key);
    }
    if (!connection.exec(u"COMMIT"_s))
        return failure();
    connection.shrink();
    return gone;
}

tl::expected<void, HistoryError> HistoryDatabase::write(const QList<HistoryChange> &changes)
{
    auto done = writeAll(changes);
    if (done || done.error().kind != Kind::Damaged)
        return done;
    // It broke while it was in use: the changes go into a fresh one.
    close();
    const auto opened = openSetAside(done.error());
    m_news = opened ? std::nullopt : std::optional(opened.error());
    return isWritable() ? writeAll(changes) : tl::unexpected(opened.error());
}

std::optional<HistoryError> HistoryDatabase::takeNews()
{
    return std::exchange(m_news, std::nullopt);
}

tl::expected<void, HistoryError> HistoryDatabase::writeAll(const QList<HistoryChange> &changes)
{
    if (!isWritable())
        return tl::unexpected(error(Kind::ReadOnly));
    bool ok = m_connection->exec(u"BEGIN IMMEDIATE"_s);
    for (qsizetype i = 0; ok && i < changes.size(); ++i)
        ok = writeOne(changes.at(i));
    ok = ok && m_connection->exec(u"COMMIT"_s);
    if (ok)
        return {};
    const QSqlError cause = m_connection->lastError;
    m_connection->exec(u"ROLLBACK"_s);
    for (const HistoryChange &change : changes) {
        m_stored.remove(change.key);
        m_words.remove(change.key);
    }
    return tl::unexpected(error(kindOf(cause), cause.text()));
}

bool HistoryDatabase::writeOne(const HistoryChange &change)
{
    Connection &connection = *m_connection;
    if (change.removeFirst) {
        m_stored.remove(change.key);
        m_words.remove(change.key);
        if (!connection.run(connection.dropTask, {change.key.server.text(),
                                                  HistoryRows::notNull(change.key.task.text())}))
            return false;
    }
    if (!change.record)
        return true;
    const TaskRecord &record = *change.record;
    if (!connection.run(connection.putTask, HistoryRows::valuesOf(record))
        || !connection.putTask.next())
        return false;
    const qint64 row = connection.putTask.value(0).toLongLong();
    connection.putTask.finish();
    return writeWords(row, record)
           && (!record.reply || isSame(m_stored.value(change.key), record.reply)
               || writeReply(row, record));
}

/// A progress changes often, what can be searched seldom.
bool HistoryDatabase::writeWords(qint64 row, const TaskRecord &record)
{
    const QString text = HistoryWords::textOf(record, m_functions);
    const size_t hash = qHash(text, 1);
    if (m_words.value(record.key) == hash)
        return true;
    if (!m_connection->run(m_connection->putWords, {row, HistoryRows::notNull(text)}))
        return false;
    m_words.insert(record.key, hash);
    return true;
}

bool HistoryDatabase::writeReply(qint64 row, const TaskRecord &record)
{
    const ReplyData &reply = *record.reply;
    // Without a snapshot nobody knows whether there is a secret in it.
    if (!record.snapshot)
        return true;
    const StoredReply packed =
        StoredReply::pack(reply, record.snapshot->resultIsSecret
                                     ? m_functions.mask(reply.body, record.snapshot->action)
                                     : reply.body);
    if (!m_connection->run(m_connection->putReply,
                           {row, reply.httpStatus, qint64(reply.duration.count()),
                            HistoryRows::notNull(packed.headers), HistoryRows::notNull(packed.body),
                            int(packed.compressed), StepSight::pack(record.snapshot->steps)}))
        return false;
    m_stored.insert(record.key, record.reply);
    return true;
}
