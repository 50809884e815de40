#include "history/historydatabase.h"

#include "base/privatefile.h"
#include "history/historyconnection.h"
#include "history/historysalvage.h"
#include "history/historyschema.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QVariant>

using namespace Qt::StringLiterals;
using Kind = HistoryError::Kind;

namespace {

constexpr auto ownerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner;

/// Of a file that is yet to take the place of a damaged one.
constexpr auto madeSuffix = ".new"_L1;

/// It is whole once the damaged one has lost its name.
void takeOverMade(const QString &file)
{
    if (QFile::exists(file) || !QFile::exists(file + madeSuffix))
        return;
    QFile::remove(file + u"-wal"_s);
    QFile::rename(file + madeSuffix + u"-wal"_s, file + u"-wal"_s);
    QFile::rename(file + madeSuffix, file);
}

} // namespace

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
    m_words.clear();
    m_incomplete.clear();
    m_damaged.clear();
    m_masking.reset();
    m_going.clear();
    m_isShrinking = false;
}

HistoryError HistoryDatabase::error(Kind kind, const QString &detail) const
{
    return historyError(kind, m_file, detail);
}

tl::unexpected<HistoryError> HistoryDatabase::failure() const
{
    const QSqlError &cause = m_connection->lastError;
    return tl::unexpected(error(HistoryConnection::kindOf(cause), cause.text()));
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

/// Every connection of WAL mode holds a shared lock on the file for as long as it is open; one in
/// exclusive mode needs the file for itself.
bool HistoryDatabase::isInUse() const
{
    if (!QFile::exists(m_file))
        return false;
    HistoryConnection probe(m_file, false);
    if (!probe.database.open() || !probe.pragma(u"locking_mode = EXCLUSIVE"_s))
        return false; // open() says what is wrong with it
    const bool isOurs = probe.exec(u"BEGIN EXCLUSIVE"_s);
    const bool isBusy = !isOurs && HistoryConnection::kindOf(probe.lastError) == Kind::Locked;
    if (isOurs)
        probe.exec(u"ROLLBACK"_s);
    return isBusy;
}

tl::expected<void, HistoryError> HistoryDatabase::openOnce()
{
    const QFileInfo folder(QFileInfo(m_file).path());
    if (!folder.isDir())
        return tl::unexpected(error(Kind::NoFolder));
    takeOverMade(m_file);
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
    m_connection = std::make_unique<HistoryConnection>(m_file, readOnly);
    HistoryConnection &connection = *m_connection;
    const auto failure = [this](const QSqlError &cause) {
        return tl::unexpected(error(HistoryConnection::kindOf(cause), cause.text()));
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
    const bool isOurs = *identity == HistorySchema::Identity::Ours;
    const qint64 version = connection.number(u"PRAGMA user_version"_s);
    if (readOnly || (isOurs && version < HistorySchema::currentVersion)) {
        if (auto sound = soundness(false); !sound)
            return sound;
    }
    if (readOnly) {
        if (connection.prepareLoading())
            m_access = Access::Read;
        static_cast<void>(connection.prepareSearch());
        return tl::unexpected(error(Kind::ReadOnly));
    }
    // What is overwritten is wiped: there may be what became a secret since.
    if (!connection.pragma(u"secure_delete = ON"_s))
        return failure(connection.lastError);
    // Before there is a table, or it does nothing but write.
    if (*identity == HistorySchema::Identity::Empty
        && !connection.pragma(u"auto_vacuum = INCREMENTAL"_s))
        return failure(connection.lastError);
    const bool isUnmasked = isOurs && version < HistorySchema::maskedSince;
    if (isUnmasked && !maskAllReplies())
        return failure(connection.lastError);
    if (const auto migrated = HistorySchema::migrate(connection.database, m_openedAt); !migrated)
        return failure(migrated.error());
    if (isUnmasked) {
        // The journal has the pages as they were before, and somebody may read it.
        if (!noteMasking(allRows))
            return failure(connection.lastError);
        static_cast<void>(connection.emptyJournal());
    }
    // The lock is taken and let go once, so that a file that cannot be written shows now.
    if (!connection.pragma(u"journal_mode = WAL"_s) || !connection.pragma(u"synchronous = NORMAL"_s)
        || !connection.pragma(u"foreign_keys = ON"_s) || !connection.exec(u"BEGIN IMMEDIATE"_s)
        || !connection.exec(u"COMMIT"_s) || !connection.prepareLoading()
        || !connection.prepareSearch() || !connection.prepareWriting()) {
        // An SQL error (1): the tables are not as we made them.
        const bool isDamaged = connection.lastError.nativeErrorCode() == "1"_L1;
        return tl::unexpected(
            error(isDamaged ? Kind::Damaged : HistoryConnection::kindOf(connection.lastError),
                  connection.lastError.text()));
    }
    m_access = Access::Full;
    return {};
}

tl::expected<void, HistoryError> HistoryDatabase::soundness(bool isWhole)
{
    using Depth = HistoryConnection::Depth;
    if (m_connection->isSound(isWhole ? Depth::Whole : Depth::Quick))
        return {};
    const QSqlError &cause = m_connection->lastError;
    return tl::unexpected(
        error(cause.isValid() ? HistoryConnection::kindOf(cause) : Kind::Damaged, cause.text()));
}

tl::expected<void, HistoryError> HistoryDatabase::check()
{
    if (!isWritable())
        return {};
    auto sound = soundness(true);
    if (sound || sound.error().kind != Kind::Damaged)
        return sound;
    close();
    return openSetAside(sound.error());
}

bool HistoryDatabase::isSound(const QString &file)
{
    HistoryConnection connection(file, false);
    return connection.database.open() && connection.isSound(HistoryConnection::Depth::Whole);
}

/// The damaged file keeps its name until the new one has all that can be read of it: who is killed
/// meanwhile begins anew.
tl::expected<void, HistoryError> HistoryDatabase::openSetAside(const HistoryError &damage)
{
    const QString made = m_file + madeSuffix;
    for (const auto suffix : {""_L1, "-wal"_L1, "-shm"_L1, "-journal"_L1})
        QFile::remove(made + suffix);
    const bool hasJournal = QFile::exists(m_file + u"-wal"_s);
    Salvaged salvaged;
    {
        HistoryDatabase fresh(made, m_functions);
        if (const auto opened = fresh.openOnce(); !opened)
            return tl::unexpected(error(opened.error().kind, opened.error().detail));
        salvaged =
            salvageHistory(m_file, made, m_functions, [&fresh](const QList<TaskRecord> &records) {
                QList<HistoryChange> changes;
                for (const TaskRecord &record : records)
                    changes.append({record.key, false, record});
                return bool(fresh.writeAll(changes));
            });
    }
    const auto aside = PrivateFile::setAside(m_file, m_openedAt);
    if (!aside)
        return tl::unexpected(error(Kind::Stuck, aside.error()));
    // Its journal belongs to it: whoever looks into the old file needs both.
    if (hasJournal)
        QFile::rename(m_file + u"-wal"_s, *aside + u"-wal"_s);
    else
        QFile::remove(m_file + u"-wal"_s); // made by reading
    QFile::remove(m_file + u"-shm"_s);
    const HistoryError told = historySetAside(*aside, damage.detail, salvaged);
    if (auto opened = openOnce(); !opened) {
        close();
        opened.error().nextStep += u' ' + told.nextStep;
        return opened;
    }
    return tl::unexpected(told);
}
