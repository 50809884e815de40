#include "desktop/desktoppresence.h"

#include "insidedisplay.h"
#include "mainwindow.h"
#include "manualclock.h"
#include "task/polllog.h"
#include "task/taskstore.h"
#include "traydesktop.h"

#include <QAction>
#include <QApplication>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto watcherPath = "/StatusNotifierWatcher"_L1;
constexpr auto watcherInterface = "org.kde.StatusNotifierWatcher"_L1;
constexpr auto properties = "org.freedesktop.DBus.Properties"_L1;

} // namespace

/// The tray icon of the program on a display (Xvfb), with a desktop's tray service that the test
/// steers.
class TestTray final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void withoutATrayThereIsNoIcon();
    void theIconComesAndTells();
    void aClickShowsTheWindow();
    void theMenuSaysWhatIsWanted();
    void aVanishedPanelBringsTheWindowBack();
    void aRestartedPanelFindsTheIconAgain();
    void aMinimizedStartStaysInTheTray();
    void aMinimizedStartWithoutATrayComesMinimized();

private:
    /// Waits for the answer while our own objects go on answering.
    [[nodiscard]] QDBusMessage ask(const QString &service, const QString &path,
                                   const QString &interface, const QString &method,
                                   const QVariantList &arguments = {});
    void steer(const QString &slot, bool value);
    [[nodiscard]] QStringList items();
    [[nodiscard]] QVariant itemProperty(const QString &name);

    QDBusConnection m_bus =
        QDBusConnection::connectToBus(qEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS"), u"probe"_s);
    std::unique_ptr<ManualClock> m_clock;
    std::unique_ptr<TaskStore> m_store;
    std::unique_ptr<PollLog> m_log;
    std::unique_ptr<MainWindow> m_window;
    std::unique_ptr<DesktopPresence> m_presence;
};

void TestTray::init()
{
    steer(u"setService"_s, true);
    steer(u"setHost"_s, true);
    m_clock = std::make_unique<ManualClock>();
    m_store = std::make_unique<TaskStore>(*m_clock);
    m_log = std::make_unique<PollLog>();
    m_window = std::make_unique<MainWindow>(*m_store, *m_log, *m_clock);
    m_presence = std::make_unique<DesktopPresence>(*m_store, *m_window, *m_clock);
}

void TestTray::cleanup()
{
    m_presence.reset();
    m_window.reset();
    m_log.reset();
    m_store.reset();
    m_clock.reset();
}

