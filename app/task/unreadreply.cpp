#include "task/unreadreply.h"

#include "task/secretrule.h"

ReplyData keptOfUnread(const ReplyData &reply)
{
    ReplyData kept = reply;
    const QByteArray body = reply.body.whole();
    kept.isHead = reply.isHead || body.size() > ReplyData::headSize;
    kept.body = maskUnread(body.left(ReplyData::headSize)).left(ReplyData::headSize);
    kept.headers = {};
    const QList<ReplyHeaders::Header> received = reply.headers.list();
    for (const auto &[name, value] : received)
        kept.headers.append(name, maskUnread(value));
    return kept;
}
