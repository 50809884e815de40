#include "base/applicationid.h"
#include "desktop/dbussender.h"
#include "privatebus.h"
#include "privatedisplay.h"
#include "scripteddaemon.h"

#include <QDBusConnectionInterface>
#include <QDBusReply>
#include <QProcess>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

Notification failed(int number)
{
    Notification made;
    made.summary = u"Import <b>policy</b> failed"_s;
    made.body = u"VM0033 & more · Production"_s;
    made.urgency = Notification::Urgency::Critical;
    made.category = u"transfer.error"_s;
    made.tasks = {{ServerId(QUuid(u"11111111-1111-4111-8111-111111111111"_s)),
                   TaskId(u"task-%1"_s.arg(number))}};
    made.slot = u"task %1"_s.arg(number);
    made.canCopyError = true;
    return made;
}

} // namespace

/// The sender against notification daemons on a bus of the test's own.
class TestNotifications final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();
    void cleanup();

    void saysAllThatTheDaemonCanShow();
    void saysNoMoreThanTheDaemonCanShow();
    void aLaterOneTakesThePlace();
    void failuresStayUntilTheyAreOpened();
    void aClickIsOfOurOwnOnly();
    void aDaemonThatHangsIsNotWaitedFor();
    void withoutADaemonAllComesBack();
    void aDaemonThatComesBackIsUsed();
    void theTestSaysWhatTheDesktopCan();
    void aRealDaemonShowsAndClicks();

private:
    std::unique_ptr<PrivateBus> m_bus;
    std::unique_ptr<ScriptedDaemon> m_daemon;
    std::unique_ptr<DBusSender> m_sender;
};

void TestNotifications::initTestCase()
{
    m_bus = std::make_unique<PrivateBus>();
    const QString trouble = m_bus->start();
    QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
}

void TestNotifications::cleanupTestCase()
{
    m_bus.reset();
}

void TestNotifications::init()
{
    m_daemon = std::make_unique<ScriptedDaemon>();
    m_sender =
        std::make_unique<DBusSender>(QDBusConnection::connectToBus(m_bus->address(), u"sender"_s));
}

void TestNotifications::cleanup()
{
    m_sender.reset();
    QDBusConnection::disconnectFromBus(u"sender"_s);
    m_daemon.reset();
}

void TestNotifications::saysAllThatTheDaemonCanShow()
{
    QVERIFY(m_daemon->start(m_bus->address()));
    QSignalSpy refused(m_sender.get(), &NotificationSender::refused);
    m_sender->send(failed(1));
    QTRY_COMPARE(m_daemon->shown.size(), 1);
    const ScriptedDaemon::Shown &shown = m_daemon->shown.constFirst();
    QCOMPARE(shown.summary, u"Import <b>policy</b> failed"_s); // never markup
    QCOMPARE(shown.body, u"VM0033 &amp; more · Production"_s);
    QCOMPARE(shown.actions, (QStringList{u"default"_s, u"Open"_s, u"guardian"_s,
                                         u"Open in Guardian"_s, u"copy-error"_s, u"Copy Error"_s}));
    QCOMPARE(shown.hints.value(u"urgency"_s).metaType(), QMetaType::fromType<uchar>());
    QCOMPARE(shown.hints.value(u"urgency"_s).toUInt(), 2U);
    QCOMPARE(shown.hints.value(u"desktop-entry"_s).toString(), QString(applicationId));
    QCOMPARE(shown.expiry, 0);                     // stays until it is read
    QVERIFY(!shown.hints.contains(u"resident"_s)); // the daemon does not say that it knows it
    Notification completed = failed(2);
    completed.urgency = Notification::Urgency::Normal;
    completed.canCopyError = false;
    m_sender->send(completed);
    QTRY_COMPARE(m_daemon->shown.size(), 2);
    QCOMPARE(m_daemon->shown.constLast().expiry, -1);
    QVERIFY(!m_daemon->shown.constLast().actions.contains(u"copy-error"_s));
    QCOMPARE(refused.count(), 0);
}

void TestNotifications::saysNoMoreThanTheDaemonCanShow()
{
    m_daemon->capabilities = QStringList{u"body"_s};
    QVERIFY(m_daemon->start(m_bus->address()));
    m_sender->send(failed(1));
    QTRY_COMPARE(m_daemon->shown.size(), 1);
    QCOMPARE(m_daemon->shown.constFirst().body, u"VM0033 & more · Production"_s);
    QCOMPARE(m_daemon->shown.constFirst().actions, QStringList());
}

