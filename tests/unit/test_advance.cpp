#include "manualclock.h"
#include "pollmaker.h"
#include "task/advance.h"

#include <QRandomGenerator>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

using Kind = PollError::Kind;

/// What becomes of a belief with each poll: design.md, "States".
class TestAdvance : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void theFirstAnswerTellsWhatTheTaskIs_data();
    void theFirstAnswerTellsWhatTheTaskIs();
    void anUnchangedAnswerTouchesOnlyTheTimes();
    void theSameFactsInOtherBytesAreNoChange();
    void readableAnswersEndTrouble();
    void theSecondFinalAnswerConfirms_data();
    void theSecondFinalAnswerConfirms();
    void aFinalStateIsNeverReplacedByARunningOne_data();
    void aFinalStateIsNeverReplacedByARunningOne();
    void ofTwoFinalAnswersTheLaterRequestCounts();
    void ofRunningOnesTheNewerTimestampWins();
    void withoutTimestampsTheLaterRequestWins();
    void stepsThatWereSeenStay();
    void emptyAnswersCountFromTheThirdOverTenSeconds_data();
    void emptyAnswersCountFromTheThirdOverTenSeconds();
    void aReadableAnswerEndsTheCountOfEmptyOnes();
    void whatComesBackIsBelievedAgain();
    void nonsenseMakesOnlyCheckingUnreadable_data();
    void nonsenseMakesOnlyCheckingUnreadable();
    void outagesChangeNothingButTrouble_data();
    void outagesChangeNothingButTrouble();
    void anAnswerAboutAnotherTaskIsTrouble();
    void theSameOddReplyIsKeptOnce();
    void itStallsAfterFiveQuietMinutes();
    void itStallsOnlyAfterThreeAnswers();
    void aUsualLongStepPutsTheStallOff();
    void troubleAndPausesAreNotQuiet();
    void sleepIsNotQuiet();
    void aChangeEndsTheStall();
    void theEndIsWitnessedOnlyIfTheBeginningWas();
    void acknowledgedEndsWhenSomethingNewNeedsAttention();
    void timesWithoutAnAnswerAreNoted();
    void resumedForgetsWhatThisRunKnew();
    void randomHistoriesKeepThePromises();

private:
    void apply(const PollOutcome &outcome) { m_record = advance(m_record, outcome, m_clock.now()); }
    void readable(TaskPhase phase, const QString &step = {}, const QByteArray &body = "body")
    {
        apply(PollMaker::readable(m_key, m_clock.now(), PollMaker::snapshot(phase, step), body));
    }
    void readable(TaskPhase phase, qint64 timestamp, const Instant &sentAt)
    {
        TaskSnapshot snapshot = PollMaker::snapshot(phase, u"t%1"_s.arg(timestamp));
        snapshot.timestamp = timestamp;
        apply(PollMaker::readable(m_key, sentAt, snapshot));
    }
    void unchanged() { apply(PollMaker::unchanged(m_key, m_clock.now())); }
    void trouble(Kind kind, const QByteArray &body = {})
    {
        apply(PollMaker::trouble(m_key, m_clock.now(), kind, body));
    }
    /// `times` unchanged answers, each a while after the last.
    void stay(int times, milliseconds each)
    {
        for (int i = 0; i < times; ++i) {
            m_clock.advance(each);
            unchanged();
        }
    }

    TaskKey m_key{ServerId::create(), TaskId(u"task"_s)};
    ManualClock m_clock;
    TaskRecord m_record;
};

void TestAdvance::init()
{
    m_record = {};
    m_record.key = m_key;
}

void TestAdvance::theFirstAnswerTellsWhatTheTaskIs_data()
{
    QTest::addColumn<int>("phase");
    QTest::addColumn<bool>("problems");
    QTest::addColumn<int>("outcome");
    const auto row = [](const char *name, TaskPhase phase, bool problems, Outcome outcome) {
        QTest::newRow(name) << int(phase) << problems << int(outcome);
    };
    row("waiting", TaskPhase::Waiting, false, Outcome::Waiting);
    row("running", TaskPhase::Running, false, Outcome::Running);
    row("running, problems mean nothing", TaskPhase::Running, true, Outcome::Running);
    row("completed", TaskPhase::Completed, false, Outcome::Completed);
    row("with problems", TaskPhase::Completed, true, Outcome::CompletedWithProblems);
    row("failed", TaskPhase::Failed, true, Outcome::Failed);
}

