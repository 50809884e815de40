#include "guardian/pushmessage.h"

#include "task/jsonmember.h"

#include <QString>

#include <optional>
#include <tuple>

namespace {

using Member = std::optional<QByteArrayView>;

/// Of a member that is a string; empty for anything else.
QByteArray textOf(const Member &member)
{
    return member && member->startsWith('"') ? JsonText::unescaped(*member) : QByteArray();
}

bool isThere(const Member &member)
{
    return member && *member != "null";
}

PushMessage readTaskPush(QByteArrayView data)
{
    const auto members =
        topLevelMembers(data, {"taskId", "action", "info", "result", "error", "done", "completed"});
    const auto &[id, action, info, result, error, done, completed] = std::tie(
        members[0], members[1], members[2], members[3], members[4], members[5], members[6]);
    PushMessage message;
    message.task = TaskId(QString::fromUtf8(textOf(id)));
    if (message.task.isEmpty())
        return message;
    const bool says = (info && info->startsWith('{')) || isThere(result) || isThere(error);
    const bool whole = says && !textOf(action).isEmpty() && !isThere(done) && !isThere(completed);
    message.kind = whole ? PushMessage::Kind::Task : PushMessage::Kind::TaskHint;
    if (whole)
        message.data = data.toByteArray();
    return message;
}

} // namespace

PushMessage readPushMessage(const QByteArray &text)
{
    PushMessage message;
    if (text == "pong") {
        message.kind = PushMessage::Kind::Alive;
        return message;
    }
    const auto members = topLevelMembers(text, {"type", "data"});
    const QByteArray type = textOf(members[0]);
    if (type == "notify-create-progress-ws" || type == "notify-update-progress-ws")
        message.kind = PushMessage::Kind::Progresses;
    else if (type == "UPDATE_TASK_STATUS" && isThere(members[1]))
        return readTaskPush(*members[1]);
    return message;
}
