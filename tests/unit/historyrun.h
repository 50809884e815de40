#pragma once

#include "historyprobe.h"
#include "manualclock.h"

#include <QFile>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTest>
#include <QVariant>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// What the tests of the history's file share.
namespace HistoryRun {

inline const ServerId server = ServerId::create();

inline TaskKey key(const QString &task)
{
    return {server, TaskId(task)};
}

inline TaskRecord record(const QString &task,
                         const QByteArray &body = R"({"action":"Create policy"})")
{
    return HistoryProbe::record(key(task), body);
}

inline QDateTime at(qint64 ms)
{
    return QDateTime::fromMSecsSinceEpoch(1'770'000'000'000 + ms, Qt::UTC);
}

inline bool sameReply(const std::shared_ptr<const ReplyData> &a,
                      const std::shared_ptr<const ReplyData> &b)
{
    if (!a || !b)
        return !a && !b;
    return a->httpStatus == b->httpStatus && a->body == b->body && a->headers == b->headers
           && a->duration == b->duration;
}

/// Everything that is kept.
inline bool same(const TaskRecord &a, const TaskRecord &b)
{
    return a.key == b.key && a.label == b.label && a.paused == b.paused && a.outcome == b.outcome
           && a.expired == b.expired && a.confirmed == b.confirmed
           && a.watchedSince == b.watchedSince && a.changedAt == b.changedAt
           && a.checkedAt == b.checkedAt && a.endedAt == b.endedAt
           && a.endWitnessed == b.endWitnessed && a.quietFor == b.quietFor && a.note == b.note
           && a.tags == b.tags && a.pinned == b.pinned && a.muted == b.muted
           && a.acknowledged == b.acknowledged && a.notified == b.notified
           && a.troubles == b.troubles && sameReply(a.reply, b.reply)
           && sameReply(a.strangeReply, b.strangeReply) && bool(a.snapshot) == bool(b.snapshot)
           && (!a.snapshot || *a.snapshot == *b.snapshot);
}

/// ms. A disk that other machines share may stand still for long: 13 s were seen.
constexpr int diskPatience = 60'000;

/// One run of the program's history.
class Run
{
public:
    explicit Run(const QString &file)
        : store(file, HistoryProbe::functions(), clock)
    {
        store.setRetention({0, 0}); // the tests' tasks are old
        QObject::connect(&store, &HistoryStore::opened, &store,
                         [this](const QList<TaskRecord> &chunk, bool last) {
                             largestChunk = std::max(largestChunk, chunk.size());
                             records += chunk;
                             ends += last ? 1 : 0;
                         });
        QObject::connect(&store, &HistoryStore::failed, &store,
                         [this](const HistoryError &error) { errors.append(error); });
        QObject::connect(&store, &HistoryStore::saved, &store, [this] { ++saves; });
        QObject::connect(
            &store, &HistoryStore::dropped, &store, [this](const QList<TaskKey> &keys) {
                dropped += keys;
                records.removeIf([&keys](const TaskRecord &one) { return keys.contains(one.key); });
            });
        QObject::connect(&store, &HistoryStore::found, &store,
                         [this](const QString &, const QList<TaskKey> &keys) {
                             found = keys;
                             ++finds;
                         });
    }
    [[nodiscard]] bool open()
    {
        store.open();
        return QTest::qWaitFor([this] { return ends > 0; }, diskPatience);
    }
    [[nodiscard]] bool commit()
    {
        const int before = saves;
        clock.advance(HistoryStore::batchDelay);
        return QTest::qWaitFor([&] { return saves > before; }, diskPatience);
    }
    /// The IDs of the tasks that a search gives, sorted.
    [[nodiscard]] QStringList search(const QString &typed)
    {
        const int before = finds;
        store.search(typed);
        QStringList ids;
        if (!QTest::qWaitFor([&] { return finds > before; }, diskPatience))
            return {u"no answer"_s};
        for (const TaskKey &one : std::as_const(found))
            ids.append(one.task.text());
        ids.sort();
        return ids;
    }
    [[nodiscard]] const TaskRecord *find(const QString &task) const
    {
        for (const TaskRecord &one : records)
            if (one.key == key(task))
                return &one;
        return nullptr;
    }

    ManualClock clock;
    QList<TaskRecord> records;
    QList<HistoryError> errors;
    qsizetype largestChunk = 0;
    int ends = 0;
    int saves = 0;
    int finds = 0;
    QList<TaskKey> found; ///< last
    QList<TaskKey> dropped;
    HistoryStore store; ///< last: it speaks until it ends
};

/// Another program's connection to the same file.
class Connection
{
public:
    explicit Connection(const QString &file)
    {
        m_database = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"test"_s);
        m_database.setDatabaseName(file);
        m_open = m_database.open();
    }
    ~Connection()
    {
        m_database.close();
        m_database = QSqlDatabase();
        QSqlDatabase::removeDatabase(u"test"_s);
    }
    Q_DISABLE_COPY_MOVE(Connection)

    /// The first value; invalid if it failed.
    [[nodiscard]] QVariant ask(const QString &sql) const
    {
        QSqlQuery query(m_database);
        return m_open && query.exec(sql) ? (query.next() ? query.value(0) : QVariant(true))
                                         : QVariant();
    }

private:
    QSqlDatabase m_database;
    bool m_open = false;
};

inline QByteArray bytesOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline void put(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

} // namespace HistoryRun
