#include "account/connectpage.h"
#include "account/credentialsentry.h"
#include "account/fallbacktokenstore.h"
#include "account/memorytokenstore.h"
#include "account/serverdesk.h"
#include "account/serversdialog.h"
#include "account/signindialog.h"
#include "account/signinform.h"
#include "application.h"
#include "desktop/desktoppresence.h"
#include "detail/elidedlabel.h"
#include "detail/logpage.h"
#include "detail/polllogmodel.h"
#include "detail/taskdetailview.h"
#include "guardian/parsetaskreply.h"
#include "guardiansimulator.h"
#include "history/historyworker.h"
#include "mainwindow.h"
#include "scaledclock.h"
#include "screenshot.h"
#include "settings/settingsdialog.h"
#include "task/secretrule.h"
#include "tasks/tasktablemodel.h"
#include "testdata.h"
#include "widgetfinder.h"
#include "window/banner.h"
#include "window/detailpane.h"
#include "window/sidelist.h"
#include "window/windowactions.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QElapsedTimer>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QStatusBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

using namespace Qt::StringLiterals;
using namespace WidgetFinder;
using namespace std::chrono_literals;

namespace {

const QByteArray token = "marker-0123456789abcdef";
const QByteArray secondToken = "marker-of-the-second";
constexpr double pace = 20; ///< of the clock: hours pass in minutes

} // namespace

/// A keychain that answers when the test says so.
class LateTokenStore final : public TokenStore
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LateTokenStore)

public:
    LateTokenStore() = default;
    ~LateTokenStore() override = default;

    void read(const ServerId &server, QObject * /*context*/, Done<Credentials> done) override
    {
        reads[server] = std::move(done);
    }
    void write(const ServerId &server, const Credentials &credentials, QObject * /*context*/,
               Done<void> done) override
    {
        if (isLocked) {
            done(tl::unexpected(TokenStoreError{TokenStoreError::Kind::TimedOut, {}}));
            return;
        }
        written.insert(server, credentials);
        done({});
    }
    void remove(const ServerId &server, QObject * /*context*/, Done<void> done) override
    {
        if (isLocked) {
            done(tl::unexpected(TokenStoreError{TokenStoreError::Kind::TimedOut, {}}));
            return;
        }
        written.remove(server);
        done({});
    }
    [[nodiscard]] bool isPersistent() const override { return true; }
    [[nodiscard]] QString reason() const override { return {}; }

    QHash<ServerId, Done<Credentials>> reads;
    QHash<ServerId, Credentials> written; ///< and not removed
    bool isLocked = false;                ///< writes and removes nothing
};

/// What it keeps for the server where that is.
static Credentials keptFor(const ServerProfile &profile, const LateTokenStore &store)
{
    return CredentialsEntry::released(store.written.value(profile.id), ApiRoot(profile.apiRoot));
}

/// The whole program against the simulator, over real sockets and with its three threads.
class TestApplication final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void fiftyTasksReachTheirOutcome_data();
    void fiftyTasksReachTheirOutcome();
    void aRestartShowsTheTasksAgain();
    void theFilterSearchesTheHistory();
    void aSearchThatStopsSaysSo();
    void whatWasRemovedStaysAway();
    void whatIsUsualOutlivesTheTasks();
    void theFirstRunConnects();
    void whatAPasswordGaveIsKept();
    void aRefusedTokenIsSaidAndReplaced();
    void aServerThatIsNotThereIsSaid();
    void theHeldTokenGoesToItsOwnServerOnly();
    void aTokenThatCannotBeDeletedGoesToNoOtherServer();
    void aProxyPasswordIsKeptBesideTheToken();
    void aProxyPasswordAloneReplacesNothing();
    void theGivenTokenIsNotKept();
    void theGivenTokenGoesWithTheStoredProxyPassword();
    void theGivenTokenIsUsedAsWhatItIs();
    void aRefreshTokenKeepsOneSignedIn();
    void aRemovedServerLeavesNothing();
    void aLookUpIsShownButNotKept();
    void anOutageIsSaidAndEnds();
    void quittingDoesNotWaitForAnAnswer();
    void unencryptedServersNeedConsent();
    void historyTroubleIsSaid();
    void damagedProfilesAreSaid();
    void damagedSettingsThatACommandMetAreSaid();
    void strangeSettingsOfAServerAreSaid();
    void aKeychainThatIsWaitedForIsSaid();
    void nobodyHasToSignInBeforeTheKeychainAnswers();
    void aKeychainWithoutATokenIsAnAnswer();
    void aTokenThatWasNotGivenIsAskedForAgain();
    void withoutTheKeychainOneSignsIn();
    void aMissingKeychainIsSaidWhereOneSignsIn();
    void lateAnswersOfTheKeychainAreWhatIsSaid();
    void whatTheKeychainRefusedIsOfferedAgain();
    void aServerThatCannotBeUsedNeedsNoSignIn();
    void oneServersTroubleTouchesNoOther();
    void aRestartKeepsBothServers();
    void theSettingsLeadToTheServersSwitches();
    void anIdIsFoundOnTheServerThatHasIt();
    void theGivenTokenIsNotSentToSomeServer();
    void aPictureShowsTheFailedTask();
    void aPictureThatCannotBeWrittenIsSaid();
    void aPictureWithoutTheServersAnswerSaysSo();

private:
    [[nodiscard]] ApplicationSetup setup() const;
    [[nodiscard]] ApplicationSetup connectedSetup() const;
    /// Both simulators stored as "First" and "Second", each with a token of its own.
    [[nodiscard]] ApplicationSetup setupOfTwo();
    void start(ApplicationSetup setup);
    /// With a keychain that was asked for both servers' tokens; it is the application's.
    [[nodiscard]] LateTokenStore *startLate(ApplicationSetup setup);
    /// As the dialog does.
    void save(const ServerProfile &profile, const std::optional<Secret> &proxyPassword) const;
    [[nodiscard]] MainWindow &window() const { return m_application->window(); }
    [[nodiscard]] TaskStore &tasks() const { return m_application->tasks(); }
    [[nodiscard]] Outcome outcomeOf(const TaskId &id) const;
    [[nodiscard]] TaskKey keyOf(const TaskId &id) const;
    void type(const QString &field, const QString &text) const
    {
        auto *line = named<QLineEdit>(window(), field);
        line->clear();
        QTest::keyClicks(line, text);
    }
    void click(const QString &text) const
    {
        QTest::mouseClick(button(window(), text), Qt::LeftButton);
    }
    /// In the side list, how a server is reached.
    [[nodiscard]] QString saidOf(const ServerProfile &profile) const
    {
        const auto items =
            window().findChild<SideList *>()->findItems(profile.name, Qt::MatchExactly);
        return items.isEmpty() ? QString()
                               : items.constFirst()->data(0, Qt::AccessibleTextRole).toString();
    }
    [[nodiscard]] QString headline() const
    {
        return window().connectPage().findChild<QLabel *>(u"headline"_s)->text();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<ScaledClock> m_clock;
    std::unique_ptr<GuardianSimulator> m_sim;
    std::unique_ptr<GuardianSimulator> m_second; ///< by setupOfTwo()
    TokenStore *m_tokens = nullptr;              ///< of setupOfTwo()
    ServerProfile m_firstProfile;
    ServerProfile m_secondProfile;
    std::unique_ptr<Application> m_application;
};

void TestApplication::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_clock = std::make_unique<ScaledClock>(pace);
    m_sim = std::make_unique<GuardianSimulator>(*m_clock);
    m_sim->accounts().setPlainToken(token);
    QVERIFY(m_sim->listen());
    // The clock runs faster than this machine answers.
    Settings patient;
    patient.idleTimeout = 600s;
    patient.totalTimeout = 3600s;
    const Folders folders = Folders::below(m_folder->path());
    QVERIFY(folders.create());
    SettingsFile settings(folders.config, *m_clock);
    (void)settings.load();
    QVERIFY(settings.save(patient));
}

