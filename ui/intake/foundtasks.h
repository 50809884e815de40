#pragma once

#include "intake/intakeplan.h"

#include <QHash>
#include <QIcon>
#include <QTreeWidget>

/// The tasks that were found in a text, each with a tick, and what servers answered about them. A
/// bare ID has a row of its own until it is known which server holds it, then one for each.
class FoundTasks final : public QTreeWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FoundTasks)

public:
    /// What a look-up found.
    struct Answer {
        TaskKey key;
        bool isKnown = false;    ///< the server holds the task
        bool isNotFound = false; ///< it does not; neither: it could not be asked
        QIcon icon;
        QString words;
    };

    explicit FoundTasks(ShownServers servers, QWidget *parent = nullptr);

    /// `meant`: the server that bare IDs are of, if it is one of those that may hold them.
    void setPlan(const IntakePlan &plan, const ServerId &meant);
    /// The ticked ones whose server is known.
    [[nodiscard]] QList<TaskKey> checkedTasks() const;
    /// The ticked ones whose server is not known, on each that may hold them, and that wait for no
    /// answer.
    [[nodiscard]] QList<TaskKey> openKeys() const;
    /// The bare IDs whose server was not known at first.
    [[nodiscard]] qsizetype openCount() const { return m_open.size(); }

    /// Of tasks whose server is known.
    void markAsked(const QList<TaskKey> &keys);
    /// Of bare IDs.
    void markAskedEverywhere(const QList<TaskKey> &keys);
    void setAnswer(const Answer &answer);

private:
    /// A bare ID of which no server is known to hold it.
    struct Open {
        QTreeWidgetItem *item = nullptr;
        QList<ServerId> servers; ///< that may hold it
        qsizetype unanswered = 0;
        QStringList silent = {}; ///< names of servers that could not be asked
    };

    void addRow(const IntakeRow &row, const ServerId &meant);
    void addTask(QTreeWidgetItem *item, const TaskKey &key);
    void takeOpenAnswer(const Answer &answer);
    [[nodiscard]] QString nameOf(const ServerId &server) const;

    ShownServers m_servers;
    QHash<TaskKey, QTreeWidgetItem *> m_items;
    QHash<TaskId, Open> m_open;
};
