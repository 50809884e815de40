#include "simulatorfixture.h"

#include <QTest>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

/// What the simulator can do wrong, over real sockets.
class TestSimulatorFaults : public SimulatorFixture
{
    Q_OBJECT

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }
    void statusFaultsComeAsOftenAsAsked_data();
    void statusFaultsComeAsOftenAsAsked();
    void aFaultMayHitOneTaskOnly();
    void lateAnswersWaitForTheClock();
    void theBodyMayEndTooSoon_data();
    void theBodyMayEndTooSoon();
    void truncatedJsonIsWholeHttp();
    void aDripTakesItsTime();
    void aSilentServerNeverAnswers();
    void aRedirectNamesAnotherOrigin();
    void aServerGoesDownAndComesBack();
};

void TestSimulatorFaults::statusFaultsComeAsOftenAsAsked_data()
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

void TestSimulatorFaults::statusFaultsComeAsOftenAsAsked()
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

void TestSimulatorFaults::aFaultMayHitOneTaskOnly()
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

void TestSimulatorFaults::lateAnswersWaitForTheClock()
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

void TestSimulatorFaults::theBodyMayEndTooSoon_data()
{
    QTest::addColumn<Fault::Kind>("kind");
    QTest::addColumn<bool>("packed");
    QTest::newRow("cut") << Fault::Kind::CutInBody << false;
    QTest::newRow("cut, packed") << Fault::Kind::CutInBody << true;
    QTest::newRow("reset") << Fault::Kind::ResetInBody << false;
    QTest::newRow("reset, packed") << Fault::Kind::ResetInBody << true;
}

void TestSimulatorFaults::theBodyMayEndTooSoon()
{
    QFETCH(Fault::Kind, kind);
    QFETCH(bool, packed);
    const TaskId id = m_simulator->start(Script::Nested);
    m_simulator->front().setGzip(packed);
    Fault fault;
    fault.kind = kind;
    fault.count = -1; // Qt's client asks again by itself if it has not read anything yet
    m_simulator->addFault(fault);
    // Qt 6.4 reports no error for a packed body, and sometimes none for a plain one: only the
    // missing part tells.
    QVERIFY(askTask(id).json().isEmpty());
    m_simulator->clearFaults();
    QCOMPARE(askTask(id).json()["taskId"_L1].toString(), id.text());
}

void TestSimulatorFaults::truncatedJsonIsWholeHttp()
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

void TestSimulatorFaults::aDripTakesItsTime()
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

void TestSimulatorFaults::aSilentServerNeverAnswers()
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

void TestSimulatorFaults::aRedirectNamesAnotherOrigin()
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
    // By hand: Qt 6.4 now and then follows one redirect twice, and joins both bodies.
    const QString next = QString::fromLatin1(ask(u"accounts/session"_s).headers.value("location"));
    QCOMPARE(next, u"/api/v1/accounts/session?again=1"_s);
    const QUrl followed(m_simulator->siteUrl().toString() + next);
    QCOMPARE(ask("GET", followed, {}, m_token).json()["username"_L1].toString(), u"alice"_s);
}

void TestSimulatorFaults::aServerGoesDownAndComesBack()
{
    const TaskId id = m_simulator->start(Script::Nested);
    QCOMPARE(askTask(id).status, 200);
    m_simulator->goDown();
    QCOMPARE(askTask(id).error, QNetworkReply::ConnectionRefusedError);
    QVERIFY(m_simulator->comeBack());
    QVERIFY(!askTask(id).body.isEmpty());
}

QTEST_GUILESS_MAIN(TestSimulatorFaults)
#include "test_simulatorfaults.moc"