void TestApplication::cleanup()
{
    m_application.reset();
    m_sim.reset();
    m_second.reset();
    m_clock.reset();
    m_folder.reset();
}

ApplicationSetup TestApplication::setup() const
{
    ApplicationSetup setup;
    setup.folders = Folders::below(m_folder->path());
    setup.tokens = std::make_unique<MemoryTokenStore>(u"a test has no keychain"_s);
    return setup;
}

ApplicationSetup TestApplication::connectedSetup() const
{
    ApplicationSetup connected = setup();
    connected.line.server = m_sim->siteUrl().toString();
    connected.line.token = Secret(token);
    return connected;
}

ApplicationSetup TestApplication::setupOfTwo()
{
    const auto profileOf = [](const GuardianSimulator &sim, const QString &name) {
        ServerProfile profile;
        profile.id = ServerId::create();
        profile.name = name;
        profile.address = sim.siteUrl().toString();
        profile.apiRoot = sim.apiRoot();
        profile.push = false; // requests are counted
        return profile;
    };
    ApplicationSetup both = setup();
    if (!m_second) {
        m_second = std::make_unique<GuardianSimulator>(*m_clock);
        m_second->accounts().setPlainToken(secondToken);
        if (!m_second->listen())
            qFatal("the second simulator does not listen");
        m_firstProfile = profileOf(*m_sim, u"First"_s);
        m_secondProfile = profileOf(*m_second, u"Second"_s);
        ProfileStore profiles(both.folders.config, *m_clock);
        (void)profiles.load();
        (void)profiles.save({m_firstProfile, m_secondProfile});
    }
    m_tokens = both.tokens.get();
    m_tokens->write(m_firstProfile.id, {{}, Secret(token), {}}, this, [](const auto &) {});
    m_tokens->write(m_secondProfile.id, {{}, Secret(secondToken), {}}, this, [](const auto &) {});
    return both;
}

