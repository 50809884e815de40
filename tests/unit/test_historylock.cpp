#include "history/historydatabase.h"
#include "historyrun.h"

#include <QTemporaryDir>

using namespace HistoryRun;
using Kind = HistoryError::Kind;

/// Another program holds the file when ours starts. Each try waits for SQLite's two seconds.
class TestHistoryLock final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }
    void whatIsLockedAtTheStartIsOpenedLater();
    void whatWasLockedAtTheStartIsWrittenAtTheEnd();

private:
    [[nodiscard]] QString file() const { return m_dir->filePath(u"history.db"_s); }
    void fill(int tasks) const;

    std::unique_ptr<QTemporaryDir> m_dir;
};

void TestHistoryLock::fill(int tasks) const
{
    HistoryDatabase history(file(), HistoryProbe::functions());
    QVERIFY(history.open(at(0)));
    for (int i = 0; i < tasks; ++i)
        QVERIFY(history.write({{key(QString::number(i)), false, record(QString::number(i))}}));
}

void TestHistoryLock::whatIsLockedAtTheStartIsOpenedLater()
{
    fill(3);
    const Connection other(file());
    QVERIFY(other.ask(u"BEGIN IMMEDIATE"_s).toBool());
    Run run(file());
    QVERIFY(run.open()); // and yet the program goes on
    QVERIFY(run.records.isEmpty());
    QCOMPARE(run.errors.size(), 1);
    QCOMPARE(run.errors.constFirst().kind, Kind::Locked);
    TaskRecord mine = record(u"1"_s, R"({"action":"Create policy","percent":50})");
    mine.label = u"mine"_s;
    run.store.save({record(u"new"_s), mine});
    run.store.remove({key(u"2"_s)});
    QVERIFY(run.store.isKept(key(u"new"_s))); // nobody waits for what cannot be written

    run.clock.advance(HistoryStore::retryDelay);
    QVERIFY(run.search(u"policy"_s).isEmpty()); // answered behind the next try
    QCOMPARE(run.errors.size(), 1);             // it is said once

    QVERIFY(other.ask(u"ROLLBACK"_s).toBool());
    run.clock.advance(HistoryStore::retryDelay);
    QTRY_COMPARE_WITH_TIMEOUT(run.records.size(), 2, diskPatience);
    QVERIFY(!run.store.isKept(key(u"new"_s)));
    QVERIFY(run.commit());
    QTRY_VERIFY_WITH_TIMEOUT(run.store.isKept(key(u"new"_s)), diskPatience);
    QCOMPARE(run.ends, 1);
    QCOMPARE(run.errors.size(), 1);
    QCOMPARE(other.ask(u"SELECT group_concat(task) FROM (SELECT task FROM task ORDER BY task)"_s)
                 .toString(),
             u"0,1,new"_s);
    QCOMPARE(other.ask(u"SELECT label FROM task WHERE task = '1'"_s).toString(), u"mine"_s);
}

void TestHistoryLock::whatWasLockedAtTheStartIsWrittenAtTheEnd()
{
    fill(1);
    const Connection other(file());
    {
        QVERIFY(other.ask(u"BEGIN IMMEDIATE"_s).toBool());
        Run run(file());
        QVERIFY(run.open());
        run.store.save({record(u"new"_s)});
        QVERIFY(other.ask(u"ROLLBACK"_s).toBool());
    }
    QCOMPARE(other.ask(u"SELECT count(*) FROM task"_s).toInt(), 2);
}

QTEST_GUILESS_MAIN(TestHistoryLock)
#include "test_historylock.moc"
