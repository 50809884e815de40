#include "instance/instanceclient.h"
#include "instance/instanceframe.h"
#include "instance/instancelock.h"
#include "instance/instanceserver.h"

#include "account/folders.h"
#include "base/clock.h"
#include "manualclock.h"

#include <QDir>
#include <QFileInfo>
#include <QLocalSocket>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <future>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

using HandedOver = tl::expected<std::optional<InstanceReply>, QString>;

} // namespace

/// Lock, server and client of the one instance, over real sockets. The client blocks, so it has a
/// thread.
class TestInstance final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void theFirstOneHoldsTheLock();
    void anotherDataFolderIsAnotherInstance();
    void theSameFolderByAnotherPathIsTheSameInstance();
    void aRequestIsHandedOverAndAnswered();
    void aSocketOfADeadOneIsReplaced();
    void oneThatIsJustStartingIsWaitedFor();
    void oneThatIsJustEndingIsSucceeded();
    void onlyOneOfManyStartsIsTheFirst();
    void aHangingInstanceIsGivenUp();
    void somethingElseInItsPlaceIsSaid();
    void tooMuchIsNotHandedOver();
    void aSilentPeerIsPutOff();
    void aForeignPeerIsPutOffAtOnce();
    void aPeerWithTooManyBytesIsPutOff();
    void onlySoManyPeersAreListenedTo();
    void noOtherUserCanConnect();

private:
    [[nodiscard]] HandedOver start(const InstanceRequest &request, std::chrono::milliseconds limit);
    [[nodiscard]] std::unique_ptr<InstanceServer> listen(const Clock &clock);
    [[nodiscard]] std::unique_ptr<QLocalSocket> connected() const;

    std::unique_ptr<QTemporaryDir> m_folder;
    InstancePlace m_place;
    QList<InstanceRequest> m_taken;
    SystemClock m_clock;
};

void TestInstance::init()
{
    m_folder = std::make_unique<QTemporaryDir>(QDir::tempPath() + u"/i-XXXXXX"_s);
    qputenv("XDG_RUNTIME_DIR", m_folder->path().toUtf8());
    const Folders folders = Folders::below(m_folder->path());
    QVERIFY(folders.create());
    const auto place = InstancePlace::of(folders);
    QVERIFY2(place, place ? "" : qPrintable(place.error()));
    m_place = *place;
    m_taken.clear();
}

void TestInstance::cleanup()
{
    m_folder.reset();
}

std::unique_ptr<InstanceServer> TestInstance::listen(const Clock &clock)
{
    auto server = std::make_unique<InstanceServer>(
        [this](const InstanceRequest &request) {
            m_taken << request;
            return InstanceReply{true, u"did "_s + request.text};
        },
        clock);
    const auto listening = server->listen(m_place.socket);
    return listening ? std::move(server) : nullptr;
}

