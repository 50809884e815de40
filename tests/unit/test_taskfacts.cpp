#include "pollmaker.h"
#include "task/taskfacts.h"
#include "task/taskjson.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

const QDateTime noon(QDate(2026, 5, 4), QTime(12, 0), Qt::UTC);

TaskStep step(const QString &name, StepState state)
{
    TaskStep made;
    made.name = name;
    made.state = state;
    return made;
}

TaskRecord recordOf(Outcome outcome, const TaskSnapshot &snapshot, const QByteArray &body = {})
{
    TaskRecord record;
    record.key.task = TaskId(u"5d2c"_s);
    record.outcome = outcome;
    record.snapshot = std::make_shared<const TaskSnapshot>(snapshot);
    record.reply = PollMaker::reply(body);
    return record;
}

} // namespace

/// Times and counts that follow from a record, and its object for `--json`.
class TestTaskFacts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theServersTimesGoFirst();
    void ourSightOfTheEndStandsInIfWeSawItCome();
    void elapsedStopsWithTheTask();
    void withoutAStartTheLeastIsTold_data();
    void withoutAStartTheLeastIsTold();
    void aKnownStartNeedsNoLeast();
    void whatWaitsHasNotBegun();
    void stepsAreCountedWithoutRemarks();
    void aStepWithoutAStartBeganWhenTheOneBeforeEnded();
    void jsonHasEveryMember();
    void jsonOfAFailedTask();
    void jsonMasksSecrets();
    void jsonOfATaskNeverSeen();
    void jsonResults_data();
    void jsonResults();
};

void TestTaskFacts::theServersTimesGoFirst()
{
    TaskSnapshot snapshot = PollMaker::snapshot(TaskPhase::Completed);
    TaskRecord record = recordOf(Outcome::Completed, snapshot);
    QVERIFY(!TaskFacts::startedAt(record));
    QVERIFY(!TaskFacts::startedAt(TaskRecord()));
    snapshot.startedAt = noon;
    snapshot.finishedAt = noon.addSecs(5);
    record = recordOf(Outcome::Completed, snapshot);
    record.endedAt = noon.addSecs(60);
    record.endWitnessed = true;
    QCOMPARE(TaskFacts::startedAt(record).value(), noon);
    QCOMPARE(TaskFacts::finishedAt(record).value(), noon.addSecs(5));
    record.outcome = Outcome::Running;
    QVERIFY(!TaskFacts::finishedAt(record));
}

void TestTaskFacts::ourSightOfTheEndStandsInIfWeSawItCome()
{
    TaskSnapshot snapshot = PollMaker::snapshot(TaskPhase::Failed);
    snapshot.startedAt = noon;
    TaskRecord record = recordOf(Outcome::Failed, snapshot);
    record.endedAt = noon.addDays(1);
    QVERIFY(!TaskFacts::finishedAt(record)); // it ended at some time before we came
    QVERIFY(!TaskFacts::elapsed(record, noon.addDays(2)));
    record.endWitnessed = true;
    QCOMPARE(TaskFacts::finishedAt(record).value(), record.endedAt);
    QCOMPARE(TaskFacts::elapsed(record, noon.addDays(2)).value(), milliseconds(24h));
}

void TestTaskFacts::elapsedStopsWithTheTask()
{
    TaskSnapshot snapshot = PollMaker::snapshot(TaskPhase::Running);
    QVERIFY(!TaskFacts::elapsed(recordOf(Outcome::Running, snapshot), noon));
    snapshot.startedAt = noon;
    TaskRecord record = recordOf(Outcome::Running, snapshot);
    QCOMPARE(TaskFacts::elapsed(record, noon.addSecs(125)).value(), milliseconds(125s));
    QCOMPARE(TaskFacts::elapsed(record, noon.addSecs(-5)).value(), 0ms); // the clocks differ
    record.outcome = Outcome::OutcomeUnknown;
    QVERIFY(!TaskFacts::elapsed(record, noon.addSecs(9)));
    record.changedAt = noon.addSecs(7);
    QCOMPARE(TaskFacts::elapsed(record, noon.addSecs(9)).value(), milliseconds(7s));
}

