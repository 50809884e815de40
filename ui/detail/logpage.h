#pragma once

#include "task/polllog.h"

#include <QWidget>

#include <functional>
#include <memory>

class Clock;
class ClockTimer;
class PollLogModel;
class QComboBox;
class QLabel;
class QStackedWidget;
class QTableView;

/// The last polls of this task, or of all tasks of its server.
class LogPage final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LogPage)

public:
    /// Oldest first, as PollLog keeps them.
    using ServerLog = std::function<QList<PollLogEntry>(const ServerId &)>;
    using LabelOf = std::function<QString(const TaskKey &)>;

    explicit LogPage(const Clock &clock, QWidget *parent = nullptr);
    ~LogPage() override;

    /// Where a server's polls come from; asked once a second while they are shown, else never.
    /// Without it only the task's can be chosen.
    void setServerLog(const ServerLog &serverLog, const LabelOf &labelOf);
    /// Oldest first.
    void setEntries(const TaskKey &task, const QList<PollLogEntry> &entries);
    [[nodiscard]] QTableView &table() const { return *m_table; }

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void build();
    void choose();
    void refresh();
    void refreshUnlessPointedAt();
    void keepPlace(const QModelIndex &parent, int first, int last);
    [[nodiscard]] bool isOfServer() const;

    QWidget *m_line;
    QComboBox *m_choice;
    QStackedWidget *m_stack;
    QLabel *m_empty;
    QTableView *m_table;
    PollLogModel *m_model;
    std::unique_ptr<ClockTimer> m_again; ///< a server's polls are not told one by one
    ServerLog m_serverLog;
    TaskKey m_task;
    QList<PollLogEntry> m_entries; ///< of the task
};