void TestAdvance::theFirstAnswerTellsWhatTheTaskIs()
{
    QFETCH(const int, phase);
    QFETCH(const bool, problems);
    QFETCH(const int, outcome);
    TaskSnapshot snapshot = PollMaker::snapshot(static_cast<TaskPhase>(phase));
    snapshot.verdict.hasProblems = problems;
    const PollOutcome poll = PollMaker::readable(m_key, m_clock.now(), snapshot, "b");
    for (const Outcome earlier :
         {Outcome::Checking, Outcome::NotFound, Outcome::Unreadable, Outcome::OutcomeUnknown}) {
        init();
        m_record.outcome = earlier;
        apply(poll);
        QCOMPARE(int(m_record.outcome), outcome);
        QCOMPARE(*m_record.snapshot, snapshot);
        QCOMPARE(m_record.reply, poll.reply);
        QCOMPARE(m_record.changedAt, m_clock.now().wall);
        QCOMPARE(m_record.checkedAt, m_clock.now().wall);
        QCOMPARE(m_record.endedAt.isValid(), isFinal(m_record.outcome));
        QVERIFY(!m_record.confirmed);
        QVERIFY(!m_record.expired);
    }
}

void TestAdvance::anUnchangedAnswerTouchesOnlyTheTimes()
{
    readable(TaskPhase::Running, u"A"_s);
    const TaskRecord before = m_record;
    m_clock.advance(2s);
    unchanged();
    QCOMPARE(m_record.outcome, before.outcome);
    QCOMPARE(m_record.snapshot, before.snapshot);
    QCOMPARE(m_record.reply, before.reply);
    QCOMPARE(m_record.changedAt, before.changedAt);
    QCOMPARE(m_record.checkedAt, m_clock.now().wall);
    QCOMPARE(m_record.unchangedAnswers, 1);
    QCOMPARE(m_record.quietFor, 2s);
    // Without anything to be the same as, it tells nothing.
    init();
    unchanged();
    QCOMPARE(m_record.outcome, Outcome::Checking);
}

void TestAdvance::theSameFactsInOtherBytesAreNoChange()
{
    readable(TaskPhase::Running, u"A"_s, "one");
    const TaskRecord before = m_record;
    m_clock.advance(2s);
    readable(TaskPhase::Running, u"A"_s, "one and a new member");
    QCOMPARE(m_record.snapshot, before.snapshot);
    QCOMPARE(m_record.changedAt, before.changedAt);
    QCOMPARE(m_record.unchangedAnswers, 1);
    QCOMPARE(m_record.reply->body.whole(),
             QByteArray("one and a new member")); // the raw view shows it
    const auto reply = m_record.reply;
    readable(TaskPhase::Running, u"A"_s, "one and a new member");
    QCOMPARE(m_record.reply, reply);
}

void TestAdvance::readableAnswersEndTrouble()
{
    for (const bool same : {true, false}) {
        init();
        readable(TaskPhase::Running);
        trouble(Kind::Unreadable, "<html>");
        QVERIFY(m_record.trouble);
        QVERIFY(m_record.strangeReply);
        if (same)
            unchanged();
        else
            readable(TaskPhase::Running, u"next"_s);
        QVERIFY(!m_record.trouble);
        QVERIFY(!m_record.strangeReply);
    }
}

void TestAdvance::theSecondFinalAnswerConfirms_data()
{
    QTest::addColumn<int>("second");
    QTest::newRow("unchanged bytes") << 0;
    QTest::newRow("same facts") << 1;
    QTest::newRow("other facts") << 2;
}

void TestAdvance::theSecondFinalAnswerConfirms()
{
    QFETCH(const int, second);
    readable(TaskPhase::Running);
    readable(TaskPhase::Completed);
    const QDateTime end = m_record.endedAt;
    QVERIFY(!m_record.confirmed);
    m_clock.advance(1s);
    trouble(Kind::Timeout);
    QVERIFY(!m_record.confirmed);
    if (second == 0)
        unchanged();
    else
        readable(TaskPhase::Completed, second == 1 ? QString() : u"more"_s);
    QVERIFY(m_record.confirmed);
    QCOMPARE(m_record.endedAt, end);
}

void TestAdvance::aFinalStateIsNeverReplacedByARunningOne_data()
{
    QTest::addColumn<int>("final");
    QTest::addColumn<int>("later");
    for (const TaskPhase end : {TaskPhase::Completed, TaskPhase::Failed}) {
        for (const TaskPhase later : {TaskPhase::Waiting, TaskPhase::Running})
            QTest::addRow("%d %d", int(end), int(later)) << int(end) << int(later);
    }
}

