#include "history/historyworker.h"
#include "historyrun.h"
#include "testdata.h"

#include <QRegularExpression>
#include <QTemporaryDir>

using namespace HistoryRun;
using Kind = HistoryError::Kind;

/// What cannot be written now: nothing of it is forgotten before it is, or is said to be lost. Each
/// of these waits for SQLite's two seconds.
class TestHistoryEnd final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }
    void theEndWaitsForALock();
    void whatIsLostAtTheEndIsLogged();
    void whatCannotBeCompletedYetIsLater();

private:
    [[nodiscard]] QString file() const { return m_dir->filePath(u"history.db"_s); }
    void fill(int tasks) const;

    std::unique_ptr<QTemporaryDir> m_dir;
};

void TestHistoryEnd::fill(int tasks) const
{
    HistoryDatabase history(file(), HistoryProbe::functions());
    QVERIFY(history.open(at(0)));
    for (int i = 0; i < tasks; ++i)
        QVERIFY(history.write({{key(QString::number(i)), false, record(QString::number(i))}}));
}

void TestHistoryEnd::theEndWaitsForALock()
{
    fill(1);
    HistoryWorker worker(file(), HistoryProbe::functions());
    worker.open(at(0));
    const auto other = std::make_unique<Connection>(file());
    QVERIFY(other->ask(u"BEGIN IMMEDIATE"_s).toBool());
    int failures = 0;
    connect(&worker, &HistoryWorker::failed, this, [&](const HistoryError &error) {
        ++failures;
        QCOMPARE(error.kind, Kind::Locked);
        QVERIFY(other->ask(u"ROLLBACK"_s).toBool());
    });
    // One that had failed before, and one of the end.
    const TaskRecord before = record(u"before"_s);
    worker.write({{before.key, false, before}});
    const TaskRecord last = record(u"last"_s);
    worker.close({{last.key, false, last}});
    QCOMPARE(failures, 1);
    QCOMPARE(other->ask(u"SELECT count(*) FROM task"_s).toInt(), 3);
}

void TestHistoryEnd::whatIsLostAtTheEndIsLogged()
{
    fill(1);
    HistoryWorker worker(file(), HistoryProbe::functions());
    worker.open(at(0));
    const Connection other(file());
    QVERIFY(other.ask(u"BEGIN IMMEDIATE"_s).toBool());
    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(u"The last changes of 2 tasks could not be kept: .*"
                                            " another program uses .*history.db"_s));
    worker.close({{key(u"a"_s), false, record(u"a"_s)}, {key(u"b"_s), false, record(u"b"_s)}}, 0ms);
}

void TestHistoryEnd::whatCannotBeCompletedYetIsLater()
{
    QVERIFY(QFile::copy(testDataPath(u"history/v3.db"_s), file()));
    QVERIFY(QFile::setPermissions(file(), QFileDevice::ReadOwner | QFileDevice::WriteOwner));
    HistoryDatabase history(file(), HistoryProbe::functions());
    QVERIFY(history.open(at(0)));
    QVERIFY(history.load(0, 100));
    {
        const Connection other(file());
        QVERIFY(other.ask(u"BEGIN IMMEDIATE"_s).toBool());
        const auto done = history.upkeep();
        QVERIFY(!done && done.error().kind == Kind::Locked);
        QVERIFY(history.isUpkeepLeft());
        QVERIFY(history.search(u"publish"_s, 10)->isEmpty());
    }
    while (history.upkeep() == HistoryDatabase::Upkeep::More) {
    }
    QVERIFY(!history.isUpkeepLeft());
    QCOMPARE(history.search(u"publish"_s, 10)->size(), 1);
}

QTEST_GUILESS_MAIN(TestHistoryEnd)
#include "test_historyend.moc"
