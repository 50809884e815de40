#pragma once

#include "notice/notice.h"

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
    /// A server's trouble that lasts: the window says it as long, with the way out of it.
    bool isStandingTrouble = false;

    friend bool operator==(const Notification &, const Notification &) = default;
};

/// The words for one.
namespace NoticeWords {

[[nodiscard]] Notification single(const TaskNotice &notice);
/// At least one; `headline` empty: "5 tasks finished".
[[nodiscard]] Notification summary(const QList<TaskNotice> &notices, const QString &remark);
/// For "tell me when these have finished". `lost`: of which nobody knows how they ended; their kind
/// counts nothing. At least one of either.
[[nodiscard]] Notification allOver(const QList<TaskNotice> &ended, const QList<TaskNotice> &lost);
/// Of one kind, all over or none; `ended`: what ended at them meanwhile.
[[nodiscard]] Notification ofServers(const QList<ServerNotice> &notices,
                                     const QList<TaskNotice> &ended);
/// For the window, of what ended or stalled and could not be told when it happened: a list.
[[nodiscard]] Notification meanwhile(const QList<TaskNotice> &notices);
/// "Tell me when …", for switches.
[[nodiscard]] QString choice(NoticeKind kind);

} // namespace NoticeWords