void TestTaskFacts::withoutAStartTheLeastIsTold_data()
{
    QTest::addColumn<Outcome>("outcome");
    QTest::addColumn<int>("watchedSince"); // all in seconds after noon
    QTest::addColumn<QList<int>>("stepEnds");
    QTest::addColumn<int>("seenEnd");   // -1: we came after it
    QTest::addColumn<int>("startedBy"); // -1: nobody knows
    QTest::addColumn<int>("atLeast");   // -1: nobody knows
    using Ends = QList<int>;
    // Now is 600 s after noon.
    QTest::newRow("no step yet") << Outcome::Waiting << 100 << Ends{} << -1 << 100 << 500;
    QTest::newRow("we came first") << Outcome::Running << 100 << Ends{130, 200} << -1 << 100 << 500;
    QTest::newRow("we came late") << Outcome::Running << 590 << Ends{130, 200} << -1 << 130 << 70;
    QTest::newRow("seen to end") << Outcome::Completed << 100 << Ends{130, 200} << 202 << 100
                                 << 102;
    QTest::newRow("seen to end, late")
        << Outcome::Failed << 190 << Ends{130, 200} << 202 << 130 << 70;
    QTest::newRow("ended before") << Outcome::Completed << 500 << Ends{130, 200} << -1 << 130 << 70;
    QTest::newRow("ended before, one step")
        << Outcome::Completed << 500 << Ends{130} << -1 << 130 << -1;
    QTest::newRow("ended before, no step") << Outcome::Completed << 500 << Ends{} << -1 << -1 << -1;
    // Its clock is an hour ahead, or behind: one duration never has both clocks in it.
    QTest::newRow("ahead") << Outcome::Completed << 100 << Ends{3730, 3800} << 202 << 100 << 102;
    QTest::newRow("behind") << Outcome::Completed << 100 << Ends{-3470, -3400} << 202 << -3470
                            << 102;
}

void TestTaskFacts::withoutAStartTheLeastIsTold()
{
    QFETCH(Outcome, outcome);
    QFETCH(int, watchedSince);
    QFETCH(QList<int>, stepEnds);
    QFETCH(int, seenEnd);
    QFETCH(int, startedBy);
    QFETCH(int, atLeast);
    TaskSnapshot snapshot = PollMaker::snapshot(TaskPhase::Running);
    snapshot.dialect = Dialect::Documented;
    for (const int end : std::as_const(stepEnds)) {
        snapshot.steps.push_back(step(u"a"_s, StepState::Completed));
        snapshot.steps.back().finishedAt = noon.addSecs(end);
    }
    TaskRecord record = recordOf(outcome, snapshot);
    record.watchedSince = noon.addSecs(watchedSince);
    record.endWitnessed = seenEnd >= 0;
    if (isFinal(outcome))
        record.endedAt = noon.addSecs(seenEnd >= 0 ? seenEnd : watchedSince);
    const auto by = TaskFacts::startedBy(record);
    QCOMPARE(by.has_value(), startedBy != -1);
    if (by)
        QCOMPARE(*by, noon.addSecs(startedBy));
    const auto span = TaskFacts::span(record, noon.addSecs(600));
    QCOMPARE(span.has_value(), atLeast >= 0);
    if (span) {
        QCOMPARE(span->length, milliseconds(std::chrono::seconds(atLeast)));
        QVERIFY(span->atLeast);
    }
    QVERIFY(!TaskFacts::startedAt(record)); // what the server said is kept apart
    QVERIFY(!TaskFacts::elapsed(record, noon.addSecs(600)));
}

void TestTaskFacts::aKnownStartNeedsNoLeast()
{
    TaskSnapshot snapshot = PollMaker::snapshot(TaskPhase::Running);
    snapshot.startedAt = noon;
    TaskRecord record = recordOf(Outcome::Running, snapshot);
    record.watchedSince = noon.addSecs(100);
    QVERIFY(!TaskFacts::startedBy(record));
    QVERIFY(TaskFacts::span(record, noon.addSecs(600))
            == (TaskFacts::Span{.length = 600s, .atLeast = false}));
    snapshot.startedAt.reset(); // a deployed server that tells none: nothing is known
    record = recordOf(Outcome::Running, snapshot);
    record.watchedSince = noon.addSecs(100);
    QVERIFY(!TaskFacts::startedBy(record));
    QVERIFY(!TaskFacts::span(record, noon.addSecs(600)));
}

