#pragma once

#include "httpfront.h"

#include <QJsonValue>

/// Replies in the words of Guardian's framework.
namespace SimReplies {
[[nodiscard]] HttpReply json(const QJsonValue &value, int status = 200);
[[nodiscard]] HttpReply error(int status, const QString &message);
/// {"message":"Unauthorized","statusCode":401}
[[nodiscard]] HttpReply unauthorized();
[[nodiscard]] HttpReply html(const QByteArray &title, int status = 200);
} // namespace SimReplies
