#include "manualclock.h"
#include "pollmaker.h"
#include "task/taskstore.h"

#include <QSignalSpy>
#include <QTest>

#include <optional>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

using Attention = PollWish::Attention;

namespace {

const ServerId server = ServerId::create();

TaskKey key(int number)
{
    return {server, TaskId(QString::number(number))};
}

QList<TaskKey> keys(int from, int to)
{
    QList<TaskKey> made;
    for (int i = from; i < to; ++i)
        made.append(key(i));
    return made;
}

QList<TaskKey> takeKeys(QSignalSpy &spy)
{
    return spy.isEmpty() ? QList<TaskKey>() : spy.takeFirst().at(0).value<QList<TaskKey>>();
}

QList<PollWish> takeWishes(QSignalSpy &spy)
{
    return spy.isEmpty() ? QList<PollWish>() : spy.takeFirst().at(0).value<QList<PollWish>>();
}

TaskRecord recordOf(int number, Outcome outcome)
{
    TaskRecord record;
    record.key = key(number);
    record.outcome = outcome;
    record.label = u"stored %1"_s.arg(number);
    const TaskPhase phase =
        outcome == Outcome::Completed ? TaskPhase::Completed : TaskPhase::Running;
    record.snapshot = std::make_shared<const TaskSnapshot>(PollMaker::snapshot(phase));
    return record;
}

} // namespace

/// The owner of all beliefs: what it holds, and that it says what differs and nothing else.
class TestTaskStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void watchingTracksOnceAndAsksAtOnce();
    void loadedFinalTasksAreSettledWhenConfirmed();
    void loadingFillsWhatIsTrackedAlready();
    void unwatchingCanBeUndone();
    void labelsAndPausesAreSaidOnce();
    void whatTheOperatorSaysIsSaidOnce();
    void pausedTimeIsNotQuiet();
    void interruptedTimeIsNotQuiet();
    void stepsThatUsuallyTakeLongStallLater();
    void aStallOutlivesARestart();
    void aStallIsSaidAgainEachMinute();
    void refreshAsksEachTime();
    void attentionSaysOnlyWhatDiffers();
    void attentionStaysWithATaskThatComesBack();
    void outcomesAreChangedOrChecked();
    void aBatchSaysEachTaskOnce();
    void answersForUntrackedTasksAreDropped();
    void aConfirmedTaskIsSettled();
    void anExpiredTaskIsSettled();
    void tenThousandTasksCostWhatChanges();

private:
    void apply(const PollOutcome &outcome) { m_store->apply({outcome}); }
    PollOutcome readable(int number, TaskPhase phase, const QString &step = {})
    {
        return PollMaker::readable(key(number), m_clock.now(), PollMaker::snapshot(phase, step));
    }

    ManualClock m_clock;
    std::optional<TaskStore> m_store;
    std::unique_ptr<QSignalSpy> m_added, m_changed, m_checked, m_removed, m_wished;
};

void TestTaskStore::init()
{
    m_store.emplace(m_clock);
    m_added = std::make_unique<QSignalSpy>(&*m_store, &TaskStore::added);
    m_changed = std::make_unique<QSignalSpy>(&*m_store, &TaskStore::changed);
    m_checked = std::make_unique<QSignalSpy>(&*m_store, &TaskStore::checked);
    m_removed = std::make_unique<QSignalSpy>(&*m_store, &TaskStore::removed);
    m_wished = std::make_unique<QSignalSpy>(&*m_store, &TaskStore::wished);
}

void TestTaskStore::cleanup()
{
    m_store.reset();
}