void TestAdvance::aFinalStateIsNeverReplacedByARunningOne()
{
    QFETCH(const int, final);
    QFETCH(const int, later);
    // Even when the final answer has the older timestamp.
    readable(TaskPhase::Running, 900, m_clock.now());
    readable(static_cast<TaskPhase>(final), 100, m_clock.now());
    QVERIFY(isFinal(m_record.outcome));
    const TaskRecord before = m_record;
    m_clock.advance(1s);
    readable(static_cast<TaskPhase>(later), 1000, m_clock.now());
    QCOMPARE(m_record.outcome, before.outcome);
    QCOMPARE(m_record.snapshot, before.snapshot);
    QCOMPARE(m_record.reply, before.reply);
    QCOMPARE(m_record.lastAnswer, LastAnswer::SetAside);
    // The same running answer again is not a second final one.
    unchanged();
    QCOMPARE(m_record.outcome, before.outcome);
    QVERIFY(!m_record.confirmed);
    readable(static_cast<TaskPhase>(final), 100, m_clock.now());
    QVERIFY(m_record.confirmed);
}

void TestAdvance::ofTwoFinalAnswersTheLaterRequestCounts()
{
    const Instant early = m_clock.now();
    m_clock.advance(5s);
    readable(TaskPhase::Failed, u"first"_s);
    m_clock.advance(1s);
    readable(TaskPhase::Completed);
    QCOMPARE(m_record.outcome, Outcome::Completed);
    // One that was asked for before is late, and only counts as read.
    apply(PollMaker::readable(m_key, early, PollMaker::snapshot(TaskPhase::Failed, u"late"_s)));
    QCOMPARE(m_record.outcome, Outcome::Completed);
    QVERIFY(m_record.confirmed);
}

void TestAdvance::ofRunningOnesTheNewerTimestampWins()
{
    readable(TaskPhase::Running, 500, m_clock.now());
    m_clock.advance(1s);
    readable(TaskPhase::Running, 400, m_clock.now()); // later request, older snapshot
    QCOMPARE(m_record.snapshot->timestamp.value(), 500);
    QCOMPARE(m_record.lastAnswer, LastAnswer::SetAside);
    unchanged();
    QCOMPARE(m_record.snapshot->timestamp.value(), 500);
    readable(TaskPhase::Running, 600, {m_clock.now().wall, m_clock.now().awake - 1h});
    QCOMPARE(m_record.snapshot->timestamp.value(), 600); // earlier request, newer snapshot
    QCOMPARE(m_record.lastAnswer, LastAnswer::Taken);
}

void TestAdvance::withoutTimestampsTheLaterRequestWins()
{
    const Instant early = m_clock.now();
    m_clock.advance(3s);
    const auto running = [](const QString &step) {
        return PollMaker::snapshot(TaskPhase::Running, step);
    };
    apply(PollMaker::readable(m_key, m_clock.now(), running(u"later"_s)));
    apply(PollMaker::readable(m_key, early, running(u"early"_s)));
    QCOMPARE(m_record.snapshot->currentStep, u"later"_s);
    apply(PollMaker::readable(m_key, m_clock.now(), running(u"as late"_s)));
    QCOMPARE(m_record.snapshot->currentStep, u"as late"_s);
    // An unchanged answer renews the time of the request.
    m_clock.advance(10s);
    const Instant between = m_clock.now();
    m_clock.advance(10s);
    unchanged();
    apply(PollMaker::readable(m_key, between, running(u"between"_s)));
    QCOMPARE(m_record.snapshot->currentStep, u"as late"_s);
}

