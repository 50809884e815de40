#include "account/memorytokenstore.h"
#include "account/serverdesk.h"
#include "application.h"
#include "base/applicationid.h"
#include "desktop/requestdesk.h"
#include "guardiansimulator.h"
#include "insidedisplay.h"
#include "mainwindow.h"
#include "privatebus.h"
#include "privatedisplay.h"
#include "programrun.h"
#include "scaledclock.h"
#include "testdata.h"
#include "window/banner.h"

#include <QApplication>
#include <QDBusConnectionInterface>
#include <QDBusMessage>
#include <QDBusReply>
#include <QDBusVariant>
#include <QScopeGuard>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <xcb/xcb.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr double pace = 20; ///< of the clock
const QByteArray token = "token-of-this-run";
const QString daemonName = u"org.freedesktop.Notifications"_s;
const QString daemonPath = u"/org/freedesktop/Notifications"_s;

/// Hears what windows ask of the window manager, as which nobody acts here, and sees what they are.
class ManagersEar
{
public:
    ManagersEar()
        : m_display(xcb_connect(nullptr, nullptr))
        , m_root(xcb_setup_roots_iterator(xcb_get_setup(m_display)).data->root)
        , m_state(atom("_NET_WM_STATE"))
        , m_attention(atom("_NET_WM_STATE_DEMANDS_ATTENTION"))
        , m_startup(atom("_NET_STARTUP_INFO_BEGIN"))
        , m_moreOfStartup(atom("_NET_STARTUP_INFO"))
    {
        // What Qt addresses it by, and who tells of starts.
        const quint32 mask = XCB_EVENT_MASK_STRUCTURE_NOTIFY | XCB_EVENT_MASK_PROPERTY_CHANGE;
        xcb_change_window_attributes(m_display, m_root, XCB_CW_EVENT_MASK, &mask);
        xcb_flush(m_display);
    }
    ~ManagersEar() { xcb_disconnect(m_display); }
    Q_DISABLE_COPY_MOVE(ManagersEar)

    /// Each time that the window asked for attention (true) or took that back, so far.
    [[nodiscard]] QList<bool> attention(WId window)
    {
        listen();
        return m_asked.value(window);
    }
    /// What was told of starts so far.
    [[nodiscard]] QByteArrayList startups()
    {
        listen();
        QByteArrayList whole = m_startups.split('\0');
        whole.removeLast(); // not told to its end
        return whole;
    }
    /// WM_CLASS of a program's windows: the classes, without the instances.
    [[nodiscard]] QByteArrayList classes(qint64 process) const
    {
        QByteArrayList found;
        xcb_query_tree_reply_t *tree =
            xcb_query_tree_reply(m_display, xcb_query_tree(m_display, m_root), nullptr);
        const xcb_window_t *windows = xcb_query_tree_children(tree);
        for (int i = 0; i < xcb_query_tree_children_length(tree); ++i) {
            const QByteArray owner = property(windows[i], atom("_NET_WM_PID"));
            quint32 pid = 0;
            if (owner.size() == sizeof pid)
                std::memcpy(&pid, owner.constData(), sizeof pid);
            const QByteArrayList names = property(windows[i], XCB_ATOM_WM_CLASS).split('\0');
            if (pid == process && names.size() > 1)
                found << names.at(1);
        }
        std::free(tree);
        return found;
    }

private:
    void listen()
    {
        while (xcb_generic_event_t *event = xcb_poll_for_event(m_display)) {
            if ((event->response_type & 0x7F) == XCB_CLIENT_MESSAGE)
                take(*reinterpret_cast<const xcb_client_message_event_t *>(event));
            std::free(event);
        }
    }
    [[nodiscard]] QByteArray property(xcb_window_t window, xcb_atom_t name) const
    {
        xcb_get_property_reply_t *reply = xcb_get_property_reply(
            m_display,
            xcb_get_property(m_display, 0, window, name, XCB_GET_PROPERTY_TYPE_ANY, 0, 64),
            nullptr);
        QByteArray value =
            reply ? QByteArray(static_cast<const char *>(xcb_get_property_value(reply)),
                               xcb_get_property_value_length(reply))
                  : QByteArray();
        std::free(reply);
        return value;
    }
    [[nodiscard]] xcb_atom_t atom(const QByteArray &name) const
    {
        xcb_intern_atom_reply_t *reply = xcb_intern_atom_reply(
            m_display, xcb_intern_atom(m_display, 0, quint16(name.size()), name.constData()),
            nullptr);
        const xcb_atom_t atom = reply ? reply->atom : xcb_atom_t(XCB_ATOM_NONE);
        std::free(reply);
        return atom;
    }
    void take(const xcb_client_message_event_t &message)
    {
        if (message.type == m_startup || message.type == m_moreOfStartup) {
            const auto *text = reinterpret_cast<const char *>(message.data.data8);
            const auto size = qsizetype(qstrnlen(text, sizeof message.data.data8));
            // With the end, where it is in this piece.
            m_startups +=
                QByteArray(text, std::min<qsizetype>(size + 1, sizeof message.data.data8));
            return;
        }
        const auto &data = message.data.data32;
        if (message.type == m_state && (data[1] == m_attention || data[2] == m_attention))
            m_asked[message.window] << (data[0] == 1); // _NET_WM_STATE_ADD
    }

