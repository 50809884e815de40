#include "history/historyworker.h"
#include "historyrun.h"

#include <QSignalSpy>
#include <QTemporaryDir>

using namespace HistoryRun;

/// What takes long does not hold up what does not: shown by the order in which things happen.
class TestHistoryOrder final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }
    void largeResultsAreCommittedBehindTheOthers();
    void aCheckWritesTheTaskAlone();
    void whatIsOutlivedGoesInPortions();
    void whatIsNewDoesNotWaitForTheCheck();
    void aCheckThatFindsDamageIsHeardOf();

private:
    [[nodiscard]] QString file() const { return m_dir->filePath(u"history.db"_s); }
    void fill(int tasks) const;

    std::unique_ptr<QTemporaryDir> m_dir;
};

namespace {

TaskRecord large(const QString &task)
{
    return record(task, R"({"action":"x","result":")" + QByteArray(2'000'000, 'x') + R"("})");
}

} // namespace

void TestHistoryOrder::fill(int tasks) const
{
    HistoryDatabase history(file(), HistoryProbe::functions());
    QVERIFY(history.open(at(0)));
    QList<HistoryChange> changes;
    for (int i = 0; i < tasks; ++i) {
        TaskRecord one = record(QString::number(i));
        one.outcome = Outcome::Completed;
        one.endedAt = at(i);
        changes.append({one.key, false, one});
    }
    QVERIFY(history.write(changes));
}

void TestHistoryOrder::largeResultsAreCommittedBehindTheOthers()
{
    {
        Run run(file());
        QVERIFY(run.open());
        QStringList waiting{u"large 1"_s, u"large 2"_s, u"small"_s};
        QStringList order;
        connect(&run.store, &HistoryStore::saved, this, [&] {
            for (const QString &task : QStringList(waiting)) {
                if (run.store.isKept(key(task)))
                    order.append(waiting.takeAt(waiting.indexOf(task)));
            }
            if (order.size() == 1) {
                waiting.append(u"meanwhile"_s);
                run.store.save({record(waiting.constLast())});
            }
        });
        run.store.save({large(waiting.at(0)), large(waiting.at(1)), record(waiting.at(2))});
        run.clock.advance(HistoryStore::batchDelay);
        QTRY_COMPARE_WITH_TIMEOUT(run.saves, 4, diskPatience);
        QCOMPARE(order, (QStringList{u"small"_s, u"large 1"_s, u"meanwhile"_s, u"large 2"_s}));
    }
    Run run(file());
    QVERIFY(run.open());
    QCOMPARE(run.records.size(), 4);
    for (const TaskRecord &one : std::as_const(run.records))
        QVERIFY(one.snapshot);
}

