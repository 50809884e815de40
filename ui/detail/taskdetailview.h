#pragma once

#include "detail/logpage.h"
#include "task/taskrecord.h"

#include <QWidget>

#include <memory>
#include <optional>

class Baselines;
class Clock;
class ClockTimer;
class DetailHeader;
class ErrorPage;
class FactsView;
class QStackedWidget;
class QTabWidget;
class RawPage;
class ResultPage;
class SecretGate;
class StepsPage;

/// All that is known of one task, or an invitation to select one.
class TaskDetailView final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TaskDetailView)

public:
    enum Tab { OverviewTab, StepsTab, ResultTab, ErrorTab, RawTab, LogTab, TabCount };

    /// Both outlive the view.
    TaskDetailView(const Baselines &baselines, const Clock &clock, QWidget *parent = nullptr);
    ~TaskDetailView() override;

    using QWidget::show;
    /// The same task again is updated in place: scroll positions, selections, open nodes and the
    /// tab stay. Another task starts at the top, on the same tab. `log`: oldest first.
    void show(const TaskRecord &record, const QString &serverName, const QList<PollLogEntry> &log);
    /// Nothing is new of what is shown, but that it was asked: only what tells of that follows.
    void takeCheck(const TaskRecord &record, const QList<PollLogEntry> &log);
    /// Who is signed in at the server of what is shown next; empty: nobody knows.
    void setAccount(const QString &account) { m_account = account; }
    /// No task is selected.
    void clear();
    /// What the Log tab shows of the task's server, when it is chosen there.
    void setServerLog(const LogPage::ServerLog &serverLog, const LogPage::LabelOf &labelOf);
    [[nodiscard]] std::optional<TaskKey> task() const;

    [[nodiscard]] int currentTab() const;
    /// One of Tab; others are ignored.
    void setCurrentTab(int tab);

    [[nodiscard]] SecretGate &secrets() const { return *m_secrets; }
    /// These are there from the first task on that is shown.
    [[nodiscard]] FactsView &overview() const { return *m_overview; }
    [[nodiscard]] StepsPage &steps() const { return *m_steps; }
    [[nodiscard]] ResultPage &result() const { return *m_result; }
    [[nodiscard]] ErrorPage &error() const { return *m_error; }
    [[nodiscard]] RawPage &raw() const { return *m_raw; }
    [[nodiscard]] LogPage &log() const { return *m_log; }

Q_SIGNALS:
    void openInGuardianRequested(const TaskKey &key);
    void currentTabChanged(int tab);

protected:
    void showEvent(QShowEvent *event) override;

private:
    [[nodiscard]] QWidget *makeTask();
    void placeInTabOrder(QWidget *task);
    void showFacts();
    void tick();
    void scheduleTick();

    const Baselines &m_baselines;
    const Clock &m_clock;
    std::unique_ptr<ClockTimer> m_ticker;
    SecretGate *m_secrets;
    QStackedWidget *m_stack;
    DetailHeader *m_header = nullptr;
    QTabWidget *m_tabs = nullptr;
    int m_tab = OverviewTab; ///< until there are tabs
    FactsView *m_overview = nullptr;
    StepsPage *m_steps = nullptr;
    ResultPage *m_result = nullptr;
    ErrorPage *m_error = nullptr;
    RawPage *m_raw = nullptr;
    LogPage *m_log = nullptr;
    LogPage::ServerLog m_serverLog;
    LogPage::LabelOf m_labelOf;

    std::optional<TaskRecord> m_record;
    QString m_serverName;
    QString m_account;
};
