#include "history/historydatabase.h"

#include "base/privatefile.h"
#include "history/historyschema.h"
#include "history/storedreply.h"
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

using namespace Qt::StringLiterals;
using Kind = HistoryError::Kind;

namespace {

constexpr auto ownerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner;
constexpr auto insertTask =
    "INSERT INTO task (server, task, label, paused, outcome, expired, confirmed,"
    " watched_since, changed_at, checked_at, ended_at, end_witnessed, note, tags, pinned, muted,"
    " acknowledged, notified)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (server, task) DO UPDATE SET label = excluded.label, paused = excluded.paused,"
    " outcome = excluded.outcome, expired = excluded.expired, confirmed = excluded.confirmed,"
    " watched_since = excluded.watched_since, changed_at = excluded.changed_at,"
    " checked_at = excluded.checked_at, ended_at = excluded.ended_at,"
    " end_witnessed = excluded.end_witnessed, note = excluded.note, tags = excluded.tags,"
    " pinned = excluded.pinned, muted = excluded.muted, acknowledged = excluded.acknowledged,"
    " notified = excluded.notified RETURNING id"_L1;
constexpr auto insertReply =
    "INSERT OR REPLACE INTO reply (task_id, status, duration_ms, headers, body, compressed)"
    " VALUES (?, ?, ?, ?, ?, ?)"_L1;
constexpr auto deleteTask = "DELETE FROM task WHERE server = ? AND task = ?"_L1;
constexpr auto selectTasks =
    "SELECT id, server, task, label, paused, outcome, expired, confirmed, watched_since,"
    " changed_at, checked_at, ended_at, end_witnessed, note, tags, pinned, muted, acknowledged,"
    " notified, status, duration_ms, headers, body, compressed"
    " FROM task LEFT JOIN reply ON task_id = id WHERE id > ? ORDER BY id LIMIT ?"_L1;

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

QVariant stored(const QDateTime &time)
{
    return time.isValid() ? QVariant(time.toMSecsSinceEpoch()) : QVariant();
}

QDateTime restoredTime(const QVariant &value)
{
    return value.isNull() ? QDateTime()
                          : QDateTime::fromMSecsSinceEpoch(value.toLongLong(), Qt::UTC);
}

/// A null text or blob would be SQL's NULL.
QString notNull(const QString &text)
{
    return text.isNull() ? u""_s : text;
}

QByteArray notNull(const QByteArray &bytes)
{
    return bytes.isNull() ? QByteArray("") : bytes;
}

bool run(QSqlQuery &query, std::initializer_list<QVariant> values)
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
            if (!QFile::exists(file + u"-wal"_s))
                url.setQuery(u"immutable=1"_s);
            options += u";QSQLITE_OPEN_READONLY;QSQLITE_OPEN_URI"_s;
            address = url.toString(QUrl::FullyEncoded);
        }
        database.setConnectOptions(options);
        database.setDatabaseName(address);
    }
    ~Connection()
    {
        for (QSqlQuery *query : {&putTask, &putReply, &dropTask, &tasks})
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
    bool prepare(QSqlQuery &query, QLatin1String sql)
    {
        query = QSqlQuery(database);
        query.setForwardOnly(true);
        const bool ok = query.prepare(sql);
        lastError = query.lastError();
        return ok;
    }
    bool run(QSqlQuery &query, std::initializer_list<QVariant> values)
    {
        const bool ok = ::run(query, values);
        lastError = query.lastError();
        return ok;
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
    QSqlQuery dropTask{QSqlDatabase()};
    QSqlQuery tasks{QSqlDatabase()};
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
}

HistoryError HistoryDatabase::error(Kind kind, const QString &detail) const
{
    return historyError(kind, m_file, detail);
}

tl::expected<void, HistoryError> HistoryDatabase::open(const QDateTime &now)
{
    auto opened = openOnce();
    if (opened)
        return {};
    if (opened.error().kind == Kind::ReadOnly && isReadable())
        return opened;
    close();
    return opened.error().kind == Kind::Damaged ? openSetAside(opened.error(), now) : opened;
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
    if (!connection.isSound())
        return connection.lastError.isValid() ? failure(connection.lastError)
                                              : tl::unexpected(error(Kind::Damaged));
    if (readOnly) {
        if (connection.prepare(connection.tasks, selectTasks))
            m_access = Access::Read;
        return tl::unexpected(error(Kind::ReadOnly));
    }
    if (const auto migrated = HistorySchema::migrate(connection.database); !migrated)
        return failure(migrated.error());
    // The lock is taken and let go once, so that a file that cannot be written shows now.
    if (!connection.pragma(u"journal_mode = WAL"_s) || !connection.pragma(u"synchronous = NORMAL"_s)
        || !connection.pragma(u"foreign_keys = ON"_s) || !connection.exec(u"BEGIN IMMEDIATE"_s)
        || !connection.exec(u"COMMIT"_s) || !connection.prepare(connection.tasks, selectTasks)
        || !connection.prepare(connection.putTask, insertTask)
        || !connection.prepare(connection.putReply, insertReply)
        || !connection.prepare(connection.dropTask, deleteTask))
        return failure(connection.lastError);
    m_access = Access::Full;
    return {};
}

tl::expected<void, HistoryError> HistoryDatabase::openSetAside(const HistoryError &damage,
                                                               const QDateTime &now)
{
    const auto aside = PrivateFile::setAside(m_file, now);
    if (!aside)
        return tl::unexpected(error(Kind::Damaged, aside.error()));
    // Its journal belongs to it: whoever looks into the old file needs both.
    QFile::rename(m_file + u"-wal"_s, *aside + u"-wal"_s);
    QFile::remove(m_file + u"-shm"_s);
    if (auto opened = openOnce(); !opened) {
        close();
        return opened;
    }
    return tl::unexpected(historyError(Kind::Damaged, m_file, damage.detail, *aside));
}

std::optional<TaskRecord> HistoryDatabase::restore(const QSqlQuery &row)
{
    TaskRecord record;
    record.key = {ServerId(QUuid::fromString(row.value(1).toString())),
                  TaskId(row.value(2).toString())};
    if (record.key.server.isNull() || record.key.task.isEmpty())
        return std::nullopt;
    record.label = row.value(3).toString();
    record.paused = row.value(4).toBool();
    record.outcome = TaskWords::outcomeOf(row.value(5).toString()).value_or(Outcome::Checking);
    record.expired = row.value(6).toBool();
    record.confirmed = row.value(7).toBool();
    record.watchedSince = restoredTime(row.value(8));
    record.changedAt = restoredTime(row.value(9));
    record.checkedAt = restoredTime(row.value(10));
    record.endedAt = restoredTime(row.value(11));
    record.endWitnessed = row.value(12).toBool();
    record.note = row.value(13).toString();
    record.tags = row.value(14).toString().split(u'\n', Qt::SkipEmptyParts);
    record.pinned = row.value(15).toBool();
    record.muted = row.value(16).toBool();
    record.acknowledged = row.value(17).toBool();
    record.notified = TaskWords::outcomeOf(row.value(18).toString());
    if (!row.value(19).isNull())
        restoreReply(row, record);
    return record;
}

void HistoryDatabase::restoreReply(const QSqlQuery &row, TaskRecord &record)
{
    ReplyData reply;
    reply.httpStatus = row.value(19).toInt();
    reply.duration = std::chrono::milliseconds{row.value(20).toLongLong()};
    const StoredReply packed{row.value(21).toByteArray(), row.value(22).toByteArray(),
                             row.value(23).toBool()};
    const bool whole = packed.unpack(reply);
    auto snapshot = m_functions.parse(reply);
    auto shared = std::make_shared<const ReplyData>(std::move(reply));
    if (whole && snapshot) {
        record.snapshot = std::make_shared<const TaskSnapshot>(std::move(*snapshot));
        m_stored.insert(record.key, shared);
        record.reply = std::move(shared);
    } else {
        record.strangeReply = std::move(shared);
    }
}

tl::expected<HistoryDatabase::Chunk, HistoryError> HistoryDatabase::load(qint64 afterRow, int limit)
{
    Chunk chunk;
    chunk.lastRow = afterRow;
    QSqlQuery &row = m_connection->tasks;
    bool ok = m_connection->run(row, {afterRow, limit});
    int rows = 0;
    for (; ok && row.next(); ++rows) {
        chunk.lastRow = row.value(0).toLongLong();
        if (auto record = restore(row))
            chunk.records.append(std::move(*record));
        else
            chunk.whole = false;
    }
    const QSqlError cause = row.lastError();
    row.finish();
    if (!ok || cause.isValid())
        return tl::unexpected(error(kindOf(cause), cause.text()));
    chunk.last = rows < limit;
    return chunk;
}

tl::expected<void, HistoryError> HistoryDatabase::write(const QList<HistoryChange> &changes)
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
    for (const HistoryChange &change : changes)
        m_stored.remove(change.key);
    return tl::unexpected(error(kindOf(cause), cause.text()));
}

