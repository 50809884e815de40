#include "account/keychaintokenstore.h"
#include "manualclock.h"
#include "privatebus.h"
#include "silentservice.h"
#include "tokenasker.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using Kind = TokenStoreError::Kind;

/// With a real gnome-keyring that is locked.
class TestKeychainLocked : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aPromptThatCannotBeShownReadsAsNotFound();
    void aPromptThatNobodyAnswersEndsAtOurLimit();

private:
    PrivateBus m_bus;
    SilentService m_prompter;
    ManualClock m_clock;
    const ServerId m_server = ServerId::create();
};

void TestKeychainLocked::initTestCase()
{
    QCOMPARE(m_bus.start(), QString());
    QCOMPARE(m_bus.startKeyring(), QString());
    KeychainTokenStore store(m_clock);
    TokenAsker asker(store);
    asker.write(m_server, "token");
    QTRY_VERIFY(asker.done);
    QVERIFY(*asker.done);
    QCOMPARE(m_bus.lockKeyring(), QString());
}

/// As a prompt that is cancelled.
void TestKeychainLocked::aPromptThatCannotBeShownReadsAsNotFound()
{
    KeychainTokenStore store(m_clock);
    TokenAsker asker(store);
    asker.read(m_server);
    QTRY_VERIFY(asker.token);
    QCOMPARE(asker.token->error().kind, Kind::NotFoundOrCancelled);
}

void TestKeychainLocked::aPromptThatNobodyAnswersEndsAtOurLimit()
{
    QVERIFY(m_prompter.start(m_bus.address(), u"org.gnome.keyring.SystemPrompter"_s));
    KeychainTokenStore store(m_clock);
    const QSignalSpy waiting(&store, &TokenStore::waiting);
    TokenAsker asker(store);
    asker.read(m_server);
    QTRY_VERIFY(m_prompter.calls() > 0); // the keyring is asking
    m_clock.advance(KeychainTokenStore::limit - std::chrono::milliseconds{1});
    QCOMPARE(waiting, (QList<QVariantList>{{true}}));
    QVERIFY(!asker.token);
    m_clock.advance(std::chrono::milliseconds{1});
    QVERIFY(asker.token);
    QCOMPARE(asker.token->error().kind, Kind::TimedOut);
    QCOMPARE(waiting, (QList<QVariantList>{{true}, {false}}));
    QCOMPARE(m_clock.activeTimers(), 0);
}

QTEST_GUILESS_MAIN(TestKeychainLocked)
#include "test_keychainlocked.moc"
