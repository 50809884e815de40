#include "guardian/session.h"
#include "guardian/trouble.h"
#include "guardiansimulator.h"
#include "manualclock.h"

#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using State = SessionStatus::State;

namespace {

const PollError refusal = trouble(PollError::Kind::SignInNeeded);

Credentials access(const QByteArray &token)
{
    return {{}, Secret(token), {}};
}

/// A session on a simulator, both by one clock that stands still.
struct Rig {
    Rig()
        : sim(clock)
    {
        if (!sim.listen())
            qFatal("no port");
        sim.accounts().setAccessLife(60s);
        client = std::make_unique<GuardianClient>(ApiRoot(sim.apiRoot()), NetworkSettings(), clock);
        session = std::make_unique<Session>(*client, clock);
        renewed = std::make_unique<QSignalSpy>(session.get(), &Session::renewed);
        ended = std::make_unique<QSignalSpy>(session.get(), &Session::renewalEnded);
        needed = std::make_unique<QSignalSpy>(session.get(), &Session::signInNeeded);
    }
    void signInWithRefreshToken()
    {
        refresh = sim.accounts().makeRefreshToken(u"alice"_s);
        session->setCredentials({Secret(refresh), {}, {}});
    }
    /// Renews and waits for its end.
    [[nodiscard]] bool renew()
    {
        const auto before = ended->count();
        session->renew();
        return ended->count() > before || ended->wait();
    }
    [[nodiscard]] State state() const { return session->status().state; }

    ManualClock clock;
    GuardianSimulator sim;
    std::unique_ptr<GuardianClient> client;
    std::unique_ptr<Session> session;
    std::unique_ptr<QSignalSpy> renewed;
    std::unique_ptr<QSignalSpy> ended;
    std::unique_ptr<QSignalSpy> needed;
    QByteArray refresh;
};

} // namespace