void TestTaskFacts::whatWaitsHasNotBegun()
{
    TaskSnapshot snapshot = PollMaker::snapshot(TaskPhase::Waiting);
    snapshot.dialect = Dialect::Documented;
    TaskRecord record = recordOf(Outcome::Waiting, snapshot);
    record.watchedSince = noon.addSecs(100);
    QVERIFY(!TaskFacts::startedBy(record));
    QVERIFY(!TaskFacts::span(record, noon.addSecs(600)));
}

void TestTaskFacts::stepsAreCountedWithoutRemarks()
{
    using Count = TaskFacts::StepCount;
    QCOMPARE(TaskFacts::stepCount(TaskRecord()), Count{});
    TaskSnapshot snapshot = PollMaker::snapshot(TaskPhase::Running);
    snapshot.steps = {step(u"a"_s, StepState::Completed), step(u"b"_s, StepState::Skipped),
                      step(u"c"_s, StepState::Info)};
    // All told are done: nobody knows how many will come.
    QCOMPARE(TaskFacts::stepCount(recordOf(Outcome::Running, snapshot)), (Count{2, {}}));
    QCOMPARE(TaskFacts::stepCount(recordOf(Outcome::Completed, snapshot)), (Count{2, 2}));
    snapshot.steps.push_back(step(u"d"_s, StepState::Running));
    snapshot.steps.push_back(step(u"e"_s, StepState::Waiting));
    QCOMPARE(TaskFacts::stepCount(recordOf(Outcome::Running, snapshot)), (Count{2, 4}));
    snapshot.expectedSteps = 13;
    QCOMPARE(TaskFacts::stepCount(recordOf(Outcome::Running, snapshot)), (Count{2, 13}));
    snapshot.expectedSteps = 1;
    QCOMPARE(TaskFacts::stepCount(recordOf(Outcome::Running, snapshot)), (Count{2, 4}));
    snapshot.percent = 38;
    QCOMPARE(TaskFacts::percent(recordOf(Outcome::Running, snapshot)).value(), 38);
    QVERIFY(!TaskFacts::percent(TaskRecord()));
}

void TestTaskFacts::aStepWithoutAStartBeganWhenTheOneBeforeEnded()
{
    TaskStep first = step(u"a"_s, StepState::Completed);
    TaskStep second = step(u"b"_s, StepState::Completed);
    QVERIFY(!TaskFacts::length(first, nullptr));
    first.finishedAt = noon;
    second.finishedAt = noon.addSecs(5);
    QVERIFY(!TaskFacts::length(first, nullptr));
    QCOMPARE(TaskFacts::length(second, &first), 5s);
    second.finishSeen = true; // two clocks make no length
    QVERIFY(!TaskFacts::length(second, &first));
    first.finishSeen = true;
    QCOMPARE(TaskFacts::length(second, &first), 5s);
    second.startedAt = noon.addSecs(3);
    QCOMPARE(TaskFacts::length(second, &first), 2s);
    second.finishedAt.reset();
    QVERIFY(!TaskFacts::length(second, &first));
}

void TestTaskFacts::jsonHasEveryMember()
{
    TaskSnapshot snapshot = PollMaker::snapshot(TaskPhase::Running, u"Publish"_s);
    snapshot.action = u"Publish policy"_s;
    snapshot.percent = 38;
    snapshot.startedAt = noon.addMSecs(7);
    TaskStep outer = step(u"Publish"_s, StepState::Running);
    outer.percent = 40;
    outer.startedAt = noon;
    outer.steps.push_back(step(u"Inner"_s, StepState::Waiting));
    snapshot.steps = {outer};
    const QJsonObject object = taskToJson(recordOf(Outcome::Running, snapshot),
                                          QUrl(u"https://me@h/api/v1"_s), u"polling"_s);
    const QJsonObject expected = QJsonDocument::fromJson(R"({
        "server":"https://h/api/v1","taskId":"5d2c","action":"Publish policy","outcome":"running",
        "connection":"polling","percent":38,"startedAt":"2026-05-04T12:00:00.007Z",
        "finishedAt":null,"steps":[{"name":"Publish","state":"running","percent":40,
        "startedAt":"2026-05-04T12:00:00.000Z","finishedAt":null,"steps":[{"name":"Inner",
        "state":"waiting","percent":null,"startedAt":null,"finishedAt":null,"steps":[]}]}],
        "result":null,"error":null,"summary":"Publish"})")
                                     .object();
    QCOMPARE(object, expected);
}

