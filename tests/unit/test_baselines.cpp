#include "task/baselines.h"

#include <QTest>

#include <algorithm>

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

    void aListOfEndsTeachesItsSteps()
    {
        Baselines baselines;
        for (int i = 0; i < 5; ++i) {
            TaskRecord record = completed(i, 10);
            TaskSnapshot told = *record.snapshot;
            told.dialect = Dialect::Documented;
            told.startedAt.reset();
            told.steps.resize(2);
            told.steps[0].name = u"Validate"_s;
            told.steps[0].finishedAt = start;
            told.steps[1].name = u"Publish"_s;
            told.steps[1].finishedAt = start.addSecs(720 + i);
            record.snapshot = std::make_shared<const TaskSnapshot>(std::move(told));
            baselines.learn(record);
        }
        QCOMPARE(baselines.longestStep(completed(9, 1)), 722s);
        QVERIFY(!baselines.step(completed(9, 1), u"Validate"_s)); // nobody knows its start
        QVERIFY(!baselines.run(completed(9, 1)));
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

    void whatTasksTaughtOutlivesThem()
    {
        Baselines before;
        for (int i = 0; i < 5; ++i)
            before.learn(completed(i, 10 + i, {step(u"Resolve"_s, 2 + i)}));
        const auto lessons = before.lessons();
        QCOMPARE(lessons.size(), std::size_t(5));
        QCOMPARE(lessons.front().key, completed(0, 1).key); // oldest first
        Baselines after;
        after.learn(lessons);
        QCOMPARE(after.run(completed(9, 1)), before.run(completed(9, 1)));
        QCOMPARE(after.step(completed(9, 1), u"Resolve"_s)->median, 4s);
        QCOMPARE(after.lessons(), lessons);
        // Those that are still kept teach nothing twice.
        for (int i = 0; i < 5; ++i)
            after.learn(completed(i, 10 + i));
        QCOMPARE(after.lessons(), lessons);
        QCOMPARE(after.count(), before.count());
    }

    void whatOutlivesTasksIsBounded()
    {
        Baselines baselines;
        const std::vector<TaskStep> steps(100, step(u"Schema"_s, 3));
        for (int kind = 0; kind < 20; ++kind) {
            for (int i = 0; i < 50; ++i)
                baselines.learn(completed(i, 10, steps, u"Action %1"_s.arg(kind)));
        }
        const auto lessons = baselines.lessons();
        QCOMPARE(lessons.size(), Baselines::mostTaught / 101);
        QCOMPARE(lessons.back().key, completed(49, 1, {}, u"Action 19"_s).key);
        const auto ofLast = std::count_if(lessons.cbegin(), lessons.cend(), [](const auto &lesson) {
            return lesson.action == u"Action 19"_s;
        });
        QCOMPARE(std::size_t(ofLast), Baseline::mostRuns);
    }

    void aUsualRunWalksThroughTheSteps()
    {
        TaskStep parts = step(u"Both"_s, 40);
        parts.steps = {step(u"A"_s, 10), step(u"B"_s, 30)};
        const std::vector<TaskStep> steps{parts, step(u"new"_s, 5), step(u"C"_s, 20)};
        const QHash<QString, Baseline::Duration> medians{
            {u"A"_s, 10s}, {u"B"_s, 30s}, {u"C"_s, 20s}, {u"Both"_s, 1h}};
        const auto at = [&](Baseline::Duration elapsed) {
            return usualPlace(steps, medians, elapsed).value_or(UsualPlace{});
        };
        QCOMPARE(at(0s), (UsualPlace{{0, 0}, 0}));
        QCOMPARE(at(5s), (UsualPlace{{0, 0}, 0.5}));
        QCOMPARE(at(10s), (UsualPlace{{0, 1}, 0}));
        QCOMPARE(at(45s), (UsualPlace{{2}, 0.25}));
        QCOMPARE(at(1h), (UsualPlace{{2}, 1})); // it would have ended
        QVERIFY(!usualPlace(steps, {}, 5s));
        QVERIFY(!usualPlace({}, medians, 5s));
    }

    void onlyWhatRunsIsSlow()
    {
        Baselines baselines;
        TaskRecord running = completed(9, 0);
        running.outcome = Outcome::Running;
        const QDateTime late = start.addSecs(100); // the longest took 14 s
        for (int i = 0; i < 4; ++i)
            baselines.learn(completed(i, 10 + i));
        QVERIFY(!baselines.isSlow(running, late)); // no guess with four
        baselines.learn(completed(4, 14));
        QVERIFY(baselines.isSlow(running, late));
        QVERIFY(!baselines.isSlow(running, start.addSecs(21)));
        running.outcome = Outcome::Stalled;
        QVERIFY(baselines.isSlow(running, late));
        running.outcome = Outcome::Failed;
        QVERIFY(!baselines.isSlow(running, late));
        running.snapshot.reset();
        running.outcome = Outcome::Running;
        QVERIFY(!baselines.isSlow(running, late));
    }

    void mediansOfTheStepsThatAreThere()
    {
        Baselines baselines;
        for (int i = 0; i < 5; ++i)
            baselines.learn(completed(i, 100, {step(u"A"_s, 10 + i), step(u"gone"_s, 5)}));
        TaskStep parts = step(u"A"_s, 40);
        parts.steps = {step(u"A"_s, 1), step(u"unheard of"_s, 1)};
        const auto medians = baselines.stepMedians(completed(9, 0, {parts}));
        QCOMPARE(medians, (QHash<QString, Baseline::Duration>{{u"A"_s, 12s}}));
    }
};

QTEST_GUILESS_MAIN(TestBaselines)
#include "test_baselines.moc"
