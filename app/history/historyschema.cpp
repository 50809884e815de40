#include "history/historyschema.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QStringList>
#include <QVariant>
#include <QtEndian>

#include <cstdlib>

using namespace Qt::StringLiterals;

namespace {

constexpr QByteArrayView magic{"SQLite format 3\0", 16};
constexpr qsizetype headerSize = 100;
constexpr qsizetype userVersionAt = 60;
constexpr qsizetype applicationIdAt = 68;

HistorySchema::Identity identityOf(int applicationId, int version)
{
    if (applicationId != HistorySchema::applicationId || version < 0)
        return HistorySchema::Identity::Foreign;
    return version > HistorySchema::currentVersion ? HistorySchema::Identity::Newer
                                                   : HistorySchema::Identity::Ours;
}

tl::expected<int, QSqlError> number(const QSqlDatabase &database, const QString &sql)
{
    QSqlQuery query(database);
    if (!query.exec(sql) || !query.next())
        return tl::unexpected(query.lastError());
    return query.value(0).toInt();
}

/// What makes `version` from the one before.
QStringList stepTo(int version)
{
    switch (version) {
    case 1:
        return {
            u"CREATE TABLE task ("
            " id INTEGER PRIMARY KEY,"
            " server TEXT NOT NULL," // the profile's UUID
            " task TEXT NOT NULL,"
            " label TEXT NOT NULL,"
            " paused INTEGER NOT NULL,"
            " outcome TEXT NOT NULL,"
            " expired INTEGER NOT NULL,"
            " confirmed INTEGER NOT NULL,"
            " watched_since INTEGER," // times: ms since 1970, UTC
            " changed_at INTEGER,"
            " checked_at INTEGER,"
            " ended_at INTEGER,"
            " UNIQUE (server, task))"_s,
            // Apart from the task, because a check that changed nothing must not rewrite it.
            u"CREATE TABLE reply ("
            " task_id INTEGER PRIMARY KEY REFERENCES task (id) ON DELETE CASCADE,"
            " status INTEGER NOT NULL,"
            " duration_ms INTEGER NOT NULL,"
            " headers BLOB NOT NULL,"
            " body BLOB NOT NULL,"
            " compressed INTEGER NOT NULL)"_s,
            u"PRAGMA application_id = %1"_s.arg(HistorySchema::applicationId),
        };
    case 2: // without it, when a task ended is not known after a restart
        return {u"ALTER TABLE task ADD COLUMN end_witnessed INTEGER NOT NULL DEFAULT 0"_s};
    case 3: // what the operator says of a task
        return {u"ALTER TABLE task ADD COLUMN note TEXT NOT NULL DEFAULT ''"_s,
                u"ALTER TABLE task ADD COLUMN tags TEXT NOT NULL DEFAULT ''"_s, // one a line
                u"ALTER TABLE task ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0"_s,
                u"ALTER TABLE task ADD COLUMN muted INTEGER NOT NULL DEFAULT 0"_s,
                u"ALTER TABLE task ADD COLUMN acknowledged INTEGER NOT NULL DEFAULT 0"_s,
                u"ALTER TABLE task ADD COLUMN notified TEXT"_s};
    case 4: // full-text search; what is there already gets its words when it is next read
        return {u"ALTER TABLE task ADD COLUMN has_words INTEGER NOT NULL DEFAULT 0"_s,
                u"CREATE VIRTUAL TABLE words USING fts5 (text,"
                " tokenize = 'unicode61 remove_diacritics 2')"_s,
                u"CREATE TRIGGER task_words AFTER DELETE ON task BEGIN"
                " DELETE FROM words WHERE rowid = old.id; END"_s,
                u"ALTER TABLE task ADD COLUMN troubles TEXT NOT NULL DEFAULT ''"_s, // one a line
                // When it was first looked through for what is outlived: what comes out of a file
                // is old already, and so is all when a version without an end of keeping is left.
                u"ALTER TABLE task ADD COLUMN kept_since INTEGER"_s,
                // When we saw steps begin and end, see StepSight.
                u"ALTER TABLE reply ADD COLUMN sights BLOB NOT NULL DEFAULT ''"_s};
    case 5: // what was read from the reply, see PackedSnapshot; made when a reply is next read
        return {u"ALTER TABLE reply ADD COLUMN facts BLOB NOT NULL DEFAULT ''"_s,
                // When we last tried what takes long and may fail, so as not to at each start.
                u"CREATE TABLE upkeep (what TEXT PRIMARY KEY, tried_at INTEGER NOT NULL)"_s};
    case 6: // tell damage where SQLite sees none; made when a task is next read
        return {u"ALTER TABLE task ADD COLUMN task_sum INTEGER"_s,
                u"ALTER TABLE reply ADD COLUMN reply_sum INTEGER"_s,
                // For how long a task has stood still, as far as that was watched.
                u"ALTER TABLE task ADD COLUMN quiet_ms INTEGER"_s,
                // The last answer as it came, where nobody could read it.
                u"CREATE TABLE strange ("
                " task_id INTEGER PRIMARY KEY REFERENCES task (id) ON DELETE CASCADE,"
                " status INTEGER NOT NULL,"
                " duration_ms INTEGER NOT NULL,"
                " headers BLOB NOT NULL,"
                " body BLOB NOT NULL,"
                " compressed INTEGER NOT NULL,"
                " strange_sum INTEGER NOT NULL)"_s};
    default:
        Q_UNREACHABLE();
    }
}

tl::expected<void, QSqlError> run(const QSqlDatabase &database, const QStringList &statements)
{
    for (const QString &statement : statements) {
        QSqlQuery query(database);
        if (!query.exec(statement))
            return tl::unexpected(query.lastError());
    }
    return {};
}

/// Whether it may be tried now; then that is noted before, as nobody knows how it ends. Where there
/// is no room for a note, there is none for more either.
bool isDue(const QSqlDatabase &database, const QString &what, const QDateTime &now)
{
    constexpr qint64 day = 24LL * 60 * 60 * 1000;
    const qint64 ms = now.toMSecsSinceEpoch();
    QSqlQuery last(database);
    last.prepare(u"SELECT tried_at FROM upkeep WHERE what = ?"_s);
    last.addBindValue(what);
    if (!last.exec())
        return false;
    // One in the future was noted by a clock that went wrong.
    if (last.next() && std::abs(ms - last.value(0).toLongLong()) < day)
        return false;
    last.finish();
    QSqlQuery note(database);
    note.prepare(u"INSERT OR REPLACE INTO upkeep (what, tried_at) VALUES (?, ?)"_s);
    note.addBindValue(what);
    note.addBindValue(ms);
    return note.exec();
}

} // namespace

