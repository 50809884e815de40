#include "desktop/requestdesk.h"
#include "intake/intakedesk.h"
#include "intake/intakedialog.h"
#include "mainwindow.h"
#include "manualclock.h"
#include "task/polllog.h"
#include "task/taskstore.h"
#include "widgetfinder.h"
#include "window/banner.h"
#include "window/statusline.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace WidgetFinder;

/// What a start of the program asks of the window, also where it has to wait for a server.
class TestRequestDesk : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void whatHasToWaitIsDoneOnceConnected();
    void aRefusalThatHadToWaitIsSaidInTheWindow();
    void aRefusalAtOnceIsTheTerminals();
    void theWindowIsRaised_data();
    void theWindowIsRaised();
    void aServerThatIsNotThereIsRefused();
    void aServerIsLookedForOnceConnected();
    void aLinkSelectsOrIsShownInThePreview();
    void anActionIsDone();

private:
    [[nodiscard]] static InstanceRequest track(const QString &text, const QString &server = {})
    {
        return {InstanceRequest::Kind::Track, text, server, {}, false};
    }
    [[nodiscard]] bool saysInBanner(const QString &words) const
    {
        const QList<QLabel *> labels = m_window->banner().findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(),
                           [&words](const QLabel *label) { return label->text().contains(words); });
    }

    const ShownServer m_server{ServerId::create(), u"Production"_s,
                               QUrl(u"https://guardian.example.org/api/v1/"_s)};
    ManualClock m_clock;
    std::unique_ptr<TaskStore> m_store;
    std::unique_ptr<PollLog> m_log;
    std::unique_ptr<MainWindow> m_window;
    std::unique_ptr<RequestDesk> m_desk;
};

void TestRequestDesk::init()
{
    m_store = std::make_unique<TaskStore>(m_clock);
    m_log = std::make_unique<PollLog>();
    m_window = std::make_unique<MainWindow>(*m_store, *m_log, m_clock);
    m_desk = std::make_unique<RequestDesk>(*m_store, *m_window);
}

void TestRequestDesk::cleanup()
{
    m_desk.reset();
    m_window.reset();
    m_log.reset();
    m_store.reset();
}

void TestRequestDesk::whatHasToWaitIsDoneOnceConnected()
{
    QVERIFY(m_desk->take(track(u"task-1 task-2"_s)).accepted);
    QCOMPARE(m_store->keys().size(), 0);
    m_window->setServers({m_server});
    m_desk->setServers({m_server});
    QCOMPARE(m_store->keys().size(), 2);
    QVERIFY(!m_window->banner().isShown(BannerKind::Note));
    m_desk->setServers({m_server}); // and once only
    QCOMPARE(m_store->keys().size(), 2);
}

void TestRequestDesk::aRefusalThatHadToWaitIsSaidInTheWindow()
{
    QVERIFY(m_desk->take(track(u"https://elsewhere.example.org/task/task-1"_s)).accepted);
    m_window->setServers({m_server});
    m_desk->setServers({m_server});
    QCOMPARE(m_store->keys().size(), 0);
    QVERIFY(m_window->banner().isShown(BannerKind::Note));
    QVERIFY(saysInBanner(u"no server elsewhere.example.org"_s));
}

void TestRequestDesk::aRefusalAtOnceIsTheTerminals()
{
    m_window->setServers({m_server});
    m_desk->setServers({m_server});
    const InstanceReply reply = m_desk->take(track(u"task-1"_s, u"Nowhere"_s));
    QVERIFY(!reply.accepted && !reply.words.isEmpty());
    QVERIFY(!m_window->banner().isShown(BannerKind::Note));
    m_desk->takeUnattended(track(u"task-1"_s, u"Nowhere"_s));
    QVERIFY(m_window->banner().isShown(BannerKind::Note));
    QVERIFY(saysInBanner(u"no such server"_s));
    QCOMPARE(m_store->keys().size(), 0);
}

void TestRequestDesk::theWindowIsRaised_data()
{
    QTest::addColumn<Qt::WindowStates>("state");
    QTest::addColumn<bool>("isHidden");
    QTest::newRow("behind another") << Qt::WindowStates() << false;
    QTest::newRow("minimised") << Qt::WindowStates(Qt::WindowMinimized) << false;
    QTest::newRow("hidden, as in the tray") << Qt::WindowStates() << true;
}

void TestRequestDesk::theWindowIsRaised()
{
    QFETCH(const Qt::WindowStates, state);
    QFETCH(const bool, isHidden);
    m_window->show();
    m_window->setWindowState(state);
    if (isHidden)
        m_window->hide();
    QWidget other;
    other.show();
    other.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&other));
    QVERIFY(!m_window->isActiveWindow());
    InstanceRequest quiet;
    quiet.raise = false;
    QVERIFY(m_desk->take(quiet).accepted);
    QCoreApplication::processEvents();
    QCOMPARE(QApplication::activeWindow(), &other);
    QCOMPARE(m_window->isHidden(), isHidden);

    QCOMPARE(m_desk->take({}), (InstanceReply{true, {}}));
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    QVERIFY(m_window->isVisible() && !m_window->isMinimized());
    QVERIFY(!other.isActiveWindow());
}

