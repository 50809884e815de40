#include "notice/noticebook.h"

#include <algorithm>
#include <iterator>
#include <utility>

void NoticeBook::add(const TaskNotice &notice)
{
    const auto place = m_places.constFind(notice.key);
    if (place == m_places.cend()) {
        m_places.insert(notice.key, m_tasks.size());
        m_tasks << notice;
    } else if (TaskNotice &known = m_tasks[*place];
               notice.kind <= known.kind || (isEnding(notice.kind) && isEnding(known.kind))) {
        known = notice;
    }
}

void NoticeBook::add(const ServerNotice &notice)
{
    m_servers.removeIf([&notice](const ServerNotice &known) {
        return known.id == notice.id && known.kind == notice.kind;
    });
    if (notice.kind != NoticeKind::SignInNeeded || !notice.isOver)
        m_servers << notice;
}

void NoticeBook::add(const NoticeBook &other)
{
    for (const TaskNotice &notice : other.m_tasks)
        add(notice);
    for (const ServerNotice &notice : other.m_servers)
        add(notice);
}

void NoticeBook::remove(const QList<TaskKey> &keys)
{
    bool any = false;
    for (const TaskKey &key : keys)
        any = m_places.remove(key) || any;
    if (!any)
        return;
    m_tasks.removeIf([this](const TaskNotice &notice) { return !m_places.contains(notice.key); });
    for (qsizetype i = 0; i < m_tasks.size(); ++i)
        m_places[m_tasks.at(i).key] = i;
}

void NoticeBook::removeServer(const ServerId &server)
{
    m_servers.removeIf([&server](const ServerNotice &notice) { return notice.id == server; });
}

QSet<TaskKey> NoticeBook::tasks(NoticeKind kind) const
{
    QSet<TaskKey> keys;
    for (const TaskNotice &notice : m_tasks) {
        if (notice.kind == kind)
            keys << notice.key;
    }
    return keys;
}

QList<Notification> NoticeBook::plan(const QString &remark) const
{
    QList<TaskNotice> tasks = m_tasks;
    QList<Notification> planned;
    for (const auto &[kind, isOver] :
         {std::pair(NoticeKind::SignInNeeded, false), std::pair(NoticeKind::Unreachable, false),
          std::pair(NoticeKind::Unreachable, true)}) {
        QList<ServerNotice> servers;
        QList<TaskNotice> ended;
        for (const ServerNotice &notice : m_servers) {
            if (notice.kind != kind || notice.isOver != isOver)
                continue;
            servers << notice;
            if (!isOver)
                continue;
            const auto isTold = [&notice](const TaskNotice &task) {
                return task.key.server == notice.id && isEnding(task.kind);
            };
            std::copy_if(tasks.cbegin(), tasks.cend(), std::back_inserter(ended), isTold);
            tasks.removeIf(isTold);
        }
        if (!servers.isEmpty())
            planned << NoticeWords::ofServers(servers, ended);
    }
    if (tasks.size() == 1)
        planned.prepend(NoticeWords::single(tasks.first()));
    else if (!tasks.isEmpty())
        planned.prepend(NoticeWords::summary(tasks, remark));
    return planned;
}