void TestNotifications::aLaterOneTakesThePlace()
{
    QVERIFY(m_daemon->start(m_bus->address()));
    m_sender->send(failed(1));
    QTRY_COMPARE(m_daemon->shown.size(), 1);
    QTest::qWait(0);
    m_sender->send(failed(2));
    QTRY_COMPARE(m_daemon->shown.size(), 2);
    QCOMPARE(m_daemon->shown.constLast().replaces, 0U);
    // The ID of the first has come by now: answers keep their order.
    m_sender->send(failed(1));
    QTRY_COMPARE(m_daemon->shown.size(), 3);
    QCOMPARE(m_daemon->shown.constLast().replaces, m_daemon->firstId);
    QSignalSpy chosen(m_sender.get(), &NotificationSender::chosen);
    m_daemon->say(u"NotificationClosed"_s, {m_daemon->firstId, 2U});
    m_daemon->say(u"ActionInvoked"_s, {m_daemon->firstId + 1, u"default"_s});
    QTRY_COMPARE(chosen.count(), 1); // and so the other signal has come, too
    m_sender->send(failed(1));
    QTRY_COMPARE(m_daemon->shown.size(), 4);
    QCOMPARE(m_daemon->shown.constLast().replaces, 0U);
}

void TestNotifications::failuresStayUntilTheyAreOpened()
{
    m_daemon->capabilities << u"persistence"_s;
    QVERIFY(m_daemon->start(m_bus->address()));
    Notification completed = failed(2);
    completed.urgency = Notification::Urgency::Normal;
    m_sender->send(failed(1));
    m_sender->send(completed);
    QTRY_COMPARE(m_daemon->shown.size(), 2);
    QCOMPARE(m_daemon->shown.constFirst().hints.value(u"resident"_s), QVariant(true));
    QVERIFY(!m_daemon->shown.constLast().hints.contains(u"resident"_s));
    QSignalSpy chosen(m_sender.get(), &NotificationSender::chosen);
    m_daemon->say(u"ActionInvoked"_s, {m_daemon->firstId, u"copy-error"_s});
    m_daemon->say(u"ActionInvoked"_s, {m_daemon->firstId + 1, u"default"_s});
    QTRY_COMPARE(chosen.count(), 2);
    m_daemon->say(u"ActionInvoked"_s, {m_daemon->firstId, u"default"_s});
    QTRY_COMPARE(m_daemon->closed, QList<uint>{m_daemon->firstId});
}

void TestNotifications::aClickIsOfOurOwnOnly()
{
    QVERIFY(m_daemon->start(m_bus->address()));
    m_sender->send(failed(1));
    m_sender->send(failed(2));
    QTRY_COMPARE(m_daemon->shown.size(), 2);
    QSignalSpy chosen(m_sender.get(), &NotificationSender::chosen);
    const uint second = m_daemon->firstId + 1;
    m_daemon->say(u"ActionInvoked"_s, {555U, u"default"_s});
    m_daemon->say(u"ActionInvoked"_s, {second, u"unknown"_s});
    m_daemon->say(u"ActivationToken"_s, {second, u"the-token"_s});
    m_daemon->say(u"ActionInvoked"_s, {second, u"default"_s});
    m_daemon->say(u"ActionInvoked"_s, {second, u"copy-error"_s});
    m_daemon->say(u"ActionInvoked"_s, {second, u"guardian"_s});
    QTRY_COMPARE(chosen.count(), 3);
    using Action = NotificationSender::Action;
    QCOMPARE(chosen.at(0).at(0).value<Notification>(), failed(2));
    QCOMPARE(chosen.at(0).at(1).value<Action>(), Action::Open);
    QCOMPARE(chosen.at(0).at(2).toString(), u"the-token"_s);
    QCOMPARE(chosen.at(1).at(1).value<Action>(), Action::CopyError);
    QCOMPARE(chosen.at(1).at(2).toString(), QString());
    QCOMPARE(chosen.at(2).at(1).value<Action>(), Action::OpenInGuardian);
}

