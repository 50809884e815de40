#pragma once

#include "account/jsonfile.h"
#include "base/taskid.h"

#include <QDateTime>
#include <QList>
#include <QSet>

/// What must outlive the program between a task's end and its notification.
struct NoticeMemory {
    /// UTC; what ended since then may not have been told. Invalid: all was told.
    QDateTime untoldSince;
    QSet<TaskKey> untoldStalls;          ///< that they have stalled may not have been told
    QDateTime pausedUntil;               ///< UTC; invalid or past: not paused
    QList<QList<TaskKey>> awaitedGroups; ///< "tell me when these have finished"
    QSet<ServerId> signInTold;           ///< that they need it, and not over since
    QSet<ServerId> unreachableTold;      ///< that they are, and not yet that they are back

    friend bool operator==(const NoticeMemory &, const NoticeMemory &) = default;
};

/// The memory in `notices.json`. What cannot be read is an empty memory.
class NoticeMemoryFile
{
public:
    /// The clock must outlive this.
    NoticeMemoryFile(const QString &stateFolder, const Clock &clock);

    [[nodiscard]] NoticeMemory load();
    [[nodiscard]] tl::expected<void, QString> save(const NoticeMemory &memory);

private:
    JsonFile m_file;
};