/// Of a huge answer, say, only the beginning is read, and its steps come behind its result.
void TestAdvance::stepsThatWereSeenStay()
{
    const auto withSteps = [](TaskPhase phase, const QStringList &names) {
        TaskSnapshot snapshot = PollMaker::snapshot(phase);
        for (const QString &name : names) {
            snapshot.steps.emplace_back().name = name;
            snapshot.steps.back().state = StepState::Completed;
        }
        return snapshot;
    };
    const auto answer = [this](const TaskSnapshot &snapshot) {
        m_clock.advance(2s);
        apply(PollMaker::readable(m_key, m_clock.now(), snapshot));
    };
    TaskSnapshot running = withSteps(TaskPhase::Running, {u"one"_s, u"two"_s});
    running.steps.back().state = StepState::Running;
    answer(running);
    TaskSnapshot head = withSteps(TaskPhase::Completed, {});
    head.resultIsHead = true;
    answer(head);
    const Instant end = m_clock.now();
    QCOMPARE(m_record.outcome, Outcome::Completed);
    QVERIFY(m_record.snapshot->resultIsHead);
    QCOMPARE(m_record.snapshot->steps.size(), 2U);
    QCOMPARE(m_record.snapshot->steps[1].name, u"two"_s);
    QCOMPARE(m_record.snapshot->steps[1].state, StepState::Completed); // it runs no longer
    QCOMPARE(m_record.snapshot->steps[1].finishedAt, std::optional(end.wall));
    const auto before = m_record.snapshot;
    answer(head);
    QCOMPARE(m_record.snapshot, before); // the same again is no change
    QVERIFY(m_record.confirmed);
    answer(withSteps(TaskPhase::Completed, {u"three"_s})); // who names some, is believed
    QCOMPARE(m_record.snapshot->steps.size(), 1U);

    init();
    running.startedAt = m_clock.now().wall;
    answer(running);
    TaskSnapshot other = withSteps(TaskPhase::Running, {});
    other.startedAt = m_clock.now().wall; // another run of it
    answer(other);
    QVERIFY(m_record.snapshot->steps.empty());
    answer(running);
    answer(withSteps(TaskPhase::Waiting, {})); // nothing has begun
    QVERIFY(m_record.snapshot->steps.empty());
}

void TestAdvance::emptyAnswersCountFromTheThirdOverTenSeconds_data()
{
    QTest::addColumn<QList<int>>("seconds"); // of each empty answer
    QTest::addColumn<bool>("counts");
    QTest::newRow("two over an hour") << QList<int>{0, 3600} << false;
    QTest::newRow("three within nine seconds") << QList<int>{0, 4, 9} << false;
    QTest::newRow("three over ten seconds") << QList<int>{0, 1, 10} << true;
    QTest::newRow("many within nine seconds") << QList<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9} << false;
    QTest::newRow("the eleventh") << QList<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10} << true;
}

void TestAdvance::emptyAnswersCountFromTheThirdOverTenSeconds()
{
    QFETCH(const QList<int>, seconds);
    QFETCH(const bool, counts);
    const auto forget = [&] {
        const Instant start = m_clock.now();
        for (const int second : seconds) {
            m_clock.advance(start.awake + std::chrono::seconds{second} - m_clock.now().awake);
            trouble(Kind::NotKnown);
        }
    };
    forget(); // never seen
    QCOMPARE(m_record.outcome, counts ? Outcome::NotFound : Outcome::Checking);

    for (const TaskPhase phase : {TaskPhase::Waiting, TaskPhase::Running}) {
        init();
        readable(phase, u"A"_s);
        const TaskRecord before = m_record;
        forget();
        QCOMPARE(m_record.outcome, counts ? Outcome::OutcomeUnknown : before.outcome);
        QCOMPARE(m_record.snapshot, before.snapshot);
        QCOMPARE(m_record.reply, before.reply);
    }
    for (const TaskPhase phase : {TaskPhase::Completed, TaskPhase::Failed}) {
        init();
        readable(phase);
        const TaskRecord before = m_record;
        forget();
        QCOMPARE(m_record.outcome, before.outcome);
        QCOMPARE(m_record.expired, counts);
        QCOMPARE(m_record.snapshot, before.snapshot);
        QCOMPARE(m_record.changedAt, before.changedAt);
    }
    init();
    m_record.outcome = Outcome::Unreadable;
    forget();
    QCOMPARE(m_record.outcome, counts ? Outcome::NotFound : Outcome::Unreadable);
}

void TestAdvance::aReadableAnswerEndsTheCountOfEmptyOnes()
{
    readable(TaskPhase::Running);
    for (int round = 0; round < 4; ++round) { // several gateways: it flickers
        trouble(Kind::NotKnown);
        m_clock.advance(20s);
        trouble(Kind::NotKnown);
        m_clock.advance(1s);
        unchanged();
        QCOMPARE(m_record.outcome, Outcome::Running);
    }
    // What is no answer neither counts nor ends the count.
    trouble(Kind::NotKnown);
    m_clock.advance(20s);
    trouble(Kind::NotKnown);
    trouble(Kind::Timeout);
    trouble(Kind::ServerError);
    QCOMPARE(m_record.outcome, Outcome::Running);
    trouble(Kind::NotKnown);
    QCOMPARE(m_record.outcome, Outcome::OutcomeUnknown);
}

