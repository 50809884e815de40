#include "task/stepsight.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace {

QDateTime at(qint64 seconds)
{
    return QDateTime::fromSecsSinceEpoch(1'770'000'000 + seconds, Qt::UTC);
}

TaskStep step(const QString &name, StepState state, std::vector<TaskStep> inner = {})
{
    TaskStep made;
    made.name = name;
    made.state = state;
    made.steps = std::move(inner);
    return made;
}

std::shared_ptr<const TaskSnapshot> snapshot(std::vector<TaskStep> steps)
{
    auto made = std::make_shared<TaskSnapshot>();
    made->steps = std::move(steps);
    return made;
}

} // namespace

/// Our own times of steps: only of what we saw happen.
class TestStepSight : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFirstLookSeesNothingHappen();
    void whatHappensBetweenLooksGetsItsTime();
    void theServersTimesStay();
    void stepsAreFoundAgainByName();
    void stepsOfOneNameAreToldApart();
    void packedTimesComeBack();
};

void TestStepSight::theFirstLookSeesNothingHappen()
{
    const auto fresh =
        snapshot({step(u"a"_s, StepState::Completed), step(u"b"_s, StepState::Running)});
    QCOMPARE(StepSight::addTo(fresh, nullptr, at(1)), fresh);
    // And the same again is still the same.
    QCOMPARE(StepSight::addTo(fresh, fresh.get(), at(2)), fresh);
}

void TestStepSight::whatHappensBetweenLooksGetsItsTime()
{
    const auto first = snapshot({step(u"a"_s, StepState::Running)});
    const auto second = StepSight::addTo(
        snapshot({step(u"a"_s, StepState::Completed),
                  step(u"b"_s, StepState::Running, {step(u"inner"_s, StepState::Running)})}),
        first.get(), at(10));
    QVERIFY(!second->steps[0].startedAt); // nobody knows
    QCOMPARE(second->steps[0].finishedAt, at(10));
    QVERIFY(second->steps[0].finishSeen);
    QCOMPARE(second->steps[1].startedAt, at(10));
    QVERIFY(second->steps[1].startSeen && !second->steps[1].finishedAt);
    QCOMPARE(second->steps[1].steps[0].startedAt, at(10));
    const auto third = StepSight::addTo(
        snapshot({step(u"a"_s, StepState::Completed),
                  step(u"b"_s, StepState::Failed, {step(u"inner"_s, StepState::Failed)}),
                  step(u"c"_s, StepState::Completed), step(u"d"_s, StepState::Waiting)}),
        second.get(), at(25));
    QCOMPARE(third->steps[0].finishedAt, at(10));
    QCOMPARE(third->steps[1].startedAt, at(10));
    QCOMPARE(third->steps[1].finishedAt, at(25));
    QCOMPARE(third->steps[1].steps[0].finishedAt, at(25));
    QVERIFY(!third->steps[2].startedAt); // came and went between two looks
    QCOMPARE(third->steps[2].finishedAt, at(25));
    QVERIFY(!third->steps[3].startedAt && !third->steps[3].finishedAt);
    const auto again = StepSight::addTo(third, third.get(), at(99));
    QCOMPARE(*again, *third);
}

void TestStepSight::theServersTimesStay()
{
    TaskStep timed = step(u"a"_s, StepState::Running);
    timed.startedAt = at(3);
    TaskStep ended = timed;
    ended.state = StepState::Completed;
    const auto first = snapshot({timed});
    const auto fresh = snapshot({ended});
    // Its start by the server's clock, its end by ours: no duration of two clocks.
    QCOMPARE(StepSight::addTo(fresh, first.get(), at(10)), fresh);
    ended.finishedAt = at(5);
    const auto whole = snapshot({ended});
    QCOMPARE(StepSight::addTo(whole, first.get(), at(10)), whole);
    QVERIFY(!whole->steps[0].startSeen && !whole->steps[0].finishSeen);
}

void TestStepSight::stepsAreFoundAgainByName()
{
    const auto first =
        snapshot({step(u"a"_s, StepState::Waiting), step(u"b"_s, StepState::Waiting)});
    const auto second = StepSight::addTo(
        snapshot({step(u"a"_s, StepState::Waiting), step(u"b"_s, StepState::Running)}), first.get(),
        at(4));
    const auto third = StepSight::addTo(
        snapshot({step(u"new"_s, StepState::Skipped), step(u"a"_s, StepState::Waiting),
                  step(u"b"_s, StepState::Completed)}),
        second.get(), at(9));
    QCOMPARE(third->steps[2].startedAt, at(4));
    QCOMPARE(third->steps[2].finishedAt, at(9));
}

void TestStepSight::stepsOfOneNameAreToldApart()
{
    const QString mint = u"Mint"_s;
    const auto first = snapshot({step(mint, StepState::Waiting), step(mint, StepState::Waiting)});
    const auto second =
        StepSight::addTo(snapshot({step(mint, StepState::Running), step(mint, StepState::Waiting)}),
                         first.get(), at(4));
    // Another one comes before them, so that none is at its place any more.
    const auto third = StepSight::addTo(
        snapshot({step(u"Prepare"_s, StepState::Skipped), step(mint, StepState::Completed),
                  step(mint, StepState::Running), step(mint, StepState::Waiting)}),
        second.get(), at(9));
    QCOMPARE(third->steps[1].startedAt, at(4));
    QCOMPARE(third->steps[1].finishedAt, at(9));
    QCOMPARE(third->steps[2].startedAt, at(9));
    QVERIFY(!third->steps[2].finishedAt && !third->steps[3].startedAt);
    const auto fourth = StepSight::addTo(
        snapshot({step(mint, StepState::Completed), step(mint, StepState::Completed)}), third.get(),
        at(15));
    QCOMPARE(fourth->steps[0].finishedAt, at(9));
    QCOMPARE(fourth->steps[1].startedAt, at(9));
    QCOMPARE(fourth->steps[1].finishedAt, at(15));
}

void TestStepSight::packedTimesComeBack()
{
    TaskStep seen = step(u"a"_s, StepState::Completed, {step(u"b"_s, StepState::Completed)});
    seen.steps[0].startedAt = at(1);
    seen.steps[0].startSeen = true;
    seen.steps[0].finishedAt = at(2);
    seen.steps[0].finishSeen = true;
    TaskStep last = step(u"c"_s, StepState::Running);
    last.startedAt = at(2);
    last.startSeen = true;
    TaskStep servers = step(u"d"_s, StepState::Completed);
    servers.startedAt = at(0);
    const std::vector<TaskStep> all{seen, last, servers};
    const QByteArray packed = StepSight::pack(all);
    std::vector<TaskStep> bare{
        step(u"a"_s, StepState::Completed, {step(u"b"_s, StepState::Completed)}),
        step(u"c"_s, StepState::Running), servers};
    StepSight::unpack(packed, bare);
    QCOMPARE(bare, all);
    for (const char *odd : {"", "x", "99 1 1\n", "0 - -\n", "-1 5 5\n\n 1 1"}) {
        std::vector<TaskStep> same = all;
        StepSight::unpack(odd, same);
        QCOMPARE(same, all);
    }
    QCOMPARE(StepSight::pack({servers}), QByteArray());
}

QTEST_APPLESS_MAIN(TestStepSight)
#include "test_stepsight.moc"
