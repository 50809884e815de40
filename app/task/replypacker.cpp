#include "task/replypacker.h"

#include <algorithm>

#include <zlib.h>

namespace {

/// As much of what went before is looked at: of the words, too.
constexpr int windowBits = 13;
constexpr qsizetype mostWords = qsizetype{1} << windowBits;
/// Without zlib's frame: that is for what leaves the memory.
constexpr int rawBits = -windowBits;
constexpr int memoryLevel = 6;
/// Replies between two lessons: what was packed against older words holds on to them.
constexpr int betweenLessons = 64;
/// A reply that becomes smaller than this part of it, teaches nothing.
constexpr qsizetype wellPacked = 3;

/// zlib only reads there, but its type says otherwise.
Bytef *bytesAt(const char *bytes)
{
    return reinterpret_cast<Bytef *>(const_cast<char *>(bytes)); // NOLINT
}

/// Empty where it takes more room than `limit`.
QByteArray deflated(const QByteArray &text, const QByteArray &words, qsizetype limit)
{
    z_stream stream{};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, rawBits, memoryLevel,
                     Z_DEFAULT_STRATEGY)
        != Z_OK)
        return {};
    if (!words.isEmpty())
        deflateSetDictionary(&stream, bytesAt(words.constData()), static_cast<uInt>(words.size()));
    QByteArray packed(limit, Qt::Uninitialized);
    stream.next_in = bytesAt(text.constData());
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = bytesAt(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    const bool isWhole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    const auto size = static_cast<qsizetype>(stream.total_out);
    deflateEnd(&stream);
    return isWhole ? QByteArray(packed.constData(), size) : QByteArray();
}

} // namespace

std::shared_ptr<const ReplyData> ReplyPacker::packed(const std::shared_ptr<const ReplyData> &reply,
                                                     bool mayTeach)
{
    if (reply->body.isPacked() || reply->body.isLarge() || reply->headers.isPacked())
        return reply;
    const QByteArray headers = reply->headers.text();
    const QByteArray text = headers + reply->body.whole();
    // What it costs besides is about as much.
    constexpr qsizetype overhead = 96;
    if (text.size() <= overhead)
        return reply;
    if (mayTeach && m_words->bytes.isEmpty())
        learn(text);
    const QByteArray bytes = deflated(text, m_words->bytes, text.size() - overhead);
    std::shared_ptr<const ReplyData> result = reply;
    if (!bytes.isEmpty()) {
        auto *texts = new PackedTexts(bytes);
        const QExplicitlySharedDataPointer<const PackedTexts> shared(texts);
        texts->words = m_words;
        texts->print = reply->body.print();
        texts->headersSize = static_cast<quint32>(headers.size());
        texts->bodySize = static_cast<quint32>(text.size() - headers.size());
        auto made = std::make_shared<ReplyData>(*reply);
        made->body.m_bytes = {};
        made->body.m_packed = shared;
        made->headers.m_text.reset();
        made->headers.m_packed = shared;
        result = std::move(made);
    }
    m_untilLearning = std::max(0, m_untilLearning - 1);
    if (mayTeach && m_untilLearning == 0
        && (bytes.isEmpty() || bytes.size() > text.size() / wellPacked))
        learn(text);
    return result;
}

void ReplyPacker::learn(const QByteArray &text)
{
    m_words.reset(new ReplyWords((m_words->bytes + text).right(mostWords)));
    m_untilLearning = betweenLessons;
}

QByteArray ReplyPacker::unpacked(const PackedTexts &texts)
{
    QByteArray text(qsizetype(texts.headersSize) + texts.bodySize, Qt::Uninitialized);
    z_stream stream{};
    if (inflateInit2(&stream, rawBits) != Z_OK)
        qFatal("No memory left to unpack a reply.");
    const QByteArray &words = texts.words->bytes;
    if (!words.isEmpty())
        inflateSetDictionary(&stream, bytesAt(words.constData()), static_cast<uInt>(words.size()));
    stream.next_in = bytesAt(texts.bytes.get());
    stream.avail_in = texts.size;
    stream.next_out = bytesAt(text.data());
    stream.avail_out = static_cast<uInt>(text.size());
    const int end = inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    Q_ASSERT(end == Z_STREAM_END && stream.avail_out == 0);
    return text;
}
