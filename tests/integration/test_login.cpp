#include "account/credentialsentry.h"
#include "account/folders.h"
#include "account/keychaintokenstore.h"
#include "account/profilestore.h"
#include "guardian/apiroot.h"
#include "guardiansimulator.h"
#include "instance/instancelock.h"
#include "manualclock.h"
#include "privatebus.h"
#include "programrun.h"
#include "terminalrun.h"
#include "testdata.h"
#include "tokenasker.h"

#include <QDirIterator>
#include <QFile>
#include <QSignalSpy>
#include <QSslKey>
#include <QTest>

#include <csignal>

using namespace Qt::StringLiterals;

namespace {

const QByteArray password = "marker-p\xc3\xa4ssword-0123456789";
const QByteArray prompt = "Password of alice: ";

QSslConfiguration selfSigned()
{
    const auto read = [](QStringView name) {
        QFile file(testDataPath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    auto tls = QSslConfiguration::defaultConfiguration();
    tls.setLocalCertificate(QSslCertificate(read(u"tls/selfsigned.pem")));
    tls.setPrivateKey(QSslKey(read(u"tls/selfsigned.key"), QSsl::Ec));
    return tls;
}

} // namespace

/// `taskwatch login`, `logout` and `servers`: the real program, a real gnome-keyring, a terminal.
class TestLogin final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();

    void aPasswordFromAPipeGivesATokenThatIsKept();
    void onATerminalNothingTypedIsShown();
    void aSignalFindsTheTerminalAsItWas();
    void aKnownServerKeepsItsProfile();
    void ofTwoProfilesTheNamedOneIsChanged();
    void aWrongPasswordKeepsNothing();
    void aServerThatStumblesAfterwardsLosesNoToken();
    void anUntrustedCertificateGetsNoPassword();
    void openHttpIsRefusedBeforeThePassword();
    void withoutAKeychainNobodySignsIn();
    void aKeychainThatTakesItsTimeIsSaid();
    void withoutAPasswordNobodySignsIn();
    void anOpenWindowIsNotWrittenOver();
    void noWindowOpensMeanwhile();
    void logoutNamesWhatItCannotDo();
    void serversAreListed();

private:
    [[nodiscard]] QProcessEnvironment environment() const;
    [[nodiscard]] QStringList withData(const QStringList &arguments) const;
    [[nodiscard]] QStringList loginArguments() const;
    [[nodiscard]] ProgramRun run(const QStringList &arguments, const QByteArray &input = {},
                                 const QString &bus = {}) const;
    [[nodiscard]] QList<ServerProfile> profiles() const;
    /// Where a window of that data folder would have its lock.
    [[nodiscard]] QString lockPath() const;
    /// Of the simulator.
    [[nodiscard]] ServerProfile profile(const QString &name, const QString &account) const;
    void storeProfiles(const QList<ServerProfile> &profiles) const;
    /// What the keychain holds of that server.
    [[nodiscard]] std::optional<Credentials> kept(const ServerId &server) const;
    [[nodiscard]] bool isOnDisk(const QByteArray &what) const;

    PrivateBus m_bus;
    ManualClock m_clock;
    std::unique_ptr<GuardianSimulator> m_sim;
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestLogin::initTestCase()
{
    QCOMPARE(m_bus.start(), QString());
    QCOMPARE(m_bus.startKeyring(), QString());
}

void TestLogin::init()
{
    m_folder = std::make_unique<QTemporaryDir>(QDir::tempPath() + u"/l-XXXXXX"_s);
    m_sim = std::make_unique<GuardianSimulator>(m_clock);
    m_sim->accounts().addUser(
        {.name = u"bob"_s, .password = QString::fromUtf8(password), .id = u"bob"_s});
    QVERIFY(m_sim->listen());
}

QProcessEnvironment TestLogin::environment() const
{
    QProcessEnvironment environment = ProgramRun::environment({});
    environment.insert(u"DBUS_SESSION_BUS_ADDRESS"_s, m_bus.address());
    environment.insert(u"XDG_RUNTIME_DIR"_s, m_folder->path());
    return environment;
}

QStringList TestLogin::withData(const QStringList &arguments) const
{
    return arguments + QStringList{u"--data-dir"_s, m_folder->filePath(u"data"_s)};
}

QStringList TestLogin::loginArguments() const
{
    return withData(
        {u"login"_s, u"--server"_s, m_sim->siteUrl().toString(), u"--user"_s, u"bob"_s});
}

ProgramRun TestLogin::run(const QStringList &arguments, const QByteArray &input,
                          const QString &bus) const
{
    QProcess process;
    QProcessEnvironment environment = this->environment();
    if (!bus.isEmpty())
        environment.insert(u"DBUS_SESSION_BUS_ADDRESS"_s, bus);
    process.setProcessEnvironment(environment);
    QSignalSpy finished(&process, &QProcess::finished);
    process.start(ProgramRun::program(), arguments);
    process.write(input);
    process.closeWriteChannel();
    if (finished.isEmpty() && !finished.wait(30'000)) {
        process.kill();
        process.waitForFinished();
        return {-2, process.readAllStandardOutput(), process.readAllStandardError()};
    }
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -3,
            process.readAllStandardOutput(), process.readAllStandardError()};
}

QList<ServerProfile> TestLogin::profiles() const
{
    return ProfileStore(Folders::below(m_folder->filePath(u"data"_s)).config, m_clock)
        .load()
        .value_or(QList<ServerProfile>());
}

ServerProfile TestLogin::profile(const QString &name, const QString &account) const
{
    ServerProfile made;
    made.id = ServerId::create();
    made.name = name;
    made.apiRoot = m_sim->apiRoot();
    made.account = account;
    return made;
}

void TestLogin::storeProfiles(const QList<ServerProfile> &profiles) const
{
    const Folders folders = Folders::below(m_folder->filePath(u"data"_s));
    QVERIFY(folders.create());
    QVERIFY(ProfileStore(folders.config, m_clock).save(profiles));
}

QString TestLogin::lockPath() const
{
    const Folders folders = Folders::below(m_folder->filePath(u"data"_s));
    const bool isMade = folders.create().has_value();
    const QByteArray before = qgetenv("XDG_RUNTIME_DIR");
    qputenv("XDG_RUNTIME_DIR", m_folder->path().toUtf8());
    const auto place = InstancePlace::of(folders);
    qputenv("XDG_RUNTIME_DIR", before);
    return isMade && place ? place->lock : QString();
}

std::optional<Credentials> TestLogin::kept(const ServerId &server) const
{
    KeychainTokenStore store(m_clock);
    TokenAsker asker(store);
    asker.read(server);
    if (!QTest::qWaitFor([&asker] { return asker.token.has_value(); }, 10'000) || !*asker.token)
        return std::nullopt;
    return CredentialsEntry::released(**asker.token, ApiRoot(m_sim->apiRoot()));
}

bool TestLogin::isOnDisk(const QByteArray &what) const
{
    QDirIterator files(m_folder->path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly) && file.readAll().contains(what))
            return true;
    }
    return false;
}

void TestLogin::aPasswordFromAPipeGivesATokenThatIsKept()
{
    const ProgramRun login = run(loginArguments(), password + "\nof no use\n");
    QVERIFY2(login.status == 0, login.err.constData());
    QVERIFY2(login.err.contains("as bob"), login.err.constData());
    QVERIFY(!login.err.contains(password) && login.out.isEmpty());
    QCOMPARE(m_sim->accounts().signIns(), 1);
    const QList<ServerProfile> stored = profiles();
    QCOMPARE(stored.size(), 1);
    const ServerProfile &server = stored.constFirst();
    QCOMPARE(server.apiRoot, m_sim->apiRoot());
    QCOMPARE(server.account, u"bob"_s);
    QCOMPARE(server.signIn, ServerProfile::SignIn::RefreshToken);
    const auto credentials = kept(server.id);
    QVERIFY(credentials);
    QVERIFY(!credentials->refreshToken.isEmpty() && credentials->accessToken.isEmpty());
    QVERIFY(credentials->refreshToken.reveal() != password);
    QVERIFY(isOnDisk("127.0.0.1")); // the search finds what is there
    QVERIFY(!isOnDisk(password));
    QVERIFY(!isOnDisk(credentials->refreshToken.reveal()));

    StartOptions options;
    options.userId = u"bob"_s;
    const TaskId task = m_sim->start(Script::NeverEnding, options);
    const ProgramRun show = run(withData({u"show"_s, task.text()}));
    QVERIFY2(show.status == 0, show.err.constData());
    QCOMPARE(m_sim->accounts().signIns(), 1);

    const ProgramRun logout = run(withData({u"logout"_s}));
    QVERIFY2(logout.status == 0, logout.err.constData());
    QVERIFY(!kept(server.id));
    QCOMPARE(profiles(), stored);
    QCOMPARE(run(withData({u"show"_s, task.text()})).status, 13);
}

void TestLogin::onATerminalNothingTypedIsShown()
{
    TerminalRun terminal;
    QSignalSpy finished(&terminal.process(), &QProcess::finished);
    QStringList arguments = loginArguments();
    arguments.replaceInStrings(u"bob"_s, u"alice"_s);
    terminal.start(arguments, environment());
    QTRY_VERIFY_WITH_TIMEOUT(terminal.shown().endsWith(prompt), 20'000);
    QVERIFY(terminal.shown().contains("end your other sessions"));
    QVERIFY(!terminal.echoes());
    terminal.type("alice-pasx\x7fsword\n"); // a typing error, mended
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 30'000);
    QVERIFY2(terminal.process().exitCode() == 0, terminal.shown().constData());
    QVERIFY(!terminal.shown().contains("alice-p"));
    QVERIFY(terminal.shown().contains("as alice"));
    QVERIFY(terminal.echoes());
    QVERIFY(kept(profiles().value(0).id));
}

void TestLogin::aSignalFindsTheTerminalAsItWas()
{
    TerminalRun terminal;
    QSignalSpy finished(&terminal.process(), &QProcess::finished);
    QStringList arguments = loginArguments();
    arguments.replaceInStrings(u"bob"_s, u"alice"_s);
    terminal.start(arguments, environment());
    QTRY_VERIFY_WITH_TIMEOUT(terminal.shown().endsWith(prompt), 20'000);
    QVERIFY(!terminal.echoes());
    terminal.type("alice-\x03");
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 20'000);
    QCOMPARE(terminal.process().exitStatus(), QProcess::CrashExit); // by the signal
    QCOMPARE(terminal.process().exitCode(), SIGINT);
    QVERIFY(terminal.echoes());
    QCOMPARE(m_sim->requests(), 0);
}

void TestLogin::aKnownServerKeepsItsProfile()
{
    ServerProfile own;
    own.id = ServerId::create();
    own.name = u"Production"_s;
    own.apiRoot = m_sim->apiRoot();
    own.colourMark = 3;
    ServerProfile other;
    other.id = ServerId::create();
    other.apiRoot = QUrl(u"https://other.example/api/v1"_s);
    storeProfiles({own, other});
    KeychainTokenStore store(m_clock);
    TokenAsker asker(store);
    asker.write(own.id, Credentials{Secret("old"), {}, Secret("of the proxy")});
    QTRY_VERIFY(asker.done);

    const ProgramRun login =
        run(withData({u"login"_s, u"--server"_s, u"production"_s, u"--user"_s, u"bob"_s}),
            password + "\r\n");
    QVERIFY2(login.status == 0, login.err.constData());
    own.account = u"bob"_s;
    QCOMPARE(profiles(), (QList<ServerProfile>{own, other}));
    const auto credentials = kept(own.id);
    QVERIFY(credentials && credentials->refreshToken.reveal() != "old");
    QCOMPARE(credentials->proxyPassword.reveal(), QByteArray("of the proxy"));
}

void TestLogin::ofTwoProfilesTheNamedOneIsChanged()
{
    const ServerProfile first = profile(u"First"_s, u"alice"_s);
    ServerProfile second = profile(u"Second"_s, u"carol"_s);
    storeProfiles({first, second});
    const ProgramRun unclear = run(loginArguments(), password + '\n');
    QCOMPARE(unclear.status, 64);
    QVERIFY2(unclear.err.contains("First, Second"), unclear.err.constData());
    QCOMPARE(m_sim->accounts().signIns(), 0);

    const ProgramRun login = run(
        withData({u"login"_s, u"--server"_s, u"second"_s, u"--user"_s, u"bob"_s}), password + '\n');
    QVERIFY2(login.status == 0, login.err.constData());
    second.account = u"bob"_s;
    QCOMPARE(profiles(), (QList<ServerProfile>{first, second}));
    QVERIFY(kept(second.id) && !kept(first.id));
}

void TestLogin::aWrongPasswordKeepsNothing()
{
    const ProgramRun login = run(loginArguments(), "wrong-marker\n");
    QCOMPARE(login.status, 13);
    QVERIFY2(login.err.contains("password is wrong"), login.err.constData());
    QVERIFY(!login.err.contains("wrong-marker"));
    QVERIFY(profiles().isEmpty());
}

void TestLogin::aServerThatStumblesAfterwardsLosesNoToken()
{
    storeProfiles({profile(u"One"_s, u"bob"_s)}); // its API is known, and not looked for
    Fault fault; // the sign-in succeeds; the question whether the token works does not
    fault.kind = Fault::Kind::Status;
    fault.status = 503;
    fault.path = u"tasks/"_s;
    fault.count = -1;
    m_sim->addFault(fault);
    const ProgramRun login = run(
        withData({u"login"_s, u"--server"_s, u"One"_s, u"--user"_s, u"bob"_s}), password + '\n');
    QVERIFY2(login.status == 0, login.err.constData());
    QVERIFY2(login.err.contains("kept all the same"), login.err.constData());
    QCOMPARE(profiles().size(), 1);
    QVERIFY(kept(profiles().constFirst().id));
}

void TestLogin::anUntrustedCertificateGetsNoPassword()
{
    m_sim = std::make_unique<GuardianSimulator>(m_clock, SimOptions{.tls = selfSigned()});
    QVERIFY(m_sim->listen());
    const ProgramRun login = run(loginArguments(), password + '\n');
    QVERIFY2(login.status == 14, login.err.constData());
    QVERIFY2(login.err.contains("ertificate"), login.err.constData());
    QCOMPARE(m_sim->requests(), 0);
    QVERIFY(profiles().isEmpty());
}

void TestLogin::openHttpIsRefusedBeforeThePassword()
{
    const ProgramRun login = run(
        withData({u"login"_s, u"--server"_s, u"http://guardian.example"_s, u"--user"_s, u"bob"_s}),
        password + '\n');
    QCOMPARE(login.status, 64);
    QVERIFY2(login.err.contains("--allow-http"), login.err.constData());
}

void TestLogin::withoutAKeychainNobodySignsIn()
{
    const ProgramRun login =
        run(loginArguments(), password + '\n', u"unix:path=/nonexistent/bus"_s);
    QCOMPARE(login.status, 70);
    QVERIFY2(login.err.contains("Nothing could be stored"), login.err.constData());
    QCOMPARE(m_sim->accounts().signIns(), 0);
    QVERIFY(profiles().isEmpty());
}

void TestLogin::aKeychainThatTakesItsTimeIsSaid()
{
    m_bus.freezeKeyring(true);
    QProcess process;
    process.setProcessEnvironment(environment());
    QSignalSpy finished(&process, &QProcess::finished);
    process.start(ProgramRun::program(), loginArguments());
    process.write(password + '\n');
    process.closeWriteChannel();
    QByteArray said;
    const bool isSaid = QTest::qWaitFor(
        [&] {
            said += process.readAllStandardError();
            return said.contains("Waiting for the keychain");
        },
        20'000);
    m_bus.freezeKeyring(false);
    QVERIFY2(isSaid, said.constData());
    QCOMPARE(m_sim->accounts().signIns(), 0);
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 30'000);
    QCOMPARE(process.exitCode(), 0);
    QVERIFY(kept(profiles().value(0).id));
}

void TestLogin::withoutAPasswordNobodySignsIn()
{
    for (const QByteArray &input : {QByteArray(), QByteArray("\n"), QByteArray(5000, 'x')}) {
        const ProgramRun login = run(loginArguments(), input);
        QCOMPARE(login.status, 64);
        QVERIFY2(login.err.contains("no password"), login.err.constData());
    }
    QCOMPARE(m_sim->requests(), 0);
}

void TestLogin::anOpenWindowIsNotWrittenOver()
{
    InstanceLock lock(lockPath());
    QVERIFY(lock.tryLock());
    for (const QStringList &command : {loginArguments(), withData({u"logout"_s})}) {
        const ProgramRun refused = run(command, password + '\n');
        QCOMPARE(refused.status, 70);
        QVERIFY2(refused.err.contains("Taskwatch is running"), refused.err.constData());
    }
    QCOMPARE(m_sim->requests(), 0);
}

void TestLogin::noWindowOpensMeanwhile()
{
    InstanceLock window(lockPath());
    TerminalRun terminal;
    QSignalSpy finished(&terminal.process(), &QProcess::finished);
    QStringList arguments = loginArguments();
    arguments.replaceInStrings(u"bob"_s, u"alice"_s);
    terminal.start(arguments, environment());
    QTRY_VERIFY_WITH_TIMEOUT(terminal.shown().endsWith(prompt), 20'000);
    QVERIFY(!window.tryLock());
    terminal.type("\n");
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 20'000);
    QVERIFY(window.tryLock());
}

void TestLogin::logoutNamesWhatItCannotDo()
{
    QCOMPARE(run(withData({u"logout"_s})).status, 64); // there is no server
    ServerProfile own;
    own.id = ServerId::create();
    own.apiRoot = m_sim->apiRoot();
    storeProfiles({own});
    const ProgramRun unknown = run(withData({u"logout"_s, u"--server"_s, u"https://a.example"_s}));
    QCOMPARE(unknown.status, 64);
    QVERIFY2(unknown.err.contains("a.example"), unknown.err.constData());
    const ProgramRun nothing =
        run(withData({u"logout"_s, u"--server"_s, m_sim->siteUrl().toString()}));
    QCOMPARE(nothing.status, 0); // what is wanted is so
    QVERIFY2(nothing.err.contains("Nothing is stored"), nothing.err.constData());
    const ProgramRun noKeychain = run(withData({u"logout"_s}), {}, u"unix:path=/nonexistent/bus"_s);
    QCOMPARE(noKeychain.status, 70);
    QVERIFY2(noKeychain.err.contains("no working keychain"), noKeychain.err.constData());
}

void TestLogin::serversAreListed()
{
    const ServerProfile one = profile(u"Production"_s, u"bob"_s);
    ServerProfile two = profile(u"Old\x1b[2J"_s, u"bob"_s);
    two.enabled = false;
    storeProfiles({one, two});
    const ProgramRun text = run(withData({u"servers"_s}));
    QCOMPARE(text.status, 0);
    QVERIFY2(text.err.isEmpty(), text.err.constData());
    QCOMPARE(text.out.count('\n'), 2);
    QVERIFY2(text.out.startsWith("Production  "), text.out.constData());
    QVERIFY(text.out.contains("disabled") && !text.out.contains('\x1b'));
    const ProgramRun json = run(withData({u"servers"_s, u"--json"_s}));
    QCOMPARE(json.objects().size(), 2);
    const QJsonObject object = json.object();
    QCOMPARE(object["id"_L1].toString(), one.id.text());
    QCOMPARE(object["apiRoot"_L1].toString(), m_sim->apiRoot().toString());
    QCOMPARE(object["account"_L1].toString(), u"bob"_s);
    QCOMPARE(object["state"_L1].toString(), u"enabled"_s);
}

QTEST_GUILESS_MAIN(TestLogin)
#include "test_login.moc"