void TestTaskStore::watchingTracksOnceAndAsksAtOnce()
{
    QCOMPARE(m_store->watch({key(1), key(2), key(1), TaskKey{server, TaskId()}}),
             (QList<TaskKey>{key(1), key(2)}));
    QCOMPARE(takeKeys(*m_added), keys(1, 3));
    const QList<PollWish> wishes = takeWishes(*m_wished);
    QCOMPARE(wishes.size(), 2);
    QVERIFY(wishes.at(0).tracked && wishes.at(0).dueNow && !wishes.at(0).settled);
    QCOMPARE(m_store->find(key(1))->outcome, Outcome::Checking);
    QCOMPARE(m_store->find(key(1))->watchedSince, m_clock.now().wall);
    QVERIFY(!m_store->find(key(3)));
    QVERIFY(m_store->watch({key(2)}).isEmpty());
    QVERIFY(m_added->isEmpty());
    QVERIFY(m_wished->isEmpty());
    QCOMPARE(m_store->size(), 2);
    QCOMPARE(m_store->keys(), keys(1, 3));
}

void TestTaskStore::loadedFinalTasksAreSettledWhenConfirmed()
{
    TaskRecord running = recordOf(2, Outcome::Running);
    running.lastReadableAt = 5h;
    running.emptyAnswers = 2;
    running.confirmed = true; // of a damaged file
    TaskRecord completed = recordOf(1, Outcome::Completed);
    completed.confirmed = true;
    const TaskRecord unconfirmed = recordOf(3, Outcome::Completed); // ended between two polls
    m_store->load({completed, running, unconfirmed});
    QCOMPARE(takeKeys(*m_added), keys(1, 4));
    const QList<PollWish> wishes = takeWishes(*m_wished);
    QCOMPARE(wishes.size(), 3);
    QVERIFY(wishes.at(0).settled && !wishes.at(0).dueNow);
    QVERIFY(!wishes.at(1).settled && !wishes.at(1).dueNow);
    QVERIFY(!wishes.at(2).settled);
    QVERIFY(m_store->find(key(1))->confirmed);
    QVERIFY(!m_store->find(key(2))->confirmed && !m_store->find(key(3))->confirmed);
    QVERIFY(!m_store->find(key(2))->lastReadableAt);
    QCOMPARE(m_store->find(key(2))->emptyAnswers, 0);
}

void TestTaskStore::loadingFillsWhatIsTrackedAlready()
{
    m_store->watch(keys(1, 5));
    m_store->setLabel(key(2), u"mine"_s);
    apply(readable(3, TaskPhase::Running, u"seen now"_s));
    apply(readable(4, TaskPhase::Completed));
    m_added->clear();
    m_changed->clear();
    m_store->load({recordOf(1, Outcome::Completed), recordOf(2, Outcome::Running),
                   recordOf(3, Outcome::Completed), recordOf(4, Outcome::Running)});
    QVERIFY(m_added->isEmpty());
    QCOMPARE(takeKeys(*m_changed), keys(1, 5));
    QCOMPARE(m_store->find(key(1))->outcome, Outcome::Completed);
    QCOMPARE(m_store->find(key(1))->label, u"stored 1"_s);
    QCOMPARE(m_store->find(key(2))->label, u"mine"_s);
    // What was final stays so, as with any answer; else what is known now counts.
    QCOMPARE(m_store->find(key(3))->outcome, Outcome::Completed);
    QCOMPARE(m_store->find(key(4))->outcome, Outcome::Completed);
    QCOMPARE(m_store->find(key(4))->label, u"stored 4"_s);
    m_store->load({*m_store->find(key(4))});
    QVERIFY(m_changed->isEmpty()); // nothing new
}

