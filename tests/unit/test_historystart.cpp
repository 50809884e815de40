#include "history/historyworker.h"
#include "historyrun.h"
#include "task/mergerecords.h"
#include "task/taskstore.h"
#include "testdata.h"

#include <QTemporaryDir>
#include <QTest>

using namespace HistoryRun;

/// What changes while a long history is still being read.
class TestHistoryStart : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void changesAreWrittenWhileItIsRead();
    void anEndWhileItIsReadMerges();
    void whatIsGatheredMerges();
    void theOperatorsWordOfThisRunCounts_data();
    void theOperatorsWordOfThisRunCounts();
    void whatIsRemovedMeanwhileStaysAway();
    void aFinalOutcomeStays();
    void laterKnowledgeCounts();
    void anOldFileIsRewrittenOnceADayAtMost();

private:
    [[nodiscard]] QString file() const { return m_dir->filePath(u"history.db"_s); }

    /// In the last of three chunks.
    const QString m_unread = QString::number(2 * HistoryWorker::chunkSize + 5);
    const QString m_said = QString::number(2 * HistoryWorker::chunkSize + 7);
    std::unique_ptr<QTemporaryDir> m_model;
    std::unique_ptr<QTemporaryDir> m_dir;
};

namespace {

/// As a start knows it that has not read the history yet.
TaskRecord justWatched(const QString &task)
{
    TaskRecord one;
    one.key = key(task);
    one.label = u"mine"_s;
    one.watchedSince = at(1'000'000);
    return one;
}

/// Does something when the first chunk comes, which is before the second is asked for.
void atFirstChunk(Run &run, const std::function<void()> &work)
{
    QObject::connect(
        &run.store, &HistoryStore::opened, &run.store, [work] { work(); },
        Qt::SingleShotConnection);
}

void verifyMerged(const TaskRecord *one)
{
    QVERIFY(one);
    QCOMPARE(one->label, u"mine"_s);
    QCOMPARE(one->note, u"kept"_s);
    QCOMPARE(one->outcome, Outcome::Running);
    QVERIFY(one->reply && one->snapshot);
    QCOMPARE(one->watchedSince, at(1));
}

} // namespace

void TestHistoryStart::initTestCase()
{
    m_model = std::make_unique<QTemporaryDir>();
    Run run(m_model->filePath(u"history.db"_s));
    QVERIFY(run.open());
    QList<TaskRecord> records;
    for (int i = 0; i < 2 * HistoryWorker::chunkSize + 10; ++i) {
        records.append(record(QString::number(i)));
        records.last().note = u"kept"_s;
    }
    const auto said = std::find_if(records.begin(), records.end(), [this](const TaskRecord &one) {
        return one.key == key(m_said);
    });
    said->label = u"kept"_s;
    said->tags = QStringList{u"kept"_s};
    said->paused = said->pinned = said->muted = true;
    run.store.save(records);
    QVERIFY(run.commit());
}

void TestHistoryStart::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    QVERIFY(QFile::copy(m_model->filePath(u"history.db"_s), file()));
}

void TestHistoryStart::changesAreWrittenWhileItIsRead()
{
    Run run(file());
    atFirstChunk(run, [&] {
        run.store.save({justWatched(u"new"_s), justWatched(m_unread)});
        run.clock.advance(HistoryStore::batchDelay);
    });
    qsizetype readWhenSaved = -1;
    QVariant label;
    QVariant outcome;
    QObject::connect(
        &run.store, &HistoryStore::saved, &run.store,
        [&] {
            readWhenSaved = run.records.size();
            const Connection other(file());
            label = other.ask(u"SELECT label FROM task WHERE task = 'new'"_s);
            outcome = other.ask(u"SELECT outcome FROM task WHERE task = '%1'"_s.arg(m_unread));
        },
        Qt::SingleShotConnection);
    QVERIFY(run.open());
    QVERIFY2(readWhenSaved > 0 && readWhenSaved <= 2 * HistoryWorker::chunkSize,
             qPrintable(QString::number(readWhenSaved)));
    QCOMPARE(label.toString(), u"mine"_s);
    QCOMPARE(outcome.toString(), u"running"_s); // not that of one just watched
    verifyMerged(run.find(m_unread));
}

