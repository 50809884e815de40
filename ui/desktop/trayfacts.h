#pragma once

#include "guardian/connectionstatus.h"
#include "task/taskrecord.h"

#include <QHash>

#include <optional>

class QIcon;
class TaskStore;

/// What the tray tells: a value.
struct TrayFacts {
    int running = 0;   ///< tasks, with those that wait
    int attention = 0; ///< tasks
    int finished = 0;
    int troubled = 0;                     ///< servers that need the operator
    std::optional<Outcome> worst;         ///< of the tasks that need attention
    std::optional<Connection> connection; ///< the worst of the servers in trouble

    [[nodiscard]] int count() const { return attention + troubled; }
    friend bool operator==(const TrayFacts &, const TrayFacts &) = default;
};

/// The counts in words, a line each.
[[nodiscard]] QString trayToolTip(const TrayFacts &facts);
/// The program's own icon while nothing goes on; else the worst state's shape on its colour, and
/// how many need attention (none, or up to 99+). Made in the sizes that panels ask for, readable on
/// light and dark ones.
[[nodiscard]] QIcon trayIcon(const TrayFacts &facts);

/// Keeps the facts up to date at a cost that grows with what changes, not with what is tracked.
class TrayCounts
{
public:
    void take(const TaskStore &store, const QList<TaskKey> &changed);
    void forget(const QList<TaskKey> &removed);
    void setConnection(const ServerId &server, Connection connection);
    void forgetServer(const ServerId &server);
    [[nodiscard]] TrayFacts facts() const;

private:
    struct Task {
        Outcome outcome = Outcome::Checking;
        bool isProblem = false; ///< that nobody has acknowledged
    };
    void count(const Task &task, int by);

    QHash<TaskKey, Task> m_tasks;
    QHash<Outcome, int> m_counts;
    QHash<Outcome, int> m_problems;
    QHash<ServerId, Connection> m_servers;
};
