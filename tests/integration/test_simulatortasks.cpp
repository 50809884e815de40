#include "simulatorfixture.h"

#include <QJsonArray>
#include <QSet>
#include <QTest>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

/// The lives of simulated tasks, in every dialect: what tests of our client may rely on.
class TestSimulatorTasks : public SimulatorFixture
{
    Q_OBJECT

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }
    void aDeployedTaskRunsItsLife();
    void anOldServerSendsStatusesOnly();
    void theDocumentedDialectSaysDone();
    void repliesBetweenTwoChangesAreTheSameBytes();
    void everyScriptEndsAsItsTruthSays_data();
    void everyScriptEndsAsItsTruthSays();
    void aDocumentedTaskIsDoneWithoutAResult();
    void aFailedStepIsNamed();
    void aRestartForgetsEverything();
    void largeJsonIsPackedForThoseWhoAcceptIt();
    void aBigResultArrivesWhole();
    void thousandsStartAtOnce();
};

void TestSimulatorTasks::aDeployedTaskRunsItsLife()
{
    const TaskId id = m_simulator->start(Script::Normal);
    const Answer first = askTask(id);
    QCOMPARE(first.status, 200);
    QCOMPARE(first.headers.value("content-type"), "application/json; charset=utf-8");
    const QJsonObject begun = first.json();
    QCOMPARE(begun["taskId"_L1].toString(), id.text());
    QCOMPARE(begun["statuses"_L1].toArray(), QJsonArray());
    QVERIFY(!begun.contains("done"_L1) && !begun.contains("result"_L1)
            && !begun.contains("error"_L1));
    QCOMPARE(begun["info"_L1]["started"_L1].toBool(), true);
    QCOMPARE(begun["info"_L1]["progress"_L1].toInt(), 0);
    QCOMPARE(m_simulator->truth(id).now, Outcome::Running);
    QCOMPARE(m_simulator->truth(id).endsIn, std::optional<milliseconds>(30s));

    m_clock->advance(10s);
    const QJsonObject info = askTask(id).json()["info"_L1].toObject();
    QCOMPARE(info["message"_L1].toString(), u"Create token"_s);
    QCOMPARE(info["steps"_L1][0]["completed"_L1].toBool(), true);
    QCOMPARE(info["steps"_L1][1]["progress"_L1].toInt(), 50);
    QCOMPARE(info["steps"_L1][2]["started"_L1].toBool(), false);
    QCOMPARE(qint64(info["steps"_L1][0]["stopDate"_L1].toDouble()),
             qint64(info["startDate"_L1].toDouble()) + 4000);

    m_clock->advance(20s);
    const QJsonObject ended = askTask(id).json();
    QCOMPARE(ended["info"_L1]["completed"_L1].toBool(), true);
    QCOMPARE(ended["info"_L1]["progress"_L1].toInt(), 100);
    QCOMPARE(ended["result"_L1]["tokenId"_L1].toString(), u"0.0.48171"_s);
    QCOMPARE(m_simulator->truth(id).now, Outcome::Completed);
    QVERIFY(!m_simulator->truth(id).endsIn);
    QCOMPARE(m_simulator->requestsOf(id), 3);
    QCOMPARE(m_simulator->requestsWith(m_token), 3);
    QCOMPARE(m_simulator->connections(), 1);
}

void TestSimulatorTasks::anOldServerSendsStatusesOnly()
{
    make({.dialect = SimDialect::Old});
    const TaskId id = m_simulator->start(Script::Normal);
    m_clock->advance(5s);
    const QJsonObject task = askTask(id).json();
    QVERIFY(!task.contains("info"_L1));
    QCOMPARE(task["expectation"_L1].toInt(), 5);
    const QJsonArray expected{
        QJsonObject{{u"message"_s, u"Resolve Hedera account"_s}, {u"type"_s, u"Processing"_s}},
        QJsonObject{{u"message"_s, u"Resolve Hedera account"_s}, {u"type"_s, u"Completed"_s}},
        QJsonObject{{u"message"_s, u"Create token"_s}, {u"type"_s, u"Processing"_s}}};
    QCOMPARE(task["statuses"_L1].toArray(), expected);
}

