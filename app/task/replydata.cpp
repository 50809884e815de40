#include "task/replydata.h"

#include <QHashFunctions>
#include <QRandomGenerator>

#include <algorithm>

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

constexpr QByteArrayView separator(": ");

/// Until `take(name, value)` has had enough. What is no header is left out.
template<typename Take>
void eachOf(QByteArrayView text, Take take)
{
    while (!text.isEmpty()) {
        const qsizetype end = text.indexOf('\n');
        const QByteArrayView line = end < 0 ? text : text.first(end);
        text = end < 0 ? QByteArrayView() : text.sliced(end + 1);
        const qsizetype colon = line.indexOf(separator);
        if (colon > 0 && !take(line.first(colon), line.sliced(colon + separator.size())))
            return;
    }
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

ReplyHeaders::ReplyHeaders(std::initializer_list<Header> headers)
{
    for (const auto &[name, value] : headers)
        append(name, value);
}

ReplyHeaders ReplyHeaders::fromText(QByteArray text)
{
    ReplyHeaders headers;
    headers.m_text = std::move(text);
    return headers;
}

void ReplyHeaders::append(QByteArrayView name, QByteArrayView value)
{
    m_text.append(name).append(separator);
    const qsizetype begin = m_text.size();
    m_text.append(value);
    std::replace(m_text.begin() + begin, m_text.end(), '\n', ' ');
    m_text.append('\n');
}

QList<ReplyHeaders::Header> ReplyHeaders::list() const
{
    QList<Header> headers;
    eachOf(m_text, [&headers](QByteArrayView name, QByteArrayView value) {
        headers.emplaceBack(name.toByteArray(), value.toByteArray());
        return true;
    });
    return headers;
}

QByteArray ReplyHeaders::value(QByteArrayView name) const
{
    QByteArray found;
    eachOf(m_text, [&found, name](QByteArrayView key, QByteArrayView value) {
        if (key.compare(name, Qt::CaseInsensitive) != 0)
            return true;
        found = value.toByteArray();
        return false;
    });
    return found;
}
