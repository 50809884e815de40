#include "account/memorytokenstore.h"
#include "account/noticememory.h"
#include "account/profilestore.h"
#include "application.h"
#include "base/applicationid.h"
#include "desktop/desktopnotifier.h"
#include "desktop/desktoppresence.h"
#include "guardiansimulator.h"
#include "insidedisplay.h"
#include "mainwindow.h"
#include "scaledclock.h"
#include "scripteddaemon.h"
#include "settings/settingsdialog.h"
#include "traydesktop.h"
#include "widgetfinder.h"
#include "window/banner.h"
#include "window/windowactions.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QMenu>
#include <QMessageBox>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace WidgetFinder;
using namespace std::chrono_literals;

namespace {

constexpr double pace = 20; ///< of the clock
const QByteArray token = "token-of-this-run";

void trigger(const QMenu &menu, const QString &text)
{
    const auto actions = menu.actions();
    for (QAction *action : actions) {
        if (action->menu())
            trigger(*action->menu(), text);
        else if (action->isVisible() && action->text().remove(u'&').startsWith(text))
            action->trigger();
    }
}

} // namespace

/// The whole program on a desktop with a tray and a notification daemon: what it hears of servers,
/// its menus and its settings reaches them.
class TestDesktopWiring final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void theSessionStartsItWhileThatIsSet();
    void theAnswerToClosingSurvivesARestart();
    void aServersTroubleIsTold();
    void whatIsAwaitedIsTold();
    void theWindowsMenuPausesNotifications();
    void theTraysMenuReachesTheProgram();

private:
    void start(const QList<TaskId> &watched = {});
    [[nodiscard]] MainWindow &window() const { return m_application->window(); }
    [[nodiscard]] TaskKey keyOf(const TaskId &id) const { return {m_profile.id, id}; }
    [[nodiscard]] Outcome outcomeOf(const TaskId &id) const
    {
        const TaskRecord *record = m_application->tasks().find(keyOf(id));
        return record ? record->outcome : Outcome::Checking;
    }
    [[nodiscard]] const QMenu &trayMenu() const { return m_application->presence().tray()->menu(); }
    [[nodiscard]] QDateTime pausedUntil() const
    {
        return NoticeMemoryFile(Folders::below(m_folder->path()).state, *m_clock)
            .load()
            .pausedUntil;
    }
    [[nodiscard]] bool isPausedForAnHour() const
    {
        const auto left = m_clock->now().wall.secsTo(pausedUntil());
        return left > 0 && left <= 3600;
    }
    [[nodiscard]] bool isPausedUntilMorning() const
    {
        const QDateTime until = pausedUntil();
        return until > m_clock->now().wall && until.toLocalTime().time() == QTime(8, 0);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<ScaledClock> m_clock;
    std::unique_ptr<GuardianSimulator> m_sim;
    std::unique_ptr<ScriptedDaemon> m_daemon;
    ServerProfile m_profile;
    std::unique_ptr<Application> m_application;
};

