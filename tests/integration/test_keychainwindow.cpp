#include "account/keychaintokenstore.h"
#include "account/profilestore.h"
#include "application.h"
#include "guardiansimulator.h"
#include "instance/instancelock.h"
#include "mainwindow.h"
#include "manualclock.h"
#include "privatebus.h"
#include "privatedisplay.h"
#include "programrun.h"
#include "scaledclock.h"
#include "tokenasker.h"
#include "widgetfinder.h"
#include "window/banner.h"

#include <QFile>
#include <QLineEdit>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

using namespace Qt::StringLiterals;
using namespace WidgetFinder;
using namespace std::chrono_literals;

namespace {

constexpr double pace = 20; ///< of the window's clock

/// How often its widget was painted.
class Paints final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Paints)

public:
    explicit Paints(QWidget &widget) { widget.installEventFilter(this); }
    ~Paints() override = default;

    int count = 0;

protected:
    bool eventFilter(QObject *, QEvent *event) override
    {
        count += event->type() == QEvent::Paint ? 1 : 0;
        return false;
    }
};

} // namespace

/// The whole window over gnome-keyring that is stopped in mid-work. The keychain's limit runs on a
/// clock of its own, which stands still: how long the window waits is the test's to say.
class TestKeychainWindow final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aHangingKeychainStopsNothing();
    void aLockedKeyringIsAskedAgain();
    void theProgramEndsMeanwhile();

private:
    [[nodiscard]] static ServerProfile profileOf(const GuardianSimulator &sim, const QString &name);
    /// Stores them, and a token of each in the keychain.
    void store(const QList<ServerProfile> &profiles, const QByteArray &token);

    PrivateBus m_bus;
    QTemporaryDir m_folder;
    const Folders m_folders = Folders::below(m_folder.path());
    ManualClock m_keychainClock;
    ScaledClock m_clock{pace};
};

ServerProfile TestKeychainWindow::profileOf(const GuardianSimulator &sim, const QString &name)
{
    ServerProfile profile;
    profile.id = ServerId::create();
    profile.name = name;
    profile.address = sim.siteUrl().toString();
    profile.apiRoot = sim.apiRoot();
    profile.push = false;
    return profile;
}

void TestKeychainWindow::initTestCase()
{
    QCOMPARE(m_bus.start(), QString());
    QCOMPARE(m_bus.startKeyring(), QString());
    QVERIFY(m_folders.create());
}

void TestKeychainWindow::store(const QList<ServerProfile> &profiles, const QByteArray &token)
{
    ProfileStore file(m_folders.config, m_clock);
    (void)file.load();
    QVERIFY(file.save(profiles));
    KeychainTokenStore keychain(m_keychainClock);
    TokenAsker asker(keychain);
    for (const ServerProfile &profile : profiles) {
        asker.write(profile.id, token);
        QTRY_VERIFY(asker.done);
        QVERIFY(*asker.done);
    }
}

