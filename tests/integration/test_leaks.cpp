#include "account/connectpage.h"
#include "account/keychaintokenstore.h"
#include "account/serverdesk.h"
#include "account/signindialog.h"
#include "application.h"
#include "base/logging.h"
#include "caughtstderr.h"
#include "detail/secretgate.h"
#include "detail/taskdetailview.h"
#include "leakrig.h"
#include "mainwindow.h"
#include "scaledclock.h"
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

using namespace Qt::StringLiterals;
using namespace WidgetFinder;
using namespace std::chrono_literals;

namespace {

constexpr double pace = 20;

} // namespace

/// Every way in which a secret comes into the window, with marked ones and with all logging on;
/// then a search of everything that came out. The command line has a test of its own.
class TestLeaks final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

    void theWindow();
    void nothingIsFound_data();
    void nothingIsFound();

private:
    void writeSettings() const;
    void signInByPassword();
    void watchAndCopy();
    void loseTheSession();
    void meetAForeignOrigin();
    [[nodiscard]] TaskKey watch(const TaskId &id);
    [[nodiscard]] Outcome outcomeOf(const TaskKey &key) const;
    [[nodiscard]] QStringList notifications() const;

    ScaledClock m_clock{pace};
    LeakRig m_rig;
    std::unique_ptr<Application> m_application;
    QByteArray m_clipboard; ///< after its time, and reports
};

void TestLeaks::initTestCase()
{
    QCOMPARE(m_rig.start(m_clock), QString());
}

void TestLeaks::cleanupTestCase()
{
    m_application.reset();
}

// --- the window ---------------------------------------------------------------------------------

void TestLeaks::writeSettings() const
{
    QFile hook(m_rig.path(u"hook"_s));
    QVERIFY(hook.open(QIODevice::WriteOnly));
    hook.write("#!/bin/sh\necho hook-says-this\nexec >> '" + m_rig.path(u"hook-saw"_s).toUtf8()
               + "'\ncat /proc/$$/environ /proc/$$/cmdline /proc/$PPID/cmdline\n");
    hook.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    Settings settings;
    settings.idleTimeout = 600s; // the clock runs faster than this machine answers
    settings.totalTimeout = 3600s;
    for (const NoticeKind kind : noticeKinds)
        settings.notices.of(kind) = {true, isOfServer(kind) ? QString() : hook.fileName()};
    const Folders folders = Folders::below(m_rig.path(u"data"_s));
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
    for (const ScriptedDaemon::Shown &one : m_rig.daemon.shown)
        texts += one.summary + u' ' + one.body;
    return texts;
}

