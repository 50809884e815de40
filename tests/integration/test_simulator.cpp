#include "guardiansimulator.h"
#include "manualclock.h"
#include "scaledclock.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSignalSpy>
#include <QSslCertificate>
#include <QSslKey>
#include <QTest>
#include <QWebSocket>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

/// What came back, when it has.
struct Answer {
    int status = 0;
    QByteArray body;
    QNetworkReply::NetworkError error = QNetworkReply::NoError;
    QHash<QByteArray, QByteArray> headers;

    [[nodiscard]] QJsonObject json() const { return QJsonDocument::fromJson(body).object(); }
};

/// The simulator over real sockets, by nothing but Qt's own client: what our client may rely on.
class TestSimulator : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void aDeployedTaskRunsItsLife();
    void anOldServerSendsStatusesOnly();
    void theDocumentedDialectSaysDone();
    void repliesBetweenTwoChangesAreTheSameBytes();
    void everyScriptEndsAsItsTruthSays_data();
    void everyScriptEndsAsItsTruthSays();
    void aDocumentedTaskIsDoneWithoutAResult();
    void aFailedStepIsNamed();
    void unknownAndForeignTasksGetAnEmptyAnswer();
    void aRestartForgetsEverything();
    void withoutATokenNothingIsTold();
    void outsideTheApiIsTheWebSite();
    void anIdMayBeAnything();
    void largeJsonIsPackedForThoseWhoAcceptIt();
    void aBigResultArrivesWhole();
    void thousandsStartAtOnce();

    void statusFaultsComeAsOftenAsAsked_data();
    void statusFaultsComeAsOftenAsAsked();
    void aFaultMayHitOneTaskOnly();
    void lateAnswersWaitForTheClock();
    void theBodyMayEndTooSoon_data();
    void theBodyMayEndTooSoon();
    void aPackedBodyThatEndsTooSoonIsNoErrorToQt();
    void truncatedJsonIsWholeHttp();
    void aDripTakesItsTime();
    void aSilentServerNeverAnswers();
    void aRedirectNamesAnotherOrigin();
    void aServerGoesDownAndComesBack();

    void aSignInGivesTokensWithClaims();
    void tokensEnd();
    void oldServersEndOtherSessions();
    void aStartingCallAnswersWithTheTask();
    void progressesListTheRunningOnes();

    void pushesGoToTheOwner();
    void oldServersBroadcastOnlyWhatIsNew();

    void theControlEndpointStartsTasksAndFaults();
    void tlsNeedsTheCertificateToBeTrusted();
    void aScaledClockRunsFaster();

private:
    void make(SimOptions options = {});
    [[nodiscard]] QNetworkReply *send(const QByteArray &verb, const QUrl &url,
                                      const QByteArray &body = {}, const QByteArray &token = {});
    [[nodiscard]] static Answer read(QNetworkReply *reply);
    /// Waits for the end of one request.
    [[nodiscard]] Answer ask(const QByteArray &verb, const QUrl &url, const QByteArray &body = {},
                             const QByteArray &token = {});
    [[nodiscard]] Answer ask(const QString &path) { return ask("GET", api(path), {}, m_token); }
    [[nodiscard]] Answer askTask(const TaskId &id) { return ask(u"tasks/"_s + id.text()); }
    [[nodiscard]] QUrl api(const QString &path) const;
    [[nodiscard]] QUrl control(const QString &order) const;

    std::unique_ptr<ManualClock> m_clock;
    std::unique_ptr<GuardianSimulator> m_simulator;
    std::unique_ptr<QNetworkAccessManager> m_network;
    QByteArray m_token;
};

void TestSimulator::make(SimOptions options)
{
    m_simulator.reset();
    m_simulator = std::make_unique<GuardianSimulator>(*m_clock, std::move(options));
    QVERIFY(m_simulator->listen());
    m_token = m_simulator->accounts().plainToken();
}

void TestSimulator::init()
{
    m_clock = std::make_unique<ManualClock>();
    m_network = std::make_unique<QNetworkAccessManager>();
    m_network->setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
    make();
}

