#include "application.h"

#include "account/connectflow.h"
#include "account/connectpage.h"
#include "account/serverchoice.h"
#include "guardian/parsetaskreply.h"
#include "history/historystore.h"
#include "intake/intakedesk.h"
#include "mainwindow.h"
#include "task/secretrule.h"
#include "window/banner.h"

#include <QThread>

#include <utility>

using namespace std::chrono_literals;

namespace {

constexpr auto engineEnd = 5s;

} // namespace

Application::Application(ApplicationSetup setup, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_setup(std::move(setup))
    , m_profiles(m_setup.folders.config, clock)
    , m_settingsFile(m_setup.folders.config, clock)
    , m_windowFile(m_setup.folders.state, clock)
    , m_tasks(clock)
    , m_history(std::make_unique<HistoryStore>(m_setup.folders.data + QStringLiteral("/history.db"),
                                               HistoryFunctions{&parseTaskReply, &maskSecrets},
                                               clock))
    , m_engineThread(std::make_unique<QThread>())
    , m_engine(new Engine(clock))
    , m_window(std::make_unique<MainWindow>(m_tasks, m_log, clock))
    , m_connect(new ConnectFlow(m_window->connectPage(), clock, this))
{
    m_engineThread->setObjectName(QStringLiteral("engine"));
    m_engine->moveToThread(m_engineThread.get());
    connect(m_engineThread.get(), &QThread::finished, m_engine, &QObject::deleteLater);
    connectEngine();
    connectTasks();
    connectHistory();
    connectWindow();
    m_engineThread->start();
}

Application::~Application()
{
    saveWindow();
    m_window.reset(); // before what it shows
    m_engineThread->quit();
    if (!m_engineThread->wait(engineEnd))
        (void)m_engineThread.release(); // destroying a running thread would abort: let it go
}

void Application::start()
{
    QStringList notes;
    if (const auto made = m_setup.folders.create(); !made)
        notes << made.error();
    const auto loaded = m_settingsFile.load();
    m_settings = loaded.settings;
    notes << loaded.warnings;
    m_window->setDetailPlacement(m_settings.detailPlacement);
    m_window->restoreWindowState(m_windowFile.load());
    m_window->show();
    if (const auto profiles = m_profiles.load())
        m_storedProfiles = *profiles;
    else
        notes << profiles.error();
    auto *choice = new ServerChoice(networkSettings(), m_clock, this);
    connect(choice, &ServerChoice::chosen, this, &Application::useServer);
    connect(choice, &ServerChoice::none, this, [this] { openServerPage(false); });
    connect(choice, &ServerChoice::refused, this, &Application::refuseServer);
    choice->choose(m_setup.line, m_storedProfiles, m_settings.requestsPerSecond);
    if (!notes.isEmpty()) {
        m_window->banner().set(BannerKind::Note,
                               {tr("Something of the last run could not be read."),
                                notes.join(QLatin1Char('\n')),
                                {},
                                true});
    }
}

bool Application::isReady() const
{
    return m_ready || m_window->isConnectPageShown();
}

void Application::connectEngine()
{
    connect(&m_tasks, &TaskStore::wished, m_engine, &Engine::applyWishes);
    connect(m_engine, &Engine::polled, this, &Application::takePolls);
    connect(m_engine, &Engine::connectionChanged, this,
            [this](const ServerId &server, const ConnectionStatus &status) {
                if (status.state != Connection::Live && status.state != Connection::Polling)
                    m_tasks.interrupt(server);
                m_window->setConnection(server, status);
            });
    connect(&m_window->intake(), &IntakeDesk::lookUpWanted, m_engine, &Engine::lookUp);
    connect(m_engine, &Engine::lookedUp, &m_window->intake(), &IntakeDesk::takeAnswer);
    connect(m_window.get(), &MainWindow::retryWanted, m_engine, &Engine::networkReturned);
}

void Application::connectTasks()
{
    connect(&m_tasks, &TaskStore::added, this, &Application::saveTasks);
    connect(&m_tasks, &TaskStore::changed, this, &Application::saveTasks);
    connect(&m_tasks, &TaskStore::removed, m_history.get(), &HistoryStore::remove);
    connect(&m_tasks, &TaskStore::removed, this,
            [this](const QList<TaskKey> &keys) { m_log.forget(keys); });
}

void Application::connectHistory()
{
    connect(m_history.get(), &HistoryStore::opened, this, &Application::takeHistory);
    connect(m_history.get(), &HistoryStore::failed, this, [this](const HistoryError &error) {
        // Of what happened once, saving again is not the end.
        const bool isOver =
            error.kind == HistoryError::Kind::Damaged || error.kind == HistoryError::Kind::Partly;
        m_window->banner().set(isOver ? BannerKind::Note : BannerKind::HistoryTrouble,
                               {error.headline, error.nextStep, {}, true});
    });
    connect(m_history.get(), &HistoryStore::dropped, &m_tasks, &TaskStore::unwatch);
    connect(m_history.get(), &HistoryStore::saved, this,
            [this] { m_window->banner().remove(BannerKind::HistoryTrouble); });
}

void Application::connectWindow()
{
    connect(m_window.get(), &MainWindow::serverPageWanted, this, [this] { openServerPage(false); });
    connect(m_window.get(), &MainWindow::tokenWanted, this, [this] { openServerPage(true); });
    connect(m_window.get(), &MainWindow::detailPlacementChosen, this,
            [this](Settings::DetailPlacement placement) {
                m_settings.detailPlacement = placement;
                sayIfFailed(m_settingsFile.save(m_settings));
            });
    connect(&m_window->connectPage(), &ConnectPage::cancelled, this, [this] {
        m_connect->cancel();
        m_window->showTasks();
    });
    connect(m_connect, &ConnectFlow::connected, this, &Application::takeConnected);
    connect(m_setup.tokens.get(), &TokenStore::persistenceChanged, this,
            &Application::sayWhereTokensAre);
    connect(m_setup.tokens.get(), &TokenStore::waiting, this, [this](bool isWaiting) {
        if (isWaiting) {
            m_window->banner().set(BannerKind::NoKeychain,
                                   {tr("Waiting for the keychain."),
                                    tr("It may be asking to be unlocked in another window."),
                                    {},
                                    false});
        } else {
            sayWhereTokensAre();
        }
    });
    connect(m_setup.tokens.get(), &TokenStore::arrivedLate, this,
            [this](const ServerId &server, const Secret &token) {
                if (m_profile && m_profile->id == server && m_token.isEmpty())
                    useToken(token);
            });
    sayWhereTokensAre();
}

void Application::refuseServer(const QString &headline, const QString &nextStep)
{
    openServerPage(false);
    m_window->connectPage().setAddress(m_setup.line.server);
    m_window->connectPage().setResult(ConnectPage::Mood::Bad, headline, nextStep);
}

NetworkSettings Application::networkSettings() const
{
    NetworkSettings network;
    network.idleTimeout = m_settings.idleTimeout;
    network.totalTimeout = m_settings.totalTimeout;
    return network;
}

void Application::useServer(const ServerProfile &profile)
{
    const bool isFirst = !m_profile;
    m_profile = profile;
    PollManners manners;
    manners.requestsPerSecond = profile.requestsPerSecond;
    const ServerConfig config{profile.id, profile.name,      ApiRoot(profile.apiRoot),
                              manners,    networkSettings(), profile.paused};
    QMetaObject::invokeMethod(m_engine, [engine = m_engine, config] { engine->setServer(config); });
    m_window->setServer(ShownServer{profile.id, profile.name, profile.apiRoot});
    m_window->showTasks();
    if (!isFirst)
        return;
    readToken();
    m_history->setRetention({m_settings.historyDays, m_settings.historyMegabytes * 1024LL * 1024});
    m_history->open();
}

void Application::readToken()
{
    if (!m_setup.line.token.isEmpty()) {
        useToken(std::exchange(m_setup.line.token, {}));
        return;
    }
    m_setup.tokens->read(m_profile->id, this,
                         [this](const tl::expected<Secret, TokenStoreError> &token) {
                             if (token) {
                                 useToken(*token);
                                 return;
                             }
                             const TokenStoreErrorText words = describe(token.error());
                             m_window->banner().set(BannerKind::NoKeychain,
                                                    {words.headline, words.nextStep, {}, true});
                         });
}

void Application::useToken(const Secret &token)
{
    m_token = token;
    QMetaObject::invokeMethod(m_engine, [engine = m_engine, server = m_profile->id, token] {
        engine->setToken(server, token);
    });
}

void Application::takeHistory(const QList<TaskRecord> &records, bool last)
{
    QList<TaskRecord> ours;
    for (const TaskRecord &record : records) {
        if (m_profile && record.key.server == m_profile->id)
            ours << record;
    }
    m_loading = true;
    m_tasks.load(ours);
    m_loading = false;
    if (!last)
        return;
    watchGivenTasks();
    m_ready = true;
}

void Application::watchGivenTasks()
{
    QList<TaskKey> keys;
    for (const WatchFileRow &item : std::as_const(m_setup.watch))
        keys << TaskKey{m_profile->id, item.id};
    m_tasks.watch(keys);
    for (const WatchFileRow &item : std::as_const(m_setup.watch)) {
        if (!item.label.isEmpty())
            m_tasks.setLabel({m_profile->id, item.id}, item.label);
    }
}

void Application::takePolls(const QList<PollOutcome> &outcomes)
{
    m_log.append(outcomes); // first: the detail view reads it when the store speaks
    m_tasks.apply(outcomes);
}

void Application::saveTasks(const QList<TaskKey> &keys)
{
    if (m_loading)
        return;
    QList<TaskRecord> records;
    records.reserve(keys.size());
    for (const TaskKey &key : keys) {
        if (const TaskRecord *record = m_tasks.find(key))
            records << *record;
    }
    m_history->save(records);
}

void Application::openServerPage(bool forToken)
{
    m_connect->begin(m_profile, m_token);
    if (forToken)
        m_window->connectPage().focusToken();
    m_window->showConnectPage();
}

void Application::takeConnected(const ServerProfile &profile, const Secret &token)
{
    m_storedProfiles.removeIf(
        [&profile](const ServerProfile &stored) { return stored.id == profile.id; });
    m_storedProfiles.prepend(profile);
    sayIfFailed(m_profiles.save(m_storedProfiles));
    useServer(profile);
    if (token.isEmpty())
        return;
    useToken(token);
    m_setup.tokens->write(profile.id, token, this,
                          [this](const tl::expected<void, TokenStoreError> &) {
                              sayWhereTokensAre(); // it is kept for this run in any case
                          });
}

void Application::sayWhereTokensAre()
{
    const bool persistent = m_setup.tokens->isPersistent();
    m_window->connectPage().setStorageNote(
        persistent ? tr("The token is kept in your desktop's keychain.")
                   : tr("The token is kept for this run only. %1").arg(m_setup.tokens->reason()));
    if (persistent || !m_profile) {
        m_window->banner().remove(BannerKind::NoKeychain);
        return;
    }
    m_window->banner().set(
        BannerKind::NoKeychain,
        {tr("The token lasts for this run only."), m_setup.tokens->reason(), {}, true});
}

void Application::sayIfFailed(const tl::expected<void, QString> &saved)
{
    if (!saved) {
        m_window->banner().set(BannerKind::Note,
                               {tr("A setting could not be saved."), saved.error(), {}, true});
    }
}

void Application::saveWindow()
{
    // Nothing can be said any more: the next start looks as this one did.
    (void)m_windowFile.save(m_window->windowState());
}