void TestLeaks::theWindow()
{
    writeSettings();
    const CaughtStderr caught(m_rig.path(u"window-log"_s));
    installLogging(LogLevel::Debug);
    ApplicationSetup setup;
    setup.folders = Folders::below(m_rig.path(u"data"_s));
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
    type(u"Address"_s, m_rig.sim->siteUrl().toEncoded());
    named<QComboBox>(page, u"Sign in with"_s)->setCurrentIndex(1);
    type(u"User name"_s, "bob");
    type(u"Password"_s, LeakRig::wrongPassword);
    QTest::mouseClick(button(page, u"Connect"_s), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(m_rig.sim->requestsTo(u"accounts/login") == 1 && !page.isBusy(),
                             10'000);
    QVERIFY(window.isConnectPageShown());
    type(u"Password"_s, LeakRig::password);
    QTest::mouseClick(button(page, u"Connect"_s), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!window.isConnectPageShown(), 10'000);
    QCOMPARE(m_rig.sim->accounts().signIns(), 1);
}

void TestLeaks::watchAndCopy()
{
    MainWindow &window = m_application->window();
    const TaskKey normal = watch(m_rig.startTask(Script::Normal));
    const TaskKey secret = watch(m_rig.startTask(Script::SecretResult));
    const TaskKey endless = watch(m_rig.startTask(Script::NeverEnding));
    m_application->tasks().setLabel(normal, LeakRig::label);
    window.hide(); // what is seen just then is not notified of
    QTRY_COMPARE_WITH_TIMEOUT(outcomeOf(normal), Outcome::Completed, 20'000);
    QTRY_COMPARE_WITH_TIMEOUT(outcomeOf(secret), Outcome::Completed, 20'000);
    QTRY_COMPARE_WITH_TIMEOUT(outcomeOf(endless), Outcome::Running, 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(notifications().join(u' ').contains(LeakRig::label), 10'000);
    QTRY_VERIFY_WITH_TIMEOUT(
        LeakRig::contentOf(m_rig.path(u"hook-saw"_s)).contains(LeakRig::label.toUtf8()), 10'000);

    // A secret that was asked for, copied, and gone after its time.
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    window.showTask(secret);
    auto *details = window.findChild<TaskDetailView *>();
    QTRY_VERIFY(details->secrets().isNeeded());
    details->secrets().open();
    details->secrets().copy(QString::fromLatin1(LeakRig::secretResult));
    QClipboard *clipboard = QGuiApplication::clipboard();
    QVERIFY(
        !m_rig.secrets.in(clipboard->text().toUtf8(), {}).isEmpty()); // the search would find it
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
    const int renewals = m_rig.sim->accounts().renewals();
    // While a push is live, a task is asked for once a minute only: F5.
    const auto ask = [this] { m_application->tasks().refresh(m_application->tasks().keys()); };
    m_rig.sim->accounts().expireAccessTokens();
    ask();
    QTRY_VERIFY_WITH_TIMEOUT(m_rig.sim->accounts().renewals() > renewals, 20'000);
    m_rig.sim->accounts().revokeAll();
    ask();
    QTRY_VERIFY_WITH_TIMEOUT(window.banner().isShown(BannerKind::SignInNeeded), 20'000);
    QTest::mouseClick(button(window, u"Sign in…"_s), Qt::LeftButton);
    auto *dialog = window.findChild<SignInDialog *>();
    QVERIFY(dialog);
    auto *field = named<QLineEdit>(*dialog, u"Token"_s);
    named<QComboBox>(*dialog, u"Sign in with"_s)->setCurrentIndex(2);
    QTest::keyClicks(field, QString::fromLatin1(LeakRig::wrongToken));
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(m_rig.sim->requestsWith(LeakRig::wrongToken) > 0, 10'000);
    QTRY_VERIFY(field->isEnabled());
    const QByteArray refresh = m_rig.sim->accounts().makeRefreshToken(u"bob"_s);
    m_rig.secrets.add(u"the pasted refresh token"_s, refresh);
    field->clear();
    QTest::keyClicks(field, QString::fromLatin1(refresh)); // in the place of an access token
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(!window.banner().isShown(BannerKind::SignInNeeded), 20'000);
}

void TestLeaks::meetAForeignOrigin()
{
    m_rig.redirectAway();
    m_application->tasks().refresh(m_application->tasks().keys());
    QTRY_VERIFY_WITH_TIMEOUT(m_application->window().banner().isShown(BannerKind::Unreachable),
                             20'000);
    m_rig.sim->clearFaults();
}

// --- the search ---------------------------------------------------------------------------------

void TestLeaks::nothingIsFound_data()
{
    QTest::addColumn<QString>("where");
    for (const QString &where :
         {u"files"_s, u"processes"_s, u"bus"_s, u"clipboard"_s, u"addresses"_s, u"foreign"_s})
        QTest::newRow(qPrintable(where)) << where;
}

void TestLeaks::nothingIsFound()
{
    QFETCH(const QString, where);
    QVERIFY(m_rig.secrets.size() > 50);
    // Each channel was looked at: it holds what is no secret.
    if (where == "files"_L1) {
        const QByteArray log = LeakRig::contentOf(m_rig.path(u"window-log"_s));
        QVERIFY(log.contains("taskwatch.ui") && log.contains("/hook says: hook-says-this"));
        QCOMPARE(m_rig.inFiles(), QString());
    } else if (where == "processes"_L1) {
        const QByteArray hook = LeakRig::contentOf(m_rig.path(u"hook-saw"_s));
        QVERIFY(hook.contains("TASKWATCH_OUTCOME=completed"));
        QCOMPARE(m_rig.secrets.in(hook, where), QString());
    } else if (where == "bus"_L1) {
        QCOMPARE(m_rig.onTheBus(LeakRig::label.toUtf8()), QString());
    } else if (where == "clipboard"_L1) {
        QVERIFY(m_clipboard.contains(LeakRig::label.toUtf8()));
        QCOMPARE(m_rig.secrets.in(m_clipboard, where), QString());
    } else if (where == "addresses"_L1) {
        QCOMPARE(m_rig.inAddresses(), QString());
    } else {
        QCOMPARE(m_rig.atTheForeignOrigin(), QString());
    }
}

QTEST_MAIN(TestLeaks)
#include "test_leaks.moc"