void TestDesktopWiring::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    qputenv("XDG_CONFIG_HOME", m_folder->filePath(u"home"_s).toUtf8()); // autostart
    m_clock = std::make_unique<ScaledClock>(pace);
    m_sim = std::make_unique<GuardianSimulator>(*m_clock);
    m_sim->accounts().setPlainToken(token);
    QVERIFY(m_sim->listen());
    m_daemon = std::make_unique<ScriptedDaemon>();
    QVERIFY(m_daemon->start(qEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS")));
    m_profile = {};
    m_profile.id = ServerId::create();
    m_profile.name = u"Production"_s;
    m_profile.address = m_sim->siteUrl().toString();
    m_profile.apiRoot = m_sim->apiRoot();
    m_profile.discovery = ServerProfile::Discovery::Off;
    const Folders folders = Folders::below(m_folder->path());
    QVERIFY(folders.create());
    QVERIFY(ProfileStore(folders.config, *m_clock).save({m_profile}));
    // The clock runs faster than this machine answers.
    Settings patient;
    patient.idleTimeout = 600s;
    patient.totalTimeout = 3600s;
    SettingsFile settings(folders.config, *m_clock);
    (void)settings.load();
    QVERIFY(settings.save(patient));
}

void TestDesktopWiring::cleanup()
{
    m_application.reset();
    m_daemon.reset();
    m_sim.reset();
    m_clock.reset();
    m_folder.reset();
}

/// Until there is a tray.
void TestDesktopWiring::start(const QList<TaskId> &watched)
{
    ApplicationSetup setup;
    setup.line.dataDir = m_folder->path();
    setup.folders = Folders::below(m_folder->path());
    setup.tokens = std::make_unique<MemoryTokenStore>(u"a test has no keychain"_s);
    setup.tokens->write(m_profile.id, {{}, Secret(token), {}}, this, [](const auto &) {});
    for (const TaskId &id : watched)
        setup.watch << WatchFileRow{id, {}};
    m_application = std::make_unique<Application>(std::move(setup), *m_clock);
    m_application->start();
    QTRY_VERIFY_WITH_TIMEOUT(m_application->isReady() && m_application->presence().tray(), 20'000);
}

void TestDesktopWiring::theSessionStartsItWhileThatIsSet()
{
    start();
    QFile entry(m_folder->filePath(u"home/autostart/%1.desktop"_s.arg(applicationId)));
    for (const bool isWanted : {true, false}) {
        QCOMPARE(entry.exists(), !isWanted);
        window().actions().settings->trigger();
        auto *settings = window().findChild<SettingsDialog *>();
        QVERIFY(settings);
        QAbstractButton *box = button(*settings, u"Start Taskwatch with the session"_s);
        QCOMPARE(box->isChecked(), !isWanted);
        box->click();
        button(*settings, u"OK"_s)->click();
        QCOMPARE(entry.exists(), isWanted);
        QTRY_VERIFY(!window().findChild<SettingsDialog *>());
        if (!isWanted)
            continue;
        QVERIFY(entry.open(QIODevice::ReadOnly));
        const QByteArray text = entry.readAll();
        QVERIFY2(text.contains(" --minimized --data-dir " + m_folder->path().toUtf8() + '\n'),
                 text.constData());
        entry.close();
    }
    QVERIFY(!window().banner().isShown(BannerKind::Note));
}

void TestDesktopWiring::theAnswerToClosingSurvivesARestart()
{
    const auto question = [this] { return window().findChild<QMessageBox *>(); };
    start();
    QVERIFY(!window().close());
    QVERIFY(question());
    button(*question(), u"Keep Running"_s)->click();
    QVERIFY(!window().isVisible());
    m_application.reset();

    start();
    QVERIFY(window().isVisible());
    QVERIFY(!window().close());
    QVERIFY(!window().isVisible());
    QVERIFY(!question());
}

void TestDesktopWiring::aServersTroubleIsTold()
{
    const TaskId id = m_sim->start(Script::NeverEnding);
    start({id});
    QTRY_COMPARE_WITH_TIMEOUT(outcomeOf(id), Outcome::Running, 20'000);
    window().hide(); // who sees it in the window, is not told
    m_sim->accounts().setPlainToken("another");
    m_application->tasks().refresh({keyOf(id)});
    QTRY_COMPARE_WITH_TIMEOUT(m_daemon->shown.size(), 1, 20'000);
    QCOMPARE(m_daemon->shown.constFirst().summary, u"Production: sign-in needed"_s);
}

void TestDesktopWiring::whatIsAwaitedIsTold()
{
    const TaskId first = m_sim->start(Script::NeverEnding);
    const TaskId second = m_sim->start(Script::NeverEnding);
    start({first, second});
    for (const TaskId &id : {first, second})
        QTRY_COMPARE_WITH_TIMEOUT(outcomeOf(id), Outcome::Running, 20'000);
    window().showTask(keyOf(second));
    window().actions().tellWhenFinished->trigger();
    window().hide();
    m_sim->restart(); // and knows none of them any more, which is told of what is awaited alone
    QTRY_COMPARE_WITH_TIMEOUT(m_daemon->shown.size(), 1, 20'000);
    QVERIFY2(m_daemon->shown.constFirst().summary.endsWith(u": outcome not known"_s),
             qPrintable(m_daemon->shown.constFirst().summary));
    QTRY_COMPARE_WITH_TIMEOUT(outcomeOf(first), Outcome::OutcomeUnknown, 20'000);
    m_daemon->say(u"ActionInvoked"_s, {m_daemon->firstId, u"default"_s});
    QTRY_COMPARE(window().selectedTasks(), QList<TaskKey>{keyOf(second)});
    QCOMPARE(m_daemon->shown.size(), 1);
}

void TestDesktopWiring::theWindowsMenuPausesNotifications()
{
    const TaskId id = m_sim->start(Script::NeverEnding);
    start({id});
    QTRY_COMPARE_WITH_TIMEOUT(outcomeOf(id), Outcome::Running, 20'000);
    const WindowActions &actions = window().actions();
    QVERIFY(!actions.resumeNotices->isEnabled());
    actions.pauseNoticesUntilTomorrow->trigger();
    QVERIFY(isPausedUntilMorning());
    actions.pauseNoticesForAnHour->trigger();
    QVERIFY(isPausedForAnHour());
    QVERIFY(actions.resumeNotices->isEnabled());

    window().hide();
    m_sim->accounts().setPlainToken("another");
    m_application->tasks().refresh({keyOf(id)});
    QTRY_VERIFY_WITH_TIMEOUT(window().banner().isShown(BannerKind::SignInNeeded, m_profile.id),
                             20'000);
    const auto later = m_clock->now().awake + 2 * DesktopNotifier::gathering;
    QTRY_VERIFY_WITH_TIMEOUT(m_clock->now().awake >= later, 20'000);
    QVERIFY(m_daemon->shown.isEmpty());
    actions.resumeNotices->trigger();
    QVERIFY(!pausedUntil().isValid());
    QTRY_COMPARE_WITH_TIMEOUT(m_daemon->shown.size(), 1, 20'000);
    QVERIFY(!actions.resumeNotices->isEnabled());
}

void TestDesktopWiring::theTraysMenuReachesTheProgram()
{
    StartOptions old;
    old.age = 1h;
    const TaskId failed = m_sim->start(Script::Failing, old);
    const TaskId running = m_sim->start(Script::NeverEnding);
    const TaskId other = m_sim->start(Script::NeverEnding);
    start({failed, running});
    QTRY_COMPARE_WITH_TIMEOUT(outcomeOf(failed), Outcome::Failed, 20'000);
    QTRY_COMPARE_WITH_TIMEOUT(outcomeOf(running), Outcome::Running, 20'000);

    trigger(trayMenu(), u"Until Tomorrow"_s);
    QVERIFY(isPausedUntilMorning());
    trigger(trayMenu(), u"Resume Notifications"_s);
    QVERIFY(!pausedUntil().isValid());
    trigger(trayMenu(), u"For 1 Hour"_s);
    QVERIFY(isPausedForAnHour());

    window().showTask(keyOf(running));
    window().hide();
    QTRY_COMPARE(m_application->presence().facts().attention, 1);
    const auto problemIsShown = [&] {
        trigger(trayMenu(), u"Next Problem"_s); // which is not offered before the tray knows of one
        return window().selectedTasks() == QList<TaskKey>{keyOf(failed)};
    };
    QTRY_VERIFY_WITH_TIMEOUT(problemIsShown(), 20'000);
    QVERIFY(window().isVisible());

    window().hide();
    QCOMPARE(m_sim->requestsOf(other), 0);
    QGuiApplication::clipboard()->setText(other.text());
    trigger(trayMenu(), u"Look Up From Clipboard"_s);
    QVERIFY(window().isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(m_sim->requestsOf(other) > 0, 20'000);
}

int main(int argc, char **argv)
{
    return PrivateDisplay::isInside() ? runInside<TestDesktopWiring>(argc, argv)
                                      : TrayDesktop::run(argc, argv);
}
#include "test_desktopwiring.moc"
