#include "account/fallbacktokenstore.h"
#include "account/memorytokenstore.h"
#include "manualclock.h"

#include <QSignalSpy>
#include <QTest>

#include <vector>

using namespace Qt::StringLiterals;
using Kind = TokenStoreError::Kind;

namespace {

/// A keychain that answers when the test says so.
class FakeKeychain final : public TokenStore
{
public:
    void read(const ServerId &, QObject *, Done<Credentials> done) override
    {
        reads.push_back(std::move(done));
    }
    void write(const ServerId &, const Credentials &, QObject *, Done<void> done) override
    {
        writes.push_back(std::move(done));
    }
    void remove(const ServerId &, QObject *, Done<void> done) override
    {
        removals.push_back(std::move(done));
    }
    [[nodiscard]] bool isPersistent() const override { return true; }
    [[nodiscard]] QString reason() const override { return {}; }

    std::vector<Done<Credentials>> reads;
    std::vector<Done<void>> writes;
    std::vector<Done<void>> removals;
};

tl::unexpected<TokenStoreError> refusal(Kind kind = Kind::Unavailable)
{
    return tl::unexpected(TokenStoreError{kind, {}});
}

const Credentials one{Secret("refresh one"), Secret("one"), Secret("proxy one")};
const Credentials two{{}, Secret("two"), {}};

} // namespace

class TestTokenStores : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void memoryKeepsForThisRun();
    void memoryAnswersLaterAndNotToTheDead();
    void whatTheKeychainTakesIsPersistent();
    void whatItRefusesStaysInMemoryAndIsSaid();
    void onceRefusedNobodyWaitsForIt();
    void aLaterSuccessIsPersistentAgain();
    void removingClearsBothAndTellsTheKeychainsError();
    void anOldRefusalDoesNotCountForANewToken();
    void lateTokensGiveWayToNewerOnes();
    void whatIsTakenLateIsPersistent();
    void whatIsRefusedLateSaysWhy();
    void theReasonIsOfWhatIsStillRefused();
    void theWaitIsPassedOn();
    void everyErrorHasWords();

private:
    using Read = std::optional<tl::expected<Credentials, TokenStoreError>>;
    using Written = std::optional<tl::expected<void, TokenStoreError>>;
    void write(const Credentials &token, Written &written)
    {
        m_store->write(m_server, token, this, [&written](const auto &result) { written = result; });
    }
    void read(Read &got)
    {
        m_store->read(m_server, this, [&got](const auto &result) { got = result; });
    }

    const ServerId m_server = ServerId::create();
    FakeKeychain *m_keychain = nullptr;
    std::unique_ptr<FallbackTokenStore> m_store;
};

void TestTokenStores::init()
{
    auto keychain = std::make_unique<FakeKeychain>();
    m_keychain = keychain.get();
    m_store = std::make_unique<FallbackTokenStore>(std::move(keychain));
}

void TestTokenStores::memoryKeepsForThisRun()
{
    MemoryTokenStore store(u"because"_s);
    QVERIFY(!store.isPersistent());
    QCOMPARE(store.reason(), u"because"_s);
    Read got;
    const auto take = [&got](const auto &result) { got = result; };
    store.read(m_server, this, take);
    QTRY_VERIFY(got);
    QCOMPARE(got->error().kind, Kind::NotFoundOrCancelled);
    int done = 0;
    const auto count = [&done](const auto &result) { done += result ? 1 : 0; };
    store.write(m_server, one, this, count);
    store.read(m_server, this, take);
    QTRY_VERIFY(*got);
    QVERIFY(**got == one);
    store.remove(m_server, this, count);
    store.read(m_server, this, take);
    QTRY_VERIFY(!*got);
    QCOMPARE(done, 2);
}

void TestTokenStores::memoryAnswersLaterAndNotToTheDead()
{
    MemoryTokenStore store({});
    bool answered = false;
    auto context = std::make_unique<QObject>();
    store.read(m_server, context.get(), [&answered](const auto &) { answered = true; });
    QVERIFY(!answered);
    context.reset();
    Read got;
    store.read(m_server, this, [&got](const auto &result) { got = result; });
    QTRY_VERIFY(got);
    QVERIFY(!answered);
}

void TestTokenStores::whatTheKeychainTakesIsPersistent()
{
    Written written;
    write(one, written);
    QVERIFY(!written);
    m_keychain->writes.at(0)({});
    QVERIFY(written && *written);
    QVERIFY(m_store->isPersistent());
    Read got;
    read(got); // now the keychain's
    m_keychain->reads.at(0)(two);
    QVERIFY(got && **got == two);
}

void TestTokenStores::whatItRefusesStaysInMemoryAndIsSaid()
{
    const QSignalSpy said(m_store.get(), &TokenStore::persistenceChanged);
    Written written;
    write(one, written);
    m_keychain->writes.at(0)(refusal());
    QVERIFY(written && *written);
    QVERIFY(!m_store->isPersistent());
    QCOMPARE(m_store->reason(), describe({Kind::Unavailable, {}}).headline);
    QCOMPARE(said.size(), 1);
    Read got;
    read(got);
    QTRY_VERIFY(got);
    QVERIFY(**got == one);
    QVERIFY(m_keychain->reads.empty());
}

