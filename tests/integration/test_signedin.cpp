#include "account/serverconfigs.h"
#include "guardian/engine.h"
#include "guardian/session.h"
#include "guardiansimulator.h"
#include "manualclock.h"
#include "passingtime.h"
#include "task/taskstore.h"
#include "testdata.h"

#include <QFile>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QSslKey>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

QSslConfiguration tlsOf(const QString &name)
{
    const auto read = [](const QString &file) {
        QFile data(testDataPath(u"tls/"_s + file));
        return data.open(QIODevice::ReadOnly) ? data.readAll() : QByteArray();
    };
    auto tls = QSslConfiguration::defaultConfiguration();
    tls.setLocalCertificate(QSslCertificate(read(name + u".pem"_s)));
    tls.setPrivateKey(QSslKey(read(name + u".key"_s), QSsl::Ec));
    return tls;
}

/// Store, engine and simulator by one clock that stands still between two events.
struct Rig {
    explicit Rig(SimOptions options = {})
        : sim(clock, std::move(options))
        , store(clock)
        , engine(clock, {{}, [this] { return random.generateDouble(); }})
        , connections(&engine, &Engine::connectionChanged)
    {
        if (!sim.listen())
            qFatal("no port");
        sim.accounts().setAccessLife(60s);
        QObject::connect(&store, &TaskStore::wished, &engine, &Engine::applyWishes);
        QObject::connect(&engine, &Engine::polled, &store, &TaskStore::apply);
        profile.id = ServerId::create();
        profile.apiRoot = sim.apiRoot();
        profile.push = false; // each request is counted
        profile.discovery = ServerProfile::Discovery::Off;
    }

    [[nodiscard]] bool connectServer()
    {
        const auto config = serverConfigOf(profile, {});
        if (config)
            engine.setServer(*config);
        return config.has_value();
    }
    void signIn()
    {
        engine.setCredentials(profile.id,
                              {Secret(sim.accounts().makeRefreshToken(u"alice"_s)), {}, {}});
    }
    QList<TaskKey> watch(const QList<TaskId> &ids)
    {
        QList<TaskKey> keys;
        keys.reserve(ids.size());
        for (const TaskId &id : ids)
            keys.append({profile.id, id});
        store.watch(keys);
        return keys;
    }
    [[nodiscard]] GuardianClient &client() const { return *engine.findChild<GuardianClient *>(); }
    [[nodiscard]] Session &session() const { return *engine.findChild<Session *>(); }
    [[nodiscard]] ConnectionStatus connection() const
    {
        return connections.constLast().at(1).value<ConnectionStatus>();
    }

    /// All answers that are on their way arrive.
    void settle() const
    {
        (void)PassingTime::settle([this] { return isUnderWay(); });
    }
    /// Lets time pass, from one event to the next.
    void run(milliseconds span)
    {
        PassingTime::run(clock, span, [this] { return isUnderWay(); });
    }
    [[nodiscard]] bool isUnderWay() const
    {
        const auto clients = engine.findChildren<GuardianClient *>();
        return std::any_of(clients.begin(), clients.end(),
                           [](const GuardianClient *one) { return one->inFlight() > 0; });
    }
    [[nodiscard]] qsizetype refusals() const
    {
        return std::count_if(sim.log().begin(), sim.log().end(),
                             [](const SimRequest &request) { return request.status == 401; });
    }
    /// Requests that left after a refusal of their token had been read: time stands still while
    /// answers are on their way, so it must have moved.
    [[nodiscard]] qsizetype sentAfterTheirRefusal() const
    {
        QHash<QByteArray, milliseconds> refusedAt;
        qsizetype count = 0;
        for (const SimRequest &request : sim.log()) {
            if (request.token.isEmpty())
                continue;
            const auto refused = refusedAt.constFind(request.token);
            if (refused != refusedAt.cend() && request.at > *refused)
                ++count;
            else if (request.status == 401 && refused == refusedAt.cend())
                refusedAt.insert(request.token, request.at);
        }
        return count;
    }

    ManualClock clock;
    GuardianSimulator sim;
    QRandomGenerator random{42};
    TaskStore store;
    Engine engine;
    QSignalSpy connections;
    ServerProfile profile;
};

} // namespace

