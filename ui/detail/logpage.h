#pragma once

#include "task/polllog.h"

#include <QWidget>

class PollLogModel;
class QLabel;
class QStackedWidget;
class QTableView;

/// This task's last polls.
class LogPage final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LogPage)

public:
    explicit LogPage(QWidget *parent = nullptr);

    /// Oldest first.
    void setEntries(const QList<PollLogEntry> &entries);
    [[nodiscard]] QTableView &table() const { return *m_table; }

private:
    QStackedWidget *m_stack;
    QLabel *m_empty;
    QTableView *m_table;
    PollLogModel *m_model;
};