    xcb_connection_t *m_display;
    xcb_window_t m_root;
    xcb_atom_t m_state;
    xcb_atom_t m_attention;
    xcb_atom_t m_startup;
    xcb_atom_t m_moreOfStartup;
    QByteArray m_startups; ///< one after the other, each with its NUL
    QHash<WId, QList<bool>> m_asked;
};

QDBusMessage daemonCall(const QString &interface, const QString &method)
{
    return QDBusMessage::createMethodCall(daemonName, daemonPath, interface, method);
}

/// How many notifications dunst shows.
uint displayed()
{
    QDBusMessage ask = daemonCall(u"org.freedesktop.DBus.Properties"_s, u"Get"_s);
    ask << u"org.dunstproject.cmd0"_s << u"displayedLength"_s;
    const QDBusReply<QDBusVariant> answer = QDBusConnection::sessionBus().call(ask);
    return answer.value().variant().toUInt();
}

} // namespace

/// The whole program on a real display, while the person looks at another window: how it says that
/// a task has ended, with a notification daemon and without.
class TestAttention final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void withoutADaemonTheWindowAsksForAttention();
    void aClickOnARealNotificationSelectsTheTask();
    void aSecondStartEndsItsBusyCursor();
    void theDesktopKnowsWhoseTheWindowIs();

private:
    void start();
    void watchThree();

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<ScaledClock> m_clock;
    std::unique_ptr<GuardianSimulator> m_sim;
    std::unique_ptr<Application> m_application;
    std::unique_ptr<QWidget> m_other;
    QList<TaskKey> m_keys; ///< the second of them ends
};

void TestAttention::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_clock = std::make_unique<ScaledClock>(pace);
    m_sim = std::make_unique<GuardianSimulator>(*m_clock);
    m_sim->accounts().setPlainToken(token);
    QVERIFY(m_sim->listen());
}

void TestAttention::cleanup()
{
    m_other.reset();
    m_application.reset();
    m_sim.reset();
    m_clock.reset();
    m_folder.reset();
}