void TestSimulator::cleanup()
{
    m_network.reset();
    m_simulator.reset();
    m_clock.reset();
}

QUrl TestSimulator::api(const QString &path) const
{
    return QUrl(m_simulator->apiRoot().toString() + u'/' + path);
}

QUrl TestSimulator::control(const QString &order) const
{
    return QUrl(m_simulator->siteUrl().toString() + u"/sim/"_s + order);
}

QNetworkReply *TestSimulator::send(const QByteArray &verb, const QUrl &url, const QByteArray &body,
                                   const QByteArray &token)
{
    QNetworkRequest request(url);
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    if (!token.isEmpty())
        request.setRawHeader("Authorization", "Bearer " + token);
    if (verb == "GET")
        return m_network->get(request);
    return m_network->sendCustomRequest(request, verb, body);
}

Answer TestSimulator::read(QNetworkReply *reply)
{
    Answer answer{reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(),
                  reply->readAll(),
                  reply->error(),
                  {}};
    const auto pairs = reply->rawHeaderPairs();
    for (const auto &[name, value] : pairs)
        answer.headers.insert(name.toLower(), value);
    reply->deleteLater();
    return answer;
}

Answer TestSimulator::ask(const QByteArray &verb, const QUrl &url, const QByteArray &body,
                          const QByteArray &token)
{
    QNetworkReply *reply = send(verb, url, body, token);
    QSignalSpy finished(reply, &QNetworkReply::finished);
    if (!reply->isFinished() && !finished.wait())
        qWarning("no answer in 5 s");
    return read(reply);
}

void TestSimulator::aDeployedTaskRunsItsLife()
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

void TestSimulator::anOldServerSendsStatusesOnly()
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

void TestSimulator::theDocumentedDialectSaysDone()
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

void TestSimulator::repliesBetweenTwoChangesAreTheSameBytes()
{
    const TaskPlan plan = makePlan(Script::Nested);
    const TaskFacts facts{u"id"_s, u"user"_s, m_clock->now().wall, 1};
    for (const auto dialect : {SimDialect::Documented, SimDialect::Deployed, SimDialect::Old}) {
        for (milliseconds at{0}; at < 6min; at += 700ms) {
            const auto change = lastChange(plan, at);
            QVERIFY(change <= at);
            QCOMPARE(lastChange(plan, change), change);
            QCOMPARE(taskReply(plan, facts, at, dialect), taskReply(plan, facts, change, dialect));
        }
    }
}

void TestSimulator::everyScriptEndsAsItsTruthSays_data()
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

void TestSimulator::everyScriptEndsAsItsTruthSays()
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

void TestSimulator::aDocumentedTaskIsDoneWithoutAResult()
{
    make({.dialect = SimDialect::Documented});
    const TaskId id = m_simulator->start(Script::EndlessFalsy);
    m_clock->advance(1min);
    const QJsonObject task = askTask(id).json();
    QCOMPARE(task["done"_L1], QJsonValue(true));
    QVERIFY(task["result"_L1].isNull());
    QCOMPARE(m_simulator->truth(id).now, Outcome::Completed);
}

void TestSimulator::aFailedStepIsNamed()
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

void TestSimulator::unknownAndForeignTasksGetAnEmptyAnswer()
{
    m_simulator->accounts().addUser({u"bob"_s, u"bob-password"_s, u"USER"_s, {}});
    StartOptions ofBob;
    ofBob.userId = m_simulator->accounts().user(u"bob"_s)->id;
    const TaskId foreign = m_simulator->start(Script::Normal, ofBob);
    for (const TaskId &id : {TaskId(u"5d2c7f4e-2f5b-4b1c-9d31-0c3f6e8f7a10"_s), foreign}) {
        const Answer answer = askTask(id);
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.body, QByteArray());
        QCOMPARE(answer.headers.value("content-length"), "0");
        QVERIFY(!answer.headers.contains("content-type"));
    }
    QCOMPARE(m_simulator->truth(TaskId(u"5d2c7f4e"_s)).now, Outcome::NotFound);
    const QByteArray token = m_simulator->accounts().makeAccessToken(u"bob"_s);
    QVERIFY(!ask("GET", api(u"tasks/"_s + foreign.text()), {}, token).body.isEmpty());
}