void TestApplication::start(ApplicationSetup setup)
{
    m_application = std::make_unique<Application>(std::move(setup), *m_clock);
    m_application->start();
    QVERIFY(QTest::qWaitForWindowActive(&window()));
    QTRY_VERIFY_WITH_TIMEOUT(m_application->isReady(), 20'000);
}

LateTokenStore *TestApplication::startLate(ApplicationSetup setup)
{
    auto late = std::make_unique<LateTokenStore>();
    LateTokenStore *store = late.get();
    setup.tokens = std::move(late);
    start(std::move(setup));
    return QTest::qWaitFor([store] { return store->reads.size() == 2; }) ? store : nullptr;
}

void TestApplication::save(const ServerProfile &profile,
                           const std::optional<Secret> &proxyPassword) const
{
    Q_EMIT window().serversWanted(profile.id);
    auto *dialog = window().findChild<ServersDialog *>();
    Q_EMIT dialog->saved(profile, proxyPassword);
    dialog->reject();
}

TaskKey TestApplication::keyOf(const TaskId &id) const
{
    for (const TaskKey &key : tasks().keys()) {
        if (key.task == id)
            return key;
    }
    return {};
}

Outcome TestApplication::outcomeOf(const TaskId &id) const
{
    const TaskRecord *record = tasks().find(keyOf(id));
    return record ? record->outcome : Outcome::Checking;
}

void TestApplication::fiftyTasksReachTheirOutcome_data()
{
    QTest::addColumn<SimDialect>("dialect");
    QTest::newRow("deployed") << SimDialect::Deployed;
    QTest::newRow("old") << SimDialect::Old;
    QTest::newRow("documented") << SimDialect::Documented;
}

void TestApplication::fiftyTasksReachTheirOutcome()
{
    QFETCH(const SimDialect, dialect);
    m_sim->setDialect(dialect);
    ApplicationSetup connected = connectedSetup();
    // Not these: they need more of the clock's time than a test has, and are watched in others.
    const auto isSlow = [](Script script) {
        return script == Script::LongWait || script == Script::BigResult
               || script == Script::ForgottenEarly || script == Script::ForgottenLate;
    };
    QList<TaskId> ids;
    while (ids.size() < 50) {
        for (const Script script : allScripts()) {
            if (isSlow(script) || ids.size() == 50)
                continue;
            StartOptions options;
            options.stretch = 0.1;
            ids << m_sim->start(script, options);
        }
    }
    for (const TaskId &id : std::as_const(ids))
        connected.watch << WatchFileRow{id, u"label of "_s + id.text()};
    start(std::move(connected));
    const auto wrong = [&] {
        QStringList list;
        for (const TaskId &id : std::as_const(ids)) {
            const SimTruth truth = m_sim->truth(id);
            if (outcomeOf(id) != truth.eventual) {
                list << u"%1 %2 is %3, not %4"_s.arg(m_sim->tasks().find(id)->script, id.text())
                            .arg(int(outcomeOf(id)))
                            .arg(int(truth.eventual));
            }
        }
        return list.join(u'\n');
    };
    QTRY_VERIFY2_WITH_TIMEOUT(wrong().isEmpty(), qPrintable(wrong()), 30'000);
    const TaskTableModel &model = window().model();
    QTRY_COMPARE(model.rowCount(), 50);
    for (const TaskId &id : std::as_const(ids)) {
        const int row = model.rowOf(keyOf(id));
        QCOMPARE(model.index(row, int(TaskColumn::Label)).data().toString(),
                 u"label of "_s + id.text());
        QTRY_COMPARE(
            model.index(model.rowOf(keyOf(id)), int(TaskColumn::Status)).data(OutcomeRole).toInt(),
            int(m_sim->truth(id).eventual));
    }
}

void TestApplication::aRestartShowsTheTasksAgain()
{
    StartOptions quick;
    quick.stretch = 0.05;
    const TaskId failing = m_sim->start(Script::Failing, quick);
    const TaskId running = m_sim->start(Script::NeverEnding);
    ApplicationSetup connected = connectedSetup();
    connected.watch = {{failing, u"first"_s}, {running, {}}};
    start(std::move(connected));
    QTRY_COMPARE_WITH_TIMEOUT(outcomeOf(failing), Outcome::Failed, 30'000);
    QTRY_COMPARE_WITH_TIMEOUT(outcomeOf(running), Outcome::Running, 30'000);
    m_application.reset();

    start(connectedSetup());
    QCOMPARE(tasks().size(), 2);
    QCOMPARE(outcomeOf(failing), Outcome::Failed);
    QCOMPARE(tasks().find(keyOf(failing))->label, u"first"_s);
    QCOMPARE(outcomeOf(running), Outcome::Running); // before any answer
    QVERIFY(tasks().find(keyOf(failing))->snapshot);
    QCOMPARE(window().model().rowCount(), 2);
}

void TestApplication::theFilterSearchesTheHistory()
{
    StartOptions quick;
    quick.stretch = 0.05;
    const TaskId done = m_sim->start(Script::Normal, quick);
    const TaskId running = m_sim->start(Script::NeverEnding);
    ApplicationSetup connected = connectedSetup();
    connected.watch = {{done, {}}, {running, {}}};
    start(std::move(connected));
    QTRY_COMPARE_WITH_TIMEOUT(outcomeOf(done), Outcome::Completed, 30'000);
    QTRY_COMPARE_WITH_TIMEOUT(outcomeOf(running), Outcome::Running, 30'000);
    // What no row shows: the name of a step that is over.
    const QString step = tasks().find(keyOf(done))->snapshot->steps.front().name;
    QVERIFY(!step.isEmpty());
    auto *filter = named<QLineEdit>(window(), u"Filter"_s);
    const auto shown = [&] {
        filter->clear();
        filter->setText(u'"' + step + u'"');
        return QTest::qWaitFor([&] { return window().model().rowOf(keyOf(done)) >= 0; }, 2'000);
    };
    QTRY_VERIFY_WITH_TIMEOUT(shown(), 20'000);
    filter->setText(u"status:running"_s);
    QCOMPARE(window().model().rowOf(keyOf(done)), -1);
}

void TestApplication::aSearchThatStopsSaysSo()
{
    {
        // Of a server that is gone: the search is the same, and the window has few rows.
        HistoryDatabase history(setup().folders.data + u"/history.db"_s,
                                {&parseTaskReply, &maskSecrets});
        QVERIFY(history.open(m_clock->now().wall));
        const ServerId gone = ServerId::create();
        QList<HistoryChange> changes;
        for (int i = 0; i < HistoryWorker::mostFound; ++i) {
            TaskRecord record;
            record.key = {gone, TaskId(QString::number(i))};
            record.label = u"everywhere"_s;
            changes.append({record.key, false, record});
        }
        QVERIFY(history.write(changes));
    }
    start(connectedSetup());
    const auto said = [this] {
        const auto labels = window().statusBar()->findChildren<ElidedLabel *>();
        return std::any_of(labels.cbegin(), labels.cend(), [](const ElidedLabel *label) {
            return label->isVisible() && label->text().contains(u"have these words"_s)
                   && label->text().contains(QLocale().toString(HistoryWorker::mostFound));
        });
    };
    QVERIFY(!said());
    auto *filter = named<QLineEdit>(window(), u"Filter"_s);
    filter->setText(u"everywhere"_s);
    QTRY_VERIFY_WITH_TIMEOUT(said(), 20'000);
}

void TestApplication::whatWasRemovedStaysAway()
{
    const TaskId first = m_sim->start(Script::NeverEnding);
    const TaskId second = m_sim->start(Script::NeverEnding);
    ApplicationSetup connected = connectedSetup();
    connected.watch = {{first, {}}, {second, {}}};
    start(std::move(connected));
    QTRY_COMPARE_WITH_TIMEOUT(outcomeOf(second), Outcome::Running, 30'000);
    QCOMPARE(tasks().unwatch({keyOf(first)}).size(), 1);
    const auto restored = tasks().unwatch({keyOf(second)});
    tasks().restore(restored);
    m_application.reset();

    start(connectedSetup());
    QCOMPARE(tasks().size(), 1);
    QCOMPARE(tasks().keys().constFirst().task, second);
}

void TestApplication::whatIsUsualOutlivesTheTasks()
{
    StartOptions quick;
    quick.stretch = 0.05;
    ApplicationSetup connected = connectedSetup();
    for (std::size_t i = 0; i < Baseline::fewestRuns; ++i)
        connected.watch.append({m_sim->start(Script::Normal, quick), {}});
    start(std::move(connected));
    const QList<TaskKey> keys = tasks().keys();
    for (const TaskKey &key : keys)
        QTRY_COMPARE_WITH_TIMEOUT(outcomeOf(key.task), Outcome::Completed, 30'000);
    const TaskRecord sample = *tasks().find(keys.constFirst());
    const auto usual = tasks().baselines().run(sample);
    QVERIFY(usual);
    window().actions().clearFinished->trigger();
    QCOMPARE(tasks().size(), 0);
    m_application.reset();

    start(connectedSetup());
    QCOMPARE(tasks().size(), 0);
    QCOMPARE(tasks().baselines().run(sample), usual);
}

void TestApplication::theFirstRunConnects()
{
    start(setup());
    QVERIFY(window().isConnectPageShown());
    type(u"Address"_s, m_sim->siteUrl().toString());
    type(u"Token"_s, QString::fromLatin1("Bearer " + token));
    type(u"Name"_s, u"Simulator"_s);
    click(u"Test Connection"_s);
    QTRY_VERIFY_WITH_TIMEOUT(headline().contains(u"accepts"_s), 10'000);
    QVERIFY(window().isConnectPageShown());
    click(u"Connect"_s);
    QTRY_VERIFY_WITH_TIMEOUT(!window().isConnectPageShown(), 10'000);
    QVERIFY(named<QLineEdit>(window(), u"Token"_s)->text().isEmpty());

    const TaskId id = m_sim->start(Script::NeverEnding);
    type(u"Look up"_s, id.text());
    QTest::keyClick(named<QLineEdit>(window(), u"Look up"_s), Qt::Key_Return);
    click(u"Watch This Task"_s);
    QTRY_COMPARE_WITH_TIMEOUT(outcomeOf(id), Outcome::Running, 10'000);
    m_application.reset();

    // The server is known from now on; its token was for one run, and this says so.
    start(setup());
    QVERIFY(!window().isConnectPageShown());
    QTRY_COMPARE(tasks().size(), 1);
    QTRY_VERIFY_WITH_TIMEOUT(window().banner().isShown(BannerKind::TokenNotRead), 10'000);
}

/// Old servers end the user's other sessions with each sign-in: it is not repeated, nor lost.
void TestApplication::whatAPasswordGaveIsKept()
{
    Fault trouble;
    trouble.kind = Fault::Kind::Status;
    trouble.status = 503;
    trouble.count = 2; // of the test, and of the connecting
    trouble.path = u"accounts/access-token"_s;
    m_sim->addFault(trouble);
    ApplicationSetup first = setup();
    first.tokens = std::make_unique<LateTokenStore>();
    start(std::move(first));
    named<QComboBox>(window(), u"Sign in with"_s)->setCurrentIndex(int(SignInForm::Way::Password));
    type(u"Address"_s, m_sim->siteUrl().toString());
    type(u"User name"_s, u"alice"_s);
    type(u"Password"_s, u"alice-password"_s);
    click(u"Test Connection"_s);
    QTRY_VERIFY_WITH_TIMEOUT(headline().contains(u"could not be tried out"_s), 10'000);
    QVERIFY(button(window(), u"Save Anyway"_s)->isVisible());
    QCOMPARE(m_sim->accounts().signIns(), 1);
    type(u"Name"_s, u"Mine"_s); // another entry, but of the same person
    click(u"Connect"_s);
    QTRY_VERIFY_WITH_TIMEOUT(!window().isConnectPageShown(), 10'000);
    QCOMPARE(m_sim->accounts().signIns(), 1);
    const QString words = window().banner().accessibleDescription();
    QVERIFY2(words.contains(u"signed in to Mine, but"_s), qPrintable(words));
    QVERIFY(window().banner().isShown(BannerKind::Note));
    const ServerProfile mine = m_application->servers().profiles().constFirst();
    QCOMPARE(mine.signIn, ServerProfile::SignIn::RefreshToken);
    QVERIFY(!m_application->servers().credentials(mine.id).refreshToken.isEmpty());
    const TaskId task = m_sim->start(Script::NeverEnding);
    tasks().watch({TaskKey{mine.id, task}});
    QTRY_COMPARE_WITH_TIMEOUT(outcomeOf(task), Outcome::Running, 20'000);
    QCOMPARE(m_sim->accounts().signIns(), 1);
}

void TestApplication::aRefusedTokenIsSaidAndReplaced()
{
    start(setup());
    type(u"Address"_s, m_sim->siteUrl().toString());
    type(u"Token"_s, u"wrong"_s);
    click(u"Connect"_s);
    QTRY_VERIFY_WITH_TIMEOUT(!headline().isEmpty() && !window().connectPage().isBusy(), 10'000);
    QVERIFY(window().isConnectPageShown());
    click(u"Save Anyway"_s);
    QTRY_VERIFY_WITH_TIMEOUT(!window().isConnectPageShown(), 10'000);
    const TaskId id = m_sim->start(Script::NeverEnding);
    type(u"Look up"_s, id.text());
    QTest::keyClick(named<QLineEdit>(window(), u"Look up"_s), Qt::Key_Return);
    click(u"Watch This Task"_s);
    QTRY_VERIFY_WITH_TIMEOUT(window().banner().isShown(BannerKind::SignInNeeded), 10'000);
    click(u"Sign in…"_s);
    auto *dialog = window().findChild<SignInDialog *>();
    QVERIFY(dialog);
    QTest::keyClicks(named<QLineEdit>(*dialog, u"Token"_s), QString::fromLatin1(token));
    QTest::keyClick(named<QLineEdit>(*dialog, u"Token"_s), Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(outcomeOf(id), Outcome::Running, 10'000);
    QTRY_VERIFY(!window().banner().isShown(BannerKind::SignInNeeded));
}

void TestApplication::aServerThatIsNotThereIsSaid()
{
    m_sim->goDown();
    start(connectedSetup());
    QVERIFY(window().isConnectPageShown());
    QCOMPARE(named<QLineEdit>(window(), u"Address"_s)->text(), m_sim->siteUrl().toString());
    QVERIFY(!headline().isEmpty());
}

void TestApplication::theHeldTokenGoesToItsOwnServerOnly()
{
    start(setupOfTwo());
    GuardianSimulator other(*m_clock);
    other.accounts().setPlainToken(token);
    QVERIFY(other.listen());
    const TaskKey key{m_firstProfile.id, other.start(Script::NeverEnding)};
    tasks().watch({key});
    QTRY_VERIFY_WITH_TIMEOUT(m_sim->requestsWith(token) > 0, 10'000);
    Q_EMIT window().serversWanted(m_firstProfile.id);
    auto *dialog = window().findChild<ServersDialog *>();
    QVERIFY(dialog);
    auto *address = named<QLineEdit>(*dialog, u"Address"_s);
    address->selectAll();
    QTest::keyClicks(address, other.siteUrl().toString());
    QTest::keyClick(address, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(m_application->servers().find(m_firstProfile.id)->apiRoot,
                              other.apiRoot(), 10'000);
    QTRY_VERIFY_WITH_TIMEOUT(window().banner().isShown(BannerKind::SignInNeeded, m_firstProfile.id),
                             10'000);
    QCOMPARE(other.requestsWith(token), 0);
    bool isStored = true;
    m_tokens->read(m_firstProfile.id, this,
                   [&](const auto &stored) { isStored = stored && stored->hasToken(); });
    QTRY_VERIFY(!isStored); // nor after a restart
}

void TestApplication::aTokenThatCannotBeDeletedGoesToNoOtherServer()
{
    GuardianSimulator other(*m_clock);
    other.accounts().setPlainToken(token);
    QVERIFY(other.listen());
    LateTokenStore *store = startLate(setupOfTwo());
    store->reads.value(m_firstProfile.id)(Credentials{{}, Secret(token), {}});
    QTRY_VERIFY_WITH_TIMEOUT(m_sim->requestsWith(token) > 0, 10'000);
    save(m_firstProfile, Secret("proxy"_ba)); // beside the token
    QVERIFY(store->written.contains(m_firstProfile.id));

    store->isLocked = true;
    ServerProfile moved = m_firstProfile;
    moved.apiRoot = other.apiRoot();
    save(moved, {});
    QVERIFY(window().banner().accessibleDescription().contains(u"did not delete the token"_s));
    const Credentials kept = store->written.value(m_firstProfile.id);
    QVERIFY(kept.hasToken());
    m_application.reset();

    store = startLate(setupOfTwo());
    QCOMPARE(m_application->servers().find(m_firstProfile.id)->apiRoot, other.apiRoot());
    tasks().watch({TaskKey{m_firstProfile.id, other.start(Script::NeverEnding)}});
    store->reads.value(m_firstProfile.id)(kept);
    QTRY_VERIFY_WITH_TIMEOUT(window().banner().isShown(BannerKind::SignInNeeded, m_firstProfile.id),
                             10'000);
    QVERIFY(!m_application->servers().credentials(m_firstProfile.id).hasToken());
    QCOMPARE(other.requestsWith(token), 0);
    // At the address that it was given for, it is what it was.
    m_application.reset();
    const int asked = m_sim->requestsWith(token);
    ProfileStore profiles(setup().folders.config, *m_clock);
    QVERIFY(profiles.load() && profiles.save({m_firstProfile, m_secondProfile}));
    store = startLate(setupOfTwo());
    store->reads.value(m_firstProfile.id)(kept);
    QTRY_VERIFY_WITH_TIMEOUT(m_sim->requestsWith(token) > asked, 10'000);
}

void TestApplication::aProxyPasswordIsKeptBesideTheToken()
{
    LateTokenStore *store = startLate(setupOfTwo());
    save(m_firstProfile, Secret("proxy"_ba));
    save(m_firstProfile, Secret("another"_ba));
    QVERIFY(store->written.isEmpty()); // not before it is known what there is
    store->reads.value(m_firstProfile.id)(Credentials{Secret("old"_ba), {}, Secret("proxy"_ba)});
    const Credentials kept = keptFor(m_firstProfile, *store);
    QVERIFY(kept == (Credentials{Secret("old"_ba), {}, Secret("another"_ba)}));
    QVERIFY(m_application->servers().credentials(m_firstProfile.id) == kept);
}

void TestApplication::aProxyPasswordAloneReplacesNothing()
{
    const tl::unexpected cancelled(TokenStoreError{TokenStoreError::Kind::NotFoundOrCancelled, {}});
    LateTokenStore *store = startLate(setupOfTwo());
    store->reads.value(m_firstProfile.id)(cancelled);
    const QSignalSpy notRead(&m_application->servers(), &ServerDesk::tokenNotRead);
    for (int time = 0; time < 2; ++time) {
        save(m_firstProfile, Secret("proxy"_ba));
        store->reads.value(m_firstProfile.id)(cancelled);
        QVERIFY(store->written.isEmpty());
        QCOMPARE(notRead.count(), time + 1); // which is said
        QVERIFY(m_application->servers().credentials(m_firstProfile.id)
                == (Credentials{{}, {}, Secret("proxy"_ba)})); // for this run
    }
    // Its unlocking was not cancelled at last.
    save(m_firstProfile, Secret("proxy"_ba));
    store->reads.value(m_firstProfile.id)(Credentials{Secret("old"_ba), {}, {}});
    QVERIFY(keptFor(m_firstProfile, *store)
            == (Credentials{Secret("old"_ba), {}, Secret("proxy"_ba)}));
}

void TestApplication::theGivenTokenIsNotKept()
{
    ApplicationSetup two = setupOfTwo();
    two.line.server = u"First"_s;
    two.line.token = Secret(token);
    LateTokenStore *store = startLate(std::move(two));
    QTRY_VERIFY_WITH_TIMEOUT(m_sim->requestsWith(token) > 0, 10'000);
    store->reads.value(m_firstProfile.id)(Credentials{Secret("old"_ba), {}, {}});
    save(m_firstProfile, Secret("proxy"_ba));
    store->reads.value(m_firstProfile.id)(Credentials{Secret("old"_ba), {}, {}});
    QVERIFY(keptFor(m_firstProfile, *store)
            == (Credentials{Secret("old"_ba), {}, Secret("proxy"_ba)}));
    QVERIFY(m_application->servers().credentials(m_firstProfile.id)
            == (Credentials{{}, Secret(token), Secret("proxy"_ba)}));
}

void TestApplication::theGivenTokenGoesWithTheStoredProxyPassword()
{
    ApplicationSetup two = setupOfTwo();
    m_firstProfile.proxy.user = u"alice"_s;
    ProfileStore profiles(two.folders.config, *m_clock);
    QVERIFY(profiles.load() && profiles.save({m_firstProfile, m_secondProfile}));
    two.line.server = u"First"_s;
    two.line.token = Secret(token);
    LateTokenStore *store = startLate(std::move(two));
    QTRY_VERIFY(m_application->servers().credentials(m_firstProfile.id).hasToken());
    store->reads.value(m_firstProfile.id)(Credentials{Secret("old"_ba), {}, Secret("proxy"_ba)});
    QVERIFY(m_application->servers().credentials(m_firstProfile.id)
            == (Credentials{{}, Secret(token), Secret("proxy"_ba)}));
    QTRY_VERIFY_WITH_TIMEOUT(m_sim->requestsWith(token) > 0, 10'000);
    QVERIFY(store->written.isEmpty());
}

void TestApplication::theGivenTokenIsUsedAsWhatItIs()
{
    ApplicationSetup connected = connectedSetup();
    connected.line.token = {};
    connected.line.refreshToken = Secret(m_sim->accounts().makeAccessToken(u"alice"_s));
    start(std::move(connected));
    QTRY_VERIFY(m_sim->requestsTo(u"accounts/session") > 0); // as an access token
    QCOMPARE(m_sim->accounts().renewals(), 0);
    QVERIFY(window().banner().isShown(BannerKind::Note));
    QVERIFY(window().banner().accessibleDescription().contains(
        u"TASKWATCH_REFRESH_TOKEN holds an access token; it is used as it is"_s));
}

void TestApplication::aRefreshTokenKeepsOneSignedIn()
{
    m_sim->accounts().setAccessLife(60s);
    start(setup());
    type(u"Address"_s, m_sim->siteUrl().toString());
    type(u"Token"_s, QString::fromLatin1(m_sim->accounts().makeRefreshToken(u"alice"_s)));
    click(u"Connect"_s);
    QTRY_VERIFY_WITH_TIMEOUT(!window().isConnectPageShown(), 10'000);
    const TaskKey key{m_application->servers().profiles().constFirst().id,
                      m_sim->start(Script::NeverEnding)};
    tasks().watch({key});
    const QDateTime later = m_clock->now().wall.addSecs(150);
    QTRY_VERIFY_WITH_TIMEOUT(m_clock->now().wall > later, 20'000);
    const int asked = m_sim->requestsOf(key.task);
    tasks().refresh({key}); // while it is pushed it is asked rarely
    QTRY_VERIFY_WITH_TIMEOUT(m_sim->requestsOf(key.task) > asked, 10'000);
    QVERIFY(!window().banner().isShown(BannerKind::SignInNeeded));
    QCOMPARE(m_application->servers().profiles().constFirst().account, u"alice"_s);
    const auto *line = window().statusBar()->findChild<QWidget *>(u"server"_s);
    QTRY_VERIFY(line->accessibleName().contains(u"alice, Standard Registry"_s));
}

void TestApplication::aRemovedServerLeavesNothing()
{
    start(setupOfTwo());
    const TaskKey first{m_firstProfile.id, m_sim->start(Script::NeverEnding)};
    const TaskKey second{m_secondProfile.id, m_second->start(Script::NeverEnding)};
    tasks().watch({first, second});
    QTRY_COMPARE_WITH_TIMEOUT(outcomeOf(first.task), Outcome::Running, 10'000);
    Q_EMIT window().serversWanted(m_firstProfile.id);
    auto *dialog = window().findChild<ServersDialog *>();
    QTest::mouseClick(button(*dialog, u"Remove"_s), Qt::LeftButton);
    QVERIFY(m_application->servers().find(m_firstProfile.id)); // until it closes
    dialog->reject();
    QVERIFY(!m_application->servers().find(m_firstProfile.id));
    QCOMPARE(tasks().keys(), QList<TaskKey>{second});
    bool isStored = true;
    m_tokens->read(m_firstProfile.id, this,
                   [&](const auto &stored) { isStored = stored.has_value(); });
    QTRY_VERIFY(!isStored);
    // Where the second was asked again, the engine's last words about the first have come.
    const int asked = m_second->requestsOf(second.task);
    tasks().refresh({second});
    QTRY_VERIFY_WITH_TIMEOUT(m_second->requestsOf(second.task) > asked, 10'000);
    QCOMPARE(m_application->presence().facts().troubled, 0);
    m_application.reset();
    start(setupOfTwo());
    QCOMPARE(m_application->servers().profiles().size(), 1);
    QCOMPARE(tasks().keys(), QList<TaskKey>{second});
}

void TestApplication::aLookUpIsShownButNotKept()
{
    const TaskId id = m_sim->start(Script::NeverEnding);
    start(connectedSetup());
    type(u"Look up"_s, id.text());
    QTest::keyClick(named<QLineEdit>(window(), u"Look up"_s), Qt::Key_Return);
    auto *pane = window().findChild<DetailPane *>();
    QTRY_VERIFY_WITH_TIMEOUT(pane->isShowingLookedUp() && m_sim->requestsOf(id) == 1, 10'000);
    QCOMPARE(tasks().size(), 0);
    QTRY_VERIFY_WITH_TIMEOUT(
        [&] {
            const auto labels = pane->findChildren<QLabel *>();
            return std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
                return label->text().contains(u"Running"_s);
            });
        }(),
        10'000);
    // It is in the log: of the task, and of the server.
    pane->view().setCurrentTab(TaskDetailView::LogTab);
    const QAbstractItemModel *log = pane->view().log().table().model();
    QCOMPARE(log->rowCount(), 1);
    QCOMPARE(log->index(0, PollLogModel::OutcomeColumn).data(), u"Running"_s);
    auto *choice = named<QComboBox>(*pane, u"Last polls of"_s);
    choice->setFocus();
    QTest::keyClick(choice, Qt::Key_Down);
    QCOMPARE(log->rowCount(), 1);
    QCOMPARE(log->index(0, PollLogModel::TaskColumn).data(), id.text());
    QTest::keyClick(choice, Qt::Key_Up);
    // The next look-up ends it, as nobody watches the task.
    type(u"Look up"_s, u"other"_s);
    QTest::keyClick(named<QLineEdit>(window(), u"Look up"_s), Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(pane->shownTask()->task.text(), u"other"_s, 10'000);
    QCOMPARE(log->rowCount(), 0);
    type(u"Look up"_s, id.text());
    QTest::keyClick(named<QLineEdit>(window(), u"Look up"_s), Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(pane->shownTask()->task, id, 10'000);
    QTRY_COMPARE_WITH_TIMEOUT(m_sim->requestsOf(id), 2, 10'000);
    QTRY_VERIFY_WITH_TIMEOUT(log->rowCount() > 0, 10'000);
    QCOMPARE(log->rowCount(), 1); // the first one was forgotten
}

void TestApplication::anOutageIsSaidAndEnds()
{
    const TaskId id = m_sim->start(Script::NeverEnding);
    ApplicationSetup connected = connectedSetup();
    connected.watch = {{id, {}}};
    start(std::move(connected));
    QTRY_COMPARE_WITH_TIMEOUT(outcomeOf(id), Outcome::Running, 10'000);
    m_sim->goDown();
    QTRY_VERIFY_WITH_TIMEOUT(window().banner().isShown(BannerKind::Unreachable), 20'000);
    QCOMPARE(outcomeOf(id), Outcome::Running); // a failed poll is not a failed task
    QVERIFY(m_sim->comeBack());
    click(u"Try now"_s);
    QTRY_VERIFY_WITH_TIMEOUT(!window().banner().isShown(BannerKind::Unreachable), 20'000);
}

void TestApplication::quittingDoesNotWaitForAnAnswer()
{
    Fault silence;
    silence.kind = Fault::Kind::Silent;
    silence.count = -1;
    m_sim->addFault(silence);
    ApplicationSetup connected = setup();
    ProfileStore profiles(connected.folders.config, *m_clock);
    (void)profiles.load();
    ServerProfile profile;
    profile.id = ServerId::create();
    profile.apiRoot = m_sim->apiRoot();
    profile.address = m_sim->siteUrl().toString();
    QVERIFY(profiles.save({profile}));
    connected.line.token = Secret(token);
    connected.watch = {{TaskId(u"nobody"_s), {}}};
    start(std::move(connected));
    QTRY_VERIFY_WITH_TIMEOUT(m_sim->requests() > 0, 10'000);
    QElapsedTimer timer;
    timer.start();
    m_application.reset();
    QVERIFY(timer.elapsed() < 4'000);
}

void TestApplication::unencryptedServersNeedConsent()
{
    ApplicationSetup open = setup();
    open.line.server = u"http://guardian.invalid"_s;
    open.line.token = Secret(token);
    start(std::move(open));
    QVERIFY(window().isConnectPageShown());
    QVERIFY(headline().contains(u"encrypted"_s));
}

void TestApplication::historyTroubleIsSaid()
{
    const ApplicationSetup connected = connectedSetup();
    QVERIFY(QDir(connected.folders.data).mkdir(u"history.db"_s)); // a folder in its place
    const TaskId id = m_sim->start(Script::NeverEnding);
    ApplicationSetup watching = connectedSetup();
    watching.watch = {{id, {}}};
    start(std::move(watching));
    QTRY_VERIFY_WITH_TIMEOUT(window().banner().isShown(BannerKind::HistoryTrouble), 10'000);
    QTRY_COMPARE_WITH_TIMEOUT(outcomeOf(id), Outcome::Running, 10'000); // in memory
}

void TestApplication::damagedProfilesAreSaid()
{
    const ApplicationSetup damaged = setup();
    QFile file(damaged.folders.config + u"/servers.json"_s);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(file.write("{ no json") > 0);
    file.close();
    start(setup());
    QVERIFY(window().isConnectPageShown());
    window().showTasks();
    QVERIFY(window().banner().isShown(BannerKind::Note));
}

void TestApplication::damagedSettingsThatACommandMetAreSaid()
{
    const ApplicationSetup damaged = setup();
    QFile file(damaged.folders.config + u"/settings.json"_s);
    const QByteArray bytes = R"({"historyDays": 365, "onClose": "qu)";
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    file.close();
    SettingsFile ofTheCommand(damaged.folders.config, *m_clock, JsonFile::Damaged::Leave);
    QCOMPARE(ofTheCommand.load().warnings.size(), 1);
    QVERIFY(!ofTheCommand.save({}).has_value());
    start(setup());
    window().showTasks();
    QVERIFY(window().banner().isShown(BannerKind::Note));
    const QString words = window().banner().accessibleDescription();
    const QStringList kept =
        QDir(damaged.folders.config).entryList({u"settings.json.damaged-*"_s}, QDir::Files);
    QCOMPARE(kept.size(), 1);
    QVERIFY2(words.contains(kept.constFirst()), qPrintable(words));
    QFile aside(damaged.folders.config + u'/' + kept.constFirst());
    QVERIFY(aside.open(QIODevice::ReadOnly));
    QCOMPARE(aside.readAll(), bytes);
}

void TestApplication::strangeSettingsOfAServerAreSaid()
{
    ApplicationSetup two = setupOfTwo();
    QFile file(two.folders.config + u"/servers.json"_s);
    QVERIFY(file.open(QIODevice::ReadWrite));
    QByteArray text = file.readAll();
    text.replace("\"requestsPerSecond\": 20", "\"requestsPerSecond\": 20000");
    QVERIFY(text.contains("20000"));
    QVERIFY(file.resize(0) && file.seek(0) && file.write(text) > 0);
    file.close();
    start(std::move(two));
    QVERIFY(window().banner().isShown(BannerKind::Note));
    QVERIFY(window().banner().accessibleDescription().contains(u"requestsPerSecond"_s));
}

void TestApplication::aKeychainThatIsWaitedForIsSaid()
{
    start(setupOfTwo());
    QTRY_VERIFY(!window().banner().isShown(BannerKind::SignInNeeded));
    Q_EMIT m_tokens->waiting(true);
    QTRY_VERIFY(window().banner().isShown(BannerKind::NoKeychain));
    QVERIFY(window().banner().accessibleDescription().contains(u"Waiting for the keychain"_s));
    Q_EMIT m_tokens->waiting(false);
    QVERIFY(!window().banner().accessibleDescription().contains(u"Waiting"_s)
            || !window().banner().isVisible());
}

void TestApplication::nobodyHasToSignInBeforeTheKeychainAnswers()
{
    ApplicationSetup two = setupOfTwo();
    auto late = std::make_unique<LateTokenStore>();
    const LateTokenStore *store = late.get();
    two.tokens = std::move(late);
    start(std::move(two));
    QTRY_COMPARE(store->reads.size(), 2);
    store->reads.value(m_secondProfile.id)(
        tl::unexpected(TokenStoreError{TokenStoreError::Kind::NotFoundOrCancelled, {}}));
    // The first was told of before the second.
    QTRY_VERIFY(saidOf(m_secondProfile).contains(u"sign-in needed"_s));
    QVERIFY(window().banner().isShown(BannerKind::TokenNotRead, m_secondProfile.id));
    QVERIFY(!saidOf(m_firstProfile).contains(u"sign-in needed"_s));
    store->reads.value(m_firstProfile.id)(Credentials{{}, Secret(token), {}});
    QTRY_VERIFY(m_sim->requestsWith(token) > 0);
    QVERIFY(!saidOf(m_firstProfile).contains(u"sign-in needed"_s));
}

void TestApplication::aKeychainWithoutATokenIsAnAnswer()
{
    ApplicationSetup two = setupOfTwo();
    auto late = std::make_unique<LateTokenStore>();
    const LateTokenStore *store = late.get();
    two.tokens = std::move(late);
    start(std::move(two));
    QTRY_COMPARE(store->reads.size(), 2);
    // Only the password of its proxy is kept.
    store->reads.value(m_firstProfile.id)(Credentials{{}, {}, Secret("proxy"_ba)});
    QTRY_VERIFY(window().banner().isShown(BannerKind::SignInNeeded, m_firstProfile.id));
    QVERIFY(!window().banner().isShown(BannerKind::SignInNeeded, m_secondProfile.id));
}

/// As after a prompt of the keyring that was cancelled. By keys.
void TestApplication::aTokenThatWasNotGivenIsAskedForAgain()
{
    const tl::unexpected cancelled(TokenStoreError{TokenStoreError::Kind::NotFoundOrCancelled, {}});
    LateTokenStore *store = startLate(setupOfTwo());
    store->reads.take(m_firstProfile.id)(cancelled);
    store->reads.take(m_secondProfile.id)(cancelled);
    const BannerBar &banner = window().banner();
    const ServerId one = std::min(m_firstProfile.id, m_secondProfile.id, [](auto &a, auto &b) {
        return a.uuid() < b.uuid(); // whose banner comes first
    });
    const ServerId other = one == m_firstProfile.id ? m_secondProfile.id : m_firstProfile.id;
    QTRY_VERIFY(banner.isShown(BannerKind::TokenNotRead, one));
    QVERIFY(banner.accessibleDescription().contains(u"unlock it and try again"_s));
    const auto tryAgain = [this] {
        QAbstractButton *again = button(window(), u"Try again"_s);
        QVERIFY(again && again->isVisible() && (again->focusPolicy() & Qt::TabFocus));
        again->setFocus();
        QTest::keyClick(again, Qt::Key_Space);
    };
    tryAgain();
    QVERIFY(banner.accessibleDescription().contains(u"Waiting for the keychain"_s));
    QVERIFY(!button(window(), u"Try again"_s));          // once
    QCOMPARE(store->reads.keys(), QList<ServerId>{one}); // one prompt, not two
    store->reads.take(one)(cancelled);
    QVERIFY(banner.accessibleDescription().contains(u"unlock it and try again"_s));
    QVERIFY(store->reads.isEmpty());

    tryAgain();
    const auto kept = [this](const ServerId &id) {
        return Credentials{{}, Secret(id == m_firstProfile.id ? token : secondToken), {}};
    };
    store->reads.take(one)(kept(one));
    QVERIFY(banner.isShown(BannerKind::TokenNotRead, other));
    QCOMPARE(store->reads.keys(), QList<ServerId>{other}); // it is open now
    store->reads.take(other)(kept(other));
    QVERIFY(!banner.isShown(BannerKind::TokenNotRead));
    QTRY_VERIFY(m_sim->requestsWith(token) > 0 && m_second->requestsWith(secondToken) > 0);
    QTRY_VERIFY(!banner.isShown(BannerKind::SignInNeeded));
}

void TestApplication::withoutTheKeychainOneSignsIn()
{
    LateTokenStore *store = startLate(setupOfTwo());
    store->reads.take(m_firstProfile.id)(
        tl::unexpected(TokenStoreError{TokenStoreError::Kind::TimedOut, {}}));
    QTRY_VERIFY(window().banner().isShown(BannerKind::TokenNotRead, m_firstProfile.id));
    click(u"Sign in…"_s);
    auto *dialog = window().findChild<SignInDialog *>();
    QVERIFY(dialog);
    auto *field = named<QLineEdit>(*dialog, u"Token"_s);
    QTest::keyClicks(field, QString::fromLatin1(token));
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_VERIFY(!window().banner().isShown(BannerKind::TokenNotRead));
    QVERIFY(store->written.contains(m_firstProfile.id));
}

void TestApplication::aMissingKeychainIsSaidWhereOneSignsIn()
{
    LateTokenStore *store = startLate(setupOfTwo());
    const auto note = [this] {
        return window().connectPage().findChild<QLabel *>(u"storageNote"_s)->text();
    };
    QVERIFY(note().contains(u"in your desktop's keychain"_s));
    store->reads.take(m_firstProfile.id)(
        tl::unexpected(TokenStoreError{TokenStoreError::Kind::Unavailable, {}}));
    QVERIFY(note().contains(u"no working keychain"_s) && note().contains(u"this run only"_s));
    Q_EMIT window().signInWanted(m_firstProfile.id);
    const auto *dialog = window().findChild<SignInDialog *>();
    QVERIFY(dialog);
    QCOMPARE(dialog->findChild<QLabel *>(u"storageNote"_s)->text(), note());
    store->reads.take(m_secondProfile.id)(Credentials{{}, Secret(secondToken), {}});
    Q_EMIT store->readLate(m_firstProfile.id, Credentials{{}, Secret(token), {}});
    QVERIFY(note().contains(u"in your desktop's keychain"_s));
}

void TestApplication::lateAnswersOfTheKeychainAreWhatIsSaid()
{
    const tl::unexpected timedOut(TokenStoreError{TokenStoreError::Kind::TimedOut, {}});
    LateTokenStore *store = startLate(setupOfTwo());
    const BannerBar &banner = window().banner();
    const auto says = [&banner](const QString &words) {
        return banner.accessibleDescription().contains(words);
    };
    // Read: there is none, as is known at last.
    store->reads.take(m_firstProfile.id)(timedOut);
    QVERIFY(says(u"does not answer"_s));
    Q_EMIT store->readLate(m_firstProfile.id, tl::unexpected(TokenStoreError{
                                                  TokenStoreError::Kind::NotFoundOrCancelled, {}}));
    QVERIFY(says(u"gave no token"_s) && !says(u"does not answer"_s));
    Q_EMIT store->readLate(m_firstProfile.id, Credentials{{}, Secret(token), {}});
    QVERIFY(!banner.isShown(BannerKind::TokenNotRead));
    store->reads.take(m_secondProfile.id)(Credentials{{}, Secret(secondToken), {}});
    QTRY_VERIFY(m_sim->requestsWith(token) > 0);

    // Deleted: late, but it is.
    store->isLocked = true;
    Q_EMIT window().serversWanted(m_firstProfile.id);
    Q_EMIT window().findChild<ServersDialog *>()->forgetWanted(m_firstProfile.id);
    QTRY_VERIFY(saidOf(m_firstProfile).contains(u"sign-in needed"_s));
    QVERIFY(banner.isShown(BannerKind::TokenNotRemoved));
    Q_EMIT store->removedLate(m_secondProfile.id, {}); // nobody waits for that one
    QVERIFY(banner.isShown(BannerKind::TokenNotRemoved));
    Q_EMIT store->removedLate(m_firstProfile.id,
                              TokenStoreError{TokenStoreError::Kind::Denied, {}});
    QVERIFY(banner.isShown(BannerKind::TokenNotRemoved) && says(u"refused access"_s));
    click(u"Try again"_s);
    QVERIFY(says(u"does not answer"_s));
    Q_EMIT store->removedLate(m_firstProfile.id, {});
    QVERIFY(!banner.isShown(BannerKind::TokenNotRemoved));
}

/// Signed in while the keyring was locked.
void TestApplication::whatTheKeychainRefusedIsOfferedAgain()
{
    auto late = std::make_unique<LateTokenStore>();
    LateTokenStore *store = late.get();
    ApplicationSetup two = setupOfTwo();
    two.tokens = std::make_unique<FallbackTokenStore>(std::move(late));
    start(std::move(two));
    QTRY_COMPARE(store->reads.size(), 2);
    const Credentials kept{{}, Secret(token), {}};
    store->reads.take(m_firstProfile.id)(kept);
    store->reads.take(m_secondProfile.id)(Credentials{{}, Secret(secondToken), {}});
    QTRY_VERIFY(m_sim->requestsWith(token) > 0);
    QTRY_VERIFY(!window().banner().isVisible());
    store->isLocked = true;
    save(m_firstProfile, Secret("proxy"_ba));
    const BannerBar &banner = window().banner();
    QTRY_VERIFY(banner.isShown(BannerKind::NoKeychain));
    QVERIFY(banner.accessibleDescription().contains(u"for this run only"_s));
    QVERIFY(banner.accessibleDescription().contains(u"Start or unlock it"_s));
    store->isLocked = false;
    click(u"Try again"_s);
    QTRY_VERIFY(!banner.isShown(BannerKind::NoKeychain));
    QVERIFY(keptFor(m_firstProfile, *store)
            == (Credentials{{}, Secret(token), Secret("proxy"_ba)}));

    // And where the keychain took it after all, late.
    store->isLocked = true;
    save(m_firstProfile, Secret("other proxy"_ba));
    QTRY_VERIFY(banner.isShown(BannerKind::NoKeychain));
    Q_EMIT store->writtenLate(m_firstProfile.id, {});
    QVERIFY(!banner.isShown(BannerKind::NoKeychain));
}

/// Its CA file is gone: a sign-in would not help.
void TestApplication::aServerThatCannotBeUsedNeedsNoSignIn()
{
    const QString caFile = m_folder->filePath(u"ca.pem"_s);
    QVERIFY(QFile::copy(testDataPath(u"tls/ca.pem"), caFile));
    ApplicationSetup two = setupOfTwo();
    m_firstProfile.caFile = caFile;
    ProfileStore profiles(two.folders.config, *m_clock);
    QVERIFY(profiles.load() && profiles.save({m_firstProfile, m_secondProfile}));
    start(std::move(two));
    QTRY_VERIFY(m_sim->requestsWith(token) > 0);
    QTRY_VERIFY(!saidOf(m_firstProfile).contains(u"sign-in"_s));
    const auto wrong = std::make_shared<int>(0);
    connect(window().findChild<SideList *>()->model(), &QAbstractItemModel::dataChanged, this,
            [this, wrong] { *wrong += saidOf(m_firstProfile).contains(u"sign-in"_s) ? 1 : 0; });
    QVERIFY(QFile::rename(caFile, caFile + u".away"_s));
    save(m_firstProfile, {});
    const BannerBar &banner = window().banner();
    QVERIFY(banner.isShown(BannerKind::NotUsable, m_firstProfile.id));
    QVERIFY(banner.accessibleDescription().contains(u"ca.pem"_s));
    const TaskId later = m_second->start(Script::NeverEnding);
    tasks().watch({TaskKey{m_secondProfile.id, later}});
    QTRY_VERIFY(m_second->requestsOf(later) > 0); // the engine has told of both by now
    QCoreApplication::sendPostedEvents();
    QVERIFY(saidOf(m_firstProfile).contains(u"paused"_s));
    QCOMPARE(*wrong, 0);
    QVERIFY(QFile::rename(caFile + u".away"_s, caFile));
    const int asked = m_sim->requestsWith(token);
    save(m_firstProfile, {});
    QTRY_VERIFY(m_sim->requestsWith(token) > asked);
    QVERIFY(!banner.isShown(BannerKind::NotUsable));
    QTRY_VERIFY(!saidOf(m_firstProfile).contains(u"paused"_s));
    QCOMPARE(*wrong, 0);
    m_application.reset();

    // From the start on; and no token is asked for then.
    QVERIFY(QFile::remove(caFile));
    ApplicationSetup again = setupOfTwo();
    auto late = std::make_unique<LateTokenStore>();
    const LateTokenStore *store = late.get();
    again.tokens = std::move(late);
    start(std::move(again));
    QTRY_VERIFY(window().banner().isShown(BannerKind::NotUsable, m_firstProfile.id));
    QVERIFY(saidOf(m_firstProfile).contains(u"paused"_s));
    QCOMPARE(store->reads.keys(), QList<ServerId>{m_secondProfile.id});
}

void TestApplication::oneServersTroubleTouchesNoOther()
{
    start(setupOfTwo());
    QVERIFY(!window().isConnectPageShown());
    const TaskKey first{m_firstProfile.id, m_sim->start(Script::NeverEnding)};
    const TaskKey second{m_secondProfile.id, m_second->start(Script::NeverEnding)};
    tasks().watch({first, second});
    QTRY_COMPARE_WITH_TIMEOUT(outcomeOf(first.task), Outcome::Running, 10'000);
    QTRY_COMPARE_WITH_TIMEOUT(outcomeOf(second.task), Outcome::Running, 10'000);
    const TaskTableModel &model = window().model();
    const auto cell = [&model](const TaskKey &key, TaskColumn column) {
        return model.index(model.rowOf(key), int(column)).data().toString();
    };
    QTRY_COMPARE(cell(first, TaskColumn::Server), u"First"_s);
    QCOMPARE(cell(second, TaskColumn::Server), u"Second"_s);

    m_sim->goDown();
    QTRY_VERIFY_WITH_TIMEOUT(window().banner().isShown(BannerKind::Unreachable, m_firstProfile.id),
                             20'000);
    QVERIFY(window().banner().accessibleDescription().contains(u"First"_s));
    const int asked = m_second->requestsOf(second.task);
    QTRY_VERIFY_WITH_TIMEOUT(m_second->requestsOf(second.task) > asked + 2, 10'000);
    QVERIFY(!tasks().find(second)->trouble);
    QTRY_VERIFY(cell(first, TaskColumn::Connection).contains(u"nreachable"_s));
    QVERIFY(!cell(second, TaskColumn::Connection).contains(u"nreachable"_s));
    // The second is refused meanwhile: its own banner, and the first's trouble stays.
    m_second->accounts().setPlainToken("another");
    tasks().refresh({second});
    QTRY_VERIFY_WITH_TIMEOUT(
        window().banner().isShown(BannerKind::SignInNeeded, m_secondProfile.id), 10'000);
    QCOMPARE(outcomeOf(first.task), Outcome::Running);
    QCOMPARE(m_sim->requestsWith(secondToken), 0);
    QCOMPARE(m_second->requestsWith(token), 0);
}

void TestApplication::aRestartKeepsBothServers()
{
    start(setupOfTwo());
    const TaskKey first{m_firstProfile.id, m_sim->start(Script::NeverEnding)};
    const TaskKey second{m_secondProfile.id, m_second->start(Script::NeverEnding)};
    tasks().watch({first, second});
    QTRY_COMPARE_WITH_TIMEOUT(outcomeOf(first.task), Outcome::Running, 10'000);
    QTRY_COMPARE_WITH_TIMEOUT(outcomeOf(second.task), Outcome::Running, 10'000);
    m_application.reset();

    start(setupOfTwo());
    QCOMPARE(m_application->servers().profiles(),
             (QList<ServerProfile>{m_firstProfile, m_secondProfile}));
    QCOMPARE(tasks().size(), 2);
    QCOMPARE(outcomeOf(first.task), Outcome::Running);
    const int asked = m_sim->requestsOf(first.task);
    const int askedSecond = m_second->requestsOf(second.task);
    QTRY_VERIFY_WITH_TIMEOUT(m_sim->requestsOf(first.task) > asked, 10'000);
    QTRY_VERIFY_WITH_TIMEOUT(m_second->requestsOf(second.task) > askedSecond, 10'000);
}

void TestApplication::theSettingsLeadToTheServersSwitches()
{
    start(setupOfTwo());
    window().actions().settings->trigger();
    auto *settings = window().findChild<SettingsDialog *>();
    QVERIFY(settings);
    button(*settings, u"Servers…"_s)->click();
    auto *servers = window().findChild<ServersDialog *>();
    QVERIFY(servers);
    QVERIFY(servers->isVisible());
    auto *tells = button(*servers, u"Notifications for tasks of this server"_s);
    QVERIFY(tells);
    QVERIFY(tells->isChecked());
    QCOMPARE(QApplication::activeModalWidget(), servers); // in front, and to be used
}

void TestApplication::anIdIsFoundOnTheServerThatHasIt()
{
    start(setupOfTwo());
    const TaskId id = m_second->start(Script::NeverEnding);
    type(u"Look up"_s, id.text());
    QTest::keyClick(named<QLineEdit>(window(), u"Look up"_s), Qt::Key_Return);
    auto *pane = window().findChild<DetailPane *>();
    QTRY_COMPARE_WITH_TIMEOUT(pane->shownTask(), std::optional(TaskKey{m_secondProfile.id, id}),
                              10'000);
    click(u"Watch This Task"_s);
    QVERIFY(tasks().contains({m_secondProfile.id, id}));
    QVERIFY(m_sim->requestsOf(id) > 0); // asked, too
}

void TestApplication::theGivenTokenIsNotSentToSomeServer()
{
    ApplicationSetup both = setupOfTwo();
    both.line.token = Secret("marker-for-whom");
    start(std::move(both));
    QVERIFY(window().banner().isShown(BannerKind::Note));
    tasks().watch({{m_firstProfile.id, TaskId(u"a"_s)}, {m_secondProfile.id, TaskId(u"b"_s)}});
    QTRY_VERIFY_WITH_TIMEOUT(m_sim->requests() > 0 && m_second->requests() > 0, 10'000);
    QCOMPARE(m_sim->requestsWith("marker-for-whom"), 0);
    QCOMPARE(m_second->requestsWith("marker-for-whom"), 0);
}

void TestApplication::aPictureShowsTheFailedTask()
{
    const TaskId running = m_sim->start(Script::NeverEnding);
    StartOptions old;
    old.age = 1h;
    const TaskId failing = m_sim->start(Script::Failing, old);
    ApplicationSetup connected = connectedSetup();
    connected.watch = {{running, {}}, {failing, {}}};
    start(std::move(connected));
    const QString file = m_folder->filePath(u"window.png"_s);
    const Screenshot screenshot(*m_application, file, *m_clock);
    QSignalSpy finished(&screenshot, &Screenshot::finished);
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 30'000);
    QCOMPARE(finished.first().at(0).value<ExitStatus>(), ExitStatus::Good);
    QCOMPARE(finished.first().at(1).toString(), QString());
    QCOMPARE(window().findChild<DetailPane *>()->shownTask(), std::optional(keyOf(failing)));
    const QImage picture(file);
    QCOMPARE(picture.size(), window().size());
}

void TestApplication::aPictureThatCannotBeWrittenIsSaid()
{
    start(setup());
    const Screenshot screenshot(*m_application, m_folder->filePath(u"none/window.png"_s), *m_clock);
    QSignalSpy finished(&screenshot, &Screenshot::finished);
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 30'000);
    QCOMPARE(finished.first().at(0).value<ExitStatus>(), ExitStatus::Internal);
    QVERIFY(!finished.first().at(1).toString().isEmpty());
}

void TestApplication::aPictureWithoutTheServersAnswerSaysSo()
{
    ApplicationSetup refused = connectedSetup();
    refused.line.server = u"http://127.0.0.1:1"_s; // nobody listens there
    refused.watch = {{TaskId(u"never-asked"_s), {}}};
    start(std::move(refused));
    const QString file = m_folder->filePath(u"window.png"_s);
    const Screenshot screenshot(*m_application, file, *m_clock);
    QSignalSpy finished(&screenshot, &Screenshot::finished);
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 30'000);
    QCOMPARE(finished.first().at(0).value<ExitStatus>(), ExitStatus::NotAsked);
    QVERIFY(!finished.first().at(1).toString().isEmpty());
    QVERIFY(QFile::exists(file));
}

QTEST_MAIN(TestApplication)
#include "test_application.moc"