/// A start with --server beside the window: the terminal and the window say it, none is ignored.
void TestRequestDesk::aServerThatIsNotThereIsRefused()
{
    m_window->setServers({m_server});
    m_desk->setServers({m_server});
    InstanceRequest show;
    for (const QString &known : {u"production"_s, u"https://guardian.example.org"_s}) {
        show.server = known;
        QCOMPARE(m_desk->take(show), (InstanceReply{true, {}}));
        QVERIFY(m_window->isVisible());
        QVERIFY(!m_window->banner().isShown(BannerKind::Note));
    }
    m_window->hide();
    show.server = u"https://elsewhere.example.org"_s;
    const InstanceReply reply = m_desk->take(show);
    QVERIFY(!reply.accepted && reply.words.contains(u"no such server"_s));
    QVERIFY(m_window->isVisible());
    QVERIFY(m_window->banner().isShown(BannerKind::Note));
    QVERIFY(saysInBanner(reply.words));
    QVERIFY(saysInBanner(show.server)); // which
    const auto *note = m_window->findChild<StatusLine *>()->findChild<QWidget *>(u"note"_s);
    QCOMPARE(note->accessibleName(), reply.words); // whatever banner is in the way
    for (const auto kind : {InstanceRequest::Kind::Link, InstanceRequest::Kind::Action}) {
        const bool isLink = kind == InstanceRequest::Kind::Link;
        const InstanceReply other = m_desk->take(
            {kind, isLink ? u"taskwatch:task-3"_s : u"next-problem"_s, show.server, {}, false});
        QVERIFY(!other.accepted && other.words == reply.words);
    }
    QVERIFY(!m_window->findChild<IntakeDialog *>());
}

void TestRequestDesk::aServerIsLookedForOnceConnected()
{
    InstanceRequest show;
    show.server = m_server.name;
    QVERIFY(m_desk->take(show).accepted);
    show.server = u"Nowhere"_s;
    QVERIFY(m_desk->take(show).accepted); // nobody knows yet
    QVERIFY(!m_window->banner().isShown(BannerKind::Note));
    m_window->setServers({m_server});
    m_desk->setServers({m_server});
    QVERIFY(m_window->banner().isShown(BannerKind::Note));
    QVERIFY(saysInBanner(u"no such server"_s));
}

void TestRequestDesk::aLinkSelectsOrIsShownInThePreview()
{
    const auto follow = [this](const QString &link) {
        return m_desk->take({InstanceRequest::Kind::Link, link, {}, {}, false});
    };
    m_window->setServers({m_server});
    m_desk->setServers({m_server});
    const TaskKey first{m_server.id, TaskId(u"task-1"_s)};
    const TaskKey second{m_server.id, TaskId(u"task-2"_s)};
    m_store->watch({first, second});
    for (const TaskKey &key : {second, first}) { // whichever was selected before
        QVERIFY(follow(u"taskwatch:"_s + key.task.text()).accepted);
        QCOMPARE(m_window->selectedTasks(), QList<TaskKey>{key});
    }
    QVERIFY(!m_window->findChild<IntakeDialog *>());

    // What nobody watches yet waits for a click.
    QVERIFY(follow(u"taskwatch:task-3"_s).accepted);
    auto *preview = m_window->findChild<IntakeDialog *>();
    QVERIFY(preview && preview->isVisible());
    QCOMPARE(preview->findChild<QPlainTextEdit *>()->toPlainText().trimmed(), u"task-3"_s);
    QCOMPARE(m_store->keys().size(), 2);
    QCOMPARE(m_window->selectedTasks(), QList<TaskKey>{first});

    const InstanceReply refusal = follow(u"taskwatch:track?id=a%20b"_s);
    QVERIFY(!refusal.accepted && !refusal.words.isEmpty());
}

void TestRequestDesk::anActionIsDone()
{
    const auto act = [this](const QString &action) {
        return m_desk->take({InstanceRequest::Kind::Action, action, {}, {}, false}).accepted;
    };
    m_window->setServers({m_server});
    m_desk->setServers({m_server});
    TaskRecord good;
    good.key = {m_server.id, TaskId(u"good"_s)};
    good.outcome = Outcome::Completed;
    TaskRecord bad;
    bad.key = {m_server.id, TaskId(u"bad"_s)};
    bad.outcome = Outcome::Failed;
    m_store->load({good, bad});
    m_window->showTask(good.key);
    QSignalSpy lookedUp(&m_window->intake(), &IntakeDesk::lookUpWanted);
    QVERIFY(act(u"next-problem"_s));
    QCOMPARE(m_window->selectedTasks(), QList<TaskKey>{bad.key});
    QCOMPARE(lookedUp.count(), 0);

    QGuiApplication::clipboard()->setText(u"task-9"_s);
    QVERIFY(act(u"look-up-clipboard"_s));
    QCOMPARE(lookedUp.count(), 1);
    QCOMPARE(lookedUp.first().at(1).value<QList<TaskKey>>(),
             (QList<TaskKey>{{m_server.id, TaskId(u"task-9"_s)}}));

    QVERIFY(!act(u"dance"_s));
    QCOMPARE(lookedUp.count(), 1);
    QCOMPARE(m_window->selectedTasks(), QList<TaskKey>{bad.key});
}

QTEST_MAIN(TestRequestDesk)
#include "test_requestdesk.moc"