void TestSimulator::aRestartForgetsEverything()
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

void TestSimulator::withoutATokenNothingIsTold()
{
    const TaskId id = m_simulator->start(Script::Quick);
    for (const QByteArray &token : {QByteArray(), QByteArray("wrong"),
                                    m_simulator->accounts().makeRefreshToken(u"alice"_s)}) {
        const Answer answer = ask("GET", api(u"tasks/"_s + id.text()), {}, token);
        QCOMPARE(answer.status, 401);
        QCOMPARE(answer.json(),
                 (QJsonObject{{u"message"_s, u"Unauthorized"_s}, {u"statusCode"_s, 401}}));
        QVERIFY(!answer.headers.contains("www-authenticate"));
    }
}

void TestSimulator::outsideTheApiIsTheWebSite()
{
    for (const QString &path : {u""_s, u"/"_s, u"/task/5d2c7f4e?last=x"_s, u"/tasks/5d2c7f4e"_s}) {
        const Answer answer =
            ask("GET", QUrl(m_simulator->siteUrl().toString() + path), {}, m_token);
        QCOMPARE(answer.status, 200);
        QVERIFY(answer.headers.value("content-type").startsWith("text/html"));
    }
    QCOMPARE(m_simulator->requests(), 0);
    QCOMPARE(ask(u"nothing/here"_s).status, 404);
}

void TestSimulator::anIdMayBeAnything()
{
    StartOptions options;
    options.id = TaskId(u"a b/ü?%41#"_s);
    m_simulator->start(Script::Quick, options);
    const QByteArray encoded = QUrl::toPercentEncoding(options.id.text());
    const Answer answer =
        ask("GET", QUrl::fromEncoded(m_simulator->apiRoot().toEncoded() + "/tasks/" + encoded), {},
            m_token);
    QCOMPARE(answer.json()["taskId"_L1].toString(), options.id.text());
}

void TestSimulator::largeJsonIsPackedForThoseWhoAcceptIt()
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

void TestSimulator::aBigResultArrivesWhole()
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

