#include "desktop/desktopnotifier.h"
#include "manualclock.h"
#include "pollmaker.h"
#include "task/taskstore.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// A desktop that keeps what it is given.
class RecordingSender final : public NotificationSender
{
public:
    explicit RecordingSender(QList<Notification> &sent)
        : m_sent(sent)
    {
    }
    void send(const Notification &notification) override { m_sent << notification; }
    void tryOut() override { Q_EMIT triedOut(u"a test"_s); }

private:
    QList<Notification> &m_sent;
};

TaskSnapshot ofAction(TaskPhase phase, const QString &action = u"Publish policy"_s)
{
    TaskSnapshot made = PollMaker::snapshot(phase);
    made.action = action;
    return made;
}

} // namespace

class TestDesktopNotifier final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void tellsOnceWhatEnded();
    void whatIsSeenIsNotTold();
    void mutedTasksAreNotTold();
    void aServersSwitchCounts();
    void aKindsSwitchCounts();
    void theMarkIsCommittedFirst();
    void aHistoryThatDoesNotCommitIsNotWaitedForLong();
    void aRestartRepeatsNone();
    void aCrashIsListedAfterwards();
    void switchesCountAfterACrashToo();
    void aThousandEndingsAreFewNotifications();
    void pausesEndWithASummary();
    void aPauseOutlivesARestart();
    void aPauseThatEndedMeanwhileHidesNothing();
    void untilTomorrowIsTheMorning();
    void aSelectionIsToldWhenAllHaveFinished();
    void anAwaitedFailureIsToldOnce();
    void aFailureDoesNotWaitForTheOthers();
    void whatIsAwaitedAndLostIsTold();
    void anAwaitedSelectionOutlivesARestart();
    void anAwaitedSelectionIsWholeAfterARestart();
    void whoWaitsForOthersIsNotListed();
    void stallsAreToldOncePerStall();
    void aStallThatWasNotToldIsListed();
    void slowTasksAreToldWhenAsked();
    void startsAndStepsAreToldWhenAsked();
    void aServerAwayIsToldAfterAMinute();
    void aShortOutageIsNotTold();
    void aRemovedServerIsNotTold();
    void signInIsToldOnce();
    void aSignInThatIsDoneAtOnceIsNotTold();
    void aForgottenSignInBringsNoServerBack();
    void aSignInIsToldOnceOverRestarts();
    void aServerAwayIsToldOnceOverRestarts();
    void whatOfAServerIsHeldIsToldAfterARestart();
    void withoutADesktopTheWindowSays();
    void clicksLeadToTheTask();
    void commandsRunWithTheFacts_data();
    void commandsRunWithTheFacts();
    void dueCommandsRunThoughTheProgramEnds();

private:
    [[nodiscard]] TaskKey key(int number) const
    {
        return {m_server, TaskId(u"task-%1"_s.arg(number))};
    }
    void startNotifier();
    void poll(int number, TaskSnapshot snapshot)
    {
        m_store->apply({PollMaker::readable(key(number), m_clock.now(), std::move(snapshot))});
    }
    void watchRunning(int number)
    {
        m_store->watch({key(number)});
        poll(number, ofAction(TaskPhase::Running));
    }
    void pass(std::chrono::milliseconds time) { m_clock.advance(time); }
    /// A quarter of an hour without a change.
    void stall(int number)
    {
        for (int i = 0; i < 60; ++i) {
            pass(15s);
            m_store->apply({PollMaker::unchanged(key(number), m_clock.now())});
        }
    }
    [[nodiscard]] QStringList summaries() const
    {
        QStringList list;
        for (const Notification &notification : m_sent)
            list << notification.summary;
        return list;
    }
    [[nodiscard]] QList<TaskRecord> records() const
    {
        QList<TaskRecord> list;
        const QList<TaskKey> keys = m_store->keys();
        for (const TaskKey &one : keys)
            list << *m_store->find(one);
        return list;
    }
    /// The history is being read.
    void startAgain(std::chrono::milliseconds later = 0ms);
    void restart()
    {
        startAgain();
        m_notifier->takeHistory();
    }

    const ServerId m_server = ServerId::create();
    ManualClock m_clock;
    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<TaskStore> m_store;
    std::unique_ptr<DesktopNotifier> m_notifier;
    QList<Notification> m_sent;
    QList<Notification> m_inWindow; ///< of each notifier
    bool m_hasDesktop = true;
    bool m_isFocused = false;
    bool m_isSeen = false;
    bool m_isKept = true;
    bool m_serverTells = true;
};

void TestDesktopNotifier::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_sent.clear();
    m_inWindow.clear();
    m_hasDesktop = m_isKept = m_serverTells = true;
    m_isFocused = m_isSeen = false;
    m_store = std::make_unique<TaskStore>(m_clock);
    startNotifier();
    m_notifier->takeHistory(); // there is none
}

void TestDesktopNotifier::cleanup()
{
    m_notifier.reset();
    m_store.reset();
    m_dir.reset();
}

