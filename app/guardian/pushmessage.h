#pragma once

#include "base/taskid.h"

#include <QByteArray>

/// What a server said over its live channel, as far as it concerns us.
struct PushMessage {
    enum class Kind {
        Other,     ///< nothing to us, or not to be read
        Alive,     ///< the answer to our ping
        Task,      ///< a task's whole state, as an answer to our asking would be
        TaskHint,  ///< something about a task, but not all of it: ask
        Progresses ///< the list of running tasks differs
    };

    Kind kind = Kind::Other;
    TaskId task;     ///< of Task and TaskHint
    QByteArray data; ///< of Task: the task object's own bytes
};

/// Reads one text message: pure, linear in its size, without a tree.
///
/// Old servers send every client's news to everybody, and only what is new. So a task counts as
/// whole when it names itself and its action, and says `info`, or a `result` or `error` that is not
/// null; a boolean `done` or `completed` marks another dialect. Whether its JSON is sound is for
/// parseTaskReply() to say.
[[nodiscard]] PushMessage readPushMessage(const QByteArray &text);
