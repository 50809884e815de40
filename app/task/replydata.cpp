#include "task/replydata.h"

#include <QHashFunctions>
#include <QRandomGenerator>

namespace {

/// Two bodies of one size and print are taken for the same: a collision would hide a change from
/// the operator, until the next. So the hash is keyed, with a key that no one outside this run can
/// know (Qt's AES or SipHash rounds; it is never stored): no server, nor one who can write into its
/// replies, can make two that collide on purpose, and by chance it is one of 2^64 changes. With the
/// key unknown a cryptographic hash would guard no better, at some thirty times the time, which is
/// near the tenth of a parse that the check may take; to unpack and compare takes more than that.
quint64 printOf(QByteArrayView bytes)
{
    static_assert(sizeof(size_t) == sizeof(quint64), "32 bits collide within a year");
    static const quint64 key = QRandomGenerator::system()->generate64() | 1U; // 0 is no key to Qt
    return qHashBits(bytes.data(), size_t(bytes.size()), key);
}

} // namespace

QByteArray ReplyBody::whole() const
{
    return isPacked() ? qUncompress(m_bytes) : m_bytes;
}

void ReplyBody::pack()
{
    constexpr int fastest = 1;
    if (isPacked() || m_bytes.size() < packedFrom)
        return;
    const QByteArray packed = qCompress(m_bytes, fastest);
    if (packed.isEmpty() || packed.size() >= m_bytes.size())
        return;
    m_print = printOf(m_bytes);
    m_size = m_bytes.size();
    m_bytes = QByteArray(packed.constData(), packed.size()); // its own has room for the whole
}

quint64 ReplyBody::print() const
{
    return isPacked() ? m_print : printOf(m_bytes);
}

bool operator==(const ReplyBody &a, const ReplyBody &b)
{
    if (a.size() != b.size())
        return false;
    return a.isPacked() || b.isPacked() ? a.print() == b.print() : a.m_bytes == b.m_bytes;
}

QByteArray ReplyData::header(QByteArrayView name) const
{
    for (const auto &[key, value] : headers) {
        if (key.compare(name, Qt::CaseInsensitive) == 0)
            return value;
    }
    return {};
}
