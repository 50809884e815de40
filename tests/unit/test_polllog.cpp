#include "manualclock.h"
#include "pollmaker.h"
#include "task/polllog.h"

#include <QRandomGenerator>
#include <QTest>

#include <deque>

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
    void linesComeBackAsTheyWere();
    void anOutagesTroubleIsHeldOnce();
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

/// Against a plain ring: clocks that jump either way, any status, all kinds of answers.
void TestPollLog::linesComeBackAsTheyWere()
{
    QRandomGenerator random(20261129);
    const auto troubleOf = [](int number) {
        PollError error = PollMaker::error(PollError::Kind::ServerError);
        error.detail = QString::number(number);
        return error;
    };
    for (int run = 0; run < 200; ++run) {
        const auto most = quint16(random.bounded(1, 25));
        PollLines lines;
        std::deque<PollLine> plain;
        qint64 now = 1'770'000'000'000;
        for (int i = 0; i < 60; ++i) {
            now += random.bounded(8) == 0 ? qint64(random.generate()) - (qint64{1} << 31)
                                          : random.bounded(20'000);
            PollLine line;
            line.at = now;
            line.duration =
                random.bounded(3) == 0 ? qint32(random.generate() >> 1U) : random.bounded(200);
            line.httpStatus = qint16(random.bounded(2) == 0 ? 200 : random.bounded(1000));
            line.phase = qint8(random.bounded(5) - 1);
            line.foreign = random.bounded(4) == 0;
            if (random.bounded(3) == 0)
                line.trouble = new PollLine::Trouble(troubleOf(random.bounded(2)));
            lines.append(line, most);
            plain.push_back(line);
            if (plain.size() > most)
                plain.pop_front();
            QCOMPARE(lines.isForeign(), line.foreign);
            const std::vector<PollLine> all = lines.all();
            QCOMPARE(all.size(), plain.size());
            for (std::size_t j = 0; j < all.size(); ++j) {
                QCOMPARE(all[j].at, plain[j].at);
                QCOMPARE(all[j].duration, plain[j].duration);
                QCOMPARE(all[j].httpStatus, plain[j].httpStatus);
                QCOMPARE(all[j].phase, plain[j].phase);
                QCOMPARE(all[j].foreign, plain[j].foreign);
                QCOMPARE(bool(all[j].trouble), bool(plain[j].trouble));
                if (all[j].trouble)
                    QCOMPARE(all[j].trouble->error, plain[j].trouble->error);
            }
        }
    }
}

void TestPollLog::anOutagesTroubleIsHeldOnce()
{
    PollLines lines;
    for (int i = 0; i < 3; ++i) {
        PollLine line;
        line.trouble = new PollLine::Trouble(PollMaker::error(PollError::Kind::Timeout));
        lines.append(line, 20);
    }
    const std::vector<PollLine> all = lines.all();
    QCOMPARE(all.at(2).trouble.data(), all.at(0).trouble.data());
}

QTEST_GUILESS_MAIN(TestPollLog)
#include "test_polllog.moc"
