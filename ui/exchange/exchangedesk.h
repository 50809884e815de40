#pragma once

#include "exchange/exportdialog.h"
#include "task/taskrecord.h"
#include "window/shownserver.h"

#include <QObject>

class Clock;
class ExportJob;
class TaskStore;
class TaskTableModel;
class TaskTableView;

/// Tasks into files and back: asks what and where to, does it beside the GUI thread, and says how
/// it went.
class ExchangeDesk final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ExchangeDesk)

public:
    /// All must outlive it; the table's window is the parent of the dialogs.
    ExchangeDesk(TaskStore &store, const TaskTableModel &model, const TaskTableView &table,
                 const Clock &clock, QObject *parent = nullptr);

    void setServers(const ShownServers &servers) { m_servers = servers; }
    /// Asks for scope, format and file, without a nested event loop.
    void openExport();
    void openImport();
    void write(ExportDialog::Scope scope, ExportFormat format, const QString &path);
    void read(const QString &path);

Q_SIGNALS:
    /// How it went, for the status line.
    void said(const QString &what);
    /// It did not; for more than a passing line.
    void failed(const QString &what);

private:
    [[nodiscard]] QList<TaskKey> keysOf(ExportDialog::Scope scope) const;
    void askForFile(ExportDialog::Scope scope, ExportFormat format);
    void showProgress(ExportJob *job, int count);

    TaskStore &m_store;
    const TaskTableModel &m_model;
    const TaskTableView &m_table;
    const Clock &m_clock;
    ShownServers m_servers;
};
