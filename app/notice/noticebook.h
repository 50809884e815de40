#pragma once

#include "notice/notice.h"

#include <QHash>
#include <QList>

/// What is shown of one or more notices: plain text, without results, errors and secrets.
struct Notification {
    enum class Urgency : uchar { Low, Normal, Critical }; ///< as the desktop counts them

    QString summary;
    QString body;
    Urgency urgency = Urgency::Normal;
    QString category;          ///< of the freedesktop specification
    QList<TaskKey> tasks;      ///< the worst first; a click goes to it
    QString slot;              ///< a later one with the same takes its place; empty: none does
    bool canCopyError = false; ///< of its only task

    friend bool operator==(const Notification &, const Notification &) = default;
};

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
    [[nodiscard]] QList<TaskKey> tasks() const;

    /// One for all tasks, and one for each kind of trouble with servers. What ended at a server
    /// that is back again is told with that. `remark`: a sentence in front of a summary's body,
    /// e.g. that notifications were paused.
    [[nodiscard]] QList<Notification> plan(const QString &remark = {}) const;

private:
    QList<TaskNotice> m_tasks; ///< in the order of their first notice
    QHash<TaskKey, qsizetype> m_places;
    QList<ServerNotice> m_servers;
};

/// The words for one.
namespace NoticeWords {

[[nodiscard]] Notification single(const TaskNotice &notice);
/// At least one; `headline` empty: "5 tasks finished".
[[nodiscard]] Notification summary(const QList<TaskNotice> &notices, const QString &remark);
/// For "tell me when these have finished". `lost`: of which nobody knows how they ended; their kind
/// counts nothing. At least one of either.
[[nodiscard]] Notification allOver(const QList<TaskNotice> &ended, const QList<TaskNotice> &lost);
/// For the window, of what could not be told when it happened.
[[nodiscard]] Notification meanwhile(const QList<TaskNotice> &notices);
/// "Tell me when …", for switches.
[[nodiscard]] QString choice(NoticeKind kind);

} // namespace NoticeWords
