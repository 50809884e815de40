#include "history/historydatabase.h"
#include "history/historyschema.h"
#include "historyrun.h"
#include "task/secretshape.h"
#include "task/taskwords.h"
#include "testdata.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QRandomGenerator>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>
#include <QVariant>

#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace HistoryRun;
using Kind = HistoryError::Kind;

class TestHistoryStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void nothingKeptOpensEmpty();
    void aTaskComesBackAsItWas();
    void everyOutcomeHasAWordOfItsOwn();
    void randomHistoriesComeBackAsTheyWere();
    void commitsAfterTheBatchDelayAndNotBefore();
    void endingCommitsWhatIsGathered();
    void endingBeforeOpeningIsQuiet();
    void removedTasksStayAwayAndUndoneOnesReturn();
    void savesBeforeItIsOpenAreKept();
    void timesOfSightAreKept();
    void theSearchFindsWordsOfEveryKind();
    void theSearchFollowsWhatChanges();
    void anyTextCanBeLookedFor();
    void theSearchKnowsNoSecrets();
    void anOldFileThatIsOnlyReadHasNoWords();
    void aBrokenIndexIsSaidOnce();
    void outlivedTasksAreDropped();
    void whatIsYetToBeWrittenSparesItsTask();
    void whatCameOldHasItsTime();
    void aHistoryGivesItsSpaceBack();
    void manyTasksComeInChunks();
    void bigRepliesAreCompressed();
    void anUnchangedReplyIsNotWrittenAgain();
    void secretsAreNotStored();
    void strangeRepliesComeBackWithoutSecrets();
    void aStrangeReplyGoesWithItsTask();
    void aReplyThatIsNoLongerReadableIsKept();
    void damagedRowsDoNotHideTheOthers();
    void filesAreClosedToOthers();
    void theFixtureOfEachVersionOpens_data();
    void theFixtureOfEachVersionOpens();
    void aDamagedFileIsSetAside_data();
    void aDamagedFileIsSetAside();
    void foreignAndNewerFilesAreLeftAlone_data();
    void foreignAndNewerFilesAreLeftAlone();
    void aMissingFolderIsSaid();
    void aReadOnlyHistoryIsShownAndNotKept();
    void aLockedFileIsSaid();
    void whatCouldNotBeWrittenIsTriedAgain();
    void savedTasksSurviveAKill();

private:
    [[nodiscard]] QString file() const { return m_dir->filePath(u"history.db"_s); }
    void fill(int tasks) const;

    std::unique_ptr<QTemporaryDir> m_dir;
};

void TestHistoryStore::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
}

void TestHistoryStore::fill(int tasks) const
{
    Run run(file());
    QVERIFY(run.open());
    QList<TaskRecord> records;
    for (int i = 0; i < tasks; ++i)
        records.append(record(QString::number(i)));
    run.store.save(records);
    QVERIFY(run.commit());
}

namespace {

/// As if all had been kept for years.
void cameLongAgo(const QString &file)
{
    QVERIFY(Connection(file).ask(u"UPDATE task SET kept_since = 0"_s).toBool());
}

} // namespace

void TestHistoryStore::nothingKeptOpensEmpty()
{
    Run run(file());
    QVERIFY(run.open());
    QVERIFY(run.records.isEmpty());
    QCOMPARE(run.errors, QList<HistoryError>());
    QCOMPARE(run.ends, 1);
}

void TestHistoryStore::aTaskComesBackAsItWas()
{
    TaskRecord full = record(u"5d2c7f4e „ü“ \U0001F600"_s, R"({"action":"x","percent":38})");
    full.label = u"iREC 4 \u2603"_s;
    full.paused = true;
    full.outcome = Outcome::CompletedWithProblems;
    full.expired = true;
    full.confirmed = true;
    full.changedAt = at(2);
    full.checkedAt = at(3);
    full.endedAt = at(-4);
    full.endWitnessed = true;
    full.quietFor = 12min;
    full.note = u"Asked Anna;\nshe looks \u2603"_s;
    full.tags = QStringList{u"two words"_s, u"iREC"_s};
    full.pinned = true;
    full.muted = true;
    full.acknowledged = true;
    full.notified = Outcome::Stalled;
    full.troubles = {{PollError::Kind::Unreachable, at(5), at(6)},
                     {PollError::Kind::SignInNeeded, at(7), {}}};
    TaskRecord bare;
    bare.key = {ServerId::create(), TaskId(u"bare"_s)};
    {
        Run run(file());
        QVERIFY(run.open());
        run.store.save({full, bare});
        QVERIFY(run.commit());
    }
    Run run(file());
    QVERIFY(run.open());
    QCOMPARE(run.records.size(), 2);
    QVERIFY(same(run.records.at(0), full));
    QVERIFY(same(run.records.at(1), bare));
    QCOMPARE(run.records.at(0).endedAt.timeSpec(), Qt::UTC);
}

void TestHistoryStore::everyOutcomeHasAWordOfItsOwn()
{
    QStringList words;
    for (int i = 0; i <= int(Outcome::Unreadable); ++i) {
        words << TaskWords::kebab(Outcome(i));
        QCOMPARE(TaskWords::outcomeOf(words.last()), Outcome(i));
    }
    QCOMPARE(words.removeDuplicates(), 0);
    QVERIFY(!TaskWords::outcomeOf(u"Running"_s));
}