/// What was asked again and is the same, costs no word and no reply.
void TestHistoryOrder::aCheckWritesTheTaskAlone()
{
    Run run(file());
    QVERIFY(run.open());
    TaskRecord one = record(u"a"_s);
    run.store.save({one});
    QVERIFY(run.commit());
    const Connection other(file());
    QVERIFY(other.ask(u"DELETE FROM reply"_s).toBool()); // whoever writes it again is seen
    one.checkedAt = at(5'000);
    one.quietFor = 5s;
    run.store.saveChecks({one});
    QVERIFY(run.commit());
    QVERIFY(run.errors.isEmpty());
    QCOMPARE(other.ask(u"SELECT checked_at FROM task"_s).toLongLong(),
             at(5'000).toMSecsSinceEpoch());
    QCOMPARE(other.ask(u"SELECT count(*) FROM reply"_s).toInt(), 0);
    // What is new beside it is not lost, whichever comes first.
    TaskRecord changed = record(u"a"_s, R"({"action":"first"})");
    run.store.save({changed});
    run.store.saveChecks({changed});
    QVERIFY(run.commit());
    QVERIFY(other.ask(u"SELECT body FROM reply"_s).toByteArray().contains("first"));
    changed = record(u"a"_s, R"({"action":"second"})");
    run.store.saveChecks({changed});
    run.store.save({changed});
    QVERIFY(run.commit());
    QVERIFY(other.ask(u"SELECT body FROM reply"_s).toByteArray().contains("second"));
    HistoryDatabase history(file(), HistoryProbe::functions());
    QVERIFY(history.openToRead());
    QVERIFY(same(history.load(0, 1)->records.constFirst(), changed));
    QVERIFY(history.damaged().isEmpty());
}

void TestHistoryOrder::whatIsOutlivedGoesInPortions()
{
    constexpr int tasks = 450;
    fill(tasks);
    QVERIFY(Connection(file()).ask(u"UPDATE task SET kept_since = 0"_s).toBool());
    HistoryWorker worker(file(), HistoryProbe::functions());
    QList<TaskKey> dropped;
    connect(&worker, &HistoryWorker::dropped, this,
            [&dropped](const QList<TaskKey> &keys) { dropped += keys; });
    const QSignalSpy loaded(&worker, &HistoryWorker::loaded);
    const QSignalSpy written(&worker, &HistoryWorker::written);
    worker.open(at(0));
    worker.loadMore();
    QTRY_VERIFY_WITH_TIMEOUT(!loaded.isEmpty() && loaded.last().at(1).toBool(), diskPatience);

    worker.prune({1, 0}, at(0).addDays(30), {key(u"7"_s)});
    QVERIFY2(!dropped.isEmpty() && dropped.size() <= 100,
             qPrintable(QString::number(dropped.size())));
    QCOMPARE(dropped.first(), key(u"0"_s));
    // One of those that are to go is written before its turn comes.
    TaskRecord pinned = record(u"449"_s);
    pinned.pinned = true;
    worker.write({{pinned.key, false, pinned}});
    QCOMPARE(written.size(), 1);
    QVERIFY(dropped.size() <= 100); // and was not waited for
    QTRY_COMPARE_WITH_TIMEOUT(dropped.size(), tasks - 2, diskPatience);
    QVERIFY(!dropped.contains(key(u"7"_s)) && !dropped.contains(pinned.key));
    worker.close();
    QCOMPARE(Connection(file()).ask(u"SELECT count(*) FROM task"_s).toInt(), 2);
}

void TestHistoryOrder::whatIsNewDoesNotWaitForTheCheck()
{
    fill(3);
    HistoryWorker worker(file(), HistoryProbe::functions());
    const QSignalSpy loaded(&worker, &HistoryWorker::loaded);
    const QSignalSpy written(&worker, &HistoryWorker::written);
    worker.open(at(0));
    worker.loadMore(); // all is read: the file is checked now
    QCOMPARE(loaded.size(), 1);
    const TaskRecord fresh = record(u"new"_s);
    worker.write({{fresh.key, false, fresh}});
    QCOMPARE(written.size(), 1);
    QVERIFY(!written.first().first().value<std::optional<HistoryError>>());
    QCOMPARE(Connection(file()).ask(u"SELECT count(*) FROM task"_s).toInt(), 4);
    QCOMPARE(loaded.size(), 1); // the end is not said before it is known
    QTRY_COMPARE_WITH_TIMEOUT(loaded.size(), 2, diskPatience);
    QVERIFY(loaded.last().at(1).toBool());
    worker.close();
}

void TestHistoryOrder::aCheckThatFindsDamageIsHeardOf()
{
    fill(3);
    {
        // What no task shows: by a wrong index one would be kept twice.
        const Connection other(file());
        QVERIFY(other.ask(u"PRAGMA writable_schema = ON"_s).isValid());
        const int page = other
                             .ask(u"SELECT rootpage FROM sqlite_schema WHERE name ="
                                  " 'sqlite_autoindex_task_1'"_s)
                             .toInt();
        const int size = other.ask(u"PRAGMA page_size"_s).toInt();
        QVERIFY(other.ask(u"PRAGMA wal_checkpoint(TRUNCATE)"_s).isValid());
        QFile direct(file());
        QVERIFY(direct.open(QIODevice::ReadWrite));
        QByteArray bytes = direct.readAll();
        const qsizetype at = bytes.indexOf(server.text().toLatin1(), qsizetype(page - 1) * size);
        QVERIFY(at >= 0 && at < qsizetype(page) * size);
        QVERIFY(direct.seek(at) && direct.write("x") == 1);
    }
    Run run(file());
    QVERIFY(run.open());
    QCOMPARE(run.errors.size(), 1);
    QCOMPARE(run.errors.first().kind, HistoryError::Kind::Damaged);
    QCOMPARE(run.records.size(), 3);
    QCOMPARE(run.ends, 1);
}

QTEST_GUILESS_MAIN(TestHistoryOrder)
#include "test_historyorder.moc"