void TestDesktopNotifier::startNotifier()
{
    const DesktopNotifier::Surroundings surroundings{
        [this](const TaskKey &) { return m_isSeen; },
        [this] { return m_isFocused; },
        [this](const TaskKey &) { return m_isKept; },
        [](const ServerId &) { return u"Production"_s; },
        [this](const ServerId &) { return m_serverTells; },
    };
    std::unique_ptr<NotificationSender> sender;
    if (m_hasDesktop)
        sender = std::make_unique<RecordingSender>(m_sent);
    m_notifier = std::make_unique<DesktopNotifier>(*m_store, surroundings, std::move(sender),
                                                   m_dir->path(), m_clock);
    connect(m_notifier.get(), &DesktopNotifier::windowNews, this,
            [this](const Notification &notification) { m_inWindow << notification; });
    connect(m_store.get(), &TaskStore::added, m_notifier.get(), &DesktopNotifier::takeAdded);
    connect(m_store.get(), &TaskStore::changed, m_notifier.get(), &DesktopNotifier::takeChanges);
    connect(m_store.get(), &TaskStore::checked, m_notifier.get(), &DesktopNotifier::takeChecked);
    connect(m_store.get(), &TaskStore::removed, m_notifier.get(), &DesktopNotifier::takeRemoved);
}

/// As after the program's end: what the history has is loaded, a moment later.
void TestDesktopNotifier::startAgain(std::chrono::milliseconds later)
{
    const QList<TaskRecord> kept = records();
    m_notifier.reset();
    m_store = std::make_unique<TaskStore>(m_clock);
    pass(later);
    startNotifier();
    pass(1ms);
    m_store->load(kept);
}

void TestDesktopNotifier::tellsOnceWhatEnded()
{
    watchRunning(1);
    m_store->setLabel(key(1), u"iREC 4"_s);
    pass(10s);
    QCOMPARE(m_sent.size(), 0);
    poll(1, ofAction(TaskPhase::Completed));
    poll(1, ofAction(TaskPhase::Completed)); // confirmed
    pass(DesktopNotifier::gathering);
    QCOMPARE(summaries(), QStringList{u"Publish policy completed"_s});
    QCOMPARE(m_sent.first().body, u"iREC 4 · Production"_s);
    QCOMPARE(m_store->find(key(1))->notified, std::optional(Outcome::Completed));
    m_store->unwatch({key(2)});
    m_store->restore(m_store->unwatch({key(1)}));
    pass(1min);
    QCOMPARE(m_sent.size(), 1);
    m_store->watch({key(3)}); // final when it was added
    poll(3, ofAction(TaskPhase::Failed));
    pass(1min);
    QCOMPARE(m_sent.size(), 1);
}

void TestDesktopNotifier::whatIsSeenIsNotTold()
{
    watchRunning(1);
    m_isSeen = true;
    poll(1, ofAction(TaskPhase::Failed));
    m_isSeen = false;
    pass(1min);
    QCOMPARE(m_sent.size(), 0);
    QCOMPARE(m_store->find(key(1))->notified, std::optional(Outcome::Failed));
}

void TestDesktopNotifier::mutedTasksAreNotTold()
{
    watchRunning(1);
    m_store->setMuted({key(1)}, true);
    poll(1, ofAction(TaskPhase::Failed));
    pass(1min);
    m_store->setMuted({key(1)}, false);
    pass(1min);
    QCOMPARE(m_sent.size(), 0);
}

void TestDesktopNotifier::aServersSwitchCounts()
{
    watchRunning(1);
    m_serverTells = false;
    poll(1, ofAction(TaskPhase::Failed));
    pass(1min);
    QCOMPARE(m_sent.size(), 0);
}

void TestDesktopNotifier::aKindsSwitchCounts()
{
    NoticeSettings settings;
    settings.of(NoticeKind::Completed).tell = false;
    m_notifier->setSettings(settings);
    watchRunning(1);
    watchRunning(2);
    poll(1, ofAction(TaskPhase::Completed));
    poll(2, ofAction(TaskPhase::Failed));
    pass(1min);
    QCOMPARE(summaries(), QStringList{u"Publish policy failed"_s});
    m_notifier->setSettings({}); // tells nothing old
    pass(1min);
    QCOMPARE(m_sent.size(), 1);
}

void TestDesktopNotifier::theMarkIsCommittedFirst()
{
    watchRunning(1);
    m_isKept = false;
    poll(1, ofAction(TaskPhase::Completed));
    pass(DesktopNotifier::gathering + 1s);
    QCOMPARE(m_store->find(key(1))->notified, std::optional(Outcome::Completed));
    m_notifier->takeCommit(); // of something else
    QCOMPARE(m_sent.size(), 0);
    m_isKept = true;
    m_notifier->takeCommit();
    QCOMPARE(m_sent.size(), 1);
}

void TestDesktopNotifier::aHistoryThatDoesNotCommitIsNotWaitedForLong()
{
    watchRunning(1);
    m_isKept = false;
    poll(1, ofAction(TaskPhase::Completed));
    pass(DesktopNotifier::gathering + DesktopNotifier::commitLimit);
    QCOMPARE(m_sent.size(), 1);
    m_notifier->takeCommit();
    pass(1min);
    QCOMPARE(m_sent.size(), 1);
}

void TestDesktopNotifier::aRestartRepeatsNone()
{
    watchRunning(1);
    watchRunning(2);
    poll(1, ofAction(TaskPhase::Completed));
    pass(1min);
    QCOMPARE(m_sent.size(), 1);
    restart();
    poll(1, ofAction(TaskPhase::Completed));
    pass(1min);
    QCOMPARE(m_sent.size(), 1);
    QCOMPARE(m_inWindow.size(), 0);
    poll(2, ofAction(TaskPhase::Failed)); // ended while we were away, or now: told
    pass(1min);
    QCOMPARE(m_sent.size(), 2);
}