void TestKeychainWindow::aHangingKeychainStopsNothing()
{
    GuardianSimulator given(m_clock);
    GuardianSimulator stored(m_clock);
    QVERIFY(given.listen() && stored.listen());
    const ServerProfile first = profileOf(given, u"First"_s);
    const ServerProfile second = profileOf(stored, u"Second"_s);
    store({first, second}, stored.accounts().plainToken());
    m_bus.freezeKeyring(true);

    ApplicationSetup setup;
    setup.folders = m_folders;
    setup.line.server = u"First"_s;
    setup.line.token = Secret(given.accounts().plainToken()); // needs no keychain
    setup.tokens = makeTokenStore(m_keychainClock);
    const QSignalSpy waiting(setup.tokens.get(), &TokenStore::waiting);
    Application application(std::move(setup), m_clock);
    MainWindow &window = application.window();
    const Paints paints(window.banner());
    int beats = 0;
    QTimer heart;
    connect(&heart, &QTimer::timeout, this, [&beats] { ++beats; });
    heart.start(1ms);
    application.start();
    const TaskKey one{first.id, given.start(Script::NeverEnding)};
    const TaskKey two{second.id, stored.start(Script::NeverEnding)};
    QTRY_VERIFY_WITH_TIMEOUT(application.isReady(), 20'000);
    application.tasks().watch({one, two});

    // The keychain is asked, and says nothing.
    m_keychainClock.advance(KeychainTokenStore::patience);
    QCOMPARE(waiting, (QList<QVariantList>{{true}}));
    QVERIFY(window.banner().isShown(BannerKind::NoKeychain));
    QVERIFY(window.banner().accessibleDescription().contains(u"Waiting for the keychain"_s));
    QVERIFY(!window.banner().isShown(BannerKind::SignInNeeded));
    const auto isRunning = [&](const TaskKey &key) {
        const TaskRecord *record = application.tasks().find(key);
        return record && record->outcome == Outcome::Running;
    };
    QTRY_VERIFY_WITH_TIMEOUT(isRunning(one), 20'000);
    const int before = beats;
    const int asked = given.requestsOf(one.task);
    QTRY_VERIFY_WITH_TIMEOUT(beats >= before + 200, 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(given.requestsOf(one.task) > asked + 3, 20'000);
    QTRY_VERIFY(paints.count > 0);
    auto *field = named<QLineEdit>(window, u"Look up"_s);
    QTest::keyClicks(field, u"typed meanwhile"_s);
    QCOMPARE(field->text(), u"typed meanwhile"_s);
    // All that came before any answer of the keychain.
    QCOMPARE(waiting.size(), 1);
    QCOMPARE(stored.requestsOf(two.task), 0);

    m_keychainClock.advance(KeychainTokenStore::limit - KeychainTokenStore::patience);
    QCOMPARE(waiting, (QList<QVariantList>{{true}, {false}}));
    QTRY_VERIFY(window.banner().isShown(BannerKind::TokenNotRead, second.id));
    const int later = given.requestsOf(one.task);
    QTRY_VERIFY_WITH_TIMEOUT(given.requestsOf(one.task) > later, 20'000);
    QCOMPARE(stored.requestsOf(two.task), 0);

    // What it was asked for comes late, and is used: it did hang in mid-work.
    m_bus.freezeKeyring(false);
    QTRY_VERIFY_WITH_TIMEOUT(isRunning(two), 20'000);
    QTRY_VERIFY(!window.banner().isShown(BannerKind::TokenNotRead)
                && !window.banner().isShown(BannerKind::SignInNeeded));
}

/// Nobody is here to show its prompt, which reads as a cancelled one. Then the person unlocks it.
void TestKeychainWindow::aLockedKeyringIsAskedAgain()
{
    GuardianSimulator sim(m_clock);
    QVERIFY(sim.listen());
    const ServerProfile profile = profileOf(sim, u"Only"_s);
    store({profile}, sim.accounts().plainToken());
    QCOMPARE(m_bus.lockKeyring(), QString());
    ApplicationSetup setup;
    setup.folders = m_folders;
    setup.tokens = makeTokenStore(m_keychainClock);
    Application application(std::move(setup), m_clock);
    MainWindow &window = application.window();
    application.start();
    QTRY_VERIFY_WITH_TIMEOUT(window.banner().isShown(BannerKind::TokenNotRead, profile.id), 20'000);
    QCOMPARE(sim.requests(), 0);
    QCOMPARE(m_bus.unlockKeyring(), QString());
    QAbstractButton *again = button(window, u"Try again"_s);
    QVERIFY(again && again->isVisible());
    again->click();
    QTRY_VERIFY_WITH_TIMEOUT(sim.requestsWith(sim.accounts().plainToken()) > 0, 20'000);
    QTRY_VERIFY(!window.banner().isShown(BannerKind::TokenNotRead)
                && !window.banner().isShown(BannerKind::SignInNeeded));
}

/// The real program, with its question to the keychain open.
void TestKeychainWindow::theProgramEndsMeanwhile()
{
    GuardianSimulator sim(m_clock);
    QVERIFY(sim.listen());
    store({profileOf(sim, u"Only"_s)}, sim.accounts().plainToken());
    m_bus.freezeKeyring(true);
    const auto thaw = qScopeGuard([this] { m_bus.freezeKeyring(false); });
    QProcess program;
    QProcessEnvironment environment = ProgramRun::environment({});
    environment.insert(u"DBUS_SESSION_BUS_ADDRESS"_s, m_bus.address());
    environment.insert(u"QT_QPA_PLATFORM"_s, u"offscreen"_s);
    program.setProcessEnvironment(environment);
    const QString trouble =
        startCompanion(program, ProgramRun::program(), {}, {u"--data-dir"_s, m_folder.path()});
    QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
    const auto place = InstancePlace::of(m_folders);
    QVERIFY(place);
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(place->socket), 20'000);
    // A second start is answered by the window's event loop.
    const ProgramRun second = ProgramRun::of(
        {u"--data-dir"_s, m_folder.path(), u"track"_s, TaskId(u"a-task"_s).text()}, {});
    QVERIFY2(second.status == 0, second.err.constData());
    program.terminate();
    QVERIFY(program.waitForFinished(20'000));
    QCOMPARE(program.exitStatus(), QProcess::NormalExit);
    QCOMPARE(program.exitCode(), 0);
    QCOMPARE(sim.requests(), 0); // nor had the keychain answered
}

QTEST_MAIN(TestKeychainWindow)
#include "test_keychainwindow.moc"
