#pragma once

#include "base/rare.h"
#include "base/slim.h"
#include "task/pollerror.h"

#include <QByteArray>
#include <QList>
#include <QSharedData>

#include <chrono>
#include <initializer_list>
#include <memory>
#include <utility>

/// What small replies have in common: alone each holds little that repeats.
struct ReplyWords : QSharedData {
    explicit ReplyWords(QByteArray from)
        : bytes(std::move(from))
    {
    }
    QByteArray bytes;
};

/// Texts of a reply in less room; immutable.
struct PackedTexts : QSharedData {
    explicit PackedTexts(QByteArrayView packed);

    quint32 headersSize = 0;
    quint32 bodySize = 0;
    quint32 size; ///< of the bytes
    std::unique_ptr<const char[]> bytes;
    /// What the bytes refer to; null: they are in qCompress()'s form, and of a body alone.
    QExplicitlySharedDataPointer<const ReplyWords> words;
    quint64 print = 0; ///< of the body

    [[nodiscard]] QByteArray headers() const;
    [[nodiscard]] QByteArray body() const;
};

/// A reply's body: the bytes as received, or the same packed. A task's last reply is kept for as
/// long as the task is, and few are ever looked at.
class ReplyBody
{
public:
    /// From this size on it is packed at once; ReplyPacker packs what is smaller.
    static constexpr qsizetype packedFrom = 16LL * 1024;

    ReplyBody() = default;
    ReplyBody(
        const QByteArray &bytes) // NOLINT(google-explicit-constructor): nothing is lost or done
        : m_bytes(bytes)
    {
    }

    [[nodiscard]] qsizetype size() const { return m_packed ? m_packed->bodySize : m_bytes->size(); }
    [[nodiscard]] bool isEmpty() const { return size() == 0; }
    [[nodiscard]] bool isPacked() const { return m_packed; }
    /// Takes so long to unpack (20 MB: some 50 ms) that it is not done in the GUI thread.
    [[nodiscard]] bool isLarge() const { return size() >= packedFrom; }
    /// The bytes as received.
    [[nodiscard]] QByteArray whole() const { return m_packed ? m_packed->body() : m_bytes.get(); }
    /// From `packedFrom` on; twice is once. Takes a tenth of a parse (20 MB: some 40 ms), so it is
    /// done where the reply is parsed, and not in the GUI thread.
    void pack();

    /// Of the bytes as received. Unpacks nothing: a packed one is told by size and fingerprint.
    friend bool operator==(const ReplyBody &a, const ReplyBody &b);

private:
    friend class ReplyPacker;

    [[nodiscard]] quint64 print() const;

    Slim<QByteArray> m_bytes; ///< unless packed
    QExplicitlySharedDataPointer<const PackedTexts> m_packed;
};

/// Headers in the order received, as one text: a list of names and values would take three times
/// as much of every task's last reply.
class ReplyHeaders
{
public:
    using Header = std::pair<QByteArray, QByteArray>;

    ReplyHeaders() = default;
    ReplyHeaders(std::initializer_list<Header> headers);
    /// Takes what text() gave.
    [[nodiscard]] static ReplyHeaders fromText(QByteArray text);

    /// A line break in the value becomes a blank. Not of packed ones.
    void append(QByteArrayView name, QByteArrayView value);
    /// Lets go of room to append.
    void squeeze();

    [[nodiscard]] bool isEmpty() const { return m_packed ? m_packed->headersSize == 0 : !m_text; }
    [[nodiscard]] bool isPacked() const { return m_packed; }
    [[nodiscard]] QList<Header> list() const;
    /// Of the first of that name, case-insensitive; empty if there is none.
    [[nodiscard]] QByteArray value(QByteArrayView name) const;
    /// "Name: value\n" of each.
    [[nodiscard]] QByteArray text() const
    {
        return m_packed ? m_packed->headers() : m_text.value_or({});
    }

    friend bool operator==(const ReplyHeaders &a, const ReplyHeaders &b)
    {
        return a.text() == b.text();
    }

private:
    friend class ReplyPacker;

    Rare<QByteArray> m_text; ///< unless packed
    QExplicitlySharedDataPointer<const PackedTexts> m_packed;
};

/// One HTTP exchange as it came: a value, safe to carry between threads and to show.
struct ReplyData {
    /// How much is kept of a body that is larger than the cap of a reply's size.
    static constexpr qsizetype headSize = 1024LL * 1024;
    static constexpr qsizetype cap = 64LL * 1024 * 1024;

    int httpStatus = 0;  ///< 0: no complete answer came; `transportError` says why
    ReplyBody body;      ///< without the transfer's compression, at most `cap`
    bool isHead = false; ///< `body` is only the beginning of what was larger than the cap
    /// Without those that carry secrets (Set-Cookie, WWW-Authenticate, …).
    ReplyHeaders headers;
    /// What the network says: set where no whole answer came, or a redirect was refused.
    Rare<PollError> transportError;
    std::chrono::milliseconds duration{0}; ///< from send to end

    /// The first header of that name, case-insensitive; empty if there is none.
    [[nodiscard]] QByteArray header(QByteArrayView name) const { return headers.value(name); }
};

/// Whether both say the same, packed or not; headers apart, which differ each time.
[[nodiscard]] bool isSameReply(const std::shared_ptr<const ReplyData> &a,
                               const std::shared_ptr<const ReplyData> &b);