void TestDesktopNotifier::aCrashIsListedAfterwards()
{
    watchRunning(1);
    watchRunning(2);
    poll(1, ofAction(TaskPhase::Completed));
    pass(1min); // told
    pass(1min);
    poll(2, ofAction(TaskPhase::Failed, u"Import policy file"_s));
    pass(1s); // marked and committed, not told: the crash
    restart();
    QCOMPARE(m_inWindow.size(), 1);
    const Notification said = m_inWindow.constFirst();
    QCOMPARE(said.summary, u"1 task finished meanwhile"_s);
    QCOMPARE(said.body, u"1 failed: Import policy file"_s);
    QCOMPARE(said.tasks, QList<TaskKey>{key(2)});
    pass(1min);
    QCOMPARE(m_sent.size(), 1);
    restart();
    QCOMPARE(m_inWindow.size(), 1); // once
}

void TestDesktopNotifier::switchesCountAfterACrashToo()
{
    const auto crash = [this](int number, TaskPhase phase) {
        watchRunning(number);
        pass(1min);
        poll(number, ofAction(phase));
        pass(1s);
        startAgain();
    };
    crash(1, TaskPhase::Completed);
    NoticeSettings settings;
    settings.of(NoticeKind::Completed).tell = false;
    m_notifier->setSettings(settings);
    m_notifier->takeHistory();
    QCOMPARE(m_inWindow.size(), 0);

    crash(2, TaskPhase::Failed);
    m_serverTells = false;
    m_notifier->takeHistory();
    QCOMPARE(m_inWindow.size(), 0);

    m_serverTells = true;
    crash(3, TaskPhase::Failed);
    m_notifier->takeHistory();
    QCOMPARE(m_inWindow.size(), 1);
    QCOMPARE(m_inWindow.constFirst().tasks, QList<TaskKey>{key(3)});
}

