#pragma once

#include "task/taskrecord.h"

#include <QHash>
#include <QWidget>

#include <optional>

class Clock;
class PollLog;
struct PollLogEntry;
class QLabel;
class QPushButton;
class TaskDetailView;
class TaskStore;

/// The detail view with what it shows: the current task of the table, or a task that was looked up
/// and is not watched (with the button to watch it).
class DetailPane final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DetailPane)

public:
    DetailPane(const TaskStore &store, const PollLog &log, const Clock &clock,
               QWidget *parent = nullptr);

    void setServerNames(const QHash<ServerId, QString> &names);
    /// Who is signed in there; empty: nobody knows.
    void setAccount(const ServerId &server, const QString &account);
    /// Absent: nothing is shown. Ends the showing of a looked-up task.
    void showTask(const std::optional<TaskKey> &key);
    void showLookedUp(const TaskRecord &record);
    [[nodiscard]] bool isShowingLookedUp() const { return m_lookedUp.has_value(); }
    [[nodiscard]] std::optional<TaskKey> shownTask() const;
    [[nodiscard]] TaskDetailView &view() { return *m_view; }

    // What the store says.
    void takeChanges(const QList<TaskKey> &keys);
    void takeChecks(const QList<TaskKey> &keys); ///< with nothing new
    void takeRemoved(const QList<TaskKey> &keys);

Q_SIGNALS:
    void watchClicked(const TaskKey &key);
    void closeClicked();

private:
    void refresh();
    [[nodiscard]] QList<PollLogEntry> lookUpLog() const;
    [[nodiscard]] QWidget *buildLookUpBar();

    const TaskStore &m_store;
    const PollLog &m_log;
    std::optional<TaskKey> m_key;
    std::optional<TaskRecord> m_lookedUp;
    QHash<ServerId, QString> m_serverNames;
    QHash<ServerId, QString> m_accounts;
    QPushButton *m_watch;
    QWidget *m_lookUpBar;
    TaskDetailView *m_view;
};