void TestTaskStore::unwatchingCanBeUndone()
{
    m_store->watch(keys(1, 3));
    apply(readable(1, TaskPhase::Completed));
    m_store->setLabel(key(1), u"one"_s);
    m_added->clear();
    m_wished->clear();
    const QList<TaskRecord> gone = m_store->unwatch({key(1), key(7), key(1)});
    QCOMPARE(gone.size(), 1);
    QCOMPARE(takeKeys(*m_removed), keys(1, 2));
    const QList<PollWish> farewell = takeWishes(*m_wished);
    QCOMPARE(farewell.size(), 1);
    QVERIFY(!farewell.at(0).tracked);
    QVERIFY(!m_store->contains(key(1)));
    m_store->restore(gone + gone);
    QCOMPARE(takeKeys(*m_added), keys(1, 2));
    QVERIFY(takeWishes(*m_wished).at(0).tracked);
    QCOMPARE(m_store->find(key(1))->label, u"one"_s);
    QCOMPARE(m_store->find(key(1))->outcome, Outcome::Completed);
    QCOMPARE(m_store->keys(), (QList<TaskKey>{key(2), key(1)}));
    QVERIFY(m_store->unwatch({key(9)}).isEmpty());
    QVERIFY(m_removed->isEmpty());
}

void TestTaskStore::labelsAndPausesAreSaidOnce()
{
    m_store->watch(keys(1, 3));
    m_wished->clear();
    m_store->setLabel(key(1), u"iREC 4"_s);
    QCOMPARE(takeKeys(*m_changed), keys(1, 2));
    m_store->setLabel(key(1), u"iREC 4"_s);
    m_store->setLabel(key(9), u"nobody"_s);
    QVERIFY(m_changed->isEmpty());
    QVERIFY(m_wished->isEmpty()); // a label is none of the poller's business
    m_store->setPaused(keys(1, 4), true);
    QCOMPARE(takeKeys(*m_changed), keys(1, 3));
    const QList<PollWish> wishes = takeWishes(*m_wished);
    QCOMPARE(wishes.size(), 2);
    QVERIFY(wishes.at(0).paused);
    m_store->setPaused(keys(1, 4), true);
    QVERIFY(m_changed->isEmpty());
    QVERIFY(m_wished->isEmpty());
    m_store->setPaused({key(2)}, false);
    QVERIFY(!takeWishes(*m_wished).at(0).paused);
}

void TestTaskStore::whatTheOperatorSaysIsSaidOnce()
{
    m_store->watch({key(1), key(2)});
    takeWishes(*m_wished);
    const auto doAll = [this] {
        const QList<TaskKey> both = keys(0, 3); // 0 is not tracked
        m_store->setNote(key(1), u"Asked Anna"_s);
        m_store->setTags(key(1), {u" two  words\n"_s, u""_s, u"iREC"_s, u"iREC"_s});
        m_store->setPinned(both, true);
        m_store->setAcknowledged(both, true);
        m_store->setMuted(both, true);
        m_store->setNotified(both, Outcome::Failed);
    };
    doAll();
    QCOMPARE(m_changed->size(), 6);
    QCOMPARE(takeKeys(*m_changed), keys(1, 2));
    QCOMPARE(takeKeys(*m_changed), keys(1, 2));
    for (int i = 0; i < 4; ++i)
        QCOMPARE(takeKeys(*m_changed), keys(1, 3));
    const TaskRecord *one = m_store->find(key(1));
    QCOMPARE(one->note, u"Asked Anna"_s);
    QCOMPARE(one->tags, (QStringList{u"two words"_s, u"iREC"_s}));
    QVERIFY(one->pinned && one->acknowledged && one->muted);
    QCOMPARE(one->notified, Outcome::Failed);
    doAll();
    QVERIFY(m_changed->isEmpty() && m_wished->isEmpty());
    m_store->setNotified({key(2)}, std::nullopt);
    QCOMPARE(takeKeys(*m_changed), keys(2, 3));
}

void TestTaskStore::pausedTimeIsNotQuiet()
{
    m_store->watch({key(1)});
    apply(readable(1, TaskPhase::Running));
    m_store->setPaused({key(1)}, true);
    m_clock.advance(1h);
    m_store->setPaused({key(1)}, false);
    for (int i = 0; i < 4; ++i) {
        m_clock.advance(1s);
        apply(PollMaker::unchanged(key(1), m_clock.now()));
    }
    QCOMPARE(m_store->find(key(1))->outcome, Outcome::Running);
    QCOMPARE(m_store->find(key(1))->quietFor, 3s);
}

