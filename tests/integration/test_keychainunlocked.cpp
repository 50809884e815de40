#include "account/keychaintokenstore.h"
#include "base/applicationid.h"
#include "manualclock.h"
#include "privatebus.h"
#include "tokenasker.h"

#include <QSignalSpy>
#include <QTest>

#include <qt6keychain/keychain.h>

using namespace Qt::StringLiterals;
using Kind = TokenStoreError::Kind;

/// With a real, unlocked gnome-keyring.
class TestKeychainUnlocked : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void whatIsWrittenIsRead();
    void severalSecretsAreOneEntry();
    void anEntryOfTheOldShapeIsFound();
    void anUnknownServerHasNone();
    void removedIsGone();
    void itOutlivesTheStore();
    void aDeadCallerHearsNothing();
    void aLateTokenIsStillDelivered();
    void aLateTokenThatWasReplacedIsDropped();
    void aLateWriteAndALateRemovalAreTold();
    void theOfferedStoreIsPersistent();

private:
    PrivateBus m_bus;
    ManualClock m_clock;
};

void TestKeychainUnlocked::initTestCase()
{
    QCOMPARE(m_bus.start(), QString());
    QCOMPARE(m_bus.startKeyring(), QString());
}

void TestKeychainUnlocked::whatIsWrittenIsRead()
{
    KeychainTokenStore store(m_clock);
    const QSignalSpy waiting(&store, &TokenStore::waiting);
    TokenAsker asker(store);
    const ServerId one = ServerId::create();
    const ServerId two = ServerId::create();
    QByteArray every;
    for (int i = 0; i < 256; ++i)
        every += char(i);
    for (const QByteArray &token :
         {QByteArray("eyJ.first"), QByteArray("second"), every, QByteArray(20'000, 'x')}) {
        asker.write(one, token);
        QTRY_VERIFY(asker.done);
        QVERIFY(*asker.done);
        asker.read(one);
        QTRY_VERIFY(asker.token);
        QVERIFY(asker.has(token));
    }
    asker.write(two, "of another server");
    asker.read(one);
    QTRY_VERIFY(asker.token);
    QVERIFY(asker.has(QByteArray(20'000, 'x')));
    QVERIFY(store.isPersistent() && store.reason().isEmpty());
    QCOMPARE(waiting.size(), 0);
    QCOMPARE(m_clock.activeTimers(), 0);
}

void TestKeychainUnlocked::severalSecretsAreOneEntry()
{
    KeychainTokenStore store(m_clock);
    TokenAsker asker(store);
    const ServerId server = ServerId::create();
    const Credentials all{Secret("refresh"), Secret("access"), Secret("p\xc3\xa4ss\nword")};
    asker.write(server, all);
    QTRY_VERIFY(asker.done);
    asker.read(server);
    QTRY_VERIFY(asker.token);
    QVERIFY(*asker.token && **asker.token == all);
    asker.write(server, Credentials{Secret("refresh"), {}, {}});
    asker.read(server);
    QTRY_VERIFY(asker.token);
    QVERIFY(asker.token->value().accessToken.isEmpty());
    QVERIFY(asker.token->value().proxyPassword.isEmpty());
    asker.remove(server);
    asker.read(server);
    QTRY_VERIFY(asker.token);
    QVERIFY(!*asker.token);
}

/// As Taskwatch wrote it when there was but one access token.
void TestKeychainUnlocked::anEntryOfTheOldShapeIsFound()
{
    const ServerId server = ServerId::create();
    auto *job = new QKeychain::WritePasswordJob(applicationId);
    job->setInsecureFallback(false);
    job->setKey(server.text());
    job->setBinaryData("token of old");
    const QSignalSpy written(job, &QKeychain::Job::finished);
    job->start();
    QTRY_COMPARE(written.count(), 1);
    KeychainTokenStore store(m_clock);
    TokenAsker asker(store);
    asker.read(server);
    QTRY_VERIFY(asker.token);
    QVERIFY(asker.has("token of old"));
}

void TestKeychainUnlocked::anUnknownServerHasNone()
{
    KeychainTokenStore store(m_clock);
    TokenAsker asker(store);
    asker.read(ServerId::create());
    QTRY_VERIFY(asker.token);
    QCOMPARE(asker.token->error().kind, Kind::NotFoundOrCancelled);
}

void TestKeychainUnlocked::removedIsGone()
{
    KeychainTokenStore store(m_clock);
    TokenAsker asker(store);
    const ServerId server = ServerId::create();
    asker.write(server, "token");
    QTRY_VERIFY(asker.done);
    asker.remove(server);
    QTRY_VERIFY(asker.done);
    QVERIFY(*asker.done);
    asker.read(server);
    QTRY_VERIFY(asker.token);
    QCOMPARE(asker.token->error().kind, Kind::NotFoundOrCancelled);
}

void TestKeychainUnlocked::itOutlivesTheStore()
{
    const ServerId server = ServerId::create();
    {
        KeychainTokenStore store(m_clock);
        TokenAsker asker(store);
        asker.write(server, "token");
        QTRY_VERIFY(asker.done);
        asker.write(server, "newer"); // goes on without the store
    }
    KeychainTokenStore store(m_clock);
    TokenAsker asker(store);
    asker.read(server);
    QTRY_VERIFY(asker.token);
    QVERIFY(asker.has("newer"));
}

void TestKeychainUnlocked::aDeadCallerHearsNothing()
{
    KeychainTokenStore store(m_clock);
    TokenAsker asker(store);
    bool heard = false;
    auto dead = std::make_unique<QObject>();
    store.read(ServerId::create(), dead.get(), [&heard](const auto &) { heard = true; });
    dead.reset();
    asker.read(ServerId::create()); // answered after the other
    QTRY_VERIFY(asker.token);
    QVERIFY(!heard);
}

void TestKeychainUnlocked::aLateTokenIsStillDelivered()
{
    KeychainTokenStore store(m_clock);
    TokenAsker asker(store);
    const ServerId server = ServerId::create();
    asker.write(server, "token");
    QTRY_VERIFY(asker.done);
    QHash<ServerId, Credentials> late;
    connect(&store, &TokenStore::readLate, this,
            [&late](const ServerId &whose, const auto &stored) { late.insert(whose, *stored); });
    const QSignalSpy waiting(&store, &TokenStore::waiting);
    m_bus.freezeKeyring(true);
    asker.read(server);
    m_clock.advance(KeychainTokenStore::patience);
    QCOMPARE(waiting, (QList<QVariantList>{{true}}));
    m_clock.advance(KeychainTokenStore::limit);
    QVERIFY(asker.token);
    QCOMPARE(asker.token->error().kind, Kind::TimedOut);
    QCOMPARE(waiting, (QList<QVariantList>{{true}, {false}}));
    m_bus.freezeKeyring(false);
    QTRY_VERIFY(late.contains(server));
    QVERIFY(late.value(server).accessToken == Secret("token"));
    QCOMPARE(asker.answers, 2); // the late one is no second answer
}

void TestKeychainUnlocked::aLateTokenThatWasReplacedIsDropped()
{
    KeychainTokenStore store(m_clock);
    TokenAsker asker(store);
    const ServerId server = ServerId::create();
    asker.write(server, "old");
    QTRY_VERIFY(asker.done);
    bool late = false;
    connect(&store, &TokenStore::readLate, this, [&late] { late = true; });
    m_bus.freezeKeyring(true);
    asker.read(server);
    m_clock.advance(KeychainTokenStore::limit);
    asker.write(server, "new");
    m_bus.freezeKeyring(false);
    QTRY_VERIFY(asker.done);
    QVERIFY(*asker.done);
    QVERIFY(!late);
    asker.read(server);
    QTRY_VERIFY(asker.token);
    QVERIFY(asker.has("new"));
}

/// Over real memory: what came late is what is true then.
void TestKeychainUnlocked::aLateWriteAndALateRemovalAreTold()
{
    const auto store = makeTokenStore(m_clock);
    TokenAsker asker(*store);
    const ServerId server = ServerId::create();
    m_bus.freezeKeyring(true);
    asker.write(server, "token");
    m_clock.advance(KeychainTokenStore::limit);
    QVERIFY(asker.done && *asker.done);
    QVERIFY(!store->isPersistent());
    m_bus.freezeKeyring(false);
    QTRY_VERIFY(store->isPersistent());
    QVERIFY(store->reason().isEmpty());
    asker.read(server); // of the keychain itself
    QTRY_VERIFY(asker.token);
    QVERIFY(asker.has("token"));

    const QSignalSpy removed(store.get(), &TokenStore::removedLate);
    m_bus.freezeKeyring(true);
    asker.remove(server);
    m_clock.advance(KeychainTokenStore::limit);
    QVERIFY(asker.done && !*asker.done);
    m_bus.freezeKeyring(false);
    QTRY_COMPARE(removed.count(), 1);
    QVERIFY(removed.at(0).at(0).value<ServerId>() == server);
    QVERIFY(!removed.at(0).at(1).value<std::optional<TokenStoreError>>());
    asker.read(server);
    QTRY_VERIFY(asker.token);
    QCOMPARE(asker.token->error().kind, Kind::NotFoundOrCancelled);
    // What was written after a late removal counts.
    m_bus.freezeKeyring(true);
    asker.remove(server);
    m_clock.advance(KeychainTokenStore::limit);
    asker.write(server, "newer");
    m_bus.freezeKeyring(false);
    QTRY_VERIFY(asker.done && *asker.done);
    QCOMPARE(removed.count(), 1);
    asker.read(server);
    QTRY_VERIFY(asker.token);
    QVERIFY(asker.has("newer"));
}

void TestKeychainUnlocked::theOfferedStoreIsPersistent()
{
    const auto store = makeTokenStore(m_clock);
    TokenAsker asker(*store);
    const ServerId server = ServerId::create();
    asker.write(server, "token");
    QTRY_VERIFY(asker.done);
    QVERIFY(store->isPersistent());
    asker.read(server);
    QTRY_VERIFY(asker.token);
    QVERIFY(asker.has("token"));
}

QTEST_GUILESS_MAIN(TestKeychainUnlocked)
#include "test_keychainunlocked.moc"