void TestTokenStores::onceRefusedNobodyWaitsForIt()
{
    Written first;
    Written second;
    write(one, first);
    m_keychain->writes.at(0)(refusal(Kind::TimedOut));
    write(two, second);
    QTRY_VERIFY(second && *second);
    QCOMPARE(m_keychain->writes.size(), 2U); // offered all the same
    second.reset();
    m_keychain->writes.at(1)(refusal(Kind::TimedOut));
    QVERIFY(!second); // told once
    Read got;
    read(got);
    QTRY_VERIFY(got);
    QVERIFY(**got == two);
}

void TestTokenStores::aLaterSuccessIsPersistentAgain()
{
    const QSignalSpy said(m_store.get(), &TokenStore::persistenceChanged);
    Written written;
    write(one, written);
    m_keychain->writes.at(0)(refusal());
    write(two, written);
    m_keychain->writes.at(1)({});
    QVERIFY(m_store->isPersistent());
    QVERIFY(m_store->reason().isEmpty());
    QCOMPARE(said.size(), 2);
}

void TestTokenStores::removingClearsBothAndTellsTheKeychainsError()
{
    Written written;
    write(one, written);
    m_keychain->writes.at(0)(refusal());
    Written removed;
    m_store->remove(m_server, this, [&removed](const auto &result) { removed = result; });
    m_keychain->removals.at(0)(refusal(Kind::Denied));
    QVERIFY(removed);
    QCOMPARE(removed->error().kind, Kind::Denied);
    QVERIFY(m_store->isPersistent()); // nothing is in memory any more
    Read got;
    read(got);
    QCOMPARE(m_keychain->reads.size(), 1U);
}

void TestTokenStores::anOldRefusalDoesNotCountForANewToken()
{
    Written first;
    Written second;
    write(one, first);
    write(two, second);
    m_keychain->writes.at(0)(refusal());
    QVERIFY(m_store->isPersistent());
    m_keychain->writes.at(1)({});
    QVERIFY(m_store->isPersistent());
    QVERIFY(*first && *second);
}

void TestTokenStores::lateTokensGiveWayToNewerOnes()
{
    const QSignalSpy late(m_store.get(), &TokenStore::readLate);
    Q_EMIT m_keychain->readLate(m_server, one);
    QCOMPARE(late.count(), 1);
    Written written;
    write(two, written);
    Q_EMIT m_keychain->readLate(m_server, one);
    QCOMPARE(late.count(), 1);
}

void TestTokenStores::whatIsTakenLateIsPersistent()
{
    Written written;
    write(one, written);
    m_keychain->writes.at(0)(refusal(Kind::TimedOut));
    QVERIFY(!m_store->isPersistent());
    const QSignalSpy said(m_store.get(), &TokenStore::persistenceChanged);
    Q_EMIT m_keychain->writtenLate(ServerId::create(), {}); // another's
    QVERIFY(!m_store->isPersistent());
    Q_EMIT m_keychain->writtenLate(m_server, {});
    QVERIFY(m_store->isPersistent());
    QCOMPARE(said.count(), 1);
    Read got;
    read(got);
    QCOMPARE(m_keychain->reads.size(), 1U); // nothing is in memory any more
}

void TestTokenStores::whatIsRefusedLateSaysWhy()
{
    Written written;
    write(one, written);
    m_keychain->writes.at(0)(refusal(Kind::TimedOut));
    const QSignalSpy said(m_store.get(), &TokenStore::persistenceChanged);
    Q_EMIT m_keychain->writtenLate(m_server, TokenStoreError{Kind::Denied, {}});
    QCOMPARE(m_store->reason(), describe({Kind::Denied, {}}).headline);
    QCOMPARE(said.count(), 1);
    Read got;
    read(got);
    QTRY_VERIFY(got);
    QVERIFY(**got == one);
}

void TestTokenStores::theReasonIsOfWhatIsStillRefused()
{
    const ServerId other = ServerId::create();
    Written written;
    write(one, written);
    m_keychain->writes.at(0)(refusal(Kind::Denied));
    m_store->write(other, two, this, [](const auto &) {});
    m_keychain->writes.at(1)(refusal(Kind::TimedOut));
    QCOMPARE(m_store->reason(), describe({Kind::TimedOut, {}}).headline);
    Q_EMIT m_keychain->writtenLate(other, {});
    QCOMPARE(m_store->reason(), describe({Kind::Denied, {}}).headline);
}

void TestTokenStores::theWaitIsPassedOn()
{
    const QSignalSpy waiting(m_store.get(), &TokenStore::waiting);
    Q_EMIT m_keychain->waiting(true);
    QCOMPARE(waiting, (QList<QVariantList>{{true}}));
}

void TestTokenStores::everyErrorHasWords()
{
    for (const auto kind :
         {Kind::NotFoundOrCancelled, Kind::Denied, Kind::Unavailable, Kind::TimedOut}) {
        const auto words = describe({kind, {}});
        QVERIFY(!words.headline.isEmpty() && !words.nextStep.isEmpty());
    }
    const ManualClock clock;
    QVERIFY(makeTokenStore(clock));
}

QTEST_GUILESS_MAIN(TestTokenStores)
#include "test_tokenstores.moc"
