#pragma once

#include "account/folders.h"
#include "account/profilestore.h"
#include "account/settings.h"
#include "account/tokenstore.h"
#include "account/windowstate.h"
#include "guardian/engine.h"
#include "task/polllog.h"
#include "task/taskstore.h"

#include <QObject>

#include <memory>
#include <optional>

class ConnectFlow;
class HistoryStore;
class MainWindow;
class QThread;

/// How a run of the window is started.
struct ApplicationSetup {
    Folders folders;
    QString server;        ///< typed address; empty: the stored profile's
    bool allowHttp = false;
    Secret token;          ///< for this run, instead of a stored one; may be empty
    QList<std::pair<TaskId, QString>> watch; ///< with their labels
    std::unique_ptr<TokenStore> tokens;      ///< must be set
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
    /// History is read, the server known, and what was to be watched is.
    [[nodiscard]] bool isReady() const { return m_ready; }

Q_SIGNALS:
    void ready();

private:
    void startEngine();
    void connectEngine();
    void connectTasks();
    void connectWindow();

    void loadProfile();
    void useServer(const ServerProfile &profile);
    void readToken();
    void openHistory();
    void takeHistory(const QList<TaskRecord> &records);
    void becomeReady();
    void takePolls(const QList<PollOutcome> &outcomes);
    void saveTasks(const QList<TaskKey> &keys);
    void takeConnected(const ServerProfile &profile, const Secret &token);
    void openServerPage(bool forToken);
    void sayWhereTokensAre();
    void saveWindow();

    const Clock &m_clock;
    ApplicationSetup m_setup;
    ProfileStore m_profiles;
    SettingsFile m_settingsFile;
    WindowStateFile m_windowFile;
    Settings m_settings;
    std::optional<ServerProfile> m_profile;
    bool m_profileIsStored = false;
    TokenStore *m_tokens;
    bool m_hasToken = false;
    TaskStore m_tasks;
    PollLog m_log;
    std::unique_ptr<HistoryStore> m_history;
    std::unique_ptr<QThread> m_engineThread;
    Engine *m_engine = nullptr; ///< lives in its thread and ends with it
    std::unique_ptr<MainWindow> m_window;
    ConnectFlow *m_connect = nullptr;
    bool m_loading = false; ///< what comes from the history does not go back to it
    bool m_ready = false;
};
