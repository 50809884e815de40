#include "account/keychaintokenstore.h"
#include "account/profilestore.h"
#include "account/resultwords.h"
#include "account/serverdesk.h"
#include "account/serversdialog.h"
#include "account/signindialog.h"
#include "application.h"
#include "base/logging.h"
#include "caughtstderr.h"
#include "leakrig.h"
#include "mainwindow.h"
#include "scaledclock.h"
#include "testdata.h"
#include "tokenasker.h"
#include "tunnelproxy.h"
#include "widgetfinder.h"
#include "window/banner.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QSpinBox>
#include <QSslKey>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace WidgetFinder;
using namespace std::chrono_literals;

namespace {

const QByteArray proxyPassword = "marker-proxy-password-44ab";
const QByteArray wrongProxyPassword = "marker-proxy-wrong-77cd";
const QByteArray untrustedToken = "marker-untrusted-token-1c2d";
const QByteArray tokenBehind = "marker-token-behind-8e9f";
constexpr double pace = 20;

QSslConfiguration tlsOf(const QString &name)
{
    const auto read = [](const QString &file) {
        return LeakRig::contentOf(testDataPath(u"tls/"_s + file));
    };
    auto tls = QSslConfiguration::defaultConfiguration();
    tls.setLocalCertificate(QSslCertificate(read(name + u".pem"_s)));
    tls.setPrivateKey(QSslKey(read(name + u".key"_s), QSsl::Ec));
    return tls;
}

} // namespace

/// What is typed into the dialog of the servers, and thrown away there: a proxy's password, a token
/// for a server whose certificate is not trusted, Forget and Remove.
class TestLeaksServers final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theWindow();
    void nothingIsFound_data();
    void nothingIsFound();

private:
    void setUp();
    void watchPlain();
    void meetAnUntrustedCertificate();
    void goThroughAProxy();
    void forgetAndRemove();
    void add(const QString &name, const QString &address);
    void openSignIn(const QByteArray &token);
    [[nodiscard]] bool isKept(const ServerId &id);
    [[nodiscard]] MainWindow &window() const { return m_application->window(); }
    [[nodiscard]] ServersDialog &dialog() const { return *window().findChild<ServersDialog *>(); }
    [[nodiscard]] ServerId idOf(const QString &name) const;
    void type(const QString &field, const QString &text) const
    {
        auto *line = named<QLineEdit>(dialog(), field);
        line->selectAll();
        QTest::keyClick(line, Qt::Key_Delete);
        QTest::keyClicks(line, text);
    }
    void click(const QString &text) const
    {
        QTest::mouseClick(button(dialog(), text), Qt::LeftButton);
    }
    [[nodiscard]] bool isOffered(const QString &text) const
    {
        const QAbstractButton *one = button(dialog(), text);
        return one && one->isVisible() && one->isEnabled();
    }
    [[nodiscard]] static QString headline(const QWidget &of)
    {
        return of.findChild<QLabel *>(u"headline"_s)->text();
    }
    [[nodiscard]] SignInDialog *signIn() const { return window().findChild<SignInDialog *>(); }

    ScaledClock m_clock{pace};
    LeakRig m_rig;
    std::unique_ptr<GuardianSimulator> m_untrusted;
    std::unique_ptr<GuardianSimulator> m_behind; ///< the proxy
    std::unique_ptr<TunnelProxy> m_proxy;
    std::unique_ptr<Application> m_application;
    QByteArray m_clipboard;
};

void TestLeaksServers::initTestCase()
{
    QCOMPARE(m_rig.start(m_clock), QString());
    for (const auto &[name, secret] :
         {std::pair(u"the proxy's password"_s, proxyPassword),
          std::pair(u"the wrong password of the proxy"_s, wrongProxyPassword),
          std::pair(u"the token for nobody"_s, untrustedToken),
          std::pair(u"the token behind the proxy"_s, tokenBehind)})
        m_rig.secrets.add(name, secret);
    m_untrusted =
        std::make_unique<GuardianSimulator>(m_clock, SimOptions{.tls = tlsOf(u"selfsigned"_s)});
    m_behind = std::make_unique<GuardianSimulator>(m_clock, SimOptions{.tls = tlsOf(u"server"_s)});
    QVERIFY(m_untrusted->listen() && m_behind->listen());
    m_behind->accounts().setPlainToken(tokenBehind);
    m_proxy = std::make_unique<TunnelProxy>(TunnelProxy::Kind::Connect, m_behind->port());
    m_proxy->setLogin("paul:" + proxyPassword);
}

