#include "desktop/desktopnotifier.h"
#include "desktop/noticedesk.h"
#include "guardian/parsetaskreply.h"
#include "history/historystore.h"
#include "mainwindow.h"
#include "pollmaker.h"
#include "privatebus.h"
#include "scaledclock.h"
#include "scripteddaemon.h"
#include "task/polllog.h"
#include "task/secretrule.h"
#include "task/taskstore.h"
#include "tasks/tasktablemodel.h"
#include "window/banner.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QPushButton>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr double pace = 10; ///< of the clock

TaskSnapshot ofAction(TaskPhase phase, const QString &action = u"Publish policy"_s)
{
    TaskSnapshot made = PollMaker::snapshot(phase);
    made.action = action;
    if (phase == TaskPhase::Failed)
        made.error = TaskError{u"500"_s, u"INSUFFICIENT_PAYER_BALANCE"_s,
                               R"({"payer":"0.0.5","password":"hunter2"})"};
    return made;
}

} // namespace

/// Store, history, window and a notification daemon on a real bus: from a task's end to the click.
class TestNoticeDesk final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_bus.reset(); }
    void init();
    void cleanup();

    void aClickSelectsTheTask();
    void theErrorIsCopied();
    void withoutADaemonTheWindowSays();
    void aThousandEndingsAreFewNotifications();
    void aRestartRepeatsNone();

private:
    [[nodiscard]] TaskKey key(int number) const
    {
        return {m_profile.id, TaskId(u"task-%1"_s.arg(number))};
    }
    void start();
    void stop();
    void watchRunning(int count);
    [[nodiscard]] PollOutcome outcome(int number, TaskSnapshot snapshot) const
    {
        // As the history reads it again after a restart.
        const QString body = u"{\"taskId\":\"%1\",\"action\":\"Publish policy\",\"done\":false}"_s;
        return PollMaker::readable(key(number), m_clock.now(), std::move(snapshot),
                                   body.arg(key(number).task.text()).toUtf8());
    }
    void waitFor(std::chrono::milliseconds time) const
    {
        const auto until = m_clock.now().awake + time;
        QTRY_VERIFY_WITH_TIMEOUT(m_clock.now().awake >= until, 20'000);
    }

    ScaledClock m_clock{pace};
    ServerProfile m_profile;
    std::unique_ptr<PrivateBus> m_bus;
    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<ScriptedDaemon> m_daemon;
    std::unique_ptr<TaskStore> m_store;
    std::unique_ptr<PollLog> m_log;
    std::unique_ptr<HistoryStore> m_history;
    std::unique_ptr<MainWindow> m_window;
    std::unique_ptr<NoticeDesk> m_desk;
};

void TestNoticeDesk::initTestCase()
{
    m_bus = std::make_unique<PrivateBus>();
    const QString trouble = m_bus->start(); // before anybody asks for the session's bus
    QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
    m_profile.id = ServerId::create();
    m_profile.name = u"Production"_s;
    m_profile.apiRoot = QUrl(u"http://127.0.0.1:9/api/v1"_s);
}

void TestNoticeDesk::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_daemon = std::make_unique<ScriptedDaemon>();
    QVERIFY(m_daemon->start(m_bus->address()));
    start();
}

void TestNoticeDesk::cleanup()
{
    stop();
    m_daemon.reset();
    m_dir.reset();
}

void TestNoticeDesk::start()
{
    m_store = std::make_unique<TaskStore>(m_clock);
    m_log = std::make_unique<PollLog>();
    m_history = std::make_unique<HistoryStore>(
        m_dir->filePath(u"history.db"_s), HistoryFunctions{&parseTaskReply, &maskSecrets}, m_clock);
    m_window = std::make_unique<MainWindow>(*m_store, *m_log, m_clock);
    m_window->setServers({ShownServer{m_profile.id, m_profile.name, m_profile.apiRoot}});
    m_window->showTasks();
    m_desk = std::make_unique<NoticeDesk>(
        *m_store, *m_history, *m_window,
        [this](const ServerId &id) { return id == m_profile.id ? &m_profile : nullptr; },
        m_dir->path(), m_clock);
    const auto save = [this](const QList<TaskKey> &keys) {
        QList<TaskRecord> records;
        for (const TaskKey &one : keys)
            records << *m_store->find(one);
        m_history->save(records);
    };
    bool isLoaded = false;
    connect(m_history.get(), &HistoryStore::opened, m_desk.get(),
            [this, loaded = &isLoaded](const QList<TaskRecord> &records, bool last) {
                m_store->load(records);
                *loaded = last;
            });
    m_history->open();
    QTRY_VERIFY(isLoaded);
    disconnect(m_history.get(), &HistoryStore::opened, m_desk.get(), nullptr);
    m_desk->notifier().takeHistory();
    connect(m_store.get(), &TaskStore::added, m_history.get(), save);
    connect(m_store.get(), &TaskStore::changed, m_history.get(), save);
}

void TestNoticeDesk::stop()
{
    m_desk.reset();
    m_window.reset();
    m_history.reset();
    m_log.reset();
    m_store.reset();
}