void TestSimulatorTasks::theDocumentedDialectSaysDone()
{
    make({.dialect = SimDialect::Documented, .apiPaths = {QString()}});
    QCOMPARE(m_simulator->apiRoot(), m_simulator->siteUrl());
    const TaskId id = m_simulator->start(Script::Normal);
    m_clock->advance(20s);
    const QJsonObject task = askTask(id).json();
    QCOMPARE(task.keys(), (QStringList{u"action"_s, u"done"_s, u"error"_s, u"result"_s, u"steps"_s,
                                       u"taskId"_s}));
    QCOMPARE(task["done"_L1], QJsonValue(false));
    QVERIFY(task["error"_L1].isNull() && task["result"_L1].isNull());
    QCOMPARE(task["steps"_L1].toArray().size(), 2);
    QCOMPARE(task["steps"_L1][1]["message"_L1].toString(), u"Create token"_s);
    m_clock->advance(10s);
    const QJsonObject ended = askTask(id).json();
    QCOMPARE(ended["done"_L1], QJsonValue(true));
    QCOMPARE(ended["steps"_L1].toArray().size(), 5);
    QVERIFY(ended["result"_L1].isObject());
}

void TestSimulatorTasks::repliesBetweenTwoChangesAreTheSameBytes()
{
    const TaskPlan plan = makePlan(Script::Nested);
    const SimTaskFacts facts{u"id"_s, u"user"_s, m_clock->now().wall, 1};
    for (const auto dialect : {SimDialect::Documented, SimDialect::Deployed, SimDialect::Old}) {
        for (milliseconds at{0}; at < 6min; at += 700ms) {
            const auto change = lastChange(plan, at);
            QVERIFY(change <= at);
            QCOMPARE(lastChange(plan, change), change);
            QCOMPARE(taskReply(plan, facts, at, dialect), taskReply(plan, facts, change, dialect));
        }
    }
}

void TestSimulatorTasks::everyScriptEndsAsItsTruthSays_data()
{
    QTest::addColumn<Script>("script");
    QTest::addColumn<Outcome>("eventual");
    const QHash<Script, Outcome> others{{Script::Failing, Outcome::Failed},
                                        {Script::FailingText, Outcome::Failed},
                                        {Script::FailingNested, Outcome::Failed},
                                        {Script::Problems, Outcome::CompletedWithProblems},
                                        {Script::Stalled, Outcome::Stalled},
                                        {Script::EndlessFalsy, Outcome::Stalled},
                                        {Script::NeverEnding, Outcome::Running},
                                        {Script::ForgottenEarly, Outcome::OutcomeUnknown}};
    for (const Script script : allScripts())
        QTest::newRow(qPrintable(scriptName(script)))
            << script << others.value(script, Outcome::Completed);
}

void TestSimulatorTasks::everyScriptEndsAsItsTruthSays()
{
    QFETCH(Script, script);
    QFETCH(Outcome, eventual);
    QCOMPARE(scriptOfName(scriptName(script)), std::optional(script));
    if (script == Script::BigResult)
        return; // has a test of its own
    const TaskId id = m_simulator->start(script);
    QCOMPARE(m_simulator->truth(id).eventual, eventual);
    const SimTruth begun = m_simulator->truth(id);
    QCOMPARE(begun.now, script == Script::LongWait ? Outcome::Waiting : Outcome::Running);
    m_clock->advance(begun.endsIn.value_or(1h));

    const QJsonObject task = askTask(id).json();
    const QJsonValue result = task["result"_L1];
    const SimTruth truth = m_simulator->truth(id);
    QCOMPARE(truth.known, script != Script::ForgottenEarly);
    switch (eventual) {
    case Outcome::Completed:
        QVERIFY(!result.isNull() && !result.isUndefined());
        QCOMPARE(truth.now, eventual);
        break;
    case Outcome::CompletedWithProblems:
        QCOMPARE(result["isValid"_L1], QJsonValue(false));
        QCOMPARE(truth.now, eventual);
        break;
    case Outcome::Failed:
        QVERIFY(!task["error"_L1].isNull() && !task["error"_L1].isUndefined());
        QVERIFY(!task.contains("result"_L1));
        QCOMPARE(truth.now, eventual);
        break;
    case Outcome::OutcomeUnknown:
        QVERIFY(task.isEmpty());
        break;
    case Outcome::Running:
    case Outcome::Stalled:
        QVERIFY(result.isUndefined() && task["error"_L1].isUndefined());
        QCOMPARE(truth.now, Outcome::Running);
        break;
    case Outcome::Checking:
    case Outcome::Waiting:
    case Outcome::NotFound:
    case Outcome::Unreadable:
        QFAIL("no such end");
    }
}

void TestSimulatorTasks::aDocumentedTaskIsDoneWithoutAResult()
{
    make({.dialect = SimDialect::Documented});
    const TaskId id = m_simulator->start(Script::EndlessFalsy);
    m_clock->advance(1min);
    const QJsonObject task = askTask(id).json();
    QCOMPARE(task["done"_L1], QJsonValue(true));
    QVERIFY(task["result"_L1].isNull());
    QCOMPARE(m_simulator->truth(id).now, Outcome::Completed);
}

