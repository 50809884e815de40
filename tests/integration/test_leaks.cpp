#include "account/connectpage.h"
#include "account/keychaintokenstore.h"
#include "account/serverdesk.h"
#include "account/signindialog.h"
#include "application.h"
#include "base/logging.h"
#include "detail/secretgate.h"
#include "detail/taskdetailview.h"
#include "guardiansimulator.h"
#include "leaksearch.h"
#include "mainwindow.h"
#include "privatebus.h"
#include "programrun.h"
#include "scaledclock.h"
#include "scripteddaemon.h"
#include "scriptedpeer.h"
#include "tokenasker.h"
#include "widgetfinder.h"
#include "window/banner.h"
#include "window/windowactions.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

#include <fcntl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace WidgetFinder;
using namespace std::chrono_literals;

namespace {

const QByteArray password = "marker-password-7f3a91c2";
const QByteArray wrongPassword = "marker-wrong-55e0d1b4";
const QByteArray plainToken = "marker-plain-token-0c88e6aa";
const QByteArray wrongToken = "marker-wrong-token-91d2f0bb";
const QByteArray secretResult = "302e020100300506032b657004220420SIMULATED-PRIVATE-KEY";
/// No secret: it must be found wherever a task is spoken of, or the search is blind there.
const QString label = u"control-label-3141"_s;
constexpr double pace = 20;

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Sends what this program writes to stderr into a file, as long as it lives.
class CaughtStderr
{
public:
    explicit CaughtStderr(const QString &path)
        : m_before(::dup(STDERR_FILENO))
    {
        const int file = ::open(QFile::encodeName(path).constData(),
                                O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR);
        ::dup2(file, STDERR_FILENO);
        ::close(file);
    }
    ~CaughtStderr()
    {
        std::fflush(stderr);
        ::dup2(m_before, STDERR_FILENO);
        ::close(m_before);
    }
    Q_DISABLE_COPY_MOVE(CaughtStderr)

private:
    int m_before;
};

} // namespace

/// Every way in which a secret comes in, with marked ones, in the window and on the command line,
/// with all logging on; then a search of everything that came out.
class TestLeaks final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

    void theSearchFindsEveryForm();
    void theWindow();
    void theCommandLine();
    void nothingIsFound_data();
    void nothingIsFound();

private:
    void writeSettings() const;
    void signInByPassword();
    void watchAndCopy();
    void loseTheSession();
    void meetAForeignOrigin();
    [[nodiscard]] ProgramRun run(const QStringList &arguments, const QByteArray &input = {},
                                 const std::pair<QString, QByteArray> &variable = {});
    [[nodiscard]] QStringList withData(const QStringList &arguments,
                                       const QString &name = u"data"_s) const;
    [[nodiscard]] QString path(const QString &name) const { return m_folder.filePath(name); }
    [[nodiscard]] TaskKey watch(const TaskId &id);
    [[nodiscard]] Outcome outcomeOf(const TaskKey &key) const;
    [[nodiscard]] QStringList notifications() const;

    QTemporaryDir m_folder;
    PrivateBus m_bus;
    ScriptedDaemon m_daemon;
    QProcess m_monitor;
    ScaledClock m_clock{pace};
    std::unique_ptr<GuardianSimulator> m_sim;
    std::unique_ptr<ScriptedPeer> m_foreign;
    std::unique_ptr<Application> m_application;
    LeakSearch m_secrets;
    QByteArray m_output;    ///< of all children
    QByteArray m_processes; ///< arguments and environment, as the system showed them
    QByteArray m_clipboard; ///< after its time, and reports
    QByteArray m_addresses; ///< that were asked for
};

void TestLeaks::initTestCase()
{
    QCOMPARE(m_bus.start(), QString());
    QCOMPARE(m_bus.startKeyring(), QString());
    QVERIFY(m_daemon.start(m_bus.address()));
    m_monitor.setStandardOutputFile(path(u"bus"_s));
    m_monitor.start(u"dbus-monitor"_s, {u"--address"_s, m_bus.address()});
    QVERIFY2(m_monitor.waitForStarted(), "dbus-monitor is missing: install the package dbus-bin");
    m_sim = std::make_unique<GuardianSimulator>(m_clock);
    m_sim->accounts().setPlainToken(plainToken);
    m_sim->accounts().setAccessLife(60s);
    m_sim->accounts().addUser(
        {.name = u"bob"_s, .password = QString::fromLatin1(password), .id = u"bob"_s});
    QVERIFY(m_sim->listen());
    m_foreign =
        std::make_unique<ScriptedPeer>([](const ScriptedPeer::Request &, QTcpSocket &socket) {
            socket.write(ScriptedPeer::json("{}"));
        });
    m_secrets.add(u"the password"_s, password);
    m_secrets.add(u"the wrong password"_s, wrongPassword);
    m_secrets.add(u"the plain token"_s, plainToken);
    m_secrets.add(u"the wrong token"_s, wrongToken);
    m_secrets.add(u"the secret result"_s, secretResult);
}