void TestDesktopNotifier::aThousandEndingsAreFewNotifications()
{
    for (int i = 0; i < 1'000; ++i)
        watchRunning(i);
    for (int i = 0; i < 1'000; ++i) {
        poll(i, ofAction(i % 100 == 0 ? TaskPhase::Failed : TaskPhase::Completed));
        pass(10ms);
    }
    pass(1min);
    QVERIFY2(m_sent.size() <= 4, qPrintable(summaries().join(u'\n')));
    QSet<TaskKey> told;
    for (const Notification &notification : std::as_const(m_sent))
        told.unite(QSet<TaskKey>(notification.tasks.cbegin(), notification.tasks.cend()));
    QCOMPARE(told.size(), 1'000);
}

void TestDesktopNotifier::pausesEndWithASummary()
{
    QSignalSpy paused(m_notifier.get(), &DesktopNotifier::pauseChanged);
    m_notifier->pauseForAnHour();
    QCOMPARE(paused.count(), 1);
    QVERIFY(m_notifier->isPaused());
    for (int i = 0; i < 3; ++i) {
        watchRunning(i);
        poll(i, ofAction(TaskPhase::Completed));
        pass(10min);
    }
    QCOMPARE(m_sent.size(), 0);
    pass(30min);
    QVERIFY(!m_notifier->isPaused());
    QCOMPARE(paused.count(), 2);
    QCOMPARE(summaries(), QStringList{u"3 tasks finished"_s});
    QCOMPARE(m_sent.first().body, u"While notifications were paused: 3 completed"_s);
    watchRunning(9);
    m_notifier->pauseForAnHour();
    poll(9, ofAction(TaskPhase::Failed));
    pass(1min);
    m_notifier->resume();
    QCOMPARE(m_sent.size(), 2);
    QCOMPARE(m_sent.last().summary, u"Publish policy failed"_s);
}

void TestDesktopNotifier::aPauseOutlivesARestart()
{
    watchRunning(1);
    m_notifier->pauseForAnHour();
    poll(1, ofAction(TaskPhase::Failed));
    pass(1min);
    restart();
    QVERIFY(m_notifier->isPaused());
    QCOMPARE(m_inWindow.size(), 1);
    QCOMPARE(m_inWindow.constFirst().tasks, QList<TaskKey>{key(1)});
    pass(1h);
    QVERIFY(!m_notifier->isPaused());
    QCOMPARE(m_sent.size(), 0); // the window listed it at the start
    QCOMPARE(m_inWindow.size(), 1);
}

void TestDesktopNotifier::aPauseThatEndedMeanwhileHidesNothing()
{
    watchRunning(1);
    watchRunning(2);
    m_notifier->pauseForAnHour();
    poll(1, ofAction(TaskPhase::Failed, u"Import policy file"_s));
    pass(1min);
    startAgain(2h);
    QVERIFY(!m_notifier->pausedUntil().isValid());
    poll(2, ofAction(TaskPhase::Completed)); // told at once, while a long history is being read
    pass(1min);
    QCOMPARE(summaries(), QStringList{u"Publish policy completed"_s});
    m_notifier->takeHistory();
    QCOMPARE(m_inWindow.size(), 1);
    QCOMPARE(m_inWindow.constFirst().body, u"1 failed: Import policy file"_s);
    pass(1min);
    restart();
    QCOMPARE(m_inWindow.size(), 1); // once
    QCOMPARE(m_sent.size(), 1);
}

void TestDesktopNotifier::untilTomorrowIsTheMorning()
{
    m_notifier->pauseUntilTomorrow();
    const QDateTime until = m_notifier->pausedUntil().toLocalTime();
    QCOMPARE(until.time(), QTime(8, 0));
    QCOMPARE(until.date(), m_clock.now().wall.toLocalTime().date().addDays(1));
    m_clock.sleep(48h); // the machine slept through it
    pass(1min);
    QVERIFY(!m_notifier->isPaused());
}

void TestDesktopNotifier::aSelectionIsToldWhenAllHaveFinished()
{
    m_notifier->takeHistory();
    for (int i = 1; i <= 3; ++i)
        watchRunning(i);
    QVERIFY(m_notifier->await({key(1), key(2), key(3)}));
    m_isSeen = true; // asked for: it is told all the same
    poll(1, ofAction(TaskPhase::Completed));
    poll(2, ofAction(TaskPhase::Completed));
    pass(1min);
    QCOMPARE(m_sent.size(), 0);
    poll(3, ofAction(TaskPhase::Failed, u"Import policy file"_s));
    pass(1min);
    QCOMPARE(summaries(), QStringList{u"All of your 3 tasks have finished"_s});
    QCOMPARE(m_sent.first().body, u"2 completed, 1 failed: Import policy file"_s);
    QVERIFY(!m_notifier->await({key(1), key(2)})); // they have finished already
}

void TestDesktopNotifier::anAwaitedFailureIsToldOnce()
{
    watchRunning(1);
    QVERIFY(m_notifier->await({key(1)}));
    poll(1, ofAction(TaskPhase::Failed));
    pass(1min);
    QCOMPARE(summaries(), QStringList{u"Publish policy failed"_s});
    QCOMPARE(m_sent.constFirst().tasks, QList<TaskKey>{key(1)});
    m_sent.clear();
    for (int i = 2; i <= 4; ++i)
        watchRunning(i);
    QVERIFY(m_notifier->await({key(2), key(3), key(4)}));
    poll(2, ofAction(TaskPhase::Completed));
    pass(1min);
    poll(3, ofAction(TaskPhase::Failed));
    pass(1s);
    poll(4, ofAction(TaskPhase::Failed));
    pass(1min);
    QCOMPARE(summaries(), QStringList{u"All of your 3 tasks have finished"_s});
}

void TestDesktopNotifier::aFailureDoesNotWaitForTheOthers()
{
    for (int i = 1; i <= 4; ++i)
        watchRunning(i);
    QVERIFY(m_notifier->await({key(1), key(2)}));
    QVERIFY(m_notifier->await({key(3), key(4)}));
    poll(1, ofAction(TaskPhase::Failed));
    pass(1min);
    QCOMPARE(summaries(), QStringList{u"Publish policy failed"_s});
    poll(2, ofAction(TaskPhase::Completed));
    pass(1min);
    QCOMPARE(m_sent.size(), 2);
    QCOMPARE(m_sent.constLast().summary, u"All of your 2 tasks have finished"_s);
    m_sent.clear();
    m_notifier->pauseForAnHour(); // both are told at its end, as one
    poll(3, ofAction(TaskPhase::Failed));
    pass(1min);
    poll(4, ofAction(TaskPhase::Completed));
    pass(1min);
    m_notifier->resume();
    QCOMPARE(summaries(), QStringList{u"All of your 2 tasks have finished"_s});
}

void TestDesktopNotifier::whatIsAwaitedAndLostIsTold()
{
    const auto lose = [this](int number) {
        for (int i = 0; i < 3; ++i) {
            pass(6s);
            m_store->apply(
                {PollMaker::trouble(key(number), m_clock.now(), PollError::Kind::NotKnown)});
        }
    };
    for (int i = 1; i <= 3; ++i)
        watchRunning(i);
    m_store->watch({key(4)});
    m_store->setLabel(key(4), u"iREC 4"_s);
    QVERIFY(m_notifier->await({key(4)}));
    lose(4);
    QCOMPARE(m_store->find(key(4))->outcome, Outcome::NotFound);
    pass(1min);
    QCOMPARE(summaries(), QStringList{u"Task: outcome not known"_s});
    QCOMPARE(m_sent.constFirst().body, u"iREC 4 · Production"_s);
    QCOMPARE(m_sent.constFirst().tasks, QList<TaskKey>{key(4)});
    m_sent.clear();
    QVERIFY(m_notifier->await({key(1), key(2)}));
    QVERIFY(m_notifier->await({key(2), key(3)}));
    lose(1);
    lose(2);
    QCOMPARE(m_store->find(key(2))->outcome, Outcome::OutcomeUnknown);
    pass(1min);
    QCOMPARE(summaries(), QStringList{u"All of your 2 tasks are over"_s});
    QCOMPARE(m_sent.constFirst().body,
             u"2 whose outcome is not known: Publish policy, Publish policy"_s);
    m_sent.clear();
    poll(3, ofAction(TaskPhase::Completed));
    pass(1min);
    QCOMPARE(summaries(), QStringList{u"All of your 2 tasks are over"_s});
    QCOMPARE(m_sent.constFirst().body,
             u"1 completed; 1 whose outcome is not known: Publish policy"_s);
    QCOMPARE(m_sent.constFirst().tasks, (QList<TaskKey>{key(2), key(3)}));
}

void TestDesktopNotifier::anAwaitedSelectionOutlivesARestart()
{
    m_notifier->takeHistory();
    watchRunning(1);
    watchRunning(2);
    QVERIFY(m_notifier->await({key(1), key(2)}));
    restart();
    poll(1, ofAction(TaskPhase::Completed));
    pass(1min);
    QCOMPARE(m_sent.size(), 0);
    m_store->unwatch({key(2)});
    pass(1min);
    QCOMPARE(summaries(), QStringList{u"Publish policy completed"_s});
}

/// While notifications pause, and after a crash.
void TestDesktopNotifier::anAwaitedSelectionIsWholeAfterARestart()
{
    for (int i = 1; i <= 3; ++i)
        watchRunning(i);
    QVERIFY(m_notifier->await({key(1), key(2), key(3)}));
    m_notifier->pauseForAnHour();
    poll(1, ofAction(TaskPhase::Completed));
    pass(10min);
    poll(2, ofAction(TaskPhase::Completed));
    pass(10min);
    poll(3, ofAction(TaskPhase::Completed));
    pass(1min);
    restart();
    pass(1min);
    restart();
    pass(1h);
    QCOMPARE(summaries(), QStringList{u"All of your 3 tasks have finished"_s});
    QCOMPARE(m_sent.constFirst().body, u"3 completed"_s);
    QCOMPARE(m_inWindow.size(), 0); // none alone as well
    m_sent.clear();
    restart();
    pass(1min);
    QCOMPARE(m_sent.size(), 0); // once

    watchRunning(4);
    watchRunning(5);
    QVERIFY(m_notifier->await({key(4), key(5)}));
    poll(4, ofAction(TaskPhase::Completed));
    pass(10min);
    poll(5, ofAction(TaskPhase::Failed, u"Import policy file"_s));
    pass(1s); // the crash
    restart();
    pass(1min);
    QCOMPARE(summaries(), QStringList{u"All of your 2 tasks have finished"_s});
    QCOMPARE(m_sent.constFirst().body, u"1 completed, 1 failed: Import policy file"_s);
    QCOMPARE(m_inWindow.size(), 0);
}

void TestDesktopNotifier::whoWaitsForOthersIsNotListed()
{
    for (int i = 1; i <= 3; ++i)
        watchRunning(i);
    QVERIFY(m_notifier->await({key(1), key(2)}));
    poll(3, ofAction(TaskPhase::Completed, u"Create token"_s));
    poll(1, ofAction(TaskPhase::Completed));
    pass(1s); // the crash
    restart();
    QCOMPARE(m_inWindow.size(), 1);
    QCOMPARE(m_inWindow.constFirst().tasks, QList<TaskKey>{key(3)});
    poll(2, ofAction(TaskPhase::Completed));
    pass(1min);
    QCOMPARE(summaries(), QStringList{u"All of your 2 tasks have finished"_s});
}

void TestDesktopNotifier::stallsAreToldOncePerStall()
{
    watchRunning(1);
    stall(1);
    QCOMPARE(m_store->find(key(1))->outcome, Outcome::Stalled);
    QCOMPARE(summaries(), QStringList{u"Publish policy has stalled"_s});
    restart();
    poll(1, ofAction(TaskPhase::Running)); // the first answer of a run is a whole one
    pass(1min);
    QCOMPARE(m_store->find(key(1))->outcome, Outcome::Stalled);
    QCOMPARE(m_store->find(key(1))->notified, std::optional(Outcome::Stalled));
    stall(1);
    QCOMPARE(m_sent.size(), 1);
    TaskSnapshot next = ofAction(TaskPhase::Running);
    next.currentStep = u"another"_s;
    poll(1, next);
    pass(1s);
    QCOMPARE(m_store->find(key(1))->notified, std::optional<Outcome>());
    stall(1);
    QCOMPARE(m_sent.size(), 2);
}

void TestDesktopNotifier::aStallThatWasNotToldIsListed()
{
    watchRunning(1);
    stall(1);
    QCOMPARE(summaries(), QStringList{u"Publish policy has stalled"_s});
    m_notifier->pauseForAnHour();
    watchRunning(2);
    poll(2, ofAction(TaskPhase::Failed, u"Import policy file"_s));
    pass(1min);
    watchRunning(3);
    watchRunning(4);
    stall(3);
    stall(4);
    poll(4, ofAction(TaskPhase::Running, u"Create token"_s)); // it goes on
    pass(1min);
    QCOMPARE(m_store->find(key(4))->outcome, Outcome::Running);
    restart();
    QCOMPARE(m_inWindow.size(), 1);
    const Notification said = m_inWindow.constFirst();
    QCOMPARE(said.summary, u"2 tasks finished or stalled meanwhile"_s);
    QCOMPARE(said.body, u"1 failed: Import policy file\n1 stalled: Publish policy"_s);
    QCOMPARE(said.tasks, (QList<TaskKey>{key(2), key(3)}));
    restart();
    QCOMPARE(m_inWindow.size(), 1); // once
    QCOMPARE(m_sent.size(), 1);
}

void TestDesktopNotifier::slowTasksAreToldWhenAsked()
{
    const auto timed = [this](TaskPhase phase, std::chrono::seconds length) {
        TaskSnapshot made = ofAction(phase);
        made.startedAt = m_clock.now().wall.addSecs(-length.count());
        if (phase == TaskPhase::Completed)
            made.finishedAt = m_clock.now().wall;
        return made;
    };
    for (int i = 0; i < 6; ++i) {
        watchRunning(i);
        poll(i, timed(TaskPhase::Completed, 60s));
    }
    pass(1min);
    m_sent.clear();
    m_store->watch({key(10)});
    poll(10, timed(TaskPhase::Running, 1s));
    pass(4min);
    m_store->apply({PollMaker::unchanged(key(10), m_clock.now())});
    pass(1min);
    QCOMPARE(m_sent.size(), 0); // off by default
    NoticeSettings settings;
    settings.of(NoticeKind::Slow).tell = true;
    m_notifier->setSettings(settings);
    m_store->watch({key(11)});
    poll(11, timed(TaskPhase::Running, 1s));
    pass(1min);
    QCOMPARE(m_sent.size(), 0);
    pass(3min);
    m_store->apply({PollMaker::unchanged(key(11), m_clock.now())});
    pass(1min);
    QCOMPARE(summaries(), QStringList{u"Publish policy is slower than usual"_s});

    m_sent.clear(); // once per run: a stall in between makes it no news
    stall(11);
    QCOMPARE(summaries(), QStringList{u"Publish policy has stalled"_s});
    TaskSnapshot next = ofAction(TaskPhase::Running);
    next.startedAt = m_store->find(key(11))->snapshot->startedAt;
    next.currentStep = u"another"_s;
    poll(11, next);
    QCOMPARE(m_store->find(key(11))->outcome, Outcome::Running);
    pass(1min);
    QCOMPARE(m_sent.size(), 1);
    stall(11);
    m_sent.clear();
    startAgain();
    m_notifier->setSettings(settings);
    m_notifier->takeHistory();
    next.currentStep = u"a third"_s;
    poll(11, next);
    QCOMPARE(m_store->find(key(11))->outcome, Outcome::Running);
    pass(1min);
    QCOMPARE(m_sent.size(), 0);
}

void TestDesktopNotifier::startsAndStepsAreToldWhenAsked()
{
    const auto run = [this](int number) {
        m_store->watch({key(number)});
        poll(number, ofAction(TaskPhase::Waiting));
        for (const QString &step : {u"Create topics"_s, u"Publish schemas"_s}) {
            TaskSnapshot next = ofAction(TaskPhase::Running);
            next.currentStep = step;
            poll(number, next);
            poll(number, next); // nothing new
            pass(1min);
        }
    };
    run(1);
    QCOMPARE(m_sent.size(), 0); // off by default
    NoticeSettings settings;
    settings.of(NoticeKind::Started).tell = true;
    m_notifier->setSettings(settings);
    run(2);
    QCOMPARE(summaries(), QStringList{u"Publish policy started"_s});
    m_sent.clear();
    settings.of(NoticeKind::Started).tell = false;
    settings.of(NoticeKind::StepChange).tell = true;
    m_notifier->setSettings(settings);
    run(3);
    QCOMPARE(summaries(), QStringList{u"Publish policy: Publish schemas"_s});
}

void TestDesktopNotifier::aServerAwayIsToldAfterAMinute()
{
    watchRunning(1);
    watchRunning(2);
    ConnectionStatus away;
    away.state = Connection::Unreachable;
    m_notifier->takeConnection(m_server, away);
    pass(59s);
    m_notifier->takeConnection(m_server, away); // asked again
    QCOMPARE(m_sent.size(), 0);
    pass(10s);
    QCOMPARE(summaries(), QStringList{u"Production cannot be reached"_s});
    pass(10min);
    ConnectionStatus back;
    m_notifier->takeConnection(m_server, back);
    poll(1, ofAction(TaskPhase::Completed));
    poll(2, ofAction(TaskPhase::Failed, u"Import policy file"_s));
    pass(1min);
    QCOMPARE(m_sent.size(), 2);
    QCOMPARE(m_sent.last().summary, u"Production can be reached again"_s);
    QCOMPARE(m_sent.last().body,
             u"2 tasks finished meanwhile: 1 completed, 1 failed: Import policy file"_s);
    QCOMPARE(m_sent.last().slot, m_sent.first().slot);
}

void TestDesktopNotifier::aShortOutageIsNotTold()
{
    ConnectionStatus status;
    status.state = Connection::Unreachable;
    m_notifier->takeConnection(m_server, status);
    pass(50s);
    m_notifier->takeConnection(m_server, {});
    pass(10min);
    QCOMPARE(m_sent.size(), 0);
}

void TestDesktopNotifier::aRemovedServerIsNotTold()
{
    ConnectionStatus away;
    away.state = Connection::Unreachable;
    m_notifier->takeConnection(m_server, away);
    pass(30s);
    m_notifier->forgetServer(m_server); // within the minute
    pass(10min);
    QCOMPARE(m_sent.size(), 0);
    m_notifier->takeConnection(m_server, away);
    pass(61s);
    m_notifier->forgetServer(m_server); // while it is gathered
    pass(10min);
    QCOMPARE(m_sent.size(), 0);
    m_notifier->pauseForAnHour();
    m_notifier->takeConnection(m_server, away);
    pass(10min);
    m_notifier->forgetServer(m_server); // while it is held
    m_notifier->resume();
    QCOMPARE(m_sent.size(), 0);
}

void TestDesktopNotifier::signInIsToldOnce()
{
    ConnectionStatus status;
    status.state = Connection::SignInNeeded;
    m_notifier->takeConnection(m_server, status);
    m_notifier->takeConnection(m_server, status);
    pass(1min);
    QCOMPARE(summaries(), QStringList{u"Production: sign-in needed"_s});
    m_notifier->takeConnection(m_server, {});
    m_isFocused = true; // its banner is in sight
    m_notifier->takeConnection(m_server, status);
    pass(1min);
    QCOMPARE(m_sent.size(), 1);
}

/// As at the start, when the keychain answers a moment later.
void TestDesktopNotifier::aSignInThatIsDoneAtOnceIsNotTold()
{
    ConnectionStatus status;
    status.state = Connection::SignInNeeded;
    m_notifier->takeConnection(m_server, status);
    pass(1s);
    m_notifier->takeConnection(m_server, {});
    pass(10min);
    QCOMPARE(m_sent.size(), 0);
    m_notifier->pauseForAnHour();
    m_notifier->takeConnection(m_server, status);
    pass(1min);
    m_notifier->takeConnection(m_server, {});
    m_notifier->resume();
    QCOMPARE(m_sent.size(), 0); // it is over
}

void TestDesktopNotifier::aForgottenSignInBringsNoServerBack()
{
    ConnectionStatus status;
    status.state = Connection::Unreachable;
    m_notifier->takeConnection(m_server, status);
    pass(2min);
    QCOMPARE(summaries(), QStringList{u"Production cannot be reached"_s});
    status.state = Connection::SignInNeeded; // by the person, without a word of the server
    m_notifier->takeConnection(m_server, status);
    pass(1min);
    QCOMPARE(m_sent.size(), 2);
    QCOMPARE(m_sent.constLast().summary, u"Production: sign-in needed"_s);
    status.cause = PollMaker::error(PollError::Kind::SignInNeeded); // it has refused a token
    m_notifier->takeConnection(m_server, status);
    pass(1min);
    QCOMPARE(m_sent.size(), 3);
    QCOMPARE(m_sent.constLast().summary, u"Production can be reached again"_s);
}

void TestDesktopNotifier::aSignInIsToldOnceOverRestarts()
{
    ConnectionStatus refused;
    refused.state = Connection::SignInNeeded;
    refused.cause = PollMaker::error(PollError::Kind::SignInNeeded);
    watchRunning(1);
    m_notifier->takeConnection(m_server, refused);
    pass(1min);
    QCOMPARE(summaries(), QStringList{u"Production: sign-in needed"_s});
    restart();
    m_notifier->takeConnection(m_server, {}); // it is asked
    m_notifier->takeConnection(m_server, refused);
    pass(1min);
    QCOMPARE(m_sent.size(), 1);
    restart();
    m_notifier->takeConnection(m_server, {});
    poll(1, ofAction(TaskPhase::Running)); // it answers: that is over
    m_notifier->takeConnection(m_server, refused);
    pass(1min);
    QCOMPARE(m_sent.size(), 2);
    QCOMPARE(m_sent.constLast().summary, u"Production: sign-in needed"_s);
    m_notifier->forgetServer(m_server);
    restart();
    m_notifier->takeConnection(m_server, refused);
    pass(1min);
    QCOMPARE(m_sent.size(), 3);
}

void TestDesktopNotifier::aServerAwayIsToldOnceOverRestarts()
{
    ConnectionStatus away;
    away.state = Connection::Unreachable;
    watchRunning(1);
    m_notifier->takeConnection(m_server, away);
    pass(2min);
    QCOMPARE(summaries(), QStringList{u"Production cannot be reached"_s});
    restart();
    m_notifier->takeConnection(m_server, {}); // it is asked
    pass(10s);
    m_notifier->takeConnection(m_server, away);
    pass(10min);
    QCOMPARE(m_sent.size(), 1);
    restart(); // it returned in between
    m_notifier->takeConnection(m_server, {});
    pass(1min);
    QCOMPARE(m_sent.size(), 1); // nobody knows
    m_store->apply({PollMaker::unchanged(key(1), m_clock.now())});
    pass(1min);
    QCOMPARE(m_sent.size(), 2);
    QCOMPARE(m_sent.constLast().summary, u"Production can be reached again"_s);
    restart();
    m_notifier->takeConnection(m_server, {});
    poll(1, ofAction(TaskPhase::Running));
    pass(1min);
    QCOMPARE(m_sent.size(), 2);
}

void TestDesktopNotifier::whatOfAServerIsHeldIsToldAfterARestart()
{
    ConnectionStatus away;
    away.state = Connection::Unreachable;
    m_notifier->pauseForAnHour();
    m_notifier->takeConnection(m_server, away);
    pass(10min);
    restart(); // it was not told yet
    m_notifier->takeConnection(m_server, away);
    pass(2h);
    QCOMPARE(summaries(), QStringList{u"Production cannot be reached"_s});
    m_notifier->pauseForAnHour();
    m_notifier->takeConnection(m_server, {});
    pass(10min);
    restart(); // nor that it is back
    m_notifier->takeConnection(m_server, ConnectionStatus{Connection::Live, {}, {}, {}});
    pass(2h);
    QCOMPARE(m_sent.size(), 2);
    QCOMPARE(m_sent.constLast().summary, u"Production can be reached again"_s);
}

void TestDesktopNotifier::withoutADesktopTheWindowSays()
{
    m_notifier.reset();
    m_hasDesktop = false;
    startNotifier();
    QSignalSpy news(m_notifier.get(), &DesktopNotifier::windowNews);
    QSignalSpy tried(m_notifier.get(), &DesktopNotifier::triedOut);
    watchRunning(1);
    poll(1, ofAction(TaskPhase::Completed));
    pass(1min);
    QCOMPARE(news.count(), 1);
    QCOMPARE(news.first().first().value<Notification>().summary, u"Publish policy completed"_s);
    m_notifier->tryOut();
    QCOMPARE(tried.count(), 1);
}

void TestDesktopNotifier::clicksLeadToTheTask()
{
    m_notifier.reset();
    auto owned = std::make_unique<RecordingSender>(m_sent);
    RecordingSender *sender = owned.get();
    DesktopNotifier notifier(*m_store,
                             {[](const TaskKey &) { return false; }, [] { return false; },
                              [](const TaskKey &) { return true; },
                              [](const ServerId &) { return QString(); },
                              [](const ServerId &) { return true; }},
                             std::move(owned), m_dir->path(), m_clock);
    QSignalSpy open(&notifier, &DesktopNotifier::openWanted);
    QSignalSpy guardian(&notifier, &DesktopNotifier::guardianWanted);
    QSignalSpy copy(&notifier, &DesktopNotifier::errorCopyWanted);
    Notification shown;
    shown.tasks = {key(2), key(1)};
    using Action = NotificationSender::Action;
    Q_EMIT sender->chosen(shown, Action::Open, u"a-token"_s);
    Q_EMIT sender->chosen(shown, Action::OpenInGuardian, {});
    Q_EMIT sender->chosen(shown, Action::CopyError, {});
    QCOMPARE(open.count(), 1);
    QCOMPARE(open.first().at(0).value<TaskKey>(), key(2));
    QCOMPARE(open.first().at(1).toString(), u"a-token"_s);
    QCOMPARE(guardian.count(), 1);
    QCOMPARE(copy.count(), 1);
}

void TestDesktopNotifier::commandsRunWithTheFacts_data()
{
    QTest::addColumn<std::optional<int>>("took");
    QTest::addColumn<QString>("duration");
    QTest::newRow("not known") << std::optional<int>() << QString();
    QTest::newRow("known") << std::optional(252) << u"252"_s;
}

void TestDesktopNotifier::commandsRunWithTheFacts()
{
    QFETCH(const std::optional<int>, took);
    QFETCH(const QString, duration);
    const QString out = m_dir->filePath(u"facts"_s);
    NoticeSettings settings;
    settings.of(NoticeKind::Failed).tell = false;
    settings.of(NoticeKind::Failed).command =
        u"/bin/sh -c \"env | grep ^TASKWATCH_ | sort > '%1.part' && mv '%1.part' '%1'\""_s.arg(out);
    m_notifier->setSettings(settings);
    qputenv("TASKWATCH_TOKEN", "marker-secret");
    watchRunning(1);
    m_store->setLabel(key(1), u"$(touch x) ; iREC"_s);
    TaskSnapshot failed = ofAction(TaskPhase::Failed);
    if (took) {
        failed.finishedAt = m_clock.now().wall;
        failed.startedAt = failed.finishedAt->addSecs(-*took);
    }
    poll(1, failed);
    pass(DesktopNotifier::gathering);
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(out), 10'000);
    qunsetenv("TASKWATCH_TOKEN");
    QFile facts(out);
    QVERIFY(facts.open(QIODevice::ReadOnly));
    QCOMPARE(QString::fromUtf8(facts.readAll()),
             u"TASKWATCH_ACTION=Publish policy\nTASKWATCH_DURATION_S="_s + duration
                 + u"\nTASKWATCH_LABEL=$(touch x) ; iREC\nTASKWATCH_OUTCOME=failed\n"
                   "TASKWATCH_SERVER=Production\nTASKWATCH_TASK_ID=task-1\n"_s);
    QCOMPARE(m_sent.size(), 0);
}

void TestDesktopNotifier::dueCommandsRunThoughTheProgramEnds()
{
    const QString out = m_dir->filePath(u"label"_s);
    NoticeSettings settings;
    settings.of(NoticeKind::Failed).command =
        u"/bin/sh -c \"echo $TASKWATCH_LABEL > '%1.part' && mv '%1.part' '%1'\""_s.arg(out);
    m_notifier->setSettings(settings);
    watchRunning(1);
    m_store->setLabel(key(1), u"iREC"_s);
    poll(1, ofAction(TaskPhase::Failed));
    pass(1ms);
    QVERIFY(!QFile::exists(out)); // still gathering
    m_notifier.reset();
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(out), 10'000);
    QFile label(out);
    QVERIFY(label.open(QIODevice::ReadOnly));
    QCOMPARE(label.readAll(), "iREC\n");
    startNotifier();
    m_notifier->takeHistory();
    QCOMPARE(m_inWindow.size(), 1); // told all the same
}

QTEST_MAIN(TestDesktopNotifier)
#include "test_desktopnotifier.moc"
