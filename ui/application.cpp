#include "application.h"

#include "account/connectflow.h"
#include "account/connectpage.h"
#include "account/keychainnotices.h"
#include "account/serverdesk.h"
#include "account/serverdialogs.h"
#include "base/giveway.h"
#include "desktop/autostart.h"
#include "desktop/desktopnotifier.h"
#include "desktop/desktoppresence.h"
#include "desktop/networkwatch.h"
#include "desktop/noticedesk.h"
#include "desktop/requestdesk.h"
#include "guardian/parsetaskreply.h"
#include "guardian/rulefollower.h"
#include "history/historystore.h"
#include "intake/discoverydesk.h"
#include "intake/intakedesk.h"
#include "mainwindow.h"
#include "paintgate.h"
#include "settings/commandspage.h"
#include "settings/desktoppage.h"
#include "settings/generalpage.h"
#include "settings/notificationspage.h"
#include "settings/secretspage.h"
#include "settings/settingsdialog.h"
#include "window/banner.h"

#include <QThread>

#include <utility>

using namespace std::chrono_literals;

namespace {

constexpr auto engineEnd = 5s;

RetentionLimits retention(const Settings &settings)
{
    return {settings.historyDays, settings.historyMegabytes * 1024LL * 1024};
}

} // namespace

Application::Application(ApplicationSetup setup, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_setup(std::move(setup))
    , m_settingsFile(m_setup.folders.config, clock)
    , m_windowFile(m_setup.folders.state, clock)
    , m_usualFile(m_setup.folders.data, clock)
    , m_tasks(clock)
    , m_ruleBook(std::make_shared<SecretRuleBook>())
    , m_history(std::make_unique<HistoryStore>(m_setup.folders.data + QStringLiteral("/history.db"),
                                               historyFunctionsBy(m_ruleBook, parserBy(m_ruleBook)),
                                               clock))
    , m_engineThread(std::make_unique<QThread>())
    , m_engine(new Engine(clock, EngineParts{parserBy(m_ruleBook), {}}))
    , m_servers(
          std::make_unique<ServerDesk>(*m_engine, *m_setup.tokens, m_setup.folders.config, clock))
    , m_window(std::make_unique<MainWindow>(m_tasks, m_log, clock))
    , m_painted(new PaintGate(*m_window, clock, this))
    , m_connect(new ConnectFlow(m_window->connectPage(), clock, this))
    , m_dialogs(new ServerDialogs(*m_servers, clock, *m_window, this))
    , m_keychain(new KeychainNotices(*m_servers, *m_setup.tokens, m_window->banner(), this))
    , m_requests(new RequestDesk(m_tasks, *m_window, this))
    , m_discovery(new DiscoveryDesk(
          m_tasks, m_window->banner(), [this](const ServerId &id) { return m_servers->find(id); },
          this))
    , m_notices(new NoticeDesk(
          m_tasks, *m_history, *m_window,
          [this](const ServerId &id) { return m_servers->find(id); }, m_setup.folders.state, clock,
          this))
    , m_network(new NetworkWatch(this))
    , m_rules(new RuleFollower(m_tasks, m_ruleBook, this))
    , m_presence(std::make_unique<DesktopPresence>(m_tasks, *m_window, clock))
{
    m_engineThread->setObjectName(QStringLiteral("engine"));
    m_engine->moveToThread(m_engineThread.get());
    connect(m_engineThread.get(), &QThread::started, m_engine, &giveWay);
    connect(m_engineThread.get(), &QThread::finished, m_engine, &QObject::deleteLater);
    connectEngine();
    connectTasks();
    connectHistory();
    connectServers();
    connectTokens();
    connectWindow();
    connectPresence();
    m_engineThread->start();
}

Application::~Application()
{
    saveWindow();
    delete std::exchange(m_network, nullptr); // the system may take its time
    m_painted->open();                        // what the history was given already is to be kept
    m_history->saveChecks(recordsOf(m_checked.values()));
    m_presence.reset();
    delete m_notices; // before the window that it speaks in
    delete m_discovery;
    delete m_keychain;
    delete m_dialogs;
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
    m_notices->notifier().setSettings(m_settings.notices);
    (void)m_rules->setRules(m_settings.secretRules);
    m_window->restoreWindowState(m_windowFile.load());
    m_presence->setOnClose(m_settings.onClose);
    if (m_setup.line.minimized) {
        // Was for showing the window now, and is of no use later.
        for (const char *token : {"XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"})
            qunsetenv(token);
        m_presence->startMinimized();
    } else {
        m_window->show();
    }
    if (const auto read = m_servers->load(); !read)
        notes << read.error();
    notes << m_servers->warnings();
    m_dialogs->setNetwork(networkSettings());
    m_servers->open(networkSettings());
    chooseServer();
    m_painted->pass([this] {
        if (m_network)
            m_network->start(); // the system may take its time
    });
    if (!notes.isEmpty())
        say(tr("Something of the last run could not be read."), notes.join(QLatin1Char('\n')));
}

bool Application::isReady() const
{
    return m_ready || m_window->isConnectPageShown();
}

bool Application::isServerRefused() const
{
    return m_window->isConnectPageShown() && !m_setup.line.server.isEmpty();
}

void Application::openHistory()
{
    if (std::exchange(m_historyOpen, true))
        return;
    learnUsual();
    m_history->setRetention(retention(m_settings));
    m_painted->pass([this] { m_history->open(); });
}

NetworkSettings Application::networkSettings() const
{
    NetworkSettings network;
    network.idleTimeout = m_settings.idleTimeout;
    network.totalTimeout = m_settings.totalTimeout;
    return network;
}

void Application::openSettings()
{
    m_settings.autostart = Autostart::ofThisProgram(m_setup.line.dataDir).isEnabled();
    auto *dialog = new SettingsDialog(m_settings, m_window.get());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->addPage(new GeneralPage);
    dialog->addPage(new DesktopPage);
    auto *notifications = new NotificationsPage(m_notices->notifier());
    connect(notifications, &NotificationsPage::serversWanted, this, [this] { openServers({}); });
    dialog->addPage(notifications);
    dialog->addPage(new CommandsPage);
    dialog->addPage(new SecretsPage);
    connect(dialog, &SettingsDialog::applied, this, &Application::applySettings);
    dialog->open();
}

void Application::applySettings(const Settings &settings)
{
    const bool otherStart = settings.autostart != m_settings.autostart;
    const bool otherTimeouts = settings.idleTimeout != m_settings.idleTimeout
                               || settings.totalTimeout != m_settings.totalTimeout;
    m_settings = settings;
    m_window->setDetailPlacement(settings.detailPlacement);
    m_notices->notifier().setSettings(settings.notices);
    m_presence->setOnClose(settings.onClose);
    m_history->setRetention(retention(settings));
    if (m_rules->setRules(settings.secretRules))
        m_history->maskKept();
    if (otherTimeouts)
        m_servers->setNetwork(networkSettings());
    sayIfFailed(m_settingsFile.save(settings));
    if (otherStart) {
        sayIfFailed(Autostart::ofThisProgram(m_setup.line.dataDir).setEnabled(settings.autostart));
    }
}

void Application::sayIfFailed(const tl::expected<void, QString> &saved)
{
    if (!saved)
        say(tr("A setting could not be saved."), saved.error());
}

void Application::say(const QString &headline, const QString &nextStep)
{
    m_window->banner().set(BannerKind::Note, {headline, nextStep, {}, true});
}

void Application::saveWindow()
{
    // Nothing can be said any more: the next start looks as this one did.
    (void)m_windowFile.save(m_window->windowState());
}
