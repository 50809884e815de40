#include "account/keychaintokenstore.h"
#include "manualclock.h"
#include "privatebus.h"
#include "silentservice.h"
#include "tokenasker.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using Kind = TokenStoreError::Kind;

/// With a keychain that never answers. It lives in this thread: a keychain job that blocked the
/// window would never even reach it.
class TestKeychainHanging : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyCallIsAnsweredAtOurLimitAndOnce();
    void theOfferedStoreGoesOnInMemory();
    void aStoreMayEndBeforeItsJobs();
    void itsEndIsHeardByNobody();

private:
    PrivateBus m_bus;
    SilentService m_service;
    ManualClock m_clock;
    QElapsedTimer m_time;
};

void TestKeychainHanging::initTestCase()
{
    m_time.start();
    QCOMPARE(m_bus.start(), QString());
    QVERIFY(m_service.start(m_bus.address(), u"org.freedesktop.secrets"_s));
}

void TestKeychainHanging::everyCallIsAnsweredAtOurLimitAndOnce()
{
    KeychainTokenStore store(m_clock);
    const QSignalSpy waiting(&store, &TokenStore::waiting);
    TokenAsker asker(store);
    asker.read(ServerId::create());
    QTRY_VERIFY(m_service.calls() > 0);
    QCOMPARE(waiting.size(), 0);
    m_clock.advance(KeychainTokenStore::patience);
    QCOMPARE(waiting, (QList<QVariantList>{{true}}));
    asker.write(ServerId::create(), "token");
    m_clock.advance(KeychainTokenStore::limit - KeychainTokenStore::patience);
    QVERIFY(asker.token);
    QCOMPARE(asker.token->error().kind, Kind::TimedOut);
    QCOMPARE(waiting.size(), 1); // the other is still waited for
    m_clock.advance(KeychainTokenStore::patience);
    QVERIFY(asker.done);
    QCOMPARE(asker.done->error().kind, Kind::TimedOut);
    QCOMPARE(waiting, (QList<QVariantList>{{true}, {false}}));
    asker.remove(ServerId::create());
    m_clock.advance(KeychainTokenStore::limit);
    QVERIFY(asker.done);
    QCOMPARE(asker.done->error().kind, Kind::TimedOut);
    m_clock.advance(std::chrono::hours{1});
    QCOMPARE(asker.answers, 3);
    QCOMPARE(m_clock.activeTimers(), 0);
}

void TestKeychainHanging::theOfferedStoreGoesOnInMemory()
{
    const auto store = makeTokenStore(m_clock);
    TokenAsker asker(*store);
    const ServerId server = ServerId::create();
    asker.write(server, "token");
    m_clock.advance(KeychainTokenStore::limit);
    QVERIFY(asker.done && *asker.done);
    QVERIFY(!store->isPersistent());
    asker.read(server);
    QTRY_VERIFY(asker.token);
    QVERIFY(asker.has("token"));
}

void TestKeychainHanging::aStoreMayEndBeforeItsJobs()
{
    auto store = std::make_unique<KeychainTokenStore>(m_clock);
    TokenAsker asker(*store);
    asker.read(ServerId::create());
    asker.write(ServerId::create(), "token");
    store.reset();
    m_clock.advance(KeychainTokenStore::limit);
    QCOMPARE(asker.answers, 0);
    QCOMPARE(m_clock.activeTimers(), 0);
}

/// When the service goes, all jobs still out there end with an error, in their order.
void TestKeychainHanging::itsEndIsHeardByNobody()
{
    KeychainTokenStore store(m_clock);
    TokenAsker late(store);
    late.read(ServerId::create());
    m_clock.advance(KeychainTokenStore::limit);
    QCOMPARE(late.answers, 1);
    bool arrived = false;
    connect(&store, &TokenStore::readLate, this,
            [&arrived](const ServerId &, const auto &answer) { arrived = answer.has_value(); });
    TokenAsker next(store);
    next.read(ServerId::create());
    m_service.stop();
    QTRY_VERIFY(next.token); // behind all others
    QCOMPARE(next.token->error().kind, Kind::Unavailable);
    QCOMPARE(late.answers, 1);
    QVERIFY(!arrived);
    QVERIFY2(m_time.elapsed() < 20'000, "something waited for the service");
}

QTEST_GUILESS_MAIN(TestKeychainHanging)
#include "test_keychainhanging.moc"