void TestTaskStore::interruptedTimeIsNotQuiet()
{
    const TaskKey other{ServerId::create(), TaskId(u"1"_s)};
    m_store->watch({key(1), other});
    apply(readable(1, TaskPhase::Running));
    apply(PollMaker::readable(other, m_clock.now(), PollMaker::snapshot(TaskPhase::Running)));
    m_clock.advance(1min);
    m_store->interrupt(server);
    apply(PollMaker::unchanged(key(1), m_clock.now()));
    apply(PollMaker::unchanged(other, m_clock.now()));
    QCOMPARE(m_store->find(key(1))->quietFor, 0ms);
    QCOMPARE(m_store->find(other)->quietFor, 1min);
}

void TestTaskStore::stepsThatUsuallyTakeLongStallLater()
{
    TaskSnapshot ended = PollMaker::snapshot(TaskPhase::Completed);
    ended.action = u"Publish policy"_s;
    ended.startedAt = m_clock.now().wall;
    ended.finishedAt = ended.startedAt->addSecs(1000);
    TaskStep step;
    step.name = u"Mint"_s;
    step.startedAt = ended.startedAt;
    step.finishedAt = ended.startedAt->addSecs(600);
    ended.steps = {step};
    QList<TaskRecord> earlier;
    for (int i = 10; i < 15; ++i) {
        earlier.append(recordOf(i, Outcome::Completed));
        earlier.last().snapshot = std::make_shared<const TaskSnapshot>(ended);
    }
    m_store->load(earlier);
    m_store->watch(keys(1, 2));
    TaskSnapshot running = PollMaker::snapshot(TaskPhase::Running, u"Mint"_s);
    running.action = ended.action;
    apply(PollMaker::readable(key(1), m_clock.now(), running));
    const auto quietFor = [this](std::chrono::minutes length) {
        for (auto passed = 0min; passed < length; passed += 1min) {
            m_clock.advance(1min);
            apply(PollMaker::unchanged(key(1), m_clock.now()));
        }
    };
    quietFor(20min); // twice the ten minutes that the step usually takes
    QCOMPARE(m_store->find(key(1))->outcome, Outcome::Running);
    quietFor(1min);
    QCOMPARE(m_store->find(key(1))->outcome, Outcome::Stalled);
}

void TestTaskStore::aStallOutlivesARestart()
{
    TaskRecord kept = recordOf(1, Outcome::Stalled);
    kept.quietFor = 12min;
    kept.acknowledged = true;
    m_store->load({kept});
    const auto record = [this]() -> const TaskRecord & { return *m_store->find(key(1)); };
    const auto isAsBefore = [&] {
        return record().outcome == Outcome::Stalled && record().quietFor == 12min
               && record().acknowledged;
    };
    QVERIFY(isAsBefore());
    m_clock.advance(3h); // the server is away, say
    apply(readable(1, TaskPhase::Running));
    QVERIFY(isAsBefore());
    m_clock.advance(30s);
    apply(PollMaker::unchanged(key(1), m_clock.now()));
    QCOMPARE(record().outcome, Outcome::Stalled);
    QCOMPARE(record().quietFor, 12min + 30s);
    apply(PollMaker::readable(key(1), m_clock.now(),
                              PollMaker::snapshot(TaskPhase::Running, u"Mint"_s)));
    QCOMPARE(record().outcome, Outcome::Running);
    QCOMPARE(record().quietFor, 0ms);
    QVERIFY(!record().acknowledged);
}

/// So that the history knows for how long, too.
void TestTaskStore::aStallIsSaidAgainEachMinute()
{
    m_store->watch({key(1)});
    apply(readable(1, TaskPhase::Running));
    for (int i = 0; i < 25; ++i) {
        m_clock.advance(15s);
        apply(PollMaker::unchanged(key(1), m_clock.now()));
    }
    QCOMPARE(m_store->find(key(1))->outcome, Outcome::Stalled);
    m_changed->clear();
    for (int i = 0; i < 8; ++i) {
        m_clock.advance(15s);
        apply(PollMaker::unchanged(key(1), m_clock.now()));
    }
    QCOMPARE(m_changed->size(), 2);
}