void TestHistoryStore::randomHistoriesComeBackAsTheyWere()
{
    QRandomGenerator random(20'261'124);
    QHash<TaskKey, TaskRecord> expected;
    const auto randomTime = [&random] {
        return random.bounded(4) == 0 ? QDateTime() : at(random.bounded(1'000'000'000));
    };
    for (int round = 0; round < 6; ++round) {
        Run run(file());
        QVERIFY(run.open());
        QCOMPARE(run.records.size(), expected.size());
        for (const TaskRecord &one : std::as_const(run.records))
            QVERIFY2(same(one, expected.value(one.key)), qPrintable(one.key.task.text()));
        for (int step = 0; step < 300; ++step) {
            const TaskKey one = key(QString::number(random.bounded(60)));
            if (random.bounded(5) == 0) {
                run.store.remove({one});
                expected.remove(one);
            } else {
                const bool answered = random.bounded(4) != 0;
                TaskRecord next = expected.value(one);
                if (answered)
                    next = HistoryProbe::record(
                        one, R"({"percent":)" + QByteArray::number(random.bounded(101)) + '}');
                next.key = one;
                next.label = QString(random.bounded(20), QChar(0x20 + random.bounded(0x2000)));
                next.paused = random.bounded(2);
                next.expired = random.bounded(2);
                next.confirmed = random.bounded(2);
                next.outcome = Outcome(random.bounded(int(Outcome::Unreadable) + 1));
                next.watchedSince = randomTime();
                next.changedAt = randomTime();
                next.checkedAt = randomTime();
                next.endedAt = randomTime();
                next.endWitnessed = random.bounded(2);
                next.quietFor = std::chrono::milliseconds{random.bounded(2) * 300'000};
                next.note = QString(random.bounded(20), QChar(0x20 + random.bounded(0x2000)));
                next.tags = QStringList{u"a"_s, u"b c"_s, u"\u00e9"_s}.mid(random.bounded(4));
                next.pinned = random.bounded(2);
                next.muted = random.bounded(2);
                next.acknowledged = random.bounded(2);
                next.notified.reset();
                if (random.bounded(2))
                    next.notified = Outcome(random.bounded(int(Outcome::Unreadable) + 1));
                run.store.save({next});
                expected.insert(one, next);
            }
            if (random.bounded(50) == 0)
                QVERIFY(run.commit());
        }
    }
    QVERIFY(!expected.isEmpty());
}

void TestHistoryStore::commitsAfterTheBatchDelayAndNotBefore()
{
    Run run(file());
    QVERIFY(run.open());
    QCOMPARE(run.clock.activeTimers(), 1); // the daily look for what is outlived
    run.store.save({record(u"a"_s)});
    run.clock.advance(100ms);
    run.store.save({record(u"b"_s)});
    QCOMPARE(run.clock.nextTimer(), HistoryStore::batchDelay - 100ms);
    run.clock.advance(149ms);
    QCOMPARE(Connection(file()).ask(u"SELECT count(*) FROM task"_s).toInt(), 0);
    run.clock.advance(1ms);
    QTRY_COMPARE_WITH_TIMEOUT(run.saves, 1, diskPatience);
    QCOMPARE(Connection(file()).ask(u"SELECT count(*) FROM task"_s).toInt(), 2);
    QCOMPARE(run.clock.activeTimers(), 1);
}

void TestHistoryStore::endingCommitsWhatIsGathered()
{
    {
        Run run(file());
        QVERIFY(run.open());
        run.store.save({record(u"a"_s)});
    }
    QVERIFY(!QFile::exists(file() + u"-wal"_s));
    Run run(file());
    QVERIFY(run.open());
    QVERIFY(run.find(u"a"_s));
}

void TestHistoryStore::endingBeforeOpeningIsQuiet()
{
    const Run run(file());
    QVERIFY(!QFile::exists(file()));
}

void TestHistoryStore::removedTasksStayAwayAndUndoneOnesReturn()
{
    TaskRecord again = record(u"again"_s);
    TaskRecord fresh;
    fresh.key = key(u"fresh"_s);
    {
        Run run(file());
        QVERIFY(run.open());
        run.store.save({record(u"gone"_s), again, record(u"fresh"_s)});
        QVERIFY(run.commit());
        run.store.remove({key(u"gone"_s), again.key, fresh.key});
        again.label = u"undone"_s;
        run.store.save({again, fresh}); // the old reply of `fresh` must not come back
        QVERIFY(run.commit());
    }
    Run run(file());
    QVERIFY(run.open());
    QCOMPARE(run.records.size(), 2);
    QVERIFY(run.find(u"again"_s) && same(*run.find(u"again"_s), again));
    QVERIFY(run.find(u"fresh"_s) && same(*run.find(u"fresh"_s), fresh));
}

void TestHistoryStore::savesBeforeItIsOpenAreKept()
{
    {
        Run run(file());
        run.store.save({record(u"early"_s)});
        QVERIFY(run.open());
        QVERIFY(run.records.isEmpty());
        QVERIFY(run.commit());
    }
    Run run(file());
    QVERIFY(run.open());
    QVERIFY(run.find(u"early"_s));
}

void TestHistoryStore::timesOfSightAreKept()
{
    TaskRecord seen = record(u"seen"_s, R"({"action":"x","steps":["one","two"]})");
    auto snapshot = std::make_shared<TaskSnapshot>(*seen.snapshot);
    snapshot->steps.at(1).startedAt = at(7);
    snapshot->steps.at(1).startSeen = true;
    snapshot->steps.at(1).finishedAt = at(8);
    snapshot->steps.at(1).finishSeen = true;
    seen.snapshot = snapshot;
    {
        Run run(file());
        QVERIFY(run.open());
        run.store.save({seen});
        QVERIFY(run.commit());
    }
    Run run(file());
    QVERIFY(run.open());
    QVERIFY(same(run.records.first(), seen));
}

void TestHistoryStore::theSearchFindsWordsOfEveryKind()
{
    Run run(file());
    QVERIFY(run.open());
    TaskRecord rich = record(u"5d2c7f4e-2f5b-4b1c-9d31-0c3f6e8f7a10"_s,
                             R"({"action":"Publish policy","result":"65a1f0","steps":["Mint"]})");
    rich.label = u"iREC \u00dcbung"_s;
    rich.note = u"Anna looks into it"_s;
    rich.tags = QStringList{u"audit 2026"_s};
    auto snapshot = std::make_shared<TaskSnapshot>(*rich.snapshot);
    TaskStep inner;
    inner.name = u"Upload schemas"_s;
    inner.message = u"seventeen left"_s;
    inner.error = TaskError{u"E42"_s, u"gateway closed"_s, R"({"topic":"zebra"})"};
    snapshot->steps.front().steps.push_back(inner);
    snapshot->error = TaskError{u"500"_s, u"IPFS is away"_s, {}};
    snapshot->verdict.summary = u"Policy is invalid"_s;
    snapshot->verdict.problems = QStringList{u"Block giraffe is odd"_s};
    rich.snapshot = snapshot;
    run.store.save({record(u"other"_s), rich});
    QVERIFY(run.commit());
    const QStringList one{rich.key.task.text()};
    for (const char *typed : {"publish",     "PUBL",
                              "policy publ", "irec",
                              "ubung",       "\u00dcbung",
                              "anna",        "audit",
                              "2026",        "mint",
                              "upload sch",  "seventeen",
                              "E42",         "gateway",
                              "zebra",       "ipfs away",
                              "invalid",     "giraffe",
                              "65a1f0",      "5d2c7f4e-2f5b-4b1c",
                              "5d2c7f4e",    "publish giraffe zebra anna"})
        QVERIFY2(run.search(QString::fromUtf8(typed)) == one, typed);
    for (const char *typed :
         {"ublish", "publish create", "giraffes", "2f5b-5d2c7f4e", "", "  ", "-"})
        QVERIFY2(run.search(QString::fromUtf8(typed)).isEmpty(), typed);
    QCOMPARE(run.search(u"policy"_s).size(), 2);
    // A phrase is one: its words follow each other.
    QCOMPARE(run.search(u"\"upload sch\" zebra"_s), one);
    QVERIFY(run.search(u"\"schemas upload\""_s).isEmpty());
    QCOMPARE(run.search(u"schemas upload"_s), one);
}

void TestHistoryStore::theSearchFollowsWhatChanges()
{
    Run run(file());
    QVERIFY(run.open());
    TaskRecord one = record(u"one"_s);
    one.label = u"first"_s;
    run.store.save({one, record(u"two"_s)});
    QVERIFY(run.commit());
    QCOMPARE(run.search(u"first"_s), QStringList{u"one"_s});
    one.label = u"second"_s;
    run.store.save({one});
    QVERIFY(run.commit());
    QVERIFY(run.search(u"first"_s).isEmpty());
    QCOMPARE(run.search(u"second"_s), QStringList{u"one"_s});
    run.store.remove({one.key});
    QVERIFY(run.commit());
    QVERIFY(run.search(u"second"_s).isEmpty());
    QCOMPARE(run.search(u"create"_s), QStringList{u"two"_s});
    run.store.save({one});
    QVERIFY(run.commit());
    QCOMPARE(run.search(u"second"_s), QStringList{u"one"_s});
}

void TestHistoryStore::anyTextCanBeLookedFor()
{
    Run run(file());
    QVERIFY(run.open());
    TaskRecord odd = record(u"odd"_s);
    odd.label = u"a\"b* (NEAR) c:d ^e"_s;
    run.store.save({odd});
    QVERIFY(run.commit());
    for (const QString &typed :
         {u"\""_s, u"a\"b"_s, u"(near)"_s, u"c:d"_s, u"^e"_s, u"b*"_s, u"a OR zzz"_s, u"NOT a"_s})
        static_cast<void>(run.search(typed));
    QCOMPARE(run.search(u"a\"b* (near) c:d"_s), QStringList{u"odd"_s});
    QVERIFY(run.search(u"a OR zzz"_s).isEmpty()); // words, no operators
    QRandomGenerator random(5);
    const QString letters = u"ab\"*():^{}+-,'\\;%_ \u00fc\u4e2d\u0000\U0001F600\n"_s;
    for (int round = 0; round < 300; ++round) {
        QString typed;
        for (int i = random.bounded(30); i > 0; --i)
            typed += letters.at(random.bounded(int(letters.size())));
        run.store.search(typed);
    }
    const int before = run.finds;
    QTRY_VERIFY_WITH_TIMEOUT(run.finds >= before + 300, diskPatience);
    QCOMPARE(run.errors, QList<HistoryError>());
}

void TestHistoryStore::theSearchKnowsNoSecrets()
{
    Run run(file());
    QVERIFY(run.open());
    TaskRecord key =
        record(u"key"_s, R"({"action":"Create random key","secret":true,"result":"marker"})");
    auto snapshot = std::make_shared<TaskSnapshot>(*key.snapshot);
    snapshot->error = TaskError{{}, u"failed"_s, R"({"seed":"marker"})"};
    key.snapshot = snapshot;
    // Where the result is none, an error or a problem may still repeat one.
    const TaskRecord error =
        record(u"error"_s, R"({"action":"Import","error":{"privateKey":"marker"}})");
    const TaskRecord words = record(u"words"_s, R"({"action":"Import","error":"marker is wrong"})");
    const TaskRecord problem =
        record(u"problem"_s, R"({"action":"Publish","problem":"Block marker is odd"})");
    run.store.save({key, error, words, problem});
    QVERIFY(run.commit());
    QVERIFY(run.search(u"marker"_s).isEmpty());
    QCOMPARE(run.search(u"random"_s), QStringList{u"key"_s});
    QCOMPARE(run.search(u"import"_s), (QStringList{u"error"_s, u"words"_s}));
    QCOMPARE(run.search(u"wrong"_s), QStringList{u"words"_s});
    QCOMPARE(run.search(u"block odd"_s), QStringList{u"problem"_s});
    QVERIFY(bytesOf(file() + u"-wal"_s).contains("masked"));
    QVERIFY(!bytesOf(file() + u"-wal"_s).contains("marker"));
}

void TestHistoryStore::anOldFileThatIsOnlyReadHasNoWords()
{
    for (int version = 1; version < 4; ++version) {
        const QString old = m_dir->filePath(u"v%1.db"_s.arg(version));
        QVERIFY(QFile::copy(testDataPath(u"history/v%1.db"_s.arg(version)), old));
        HistoryDatabase database(old, HistoryProbe::functions());
        QVERIFY(database.openToRead());
        const auto found = database.search(u"publish"_s, 10);
        QVERIFY2(found && found->isEmpty(), qPrintable(QString::number(version)));
    }
}

void TestHistoryStore::aBrokenIndexIsSaidOnce()
{
    fill(3);
    {
        const Connection tamper(file());
        QVERIFY(tamper.ask(u"DELETE FROM words_data WHERE id > 10"_s).toBool());
    }
    Run run(file());
    QVERIFY(run.open());
    QCOMPARE(run.records.size(), 3);
    QCOMPARE(run.errors, QList<HistoryError>());
    for (int i = 0; i < 3; ++i)
        QVERIFY(run.search(u"create"_s).isEmpty());
    // The tasks are sound: nothing is set aside, and nothing is said of files and names.
    QCOMPARE(run.errors.size(), 1);
    QCOMPARE(run.errors.first().kind, Kind::Partly);
    run.store.save({record(u"new"_s)});
    QVERIFY(QDir(m_dir->path()).entryList({u"history.db.damaged-*"_s}).isEmpty());
}

void TestHistoryStore::outlivedTasksAreDropped()
{
    const auto make = [](Run &run, const QString &task, int daysAgo, Outcome outcome) {
        TaskRecord one = record(task);
        one.outcome = outcome;
        one.endedAt = run.clock.now().wall.addDays(-daysAgo);
        return one;
    };
    {
        Run run(file());
        QVERIFY(run.open());
        TaskRecord pinned = make(run, u"pinned"_s, 500, Outcome::Failed);
        pinned.pinned = true;
        run.store.save({make(run, u"old"_s, 89, Outcome::Completed), pinned,
                        make(run, u"running"_s, 500, Outcome::Running),
                        make(run, u"young"_s, 10, Outcome::Completed)});
        QVERIFY(run.commit());
        cameLongAgo(file());
        run.store.setRetention({90, 0});
        QCOMPARE(run.search(u"old"_s).size(), 1); // after it
        QVERIFY(run.dropped.isEmpty());
        run.clock.advance(25h); // some days later, in a program that goes on
        run.clock.advance(25h);
        QTRY_COMPARE_WITH_TIMEOUT(run.dropped, QList<TaskKey>{key(u"old"_s)}, diskPatience);
        run.store.setRetention({12, 0});
        QTRY_COMPARE_WITH_TIMEOUT(run.dropped.size(), 2, diskPatience);
        QCOMPARE(run.dropped.last(), key(u"young"_s));
        run.store.save({make(run, u"young"_s, 10, Outcome::Completed)}); // a day over
        QVERIFY(run.commit());
        cameLongAgo(file());
    }
    Run run(file());
    run.store.setRetention({5, 0}); // the clock begins anew
    QVERIFY(run.open());
    QTRY_COMPARE_WITH_TIMEOUT(run.records.size(), 2, diskPatience);
    QVERIFY(run.find(u"pinned"_s) && run.find(u"running"_s));
    QVERIFY(run.search(u"young"_s).isEmpty());
}

void TestHistoryStore::whatIsYetToBeWrittenSparesItsTask()
{
    TaskRecord pinned = record(u"pinned"_s);
    pinned.outcome = Outcome::Completed;
    pinned.endedAt = at(0);
    TaskRecord again = pinned;
    again.key = key(u"again"_s);
    TaskRecord old = pinned;
    old.key = key(u"old"_s);
    Run run(file());
    QVERIFY(run.open());
    run.store.save({pinned, again, old});
    QVERIFY(run.commit());
    cameLongAgo(file());
    // One is under way to the file, one still gathered, when the end of keeping comes.
    pinned.pinned = true;
    run.store.save({pinned});
    run.clock.advance(HistoryStore::batchDelay);
    again.outcome = Outcome::Running;
    run.store.save({again});
    run.store.setRetention({1, 0});
    QTRY_COMPARE_WITH_TIMEOUT(run.dropped, QList<TaskKey>{old.key}, diskPatience);
    QVERIFY(run.commit());
    QCOMPARE(Connection(file()).ask(u"SELECT count(*) FROM task"_s).toInt(), 2);
}

void TestHistoryStore::whatCameOldHasItsTime()
{
    Run run(file());
    run.store.setRetention({90, 0});
    QVERIFY(run.open());
    TaskRecord imported = record(u"imported"_s);
    imported.outcome = Outcome::Completed;
    imported.endedAt = run.clock.now().wall.addDays(-400);
    TaskRecord timeless = imported;
    timeless.key = key(u"timeless"_s);
    timeless.watchedSince = {};
    timeless.endedAt = {};
    run.store.save({imported, timeless});
    QVERIFY(run.commit());
    const auto pass = [&run](int days) {
        for (int day = 0; day < days; ++day)
            run.clock.advance(24h);
        return run.search(u"create"_s).size(); // after all that was asked for before
    };
    QCOMPARE(pass(89), 2);
    QVERIFY(run.dropped.isEmpty());
    static_cast<void>(pass(4));
    QTRY_COMPARE_WITH_TIMEOUT(run.dropped.size(), 2, diskPatience);
    QCOMPARE(pass(0), 0);
}

void TestHistoryStore::aHistoryGivesItsSpaceBack()
{
    QList<TaskRecord> records;
    for (int i = 0; i < 300; ++i) {
        TaskRecord one = record(QString::number(i),
                                R"({"action":"x","result":")" + QByteArray(10'000, 'x') + R"("})");
        one.outcome = Outcome::Completed;
        one.endedAt = at(i);
        records.append(one);
    }
    {
        Run run(file());
        QVERIFY(run.open());
        run.store.save(records);
        QVERIFY(run.commit());
    }
    QVERIFY(QFileInfo(file()).size() > 3'000'000);
    {
        Run run(file());
        run.store.setRetention({0, 1'000'000});
        QVERIFY(run.open());
        QTRY_VERIFY_WITH_TIMEOUT(run.records.size() < 100, diskPatience);
        QTRY_COMPARE_WITH_TIMEOUT(Connection(file()).ask(u"PRAGMA freelist_count"_s).toInt(), 0,
                                  diskPatience);
        QVERIFY2(run.records.size() > 50, qPrintable(QString::number(run.records.size())));
        QVERIFY(same(run.records.last(), records.last())); // the oldest went
    }
    QVERIFY2(QFileInfo(file()).size() < 1'200'000,
             qPrintable(QString::number(QFileInfo(file()).size())));
}

void TestHistoryStore::manyTasksComeInChunks()
{
    fill(4'001);
    Run run(file());
    QVERIFY(run.open());
    QCOMPARE(run.records.size(), 4'001);
    QCOMPARE(run.largestChunk, 2'000);
    QCOMPARE(run.ends, 1);
    for (int i = 0; i < run.records.size(); ++i)
        QCOMPARE(run.records.at(i).key.task.text(), QString::number(i));
}

void TestHistoryStore::bigRepliesAreCompressed()
{
    const auto body = [](qsizetype size) {
        QByteArray text = R"({"action":")";
        return text + QByteArray(size - text.size() - 2, 'x') + R"("})";
    };
    const TaskRecord small = record(u"small"_s, body(1024 * 1024));
    const TaskRecord big = record(u"big"_s, body(1024 * 1024 + 1));
    {
        Run run(file());
        QVERIFY(run.open());
        run.store.save({small, big});
        QVERIFY(run.commit());
    }
    {
        const Connection look(file());
        const QString size =
            u"SELECT length(body) FROM reply JOIN task ON id = task_id WHERE task = '%1'"_s;
        QCOMPARE(look.ask(size.arg(u"small"_s)).toInt(), 1024 * 1024);
        QVERIFY(look.ask(size.arg(u"big"_s)).toInt() < 10'000);
    }
    Run run(file());
    QVERIFY(run.open());
    QVERIFY(same(*run.find(u"small"_s), small));
    QVERIFY(same(*run.find(u"big"_s), big));
}

void TestHistoryStore::anUnchangedReplyIsNotWrittenAgain()
{
    fill(1);
    {
        const Connection tamper(file());
        QVERIFY(tamper.ask(u"UPDATE reply SET body = '{\"percent\":77}'"_s).toBool());
    }
    TaskRecord loaded;
    {
        Run run(file());
        QVERIFY(run.open());
        loaded = run.records.first();
        const Connection tamper(file());
        QVERIFY(tamper.ask(u"UPDATE reply SET body = '{\"percent\":78}'"_s).toBool());
        loaded.checkedAt = at(9);
        run.store.save({loaded});
        QVERIFY(run.commit());
    }
    Run run(file());
    QVERIFY(run.open());
    QCOMPARE(run.records.first().snapshot->percent, 78); // a second writing would have put 77 back
    QCOMPARE(run.records.first().checkedAt, at(9));
}

void TestHistoryStore::secretsAreNotStored()
{
    {
        Run run(file());
        QVERIFY(run.open());
        run.store.save({record(
            u"key"_s, R"({"action":"Create random key","secret":true,"result":"marker"})")});
        QVERIFY(run.commit());
        QVERIFY(!bytesOf(file() + u"-wal"_s).contains("marker"));
        QVERIFY(bytesOf(file() + u"-wal"_s).contains("masked"));
    }
    QVERIFY(!bytesOf(file()).contains("marker"));
    Run run(file());
    QVERIFY(run.open());
    QCOMPARE(run.records.first().snapshot->resultText, "masked");
}

void TestHistoryStore::strangeRepliesComeBackWithoutSecrets()
{
    const auto strange = [](const QByteArray &body) {
        ReplyData reply = HistoryProbe::reply(body);
        reply.httpStatus = 502;
        reply.headers.append("X-Trace", "password=marker");
        return std::make_shared<const ReplyData>(reply);
    };
    TaskRecord never;
    never.key = key(u"never"_s);
    never.outcome = Outcome::Unreadable;
    never.strangeReply = strange(R"({"result":["marker)");
    TaskRecord page = record(u"page"_s, R"({"action":"x","percent":7})");
    page.strangeReply = strange("<p>Bad gateway \xff; password: marker</p>");
    TaskRecord empty = record(u"empty"_s);
    empty.strangeReply = strange({});
    TaskRecord large = record(u"large"_s);
    large.strangeReply = strange(QByteArray(3 * 1024 * 1024, 'x'));
    TaskRecord unparsed = record(u"unparsed"_s, R"({"result":"marker"})");
    unparsed.snapshot.reset();
    {
        Run run(file());
        QVERIFY(run.open());
        run.store.save({never, page, empty, large, unparsed});
        QVERIFY(run.commit());
        QVERIFY(!bytesOf(file() + u"-wal"_s).contains("marker"));
    }
    for (int start = 0; start < 2; ++start) {
        Run run(file());
        QVERIFY(run.open());
        QCOMPARE(run.errors, QList<HistoryError>());
        QCOMPARE(run.records.size(), 5);
        const auto body = [&run](const QString &task) {
            const auto &reply = run.find(task)->strangeReply;
            return reply ? reply->body.whole() : QByteArray("none");
        };
        QCOMPARE(body(u"never"_s), QByteArray(R"({"result":[")") + secretMask().toUtf8() + '"');
        QCOMPARE(body(u"page"_s),
                 "<p>Bad gateway \xff; password: " + secretMask().toUtf8() + "</p>");
        QVERIFY(run.find(u"page"_s)->snapshot && run.find(u"page"_s)->reply);
        QCOMPARE(body(u"empty"_s), QByteArray());
        QCOMPARE(body(u"large"_s), QByteArray(1024 * 1024, 'x'));
        QVERIFY(run.find(u"large"_s)->strangeReply->isHead);
        QCOMPARE(body(u"unparsed"_s), QByteArray("none"));
        const ReplyData &reply = *run.find(u"page"_s)->strangeReply;
        QCOMPARE(reply.httpStatus, 502);
        QCOMPARE(reply.duration, page.strangeReply->duration);
        QCOMPARE(reply.header("X-Odd"), QByteArray("a: b"));
        QCOMPARE(reply.header("X-Trace"), "password=" + secretMask().toUtf8());
        QVERIFY(run.search(u"gateway"_s).isEmpty());
        run.store.save(run.records); // and that changes nothing
        QVERIFY(run.commit());
    }
}

void TestHistoryStore::aStrangeReplyGoesWithItsTask()
{
    TaskRecord page = record(u"page"_s);
    page.strangeReply = std::make_shared<const ReplyData>(HistoryProbe::reply("<p>gateway</p>"));
    const auto kept = [this] {
        return Connection(file()).ask(u"SELECT count(*) FROM strange"_s).toInt();
    };
    Run run(file());
    QVERIFY(run.open());
    run.store.save({page, record(u"other"_s)});
    QVERIFY(run.commit());
    QCOMPARE(kept(), 1);
    TaskRecord readable = page;
    readable.strangeReply.reset();
    run.store.save({readable});
    QVERIFY(run.commit());
    QCOMPARE(kept(), 0);
    run.store.save({page});
    QVERIFY(run.commit());
    run.store.remove({page.key});
    QVERIFY(run.commit());
    QCOMPARE(kept(), 0);
}

void TestHistoryStore::aReplyThatIsNoLongerReadableIsKept()
{
    fill(1);
    {
        const Connection tamper(file());
        QVERIFY(tamper.ask(u"UPDATE reply SET body = 'no longer'"_s).toBool());
    }
    for (int i = 0; i < 2; ++i) {
        Run run(file());
        QVERIFY(run.open());
        const TaskRecord &one = run.records.first();
        QVERIFY(!one.snapshot && !one.reply);
        QCOMPARE(one.strangeReply->body.whole(), "no longer");
        QCOMPARE(one.outcome, Outcome::Running);
        run.store.save({one});
        QVERIFY(run.commit());
    }
}

void TestHistoryStore::damagedRowsDoNotHideTheOthers()
{
    fill(5);
    {
        const Connection tamper(file());
        QVERIFY(tamper.ask(u"UPDATE task SET outcome = 'odd' WHERE id = 1"_s).toBool());
        QVERIFY(tamper.ask(u"UPDATE task SET server = 'odd' WHERE id = 2"_s).toBool());
        // Says of itself that it unpacks to 4 GB.
        QVERIFY(
            tamper.ask(u"UPDATE reply SET compressed = 1, body = x'ffffffff00' WHERE task_id = 3"_s)
                .toBool());
        QVERIFY(tamper.ask(u"UPDATE reply SET compressed = 1, body = x'0000' WHERE task_id = 4"_s)
                    .toBool());
    }
    Run run(file());
    QVERIFY(run.open());
    QCOMPARE(run.records.size(), 4);
    QCOMPARE(run.find(u"0"_s)->outcome, Outcome::Checking);
    QVERIFY(!run.find(u"2"_s)->snapshot);
    QVERIFY(!run.find(u"3"_s)->snapshot);
    QVERIFY(run.find(u"4"_s)->snapshot);
    QCOMPARE(run.errors.size(), 1);
    QCOMPARE(run.errors.first().kind, Kind::Partly);
}

void TestHistoryStore::filesAreClosedToOthers()
{
    const mode_t before = ::umask(0);
    Run run(file());
    const bool opened = run.open();
    run.store.save({record(u"a"_s)});
    const bool committed = run.commit();
    ::umask(before);
    QVERIFY(opened && committed);
    for (const char *suffix : {"", "-wal", "-shm"}) {
        struct stat info {
        };
        QCOMPARE(::stat((file().toLocal8Bit() + suffix).constData(), &info), 0);
        QCOMPARE(info.st_mode & 0777U, 0600U);
    }
}

void TestHistoryStore::theFixtureOfEachVersionOpens_data()
{
    QTest::addColumn<int>("version");
    for (int version = 1; version <= HistorySchema::currentVersion; ++version)
        QTest::addRow("%d", version) << version;
}

void TestHistoryStore::theFixtureOfEachVersionOpens()
{
    QFETCH(const int, version);
    QVERIFY(QFile::copy(testDataPath(u"history/v%1.db"_s.arg(version)), file()));
    QVERIFY(QFile::setPermissions(file(), QFileDevice::ReadOwner | QFileDevice::WriteOwner));
    Run run(file());
    QVERIFY(run.open());
    QCOMPARE(run.errors, QList<HistoryError>());
    QCOMPARE(run.records.size(), 2);
    const TaskRecord &one = run.records.at(0);
    QCOMPARE(one.key.server.text(), u"6a1c0a52-7e56-4dd6-9c52-0d1b1a3f3c11"_s);
    QCOMPARE(one.key.task.text(), u"5d2c7f4e-2f5b-4b1c-9d31-0c3f6e8f7a10"_s);
    QCOMPARE(one.label, u"iREC „4“"_s);
    QVERIFY(one.paused && one.expired && one.confirmed);
    QCOMPARE(one.outcome, Outcome::CompletedWithProblems);
    QCOMPARE(one.watchedSince, at(1));
    QCOMPARE(one.changedAt, at(2));
    QCOMPARE(one.checkedAt, at(3));
    QCOMPARE(one.endedAt, at(4));
    QCOMPARE(one.snapshot->action, u"Publish policy"_s);
    QCOMPARE(one.snapshot->percent, 100);
    QCOMPARE(one.reply->httpStatus, 200);
    QCOMPARE(one.reply->duration, 42ms);
    QCOMPARE(one.reply->headers.list().size(), 1);
    QCOMPARE(one.reply->headers.list().constFirst().second, "application/json");
    QCOMPARE(run.records.at(1).outcome, Outcome::Checking);
    QVERIFY(!run.records.at(1).reply);
    QCOMPARE(one.endWitnessed, version >= 2);
    QCOMPARE(one.snapshot->steps.size(), version >= 4 ? 1U : 0U);
    if (version >= 4)
        QVERIFY(one.snapshot->steps.front().startedAt == at(6)
                && one.snapshot->steps.front().startSeen);
    // What an older version wrote, is found by now, too.
    run.store.search(u"publish"_s);
    QTRY_COMPARE_WITH_TIMEOUT(run.finds, 1, diskPatience);
    QCOMPARE(run.found, QList<TaskKey>{one.key});
    QCOMPARE(one.note, version >= 3 ? u"Asked Anna\nand Ben"_s : QString());
    QCOMPARE(one.tags, version >= 3 ? (QStringList{u"iREC"_s, u"two words"_s}) : QStringList());
    QVERIFY(one.pinned == (version >= 3) && one.muted == (version >= 3)
            && one.acknowledged == (version >= 3));
    QCOMPARE(one.troubles.size(), version >= 4 ? 1 : 0);
    if (version >= 4)
        QCOMPARE(one.troubles.first(), (TroublePeriod{PollError::Kind::Unreachable, at(7), at(8)}));
    // Made anew when an older version's is read, and told where they do not fit.
    QCOMPARE(one.quietFor, version >= 6 ? 12min : 0min);
    QCOMPARE(bool(one.strangeReply), version >= 6);
    if (version >= 6) {
        QCOMPARE(one.strangeReply->httpStatus, 502);
        QCOMPARE(one.strangeReply->body.whole(), QByteArray("<p>Bad gateway</p>"));
    }
    const Connection look(file());
    for (const auto sql : {"SELECT count(*) FROM task WHERE task_sum IS NULL"_L1,
                           "SELECT count(*) FROM reply WHERE reply_sum IS NULL"_L1})
        QTRY_COMPARE_WITH_TIMEOUT(look.ask(sql).toInt(), 0, diskPatience);
    QCOMPARE(one.notified, version >= 3 ? std::optional(Outcome::Failed) : std::nullopt);
    const TaskRecord &other = run.records.at(1);
    QVERIFY(other.note.isEmpty() && other.tags.isEmpty() && !other.pinned && !other.muted
            && !other.acknowledged && !other.notified);
}

void TestHistoryStore::aDamagedFileIsSetAside_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("text") << QByteArray("this is no database");
    QTest::newRow("zeros") << QByteArray(8192, '\0');
    init(); // not yet called, if this is run alone
    fill(50);
    QByteArray cut = bytesOf(file());
    cut.truncate(cut.size() / 2);
    QTest::newRow("cut off") << cut;
    QByteArray overwritten = bytesOf(file());
    for (qsizetype i = 4096; i < overwritten.size(); ++i)
        overwritten[i] = char(i * 7);
    QTest::newRow("overwritten pages") << overwritten;
}

void TestHistoryStore::aDamagedFileIsSetAside()
{
    QFETCH(QByteArray, bytes);
    put(file(), bytes);
    {
        Run run(file());
        QVERIFY(run.open());
        QVERIFY(run.records.size() <= 50);
        QCOMPARE(run.errors.size(), 1);
        QCOMPARE(run.errors.first().kind, Kind::Damaged);
        const QStringList kept = QDir(m_dir->path()).entryList({u"history.db.damaged-*"_s});
        QCOMPARE(kept.size(), 1);
        QVERIFY2(run.errors.first().nextStep.contains(kept.first()),
                 qPrintable(run.errors.first().nextStep));
        QCOMPARE(bytesOf(m_dir->filePath(kept.first())), bytes);
        run.store.save({record(u"new"_s)});
        QVERIFY(run.commit());
    }
    Run run(file());
    QVERIFY(run.open());
    QVERIFY(run.errors.isEmpty());
    QVERIFY(run.find(u"new"_s));
}

void TestHistoryStore::foreignAndNewerFilesAreLeftAlone_data()
{
    QTest::addColumn<QStringList>("sql");
    QTest::addColumn<int>("kind");
    QTest::newRow("another program's mark")
        << QStringList{u"PRAGMA application_id = 42"_s} << int(Kind::Foreign);
    QTest::newRow("no mark at all")
        << QStringList{u"CREATE TABLE task (id)"_s} << int(Kind::Foreign);
    QTest::newRow("newer")
        << QStringList{u"PRAGMA application_id = %1"_s.arg(HistorySchema::applicationId),
                       u"PRAGMA user_version = %1"_s.arg(HistorySchema::currentVersion + 1)}
        << int(Kind::Newer);
}

void TestHistoryStore::foreignAndNewerFilesAreLeftAlone()
{
    QFETCH(QStringList, sql);
    QFETCH(int, kind);
    {
        const Connection other(file());
        for (const QString &statement : sql)
            QVERIFY(other.ask(statement).isValid());
    }
    const QByteArray before = bytesOf(file());
    {
        Run run(file());
        run.store.save({record(u"early"_s)});
        QVERIFY(run.open());
        QCOMPARE(run.errors.size(), 1);
        QCOMPARE(int(run.errors.first().kind), kind);
        QVERIFY(!run.errors.first().headline.isEmpty() && !run.errors.first().nextStep.isEmpty());
        run.store.save({record(u"late"_s)});
        run.store.remove({key(u"late"_s)});
        QCOMPARE(run.clock.activeTimers(), 0);
    }
    QCOMPARE(bytesOf(file()), before);
    QCOMPARE(QDir(m_dir->path()).entryList(QDir::Files), QStringList{u"history.db"_s});
}

void TestHistoryStore::aMissingFolderIsSaid()
{
    Run run(m_dir->filePath(u"missing/history.db"_s));
    QVERIFY(run.open());
    QCOMPARE(run.errors.size(), 1);
    QCOMPARE(run.errors.first().kind, Kind::NoFolder);
    QVERIFY(run.errors.first().headline.contains(u"missing"_s));
}

void TestHistoryStore::aReadOnlyHistoryIsShownAndNotKept()
{
    fill(3);
    QVERIFY(QFile::setPermissions(file(), QFileDevice::Permissions(0x4444)));
    QVERIFY(QFile::setPermissions(m_dir->path(), QFileDevice::Permissions(0x5555)));
    const QByteArray before = bytesOf(file());
    QStringList command{QCoreApplication::applicationFilePath(), u"--show"_s, file()};
    if (::getuid() == 0) // whom no mode stops
        command =
            QStringList{u"setpriv"_s, u"--reuid=65534"_s, u"--regid=65534"_s, u"--clear-groups"_s}
            + command;
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(command.takeFirst(), command);
    QVERIFY2(process.waitForFinished(), qPrintable(process.errorString()));
    const QStringList lines = QString::fromUtf8(process.readAll()).split(u'\n', Qt::SkipEmptyParts);
    QVERIFY(QFile::setPermissions(m_dir->path(), QFileDevice::Permissions(0x7700)));
    QCOMPARE(lines.size(), 4);
    QVERIFY2(lines.first().startsWith(u"failed %1 "_s.arg(int(Kind::ReadOnly))),
             qPrintable(lines.first()));
    QCOMPARE(lines.mid(1), (QStringList{u"task 0"_s, u"task 1"_s, u"task 2"_s}));
    QCOMPARE(bytesOf(file()), before);
}

void TestHistoryStore::aLockedFileIsSaid()
{
    fill(1);
    {
        const Connection other(file());
        QVERIFY(other.ask(u"PRAGMA locking_mode = EXCLUSIVE"_s).isValid());
        QVERIFY(other.ask(u"UPDATE task SET label = 'theirs'"_s).toBool());
        Run run(file());
        QVERIFY(run.open());
        QCOMPARE(run.errors.size(), 1);
        QCOMPARE(run.errors.first().kind, Kind::Locked);
    }
    Run run(file());
    QVERIFY(run.open());
    QCOMPARE(run.records.first().label, u"theirs"_s);
}

void TestHistoryStore::whatCouldNotBeWrittenIsTriedAgain()
{
    {
        Run run(file());
        QVERIFY(run.open());
        run.store.save({record(u"kept"_s), record(u"gone"_s), record(u"changed"_s)});
        QVERIFY(run.commit());
        {
            const Connection other(file());
            QVERIFY(other.ask(u"BEGIN IMMEDIATE"_s).toBool());
            run.store.remove({key(u"gone"_s), key(u"changed"_s)});
            run.store.save({record(u"new"_s)});
            run.clock.advance(HistoryStore::batchDelay);
            TaskRecord changed;
            changed.key = key(u"changed"_s); // while the batch is under way
            run.store.save({changed});
            QTRY_COMPARE_WITH_TIMEOUT(run.errors.size(), 1, diskPatience);
            QCOMPARE(run.errors.first().kind, Kind::Locked);
            QCOMPARE(run.clock.nextTimer(), std::chrono::milliseconds(HistoryStore::retryDelay));
            QVERIFY(other.ask(u"ROLLBACK"_s).toBool());
        }
        run.clock.advance(HistoryStore::retryDelay);
        QTRY_COMPARE_WITH_TIMEOUT(run.saves, 2, diskPatience);
        QCOMPARE(run.errors.size(), 1);
    }
    Run run(file());
    QVERIFY(run.open());
    QCOMPARE(run.records.size(), 3);
    QVERIFY(run.find(u"kept"_s) && run.find(u"new"_s) && run.find(u"changed"_s));
    QVERIFY(!run.find(u"changed"_s)->reply);
}

void TestHistoryStore::savedTasksSurviveAKill()
{
    QRandomGenerator random(3);
    for (int round = 0; round < 2; ++round) {
        QProcess writer;
        writer.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        writer.start(QCoreApplication::applicationFilePath(), {u"--write"_s, file()});
        QVERIFY2(writer.waitForStarted(), qPrintable(writer.errorString()));
        int promised = 0;
        const int enough = 400 + 200 * int(random.bounded(3));
        while (promised < enough) {
            QVERIFY(writer.canReadLine() || writer.waitForReadyRead());
            while (writer.canReadLine())
                promised = writer.readLine().trimmed().toInt();
        }
        writer.kill(); // SIGKILL
        QVERIFY(writer.waitForFinished());
        while (writer.canReadLine())
            promised = writer.readLine().trimmed().toInt();
        {
            const Connection look(file());
            QCOMPARE(look.ask(u"PRAGMA integrity_check"_s).toString(), u"ok"_s);
            QVERIFY(look.ask(u"SELECT count(*) FROM task"_s).toInt() >= promised);
        }
        Run run(file());
        QVERIFY(run.open());
        QVERIFY(run.errors.isEmpty());
        QVERIFY(run.records.size() >= promised);
        for (const TaskRecord &one : std::as_const(run.records))
            QVERIFY(one.snapshot
                    && one.snapshot->resultText.startsWith(one.key.task.text().toLatin1()));
    }
}

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    if (const auto status = HistoryProbe::run(QCoreApplication::arguments()))
        return *status;
    TestHistoryStore test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_historystore.moc"
