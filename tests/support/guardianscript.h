#pragma once

#include "scriptedpeer.h"

#include <QTcpSocket>

/// Bodies of task replies, and what a peer answers to each task.
namespace GuardianScript {

inline QByteArray running(int percent)
{
    return "{\"action\":\"Publish policy\",\"taskId\":\"t\",\"info\":{\"started\":true,"
           "\"progress\":"
           + QByteArray::number(percent) + "}}";
}
inline QByteArray waiting()
{
    return "{\"action\":\"Publish policy\",\"taskId\":\"t\",\"info\":{\"started\":false}}";
}
inline QByteArray completed(const QByteArray &result = "\"done\"")
{
    return "{\"action\":\"Publish policy\",\"taskId\":\"t\",\"result\":" + result + "}";
}

/// The task that a request asks for: "tasks/ID".
inline QByteArray taskOf(const ScriptedPeer::Request &request)
{
    return request.target.mid(request.target.lastIndexOf('/') + 1);
}

} // namespace GuardianScript