void TestTaskStore::refreshAsksEachTime()
{
    m_store->watch(keys(1, 3));
    m_wished->clear();
    for (int i = 0; i < 2; ++i) {
        m_store->refresh({key(1), key(9)});
        const QList<PollWish> wishes = takeWishes(*m_wished);
        QCOMPARE(wishes.size(), 1);
        QVERIFY(wishes.at(0).dueNow);
    }
    m_store->refresh({key(9)});
    QVERIFY(m_wished->isEmpty());
    // Due once: the next wish is about something else.
    m_store->setPaused({key(1)}, true);
    QVERIFY(!takeWishes(*m_wished).at(0).dueNow);
}

void TestTaskStore::attentionSaysOnlyWhatDiffers()
{
    m_store->watch(keys(1, 10));
    m_wished->clear();
    m_store->setAttention(keys(1, 4), {key(2), key(9)});
    QHash<TaskKey, Attention> said;
    for (const PollWish &wish : takeWishes(*m_wished))
        said.insert(wish.key, wish.attention);
    QCOMPARE(said, (QHash<TaskKey, Attention>{{key(1), Attention::Visible},
                                              {key(2), Attention::Selected},
                                              {key(3), Attention::Visible},
                                              {key(9), Attention::Selected}}));
    m_store->setAttention(keys(1, 4), {key(2), key(9)});
    QVERIFY(m_wished->isEmpty());
    m_store->setAttention(keys(2, 5), {key(9)});
    said.clear();
    for (const PollWish &wish : takeWishes(*m_wished))
        said.insert(wish.key, wish.attention);
    QCOMPARE(said, (QHash<TaskKey, Attention>{{key(1), Attention::Background},
                                              {key(2), Attention::Visible},
                                              {key(4), Attention::Visible}}));
}

void TestTaskStore::attentionStaysWithATaskThatComesBack()
{
    m_store->watch(keys(1, 2));
    m_store->setAttention({}, {key(1)});
    const QList<TaskRecord> gone = m_store->unwatch({key(1)});
    m_wished->clear();
    m_store->restore(gone);
    QCOMPARE(takeWishes(*m_wished).at(0).attention, Attention::Selected);
    m_store->unwatch({key(1)});
    m_wished->clear();
    m_store->setAttention({}, {}); // about nobody that is tracked
    QVERIFY(m_wished->isEmpty());
}

void TestTaskStore::outcomesAreChangedOrChecked()
{
    m_store->watch(keys(1, 2));
    m_wished->clear();
    apply(readable(1, TaskPhase::Running, u"A"_s));
    QCOMPARE(takeKeys(*m_changed), keys(1, 2));
    QVERIFY(m_checked->isEmpty());
    for (int i = 0; i < 3; ++i) {
        m_clock.advance(1s);
        apply(PollMaker::unchanged(key(1), m_clock.now()));
        QVERIFY(m_changed->isEmpty());
        QCOMPARE(takeKeys(*m_checked), keys(1, 2));
        QCOMPARE(m_store->find(key(1))->checkedAt, m_clock.now().wall);
    }
    apply(PollMaker::trouble(key(1), m_clock.now(), PollError::Kind::Timeout));
    QCOMPARE(takeKeys(*m_changed), keys(1, 2));
    apply(PollMaker::trouble(key(1), m_clock.now(), PollError::Kind::Timeout));
    QVERIFY(m_changed->isEmpty()); // the same trouble
    QCOMPARE(takeKeys(*m_checked), keys(1, 2));
    for (int i = 0; i < 5; ++i) {
        m_clock.advance(2min);
        apply(PollMaker::unchanged(key(1), m_clock.now()));
    }
    QCOMPARE(m_store->find(key(1))->outcome, Outcome::Stalled);
    QCOMPARE(m_changed->size(), 3); // out of trouble, into the stall, and longer in it
    QVERIFY(m_wished->isEmpty());   // the poller decides its pace itself
}

