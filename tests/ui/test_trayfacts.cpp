#include "desktop/trayfacts.h"

#include "manualclock.h"
#include "pollmaker.h"
#include "task/taskstore.h"

#include <QIcon>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

TrayFacts worst(Outcome outcome, int attention)
{
    TrayFacts facts;
    facts.worst = outcome;
    facts.attention = attention;
    return facts;
}

QImage picture(const TrayFacts &facts, int size = 22)
{
    return trayIcon(facts).pixmap(QSize(size, size), 1.0).toImage();
}

} // namespace

class TestTrayFacts final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theWorstStateIsChosen_data();
    void theWorstStateIsChosen();
    void countsFollowTheStore();
    void serversInTroubleCount();
    void theToolTipCounts();
    void everyStateHasItsPicture();
    void theCountIsInThePicture();
    void thePictureComesInPanelSizes();
};

void TestTrayFacts::theWorstStateIsChosen_data()
{
    QTest::addColumn<QList<Outcome>>("outcomes");
    QTest::addColumn<int>("worst");
    QTest::addColumn<int>("attention");
    using enum Outcome;
    QTest::newRow("nothing") << QList<Outcome>{} << -1 << 0;
    QTest::newRow("all well") << QList{Running, Completed, Waiting, Checking} << -1 << 0;
    QTest::newRow("failed first") << QList{Stalled, Failed, CompletedWithProblems, NotFound}
                                  << int(Failed) << 4;
    QTest::newRow("problems") << QList{Stalled, CompletedWithProblems} << int(CompletedWithProblems)
                              << 2;
    QTest::newRow("stalled") << QList{Running, Stalled, OutcomeUnknown} << int(Stalled) << 2;
    QTest::newRow("lost") << QList{Unreadable, NotFound} << int(Unreadable) << 2;
}

void TestTrayFacts::theWorstStateIsChosen()
{
    QFETCH(const QList<Outcome>, outcomes);
    QFETCH(const int, worst);
    const ManualClock clock;
    TaskStore store(clock);
    const ServerId server = ServerId::create();
    QList<TaskRecord> records;
    for (const Outcome outcome : outcomes) {
        TaskRecord record;
        record.key = {server, TaskId(QString::number(records.size()))};
        record.outcome = outcome;
        records << record;
    }
    store.load(records);
    TrayCounts counts;
    counts.take(store, store.keys());
    counts.take(store, store.keys()); // said twice, counted once
    const TrayFacts facts = counts.facts();
    QCOMPARE(facts.worst ? int(*facts.worst) : -1, worst);
    QTEST(facts.attention, "attention");
}

void TestTrayFacts::countsFollowTheStore()
{
    const ManualClock clock;
    TaskStore store(clock);
    TrayCounts counts;
    connect(&store, &TaskStore::added, &store,
            [&](const QList<TaskKey> &keys) { counts.take(store, keys); });
    connect(&store, &TaskStore::removed, &store,
            [&](const QList<TaskKey> &keys) { counts.forget(keys); });
    TaskRecord failed;
    failed.key = {ServerId::create(), TaskId(u"a"_s)};
    failed.outcome = Outcome::Failed;
    store.load({failed});
    const TaskKey other{failed.key.server, TaskId(u"b"_s)};
    store.watch({other});
    QCOMPARE(counts.facts().attention, 1);
    QCOMPARE(counts.facts().running, 1);
    QCOMPARE(counts.facts().finished, 1);
    store.unwatch({failed.key, other});
    QCOMPARE(counts.facts(), TrayFacts());
}

void TestTrayFacts::serversInTroubleCount()
{
    TrayCounts counts;
    const ServerId one = ServerId::create();
    const ServerId two = ServerId::create();
    counts.setConnection(one, Connection::Unreachable);
    counts.setConnection(two, Connection::SignInNeeded);
    counts.setConnection(ServerId::create(), Connection::Live);
    QCOMPARE(counts.facts().troubled, 2);
    QCOMPARE(counts.facts().connection, Connection::SignInNeeded);
    counts.setConnection(one, Connection::Polling);
    QCOMPARE(counts.facts().troubled, 1);
    counts.forgetServer(two);
    QCOMPARE(counts.facts(), TrayFacts());
}

void TestTrayFacts::theToolTipCounts()
{
    TrayFacts facts = worst(Outcome::Failed, 1);
    facts.running = 12;
    facts.finished = 3;
    QCOMPARE(trayToolTip(facts), u"Taskwatch\n1 task needs attention\n12 running, 3 finished"_s);
    facts.attention = 2;
    facts.troubled = 1;
    QVERIFY(trayToolTip(facts).contains(u"2 tasks need attention\n1 server needs attention\n"_s));
}

void TestTrayFacts::everyStateHasItsPicture()
{
    QList<QImage> seen{picture(TrayFacts())};
    for (const Outcome outcome :
         {Outcome::Failed, Outcome::CompletedWithProblems, Outcome::Stalled,
          Outcome::OutcomeUnknown, Outcome::Unreadable, Outcome::NotFound}) {
        const QImage image = picture(worst(outcome, 1));
        QVERIFY(!seen.contains(image));
        seen << image;
    }
    TrayFacts running;
    running.running = 3; // nothing needs anybody, but something goes on
    QVERIFY(!seen.contains(picture(running)));
    seen << picture(running);
    TrayFacts server;
    server.connection = Connection::SignInNeeded;
    server.troubled = 1;
    QVERIFY(!seen.contains(picture(server)));
}

void TestTrayFacts::theCountIsInThePicture()
{
    QList<QImage> seen;
    for (const int count : {1, 2, 12, 99, 100}) {
        const QImage image = picture(worst(Outcome::Failed, count));
        QVERIFY(!seen.contains(image));
        seen << image;
    }
    QCOMPARE(picture(worst(Outcome::Failed, 100'000)), seen.last()); // 99+
}

void TestTrayFacts::thePictureComesInPanelSizes()
{
    const QIcon icon = trayIcon(worst(Outcome::Failed, 3));
    for (const int size : {16, 22, 24, 32, 48, 64})
        QVERIFY(icon.availableSizes().contains(QSize(size, size)));
}

QTEST_MAIN(TestTrayFacts)
#include "test_trayfacts.moc"
