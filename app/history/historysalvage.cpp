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

/// The header as we write it (SQLite's file format, section 1.3), where it is not damaged to be
/// another program's. Counters that are wrong do no harm to reading.
QByteArray mendedHeader(QByteArray header)
{
    constexpr unsigned char fixed[] = {'S', 'Q', 'L', 'i', 't',  'e', ' ', 'f', 'o', 'r', 'm', 'a',
                                       't', ' ', '3', 0,   0x10, 0,   2,   2,   0,   64,  32,  32};
    std::copy(std::begin(fixed), std::end(fixed), header.begin());
    qToBigEndian<quint32>(4, header.data() + 44); // the schema's format
    qToBigEndian<quint32>(1, header.data() + 56); // UTF-8
    return header;
}

class Salvage
{
public:
    Salvage(const QString &file, const HistoryFunctions &functions,
            const std::function<bool(const QList<TaskRecord> &)> &take)
        : m_functions(functions)
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
        const QStringList columns = HistoryRows::columnsOf(m_database);
        if (!columns.contains("task"_L1))
            return false;
        const QString byId = u" WHERE id = ?"_s;
        const QString full = HistoryRows::select(columns) + byId;
        const QString bare = HistoryRows::select(columns, false) + byId;
        const QList<qint64> found = ids();
        for (const qint64 id : found) {
            if (!read(full, id) && !read(bare, id))
                m_result.whole = false;
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
        auto row = HistoryRows::restore(query, m_functions);
        if (!row.record)
            return false;
        if (m_seen.contains(row.record->key))
            return true;
        m_seen.insert(row.record->key);
        m_records.append(std::move(*row.record));
        return true;
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
        return true;
    }

    const HistoryFunctions &m_functions;
    const std::function<bool(const QList<TaskRecord> &)> &m_take;
    const QString m_name = u"salvage-"_s + QUuid::createUuid().toString(QUuid::WithoutBraces);
    QSqlDatabase m_database;
    QList<TaskRecord> m_records;
    QSet<TaskKey> m_seen;
    Salvaged m_result;
};

} // namespace

Salvaged salvageHistory(const QString &file, const HistoryFunctions &functions,
                        const std::function<bool(const QList<TaskRecord> &)> &take)
{
    {
        Salvage salvage(file, functions, take);
        if (salvage.run())
            return salvage.result();
    }
    QFile damaged(file);
    const QString copy = file + u".mended"_s;
    Salvaged result{0, false};
    if (!damaged.open(QIODevice::ReadOnly) || damaged.size() < 1024 || !damaged.copy(copy))
        return result;
    QFile mended(copy);
    if (mended.open(QIODevice::ReadWrite)) {
        mended.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
        const QByteArray header = mendedHeader(mended.read(100));
        if (header.size() == 100 && mended.seek(0) && mended.write(header) == header.size()) {
            mended.close();
            Salvage salvage(copy, functions, take);
            salvage.run();
            result = salvage.result();
            result.whole = false;
        }
    }
    for (const QString &suffix : {u""_s, u"-wal"_s, u"-shm"_s})
        QFile::remove(copy + suffix);
    return result;
}