void TestAdvance::whatComesBackIsBelievedAgain()
{
    readable(TaskPhase::Running, u"A"_s);
    for (int i = 0; i < 3; ++i) {
        trouble(Kind::NotKnown);
        m_clock.advance(10s);
    }
    QCOMPARE(m_record.outcome, Outcome::OutcomeUnknown);
    unchanged();
    QCOMPARE(m_record.outcome, Outcome::Running);
    readable(TaskPhase::Completed);
    for (int i = 0; i < 3; ++i) {
        trouble(Kind::NotKnown);
        m_clock.advance(10s);
    }
    QVERIFY(m_record.expired);
    unchanged();
    QVERIFY(!m_record.expired);
    QCOMPARE(m_record.outcome, Outcome::Completed);
}

void TestAdvance::nonsenseMakesOnlyCheckingUnreadable_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("unreadable") << int(Kind::Unreadable);
    QTest::newRow("too large") << int(Kind::TooLarge);
}

void TestAdvance::nonsenseMakesOnlyCheckingUnreadable()
{
    QFETCH(const int, kind);
    for (const Outcome outcome :
         {Outcome::Checking, Outcome::Waiting, Outcome::Running, Outcome::Stalled,
          Outcome::Completed, Outcome::CompletedWithProblems, Outcome::Failed, Outcome::NotFound,
          Outcome::OutcomeUnknown, Outcome::Unreadable}) {
        init();
        m_record.outcome = outcome;
        trouble(static_cast<Kind>(kind), "<html>");
        QCOMPARE(m_record.outcome, outcome == Outcome::Checking ? Outcome::Unreadable : outcome);
        QCOMPARE(int(m_record.trouble->kind), kind);
        QCOMPARE(m_record.strangeReply->body.whole(), QByteArray("<html>"));
        QCOMPARE(m_record.checkedAt, m_clock.now().wall);
    }
}

void TestAdvance::outagesChangeNothingButTrouble_data()
{
    QTest::addColumn<int>("kind");
    for (const Kind kind :
         {Kind::SignInNeeded, Kind::NoPermission, Kind::RateLimited, Kind::ServerError,
          Kind::Timeout, Kind::Unreachable, Kind::Certificate, Kind::ForeignRedirect})
        QTest::addRow("%d", int(kind)) << int(kind);
}

void TestAdvance::outagesChangeNothingButTrouble()
{
    QFETCH(const int, kind);
    for (const bool seen : {false, true}) {
        init();
        if (seen)
            readable(TaskPhase::Running);
        const TaskRecord before = m_record;
        for (int i = 0; i < 5; ++i) {
            m_clock.advance(1min);
            trouble(static_cast<Kind>(kind));
        }
        QCOMPARE(m_record.outcome, before.outcome);
        QCOMPARE(m_record.snapshot, before.snapshot);
        QCOMPARE(m_record.changedAt, before.changedAt);
        QCOMPARE(m_record.checkedAt, before.checkedAt);
        QCOMPARE(int(m_record.trouble->kind), kind);
    }
}

void TestAdvance::anAnswerAboutAnotherTaskIsTrouble()
{
    TaskSnapshot other = PollMaker::snapshot(TaskPhase::Completed);
    other.taskId = TaskId(u"another"_s);
    apply(PollMaker::readable(m_key, m_clock.now(), other, "other"));
    QCOMPARE(m_record.outcome, Outcome::Unreadable);
    QCOMPARE(m_record.trouble->kind, Kind::Unreadable);
    QVERIFY(m_record.trouble->detail.contains(u"another task: another"_s));
    QCOMPARE(m_record.strangeReply->body.whole(), QByteArray("other"));
    QVERIFY(!m_record.snapshot);

    init();
    readable(TaskPhase::Running);
    apply(PollMaker::readable(m_key, m_clock.now(), other, "other"));
    unchanged(); // the same foreign answer
    QCOMPARE(m_record.outcome, Outcome::Running);
    QVERIFY(m_record.trouble);

    other.taskId = TaskId(u"TASK"_s); // servers may write hexadecimal digits their own way
    apply(PollMaker::readable(m_key, m_clock.now(), other));
    QCOMPARE(m_record.outcome, Outcome::Completed);
    QVERIFY(!m_record.trouble);
}