void TestAttention::start()
{
    ApplicationSetup setup;
    setup.folders = Folders::below(m_folder->path());
    QVERIFY(setup.folders.create());
    // The clock runs faster than this machine answers.
    Settings patient;
    patient.idleTimeout = 600s;
    patient.totalTimeout = 3600s;
    SettingsFile settings(setup.folders.config, *m_clock);
    (void)settings.load();
    QVERIFY(settings.save(patient));
    setup.line.server = m_sim->siteUrl().toString();
    setup.line.token = Secret(token);
    setup.tokens = std::make_unique<MemoryTokenStore>(u"a test has no keychain"_s);
    m_application = std::make_unique<Application>(std::move(setup), *m_clock);
    m_application->start();
    QTRY_VERIFY_WITH_TIMEOUT(m_application->isReady(), 20'000);
}

/// Until all were seen running; another window has the focus.
void TestAttention::watchThree()
{
    start();
    m_other = std::make_unique<QWidget>();
    m_other->show();
    QTRY_VERIFY_WITH_TIMEOUT((m_other->activateWindow(), m_other->isActiveWindow()), 20'000);

    const ServerId server = m_application->servers().profiles().constFirst().id;
    m_keys.clear();
    StartOptions options;
    options.stretch = 2; // 200 s, 10 of this machine's: it is seen running before
    for (const Script script : {Script::NeverEnding, Script::Failing, Script::NeverEnding})
        m_keys << TaskKey{server, m_sim->start(script, options)};
    m_application->tasks().watch(m_keys);
    for (const TaskKey &key : std::as_const(m_keys))
        QTRY_COMPARE_WITH_TIMEOUT(m_application->tasks().find(key)->outcome, Outcome::Running,
                                  20'000);
}

void TestAttention::withoutADaemonTheWindowAsksForAttention()
{
    ManagersEar ear;
    watchThree();
    MainWindow &window = m_application->window();
    QCOMPARE(ear.attention(window.winId()), QList<bool>());
    QTRY_VERIFY_WITH_TIMEOUT(window.banner().isShown(BannerKind::News), 60'000);
    QTRY_COMPARE(ear.attention(window.winId()), QList<bool>{true});
    QVERIFY(!window.isActiveWindow());

    window.activateWindow();
    QTRY_COMPARE_WITH_TIMEOUT(ear.attention(window.winId()), (QList<bool>{true, false}), 20'000);
    QVERIFY(window.isActiveWindow());
    QVERIFY(window.banner().isShown(BannerKind::News)); // it stays until it is read
}

void TestAttention::aClickOnARealNotificationSelectsTheTask()
{
    QProcess dunst;
    const auto end = qScopeGuard([&dunst] { endCompanion(dunst); });
    const QString trouble =
        startCompanion(dunst, u"dunst"_s, u"dunst"_s, {u"-conf"_s, u"/dev/null"_s});
    QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
    QTRY_VERIFY_WITH_TIMEOUT(
        QDBusConnection::sessionBus().interface()->isServiceRegistered(daemonName).value(), 20'000);
    ManagersEar ear;
    watchThree();
    MainWindow &window = m_application->window();
    QCOMPARE(displayed(), 0U);
    QTRY_COMPARE_WITH_TIMEOUT(displayed(), 1U, 60'000);
    QVERIFY(!window.isActiveWindow());
    QVERIFY(window.selectedTasks() != QList<TaskKey>{m_keys.at(1)});

    QDBusMessage click = daemonCall(u"org.dunstproject.cmd0"_s, u"NotificationAction"_s);
    click << 0U;
    QCOMPARE(QDBusConnection::sessionBus().call(click).type(), QDBusMessage::ReplyMessage);
    QTRY_COMPARE_WITH_TIMEOUT(window.selectedTasks(), QList<TaskKey>{m_keys.at(1)}, 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(window.isActiveWindow(), 20'000);
    QVERIFY(!window.banner().isShown(BannerKind::News));
    QCOMPARE(ear.attention(window.winId()), QList<bool>());
}

/// As the desktop shows it for each start by its entry (StartupNotify).
void TestAttention::aSecondStartEndsItsBusyCursor()
{
    start();
    ManagersEar ear;
    InstanceRequest second; // hands over what the desktop gave it
    m_application->requests().take(second);
    QCOMPARE(ear.startups(), QByteArrayList()); // nothing: from a terminal
    second.activationToken = u"panel/taskwatch/4711-host_TIME123456"_s;
    m_application->requests().take(second);
    second.activationToken = u"a\"b_TIME5"_s;
    m_application->requests().take(second);
    QTRY_COMPARE(ear.startups(), (QByteArrayList{"remove: ID=panel/taskwatch/4711-host_TIME123456",
                                                 R"(remove: ID=a\"b_TIME5)"}));
    QVERIFY(m_application->window().isVisible());
}

/// The real program's class is what the desktop file says, by which panels find its name and icon.
void TestAttention::theDesktopKnowsWhoseTheWindowIs()
{
    const QSettings entry(testDataPath(u"../../packaging/%1.desktop"_s.arg(applicationId)),
                          QSettings::IniFormat);
    const QByteArray wanted = entry.value(u"Desktop Entry/StartupWMClass"_s).toByteArray();
    QVERIFY(!wanted.isEmpty());
    const ManagersEar eye;
    QProcess program;
    const auto end = qScopeGuard([&program] { endCompanion(program); });
    const QString trouble =
        startCompanion(program, ProgramRun::program(), {}, {u"--data-dir"_s, m_folder->path()});
    QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
    QTRY_VERIFY_WITH_TIMEOUT(!eye.classes(program.processId()).isEmpty(), 20'000);
    const QByteArrayList classes = eye.classes(program.processId());
    QCOMPARE(classes, QByteArrayList(classes.size(), wanted));
}

int main(int argc, char **argv)
{
    if (PrivateDisplay::isInside())
        return runInside<TestAttention>(argc, argv);
    const QCoreApplication application(argc, argv);
    PrivateBus bus;
    PrivateDisplay display;
    QString trouble = bus.start();
    if (trouble.isEmpty())
        trouble = display.start();
    if (!trouble.isEmpty())
        qFatal("%s", qPrintable(trouble));
    QProcessEnvironment environment = display.environment();
    environment.insert(u"NO_AT_BRIDGE"_s, u"1"_s);
    return PrivateDisplay::runAgain(environment);
}
#include "test_attention.moc"
