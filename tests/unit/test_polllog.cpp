#include "manualclock.h"
#include "pollmaker.h"
#include "task/polllog.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// The rings of the last polls, of a task and of a server.
class TestPollLog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void entriesTellWhatEachPollGave();
    void anAnswerAboutAnotherTaskIsNoNewsOfThisOne();
    void theRingsKeepTheLast();
    void serversAreApart();
    void aForgottenTaskLeavesTheServersLogAlone();
};

void TestPollLog::entriesTellWhatEachPollGave()
{
    ManualClock clock;
    const TaskKey key{ServerId::create(), TaskId(u"t"_s)};
    PollLog log;
    PollOutcome slow =
        PollMaker::readable(key, clock.now(), PollMaker::snapshot(TaskPhase::Running));
    slow.duration = 1234ms;
    PollOutcome dead = PollMaker::trouble(key, clock.now(), PollError::Kind::Timeout);
    dead.httpStatus = 0;
    log.append({slow, PollMaker::unchanged(key, clock.now())});
    log.append({dead});
    for (const QList<PollLogEntry> &entries : {log.entries(key), log.serverEntries(key.server)}) {
        QCOMPARE(entries.size(), 3);
        QCOMPARE(entries.at(0).key, key);
        QCOMPARE(entries.at(0).at, clock.now().wall);
        QCOMPARE(entries.at(0).duration, 1234ms);
        QCOMPARE(entries.at(0).httpStatus, 200);
        QCOMPARE(entries.at(0).words(), u"Running"_s);
        QVERIFY(entries.at(1).unchanged);
        QCOMPARE(entries.at(1).words(), u"No change"_s);
        QCOMPARE(entries.at(2).error->kind, PollError::Kind::Timeout);
        QCOMPARE(entries.at(2).httpStatus, 0);
        QCOMPARE(entries.at(2).words(), u"The server did not answer in time."_s);
    }
    for (const TaskPhase phase : {TaskPhase::Waiting, TaskPhase::Completed, TaskPhase::Failed}) {
        PollLogEntry entry;
        entry.phase = phase;
        QVERIFY(!entry.words().isEmpty());
    }
}

void TestPollLog::anAnswerAboutAnotherTaskIsNoNewsOfThisOne()
{
    ManualClock clock;
    const TaskKey key{ServerId::create(), TaskId(u"t"_s)};
    TaskSnapshot other = PollMaker::snapshot(TaskPhase::Running);
    other.taskId = TaskId(u"other"_s);
    TaskSnapshot own = other;
    own.taskId = TaskId(u"T"_s); // servers differ in case
    PollLog log;
    log.append({PollMaker::readable(key, clock.now(), other),
                PollMaker::unchanged(key, clock.now()),
                PollMaker::trouble(key, clock.now(), PollError::Kind::Timeout),
                PollMaker::unchanged(key, clock.now()), PollMaker::readable(key, clock.now(), own),
                PollMaker::unchanged(key, clock.now())});
    QStringList words;
    for (const PollLogEntry &entry : log.entries(key))
        words += entry.words();
    QCOMPARE(words, (QStringList{u"The answer is not a task."_s, u"The answer is not a task."_s,
                                 u"The server did not answer in time."_s,
                                 u"The answer is not a task."_s, u"Running"_s, u"No change"_s}));
    QVERIFY(log.entries(key).constFirst().error->detail.contains(u"other"_s));
}

void TestPollLog::theRingsKeepTheLast()
{
    ManualClock clock;
    const ServerId server = ServerId::create();
    PollLog log;
    for (int i = 0; i < 5100; ++i) {
        clock.advance(1ms);
        log.append({PollMaker::unchanged({server, TaskId(QString::number(i % 2))}, clock.now())});
    }
    const QList<PollLogEntry> task = log.entries({server, TaskId(u"1"_s)});
    QCOMPARE(task.size(), 20);
    QCOMPARE(task.last().at, clock.now().wall);
    QCOMPARE(task.first().at, clock.now().wall.addMSecs(-38));
    const QList<PollLogEntry> all = log.serverEntries(server);
    QCOMPARE(all.size(), 5000);
    QCOMPARE(all.last().at, clock.now().wall);
    QCOMPARE(all.first().at, clock.now().wall.addMSecs(-4999));
}

void TestPollLog::serversAreApart()
{
    const TaskKey one{ServerId::create(), TaskId(u"t"_s)};
    const TaskKey two{ServerId::create(), TaskId(u"t"_s)};
    PollLog log;
    log.append({PollMaker::unchanged(one, ManualClock().now())});
    QCOMPARE(log.entries(one).size(), 1);
    QVERIFY(log.entries(two).isEmpty());
    QVERIFY(log.serverEntries(two.server).isEmpty());
}

void TestPollLog::aForgottenTaskLeavesTheServersLogAlone()
{
    const TaskKey key{ServerId::create(), TaskId(u"t"_s)};
    PollLog log;
    log.append({PollMaker::unchanged(key, ManualClock().now())});
    log.forget({key});
    QVERIFY(log.entries(key).isEmpty());
    QCOMPARE(log.serverEntries(key.server).size(), 1);
}

QTEST_GUILESS_MAIN(TestPollLog)
#include "test_polllog.moc"