void TestAdvance::theSameOddReplyIsKeptOnce()
{
    trouble(Kind::Unreadable, "<html>");
    const auto kept = m_record.strangeReply;
    trouble(Kind::Unreadable, "<html>");
    QCOMPARE(m_record.strangeReply, kept);
    trouble(Kind::Unreadable, "<html2>");
    QVERIFY(m_record.strangeReply != kept);
}

void TestAdvance::itStallsAfterFiveQuietMinutes()
{
    for (const TaskPhase phase : {TaskPhase::Waiting, TaskPhase::Running}) {
        init();
        readable(phase);
        const Outcome told = m_record.outcome;
        const QDateTime changed = m_record.changedAt;
        stay(20, 15s);
        QCOMPARE(m_record.quietFor, 5min);
        QCOMPARE(m_record.outcome, told); // not longer than that yet
        stay(1, 1ms);
        QCOMPARE(m_record.outcome, Outcome::Stalled);
        QCOMPARE(m_record.changedAt, changed); // "no change since": still that
        stay(5, 1h);
        QCOMPARE(m_record.outcome, Outcome::Stalled);
    }
}

void TestAdvance::itStallsOnlyAfterThreeAnswers()
{
    readable(TaskPhase::Running);
    stay(2, 1h);
    QCOMPARE(m_record.outcome, Outcome::Running);
    stay(1, 1s);
    QCOMPARE(m_record.outcome, Outcome::Stalled);
}

void TestAdvance::aUsualLongStepPutsTheStallOff()
{
    readable(TaskPhase::Running);
    const auto stayUsually = [this](milliseconds each, milliseconds usual) {
        m_clock.advance(each);
        m_record =
            advance(m_record, PollMaker::unchanged(m_key, m_clock.now()), m_clock.now(), usual);
    };
    for (int i = 0; i < 20; ++i)
        stayUsually(1min, 10min);
    QCOMPARE(m_record.outcome, Outcome::Running);
    stayUsually(1ms, 10min);
    QCOMPARE(m_record.outcome, Outcome::Stalled);
    // A short one does not bring it forward.
    readable(TaskPhase::Running, u"B"_s);
    for (int i = 0; i < 5; ++i)
        stayUsually(1min, 1s);
    QCOMPARE(m_record.outcome, Outcome::Running);
}

void TestAdvance::troubleAndPausesAreNotQuiet()
{
    readable(TaskPhase::Running);
    stay(3, 1min);
    m_clock.advance(1h); // an outage
    trouble(Kind::Unreachable);
    m_clock.advance(1h);
    unchanged();
    QCOMPARE(m_record.quietFor, 3min);
    interruptWatching(m_record); // a pause
    m_clock.advance(1h);
    unchanged();
    QCOMPARE(m_record.quietFor, 3min);
    QCOMPARE(m_record.outcome, Outcome::Running);
    stay(3, 1min); // watched time goes on where it stopped
    QCOMPARE(m_record.outcome, Outcome::Stalled);
    // Trouble hides no stall, and the stall is still one afterwards.
    trouble(Kind::Timeout);
    QCOMPARE(m_record.outcome, Outcome::Stalled);
    unchanged();
    QCOMPARE(m_record.outcome, Outcome::Stalled);
}

void TestAdvance::sleepIsNotQuiet()
{
    readable(TaskPhase::Running);
    stay(3, 1s);
    m_clock.sleep(8h);
    unchanged();
    QCOMPARE(m_record.outcome, Outcome::Running);
    m_clock.setWall(m_clock.now().wall.addYears(-1)); // somebody sets the clock
    stay(3, 1s);
    QCOMPARE(m_record.outcome, Outcome::Running);
    QCOMPARE(m_record.quietFor, 6s);
}

void TestAdvance::aChangeEndsTheStall()
{
    readable(TaskPhase::Running, u"A"_s);
    stay(4, 2min);
    QCOMPARE(m_record.outcome, Outcome::Stalled);
    readable(TaskPhase::Running, u"B"_s);
    QCOMPARE(m_record.outcome, Outcome::Running);
    QCOMPARE(m_record.unchangedAnswers, 0);
    QCOMPARE(m_record.quietFor, 0ms);
    stay(4, 2min);
    QCOMPARE(m_record.outcome, Outcome::Stalled);
    readable(TaskPhase::Completed);
    QCOMPARE(m_record.outcome, Outcome::Completed);
    stay(9, 1h); // what is final never stalls
    QCOMPARE(m_record.outcome, Outcome::Completed);
}

