#include "account/memorytokenstore.h"
#include "account/profilestore.h"
#include "application.h"
#include "detail/elidedlabel.h"
#include "guardian/parsetaskreply.h"
#include "guardian/pushchannel.h"
#include "guardiansimulator.h"
#include "history/historydatabase.h"
#include "mainwindow.h"
#include "scaledclock.h"
#include "tasks/taskcolumn.h"
#include "tasks/tasktablemodel.h"
#include "widgetfinder.h"
#include "window/banner.h"

#include <QSignalSpy>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QStatusBar>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <memory>

using namespace Qt::StringLiterals;
using namespace WidgetFinder;
using namespace std::chrono_literals;

namespace {

/// Looks at the program's history from outside.
class Looker
{
public:
    explicit Looker(const QString &file)
        : m_database(QSqlDatabase::addDatabase(u"QSQLITE"_s, u"looker"_s))
    {
        m_database.setDatabaseName(file);
        m_database.setConnectOptions(u"QSQLITE_OPEN_READONLY"_s);
        if (!m_database.open())
            qFatal("no history");
    }
    ~Looker()
    {
        m_database = {};
        QSqlDatabase::removeDatabase(u"looker"_s);
    }
    Q_DISABLE_COPY_MOVE(Looker)

    /// A number that is another after each commit of somebody else's.
    [[nodiscard]] int dataVersion() const
    {
        QSqlQuery query(m_database);
        return query.exec(u"PRAGMA data_version"_s) && query.next() ? query.value(0).toInt() : -1;
    }

private:
    QSqlDatabase m_database;
};

constexpr double pace = 20; ///< of the clock: half a minute passes in 1.5 s

} // namespace

