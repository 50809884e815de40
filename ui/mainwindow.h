#pragma once

#include "account/settings.h"
#include "account/windowstate.h"
#include "guardian/connectionstatus.h"
#include "guardian/sessionstatus.h"
#include "task/taskrecord.h"
#include "window/emptystate.h"
#include "window/shownserver.h"

#include <QMainWindow>

#include <optional>

class BannerBar;
enum class BannerKind;
class Clock;
class ConnectPage;
class DetailPane;
class DetailSplitter;
class ExchangeDesk;
class FieldHint;
class FilterBox;
class IntakeDesk;
class PollLog;
class QLineEdit;
class QSplitter;
class QStackedWidget;
class SavedFilters;
class ServerBoard;
class SideList;
class StatusLine;
class TablePane;
class TaskActions;
class TaskStore;
class TaskTableModel;
class WindowActions;

/// The window: layout and actions only. What it does to tasks goes through the store; what it wants
/// of servers it says by signals.
class MainWindow final : public QMainWindow
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MainWindow)

public:
    /// All must outlive the window.
    MainWindow(TaskStore &store, const PollLog &log, const Clock &clock, QWidget *parent = nullptr);
    ~MainWindow() override;

    /// Empty: none is set up yet.
    void setServers(const ShownServers &servers);
    void setConnection(const ServerId &server, const ConnectionStatus &status);
    void setSession(const ServerId &server, const SessionStatus &status);
    /// Shows the tasks of this server only.
    void chooseServer(const ServerId &server);
    [[nodiscard]] ConnectPage &connectPage() { return *m_connectPage; }
    [[nodiscard]] BannerBar &banner();
    [[nodiscard]] IntakeDesk &intake() { return *m_intake; }
    [[nodiscard]] ExchangeDesk &exchange() { return *m_exchange; }
    [[nodiscard]] TaskTableModel &model() { return *m_model; }
    [[nodiscard]] const WindowActions &actions() const { return *m_actions; }
    [[nodiscard]] QList<TaskKey> selectedTasks() const;
    /// The person can see it just now: its row or its details, in the focused window.
    [[nodiscard]] bool isOnShow(const TaskKey &key) const;
    void openInGuardian(const QList<TaskKey> &keys);
    /// Searches the history once more, for what was kept meanwhile; soon, and not often.
    void searchAfterSaving();
    /// In the status line.
    void say(const QString &what);
    void showConnectPage();
    [[nodiscard]] bool isConnectPageShown() const;
    void showTasks();
    /// Makes a watched task the current one, whatever hides it.
    void showTask(const TaskKey &key);
    /// Of all watched tasks: it ends what hides them, where none is in sight.
    void showNextProblem();
    /// Looks up what the clipboard names: one task at once, else by the preview.
    void lookUpClipboard();
    /// Makes a failed task current, else another that needs attention, else the first.
    void showWorstTask();

    /// Geometry, columns, splitters, tab and filter.
    [[nodiscard]] WindowState windowState() const;
    void restoreWindowState(const WindowState &state);
    void setDetailPlacement(Settings::DetailPlacement placement);

Q_SIGNALS:
    /// All of them, with this one chosen; absent: none in particular.
    void serversWanted(const std::optional<ServerId> &server);
    void signInWanted(const ServerId &server);
    void certificateWanted(const ServerId &server);
    void retryWanted(const ServerId &server);
    void settingsWanted();
    void detailPlacementChosen(Settings::DetailPlacement placement);
    void savedFiltersChanged();
    void quitWanted();
    /// In the history, for the filter; TaskTableModel::setFound() takes the answer.
    void searchWanted(const QString &words);

protected:
    void changeEvent(QEvent *event) override;
    void closeEvent(QCloseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void buildPages();
    void connectActions();
    void connectParts();
    void connectStore();

    void escape();
    void takeClipboard();
    void showLookedUp(const TaskRecord &record);
    void showCurrentTask();
    void leaveLookUp();
    void editLabel();
    void takeSelection();
    void showWatched(const TaskKey &key);
    void watchLookedUp(const TaskKey &key);
    void openShownInGuardian();
    void actOnEmptyState(Emptiness emptiness);
    void followEmptyLink(Emptiness emptiness);
    void actOnBanner(BannerKind kind, const ServerId &server);
    void connectFilters();
    void saveFilter();
    void chooseFilter(int number);
    void showAll();
    void refreshCounts();
    void refreshEmptiness();

    TaskStore &m_store;
    TaskTableModel *m_model;
    QList<TaskKey> m_visible; ///< as the table said last
    WindowActions *m_actions;
    QLineEdit *m_lookUpBox;
    FilterBox *m_filterBox;
    QStackedWidget *m_pages;
    ConnectPage *m_connectPage;
    SideList *m_sideList;
    TablePane *m_tablePane;
    DetailPane *m_detailPane;
    QSplitter *m_sideSplit;
    DetailSplitter *m_detailSplit;
    StatusLine *m_status;
    ServerBoard *m_board;
    TaskActions *m_taskActions;
    SavedFilters *m_savedFilters;
    IntakeDesk *m_intake;
    ExchangeDesk *m_exchange;
    FieldHint *m_lookUpHint;
};