void TestHistoryStart::anEndWhileItIsReadMerges()
{
    {
        bool isStarted = false;
        Run run(file());
        atFirstChunk(run, [&] {
            run.store.save({justWatched(m_unread)});
            isStarted = true;
        });
        run.store.open();
        QVERIFY(QTest::qWaitFor([&] { return isStarted; }, diskPatience));
        QCOMPARE(run.ends, 0);
    }
    Run run(file());
    QVERIFY(run.open());
    verifyMerged(run.find(m_unread));
}

void TestHistoryStart::whatIsGatheredMerges()
{
    {
        Run run(file());
        run.store.save({justWatched(m_unread), justWatched(u"3"_s)});
        QVERIFY(run.open());
        QVERIFY(run.commit());
    }
    Run run(file());
    QVERIFY(run.open());
    verifyMerged(run.find(m_unread));
    verifyMerged(run.find(u"3"_s));
}

void TestHistoryStart::theOperatorsWordOfThisRunCounts_data()
{
    QTest::addColumn<QString>("task");
    QTest::addColumn<int>("saved"); ///< how often, before the rest is read
    for (const auto &[name, task] :
         {std::pair("of an earlier run", m_said), std::pair("known to none", u"new"_s)}) {
        for (int saved = 0; saved < 3; ++saved)
            QTest::addRow("%s, %d saves", name, saved) << task << saved;
    }
}

/// Also where it was something else, and that was kept, a moment ago.
void TestHistoryStart::theOperatorsWordOfThisRunCounts()
{
    QFETCH(const QString, task);
    QFETCH(const int, saved);
    const QList<TaskKey> keys{key(task)};
    {
        Run run(file());
        TaskStore tasks(run.clock);
        bool isLoading = false;
        QObject::connect(&tasks, &TaskStore::changed, &run.store, [&](const QList<TaskKey> &) {
            if (!isLoading)
                run.store.save({*tasks.find(keys.constFirst())});
        });
        const auto sayAll = [&](bool so) {
            const QString text = so ? u"said"_s : QString();
            tasks.setLabel(keys.constFirst(), text);
            tasks.setNote(keys.constFirst(), text);
            tasks.setTags(keys.constFirst(), {text});
            tasks.setPaused(keys, so);
            tasks.setPinned(keys, so);
            tasks.setMuted(keys, so);
            tasks.setAcknowledged(keys, so);
        };
        int saves = 0;
        QObject::connect(&run.store, &HistoryStore::saved, &run.store, [&] {
            if (++saves < saved) {
                sayAll(false);
                run.clock.advance(HistoryStore::batchDelay);
            }
        });
        QObject::connect(&run.store, &HistoryStore::opened, &run.store,
                         [&](const QList<TaskRecord> &records) {
                             isLoading = true;
                             tasks.load(records);
                             isLoading = false;
                             // Not before there is something to write to.
                             if (saved > 0 && saves == 0)
                                 run.clock.advance(HistoryStore::batchDelay);
                         });
        tasks.watch(keys);
        sayAll(true);
        if (saved < 2)
            sayAll(false);
        QVERIFY(run.open());
        const TaskRecord *one = tasks.find(keys.constFirst());
        QVERIFY(one);
        QCOMPARE(one->label, QString());
        QCOMPARE(one->note, QString());
        QCOMPARE(one->tags, QStringList());
        QVERIFY(!one->paused && !one->pinned && !one->muted && !one->acknowledged);
        QCOMPARE(bool(one->snapshot), task == m_said); // and yet nothing that was kept is lost
        run.clock.advance(HistoryStore::batchDelay);
    }
    Run run(file());
    QVERIFY(run.open());
    const TaskRecord *one = run.find(task);
    QVERIFY(one);
    QCOMPARE(one->label, QString());
    QCOMPARE(one->note, QString());
    QCOMPARE(one->tags, QStringList());
    QVERIFY(!one->paused && !one->pinned && !one->muted && !one->acknowledged);
    QCOMPARE(bool(one->snapshot), task == m_said);
}

void TestHistoryStart::whatIsRemovedMeanwhileStaysAway()
{
    for (int round = 0; round < 2; ++round) {
        Run run(file());
        if (round == 0)
            atFirstChunk(run, [&] { run.store.remove({key(m_unread)}); });
        QVERIFY(run.open());
        QVERIFY(run.find(u"3"_s));
        QVERIFY(!run.find(m_unread));
    }
}

