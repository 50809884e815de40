#include "base/giveway.h"

#include <QTest>
#include <QThread>

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/// A thread of work goes behind the window's, and takes no other along.
class TestGiveWay : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onlyTheCallingThreadGivesWay();
};

namespace {

int nice()
{
    return ::getpriority(PRIO_PROCESS, id_t(::syscall(SYS_gettid)));
}

} // namespace

void TestGiveWay::onlyTheCallingThreadGivesWay()
{
    const int before = nice();
    int inThread = -1;
    int after = -1;
    const std::unique_ptr<QThread> thread(QThread::create([&] {
        inThread = nice();
        giveWay();
        giveWay(); // once is enough, and twice no more
        after = nice();
    }));
    thread->start();
    QVERIFY(thread->wait(10'000));
    QCOMPARE(inThread, before);
    QCOMPARE(after, std::max(before, 5));
    QCOMPARE(nice(), before);
}

QTEST_MAIN(TestGiveWay)
#include "test_giveway.moc"