/// Push and discovery in the whole program: the simulator's real socket, three threads, the window.
class TestApplicationLive final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<ScaledClock> m_clock;
    std::unique_ptr<GuardianSimulator> m_sim;
    std::unique_ptr<Application> m_application;
    ServerProfile m_profile;

    [[nodiscard]] MainWindow &window() const { return m_application->window(); }
    [[nodiscard]] TaskStore &tasks() const { return m_application->tasks(); }
    [[nodiscard]] TaskKey keyOf(const TaskId &id) const { return {m_profile.id, id}; }
    [[nodiscard]] bool isOffered() const
    {
        return window().banner().isShown(BannerKind::Discovered, m_profile.id);
    }
    /// What the status line says of the server.
    [[nodiscard]] bool isLive() const
    {
        const auto *server = window().statusBar()->findChild<ElidedLabel *>(u"server"_s);
        return server->text().contains(u"Production: live"_s);
    }
    [[nodiscard]] int percentOf(const TaskId &id) const
    {
        const TaskRecord *record = tasks().find(keyOf(id));
        return record && record->snapshot ? record->snapshot->percent.value_or(-1) : -1;
    }
    void start(const QList<TaskId> &watched = {})
    {
        ApplicationSetup setup;
        setup.folders = Folders::below(m_folder->path());
        QVERIFY(setup.folders.create());
        ProfileStore profiles(setup.folders.config, *m_clock);
        (void)profiles.load();
        QVERIFY(profiles.save({m_profile}));
        setup.tokens = std::make_unique<MemoryTokenStore>(u"a test has no keychain"_s);
        setup.tokens->write(m_profile.id, {{}, Secret(m_sim->accounts().plainToken()), {}}, this,
                            [](const auto &) {});
        for (const TaskId &id : watched)
            setup.watch << WatchFileRow{id, {}};
        m_application = std::make_unique<Application>(std::move(setup), *m_clock);
        m_application->start();
        QVERIFY(QTest::qWaitForWindowActive(&window()));
        QTRY_VERIFY(m_application->isReady());
    }
    /// Until the server has been asked for its running tasks that much more often.
    void awaitLooks(int looks)
    {
        const int wanted = m_sim->requestsTo(u"progresses") + looks;
        QTRY_VERIFY_WITH_TIMEOUT(m_sim->requestsTo(u"progresses") >= wanted, 30'000);
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_clock = std::make_unique<ScaledClock>(pace);
        m_sim = std::make_unique<GuardianSimulator>(*m_clock);
        QVERIFY(m_sim->listen());
        m_profile = {};
        m_profile.id = ServerId::create();
        m_profile.name = u"Production"_s;
        m_profile.address = m_sim->siteUrl().toString();
        m_profile.apiRoot = m_sim->apiRoot();
        m_profile.notifications = false; // they would have the banner first
    }
    void cleanup()
    {
        m_application.reset();
        m_sim.reset();
        m_clock.reset();
        m_folder.reset();
    }

    void changesComeByPush()
    {
        if (!PushChannel::isAvailable())
            QSKIP("built without Qt WebSockets");
        StartOptions slow;
        slow.stretch = 2;
        const TaskId id = m_sim->start(Script::Nested, slow);
        start({id});
        QTRY_VERIFY_WITH_TIMEOUT(isLive(), 20'000);
        m_sim->clearLog();
        const int before = percentOf(id);
        const auto begin = m_clock->now().awake;
        QTRY_VERIFY_WITH_TIMEOUT(percentOf(id) > before + 3, 20'000);
        const auto minutes = (m_clock->now().awake - begin) / 1min;
        // What was due already, and then the slow check alone.
        QVERIFY2(m_sim->requestsOf(id) <= minutes + 2,
                 qPrintable(QString::number(m_sim->requestsOf(id))));

        m_sim->push().closeAll(); // and all goes on, whichever way
        const int lost = percentOf(id);
        QTRY_VERIFY_WITH_TIMEOUT(percentOf(id) > lost + 3, 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(isLive(), 20'000);
    }

    void withoutPushThereIsNoSocket()
    {
        m_profile.push = false;
        const TaskId id = m_sim->start(Script::NeverEnding);
        start({id});
        QTRY_VERIFY(m_sim->requestsOf(id) >= 5);
        QCOMPARE(m_sim->push().clients(), 0);
        QVERIFY(!isLive());
    }

    void anUnchangedReplyReachesNeitherDiskNorModel()
    {
        m_profile.push = false;
        m_profile.discovery = ServerProfile::Discovery::Off;
        const TaskId id = m_sim->start(Script::LongWait);
        start({id});
        const auto repeated = [this, id] { return tasks().find(keyOf(id))->unchangedAnswers; };
        QTRY_VERIFY_WITH_TIMEOUT(repeated() >= 2, 30'000); // what was new before, is written
        const QSignalSpy changed(&tasks(), &TaskStore::changed);
        const QSignalSpy checked(&tasks(), &TaskStore::checked);
        int cells = 0; // but for those that tell how time passes
        connect(&window().model(), &TaskTableModel::dataChanged, this,
                [count = &cells](const QModelIndex &from, const QModelIndex &to) {
                    for (int column = from.column(); column <= to.column(); ++column) {
                        const auto what = TaskColumn(column);
                        *count += what != TaskColumn::Elapsed && what != TaskColumn::LastChange;
                    }
                });
        const Looker looker(Folders::below(m_folder->path()).data + u"/history.db"_s);
        const int commits = looker.dataVersion();
        QVERIFY(commits > 0);
        const int before = repeated();
        QTRY_VERIFY_WITH_TIMEOUT(repeated() >= before + 3, 60'000);
        QCOMPARE(changed.count(), 0);
        QVERIFY(checked.count() >= 3);
        QCOMPARE(cells, 0);
        QCOMPARE(looker.dataVersion(), commits);
        tasks().setLabel(keyOf(id), u"mine"_s); // and it would be seen
        QTRY_VERIFY(looker.dataVersion() != commits);
        QTRY_VERIFY(cells > 0);
    }

    /// It is kept when the program ends, and not before.
    void whenItWasAskedLastIsKept()
    {
        m_profile.push = false;
        m_profile.discovery = ServerProfile::Discovery::Off;
        const TaskId id = m_sim->start(Script::LongWait);
        start({id});
        QTRY_VERIFY_WITH_TIMEOUT(tasks().find(keyOf(id))->unchangedAnswers >= 2, 30'000);
        const TaskRecord last = *tasks().find(keyOf(id));
        QVERIFY(last.checkedAt > last.changedAt);
        m_application.reset();
        HistoryDatabase history(Folders::below(m_folder->path()).data + u"/history.db"_s,
                                historyFunctionsBy(std::make_shared<SecretRuleBook>(),
                                                   parserBy(std::make_shared<SecretRuleBook>())));
        QVERIFY(history.openToRead());
        const auto kept = history.load(0, 10);
        QVERIFY(kept && kept->records.size() == 1);
        QCOMPARE(kept->records.constFirst().checkedAt, last.checkedAt);
        QCOMPARE(kept->records.constFirst().changedAt, last.changedAt);
        QVERIFY(kept->records.constFirst().snapshot);
    }

    void tasksStartedElsewhereAreOffered()
    {
        start();
        awaitLooks(1);
        const QList<TaskId> ids = m_sim->startMany(3, makePlan(Script::NeverEnding));
        QTRY_VERIFY2_WITH_TIMEOUT(isOffered(),
                                  qPrintable(window().banner().accessibleDescription()), 20'000);
        QTRY_VERIFY(window().banner().accessibleDescription().startsWith(u"3 "_s));
        QVERIFY(tasks().keys().isEmpty());
        QTest::mouseClick(button(window(), u"Watch"_s), Qt::LeftButton);
        QCOMPARE(tasks().keys().size(), 3);
        QVERIFY(!isOffered());
        for (const TaskId &id : ids)
            QTRY_COMPARE(tasks().find(keyOf(id))->outcome, Outcome::Running);

        const TaskId later = m_sim->start(Script::NeverEnding);
        QTRY_VERIFY_WITH_TIMEOUT(isOffered(), 20'000);
        QTest::mouseClick(button(window(), u"Not Now"_s), Qt::LeftButton);
        QVERIFY(!isOffered());
        awaitLooks(2);
        QVERIFY(!isOffered());
        QVERIFY(!tasks().find(keyOf(later)));
    }

    void byItsSettingAServersTasksAppearByThemselves()
    {
        m_profile.discovery = ServerProfile::Discovery::Track;
        const TaskId id = m_sim->start(Script::NeverEnding);
        start();
        QTRY_VERIFY_WITH_TIMEOUT(tasks().find(keyOf(id)), 20'000);
        QVERIFY(!isOffered());
        tasks().unwatch({keyOf(id)});
        awaitLooks(2);
        QVERIFY(!tasks().find(keyOf(id)));
    }

    void switchedOffNobodyAsks()
    {
        m_profile.discovery = ServerProfile::Discovery::Off;
        m_profile.push = false;
        const TaskId id = m_sim->start(Script::NeverEnding);
        m_sim->start(Script::NeverEnding);
        start({id});
        QTRY_VERIFY(m_sim->requestsOf(id) >= 5);
        QCOMPARE(m_sim->requestsTo(u"progresses"), 0);
        QVERIFY(!isOffered());
    }
};

QTEST_MAIN(TestApplicationLive)
#include "test_applicationlive.moc"