void TestLeaks::cleanupTestCase()
{
    m_application.reset();
    m_monitor.terminate();
    m_monitor.waitForFinished(5'000);
}

/// What is not found in the flows below would be, were it there.
void TestLeaks::theSearchFindsEveryForm()
{
    const QByteArray jwt = m_sim->accounts().makeAccessToken(u"bob"_s);
    LeakSearch search;
    search.add(u"a password"_s, "p\xc3\xa4ssword/?1");
    search.add(u"a token"_s, jwt);
    for (const QByteArray &secret : {QByteArray("p\xc3\xa4ssword/?1"), jwt}) {
        for (const QByteArray &form :
             {secret, secret.toHex(), secret.toPercentEncoding(), secret.toBase64(),
              ("user:" + secret).toBase64(), ("user1:" + secret).toBase64()}) {
            QVERIFY2(!search.in("before" + form + "after", u"x"_s).isEmpty(), form.constData());
        }
        const QString text = QString::fromUtf8(secret);
        QVERIFY(!search
                     .in(QByteArray(reinterpret_cast<const char *>(text.utf16()), text.size() * 2),
                         u"x"_s)
                     .isEmpty());
    }
    QCOMPARE(search.in("nothing of the kind, but password", u"x"_s), QString());
    QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkdir(u".hidden"_s));
    QFile file(folder.filePath(u".hidden/.file"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(100'000, 'x') + jwt);
    file.close();
    QVERIFY(search.inFolder(folder.path()).contains(u".file"_s));
}

// --- the window ---------------------------------------------------------------------------------

void TestLeaks::writeSettings() const
{
    QFile hook(path(u"hook"_s));
    QVERIFY(hook.open(QIODevice::WriteOnly));
    hook.write("#!/bin/sh\nexec >> '" + path(u"hook-saw"_s).toUtf8()
               + "'\ncat /proc/$$/environ /proc/$$/cmdline /proc/$PPID/cmdline\n");
    hook.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    Settings settings;
    settings.idleTimeout = 600s; // the clock runs faster than this machine answers
    settings.totalTimeout = 3600s;
    for (const NoticeKind kind : noticeKinds)
        settings.notices.of(kind) = {true, isOfServer(kind) ? QString() : hook.fileName()};
    const Folders folders = Folders::below(path(u"data"_s));
    QVERIFY(folders.create());
    SettingsFile file(folders.config, m_clock);
    (void)file.load();
    QVERIFY(file.save(settings));
}

TaskKey TestLeaks::watch(const TaskId &id)
{
    TaskKey key{m_application->servers().profiles().constFirst().id, id};
    m_application->tasks().watch({key});
    return key;
}

Outcome TestLeaks::outcomeOf(const TaskKey &key) const
{
    const TaskRecord *record = m_application->tasks().find(key);
    return record ? record->outcome : Outcome::Checking;
}

QStringList TestLeaks::notifications() const
{
    QStringList texts;
    for (const ScriptedDaemon::Shown &one : m_daemon.shown)
        texts += one.summary + u' ' + one.body;
    return texts;
}

void TestLeaks::theWindow()
{
    writeSettings();
    const CaughtStderr caught(path(u"window-log"_s));
    installLogging(LogLevel::Debug);
    ApplicationSetup setup;
    setup.folders = Folders::below(path(u"data"_s));
    setup.line.logLevel = LogLevel::Debug;
    setup.tokens = makeTokenStore(m_clock);
    m_application = std::make_unique<Application>(std::move(setup), m_clock);
    m_application->start();
    QVERIFY(QTest::qWaitForWindowActive(&m_application->window()));
    signInByPassword();
    if (!QTest::currentTestFailed())
        watchAndCopy();
    if (!QTest::currentTestFailed())
        loseTheSession();
    if (!QTest::currentTestFailed())
        meetAForeignOrigin();
    m_application.reset();
    qInstallMessageHandler(nullptr);
}

void TestLeaks::signInByPassword()
{
    MainWindow &window = m_application->window();
    QTRY_VERIFY(window.isConnectPageShown());
    ConnectPage &page = window.connectPage();
    const auto type = [&page](const QString &field, const QByteArray &text) {
        auto *line = named<QLineEdit>(page, field);
        line->clear();
        QTest::keyClicks(line, QString::fromUtf8(text));
    };
    type(u"Address"_s, m_sim->siteUrl().toEncoded());
    named<QComboBox>(page, u"Sign in with"_s)->setCurrentIndex(1);
    type(u"User name"_s, "bob");
    type(u"Password"_s, wrongPassword);
    QTest::mouseClick(button(page, u"Connect"_s), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(m_sim->requestsTo(u"accounts/login") == 1 && !page.isBusy(), 10'000);
    QVERIFY(window.isConnectPageShown());
    type(u"Password"_s, password);
    QTest::mouseClick(button(page, u"Connect"_s), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!window.isConnectPageShown(), 10'000);
    QCOMPARE(m_sim->accounts().signIns(), 1);
}

void TestLeaks::watchAndCopy()
{
    MainWindow &window = m_application->window();
    StartOptions mine;
    mine.userId = u"bob"_s;
    const TaskKey normal = watch(m_sim->start(Script::Normal, mine));
    const TaskKey secret = watch(m_sim->start(Script::SecretResult, mine));
    const TaskKey endless = watch(m_sim->start(Script::NeverEnding, mine));
    m_application->tasks().setLabel(normal, label);
    window.hide(); // what is seen just then is not notified of
    QTRY_COMPARE_WITH_TIMEOUT(outcomeOf(normal), Outcome::Completed, 20'000);
    QTRY_COMPARE_WITH_TIMEOUT(outcomeOf(secret), Outcome::Completed, 20'000);
    QTRY_COMPARE_WITH_TIMEOUT(outcomeOf(endless), Outcome::Running, 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(notifications().join(u' ').contains(label), 10'000);
    QTRY_VERIFY_WITH_TIMEOUT(contentOf(path(u"hook-saw"_s)).contains(label.toUtf8()), 10'000);

    // A secret that was asked for, copied, and gone after its time.
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    window.showTask(secret);
    auto *details = window.findChild<TaskDetailView *>();
    QTRY_VERIFY(details->secrets().isNeeded());
    details->secrets().open();
    details->secrets().copy(QString::fromLatin1(secretResult));
    QClipboard *clipboard = QGuiApplication::clipboard();
    QVERIFY(!m_secrets.in(clipboard->text().toUtf8(), {}).isEmpty()); // the search would find it
    QTRY_VERIFY_WITH_TIMEOUT(clipboard->text().isEmpty(), 10'000);
    m_clipboard += clipboard->text().toUtf8() + clipboard->text(QClipboard::Selection).toUtf8();
    for (const TaskKey &key : {normal, secret}) {
        window.showTask(key);
        window.actions().copyReport->trigger();
        QTRY_VERIFY(!clipboard->text().isEmpty());
        m_clipboard += clipboard->text().toUtf8();
    }
}

void TestLeaks::loseTheSession()
{
    MainWindow &window = m_application->window();
    const int renewals = m_sim->accounts().renewals();
    m_sim->accounts().expireAccessTokens();
    QTRY_VERIFY_WITH_TIMEOUT(m_sim->accounts().renewals() > renewals, 20'000);
    m_sim->accounts().revokeAll();
    QTRY_VERIFY_WITH_TIMEOUT(window.banner().isShown(BannerKind::SignInNeeded), 20'000);
    QTest::mouseClick(button(window, u"Sign in…"_s), Qt::LeftButton);
    auto *dialog = window.findChild<SignInDialog *>();
    QVERIFY(dialog);
    auto *field = named<QLineEdit>(*dialog, u"Token"_s);
    named<QComboBox>(*dialog, u"Sign in with"_s)->setCurrentIndex(2);
    QTest::keyClicks(field, QString::fromLatin1(wrongToken));
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(m_sim->requestsWith(wrongToken) > 0, 10'000);
    QTRY_VERIFY(field->isEnabled());
    const QByteArray refresh = m_sim->accounts().makeRefreshToken(u"bob"_s);
    m_secrets.add(u"the pasted refresh token"_s, refresh);
    field->clear();
    QTest::keyClicks(field, QString::fromLatin1(refresh)); // in the place of an access token
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(!window.banner().isShown(BannerKind::SignInNeeded), 20'000);
}

void TestLeaks::meetAForeignOrigin()
{
    Fault redirect;
    redirect.kind = Fault::Kind::Redirect;
    redirect.target = m_foreign->url(u"/elsewhere"_s);
    redirect.count = -1;
    m_sim->addFault(redirect);
    m_application->tasks().refresh(m_application->tasks().keys());
    QTRY_VERIFY_WITH_TIMEOUT(m_application->window().banner().isShown(BannerKind::Unreachable),
                             20'000);
    m_sim->clearFaults();
}

// --- the command line ---------------------------------------------------------------------------

QStringList TestLeaks::withData(const QStringList &arguments, const QString &name) const
{
    return arguments + QStringList{u"--data-dir"_s, path(name), u"--log-level"_s, u"debug"_s};
}

ProgramRun TestLeaks::run(const QStringList &arguments, const QByteArray &input,
                          const std::pair<QString, QByteArray> &variable)
{
    QProcess process;
    QProcessEnvironment environment = ProgramRun::environment({});
    environment.insert(u"DBUS_SESSION_BUS_ADDRESS"_s, m_bus.address());
    environment.insert(u"XDG_RUNTIME_DIR"_s, m_folder.path());
    if (!variable.first.isEmpty())
        environment.insert(variable.first, QString::fromLatin1(variable.second));
    process.setProcessEnvironment(environment);
    QSignalSpy finished(&process, &QProcess::finished);
    process.start(ProgramRun::program(), arguments);
    process.write(input);
    process.closeWriteChannel();
    const bool waits = arguments.contains(u"wait"_s);
    if (waits) { // it is there for long enough to be looked at
        const QString own = u"/proc/%1/"_s.arg(process.processId());
        const auto look = [&own] { return contentOf(own + u"environ"_s); };
        const auto isTaken = [&] { return !look().contains(variable.second); };
        if (!QTest::qWaitFor([&process] { return process.bytesAvailable() > 0; }, 20'000)
            || !isTaken())
            qWarning("the environment still holds the token");
        m_processes += look() + contentOf(own + u"cmdline"_s);
    }
    if (finished.isEmpty() && !finished.wait(30'000)) {
        process.kill();
        process.waitForFinished();
    }
    ProgramRun result{process.exitCode(), process.readAllStandardOutput(),
                      process.readAllStandardError()};
    m_output += result.out + result.err;
    return result;
}

void TestLeaks::theCommandLine()
{
    const QString site = m_sim->siteUrl().toString();
    StartOptions mine;
    mine.userId = u"bob"_s;
    const QString endless = m_sim->start(Script::NeverEnding, mine).text();
    const QString secret = m_sim->start(Script::SecretResult, mine).text();
    const QStringList login{u"login"_s, u"--server"_s, site, u"--user"_s, u"bob"_s};
    QCOMPARE(run(withData(login), wrongPassword + '\n').status, 13);
    QCOMPARE(run(withData(login), password + '\n').status, 0);
    QCOMPARE(run(withData({u"show"_s, endless, secret})).status, 0);
    QCOMPARE(run(withData({u"show"_s, endless, secret, u"--json"_s})).status, 0);
    QVERIFY(run(withData({u"list"_s})).out.contains(label.toUtf8()));
    QVERIFY(run(withData({u"list"_s, u"--json"_s})).out.contains(label.toUtf8()));
    for (const QString &name : {u"e.json"_s, u"e.csv"_s, u"e.md"_s})
        QCOMPARE(run(withData({u"export"_s, path(name)})).status, 0);
    QCOMPARE(run(withData({u"servers"_s, u"--json"_s})).status, 0);
    QCOMPARE(run(withData({u"logout"_s})).status, 0);

    // Another user's tokens, for one run each.
    const QString other = m_sim->start(Script::NeverEnding).text();
    m_sim->accounts().setPlainToken(plainToken); // it was revoked with all others
    const QByteArray refresh = m_sim->accounts().makeRefreshToken(u"alice"_s);
    m_secrets.add(u"the refresh token of the environment"_s, refresh);
    const auto show = withData({u"show"_s, other, u"--server"_s, site}, u"other-data"_s);
    const std::pair<QString, QByteArray> byToken(u"TASKWATCH_TOKEN"_s, plainToken);
    QCOMPARE(run(show, {}, byToken).status, 0);
    QCOMPARE(run(show, {}, {u"TASKWATCH_REFRESH_TOKEN"_s, refresh}).status, 0);
    QCOMPARE(run(show, {}, {u"TASKWATCH_TOKEN"_s, wrongToken}).status, 13);
    auto wait = show;
    wait.replace(0, u"wait"_s);
    QCOMPARE(run(wait + QStringList{u"--timeout"_s, u"1s"_s}, {}, byToken).status, 20);
    Fault redirect;
    redirect.kind = Fault::Kind::Redirect;
    redirect.target = m_foreign->url(u"/elsewhere"_s);
    redirect.taskId = other;
    redirect.count = -1;
    m_sim->addFault(redirect);
    QCOMPARE(run(show, {}, byToken).status, 14);
    QCOMPARE(run(show, {}, {u"TASKWATCH_REFRESH_TOKEN"_s, refresh}).status, 14);
}

// --- the search ---------------------------------------------------------------------------------

void TestLeaks::nothingIsFound_data()
{
    QTest::addColumn<QString>("where");
    for (const QString &where : {u"files"_s, u"output"_s, u"processes"_s, u"bus"_s, u"clipboard"_s,
                                 u"addresses"_s, u"foreign"_s})
        QTest::newRow(qPrintable(where)) << where;
}

void TestLeaks::nothingIsFound()
{
    QFETCH(const QString, where);
    for (const SimRequest &request : m_sim->log()) {
        m_addresses += request.path.toUtf8() + '\n';
        if (!request.token.isEmpty() && where == "files"_L1 && request.token != wrongToken
            && request.token != plainToken)
            m_secrets.add(u"an access token"_s, request.token);
    }
    QVERIFY(m_secrets.size() > 50);
    // Each channel was looked at: it holds what is no secret.
    if (where == "files"_L1) {
        QVERIFY(contentOf(path(u"data/data/history.db"_s)).contains(label.toUtf8())
                || contentOf(path(u"data/data/history.db-wal"_s)).contains(label.toUtf8()));
        QVERIFY(contentOf(path(u"e.json"_s)).contains(label.toUtf8()));
        QVERIFY(contentOf(path(u"window-log"_s)).contains("taskwatch."));
        QCOMPARE(m_secrets.inFolder(m_folder.path()), QString());
    } else if (where == "output"_L1) {
        QVERIFY(m_output.contains(label.toUtf8()) && m_output.contains("The API is at"));
        QCOMPARE(m_secrets.in(m_output, where), QString());
    } else if (where == "processes"_L1) {
        QVERIFY(m_processes.contains("--timeout") && m_processes.contains("XDG_RUNTIME_DIR"));
        const QByteArray hook = contentOf(path(u"hook-saw"_s));
        QVERIFY(hook.contains("TASKWATCH_OUTCOME=completed"));
        QCOMPARE(m_secrets.in(m_processes + hook, where), QString());
    } else if (where == "bus"_L1) {
        QTRY_VERIFY(contentOf(path(u"bus"_s)).contains(label.toUtf8()));
        QVERIFY(contentOf(path(u"bus"_s)).contains("org.freedesktop.Secret"));
        QCOMPARE(m_secrets.in(contentOf(path(u"bus"_s)), where), QString());
    } else if (where == "clipboard"_L1) {
        QVERIFY(m_clipboard.contains(label.toUtf8()));
        QCOMPARE(m_secrets.in(m_clipboard, where), QString());
    } else if (where == "addresses"_L1) {
        QVERIFY(m_addresses.contains("accounts/access-token"));
        QCOMPARE(m_secrets.in(m_addresses, where), QString());
    } else {
        QCOMPARE(m_foreign->requests().size(), 0); // redirects are said, not followed
        QTcpSocket socket;
        socket.connectToHost(QHostAddress(QHostAddress::LocalHost), m_foreign->port());
        socket.write("GET /x HTTP/1.1\r\nAuthorization: Bearer " + plainToken + "\r\n\r\n");
        QTRY_COMPARE(m_foreign->requests().size(), 1);
        QVERIFY(!m_secrets.in(m_foreign->requests().constFirst().headers.value("authorization"), {})
                     .isEmpty());
    }
}

QTEST_MAIN(TestLeaks)
#include "test_leaks.moc"