/// As a second program would, in a thread of its own, while our event loop runs.
HandedOver TestInstance::start(const InstanceRequest &request, std::chrono::milliseconds limit)
{
    HandedOver result;
    const std::unique_ptr<QThread> thread(QThread::create([&] {
        InstanceLock lock(m_place.lock);
        result = lockOrHandOver(lock, m_place, request, limit);
    }));
    const QSignalSpy finished(thread.get(), &QThread::finished);
    thread->start();
    if (!QTest::qWaitFor([&] { return !finished.isEmpty(); }, 30'000))
        qWarning("the other start does not end");
    thread->wait();
    return result;
}

std::unique_ptr<QLocalSocket> TestInstance::connected() const
{
    auto socket = std::make_unique<QLocalSocket>();
    socket->connectToServer(m_place.socket);
    return socket->waitForConnected(5'000) ? std::move(socket) : nullptr;
}

void TestInstance::theFirstOneHoldsTheLock()
{
    auto first = std::make_unique<InstanceLock>(m_place.lock);
    InstanceLock second(m_place.lock);
    QVERIFY(first->tryLock());
    QVERIFY(first->tryLock());
    QVERIFY(!second.tryLock());
    first.reset();
    QVERIFY(second.tryLock());
    InstanceLock nowhere(u"/nonexistent/lock"_s);
    QVERIFY(!nowhere.tryLock());
}

void TestInstance::anotherDataFolderIsAnotherInstance()
{
    const Folders other = Folders::below(m_folder->filePath(u"other"_s));
    QVERIFY(!InstancePlace::of(other)); // it is not there yet
    QVERIFY(other.create());
    const auto place = InstancePlace::of(other);
    QVERIFY(place);
    QVERIFY(place->lock != m_place.lock && place->socket != m_place.socket);
    InstanceLock one(m_place.lock);
    InstanceLock two(place->lock);
    QVERIFY(one.tryLock());
    QVERIFY(two.tryLock());
}

void TestInstance::theSameFolderByAnotherPathIsTheSameInstance()
{
    QVERIFY(QFile::link(m_folder->path(), m_folder->filePath(u"link"_s)));
    const auto place = InstancePlace::of(Folders::below(m_folder->filePath(u"link/data/.."_s)));
    QVERIFY(place);
    QCOMPARE(place->socket, m_place.socket);
}

void TestInstance::aRequestIsHandedOverAndAnswered()
{
    InstanceLock lock(m_place.lock);
    QVERIFY(lock.tryLock());
    const auto server = listen(m_clock);
    QVERIFY(server);
    const InstanceRequest request{InstanceRequest::Kind::Track, QString(1'000'000, u'ü'), u"prod"_s,
                                  u"token"_s, false};
    const HandedOver result = start(request, 20s);
    QVERIFY2(result, result ? "" : qPrintable(result.error()));
    QVERIFY(*result);
    QVERIFY((*result)->accepted);
    QCOMPARE((*result)->words, u"did "_s + request.text);
    QCOMPARE(m_taken, QList<InstanceRequest>{request});
}

void TestInstance::aSocketOfADeadOneIsReplaced()
{
    // A bound socket that nobody listens on is what a killed program leaves.
    QFile::remove(m_place.socket);
    {
        QLocalServer dead;
        QVERIFY(dead.listen(m_place.socket + u".dead"_s));
        QVERIFY(QFile::rename(m_place.socket + u".dead"_s, m_place.socket));
    }
    QVERIFY(QFileInfo::exists(m_place.socket));
    const HandedOver first = start({}, 20s);
    QVERIFY(first && !*first);
    InstanceLock lock(m_place.lock);
    QVERIFY(lock.tryLock());
    const auto server = listen(m_clock);
    QVERIFY(server);
    const HandedOver second = start({}, 20s);
    QVERIFY(second && *second);
}

void TestInstance::oneThatIsJustStartingIsWaitedFor()
{
    InstanceLock lock(m_place.lock);
    QVERIFY(lock.tryLock());
    std::unique_ptr<InstanceServer> server;
    // Listens only once the other start is on its way.
    QMetaObject::invokeMethod(
        this, [&] { server = listen(m_clock); }, Qt::QueuedConnection);
    const HandedOver result = start({}, 20s);
    QVERIFY(result && *result);
    QVERIFY(server);
}

void TestInstance::oneThatIsJustEndingIsSucceeded()
{
    auto lock = std::make_unique<InstanceLock>(m_place.lock);
    QVERIFY(lock->tryLock());
    auto server = listen(m_clock);
    QVERIFY(server);
    server.reset(); // it saves still
    QMetaObject::invokeMethod(
        this, [&] { lock.reset(); }, Qt::QueuedConnection);
    const HandedOver result = start({}, 20s);
    QVERIFY(result && !*result);
}

void TestInstance::onlyOneOfManyStartsIsTheFirst()
{
    constexpr int starts = 8;
    std::vector<std::unique_ptr<InstanceLock>> locks;
    std::vector<std::future<bool>> tries;
    locks.reserve(starts);
    tries.reserve(starts);
    for (int i = 0; i < starts; ++i)
        locks.push_back(std::make_unique<InstanceLock>(m_place.lock));
    for (const auto &lock : locks)
        tries.push_back(std::async(std::launch::async, [&lock] { return lock->tryLock(); }));
    int winners = 0;
    for (auto &one : tries)
        winners += one.get() ? 1 : 0;
    QCOMPARE(winners, 1);
}

void TestInstance::aHangingInstanceIsGivenUp()
{
    InstanceLock lock(m_place.lock);
    QVERIFY(lock.tryLock());
    QLocalServer hanging; // takes connections, and never reads
    QVERIFY(hanging.listen(m_place.socket));
    const HandedOver result = start({}, 300ms);
    QVERIFY(!result);
    QVERIFY2(result.error().contains(u"does not answer"_s), qPrintable(result.error()));
    // Nor does a request that fits no buffer block for ever.
    const HandedOver large =
        start({InstanceRequest::Kind::Track, QString(3'000'000, u'a'), {}, {}, true}, 300ms);
    QVERIFY(!large);
}

void TestInstance::somethingElseInItsPlaceIsSaid()
{
    InstanceLock lock(m_place.lock);
    QVERIFY(lock.tryLock());
    QLocalServer other;
    QVERIFY(other.listen(m_place.socket));
    connect(&other, &QLocalServer::newConnection, this,
            [&other] { other.nextPendingConnection()->write("220 hello\n"); });
    const HandedOver result = start({}, 20s);
    QVERIFY(!result);
    QVERIFY2(result.error().contains(u"Something else"_s), qPrintable(result.error()));
}

void TestInstance::tooMuchIsNotHandedOver()
{
    const HandedOver result =
        start({InstanceRequest::Kind::Track, QString(InstanceFrame::cap, u'a'), {}, {}, true}, 20s);
    QVERIFY(!result);
}

void TestInstance::aSilentPeerIsPutOff()
{
    ManualClock clock;
    const auto server = listen(clock);
    QVERIFY(server);
    const auto peer = connected();
    QVERIFY(peer);
    peer->write(InstanceFrame::packed(encode(InstanceRequest())).chopped(1));
    QTRY_COMPARE(clock.activeTimers(), 1);
    clock.advance(InstanceServer::peerLimit - 1ms);
    QTest::qWait(0);
    QCOMPARE(peer->state(), QLocalSocket::ConnectedState);
    clock.advance(1ms);
    QTRY_COMPARE(peer->state(), QLocalSocket::UnconnectedState);
    QVERIFY(m_taken.isEmpty());
    QTRY_COMPARE(clock.activeTimers(), 0);
}

void TestInstance::aForeignPeerIsPutOffAtOnce()
{
    const ManualClock clock;
    const auto server = listen(clock);
    QVERIFY(server);
    const auto peer = connected();
    QVERIFY(peer);
    QTest::ignoreMessage(QtWarningMsg, "a peer of the instance's socket speaks something else");
    peer->write("GET / HTTP/1.1\r\n\r\n");
    QTRY_COMPARE(peer->state(), QLocalSocket::UnconnectedState);
    QVERIFY(peer->readAll().isEmpty());
    QVERIFY(m_taken.isEmpty());
}

void TestInstance::aPeerWithTooManyBytesIsPutOff()
{
    const ManualClock clock;
    const auto server = listen(clock);
    QVERIFY(server);
    const auto peer = connected();
    QVERIFY(peer);
    QTest::ignoreMessage(QtWarningMsg, "a peer of the instance's socket speaks something else");
    peer->write(QByteArray("TWI\x01\x7f\xff\xff\xff", 8) + QByteArray(100'000, 'a'));
    QTRY_COMPARE(peer->state(), QLocalSocket::UnconnectedState);
    QVERIFY(m_taken.isEmpty());
}

void TestInstance::onlySoManyPeersAreListenedTo()
{
    ManualClock clock;
    const auto server = listen(clock);
    QVERIFY(server);
    std::vector<std::unique_ptr<QLocalSocket>> peers;
    for (int i = 0; i < InstanceServer::peersAtOnce + 4; ++i) {
        peers.push_back(connected());
        QVERIFY(peers.back());
    }
    QTRY_COMPARE(peers.back()->state(), QLocalSocket::UnconnectedState);
    QTRY_COMPARE(clock.activeTimers(), InstanceServer::peersAtOnce);
    peers.clear(); // and their places are free again
    QTRY_COMPARE(clock.activeTimers(), 0);
    const auto next = connected();
    QVERIFY(next);
    next->write(InstanceFrame::packed(encode(InstanceRequest())));
    QTRY_COMPARE(m_taken.size(), 1);
}

void TestInstance::noOtherUserCanConnect()
{
    const auto server = listen(m_clock);
    QVERIFY(server);
    InstanceLock lock(m_place.lock);
    QVERIFY(lock.tryLock());
    constexpr QFileDevice::Permissions others{0x0077};
    QVERIFY(!(QFileInfo(m_place.socket).permissions() & others));
    QVERIFY(!(QFileInfo(m_place.lock).permissions() & others));
    QVERIFY(!(QFileInfo(QFileInfo(m_place.socket).path()).permissions() & others));
}

QTEST_GUILESS_MAIN(TestInstance)
#include "test_instance.moc"