void TestHistoryStart::aFinalOutcomeStays()
{
    TaskRecord stored = record(u"a"_s, R"({"percent":100})");
    stored.outcome = Outcome::Completed;
    stored.endedAt = at(5);
    stored.troubles = {{PollError::Kind::Timeout, at(1), {}}};
    stored.tags = QStringList{u"urgent"_s};
    TaskRecord fresh = record(u"a"_s, R"({"percent":50})");
    fresh.pinned = true;
    fresh.troubles = {{PollError::Kind::Timeout, at(1), at(2)},
                      {PollError::Kind::Unreachable, at(3), {}}};
    const TaskRecord both = mergedRecords(stored, fresh);
    QCOMPARE(both.outcome, Outcome::Completed);
    QCOMPARE(both.snapshot, stored.snapshot);
    QCOMPARE(both.endedAt, at(5));
    QCOMPARE(both.tags, stored.tags);
    QVERIFY(both.pinned);
    QCOMPARE(both.troubles, fresh.troubles);
    QVERIFY(same(mergedRecords(stored, both), both));
    fresh = stored;
    stored.acknowledged = true;
    QVERIFY(mergedRecords(stored, fresh).acknowledged);
    fresh.said = OperatorPart::Acknowledged;
    QVERIFY(!mergedRecords(stored, fresh).acknowledged);
    fresh.outcome = Outcome::Stalled; // the final one stays, and it was not of that
    QVERIFY(mergedRecords(stored, fresh).acknowledged);
}

void TestHistoryStart::laterKnowledgeCounts()
{
    TaskRecord stored = record(u"a"_s, R"({"percent":10,"steps":["one"]})");
    auto seen = std::make_shared<TaskSnapshot>(*stored.snapshot);
    seen->steps.front().startedAt = at(7);
    seen->steps.front().startSeen = true;
    stored.snapshot = seen;
    stored.label = u"stored"_s;
    stored.notified = Outcome::Stalled;
    TaskRecord fresh = record(u"a"_s, R"({"percent":50,"steps":["one","two"]})");
    fresh.outcome = Outcome::Failed;
    fresh.changedAt = at(9);
    fresh.endedAt = at(9);
    const TaskRecord both = mergedRecords(stored, fresh);
    QCOMPARE(both.outcome, Outcome::Failed);
    QCOMPARE(both.snapshot->percent, 50);
    QVERIFY(both.snapshot->steps.front().startedAt == at(7));
    QCOMPARE(both.endedAt, at(9));
    QCOMPARE(both.label, u"stored"_s);
    QCOMPARE(both.notified, std::optional(Outcome::Stalled));
    QVERIFY(same(mergedRecords(stored, both), both));
}

void TestHistoryStart::anOldFileIsRewrittenOnceADayAtMost()
{
    QVERIFY(QFile::remove(file()));
    QVERIFY(QFile::copy(testDataPath(u"history/v3.db"), file()));
    QVERIFY(QFile::setPermissions(file(), QFileDevice::ReadOwner | QFileDevice::WriteOwner));
    const auto start = [this](const QDateTime &now) {
        HistoryDatabase history(file(), HistoryProbe::functions());
        return bool(history.open(now));
    };
    // 2 is INCREMENTAL, 0 NONE.
    const auto mode = [this] { return Connection(file()).ask(u"PRAGMA auto_vacuum"_s).toInt(); };
    QCOMPARE(mode(), 0);
    QVERIFY(start(at(0)));
    QCOMPARE(mode(), 2);
    {
        const Connection other(file()); // as if it had failed
        QVERIFY(other.ask(u"PRAGMA auto_vacuum = NONE"_s).isValid());
        QVERIFY(other.ask(u"VACUUM"_s).toBool());
    }
    QCOMPARE(mode(), 0);
    QVERIFY(start(at(0).addSecs(23 * 3600)));
    QCOMPARE(mode(), 0);
    QVERIFY(start(at(0).addSecs(25 * 3600)));
    QCOMPARE(mode(), 2);
}

QTEST_GUILESS_MAIN(TestHistoryStart)
#include "test_historystart.moc"