HistorySchema::Identity HistorySchema::identify(QByteArrayView header)
{
    if (header.isEmpty())
        return Identity::Empty;
    if (header.size() < headerSize || !header.startsWith(magic))
        return Identity::Damaged;
    return identityOf(qFromBigEndian<qint32>(header.data() + applicationIdAt),
                      qFromBigEndian<qint32>(header.data() + userVersionAt));
}

tl::expected<HistorySchema::Identity, QSqlError>
HistorySchema::identify(const QSqlDatabase &database)
{
    // Each may wait for a lock: the first that fails is the last that is asked.
    const auto tables = number(database, u"SELECT count(*) FROM sqlite_schema"_s);
    if (!tables)
        return tl::unexpected(tables.error());
    const auto id = number(database, u"PRAGMA application_id"_s);
    if (!id)
        return tl::unexpected(id.error());
    const auto version = number(database, u"PRAGMA user_version"_s);
    if (!version)
        return tl::unexpected(version.error());
    if (*tables == 0 && *id == 0 && *version == 0)
        return Identity::Empty;
    return identityOf(*id, *version);
}

tl::expected<void, QSqlError> HistorySchema::migrate(const QSqlDatabase &database,
                                                     const QDateTime &now)
{
    const auto from = number(database, u"PRAGMA user_version"_s);
    if (!from)
        return tl::unexpected(from.error());
    for (int version = *from + 1; version <= currentVersion; ++version) {
        const QStringList step =
            QStringList{u"BEGIN IMMEDIATE"_s} + stepTo(version)
            + QStringList{u"PRAGMA user_version = %1"_s.arg(version), u"COMMIT"_s};
        if (auto done = run(database, step); !done) {
            static_cast<void>(run(database, {u"ROLLBACK"_s})); // the first error is the one to tell
            return done;
        }
    }
    // A file from before version 4 gives no space back until it is rewritten once; where there is
    // no room for that, a start on another day tries.
    const auto vacuum = number(database, u"PRAGMA auto_vacuum"_s);
    if (*from > 0 && vacuum && *vacuum == 0 && isDue(database, u"vacuum"_s, now))
        static_cast<void>(run(database, {u"PRAGMA auto_vacuum = INCREMENTAL"_s, u"VACUUM"_s}));
    return {};
}