void TestNotifications::aDaemonThatHangsIsNotWaitedFor()
{
    m_daemon->hangs = true;
    QVERIFY(m_daemon->start(m_bus->address()));
    QSignalSpy refused(m_sender.get(), &NotificationSender::refused);
    m_sender->send(failed(1));
    m_sender->send(failed(2));
    QCOMPARE(refused.count(), 0); // nothing was waited for
    QTRY_COMPARE_WITH_TIMEOUT(refused.count(), 2, 10'000);
    m_daemon->hangs = false;
    m_sender->send(failed(3));
    QTRY_COMPARE(m_daemon->shown.size(), 1);
}

void TestNotifications::withoutADaemonAllComesBack()
{
    QSignalSpy refused(m_sender.get(), &NotificationSender::refused);
    QSignalSpy tried(m_sender.get(), &NotificationSender::triedOut);
    m_sender->send(failed(1));
    QTRY_COMPARE(refused.count(), 1);
    QCOMPARE(refused.first().first().value<Notification>(), failed(1));
    m_sender->tryOut();
    QTRY_COMPARE(tried.count(), 1);
    QVERIFY(tried.first().first().toString().contains(u"in its window"_s));

    DBusSender without(QDBusConnection(u"no such bus"_s));
    QSignalSpy back(&without, &NotificationSender::refused);
    without.send(failed(1));
    QCOMPARE(back.count(), 0);
    QTRY_COMPARE(back.count(), 1);
}

void TestNotifications::aDaemonThatComesBackIsUsed()
{
    QVERIFY(m_daemon->start(m_bus->address()));
    m_sender->send(failed(1));
    QTRY_COMPARE(m_daemon->shown.size(), 1);
    m_daemon->stop();
    const QDBusConnection bus(u"sender"_s);
    const auto isThere = [&bus] {
        return bus.interface()->isServiceRegistered(u"org.freedesktop.Notifications"_s).value();
    };
    QTRY_VERIFY(!isThere());
    QSignalSpy refused(m_sender.get(), &NotificationSender::refused);
    m_sender->send(failed(1));
    QTRY_COMPARE(refused.count(), 1);
    ScriptedDaemon another;
    another.capabilities = QStringList{u"body"_s};
    QVERIFY(another.start(m_bus->address()));
    m_sender->send(failed(1));
    QTRY_COMPARE(another.shown.size(), 1);
    QCOMPARE(another.shown.constFirst().replaces, 0U); // IDs of the first mean nothing here
    QCOMPARE(another.shown.constFirst().actions, QStringList());
}

void TestNotifications::theTestSaysWhatTheDesktopCan()
{
    QVERIFY(m_daemon->start(m_bus->address()));
    QSignalSpy tried(m_sender.get(), &NotificationSender::triedOut);
    m_sender->tryOut();
    QTRY_COMPARE(tried.count(), 1);
    const QString words = tried.first().first().toString();
    QVERIFY2(words.contains(u"scripted 1"_s), qPrintable(words));
    QVERIFY2(words.contains(u"buttons"_s), qPrintable(words));
    QTRY_COMPARE(m_daemon->shown.size(), 1);
}

void TestNotifications::aRealDaemonShowsAndClicks()
{
    PrivateDisplay display;
    QString trouble = display.start();
    QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
    QProcess dunst;
    dunst.setProcessEnvironment(display.environment());
    trouble = startCompanion(dunst, u"dunst"_s, u"dunst"_s, {u"-conf"_s, u"/dev/null"_s});
    QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
    const QDBusConnection bus(u"sender"_s);
    QTRY_VERIFY_WITH_TIMEOUT(
        bus.interface()->isServiceRegistered(u"org.freedesktop.Notifications"_s).value(), 20'000);

    QSignalSpy refused(m_sender.get(), &NotificationSender::refused);
    QSignalSpy chosen(m_sender.get(), &NotificationSender::chosen);
    m_sender->send(failed(7));
    const auto displayed = [&bus] {
        QDBusMessage ask = QDBusMessage::createMethodCall(
            u"org.freedesktop.Notifications"_s, u"/org/freedesktop/Notifications"_s,
            u"org.freedesktop.DBus.Properties"_s, u"Get"_s);
        ask << u"org.dunstproject.cmd0"_s << u"displayedLength"_s;
        const QDBusReply<QDBusVariant> answer = bus.call(ask);
        return answer.value().variant().toUInt();
    };
    QTRY_COMPARE_WITH_TIMEOUT(displayed(), 1U, 10'000);
    QDBusMessage click = QDBusMessage::createMethodCall(
        u"org.freedesktop.Notifications"_s, u"/org/freedesktop/Notifications"_s,
        u"org.dunstproject.cmd0"_s, u"NotificationAction"_s);
    click << 0U;
    QCOMPARE(bus.call(click).type(), QDBusMessage::ReplyMessage);
    QTRY_COMPARE_WITH_TIMEOUT(chosen.count(), 1, 10'000);
    QCOMPARE(chosen.first().first().value<Notification>(), failed(7));
    QCOMPARE(refused.count(), 0);
    endCompanion(dunst);
}

QTEST_MAIN(TestNotifications)
#include "test_notifications.moc"