/// One server, whose token is in the keychain.
void TestLeaksServers::setUp()
{
    const Folders folders = Folders::below(m_rig.path(u"data"_s));
    QVERIFY(folders.create());
    Settings settings;
    settings.idleTimeout = 600s; // the clock runs faster than this machine answers
    settings.totalTimeout = 3600s;
    SettingsFile file(folders.config, m_clock);
    (void)file.load();
    QVERIFY(file.save(settings));
    ServerProfile plain;
    plain.id = ServerId::create();
    plain.name = u"Plain"_s;
    plain.address = m_rig.sim->siteUrl().toString();
    plain.apiRoot = m_rig.sim->apiRoot();
    ProfileStore profiles(folders.config, m_clock);
    QVERIFY(profiles.load() && profiles.save({plain}));
    const QByteArray refresh = m_rig.sim->accounts().makeRefreshToken(u"bob"_s);
    m_rig.secrets.add(u"the stored refresh token"_s, refresh);
    KeychainTokenStore keychain(m_clock);
    TokenAsker asker(keychain);
    asker.write(plain.id, Credentials{Secret(refresh), {}, {}});
    QTRY_VERIFY(asker.done && *asker.done);
}

bool TestLeaksServers::isKept(const ServerId &id)
{
    KeychainTokenStore keychain(m_clock);
    TokenAsker asker(keychain);
    asker.read(id);
    return !QTest::qWaitFor([&] { return asker.token.has_value(); }, 10'000) || *asker.token;
}

ServerId TestLeaksServers::idOf(const QString &name) const
{
    const auto &all = m_application->servers().profiles();
    const auto found =
        std::find_if(all.begin(), all.end(), [&name](const auto &one) { return one.name == name; });
    return found == all.end() ? ServerId() : found->id;
}

void TestLeaksServers::theWindow()
{
    setUp();
    const CaughtStderr caught(m_rig.path(u"window-log"_s));
    installLogging(LogLevel::Debug);
    qWarning("control-of-the-log");
    ApplicationSetup setup;
    setup.folders = Folders::below(m_rig.path(u"data"_s));
    setup.line.logLevel = LogLevel::Debug;
    setup.tokens = makeTokenStore(m_clock);
    m_application = std::make_unique<Application>(std::move(setup), m_clock);
    m_application->start();
    QVERIFY(QTest::qWaitForWindowActive(&window()));
    for (const auto step :
         {&TestLeaksServers::watchPlain, &TestLeaksServers::meetAnUntrustedCertificate,
          &TestLeaksServers::goThroughAProxy, &TestLeaksServers::forgetAndRemove}) {
        if (!QTest::currentTestFailed())
            (this->*step)();
    }
    const QClipboard *clipboard = QGuiApplication::clipboard();
    for (const auto mode : {QClipboard::Clipboard, QClipboard::Selection}) {
        const QMimeData *data = clipboard->mimeData(mode);
        const QStringList formats = data ? data->formats() : QStringList();
        for (const QString &format : formats)
            m_clipboard += data->data(format);
    }
    m_application.reset();
    qInstallMessageHandler(nullptr);
}

void TestLeaksServers::watchPlain()
{
    const TaskKey key{idOf(u"Plain"_s), m_rig.startTask(Script::Normal)};
    m_application->tasks().watch({key});
    m_application->tasks().setLabel(key, LeakRig::label);
    window().hide(); // what is seen just then is not notified of
    QTRY_VERIFY_WITH_TIMEOUT(m_application->tasks().find(key)->outcome == Outcome::Completed,
                             20'000);
    QTRY_VERIFY_WITH_TIMEOUT(!m_rig.daemon.shown.isEmpty(), 10'000);
    window().show();
    QVERIFY(QTest::qWaitForWindowActive(&window()));
    Q_EMIT window().serversWanted({});
    QVERIFY(window().findChild<ServersDialog *>());
}

void TestLeaksServers::add(const QString &name, const QString &address)
{
    click(u"Add"_s);
    type(u"Address"_s, address);
    type(u"Name"_s, name);
}

/// And submits; says nothing of how that goes.
void TestLeaksServers::openSignIn(const QByteArray &token)
{
    if (!signIn())
        click(u"Sign In…"_s);
    QTRY_VERIFY(signIn());
    named<QComboBox>(*signIn(), u"Sign in with"_s)->setCurrentIndex(2);
    auto *field = named<QLineEdit>(*signIn(), u"Token"_s);
    field->clear();
    QTest::keyClicks(field, QString::fromLatin1(token));
    QTest::keyClick(field, Qt::Key_Return);
}

void TestLeaksServers::meetAnUntrustedCertificate()
{
    add(u"Untrusted"_s, m_untrusted->siteUrl().toString());
    click(u"Save"_s);
    QTRY_VERIFY_WITH_TIMEOUT(headline(dialog()).contains(u"certificate"_s), 10'000);
    click(u"Save Anyway"_s); // to mend its CA later
    QTRY_VERIFY(!idOf(u"Untrusted"_s).isNull());
    openSignIn(untrustedToken);
    QTRY_VERIFY_WITH_TIMEOUT(headline(*signIn()).contains(u"certificate"_s), 10'000);
    QTest::mouseClick(button(*signIn(), u"Cancel"_s), Qt::LeftButton);
    QTRY_VERIFY(!signIn());
    QCOMPARE(m_untrusted->requests(), 0);
    // And one that was given before: it is asked with it, but does not get it.
    m_application->tasks().watch({TaskKey{idOf(u"Untrusted"_s), TaskId(u"task-of-nobody"_s)}});
}

void TestLeaksServers::goThroughAProxy()
{
    add(u"Behind"_s, u"https://localhost:7"_s);
    type(u"CA file"_s, testDataPath(u"tls/ca.pem"));
    named<QComboBox>(dialog(), u"Proxy"_s)->setCurrentIndex(2);
    type(u"Proxy host"_s, u"127.0.0.1"_s);
    named<QSpinBox>(dialog(), u"Proxy port"_s)->setValue(m_proxy->port());
    type(u"Proxy user"_s, u"paul"_s);
    type(u"Proxy password"_s, QString::fromLatin1(wrongProxyPassword));
    click(u"Save"_s);
    QTRY_VERIFY_WITH_TIMEOUT(isOffered(u"Save Anyway"_s), 10'000);
    click(u"Save Anyway"_s);
    QTRY_VERIFY(!idOf(u"Behind"_s).isNull());
    openSignIn(tokenBehind);
    QTRY_VERIFY_WITH_TIMEOUT(signIn() && named<QLineEdit>(*signIn(), u"Token"_s)->isEnabled(),
                             10'000);
    QVERIFY(m_proxy->logins().contains("paul:" + wrongProxyPassword));
    QTest::mouseClick(button(*signIn(), u"Cancel"_s), Qt::LeftButton);
    QTRY_VERIFY(!signIn());
    QCOMPARE(m_behind->requests(), 0);

    type(u"Proxy password"_s, QString::fromLatin1(proxyPassword));
    click(u"Save"_s);
    openSignIn(tokenBehind);
    QTRY_VERIFY_WITH_TIMEOUT(!signIn(), 10'000);
    QVERIFY(m_proxy->logins().contains("paul:" + proxyPassword));
    const TaskKey key{idOf(u"Behind"_s), m_behind->start(Script::NeverEnding)};
    m_application->tasks().watch({key});
    m_application->tasks().setLabel(key, LeakRig::label); // the other is removed with its tasks
    QTRY_VERIFY_WITH_TIMEOUT(m_application->tasks().find(key)->outcome == Outcome::Running, 20'000);
    QVERIFY(isKept(key.server));
}

void TestLeaksServers::forgetAndRemove()
{
    const ServerId behind = idOf(u"Behind"_s);
    const ServerId plain = idOf(u"Plain"_s);
    QVERIFY(isKept(plain));
    dialog().choose(behind);
    click(u"Forget"_s);
    QTRY_VERIFY_WITH_TIMEOUT(!isKept(behind), 10'000);
    dialog().choose(plain);
    click(u"Remove"_s);
    QTest::keyClick(&dialog(), Qt::Key_Escape);
    QTRY_VERIFY_WITH_TIMEOUT(!isKept(plain), 10'000);
    QVERIFY(idOf(u"Plain"_s).isNull());
}

// --- the search ---------------------------------------------------------------------------------

void TestLeaksServers::nothingIsFound_data()
{
    QTest::addColumn<QString>("where");
    for (const QString &where :
         {u"files"_s, u"bus"_s, u"clipboard"_s, u"addresses"_s, u"origins"_s})
        QTest::newRow(qPrintable(where)) << where;
}

void TestLeaksServers::nothingIsFound()
{
    QFETCH(const QString, where);
    if (where == "files"_L1) {
        const QByteArray log = LeakRig::contentOf(m_rig.path(u"window-log"_s));
        QVERIFY(log.contains("control-of-the-log"));
        QCOMPARE(m_rig.inFiles(), QString());
    } else if (where == "bus"_L1) {
        QCOMPARE(m_rig.onTheBus(LeakRig::label.toUtf8()), QString());
    } else if (where == "clipboard"_L1) {
        QCOMPARE(m_rig.secrets.in(m_clipboard, where), QString());
    } else if (where == "addresses"_L1) {
        QCOMPARE(m_rig.inAddresses(), QString());
        QByteArray addresses = m_proxy->asked().join('\n');
        for (const SimRequest &request : m_behind->log())
            addresses += request.path.toUtf8() + '\n';
        QVERIFY(addresses.contains("localhost:7") && addresses.contains("/tasks/"));
        QCOMPARE(m_rig.secrets.in(addresses, where), QString());
    } else {
        // Each secret reached its own server, and no other.
        QCOMPARE(m_untrusted->requests(), 0);
        QVERIFY(m_behind->requestsWith(tokenBehind) > 0);
        QCOMPARE(m_rig.sim->requestsWith(tokenBehind), 0);
        QVERIFY(m_proxy->seen().contains("CONNECT localhost:7"));
        for (const QByteArray &token : {tokenBehind, untrustedToken})
            QVERIFY(!m_proxy->seen().contains(token));
    }
}

QTEST_MAIN(TestLeaksServers)
#include "test_leaksservers.moc"