void TestTaskStore::aBatchSaysEachTaskOnce()
{
    m_store->watch(keys(1, 4));
    m_store->apply({readable(2, TaskPhase::Running, u"A"_s), readable(1, TaskPhase::Running),
                    PollMaker::unchanged(key(2), m_clock.now()),
                    PollMaker::unchanged(key(3), m_clock.now()),
                    PollMaker::unchanged(key(3), m_clock.now())});
    QCOMPARE(m_changed->size(), 1);
    QCOMPARE(takeKeys(*m_changed), (QList<TaskKey>{key(2), key(1)}));
    QCOMPARE(m_checked->size(), 1);
    QCOMPARE(takeKeys(*m_checked), (QList<TaskKey>{key(3)}));
    m_store->apply({PollMaker::unchanged(key(1), m_clock.now()), readable(1, TaskPhase::Failed)});
    QCOMPARE(takeKeys(*m_changed), keys(1, 2));
    QVERIFY(m_checked->isEmpty());
    m_store->apply({});
    QVERIFY(m_changed->isEmpty());
}

void TestTaskStore::answersForUntrackedTasksAreDropped()
{
    apply(readable(1, TaskPhase::Running));
    QVERIFY(m_changed->isEmpty());
    QVERIFY(m_checked->isEmpty());
    QCOMPARE(m_store->size(), 0);
}

void TestTaskStore::aConfirmedTaskIsSettled()
{
    m_store->watch({key(1)});
    m_wished->clear();
    apply(readable(1, TaskPhase::Completed));
    QVERIFY(m_wished->isEmpty());
    apply(PollMaker::unchanged(key(1), m_clock.now()));
    const QList<PollWish> wishes = takeWishes(*m_wished);
    QCOMPARE(wishes.size(), 1);
    QVERIFY(wishes.at(0).settled);
    apply(PollMaker::unchanged(key(1), m_clock.now()));
    QVERIFY(m_wished->isEmpty());
}

void TestTaskStore::anExpiredTaskIsSettled()
{
    m_store->watch({key(1)});
    apply(readable(1, TaskPhase::Completed));
    m_wished->clear();
    for (int i = 0; i < 3; ++i) {
        apply(PollMaker::trouble(key(1), m_clock.now(), PollError::Kind::NotKnown));
        m_clock.advance(6s);
    }
    QVERIFY(m_store->find(key(1))->expired);
    QVERIFY(takeWishes(*m_wished).at(0).settled);
}

void TestTaskStore::tenThousandTasksCostWhatChanges()
{
    m_store->watch(keys(0, 10'000));
    QCOMPARE(m_wished->size(), 1);
    QList<PollOutcome> outcomes;
    for (const TaskKey &each : keys(0, 10'000))
        outcomes.append(
            PollMaker::readable(each, m_clock.now(), PollMaker::snapshot(TaskPhase::Running)));
    m_store->apply(outcomes);
    QCOMPARE(takeKeys(*m_changed).size(), 10'000);
    m_wished->clear();
    m_checked->clear();
    for (int i = 0; i < 10'000; ++i) // one at a time: each must not cost all
        apply(PollMaker::unchanged(key(i), m_clock.now()));
    QCOMPARE(m_checked->size(), 10'000);
    QVERIFY(m_changed->isEmpty());
    QVERIFY(m_wished->isEmpty());
    for (int i = 0; i < 1000; ++i)
        m_store->setAttention(keys(i, i + 40), {key(i)});
    QCOMPARE(m_wished->size(), 1000);
    QVERIFY(takeWishes(*m_wished).size() <= 42);
}

QTEST_GUILESS_MAIN(TestTaskStore)
#include "test_taskstore.moc"
