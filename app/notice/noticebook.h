#pragma once

#include "notice/noticewords.h"

#include <QHash>
#include <QList>
#include <QSet>

/// Gathers notices and makes few notifications of them. A value; loses nothing: of several about a
/// task the most important counts, and each task counts once.
class NoticeBook
{
public:
    void add(const TaskNotice &notice);
    /// That a server is back takes the place of its being away, and the other way round. That it
    /// needs no sign-in any more is no news: nothing is left of the need.
    void add(const ServerNotice &notice);
    void add(const NoticeBook &other);
    /// Drops what was gathered about tasks that are no longer watched.
    void remove(const QList<TaskKey> &keys);
    void removeServer(const ServerId &server);

    [[nodiscard]] bool isEmpty() const { return m_tasks.isEmpty() && m_servers.isEmpty(); }
    /// Of which that is gathered.
    [[nodiscard]] QSet<TaskKey> tasks(NoticeKind kind) const;
    [[nodiscard]] const QList<ServerNotice> &servers() const { return m_servers; }

    /// One for all tasks, and one for each kind of trouble with servers. What ended at a server
    /// that is back again is told with that. `remark`: a sentence in front of a summary's body,
    /// e.g. that notifications were paused.
    [[nodiscard]] QList<Notification> plan(const QString &remark = {}) const;

private:
    QList<TaskNotice> m_tasks; ///< in the order of their first notice
    QHash<TaskKey, qsizetype> m_places;
    QList<ServerNotice> m_servers;
};
