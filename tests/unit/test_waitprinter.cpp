#include "cli/waitprinter.h"

#include <QBuffer>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

const QDateTime start = QDateTime::fromMSecsSinceEpoch(1'780'000'000'000, Qt::UTC);

TaskStep stepOf(const QString &name, StepState state, std::vector<TaskStep> steps = {})
{
    TaskStep step;
    step.name = name;
    step.state = state;
    step.steps = std::move(steps);
    return step;
}

TaskSnapshot snapshotOf(std::vector<TaskStep> steps)
{
    TaskSnapshot snapshot;
    snapshot.phase = TaskPhase::Running;
    snapshot.steps = std::move(steps);
    return snapshot;
}

TaskRecord recordOf(TaskSnapshot snapshot)
{
    TaskRecord record;
    record.key.task = TaskId(u"t-1"_s);
    record.outcome = Outcome::Running;
    record.snapshot = std::make_shared<const TaskSnapshot>(std::move(snapshot));
    return record;
}

} // namespace

class TestWaitPrinter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatWaitsIsNoNews();
    void whatChangedIsNews();
    void anotherNameIsAnotherStep();
    void barsShowProgress_data();
    void barsShowProgress();
    void barsKeepToTheirWidth();
    void noServerMovesTheCursor();
    void barsKeepToTheScreen();
};

void TestWaitPrinter::whatWaitsIsNoNews()
{
    const TaskSnapshot snapshot = snapshotOf(
        {stepOf(u"a"_s, StepState::Completed),
         stepOf(u"b"_s, StepState::Running,
                {stepOf(u"b1"_s, StepState::Skipped), stepOf(u"b2"_s, StepState::Waiting)}),
         stepOf(u"c"_s, StepState::Waiting)});
    QCOMPARE(stepNews(nullptr, snapshot), (QStringList{u"✓ a"_s, u"▶ b"_s, u"  – b1"_s}));
    QVERIFY(stepNews(&snapshot, snapshot).isEmpty());
}

void TestWaitPrinter::whatChangedIsNews()
{
    const TaskSnapshot before =
        snapshotOf({stepOf(u"a"_s, StepState::Running), stepOf(u"b"_s, StepState::Waiting)});
    TaskStep done = stepOf(u"a"_s, StepState::Completed);
    done.startedAt = start;
    done.finishedAt = start.addSecs(6);
    const TaskSnapshot after = snapshotOf(
        {done, stepOf(u"b"_s, StepState::Running), stepOf(u"said in passing"_s, StepState::Info)});
    QCOMPARE(stepNews(&before, after),
             (QStringList{u"✓ a  6 s"_s, u"▶ b"_s, u"i said in passing"_s}));
}

void TestWaitPrinter::anotherNameIsAnotherStep()
{
    const TaskSnapshot before = snapshotOf({stepOf(u"a"_s, StepState::Completed)});
    const TaskSnapshot after = snapshotOf({stepOf(u"b"_s, StepState::Completed)});
    QCOMPARE(stepNews(&before, after), QStringList{u"✓ b"_s});
}

void TestWaitPrinter::barsShowProgress_data()
{
    QTest::addColumn<int>("percent");
    QTest::addColumn<QString>("bar");
    QTest::newRow("unknown") << -1 << u"····················       "_s;
    QTest::newRow("none") << 0 << u"····················   0%  "_s;
    QTest::newRow("less than a cell") << 1 << u"▏···················   1%  "_s;
    QTest::newRow("half a cell") << 38 << u"███████▌············  38%  "_s;
    QTest::newRow("all") << 100 << u"████████████████████ 100%  "_s;
}

void TestWaitPrinter::barsShowProgress()
{
    QFETCH(const int, percent);
    QFETCH(const QString, bar);
    TaskSnapshot snapshot;
    snapshot.action = u"Publish policy"_s;
    snapshot.currentStep = u"Publish schemas"_s;
    if (percent >= 0)
        snapshot.percent = percent;
    snapshot.startedAt = start;
    QCOMPARE(barText(recordOf(snapshot), start.addSecs(125), 100),
             bar + u"2:05  Publish policy · Publish schemas"_s);
}

void TestWaitPrinter::barsKeepToTheirWidth()
{
    TaskSnapshot snapshot;
    snapshot.action = QString(500, u'x');
    for (const int columns : {1, 10, 80, 600}) {
        const QString text = barText(recordOf(snapshot), start, columns);
        QVERIFY(text.size() <= columns);
        QCOMPARE(text.endsWith(u'…'), columns < 500);
    }
}

void TestWaitPrinter::noServerMovesTheCursor()
{
    TaskSnapshot snapshot = snapshotOf({stepOf(u"\x1b[2J\n\r"_s, StepState::Running)});
    snapshot.action = u"\x1b[2J\n\r"_s;
    const QString text =
        barText(recordOf(snapshot), start, 100) + stepNews(nullptr, snapshot).join(u"");
    QVERIFY(!text.contains(u'\x1b') && !text.contains(u'\n') && !text.contains(u'\r'));
}

void TestWaitPrinter::barsKeepToTheScreen()
{
    QBuffer out;
    QVERIFY(out.open(QIODevice::WriteOnly));
    WaitPrinter printer(WaitPrinter::Form::Terminal, {out, [] { return QSize(40, 10); }});
    printer.paintBars(QList<TaskRecord>(50, recordOf({})), start);
    QCOMPARE(out.data().count('\n'), 8);
    printer.paintBars({}, start);
    QVERIFY(out.data().endsWith("\x1b[8A\r\x1b[J"));
}

QTEST_GUILESS_MAIN(TestWaitPrinter)
#include "test_waitprinter.moc"