void TestTaskFacts::jsonOfAFailedTask()
{
    TaskSnapshot snapshot = PollMaker::snapshot(TaskPhase::Failed, u"Mint"_s);
    snapshot.error =
        TaskError{u"500"_s, u"No gas"_s, R"({"code":500,"message":"No gas","password":"marker"})"};
    QJsonObject error =
        taskToJson(recordOf(Outcome::Failed, snapshot), {}, {}).value(u"error"_s).toObject();
    QCOMPARE(error.value(u"code"_s), QJsonValue(500));
    QCOMPARE(error.value(u"message"_s).toString(), u"No gas"_s);
    QCOMPARE(error.value(u"details"_s)[u"message"].toString(), u"No gas"_s);
    QVERIFY(!QJsonDocument(error).toJson().contains("marker"));

    snapshot.error = TaskError{{}, u"Only words"_s, {}};
    error = taskToJson(recordOf(Outcome::Failed, snapshot), {}, {}).value(u"error"_s).toObject();
    QCOMPARE(error, (QJsonObject{{u"code"_s, QJsonValue()},
                                 {u"message"_s, u"Only words"_s},
                                 {u"details"_s, QJsonValue()}}));
    snapshot.error = TaskError{u"E7"_s, u"Wrapped"_s, R"({"error":{"code":"E7"}})"};
    error = taskToJson(recordOf(Outcome::Failed, snapshot), {}, {}).value(u"error"_s).toObject();
    QCOMPARE(error.value(u"code"_s).toString(), u"E7"_s);
}

void TestTaskFacts::jsonMasksSecrets()
{
    TaskSnapshot snapshot = PollMaker::snapshot(TaskPhase::Completed);
    snapshot.action = u"Create random key"_s;
    snapshot.hasResult = true;
    snapshot.resultIsSecret = true;
    const QJsonObject object = taskToJson(
        recordOf(Outcome::Completed, snapshot, R"({"result":{"id":"i","key":"marker"}})"), {}, {});
    QCOMPARE(object.value(u"result"_s),
             QJsonValue(QJsonObject{{u"id"_s, u"i"_s}, {u"key"_s, u"•••"_s}}));
    QVERIFY(!QJsonDocument(object).toJson().contains("marker"));
}

void TestTaskFacts::jsonOfATaskNeverSeen()
{
    TaskRecord record;
    record.key.task = TaskId(u"x"_s);
    record.trouble = PollMaker::error(PollError::Kind::SignInNeeded);
    const QJsonObject object = taskToJson(record, QUrl(u"https://h/api/v1"_s), u"sign-in-needed"_s);
    QCOMPARE(object.value(u"outcome"_s).toString(), u"checking"_s);
    QCOMPARE(object.value(u"connection"_s).toString(), u"sign-in-needed"_s);
    QVERIFY(object.value(u"result"_s).isNull());
    QVERIFY(object.value(u"percent"_s).isNull());
    QCOMPARE(object.value(u"steps"_s), QJsonValue(QJsonArray()));
    QCOMPARE(object.size(), 12);
}

void TestTaskFacts::jsonResults_data()
{
    QTest::addColumn<QByteArray>("result");
    for (const char *result :
         {"\"65f1\"", "false", "0", "\"\"", "12.5", "[1,[2]]", R"({"a":null})"})
        QTest::newRow(result) << QByteArray(result);
}

void TestTaskFacts::jsonResults()
{
    QFETCH(const QByteArray, result);
    TaskSnapshot snapshot = PollMaker::snapshot(TaskPhase::Completed);
    snapshot.hasResult = true;
    const QJsonObject object = taskToJson(
        recordOf(Outcome::Completed, snapshot, R"({"taskId":"x","result":)" + result + '}'), {},
        {});
    QCOMPARE(object.value(u"result"_s), QJsonDocument::fromJson('[' + result + ']').array().at(0));
}

QTEST_GUILESS_MAIN(TestTaskFacts)
#include "test_taskfacts.moc"
