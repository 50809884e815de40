#include "history/historysalvage.h"

#include "history/historyrows.h"
#include "history/historyschema.h"

#include <QFile>
#include <QSet>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QUuid>
#include <QVariant>
#include <QtEndian>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 mostProbes = 200'000;
constexpr qsizetype batch = 500;

/// As much as our files' first page has: the header and the schema.
constexpr qint64 firstPage = 4096;
constexpr qsizetype versionAt = 92; ///< "version-valid-for", see SQLite's file format

class Salvage
{
public:
    Salvage(const QString &file, const HistoryFunctions &functions,
            const std::function<bool(const QList<TaskRecord> &)> &take)
        : m_restoring(functions)
        , m_take(take)
        , m_database(QSqlDatabase::addDatabase(u"QSQLITE"_s, m_name))
    {
        m_database.setConnectOptions(u"QSQLITE_OPEN_READONLY"_s);
        m_database.setDatabaseName(file);
    }
    ~Salvage()
    {
        m_database.close();
        m_database = QSqlDatabase();
        QSqlDatabase::removeDatabase(m_name);
    }
    Q_DISABLE_COPY_MOVE(Salvage)

    /// False if the file cannot be read at all.
    bool run()
    {
        if (!m_database.open())
            return false;
        // What is wrong in the schema then hides only itself, once the first query has met it.
        QSqlQuery tolerance(m_database);
        tolerance.exec(u"PRAGMA writable_schema = ON"_s);
        tolerance.exec(u"SELECT count(*) FROM sqlite_schema"_s);
        tolerance.finish();
        const QStringList columns = HistoryRows::columnsOf(m_database);
        if (!columns.contains("task"_L1))
            return false;
        const QString byId = u" WHERE id = ?"_s;
        const QString full = HistoryRows::select(columns) + byId;
        const QString bare = HistoryRows::select(columns, false) + byId;
        m_selectStrange = HistoryRows::selectStrange(m_database);
        const QList<qint64> found = ids();
        for (const qint64 id : found) {
            if (!read(full, id)) {
                const qsizetype before = m_records.size();
                if (!read(bare, id))
                    m_result.whole = false;
                m_bare += int(m_records.size() - before);
            }
            if (m_records.size() >= batch && !hand())
                return true;
        }
        hand();
        return true;
    }
    [[nodiscard]] Salvaged result() const { return m_result; }

private:
    /// Those that a scan from one end meets before it fails.
    bool scan(QLatin1String order, QList<qint64> &found)
    {
        QSqlQuery query(m_database);
        query.setForwardOnly(true);
        bool ok = query.exec(u"SELECT id FROM task ORDER BY id "_s + order);
        while (ok && query.next())
            found.append(query.value(0).toLongLong());
        return ok && !query.lastError().isValid();
    }

    /// From both ends, and what lies between them one by one.
    QList<qint64> ids()
    {
        QList<qint64> found;
        if (scan("ASC"_L1, found))
            return found;
        m_result.whole = false;
        QList<qint64> fromEnd;
        scan("DESC"_L1, fromEnd);
        const qint64 first = found.isEmpty() ? 1 : found.last() + 1;
        const qint64 last = fromEnd.isEmpty() ? first + 10'000 : fromEnd.last() - 1;
        for (qint64 id = first; id <= last && id - first < mostProbes; ++id)
            found.append(id);
        std::reverse(fromEnd.begin(), fromEnd.end());
        for (const qint64 id : std::as_const(fromEnd)) {
            if (found.isEmpty() || id > found.last())
                found.append(id);
        }
        return found;
    }

    /// False if there is something that cannot be read.
    bool read(const QString &sql, qint64 id)
    {
        QSqlQuery query(m_database);
        query.setForwardOnly(true);
        if (!query.prepare(sql))
            return false;
        query.addBindValue(id);
        if (!query.exec())
            return false;
        if (!query.next())
            return !query.lastError().isValid();
        TaskRecord record;
        const HistoryRows::Row restored = m_restoring.restore(query, record);
        if (!restored.isTask)
            return false;
        if (m_seen.contains(record.key))
            return true;
        m_seen.insert(record.key);
        const bool isWhole = readStrange(id, record);
        m_odd += restored.isWhole && restored.isReplyWhole && isWhole ? 0 : 1;
        m_records.append(std::move(record));
        return true;
    }

    /// False if there is one that is not as it was kept.
    bool readStrange(qint64 id, TaskRecord &record)
    {
        QSqlQuery query(m_database);
        query.setForwardOnly(true);
        if (!query.prepare(m_selectStrange))
            return false;
        query.addBindValue(id - 1);
        query.addBindValue(id);
        if (!query.exec() || !query.next())
            return !query.lastError().isValid();
        const HistoryRows::Strange strange = HistoryRows::restoredStrange(query);
        record.strangeReply = strange.reply;
        return strange.isWhole;
    }

    bool hand()
    {
        const QList<TaskRecord> records = std::exchange(m_records, {});
        if (records.isEmpty())
            return true;
        if (!m_take(records)) {
            m_result.whole = false;
            return false;
        }
        m_result.tasks += int(records.size());
        m_result.bare += std::exchange(m_bare, 0);
        m_result.odd += std::exchange(m_odd, 0);
        return true;
    }

    HistoryRows::Restoring m_restoring;
    const std::function<bool(const QList<TaskRecord> &)> &m_take;
    const QString m_name = u"salvage-"_s + QUuid::createUuid().toString(QUuid::WithoutBraces);
    QSqlDatabase m_database;
    QString m_selectStrange;
    QList<TaskRecord> m_records;
    int m_bare = 0; ///< in m_records
    int m_odd = 0;  ///< in m_records
    QSet<TaskKey> m_seen;
    Salvaged m_result;
};

} // namespace

Salvaged salvageHistory(const QString &file, const QString &fresh,
                        const HistoryFunctions &functions,
                        const std::function<bool(const QList<TaskRecord> &)> &take)
{
    Salvaged result;
    result.whole = false;
    {
        Salvage salvage(file, functions, take);
        if (salvage.run())
            result = salvage.result();
    }
    QFile damaged(file);
    QFile model(fresh);
    if (result.tasks > 0 || !damaged.open(QIODevice::ReadOnly) || damaged.size() <= firstPage
        || !model.open(QIODevice::ReadOnly))
        return result;
    const QString copy = file + u".mended"_s;
    const auto removeCopy = [&copy] {
        for (const auto suffix : {""_L1, "-wal"_L1, "-shm"_L1})
            QFile::remove(copy + suffix);
    };
    removeCopy(); // of a run that was killed
    QFile mended(copy);
    if (damaged.copy(copy) && mended.open(QIODevice::ReadWrite)) {
        mended.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
        QByteArray page = model.read(firstPage);
        // Not the fresh file's number of pages: another version than the changes' count voids it.
        qToBigEndian<quint32>(0, page.data() + versionAt);
        const bool isWritten =
            page.size() == firstPage && mended.write(page) == firstPage && mended.flush();
        mended.close();
        if (isWritten) {
            Salvage salvage(copy, functions, take);
            salvage.run();
            result = salvage.result();
            result.whole = false;
        }
    }
    removeCopy();
    return result;
}
