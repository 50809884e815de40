#pragma once

#include "base/taskid.h"

#include <QList>
#include <QSet>

#include <functional>

/// Selections of which the person wants to know when all of them have finished. A value.
class AwaitedGroups
{
public:
    AwaitedGroups() = default;
    explicit AwaitedGroups(const QList<QList<TaskKey>> &groups);

    void add(const QList<TaskKey> &group);
    [[nodiscard]] bool contains(const TaskKey &key) const { return m_members.contains(key); }
    [[nodiscard]] bool isEmpty() const { return m_groups.isEmpty(); }
    [[nodiscard]] const QList<QList<TaskKey>> &groups() const { return m_groups; }
    /// Takes those out of which nothing more will come.
    [[nodiscard]] QList<QList<TaskKey>>
    takeDone(const std::function<bool(const TaskKey &)> &isOver);

private:
    QList<QList<TaskKey>> m_groups;
    QSet<TaskKey> m_members; ///< of all groups
};
