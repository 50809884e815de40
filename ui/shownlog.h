#pragma once

#include <QFile>
#include <QObject>

class TaskStore;
class TaskTableModel;

/// Writes what the table shows, as it is shown, a line per row: for the crash test, which compares
/// it with what the history kept. `ms since 1970 TAB task TAB outcome TAB ms of the last change TAB
/// SHA-1 of the reply`, which is left out where that is kept packed.
class ShownLog final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ShownLog)

public:
    /// `file`: a pipe; nothing else is written to, so that no file can be lost by this. Both must
    /// outlive this.
    ShownLog(const QString &file, const TaskTableModel &model, const TaskStore &store,
             QObject *parent);

private:
    void write(int firstRow, int lastRow);

    const TaskTableModel &m_model;
    const TaskStore &m_store;
    QFile m_file;
};
