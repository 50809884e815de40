#include "notice/awaitedgroups.h"

#include <algorithm>
#include <utility>

AwaitedGroups::AwaitedGroups(const QList<QList<TaskKey>> &groups)
{
    for (const QList<TaskKey> &group : groups)
        add(group);
}

void AwaitedGroups::add(const QList<TaskKey> &group)
{
    m_groups << group;
    for (const TaskKey &key : group)
        m_members.insert(key);
}

QList<QList<TaskKey>> AwaitedGroups::takeDone(const std::function<bool(const TaskKey &)> &isOver)
{
    QList<QList<TaskKey>> done;
    const QList<QList<TaskKey>> all = std::exchange(m_groups, {});
    m_members.clear();
    for (const QList<TaskKey> &group : all) {
        if (std::all_of(group.cbegin(), group.cend(), isOver))
            done << group;
        else
            add(group);
    }
    return done;
}
