#include "simreplies.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace SimReplies {

HttpReply json(const QJsonValue &value, int status)
{
    const QJsonDocument document =
        value.isArray() ? QJsonDocument(value.toArray()) : QJsonDocument(value.toObject());
    return {status, "application/json; charset=utf-8", document.toJson(QJsonDocument::Compact), {}};
}

HttpReply error(int status, const QString &message)
{
    return json(QJsonObject{{u"statusCode"_s, status}, {u"message"_s, message}}, status);
}

HttpReply unauthorized()
{
    return error(401, u"Unauthorized"_s);
}

HttpReply html(const QByteArray &title, int status)
{
    return {status,
            "text/html; charset=utf-8",
            "<!doctype html>\n<html><head><title>" + title + "</title></head><body><h1>" + title
                + "</h1></body></html>\n",
            {}};
}

} // namespace SimReplies