void TestAdvance::theEndIsWitnessedOnlyIfTheBeginningWas()
{
    readable(TaskPhase::Completed);
    QVERIFY(!m_record.endWitnessed);
    init();
    readable(TaskPhase::Running);
    m_clock.advance(1min);
    readable(TaskPhase::Failed);
    QVERIFY(m_record.endWitnessed);
    QCOMPARE(m_record.endedAt, m_clock.now().wall);
}

void TestAdvance::timesWithoutAnAnswerAreNoted()
{
    readable(TaskPhase::Running, u"1"_s);
    QVERIFY(m_record.troubles.isEmpty());
    m_clock.advance(1min);
    const QDateTime from = m_clock.now().wall;
    trouble(Kind::Unreachable);
    m_clock.advance(1min);
    trouble(Kind::Unreachable);
    QCOMPARE(m_record.troubles, (QList<TroublePeriod>{{Kind::Unreachable, from, {}}}));
    m_clock.advance(1min);
    const QDateTime other = m_clock.now().wall;
    trouble(Kind::Timeout);
    m_clock.advance(1min);
    const QDateTime to = m_clock.now().wall;
    unchanged();
    const QList<TroublePeriod> both{{Kind::Unreachable, from, other}, {Kind::Timeout, other, to}};
    QCOMPARE(m_record.troubles, both);
    QCOMPARE(TroublePeriods::unpack(TroublePeriods::pack(both)), both);
    trouble(Kind::NotKnown); // an answer
    QCOMPARE(m_record.troubles, both);
    // What was not over when a run ended: nobody knows when it was.
    trouble(Kind::SignInNeeded);
    m_record.trouble.reset();
    m_record = resumed(m_record);
    trouble(Kind::SignInNeeded);
    unchanged();
    QCOMPARE(m_record.troubles.size(), 4);
    QVERIFY(!m_record.troubles.at(2).to.isValid() && m_record.troubles.at(3).to.isValid());
    QCOMPARE(TroublePeriods::unpack(TroublePeriods::pack(m_record.troubles)), m_record.troubles);
    // Nor does an answer tell that comes first in the next run.
    trouble(Kind::Timeout);
    m_record.trouble.reset();
    m_record = resumed(m_record);
    trouble(Kind::NotKnown);
    unchanged();
    QCOMPARE(m_record.troubles.size(), 5);
    QVERIFY(!m_record.troubles.constLast().to.isValid());
    trouble(Kind::NotKnown);
    trouble(Kind::Timeout);
    unchanged();
    QCOMPARE(m_record.troubles.size(), 6);
    QVERIFY(!m_record.troubles.at(4).to.isValid() && m_record.troubles.at(5).to.isValid());
    for (int i = 0; i < 40; ++i) {
        trouble(Kind::ServerError);
        unchanged();
    }
    QCOMPARE(m_record.troubles.size(), TroublePeriods::most);
    QVERIFY(TroublePeriods::unpack({u""_s, u"odd 1 2"_s, u"timeout x"_s}).isEmpty());
}

void TestAdvance::acknowledgedEndsWhenSomethingNewNeedsAttention()
{
    readable(TaskPhase::Running, u"1"_s);
    stay(4, 2min);
    QCOMPARE(m_record.outcome, Outcome::Stalled);
    m_record.acknowledged = true;
    stay(2, 2min);
    QVERIFY(m_record.acknowledged);
    // The history keeps no counts: after a restart it stands still anew, and that is nothing new.
    m_record = resumed(m_record);
    m_record.unchangedAnswers = 0;
    m_record.quietFor = 0ms;
    readable(TaskPhase::Running, u"1"_s);
    QCOMPARE(m_record.outcome, Outcome::Running);
    stay(4, 2min);
    QCOMPARE(m_record.outcome, Outcome::Stalled);
    QVERIFY(m_record.acknowledged);
    readable(TaskPhase::Running, u"2"_s);
    QVERIFY(!m_record.acknowledged);
    stay(4, 2min);
    QCOMPARE(m_record.outcome, Outcome::Stalled);
    QVERIFY(!m_record.acknowledged);
    m_record.acknowledged = true;
    for (int i = 0; i < 3; ++i) {
        m_clock.advance(6s);
        trouble(Kind::NotKnown);
    }
    QCOMPARE(m_record.outcome, Outcome::OutcomeUnknown);
    QVERIFY(!m_record.acknowledged);
    m_record.acknowledged = true;
    readable(TaskPhase::Failed);
    QCOMPARE(m_record.outcome, Outcome::Failed);
    QVERIFY(!m_record.acknowledged);
    m_record.acknowledged = true;
    readable(TaskPhase::Failed, u"again"_s);
    QVERIFY(m_record.acknowledged);
}