class TestSession final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hasNoAuthorizationBeforeAToken()
    {
        const Rig rig;
        QVERIFY(!rig.session->authorization());
        QVERIFY(rig.session->isSignInNeeded());
        QCOMPARE(rig.state(), State::SignedOut);
    }

    void givesTheTokenWithItsGeneration()
    {
        const Rig rig;
        const QSignalSpy ready(rig.session.get(), &Session::ready);
        rig.session->setCredentials(access(" first \n"));
        QCOMPARE(rig.session->authorization()->token.reveal(), QByteArray("first"));
        const quint64 first = rig.session->authorization()->generation;
        rig.session->setCredentials(access("second"));
        QVERIFY(rig.session->authorization()->generation > first);
        QCOMPARE(ready.count(), 2);
        QCOMPARE(rig.state(), State::SignedIn);
    }

    void aRefusalCountsOnceAndOnlyForThePresentToken()
    {
        const Rig rig;
        rig.session->setCredentials(access("old"));
        const quint64 old = rig.session->authorization()->generation;
        rig.session->setCredentials(access("new"));
        rig.session->refused(old, refusal);
        QVERIFY(rig.session->authorization());
        QCOMPARE(rig.needed->count(), 0);

        const quint64 present = rig.session->authorization()->generation;
        rig.session->refused(present, refusal);
        rig.session->refused(present, refusal);
        QVERIFY(!rig.session->authorization());
        QCOMPARE(rig.needed->count(), 1);
        QCOMPARE(rig.state(), State::SignInNeeded);
        QCOMPARE(rig.session->status().cause, std::optional(refusal));

        rig.session->setCredentials(access("new"));
        QVERIFY(rig.session->authorization());
        QVERIFY(!rig.session->status().cause);
    }

    void whatCannotStandInAHeaderIsNoToken_data()
    {
        QTest::addColumn<QByteArray>("token");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("line break") << QByteArray("abc\r\nX-Evil: 1");
        QTest::newRow("space") << QByteArray("two words");
        QTest::newRow("not ASCII") << QByteArray("t\xc3\xb6ken");
        QTest::newRow("NUL") << QByteArray("a\0b", 3);
    }
    void whatCannotStandInAHeaderIsNoToken()
    {
        QFETCH(const QByteArray, token);
        const Rig rig;
        rig.session->setCredentials({Secret(token), Secret(token), {}});
        QVERIFY(!rig.session->authorization());
        QVERIFY(!rig.session->canRenew());
        QCOMPARE(rig.needed->count(), 1);
    }

    void anAccessTokenAloneIsUsedUntilItIsRefused()
    {
        Rig rig;
        rig.session->setCredentials(access(rig.sim.accounts().makeAccessToken(u"alice"_s)));
        QVERIFY(rig.session->status().accessExpiresAt);
        QCOMPARE(rig.session->status().username, u"alice"_s);
        QVERIFY(!rig.session->status().renews);
        rig.clock.advance(10min); // the clock alone condemns nothing that cannot be replaced
        QVERIFY(rig.session->authorization());
    }

    void aRefreshTokenGivesAccessForAll()
    {
        Rig rig;
        rig.signInWithRefreshToken();
        QVERIFY(!rig.session->authorization());
        QVERIFY(!rig.session->isSignInNeeded());
        QVERIFY(rig.session->canRenew());
        rig.session->renew();
        QCOMPARE(rig.state(), State::Renewing);
        rig.session->renew(); // whoever waits besides
        QVERIFY(rig.renewed->wait());
        QCOMPARE(rig.sim.accounts().renewals(), 1);
        QCOMPARE(rig.state(), State::SignedIn);
        const SessionStatus status = rig.session->status();
        QCOMPARE(status.username, u"alice"_s);
        QCOMPARE(status.role, u"STANDARD_REGISTRY"_s);
        QVERIFY(status.renews && status.refreshExpiresAt);
        QCOMPARE(status.accessExpiresAt, std::optional(rig.clock.now().wall.addSecs(60)));
        QVERIFY(rig.sim.accounts().userOf(rig.session->authorization()->token.reveal()));
    }

    void aRefreshTokenInTheWrongPlaceIsRecognised()
    {
        Rig rig;
        rig.session->setCredentials(access(rig.sim.accounts().makeRefreshToken(u"alice"_s)));
        QVERIFY(!rig.session->authorization());
        QVERIFY(rig.session->canRenew());
        QVERIFY(rig.renew());
        QVERIFY(rig.session->authorization());
    }

    void itIsRenewedBeforeItsEnd_data()
    {
        QTest::addColumn<int>("skew"); // minutes that the server's clock is ahead
        QTest::newRow("same clock") << 0;
        QTest::newRow("ahead") << 10;
        QTest::newRow("behind") << -10;
    }
    void itIsRenewedBeforeItsEnd()
    {
        QFETCH(const int, skew);
        Rig rig;
        rig.sim.accounts().setClockSkew(std::chrono::minutes{skew});
        rig.sim.front().setClockSkew(std::chrono::minutes{skew});
        rig.signInWithRefreshToken();
        QVERIFY(rig.renew());
        const QByteArray first = rig.session->authorization()->token.reveal();
        rig.clock.advance(48s);
        QVERIFY(rig.session->authorization()); // no earlier than it must be
        rig.clock.advance(3s);
        QVERIFY(!rig.session->authorization());
        QVERIFY(rig.sim.accounts().userOf(first)); // it is good still
        QVERIFY(rig.renew());
        QVERIFY(rig.session->authorization());
        QCOMPARE(rig.sim.accounts().renewals(), 2);
    }

    void aTokenEndsWhileTheMachineSleeps()
    {
        Rig rig;
        rig.signInWithRefreshToken();
        QVERIFY(rig.renew());
        rig.clock.sleep(2min);
        QVERIFY(!rig.session->authorization());
        QVERIFY(rig.session->canRenew());
    }

    void withoutAKnownLifeTheFirstRefusalRenews()
    {
        Rig rig;
        rig.signInWithRefreshToken();
        rig.session->setCredentials({Secret(rig.refresh), Secret("opaque"), {}});
        rig.clock.advance(1h);
        const auto authorization = rig.session->authorization();
        QVERIFY(authorization);
        rig.session->refused(authorization->generation, refusal);
        QVERIFY(!rig.session->authorization());
        QCOMPARE(rig.needed->count(), 0);
        QVERIFY(rig.renew());
        QVERIFY(rig.session->authorization());
    }

    void theRefusalOfWhatWasJustRenewedNeedsASignIn()
    {
        Rig rig;
        rig.signInWithRefreshToken();
        QVERIFY(rig.renew());
        rig.session->refused(rig.session->authorization()->generation, refusal);
        QCOMPARE(rig.needed->count(), 1);
        QVERIFY(!rig.session->canRenew());
        QCOMPARE(rig.state(), State::SignInNeeded);
    }

    void whatWasAcceptedOnceMayBeRenewedAgain()
    {
        Rig rig;
        rig.signInWithRefreshToken();
        QVERIFY(rig.renew());
        const quint64 generation = rig.session->authorization()->generation;
        rig.session->accepted(generation);
        rig.session->refused(generation, refusal);
        QCOMPARE(rig.needed->count(), 0);
        rig.session->renew(); // but not at any pace
        QTest::qWait(0);
        QCOMPARE(rig.sim.accounts().renewals(), 1);
        rig.clock.advance(1s);
        QVERIFY(rig.renewed->wait());
        QCOMPARE(rig.sim.accounts().renewals(), 2);
    }

    void onlyTheEndpointItselfRefusesTheRefreshToken_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<bool>("givenUp");
        const int body = int(Fault::Kind::Body);
        QTest::newRow("JSON 401") << body << 401 << QByteArray(R"({"statusCode":401})") << true;
        QTest::newRow("HTML 401") << body << 401 << QByteArray("<html>Sign in") << false;
        QTest::newRow("empty 401") << body << 401 << QByteArray() << false;
        QTest::newRow("502") << int(Fault::Kind::Status) << 502 << QByteArray() << false;
        QTest::newRow("404") << int(Fault::Kind::Status) << 404 << QByteArray() << false;
        QTest::newRow("login page") << int(Fault::Kind::LoginPage) << 200 << QByteArray() << false;
        QTest::newRow("no token") << body << 200 << QByteArray("{}") << false;
        QTest::newRow("token of another type")
            << body << 200 << QByteArray(R"({"accessToken":7})") << false;
        QTest::newRow("cut") << int(Fault::Kind::CutInBody) << 200 << QByteArray() << false;
    }
    void onlyTheEndpointItselfRefusesTheRefreshToken()
    {
        QFETCH(const int, kind);
        QFETCH(const int, status);
        QFETCH(const QByteArray, body);
        QFETCH(const bool, givenUp);
        Rig rig;
        rig.signInWithRefreshToken();
        Fault fault;
        fault.kind = Fault::Kind(kind);
        fault.status = status;
        fault.body = body;
        fault.contentType = body.startsWith('<') ? "text/html" : "application/json";
        fault.count = -1;
        rig.sim.addFault(fault);
        QVERIFY(rig.renew());
        QCOMPARE(rig.needed->count(), givenUp ? 1 : 0);
        QCOMPARE(rig.session->canRenew(), !givenUp);
        const auto told = rig.ended->constLast().at(0).value<std::optional<PollError>>();
        QCOMPARE(told.has_value(), !givenUp);
        QVERIFY(rig.session->credentials().refreshToken == Secret(rig.refresh)); // kept in any case
        if (givenUp)
            return;
        rig.sim.clearFaults();
        rig.clock.advance(1s);
        QVERIFY(rig.renew());
        QVERIFY(rig.session->authorization());
    }

    void newCredentialsDropTheRenewalUnderWay()
    {
        Rig rig;
        rig.signInWithRefreshToken();
        rig.session->renew();
        rig.session->setCredentials(access("another"));
        QTRY_COMPARE(rig.sim.accounts().renewals(), 1);
        QTRY_COMPARE(rig.client->inFlight(), 0);
        QCOMPARE(rig.session->authorization()->token.reveal(), QByteArray("another"));
        QCOMPARE(rig.ended->count(), 0);
    }

    void whoIsSignedInIsAsked()
    {
        Rig rig;
        rig.session->setCredentials(access(rig.sim.accounts().plainToken()));
        QVERIFY(rig.session->status().username.isEmpty());
        rig.session->askWho();
        QTRY_COMPARE(rig.session->status().username, u"alice"_s);
        QCOMPARE(rig.session->status().role, u"STANDARD_REGISTRY"_s);
        rig.signInWithRefreshToken();
        rig.session->askWho(); // gets a token first
        QTRY_COMPARE(rig.sim.requestsTo(u"accounts/session"), 2);
    }

    void endsWithARenewalUnderWay()
    {
        Rig rig;
        rig.signInWithRefreshToken();
        rig.session->renew();
        rig.session.reset();
        QTRY_COMPARE(rig.client->inFlight(), 0);
    }
};

QTEST_GUILESS_MAIN(TestSession)
#include "test_session.moc"
