#include "desktop/networkwatch.h"
#include "privatebus.h"
#include "scriptednetworkmanager.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;

/// What NetworkManager says on the system's bus, through Qt's own plugin. One way, as Qt has one
/// QNetworkInformation per program.
class TestNetworkManager final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void networksComeAndGo();

private:
    PrivateBus m_bus;
    ScriptedNetworkManager m_manager;
};

void TestNetworkManager::initTestCase()
{
    QCOMPARE(m_bus.start(), QString());
    qputenv("DBUS_SYSTEM_BUS_ADDRESS", m_bus.address().toUtf8());
    QVERIFY(m_manager.start(m_bus.address()));
}

void TestNetworkManager::networksComeAndGo()
{
    using Manager = ScriptedNetworkManager;
    NetworkWatch watch;
    QSignalSpy returned(&watch, &NetworkWatch::returned);
    watch.start();
    const QNetworkInformation *system = QNetworkInformation::instance();
    QVERIFY2(system, "no plugin of Qt's tells of networks");
    QCOMPARE(system->backendName(), u"networkmanager"_s);
    QTRY_COMPARE(system->reachability(), NetworkWatch::Reachability::Disconnected);

    m_manager.set(Manager::ConnectedGlobal, Manager::Full, Manager::WiFi);
    QTRY_COMPARE(system->reachability(), NetworkWatch::Reachability::Online);
    QVERIFY(!returned.isEmpty()); // a network is there
    returned.clear();

    m_manager.set(Manager::ConnectedGlobal, Manager::Full, Manager::Ethernet);
    QTRY_COMPARE(returned.count(), 1); // another one
    returned.clear();

    m_manager.set(Manager::Disconnected, Manager::None, Manager::Ethernet);
    QTRY_COMPARE(system->reachability(), NetworkWatch::Reachability::Disconnected);
    QCOMPARE(returned.count(), 0); // gone
    m_manager.set(Manager::ConnectedLocal, Manager::None, Manager::Ethernet);
    QTRY_VERIFY(!returned.isEmpty()); // back, in the house at least
}

QTEST_GUILESS_MAIN(TestNetworkManager)
#include "test_networkmanager.moc"
