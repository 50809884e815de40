#pragma once

#include "account/folders.h"
#include "account/serverprofile.h"
#include "account/settings.h"
#include "account/tokenstore.h"
#include "account/windowstate.h"
#include "cli/commandline.h"
#include "cli/watchfile.h"
#include "guardian/engine.h"
#include "history/usualfile.h"
#include "task/polllog.h"
#include "task/taskstore.h"

#include <QObject>
#include <QSet>

#include <memory>
#include <optional>

class ConnectFlow;
class DesktopPresence;
class DiscoveryDesk;
class HistoryStore;
class KeychainNotices;
class MainWindow;
class QThread;
class NetworkWatch;
class RuleFollower;
class SecretRuleBook;
class NoticeDesk;
class PaintGate;
class RequestDesk;
class ServerDesk;
class ServerDialogs;

/// How a run of the window is started.
struct ApplicationSetup {
    Folders folders;
    /// Which server, and a token for this run instead of the stored one.
    CommandLine line;
    QList<WatchFileRow> watch;          ///< to be watched from the start
    std::unique_ptr<TokenStore> tokens; ///< must be set
};

/// The composition root: owns everything and makes every connection between the layers.
///
/// Three threads: this one, the engine's, the history's. Only values cross, by queued signals.
class Application final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Application)

public:
    /// The clock must outlive it.
    Application(ApplicationSetup setup, const Clock &clock, QObject *parent = nullptr);
    /// Saves how the window was left, flushes the history and stops the engine, within seconds.
    ~Application() override;

    /// Shows the window, then reads and asks.
    void start();
    [[nodiscard]] MainWindow &window() { return *m_window; }
    [[nodiscard]] TaskStore &tasks() { return m_tasks; }
    [[nodiscard]] const ServerDesk &servers() const { return *m_servers; }
    /// Takes what this and further starts of the program ask for.
    [[nodiscard]] RequestDesk &requests() { return *m_requests; }
    [[nodiscard]] DesktopPresence &presence() { return *m_presence; }
    /// As it is when the program ends, for a session that may end without it.
    void saveWindow();
    /// What is known at the start is shown: the history and what was to be watched, or the connect
    /// page.
    [[nodiscard]] bool isReady() const;
    /// The command line named a server that could not be taken; the connect page says why.
    [[nodiscard]] bool isServerRefused() const;

Q_SIGNALS:
    /// By the person; the event loop's owner ends it.
    void quitWanted();

private:
    void connectEngine();
    void connectTasks();
    void connectHistory();
    void connectServers();
    void connectTokens();
    void connectWindow();
    void connectPresence();

    void chooseServer();
    void refuseServer(const QString &headline, const QString &nextStep);
    void begin(const ServerProfile &first);
    void useGivenTokens(const ServerId &server);
    [[nodiscard]] NetworkSettings networkSettings() const;
    void openSettings();
    void applySettings(const Settings &settings);
    void takeHistory(const QList<TaskRecord> &records, bool last);
    void openHistory();
    void watchGivenTasks();
    void takePolls(const QList<PollOutcome> &outcomes);
    void logLookUp(const PollOutcome &outcome);
    void forgetLookUps();
    void takeConnection(const ServerId &server, const ConnectionStatus &status);
    void takeHeldBack(const ServerId &server);
    void tellConnection(const ServerId &server, const ConnectionStatus &status);
    [[nodiscard]] QList<TaskRecord> recordsOf(const QList<TaskKey> &keys) const;
    void saveTasks(const QList<TaskKey> &keys);
    void dropOutlived(const QList<TaskKey> &keys);
    void learnUsual();
    void keepUsual();
    void openConnectPage();
    void openServers(const std::optional<ServerId> &server);
    void takeConnected(const ServerProfile &profile, const Credentials &credentials,
                       const QString &account);
    void dropTasksOf(const ServerId &server);
    void sayWhetherUsable(const ServerId &server, const QString &why);
    void sayWhichAreNotAsked();
    void sayIfFailed(const tl::expected<void, QString> &saved);
    void say(const QString &headline, const QString &nextStep);

    const Clock &m_clock;
    ApplicationSetup m_setup;
    SettingsFile m_settingsFile;
    WindowStateFile m_windowFile;
    UsualFile m_usualFile;
    Settings m_settings;
    TaskStore m_tasks;
    std::shared_ptr<SecretRuleBook> m_ruleBook;
    PollLog m_log;
    QSet<TaskKey> m_checked;   ///< with nothing new: kept when the program ends
    QList<TaskKey> m_lookedUp; ///< in the log since the last look-up
    std::unique_ptr<HistoryStore> m_history;
    std::unique_ptr<QThread> m_engineThread;
    Engine *m_engine; ///< lives in its thread and ends with it
    std::unique_ptr<ServerDesk> m_servers;
    std::unique_ptr<MainWindow> m_window;
    PaintGate *m_painted; ///< the window
    ConnectFlow *m_connect;
    ServerDialogs *m_dialogs;
    KeychainNotices *m_keychain;
    RequestDesk *m_requests;
    DiscoveryDesk *m_discovery;
    NoticeDesk *m_notices;
    NetworkWatch *m_network;
    RuleFollower *m_rules;
    std::unique_ptr<DesktopPresence> m_presence; ///< before the window
    /// Whose sign-in is needed, unless the keychain answers with a token.
    QHash<ServerId, ConnectionStatus> m_heldBack;
    ServerId m_given;          ///< whose tasks the command line means
    qsizetype m_usualKept = 0; ///< of how many tasks m_usualFile knows what is usual
    bool m_loading = false;    ///< what comes from the history does not go back to it
    bool m_historyOpen = false;
    bool m_ready = false;
};
