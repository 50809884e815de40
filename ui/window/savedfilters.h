#pragma once

#include "account/windowstate.h"
#include "task/taskfilter.h"

#include <QObject>

#include <vector>

class QUndoStack;

/// The operator's own views: filters under names, in the order in which they were saved. What is
/// done to them can be undone.
class SavedFilters final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SavedFilters)

public:
    /// `undo` must outlive it.
    explicit SavedFilters(QUndoStack &undo, QObject *parent = nullptr);

    [[nodiscard]] const QList<SavedFilter> &list() const { return m_list; }
    [[nodiscard]] QStringList names() const;
    /// What cannot be read (it was written by another version) matches nothing.
    [[nodiscard]] std::vector<TaskFilter> filters() const;
    /// As it was left; nothing to undo.
    void restore(const QList<SavedFilter> &list);

    /// Under a name that is there already, it takes the place of that one.
    void save(const QString &name, const QString &text);
    void rename(int number, const QString &name);
    void remove(int number);

Q_SIGNALS:
    void changed();
    /// Words for the status line.
    void done(const QString &what);

private:
    class Command;
    void push(const QList<SavedFilter> &after, const QString &what);
    void set(const QList<SavedFilter> &list);

    QUndoStack &m_undo;
    QList<SavedFilter> m_list;
};