void TestSimulatorTasks::aFailedStepIsNamed()
{
    const TaskId loud = m_simulator->start(Script::Failing);
    const TaskId quiet = m_simulator->start(Script::FailingText);
    m_clock->advance(10min);
    const QJsonObject task = askTask(loud).json();
    QCOMPARE(task["error"_L1]["message"_L1].toString(), u"INSUFFICIENT_PAYER_BALANCE"_s);
    QCOMPARE(m_simulator->truth(loud).step, u"Create topics"_s);
    const QJsonArray steps = task["info"_L1]["steps"_L1].toArray();
    const auto failed = std::find_if(steps.begin(), steps.end(), [](const QJsonValue &step) {
        return step["failed"_L1].toBool();
    });
    QVERIFY(failed != steps.end());
    QCOMPARE((*failed)["name"_L1].toString(), u"Create policy"_s);
    QCOMPARE((*failed)["steps"_L1][0]["error"_L1]["message"_L1].toString(),
             u"INSUFFICIENT_PAYER_BALANCE"_s);
    QCOMPARE((*failed)["steps"_L1][0]["completed"_L1].toBool(), true);

    const QJsonObject other = askTask(quiet).json();
    QVERIFY(other["error"_L1].isString());
    QCOMPARE(other["info"_L1]["failed"_L1].toBool(), false);
    QCOMPARE(other["info"_L1]["completed"_L1].toBool(), false);
}

void TestSimulatorTasks::aRestartForgetsEverything()
{
    const TaskId running = m_simulator->start(Script::Nested);
    const TaskId ended = m_simulator->start(Script::Quick);
    m_clock->advance(5s);
    QVERIFY(!askTask(running).body.isEmpty());
    const quint16 port = m_simulator->port();
    m_simulator->restart();
    QCOMPARE(m_simulator->port(), port);
    QCOMPARE(askTask(running).status, 200);
    QCOMPARE(askTask(running).body, QByteArray());
    QCOMPARE(m_simulator->truth(running).eventual, Outcome::OutcomeUnknown);
    QCOMPARE(m_simulator->truth(ended).eventual, Outcome::Completed);
    QVERIFY(!m_simulator->truth(ended).known);
}

void TestSimulatorTasks::largeJsonIsPackedForThoseWhoAcceptIt()
{
    const TaskId id = m_simulator->start(Script::Nested);
    const auto url = api(u"tasks/"_s + id.text());
    const Answer unpacked = askTask(id); // by Qt's client, which asks for it and unpacks
    QCOMPARE(unpacked.json()["taskId"_L1].toString(), id.text());
    QNetworkRequest request(url);
    request.setRawHeader("Authorization", "Bearer " + m_token);
    request.setRawHeader("Accept-Encoding", "gzip"); // ours: then Qt leaves the body alone
    QNetworkReply *reply = m_network->get(request);
    QTRY_VERIFY(reply->isFinished());
    const Answer packed = read(reply);
    QCOMPARE(packed.headers.value("content-encoding"), "gzip");
    QVERIFY(packed.body.startsWith("\x1f\x8b"));
    QVERIFY(packed.body.size() < unpacked.body.size() / 2);
    m_simulator->front().setGzip(false);
    QCOMPARE(askTask(id).body, unpacked.body);
}

void TestSimulatorTasks::aBigResultArrivesWhole()
{
    ScriptOptions look;
    look.resultBytes = 3'000'000;
    m_simulator->front().setGzip(false);
    const TaskId id = m_simulator->start(makePlan(Script::BigResult, look));
    m_clock->advance(1min);
    const Answer answer = askTask(id);
    QVERIFY(answer.body.size() > 3'000'000);
    QVERIFY(answer.json()["result"_L1].toArray().size() > 10'000);
}

void TestSimulatorTasks::thousandsStartAtOnce()
{
    const auto ids = m_simulator->startMany(10'000);
    QCOMPARE(QSet<TaskId>(ids.begin(), ids.end()).size(), 10'000);
    m_clock->advance(5s);
    QCOMPARE(askTask(ids[9'999]).json()["taskId"_L1].toString(), ids[9'999].text());
    m_clock->advance(10min);
    for (const TaskId &id : ids)
        QCOMPARE(m_simulator->truth(id).now, Outcome::Completed);
}

QTEST_GUILESS_MAIN(TestSimulatorTasks)
#include "test_simulatortasks.moc"