void TestAdvance::resumedForgetsWhatThisRunKnew()
{
    readable(TaskPhase::Running);
    stay(4, 1min);
    trouble(Kind::NotKnown);
    const TaskRecord before = std::exchange(m_record, resumed(m_record));
    QCOMPARE(m_record.emptyAnswers, 0);
    QVERIFY(!m_record.lastReadableAt);
    QCOMPARE(m_record.quietFor, 4min); // that was watched all the same
    QCOMPARE(m_record.snapshot, before.snapshot);
    // A clock with another zero does no harm.
    m_record = advance(m_record, PollMaker::unchanged(m_key, {m_clock.now().wall, 1ms}),
                       {m_clock.now().wall, 1ms});
    QCOMPARE(m_record.quietFor, 4min);
    QCOMPARE(m_record.outcome, Outcome::Running);
}

void TestAdvance::randomHistoriesKeepThePromises()
{
    QRandomGenerator random(4711);
    for (int history = 0; history < 3000; ++history) {
        init();
        int finals = 0;
        for (int step = 0; step < 40; ++step) {
            m_clock.advance(milliseconds{random.bounded(120'000)});
            const TaskRecord before = m_record;
            const int what = random.bounded(20);
            const bool late = random.bounded(10) == 0;
            const Instant sent =
                late ? Instant{m_clock.now().wall, m_clock.now().awake - 5min} : m_clock.now();
            if (what < 8) {
                TaskSnapshot snapshot = PollMaker::snapshot(
                    static_cast<TaskPhase>(random.bounded(history % 3 == 0 ? 4 : 2)),
                    QString::number(random.bounded(3)));
                if (random.bounded(2) == 0)
                    snapshot.timestamp = random.bounded(5);
                apply(PollMaker::readable(m_key, sent, snapshot));
                finals += snapshot.isFinal() ? 1 : 0;
            } else if (what < 14) {
                apply(PollMaker::unchanged(m_key, sent));
            } else {
                apply(PollMaker::trouble(m_key, sent, static_cast<Kind>(random.bounded(11))));
            }

            // A final outcome never leaves, a snapshot is never lost, an end has its time.
            QVERIFY(!isFinal(before.outcome) || isFinal(m_record.outcome));
            QVERIFY(!before.snapshot || m_record.snapshot);
            QCOMPARE(m_record.endedAt.isValid(), isFinal(m_record.outcome));
            QVERIFY(!before.endedAt.isValid() || before.endedAt == m_record.endedAt);
            QVERIFY(!before.confirmed || m_record.confirmed);
            QVERIFY(!m_record.confirmed || isFinal(m_record.outcome));
            QVERIFY(!m_record.expired || isFinal(m_record.outcome));
            QCOMPARE(isFinal(m_record.outcome), finals > 0);
            // What we believe has its grounds.
            if (m_record.snapshot)
                QVERIFY(m_record.outcome != Outcome::Checking
                        && m_record.outcome != Outcome::NotFound
                        && m_record.outcome != Outcome::Unreadable);
            else
                QVERIFY(m_record.outcome == Outcome::Checking
                        || m_record.outcome == Outcome::NotFound
                        || m_record.outcome == Outcome::Unreadable);
            if (m_record.outcome == Outcome::Stalled)
                QVERIFY(m_record.unchangedAnswers >= 3 && m_record.quietFor > 5min);
            // Trouble is there exactly if the poll told nothing.
            if (what >= 14) {
                QVERIFY(m_record.trouble);
                QCOMPARE(m_record.snapshot, before.snapshot);
            } else {
                QVERIFY(!m_record.trouble);
                QCOMPARE(m_record.checkedAt, m_clock.now().wall);
            }
            if (m_record.snapshot != before.snapshot)
                QCOMPARE(m_record.changedAt, m_clock.now().wall);
            // Timestamps of running snapshots never go back.
            if (before.snapshot && !before.snapshot->isFinal() && !m_record.snapshot->isFinal()
                && before.snapshot->timestamp && m_record.snapshot->timestamp)
                QVERIFY(*m_record.snapshot->timestamp >= *before.snapshot->timestamp);
        }
    }
}

QTEST_GUILESS_MAIN(TestAdvance)
#include "test_advance.moc"
