#include "exchange/taskreport.h"
#include "task/taskwords.h"

#include <QTest>

using namespace Qt::StringLiterals;

/// What is copied.
class TestTaskReport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void idsAreALineEach();
    void aReportHasTheFactsAndNoMore();
    void aTaskOfWhichNothingIsKnownHasAReportToo();
};

void TestTaskReport::idsAreALineEach()
{
    const ServerId server = ServerId::create();
    QCOMPARE(TaskReport::ids({}), QString());
    QCOMPARE(TaskReport::ids({{server, TaskId(u"a"_s)}, {server, TaskId(u"b"_s)}}), u"a\nb"_s);
}

void TestTaskReport::aReportHasTheFactsAndNoMore()
{
    const ServerId server = ServerId::create();
    const QDateTime start = QDateTime::fromString(u"2026-05-04T09:11:02Z"_s, Qt::ISODate);
    TaskSnapshot snapshot;
    snapshot.action = u"Import policy file"_s;
    snapshot.phase = TaskPhase::Failed;
    snapshot.percent = 71;
    snapshot.currentStep = u"Create topics"_s;
    snapshot.startedAt = start;
    snapshot.finishedAt = start.addSecs(252);
    snapshot.error = TaskError{u"500"_s, u"INSUFFICIENT_PAYER_BALANCE\n<b>x</b>"_s, {}};
    snapshot.resultText = "hunter2";
    snapshot.resultIsSecret = true;
    TaskRecord record;
    record.key = {server, TaskId(u"5d2c"_s)};
    record.label = u"VM0033"_s;
    record.outcome = Outcome::Failed;
    record.snapshot = std::make_shared<TaskSnapshot>(snapshot);
    TaskRecord completed = record;
    completed.outcome = Outcome::Completed;

    const QString text = TaskReport::text({record}, {{server, u"Production"_s}}, start.addDays(1));
    const QStringList lines = text.split(u'\n');
    QCOMPARE(lines.first(), u"Import policy file · VM0033"_s);
    QVERIFY(lines.contains(u"  Status: "_s + TaskWords::word(Outcome::Failed)));
    QVERIFY(lines.contains(u"  Error: 500: INSUFFICIENT_PAYER_BALANCE <b>x</b>"_s));
    QVERIFY(lines.contains(u"  Step: Create topics"_s));
    QVERIFY(lines.contains(u"  Elapsed: 4 min 12 s"_s));
    QVERIFY(lines.contains(u"  Server: Production"_s));
    QVERIFY(lines.contains(u"  Task ID: 5d2c"_s));
    QVERIFY(text.contains(u"09:11:02 UTC"_s));
    const QString two = TaskReport::text({record, completed}, {}, start);
    QCOMPARE(two.count(u"Import policy file"_s), 2);
    QVERIFY(!two.contains(u"hunter2"_s));
    QVERIFY(!two.contains(u"Server:"_s));
}

void TestTaskReport::aTaskOfWhichNothingIsKnownHasAReportToo()
{
    TaskRecord record;
    record.key.task = TaskId(u"x"_s);
    const QString text = TaskReport::text({record}, {}, QDateTime::currentDateTimeUtc());
    QVERIFY(text.contains(TaskWords::word(Outcome::Checking)));
    QVERIFY(text.contains(u"Task ID: x"_s));
}

QTEST_GUILESS_MAIN(TestTaskReport)
#include "test_taskreport.moc"
