#include "account/keychaintokenstore.h"
#include "manualclock.h"
#include "privatebus.h"
#include "tokenasker.h"

#include <QTest>

using namespace Qt::StringLiterals;
using Kind = TokenStoreError::Kind;

/// On a session bus without any keychain.
class TestKeychainAbsent : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyJobFailsAtOnce();
    void theOfferedStoreKeepsForThisRunAndSaysSo();

private:
    PrivateBus m_bus;
    ManualClock m_clock;
};

void TestKeychainAbsent::initTestCase()
{
    QCOMPARE(m_bus.start(), QString());
}

void TestKeychainAbsent::everyJobFailsAtOnce()
{
    KeychainTokenStore store(m_clock);
    TokenAsker asker(store);
    const ServerId server = ServerId::create();
    asker.read(server);
    QTRY_VERIFY(asker.token);
    QCOMPARE(asker.token->error().kind, Kind::Unavailable);
    asker.write(server, "token");
    QTRY_VERIFY(asker.done);
    QCOMPARE(asker.done->error().kind, Kind::Unavailable);
    QVERIFY(!asker.done->error().detail.contains(u"token"_s));
    asker.remove(server);
    QTRY_VERIFY(asker.done);
    QCOMPARE(asker.done->error().kind, Kind::Unavailable);
    QCOMPARE(m_clock.activeTimers(), 0);
}

void TestKeychainAbsent::theOfferedStoreKeepsForThisRunAndSaysSo()
{
    const auto store = makeTokenStore(m_clock);
    QVERIFY(store->isPersistent()); // nobody knows yet
    TokenAsker asker(*store);
    const ServerId server = ServerId::create();
    asker.write(server, "token");
    QTRY_VERIFY(asker.done);
    QVERIFY(*asker.done);
    QVERIFY(!store->isPersistent());
    QVERIFY(!store->reason().isEmpty());
    asker.read(server);
    QTRY_VERIFY(asker.token);
    QVERIFY(asker.has("token"));
}

QTEST_GUILESS_MAIN(TestKeychainAbsent)
#include "test_keychainabsent.moc"
