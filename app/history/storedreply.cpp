#include "history/storedreply.h"

#include <QtEndian>

StoredReply StoredReply::pack(const ReplyData &reply, const QByteArray &body)
{
    StoredReply stored;
    stored.headers = reply.headers.text();
    stored.isHead = reply.isHead;
    stored.compressed = body.size() >= compressFrom;
    constexpr int fastest = 1; // a fifth of the time of the smallest, and the others wait for it
    stored.body = stored.compressed ? qCompress(body, fastest) : body;
    return stored;
}

bool StoredReply::unpack(ReplyData &reply) const
{
    reply.headers = ReplyHeaders::fromText(headers);
    reply.isHead = isHead;
    if (!compressed) {
        reply.body = body;
        return true;
    }
    // qCompress() puts the size first: believed only within bounds, because it is allocated.
    if (body.size() < 4 || qFromBigEndian<quint32>(body.constData()) > quint32(maxBody))
        return false;
    reply.body = qUncompress(body);
    return !reply.body.isEmpty();
}
