#include "task/replydata.h"

#include "task/replypacker.h"

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

PackedTexts::PackedTexts(QByteArrayView packed)
    : size(static_cast<quint32>(packed.size()))
{
    auto copy = std::make_unique<char[]>(size);
    std::copy(packed.begin(), packed.end(), copy.get());
    bytes = std::move(copy);
}

QByteArray PackedTexts::headers() const
{
    return words ? ReplyPacker::unpacked(*this).first(headersSize) : QByteArray();
}

QByteArray PackedTexts::body() const
{
    if (words)
        return ReplyPacker::unpacked(*this).sliced(headersSize);
    return qUncompress(reinterpret_cast<const uchar *>(bytes.get()), size); // NOLINT
}

void ReplyBody::pack()
{
    constexpr int fastest = 1;
    if (isPacked() || size() < packedFrom)
        return;
    const QByteArray &bytes = m_bytes.get();
    const QByteArray packed = qCompress(bytes, fastest);
    if (packed.isEmpty() || packed.size() >= bytes.size())
        return;
    auto *made = new PackedTexts(packed);
    made->print = printOf(bytes);
    made->bodySize = static_cast<quint32>(bytes.size());
    m_packed.reset(made);
    m_bytes = {};
}

quint64 ReplyBody::print() const
{
    return m_packed ? m_packed->print : printOf(m_bytes.get());
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
    if (!text.isEmpty())
        headers.m_text = std::move(text);
    return headers;
}

void ReplyHeaders::append(QByteArrayView name, QByteArrayView value)
{
    if (!m_text)
        m_text.emplace();
    QByteArray &text = *m_text;
    text.append(name).append(separator);
    const qsizetype begin = text.size();
    text.append(value);
    std::replace(text.begin() + begin, text.end(), '\n', ' ');
    text.append('\n');
}

void ReplyHeaders::squeeze()
{
    if (m_text)
        m_text->squeeze();
}

QList<ReplyHeaders::Header> ReplyHeaders::list() const
{
    QList<Header> headers;
    eachOf(text(), [&headers](QByteArrayView name, QByteArrayView value) {
        headers.emplaceBack(name.toByteArray(), value.toByteArray());
        return true;
    });
    return headers;
}

QByteArray ReplyHeaders::value(QByteArrayView name) const
{
    QByteArray found;
    eachOf(text(), [&found, name](QByteArrayView key, QByteArrayView value) {
        if (key.compare(name, Qt::CaseInsensitive) != 0)
            return true;
        found = value.toByteArray();
        return false;
    });
    return found;
}

bool isSameReply(const std::shared_ptr<const ReplyData> &a,
                 const std::shared_ptr<const ReplyData> &b)
{
    return a == b || (a && b && a->httpStatus == b->httpStatus && a->body == b->body);
}