void TestNoticeDesk::watchRunning(int count)
{
    QList<TaskKey> keys;
    QList<PollOutcome> outcomes;
    for (int i = 0; i < count; ++i) {
        keys << key(i);
        outcomes << outcome(i, ofAction(TaskPhase::Running));
    }
    m_store->watch(keys);
    m_store->apply(outcomes);
}

void TestNoticeDesk::aClickSelectsTheTask()
{
    watchRunning(20);
    m_store->setLabel(key(13), u"iREC 4"_s);
    m_store->apply({outcome(13, ofAction(TaskPhase::Completed))});
    QTRY_COMPARE_WITH_TIMEOUT(m_daemon->shown.size(), 1, 20'000);
    QCOMPARE(m_daemon->shown.constFirst().summary, u"Publish policy completed"_s);
    QCOMPARE(m_daemon->shown.constFirst().body, u"iREC 4 · Production"_s);
    QVERIFY(!m_window->isVisible());
    m_daemon->say(u"ActionInvoked"_s, {m_daemon->firstId, u"default"_s});
    QTRY_COMPARE(m_window->selectedTasks(), QList<TaskKey>{key(13)});
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    QVERIFY(m_window->isOnShow(key(13)));
    m_store->apply({outcome(13, ofAction(TaskPhase::Failed))}); // in sight: nothing is told
    waitFor(10s);
    QCOMPARE(m_daemon->shown.size(), 1);
}

void TestNoticeDesk::theErrorIsCopied()
{
    watchRunning(3);
    m_store->apply({outcome(1, ofAction(TaskPhase::Failed))});
    QTRY_COMPARE_WITH_TIMEOUT(m_daemon->shown.size(), 1, 20'000);
    const ScriptedDaemon::Shown &shown = m_daemon->shown.constFirst();
    QVERIFY(!shown.body.contains(u"BALANCE"_s) && !shown.summary.contains(u"BALANCE"_s));
    m_daemon->say(u"ActionInvoked"_s, {m_daemon->firstId, u"copy-error"_s});
    // With its details, but for the secrets.
    QTRY_COMPARE(QGuiApplication::clipboard()->text(),
                 u"500\nINSUFFICIENT_PAYER_BALANCE\n{\"payer\":\"0.0.5\",\"password\":\"•••\"}"_s);
}

void TestNoticeDesk::withoutADaemonTheWindowSays()
{
    m_daemon->stop();
    watchRunning(3);
    m_store->apply({outcome(2, ofAction(TaskPhase::Failed, u"Import policy file"_s))});
    QTRY_VERIFY_WITH_TIMEOUT(m_window->banner().isShown(BannerKind::News), 20'000);
    auto buttons = m_window->banner().findChildren<QPushButton *>();
    buttons.removeIf([](const QPushButton *button) { return button->isHidden(); });
    QCOMPARE(buttons.size(), 1);
    QCOMPARE(buttons.constFirst()->text(), u"Show"_s);
    buttons.constFirst()->click();
    QCOMPARE(m_window->selectedTasks(), QList<TaskKey>{key(2)});
    QVERIFY(!m_window->banner().isShown(BannerKind::News));
}

void TestNoticeDesk::aThousandEndingsAreFewNotifications()
{
    watchRunning(1'000);
    for (int second = 0; second < 10; ++second) {
        QList<PollOutcome> ended;
        for (int i = 0; i < 100; ++i)
            ended << outcome(second * 100 + i,
                             ofAction(i == 0 ? TaskPhase::Failed : TaskPhase::Completed));
        m_store->apply(ended);
        waitFor(1s);
    }
    const auto told = [this] {
        int sum = 0;
        for (const ScriptedDaemon::Shown &shown : std::as_const(m_daemon->shown))
            sum += shown.summary.section(u' ', 0, 0).toInt(); // "450 tasks finished"
        return sum;
    };
    QTRY_COMPARE_WITH_TIMEOUT(told(), 1'000, 20'000);
    QVERIFY(m_daemon->shown.size() <= 4);
}

void TestNoticeDesk::aRestartRepeatsNone()
{
    watchRunning(3);
    m_store->apply({outcome(1, ofAction(TaskPhase::Completed))});
    QTRY_COMPARE_WITH_TIMEOUT(m_daemon->shown.size(), 1, 20'000);
    stop();
    start();
    QCOMPARE(m_store->size(), 3);
    QCOMPARE(m_store->find(key(1))->notified, std::optional(Outcome::Completed));
    m_store->apply({outcome(1, ofAction(TaskPhase::Completed)),
                    outcome(2, ofAction(TaskPhase::Failed, u"Import policy file"_s))});
    QTRY_COMPARE_WITH_TIMEOUT(m_daemon->shown.size(), 2, 20'000);
    QCOMPARE(m_daemon->shown.constLast().summary, u"Import policy file failed"_s);
    QVERIFY(!m_window->banner().isShown(BannerKind::News));
}

QTEST_MAIN(TestNoticeDesk)
#include "test_noticedesk.moc"