QDBusMessage TestTray::ask(const QString &service, const QString &path, const QString &interface,
                           const QString &method, const QVariantList &arguments)
{
    QDBusMessage call = QDBusMessage::createMethodCall(service, path, interface, method);
    call.setArguments(arguments);
    const QDBusPendingCallWatcher watcher(m_bus.asyncCall(call, 10'000));
    return QTest::qWaitFor([&] { return watcher.isFinished(); }, 15'000) ? watcher.reply()
                                                                         : QDBusMessage();
}

void TestTray::steer(const QString &slot, bool value)
{
    QCOMPARE(ask(TrayDesktop::service, watcherPath, watcherInterface, slot, {value}).type(),
             QDBusMessage::ReplyMessage);
}

QStringList TestTray::items()
{
    return ask(TrayDesktop::service, watcherPath, properties, u"Get"_s,
               {QString(watcherInterface), u"RegisteredStatusNotifierItems"_s})
        .arguments()
        .value(0)
        .value<QDBusVariant>()
        .variant()
        .toStringList();
}

QVariant TestTray::itemProperty(const QString &name)
{
    return ask(items().value(0), u"/StatusNotifierItem"_s, properties, u"Get"_s,
               {u"org.kde.StatusNotifierItem"_s, name})
        .arguments()
        .value(0)
        .value<QDBusVariant>()
        .variant();
}

void TestTray::withoutATrayThereIsNoIcon()
{
    m_presence.reset();
    steer(u"setHost"_s, false);
    m_presence = std::make_unique<DesktopPresence>(*m_store, *m_window, *m_clock);
    m_window->show();
    QVERIFY(items().isEmpty()); // a round trip later
    QVERIFY(!m_presence->tray());
    QVERIFY(m_window->close()); // without a question
    steer(u"setHost"_s, true);
    QTRY_VERIFY(m_presence->tray());
}

void TestTray::theIconComesAndTells()
{
    QTRY_VERIFY(m_presence->tray());
    QTRY_COMPARE(items().size(), 1);
    QCOMPARE(itemProperty(u"Id"_s).toString(), u"taskwatch"_s);
    QCOMPARE(itemProperty(u"Menu"_s).value<QDBusObjectPath>().path(), u"/MenuBar"_s);
    const auto toolTip = [this] {
        QString icon;
        QString title;
        const auto argument = itemProperty(u"ToolTip"_s).value<QDBusArgument>();
        argument.beginStructure();
        argument >> icon;
        argument.beginArray();
        while (!argument.atEnd()) {
            argument.beginStructure();
            int width = 0;
            int height = 0;
            QByteArray pixels;
            argument >> width >> height >> pixels;
            argument.endStructure();
        }
        argument.endArray();
        argument >> title;
        argument.endStructure();
        return title;
    };
    QTRY_VERIFY2(toolTip().contains(u"0 running"_s), qPrintable(toolTip()));
    TaskRecord failed;
    failed.key = {ServerId::create(), TaskId(u"a"_s)};
    failed.outcome = Outcome::Failed;
    m_store->load({failed});
    m_presence->setConnection(failed.key.server, Connection::SignInNeeded);
    m_clock->advance(1s);
    QTRY_VERIFY2(toolTip().contains(u"1 task needs attention\n1 server needs"_s),
                 qPrintable(toolTip()));
}

void TestTray::aClickShowsTheWindow()
{
    QTRY_COMPARE(items().size(), 1);
    QVERIFY(!m_window->isVisible());
    QCOMPARE(ask(items().constFirst(), u"/StatusNotifierItem"_s, u"org.kde.StatusNotifierItem"_s,
                 u"Activate"_s, {0, 0})
                 .type(),
             QDBusMessage::ReplyMessage);
    QTRY_VERIFY(m_window->isVisible());
}

void TestTray::theMenuSaysWhatIsWanted()
{
    QTRY_VERIFY(m_presence->tray());
    TrayIcon &tray = *m_presence->tray();
    const QSignalSpy quitWanted(m_presence.get(), &DesktopPresence::quitWanted);
    const QSignalSpy pauseWanted(m_presence.get(), &DesktopPresence::pauseWanted);
    QStringList texts;
    const auto trigger = [](const QMenu &menu, const QString &text) {
        for (QAction *action : menu.actions()) {
            if (action->text().remove(u'&').startsWith(text))
                action->trigger();
        }
    };
    for (const QAction *action : tray.menu().actions()) {
        if (action->isVisible() && !action->isSeparator())
            texts << action->text().remove(u'&');
    }
    QCOMPARE(texts, (QStringList{u"Show Taskwatch"_s, u"Look Up From Clipboard"_s,
                                 u"Next Problem"_s, u"Pause Notifications"_s, u"Quit"_s}));
    trigger(tray.menu(), u"Show Taskwatch"_s);
    QVERIFY(m_window->isVisible());
    trigger(*tray.menu().actions().at(4)->menu(), u"For 1 Hour"_s);
    QCOMPARE(pauseWanted.count(), 1);
    m_presence->setPausedUntil(QDateTime({2026, 11, 28}, {14, 5}, Qt::UTC));
    trigger(tray.menu(), u"Resume Notifications"_s);
    QCOMPARE(pauseWanted.count(), 2);
    trigger(tray.menu(), u"Quit"_s);
    QCOMPARE(quitWanted.count(), 1);
}

void TestTray::aVanishedPanelBringsTheWindowBack()
{
    m_presence->startMinimized(); // which is over once the window was shown
    QTRY_VERIFY(m_presence->tray());
    m_presence->setOnClose(Settings::OnClose::KeepInTray);
    m_window->show();
    m_window->close();
    QVERIFY(!m_window->isVisible());
    steer(u"setService"_s, false);
    QTRY_COMPARE(m_clock->nextTimer().value_or(0ms), 3s);
    steer(u"setService"_s, true); // it only restarted
    QTRY_VERIFY(!m_clock->nextTimer());
    m_clock->advance(1min);
    QVERIFY(!m_window->isVisible());
    steer(u"setHost"_s, false); // now it is gone
    QTRY_VERIFY(m_clock->nextTimer());
    m_clock->advance(3s);
    QVERIFY(m_window->isVisible() && !m_window->isMinimized());
    QVERIFY(m_window->close()); // a close is a close again
}

void TestTray::aRestartedPanelFindsTheIconAgain()
{
    QTRY_COMPARE(items().size(), 1);
    steer(u"setService"_s, false);
    QTRY_VERIFY(items().isEmpty());
    steer(u"setService"_s, true);
    QTRY_COMPARE(items().size(), 1);
}

void TestTray::aMinimizedStartStaysInTheTray()
{
    m_presence->startMinimized();
    QTRY_VERIFY(m_presence->tray());
    m_clock->advance(1min);
    QVERIFY(!m_window->isVisible());
}

void TestTray::aMinimizedStartWithoutATrayComesMinimized()
{
    m_presence.reset();
    steer(u"setHost"_s, false);
    m_presence = std::make_unique<DesktopPresence>(*m_store, *m_window, *m_clock);
    m_presence->startMinimized();
    m_clock->advance(14s);
    QVERIFY(!m_window->isVisible());
    m_clock->advance(1s);
    QVERIFY(m_window->isMinimized());
}

int main(int argc, char **argv)
{
    return PrivateDisplay::isInside() ? runInside<TestTray>(argc, argv)
                                      : TrayDesktop::run(argc, argv);
}
#include "test_tray.moc"
