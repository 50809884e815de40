#pragma once

#include "account/noticesettings.h"
#include "task/taskfacts.h"

#include <chrono>
#include <optional>

/// Something that happened to a task and may be told. Holds nothing of a result or an error.
struct TaskNotice {
    NoticeKind kind = NoticeKind::Completed;
    TaskKey key;
    QString action; ///< "Publish policy"; never empty
    QString label;  ///< the operator's own; may be empty
    QString server; ///< its name; may be empty
    QString step;   ///< that runs now, of a StepChange
    std::optional<TaskFacts::Span> duration;

    friend bool operator==(const TaskNotice &, const TaskNotice &) = default;
};

/// Something that happened to a server.
struct ServerNotice {
    NoticeKind kind = NoticeKind::Unreachable;
    ServerId id;
    QString server;
    bool isOver = false; ///< it can be reached again

    friend bool operator==(const ServerNotice &, const ServerNotice &) = default;
};

/// What of a task decides whether there is news, as it was seen last.
struct TaskSight {
    Outcome outcome = Outcome::Checking;
    bool isSlow = false;
    size_t step = 0; ///< the hash of the current one's name; 0: there is none
};
[[nodiscard]] TaskSight sightOf(const TaskRecord &record, bool isSlow);

/// What is new about the task, if it is to be told at all: not what was final when it was added,
/// and nothing for which the record says that it was told. Switches and mutes are not considered.
[[nodiscard]] std::optional<NoticeKind> newsOf(const TaskSight &before, const TaskSight &after,
                                               const TaskRecord &record);

/// The news that such an outcome is; absent: none.
[[nodiscard]] std::optional<NoticeKind> kindOf(Outcome outcome);

/// The outcome that is to be marked as told with news of that kind; absent: none.
[[nodiscard]] std::optional<Outcome> markOf(NoticeKind kind);
/// It tells of a final outcome.
[[nodiscard]] bool isEnding(NoticeKind kind);

/// `now` is UTC.
[[nodiscard]] TaskNotice makeNotice(NoticeKind kind, const TaskRecord &record,
                                    const QString &server, const QDateTime &now);