/// Session, poller and store together against the simulator.
class TestSignedIn final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRevokedSessionMakesNoStorm_data();
    void aRevokedSessionMakesNoStorm();
    void halfAnHourLosesNothing_data();
    void halfAnHourLosesNothing();
    void shortTokensGoOnOverTrustedConnections_data();
    void shortTokensGoOnOverTrustedConnections();
    void anUntrustedCertificateGetsNoToken_data();
    void anUntrustedCertificateGetsNoToken();
    void whoeverIsTriedNowIsAskedAlone();
    void aPasswordGivesTokens_data();
    void aPasswordGivesTokens();
    void anUntrustedCertificateGetsNoPassword();
};

void TestSignedIn::aRevokedSessionMakesNoStorm_data()
{
    QTest::addColumn<bool>("renews");
    QTest::newRow("the refresh token is refused as well") << false;
    QTest::newRow("renewed tokens are refused as well") << true;
}

void TestSignedIn::aRevokedSessionMakesNoStorm()
{
    QFETCH(const bool, renews);
    Rig rig;
    QVERIFY(rig.connectServer());
    rig.signIn();
    rig.watch(rig.sim.startMany(10'000));
    rig.run(5s);
    QVERIFY(rig.sim.requests() > 90);
    QCOMPARE(rig.refusals(), 0);
    const QByteArray token = rig.session().authorization()->token.reveal();

    if (renews) {
        Fault refusal;
        refusal.kind = Fault::Kind::Status;
        refusal.status = 401;
        refusal.path = u"tasks/"_s;
        refusal.count = -1;
        rig.sim.addFault(refusal);
    } else {
        rig.sim.accounts().revokeAll();
    }
    rig.sim.clearLog();
    // Polls that left by the moment in which the first 401 is read: it, and those on their way (one
    // of which is the renewal by then). Answers that let nobody in are told only later.
    std::optional<int> sent;
    connect(&rig.session(), &Session::changed, &rig.engine, [&rig, &sent] {
        if (!sent)
            sent = rig.client().inFlight();
    });
    rig.clock.advance(1s); // without a look at answers: several are on their way
    QCOMPARE(rig.client().inFlight(), NetworkSettings().maxInFlight);
    rig.settle();
    rig.run(1s);
    QVERIFY(sent);
    QCOMPARE(*sent, NetworkSettings().maxInFlight);
    QCOMPARE(rig.sim.requestsWith(token), *sent);
    rig.run(1h);
    QCOMPARE(rig.sim.requestsWith(token), *sent);
    const int renewals = rig.sim.requestsTo(u"accounts/access-token");
    QVERIFY2(renewals >= 1 && renewals <= 2, qPrintable(QString::number(renewals)));
    QCOMPARE(rig.sentAfterTheirRefusal(), 0);
    QCOMPARE(rig.connection().state, Connection::SignInNeeded);
    QCOMPARE(rig.store.size(), 10'000);

    rig.sim.clearFaults();
    rig.sim.clearLog();
    rig.signIn();
    rig.run(10s);
    QCOMPARE(rig.connection().state, Connection::Polling);
    QVERIFY(rig.sim.requests() > 150);
    QCOMPARE(rig.refusals(), 0);
}

void TestSignedIn::halfAnHourLosesNothing_data()
{
    QTest::addColumn<int>("skew"); // minutes that the server's clock is ahead
    QTest::newRow("the server's clock is ahead") << 10;
    QTest::newRow("the server's clock is behind") << -10;
}

void TestSignedIn::halfAnHourLosesNothing()
{
    QFETCH(const int, skew);
    Rig rig;
    rig.sim.accounts().setClockSkew(std::chrono::minutes{skew});
    rig.sim.front().setClockSkew(std::chrono::minutes{skew});
    QVERIFY(rig.connectServer());
    rig.signIn();
    QHash<TaskKey, TaskRecord> known;
    QStringList lost;
    connect(&rig.store, &TaskStore::changed, &rig.engine, [&](const QList<TaskKey> &keys) {
        for (const TaskKey &key : keys) {
            const TaskRecord before = known.value(key);
            const TaskRecord now = *rig.store.find(key);
            if ((isFinal(before.outcome) && now.outcome != before.outcome)
                || (before.snapshot && !now.snapshot))
                lost += key.task.text();
            known.insert(key, now);
        }
    });
    const auto start = [&rig](std::initializer_list<Script> scripts) {
        QList<TaskId> ids;
        for (const Script script : scripts)
            ids += rig.sim.start(script);
        return rig.watch(ids);
    };

    const auto ended = start({Script::Normal, Script::Failing, Script::Problems});
    const auto running = start({Script::NeverEnding, Script::NeverEnding});
    rig.run(10min);
    for (const TaskKey &key : ended)
        QCOMPARE(rig.store.find(key)->outcome, rig.sim.truth(key.task).now);
    QCOMPARE(rig.refusals(), 0); // each was renewed before its end
    const int renewals = rig.sim.accounts().renewals();
    QVERIFY2(renewals >= 9 && renewals <= 14, qPrintable(QString::number(renewals)));

    // The gateway is away for a minute and a half, longer than a token lives.
    rig.sim.goDown();
    rig.run(90s);
    QCOMPARE(rig.connection().state, Connection::Unreachable);
    rig.sim.restart();
    const auto later = start({Script::Nested, Script::NeverEnding});
    rig.run(8min);
    QCOMPARE(rig.connection().state, Connection::Polling);
    for (const TaskKey &key : ended)
        QVERIFY(isFinal(rig.store.find(key)->outcome));
    for (const TaskKey &key : running)
        QCOMPARE(rig.store.find(key)->outcome, Outcome::OutcomeUnknown);
    QCOMPARE(rig.refusals(), 0);

    rig.sim.accounts().revokeAll();
    rig.run(5min);
    QCOMPARE(rig.connection().state, Connection::SignInNeeded);
    const int stopped = rig.sim.requests();
    QVERIFY(rig.refusals() > 0);
    rig.run(1min);
    QCOMPARE(rig.sim.requests(), stopped);
    const auto last = start({Script::Failing});
    rig.signIn();
    rig.run(4min + 30s);
    QCOMPARE(rig.connection().state, Connection::Polling);
    QCOMPARE(rig.sentAfterTheirRefusal(), 0);
    for (const TaskKey &key : later + last)
        QCOMPARE(rig.store.find(key)->outcome, rig.sim.truth(key.task).now);
    QVERIFY2(lost.isEmpty(), qPrintable(lost.join(u' ')));
    QCOMPARE(rig.store.size(), 8);
}

void TestSignedIn::shortTokensGoOnOverTrustedConnections_data()
{
    QTest::addColumn<bool>("tls");
    QTest::newRow("http on this machine") << false;
    QTest::newRow("https, by the server's CA file") << true;
}

void TestSignedIn::shortTokensGoOnOverTrustedConnections()
{
    QFETCH(const bool, tls);
    SimOptions options;
    if (tls)
        options.tls = tlsOf(u"server"_s);
    Rig rig(options);
    rig.sim.accounts().setAccessLife(2s);
    if (tls)
        rig.profile.caFile = testDataPath(u"tls/ca.pem");
    QVERIFY(rig.connectServer());
    rig.signIn();
    const auto keys =
        rig.watch({rig.sim.start(Script::NeverEnding), rig.sim.start(Script::Normal)});
    rig.run(1min);
    QCOMPARE(rig.connection().state, Connection::Polling);
    for (const TaskKey &key : keys)
        QCOMPARE(rig.store.find(key)->outcome, rig.sim.truth(key.task).now);
    QCOMPARE(rig.refusals(), 0);
    QVERIFY(rig.sim.accounts().renewals() > 10);
}

void TestSignedIn::anUntrustedCertificateGetsNoToken_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("trustsCa");
    QTest::addColumn<QString>("words");
    QTest::newRow("private CA") << u"server"_s << false << u"Private CA"_s;
    QTest::newRow("wrong host") << u"wronghost"_s << true << u"guardian.example"_s;
    QTest::newRow("expired") << u"expired"_s << true << u"ended on"_s;
    QTest::newRow("self-signed") << u"selfsigned"_s << true << u"self-signed"_s;
}

void TestSignedIn::anUntrustedCertificateGetsNoToken()
{
    QFETCH(const QString, name);
    QFETCH(const bool, trustsCa);
    QFETCH(const QString, words);
    SimOptions options;
    options.tls = tlsOf(name);
    Rig rig(options);
    rig.sim.accounts().setAccessLife(2s);
    if (trustsCa)
        rig.profile.caFile = testDataPath(u"tls/ca.pem");
    QVERIFY(rig.connectServer());
    rig.engine.setCredentials(rig.profile.id,
                              {Secret(rig.sim.accounts().makeRefreshToken(u"alice"_s)),
                               Secret(rig.sim.accounts().plainToken()),
                               {}});
    rig.watch({rig.sim.start(Script::NeverEnding)});
    rig.run(2min);
    QCOMPARE(rig.sim.requests(), 0);
    QCOMPARE(rig.connection().state, Connection::CertificateProblem);
    const PollError cause = rig.connection().cause.value();
    QVERIFY2(cause.detail.contains(words), qPrintable(cause.detail));
    QVERIFY(!cause.certificates.isEmpty());
    const PollErrorText text = describe(cause);
    QVERIFY(!text.headline.isEmpty() && !text.nextStep.isEmpty());
}

void TestSignedIn::whoeverIsTriedNowIsAskedAlone()
{
    Rig rig;
    GuardianSimulator second(rig.clock);
    QVERIFY(second.listen());
    ServerProfile other;
    other.id = ServerId::create();
    other.apiRoot = second.apiRoot();
    QVERIFY(rig.connectServer());
    rig.engine.setServer(serverConfigOf(other, {}).value());
    rig.signIn();
    rig.engine.setCredentials(other.id, {{}, Secret(second.accounts().plainToken()), {}});
    rig.watch({rig.sim.start(Script::NeverEnding)});
    rig.store.watch({{other.id, second.start(Script::NeverEnding)}});
    const auto away = [](GuardianSimulator &sim) {
        Fault fault;
        fault.kind = Fault::Kind::Status;
        fault.status = 503;
        fault.count = -1;
        sim.addFault(fault);
    };
    away(rig.sim);
    away(second);
    rig.run(10min); // both are asked once a minute by now
    rig.sim.clearLog();
    second.clearLog();
    rig.engine.tryNow(rig.profile.id);
    rig.run(2s); // over which several at once are spread
    QVERIFY(rig.sim.requests() > 0);
    QCOMPARE(second.requests(), 0);
    rig.engine.networkReturned();
    rig.run(2s);
    QVERIFY(second.requests() > 0);
}

void TestSignedIn::aPasswordGivesTokens_data()
{
    QTest::addColumn<QByteArray>("password");
    QTest::addColumn<bool>("givesAccess");
    QTest::newRow("right") << QByteArray("alice-password") << false;
    QTest::newRow("right, the manual's version") << QByteArray("alice-password") << true;
    QTest::newRow("wrong") << QByteArray("marker-password") << false;
}

void TestSignedIn::aPasswordGivesTokens()
{
    QFETCH(const QByteArray, password);
    QFETCH(const bool, givesAccess);
    Rig rig;
    rig.sim.accounts().setSignInGivesAccess(givesAccess);
    const auto config = serverConfigOf(rig.profile, {});
    QVERIFY(config);
    const QSignalSpy signedIn(&rig.engine, &Engine::signedIn);
    rig.engine.signIn(7, *config, u"alice"_s, Secret(password), Secret("of the proxy"));
    QTRY_COMPARE(signedIn.count(), 1);
    QCOMPARE(signedIn.constFirst().at(0).toULongLong(), 7U);
    const auto result = signedIn.constFirst().at(1).value<SignInResult>();
    if (password == "marker-password") {
        QVERIFY(!result);
        QCOMPARE(result.error().kind, PollError::Kind::SignInNeeded);
        QVERIFY(!result.error().detail.contains(u"marker"_s));
        return;
    }
    QVERIFY(result);
    QCOMPARE(result->accessToken.isEmpty(), !givesAccess);
    QCOMPARE(result->proxyPassword.reveal(), QByteArray("of the proxy"));
    QVERIFY(rig.connectServer());
    rig.engine.setCredentials(rig.profile.id, *result);
    const auto keys = rig.watch({rig.sim.start(Script::NeverEnding)});
    rig.run(3s);
    QCOMPARE(rig.store.find(keys.constFirst())->outcome, Outcome::Running);
    QCOMPARE(rig.sim.accounts().signIns(), 1);
    QCOMPARE(rig.refusals(), 0);
}

void TestSignedIn::anUntrustedCertificateGetsNoPassword()
{
    Rig rig({.tls = tlsOf(u"selfsigned"_s)});
    const auto config = serverConfigOf(rig.profile, {});
    QVERIFY(config);
    const QSignalSpy signedIn(&rig.engine, &Engine::signedIn);
    rig.engine.signIn(1, *config, u"alice"_s, Secret("alice-password"));
    QTRY_COMPARE(signedIn.count(), 1);
    const auto result = signedIn.constFirst().at(1).value<SignInResult>();
    QVERIFY(!result);
    QCOMPARE(result.error().kind, PollError::Kind::Certificate);
    QCOMPARE(rig.sim.requests(), 0);
}

QTEST_GUILESS_MAIN(TestSignedIn)
#include "test_signedin.moc"
