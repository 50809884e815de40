#include "task/baselines.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const ServerId server = ServerId::create();
const QDateTime start = QDateTime::fromSecsSinceEpoch(1'770'000'000, Qt::UTC);

TaskStep step(const QString &name, int seconds)
{
    TaskStep made;
    made.name = name;
    made.state = StepState::Completed;
    made.startedAt = start;
    made.finishedAt = start.addSecs(seconds);
    return made;
}

TaskRecord completed(int number, int seconds, std::vector<TaskStep> steps = {},
                     const QString &action = u"Publish policy"_s)
{
    TaskSnapshot snapshot;
    snapshot.action = action;
    snapshot.phase = TaskPhase::Completed;
    snapshot.startedAt = start;
    snapshot.finishedAt = start.addSecs(seconds);
    snapshot.steps = std::move(steps);
    TaskRecord record;
    record.key = {server, TaskId(u"%1 %2"_s.arg(action).arg(number))};
    record.outcome = Outcome::Completed;
    record.snapshot = std::make_shared<const TaskSnapshot>(std::move(snapshot));
    return record;
}

} // namespace

class TestBaselines final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void learnsPerServerAndAction()
    {
        Baselines baselines;
        for (int i = 0; i < 5; ++i)
            baselines.learn(completed(i, 10 + i));
        QCOMPARE(baselines.run(completed(9, 1))->median, 12s);
        QVERIFY(!baselines.run(completed(9, 1, {}, u"Create policy"_s)));
        TaskRecord elsewhere = completed(9, 1);
        elsewhere.key.server = ServerId::create();
        QVERIFY(!baselines.run(elsewhere));
        QVERIFY(!baselines.run(TaskRecord{}));
        QCOMPARE(baselines.remaining(completed(9, 1), 0s), (Baseline::Range{10'500ms, 13'500ms}));
    }

    void learnsFromEachTaskOnce()
    {
        Baselines baselines;
        for (int i = 0; i < 10; ++i)
            baselines.learn(completed(i % 4, 10));
        QVERIFY(!baselines.run(completed(9, 1)));
    }

    void onlyWhatCompletedTeaches()
    {
        Baselines baselines;
        for (int i = 0; i < 40; ++i) {
            TaskRecord record = completed(i, 10);
            for (const Outcome outcome : {Outcome::Running, Outcome::Stalled, Outcome::Failed,
                                          Outcome::OutcomeUnknown, Outcome::Checking}) {
                record.outcome = outcome;
                baselines.learn(record);
            }
            baselines.learn(completed(1000 + i, 0)); // no time at all
        }
        QVERIFY(!baselines.run(completed(9, 1)));
    }

    void knowsTheLongestStep()
    {
        Baselines baselines;
        TaskStep parent = step(u"Publish"_s, 900);
        parent.steps = {step(u"Schema"_s, 30), step(u"Token"_s, 120)};
        TaskStep open = step(u"Open"_s, 5000);
        open.finishedAt.reset();
        for (int i = 0; i < 5; ++i) {
            QVERIFY(!baselines.longestStep(completed(9, 1)));
            baselines.learn(completed(i, 1000, {step(u"Resolve"_s, 2 + i), parent, open}));
        }
        QCOMPARE(baselines.longestStep(completed(9, 1)), Baseline::Duration(120s));
        QCOMPARE(baselines.step(completed(9, 1), u"Resolve"_s)->median, 4s);
        QVERIFY(!baselines.step(completed(9, 1), u"Publish"_s)); // its parts stand for it
        QVERIFY(!baselines.step(completed(9, 1), u"Open"_s));
    }

    void stepsWithoutEndAreBounded()
    {
        Baselines baselines;
        for (int i = 0; i < 5; ++i) {
            std::vector<TaskStep> steps;
            steps.reserve(1000);
            for (int s = 0; s < 1000; ++s)
                steps.push_back(step(u"Schema %1"_s.arg(s), 3));
            baselines.learn(completed(i, 10, steps));
        }
        QVERIFY(baselines.step(completed(9, 1), u"Schema 199"_s));
        QVERIFY(!baselines.step(completed(9, 1), u"Schema 200"_s));
    }
};

QTEST_GUILESS_MAIN(TestBaselines)
#include "test_baselines.moc"
