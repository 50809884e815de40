#include "cli/showtext.h"

#include <QJsonArray>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

const QDateTime start = QDateTime::fromMSecsSinceEpoch(1'780'000'000'000, Qt::UTC);

TaskRecord recordOf(Outcome outcome, TaskSnapshot snapshot)
{
    TaskRecord record;
    record.key.task = TaskId(u"t-1"_s);
    record.outcome = outcome;
    record.snapshot = std::make_shared<const TaskSnapshot>(std::move(snapshot));
    return record;
}

TaskStep stepOf(const QString &name, StepState state)
{
    TaskStep step;
    step.name = name;
    step.state = state;
    return step;
}

} // namespace

class TestShowText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRunningTaskShowsItsSteps();
    void aFailedTaskShowsItsError();
    void resultsAreShownWhole_data();
    void resultsAreShownWhole();
    void anUnknownTaskIsOneLineAndItsSummary();
    void noServerMovesTheCursor();
};

void TestShowText::aRunningTaskShowsItsSteps()
{
    TaskSnapshot snapshot;
    snapshot.action = u"Publish policy"_s;
    snapshot.phase = TaskPhase::Running;
    snapshot.percent = 38;
    snapshot.startedAt = start;
    TaskStep done = stepOf(u"Resolve user"_s, StepState::Completed);
    done.startedAt = start;
    done.finishedAt = start.addSecs(6);
    TaskStep runs = stepOf(u"Publish schemas"_s, StepState::Running);
    runs.percent = 40;
    runs.steps = {stepOf(u"Schema A"_s, StepState::Waiting)};
    snapshot.steps = {done, runs};
    const QString text = showText(recordOf(Outcome::Running, snapshot), {}, start.addSecs(125));
    const QStringList lines = text.split(u'\n');
    QCOMPARE(lines.first(), u"▶ Running · Publish policy · t-1"_s);
    QVERIFY2(text.contains(u"\n  38% · started 2026-05-28T20:26:40Z · 2 min 5 s\n"_s),
             qPrintable(text));
    QVERIFY2(
        text.contains(u"\n  ✓ Resolve user  6 s\n  ▶ Publish schemas  40%\n    ○ Schema A\n"_s),
        qPrintable(text));
}

void TestShowText::aFailedTaskShowsItsError()
{
    TaskSnapshot snapshot;
    snapshot.phase = TaskPhase::Failed;
    TaskStep step = stepOf(u"Create topics"_s, StepState::Failed);
    step.error = TaskError{u"500"_s, u"INSUFFICIENT_PAYER_BALANCE"_s, {}};
    snapshot.steps = {step};
    snapshot.error = TaskError{u"500"_s, u"No balance"_s, {}};
    const QJsonObject error{{u"details"_s, QJsonObject{{u"a"_s, 1}, {u"b"_s, 2}, {u"trace"_s, 3}}}};
    const QString text =
        showText(recordOf(Outcome::Failed, snapshot), {{u"error"_s, error}}, start);
    QVERIFY2(text.startsWith(u"✕ Failed · t-1\n"_s), qPrintable(text));
    QVERIFY(text.contains(u"  ✕ Create topics\n      500 · INSUFFICIENT_PAYER_BALANCE\n"_s));
    QVERIFY(text.contains(u"  Error:\n    500: No balance\n"_s));
    QVERIFY(text.contains("\"trace\""_L1));
}

void TestShowText::resultsAreShownWhole_data()
{
    QTest::addColumn<QJsonValue>("result");
    QTest::addColumn<QString>("shown");
    QTest::newRow("text") << QJsonValue(u"65f0"_s) << u"  Result:\n    65f0\n"_s;
    QTest::newRow("number") << QJsonValue(4.5) << u"  Result:\n    4.5\n"_s;
    QTest::newRow("false") << QJsonValue(false) << u"  Result:\n    false\n"_s;
    QTest::newRow("array") << QJsonValue(QJsonArray{1})
                           << u"  Result:\n    [\n        1\n    ]\n"_s;
    QTest::newRow("object") << QJsonValue(QJsonObject{{u"a"_s, 1}})
                            << u"  Result:\n    {\n        \"a\": 1\n    }\n"_s;
}

void TestShowText::resultsAreShownWhole()
{
    QFETCH(const QJsonValue, result);
    QFETCH(const QString, shown);
    TaskSnapshot snapshot;
    snapshot.phase = TaskPhase::Completed;
    const QString text =
        showText(recordOf(Outcome::Completed, snapshot), {{u"result"_s, result}}, start);
    QVERIFY2(text.endsWith(shown), qPrintable(text));
}

void TestShowText::anUnknownTaskIsOneLineAndItsSummary()
{
    TaskRecord record;
    record.key.task = TaskId(u"t-1"_s);
    record.outcome = Outcome::NotFound;
    const QString text = showText(record, {{u"result"_s, QJsonValue()}}, start);
    QVERIFY2(text.startsWith(u"? Not found · t-1\n"_s), qPrintable(text));
    QVERIFY(!text.contains("Result"_L1));
}

void TestShowText::noServerMovesTheCursor()
{
    const QString evil = u"a\x1b[2J\u009b31m\r\n\u202eb\x07"_s;
    TaskSnapshot snapshot;
    snapshot.action = evil;
    snapshot.phase = TaskPhase::Failed;
    TaskStep step = stepOf(evil, StepState::Failed);
    step.message = evil + u"m"_s;
    step.error = TaskError{evil, evil, {}};
    snapshot.steps = {step};
    snapshot.error = TaskError{evil, evil, evil.toUtf8()};
    snapshot.verdict.problems = {evil};
    snapshot.currentStep = evil;
    TaskRecord record = recordOf(Outcome::Failed, snapshot);
    record.key.task = TaskId(evil);
    const QString text = showText(record, {{u"result"_s, evil}}, start);
    for (const QChar c : text)
        QVERIFY(c == u'\n' || (c.category() != QChar::Other_Control && c.unicode() != 0x202e));
}

QTEST_GUILESS_MAIN(TestShowText)
#include "test_showtext.moc"
