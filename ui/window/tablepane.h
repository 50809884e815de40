#pragma once

#include "task/taskrecord.h"
#include "tasks/taskcolumn.h"
#include "window/emptystate.h"

#include <QWidget>

#include <optional>

class BannerBar;
class Clock;
class QLineEdit;
class QStackedWidget;
class TaskStore;
class TaskTableModel;
class TaskTableView;

/// Banner, and below it the table or why it is empty.
class TablePane final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TablePane)

public:
    TablePane(const TaskStore &store, TaskTableModel &model, const Clock &clock,
              QWidget *parent = nullptr);

    [[nodiscard]] TaskTableView &table() { return *m_table; }
    [[nodiscard]] BannerBar &banner() { return *m_banner; }
    [[nodiscard]] EmptyState &empty() { return *m_empty; }

    void setHasServer(bool hasServer);
    /// Gives the focus to the table, or to the empty state's button.
    void takeFocus();
    /// The same, with a row chosen if there is one.
    void goToRows();
    [[nodiscard]] std::optional<Emptiness> emptiness() const;

public Q_SLOTS:
    /// Rows came or went.
    void refreshEmptiness();

Q_SIGNALS:
    void emptinessChanged();

private:
    const TaskStore &m_store;
    TaskTableModel &m_model;
    BannerBar *m_banner;
    QStackedWidget *m_stack;
    TaskTableView *m_table;
    EmptyState *m_empty;
    bool m_hasServer = false;
};