void TestSimulator::thousandsStartAtOnce()
{
    const auto ids = m_simulator->startMany(10'000);
    QCOMPARE(QSet<TaskId>(ids.begin(), ids.end()).size(), 10'000);
    m_clock->advance(5s);
    QCOMPARE(askTask(ids[9'999]).json()["taskId"_L1].toString(), ids[9'999].text());
    m_clock->advance(10min);
    for (const TaskId &id : ids)
        QCOMPARE(m_simulator->truth(id).now, Outcome::Completed);
}

void TestSimulator::statusFaultsComeAsOftenAsAsked_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("contentType");
    QTest::newRow("401") << 401 << QByteArray("application/json");
    QTest::newRow("403") << 403 << QByteArray("application/json");
    QTest::newRow("404") << 404 << QByteArray("application/json");
    QTest::newRow("429") << 429 << QByteArray("application/json");
    QTest::newRow("500") << 500 << QByteArray("application/json");
    QTest::newRow("502") << 502 << QByteArray("text/html");
    QTest::newRow("503") << 503 << QByteArray("text/html");
    QTest::newRow("504") << 504 << QByteArray("text/html");
}

void TestSimulator::statusFaultsComeAsOftenAsAsked()
{
    QFETCH(int, status);
    QFETCH(QByteArray, contentType);
    const TaskId id = m_simulator->start(Script::Normal);
    Fault fault;
    fault.kind = Fault::Kind::Status;
    fault.status = status;
    fault.retryAfter = "7";
    fault.count = 2;
    m_simulator->addFault(fault);
    for (int i = 0; i < 2; ++i) {
        const Answer answer = askTask(id);
        QCOMPARE(answer.status, status);
        QVERIFY(answer.headers.value("content-type").startsWith(contentType));
        QCOMPARE(answer.headers.value("retry-after"), "7");
    }
    QCOMPARE(askTask(id).status, 200);
    QCOMPARE(m_simulator->log().front().status, status);
}

void TestSimulator::aFaultMayHitOneTaskOnly()
{
    const TaskId healthy = m_simulator->start(Script::Normal);
    const TaskId struck = m_simulator->start(Script::Normal);
    Fault page;
    page.kind = Fault::Kind::LoginPage;
    page.taskId = struck.text();
    page.count = -1;
    m_simulator->addFault(page);
    QVERIFY(!askTask(healthy).json().isEmpty());
    QVERIFY(askTask(struck).headers.value("content-type").startsWith("text/html"));
    QCOMPARE(askTask(struck).status, 200);
    m_simulator->clearFaults();
    QVERIFY(!askTask(struck).json().isEmpty());
    Fault strange;
    strange.kind = Fault::Kind::Body;
    strange.body = "null";
    m_simulator->addFault(strange);
    QCOMPARE(askTask(healthy).body, "null");
    Fault empty;
    empty.kind = Fault::Kind::Empty;
    m_simulator->addFault(empty);
    QCOMPARE(askTask(healthy).body, "");
}

void TestSimulator::lateAnswersWaitForTheClock()
{
    const TaskId id = m_simulator->start(Script::Normal);
    Fault late;
    late.delay = 30s;
    late.count = 2;
    m_simulator->addFault(late);
    QNetworkReply *first = send("GET", api(u"tasks/"_s + id.text()), {}, m_token);
    QNetworkReply *second = send("GET", api(u"tasks/"_s + id.text()), {}, m_token);
    QTRY_COMPARE(m_simulator->requests(), 2);
    QCOMPARE(m_simulator->mostInFlight(), 2);
    QCOMPARE(m_simulator->mostInFlightOfOneTask(), 2);
    m_clock->advance(29s);
    QVERIFY(!first->isFinished());
    m_clock->advance(1s);
    QTRY_VERIFY(first->isFinished() && second->isFinished());
    QCOMPARE(read(first).status, 200);
    QCOMPARE(read(second).status, 200);
}

void TestSimulator::theBodyMayEndTooSoon_data()
{
    QTest::addColumn<Fault::Kind>("kind");
    QTest::newRow("cut") << Fault::Kind::CutInBody;
    QTest::newRow("reset") << Fault::Kind::ResetInBody;
}

void TestSimulator::theBodyMayEndTooSoon()
{
    const TaskId id = m_simulator->start(Script::Nested);
    Fault fault;
    QFETCH(Fault::Kind, kind);
    fault.kind = kind;
    fault.count = -1; // Qt's client asks again by itself if it has not read anything yet
    m_simulator->addFault(fault);
    m_simulator->front().setGzip(false);
    QCOMPARE(askTask(id).error, QNetworkReply::RemoteHostClosedError);
    m_simulator->clearFaults();
    m_simulator->front().setGzip(true);
    QCOMPARE(askTask(id).json()["taskId"_L1].toString(), id.text());
}

void TestSimulator::aPackedBodyThatEndsTooSoonIsNoErrorToQt()
{
    // Qt 6.4 forgets the declared length of what it unpacks: our client cannot rely on an error.
    const TaskId id = m_simulator->start(Script::Nested);
    Fault cut;
    cut.kind = Fault::Kind::CutInBody;
    cut.count = -1;
    m_simulator->addFault(cut);
    const Answer answer = askTask(id);
    QCOMPARE(answer.status, 200);
    QVERIFY(answer.json().isEmpty());
}

void TestSimulator::truncatedJsonIsWholeHttp()
{
    const TaskId id = m_simulator->start(Script::Nested);
    Fault truncated;
    truncated.kind = Fault::Kind::Truncated;
    m_simulator->addFault(truncated);
    const Answer answer = askTask(id);
    QCOMPARE(answer.error, QNetworkReply::NoError);
    QVERIFY(!answer.body.isEmpty());
    QVERIFY(answer.json().isEmpty());
}

void TestSimulator::aDripTakesItsTime()
{
    Fault drip;
    drip.kind = Fault::Kind::Drip;
    drip.interval = 1s;
    m_simulator->addFault(drip);
    QNetworkReply *reply = send("GET", api(u"accounts/session"_s), {}, m_token);
    QTRY_COMPARE(m_simulator->requests(), 1);
    m_clock->advance(20s);
    QTRY_VERIFY(reply->bytesAvailable() > 10);
    QVERIFY(!reply->isFinished());
    m_clock->advance(10min);
    QTRY_VERIFY(reply->isFinished());
    QCOMPARE(read(reply).json()["username"_L1].toString(), u"alice"_s);
}

void TestSimulator::aSilentServerNeverAnswers()
{
    Fault silent;
    silent.kind = Fault::Kind::Silent;
    m_simulator->addFault(silent);
    QNetworkReply *reply = send("GET", api(u"accounts/session"_s), {}, m_token);
    QTRY_COMPARE(m_simulator->requests(), 1);
    QCOMPARE(m_simulator->log().front().status, 0);
    QCOMPARE(ask(u"accounts/session"_s).status, 200); // others go on
    m_clock->advance(1h);
    QVERIFY(!reply->isFinished());
    reply->abort();
    QCOMPARE(reply->error(), QNetworkReply::OperationCanceledError);
}

void TestSimulator::aRedirectNamesAnotherOrigin()
{
    Fault elsewhere;
    elsewhere.kind = Fault::Kind::Redirect;
    elsewhere.target = QUrl(u"https://login.example/start"_s);
    m_simulator->addFault(elsewhere);
    const Answer answer = ask(u"accounts/session"_s);
    QCOMPARE(answer.status, 302);
    QCOMPARE(answer.headers.value("location"), "https://login.example/start");
    Fault again;
    again.kind = Fault::Kind::SameOrigin;
    m_simulator->addFault(again);
    m_network->setRedirectPolicy(QNetworkRequest::SameOriginRedirectPolicy);
    QCOMPARE(ask(u"accounts/session"_s).json()["username"_L1].toString(), u"alice"_s);
}

void TestSimulator::aServerGoesDownAndComesBack()
{
    const TaskId id = m_simulator->start(Script::Nested);
    QCOMPARE(askTask(id).status, 200);
    m_simulator->goDown();
    QCOMPARE(askTask(id).error, QNetworkReply::ConnectionRefusedError);
    QVERIFY(m_simulator->comeBack());
    QVERIFY(!askTask(id).body.isEmpty());
}

/// The claims of a JWT.
static QJsonObject claimsOf(const QString &token)
{
    return QJsonDocument::fromJson(QByteArray::fromBase64(token.toLatin1().split('.').value(1),
                                                          QByteArray::Base64UrlEncoding))
        .object();
}

void TestSimulator::aSignInGivesTokensWithClaims()
{
    m_simulator->accounts().setAccessLife(60s);
    const QUrl login = api(u"accounts/login"_s);
    QCOMPARE(ask("POST", login, R"({"username":"alice","password":"no"})").status, 401);
    QCOMPARE(ask("POST", login, R"({"username":"alice"})").status, 422);
    const Answer answer = ask("POST", login, R"({"username":"alice","password":"alice-password"})");
    QCOMPARE(answer.status, 200);
    const QString refresh = answer.json()["refreshToken"_L1].toString();
    QVERIFY(!answer.json().contains("accessToken"_L1));
    QCOMPARE(claimsOf(refresh)["name"_L1].toString(), u"alice"_s);
    QVERIFY(claimsOf(refresh).contains("id"_L1));

    const QByteArray asked = QJsonDocument(QJsonObject{{u"refreshToken"_s, refresh}}).toJson();
    const Answer renewed = ask("POST", api(u"accounts/access-token"_s), asked);
    const QString access = renewed.json()["accessToken"_L1].toString();
    QCOMPARE(claimsOf(access)["username"_L1].toString(), u"alice"_s);
    QCOMPARE(qint64(claimsOf(access)["expireAt"_L1].toDouble()),
             m_clock->now().wall.toMSecsSinceEpoch() + 60'000);
    const Answer who = ask("GET", api(u"accounts/session"_s), {}, access.toLatin1());
    QCOMPARE(who.json()["username"_L1].toString(), u"alice"_s);
    QCOMPARE(who.json()["role"_L1].toString(), u"STANDARD_REGISTRY"_s);
    QCOMPARE(m_simulator->accounts().signIns(), 1);
    QCOMPARE(m_simulator->accounts().renewals(), 1);
}

void TestSimulator::tokensEnd()
{
    SimAccounts &accounts = m_simulator->accounts();
    accounts.setAccessLife(60s);
    accounts.setClockSkew(10min);
    const QByteArray access = accounts.makeAccessToken(u"alice"_s);
    QCOMPARE(qint64(claimsOf(QString::fromLatin1(access))["expireAt"_L1].toDouble()),
             m_clock->now().wall.toMSecsSinceEpoch() + 660'000);
    m_clock->advance(59s);
    QVERIFY(accounts.userOf(access));
    m_clock->advance(1s);
    QVERIFY(!accounts.userOf(access));
    const QByteArray another = accounts.makeAccessToken(u"alice"_s);
    accounts.expireAccessTokens();
    QVERIFY(!accounts.userOf(another));
    QVERIFY(accounts.userOf(m_token));
    accounts.revoke(m_token);
    QVERIFY(!accounts.userOf(m_token));
    accounts.setPlainToken("fixed");
    QVERIFY(accounts.userOf("fixed"));
    const QByteArray refresh = accounts.makeRefreshToken(u"alice"_s);
    accounts.revokeAll();
    QVERIFY(!accounts.userOf("fixed"));
    QCOMPARE(accounts.renew("{\"refreshToken\":\"" + refresh + "\"}").status, 401);
}

void TestSimulator::oldServersEndOtherSessions()
{
    SimAccounts &accounts = m_simulator->accounts();
    const QByteArray login = R"({"username":"alice","password":"alice-password"})";
    const QByteArray before = accounts.makeAccessToken(u"alice"_s);
    QCOMPARE(accounts.login(login).status, 200);
    QVERIFY(accounts.userOf(before));
    accounts.setSignInEndsOthers(true);
    accounts.setSignInGivesAccess(true);
    const HttpReply signedIn = accounts.login(login);
    QVERIFY(!accounts.userOf(before));
    QVERIFY(accounts.userOf(m_token)); // a plain token is no session
    const QString access = QJsonDocument::fromJson(signedIn.body)["accessToken"_L1].toString();
    QVERIFY(accounts.userOf(access.toLatin1()));
}

void TestSimulator::aStartingCallAnswersWithTheTask()
{
    const Answer answer = ask("POST", api(u"policies/push/65f0/publish"_s), "{}", m_token);
    QCOMPARE(answer.status, 202);
    const QJsonObject started = answer.json();
    QCOMPARE(started.keys(),
             (QStringList{u"action"_s, u"expectation"_s, u"taskId"_s, u"userId"_s}));
    QCOMPARE(started["action"_L1].toString(), u"Publish policy"_s);
    QCOMPARE(askTask(TaskId(started["taskId"_L1].toString())).json()["action"_L1].toString(),
             u"Publish policy"_s);
    QCOMPARE(ask("POST", api(u"policies/push/65f0/publish"_s), "{}").status, 401);
}

void TestSimulator::progressesListTheRunningOnes()
{
    m_simulator->start(Script::Quick);
    const TaskId first = m_simulator->start(Script::Nested);
    m_clock->advance(5s);
    const TaskId second = m_simulator->start(Script::Normal);
    const Answer answer = ask(u"notifications/progresses"_s);
    const QJsonArray list = QJsonDocument::fromJson(answer.body).array();
    QCOMPARE(list.size(), 2);
    QCOMPARE(list[0]["taskId"_L1].toString(), second.text());
    QCOMPARE(list[1]["taskId"_L1].toString(), first.text());
    QCOMPARE(list[1]["message"_L1].toString(), u"Validate policy"_s);
}

void TestSimulator::pushesGoToTheOwner()
{
    m_simulator->accounts().addUser({u"bob"_s, u"bob-password"_s, u"USER"_s, {}});
    QWebSocket alice;
    QWebSocket bob;
    QStringList toAlice;
    QStringList toBob;
    connect(&alice, &QWebSocket::textMessageReceived, this,
            [&toAlice](const QString &text) { toAlice.append(text); });
    connect(&bob, &QWebSocket::textMessageReceived, this,
            [&toBob](const QString &text) { toBob.append(text); });
    alice.open(m_simulator->pushUrl());
    bob.open(m_simulator->pushUrl());
    QTRY_COMPARE(alice.state(), QAbstractSocket::ConnectedState);
    QTRY_COMPARE(bob.state(), QAbstractSocket::ConnectedState);
    QCOMPARE(m_simulator->push().clients(), 2);
    const auto signIn = [](QWebSocket &socket, const QByteArray &token) {
        const QJsonObject order{{u"type"_s, u"SET_ACCESS_TOKEN"_s},
                                {u"data"_s, QString::fromLatin1(token)}};
        socket.sendTextMessage(QString::fromUtf8(QJsonDocument(order).toJson()));
    };
    signIn(alice, "wrong");
    signIn(alice, m_token);
    signIn(bob, m_simulator->accounts().makeAccessToken(u"bob"_s));
    QTRY_COMPARE(m_simulator->push().signedInClients(), 2);
    bob.sendTextMessage(u"ping"_s);
    QTRY_COMPARE(toBob, QStringList{u"pong"_s});

    const TaskId id = m_simulator->start(Script::Normal);
    QTRY_COMPARE(toAlice.size(), 1);
    const QJsonObject push = QJsonDocument::fromJson(toAlice[0].toUtf8()).object();
    QCOMPARE(push["type"_L1].toString(), u"UPDATE_TASK_STATUS"_s);
    QCOMPARE(push["data"_L1].toObject(), askTask(id).json());
    m_clock->advance(30s);
    QTRY_VERIFY(toAlice.last().contains(u"0.0.48171"_s)); // the end, at once
    QVERIFY(toAlice.size() <= 31);                        // at most one a second
    QCOMPARE(toBob.size(), 1);

    m_simulator->goDown();
    QTRY_COMPARE(alice.state(), QAbstractSocket::UnconnectedState);
    QCOMPARE(m_simulator->push().clients(), 0);
}

void TestSimulator::oldServersBroadcastOnlyWhatIsNew()
{
    make({.dialect = SimDialect::Old});
    QWebSocket stranger;
    QList<QJsonObject> told;
    connect(&stranger, &QWebSocket::textMessageReceived, this, [&told](const QString &text) {
        told.append(QJsonDocument::fromJson(text.toUtf8())["data"_L1].toObject());
    });
    stranger.open(m_simulator->pushUrl());
    QTRY_COMPARE(stranger.state(), QAbstractSocket::ConnectedState);
    const TaskId id = m_simulator->start(Script::Quick);
    m_clock->advance(2s);
    QTRY_VERIFY(!told.isEmpty() && told.last()["completed"_L1].toBool());
    QCOMPARE(told.first()["taskId"_L1].toString(), id.text());
    qsizetype lines = 0;
    for (const QJsonObject &each : std::as_const(told))
        lines += each["statuses"_L1].toArray().size();
    QCOMPARE(lines, 4); // two steps, each begun and ended, each told once
}

void TestSimulator::theControlEndpointStartsTasksAndFaults()
{
    const Answer started = ask("POST", control(u"tasks"_s),
                               R"({"script":"normal","count":3,"label":"x","age":10000})");
    QCOMPARE(started.status, 201);
    const QJsonArray ids = started.json()["taskIds"_L1].toArray();
    QCOMPARE(ids.size(), 3);
    const TaskId id(ids[0].toString());
    QCOMPARE(m_simulator->truth(id).step, u"Create token"_s);
    QCOMPARE(ask("POST", control(u"tasks"_s), R"({"script":"no"})").status, 400);
    QCOMPARE(ask("POST", control(u"tasks"_s), "[]").status, 400);
    QCOMPARE(ask("POST", control(u"faults"_s), R"({"kind":"no"})").status, 400);
    QCOMPARE(ask("POST", control(u"faults"_s), R"({"kind":"status"})").status, 400);
    const QByteArray fault = R"({"kind":"status","status":429,"retryAfter":3,"count":-1})";
    QCOMPARE(ask("POST", control(u"faults"_s), fault).status, 201);
    QCOMPARE(askTask(id).headers.value("retry-after"), "3");
    QCOMPARE(ask("DELETE", control(u"faults"_s)).status, 200);
    QCOMPARE(askTask(id).status, 200);

    const QJsonObject state = ask("GET", control(u"state"_s)).json();
    QCOMPARE(state["requests"_L1].toInt(), 2);
    QCOMPARE(state["tasks"_L1].toArray().size(), 3);
    QCOMPARE(state["tasks"_L1][0]["eventual"_L1].toString(), u"completed"_s);
    QVERIFY(!QJsonDocument(state).toJson().contains(m_token));

    QCOMPARE(ask("POST", control(u"restart"_s)).status, 202);
    QTRY_VERIFY(!m_simulator->truth(id).known);
    QCOMPARE(askTask(id).body, QByteArray());
}

void TestSimulator::tlsNeedsTheCertificateToBeTrusted()
{
    const QString folder = QStringLiteral(TASKWATCH_TEST_DATA "/tls/");
    const auto chain = QSslCertificate::fromPath(folder + u"server.pem"_s);
    QFile file(folder + u"server.key"_s);
    QVERIFY(!chain.isEmpty() && file.open(QIODevice::ReadOnly));
    SimOptions options;
    options.tls = QSslConfiguration::defaultConfiguration();
    options.tls->setLocalCertificateChain(chain);
    options.tls->setPrivateKey(QSslKey(&file, QSsl::Ec));
    options.tls->setPeerVerifyMode(QSslSocket::VerifyNone);
    make(options);
    QCOMPARE(m_simulator->apiRoot().scheme(), u"https"_s);
    const TaskId id = m_simulator->start(Script::Normal);
    QCOMPARE(askTask(id).error, QNetworkReply::SslHandshakeFailedError);
    m_network->clearConnectionCache(); // it keeps the TLS settings of the first request

    QNetworkRequest request(api(u"tasks/"_s + id.text()));
    request.setRawHeader("Authorization", "Bearer " + m_token);
    auto trusting = QSslConfiguration::defaultConfiguration();
    trusting.addCaCertificates(folder + u"ca.pem"_s);
    request.setSslConfiguration(trusting);
    QNetworkReply *reply = m_network->get(request);
    QTRY_VERIFY(reply->isFinished());
    QCOMPARE(read(reply).json()["taskId"_L1].toString(), id.text());

    QWebSocket socket;
    socket.setSslConfiguration(trusting);
    socket.open(m_simulator->pushUrl());
    QTRY_COMPARE(m_simulator->push().clients(), 1);
}

void TestSimulator::aScaledClockRunsFaster()
{
    const ScaledClock clock(10'000);
    const SystemClock system;
    const Instant before = clock.now();
    bool rang = false;
    const auto timer = clock.makeTimer([&rang] { rang = true; });
    timer->start(100s); // 10 ms
    QTRY_VERIFY(rang);
    const Instant after = clock.now();
    QVERIFY(after.awake - before.awake >= 95s);
    QVERIFY(before.wall.msecsTo(after.wall) >= 95'000);
    QVERIFY(qAbs(before.wall.msecsTo(system.now().wall)) < 10'000);
}

QTEST_GUILESS_MAIN(TestSimulator)
#include "test_simulator.moc"
