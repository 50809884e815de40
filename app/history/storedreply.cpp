#include "history/storedreply.h"

#include <QtEndian>

QByteArray StoredReply::packedHeaders(const ReplyData &reply)
{
    QByteArray packed("");
    for (const auto &[name, value] : reply.headers)
        packed += name + ": " + QByteArray(value).replace('\n', ' ') + '\n';
    return packed;
}

StoredReply StoredReply::pack(const ReplyData &reply, const QByteArray &body)
{
    StoredReply stored;
    stored.headers = packedHeaders(reply);
    stored.isHead = reply.isHead;
    stored.compressed = body.size() >= compressFrom;
    constexpr int fastest = 1; // a fifth of the time of the smallest, and the others wait for it
    stored.body = stored.compressed ? qCompress(body, fastest) : body;
    return stored;
}

bool StoredReply::unpack(ReplyData &reply) const
{
    reply.headers.clear();
    const QList<QByteArray> lines = headers.isEmpty() ? QList<QByteArray>() : headers.split('\n');
    for (const QByteArray &line : lines) {
        const qsizetype colon = line.indexOf(": ");
        if (colon > 0)
            reply.headers.emplace_back(line.left(colon), line.mid(colon + 2));
    }
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