bool HistoryDatabase::writeOne(const HistoryChange &change)
{
    Connection &connection = *m_connection;
    const QString server = change.key.server.text();
    const QString task = notNull(change.key.task.text());
    if (change.removeFirst) {
        m_stored.remove(change.key);
        if (!connection.run(connection.dropTask, {server, task}))
            return false;
    }
    if (!change.record)
        return true;
    const TaskRecord &record = *change.record;
    if (!connection.run(
            connection.putTask,
            {server, task, notNull(record.label), int(record.paused),
             TaskWords::kebab(record.outcome), int(record.expired), int(record.confirmed),
             stored(record.watchedSince), stored(record.changedAt), stored(record.checkedAt),
             stored(record.endedAt), int(record.endWitnessed), notNull(record.note),
             notNull(record.tags.join(u'\n')), int(record.pinned), int(record.muted),
             int(record.acknowledged),
             record.notified ? QVariant(TaskWords::kebab(*record.notified)) : QVariant()})
        || !connection.putTask.next())
        return false;
    const qint64 row = connection.putTask.value(0).toLongLong();
    connection.putTask.finish();
    return !record.reply || isSame(m_stored.value(change.key), record.reply)
           || writeReply(row, record);
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
                            notNull(packed.headers), notNull(packed.body), int(packed.compressed)}))
        return false;
    m_stored.insert(record.key, record.reply);
    return true;
}
