#include "scaledclock.h"
#include "simulatorfixture.h"
#include "testdata.h"

#include <QJsonArray>
#include <QSslCertificate>
#include <QTest>
#include <QWebSocket>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

/// The claims of a JWT.
QJsonObject claimsOf(const QString &token)
{
    return QJsonDocument::fromJson(QByteArray::fromBase64(token.toLatin1().split('.').value(1),
                                                          QByteArray::Base64UrlEncoding))
        .object();
}

} // namespace

/// Who is let in to the simulator, and by which doors: sign-in, push, control, TLS.
class TestSimulatorAccess : public SimulatorFixture
{
    Q_OBJECT

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }
    void unknownAndForeignTasksGetAnEmptyAnswer();
    void withoutATokenNothingIsTold();
    void outsideTheApiIsTheWebSite();
    void anIdMayBeAnything();
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
};

void TestSimulatorAccess::unknownAndForeignTasksGetAnEmptyAnswer()
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

void TestSimulatorAccess::withoutATokenNothingIsTold()
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

void TestSimulatorAccess::outsideTheApiIsTheWebSite()
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

void TestSimulatorAccess::anIdMayBeAnything()
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

void TestSimulatorAccess::aSignInGivesTokensWithClaims()
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

void TestSimulatorAccess::tokensEnd()
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

void TestSimulatorAccess::oldServersEndOtherSessions()
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

void TestSimulatorAccess::aStartingCallAnswersWithTheTask()
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

void TestSimulatorAccess::progressesListTheRunningOnes()
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

void TestSimulatorAccess::pushesGoToTheOwner()
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

void TestSimulatorAccess::oldServersBroadcastOnlyWhatIsNew()
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

void TestSimulatorAccess::theControlEndpointStartsTasksAndFaults()
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

void TestSimulatorAccess::tlsNeedsTheCertificateToBeTrusted()
{
    const QString folder = testDataPath(u"tls/");
    SimOptions options;
    options.tls = serverTls();
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

void TestSimulatorAccess::aScaledClockRunsFaster()
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

QTEST_GUILESS_MAIN(TestSimulatorAccess)
#include "test_simulatoraccess.moc"
