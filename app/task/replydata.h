#pragma once

#include "base/rare.h"
#include "task/pollerror.h"

#include <QByteArray>
#include <QList>

#include <chrono>
#include <initializer_list>
#include <utility>

/// A reply's body: the bytes as received, or the same packed. A task's last reply is kept for as
/// long as the task is, and few are ever looked at.
class ReplyBody
{
public:
    /// From this size on it is packed: what is smaller costs less than what the packing takes.
    static constexpr qsizetype packedFrom = 16LL * 1024;

    ReplyBody() = default;
    ReplyBody(QByteArray bytes) // NOLINT(google-explicit-constructor): nothing is lost or done
        : m_bytes(std::move(bytes))
    {
    }

    [[nodiscard]] qsizetype size() const { return isPacked() ? m_size : m_bytes.size(); }
    [[nodiscard]] bool isEmpty() const { return size() == 0; }
    [[nodiscard]] bool isPacked() const { return m_size > 0; }
    /// The bytes as received. Unpacks (20 MB: some 50 ms), so not in the GUI thread.
    [[nodiscard]] QByteArray whole() const;
    /// From `packedFrom` on; twice is once. Takes a tenth of a parse (20 MB: some 40 ms), so it is
    /// done where the reply is parsed, and not in the GUI thread.
    void pack();
    /// The very same bytes in memory, which takes no look at them.
    [[nodiscard]] bool isSharedWith(const ReplyBody &other) const
    {
        return m_bytes.constData() == other.m_bytes.constData() && size() == other.size();
    }

    /// Of the bytes as received. Unpacks nothing: a packed one is told by size and fingerprint.
    friend bool operator==(const ReplyBody &a, const ReplyBody &b);

private:
    [[nodiscard]] quint64 print() const;

    QByteArray m_bytes;   ///< in qCompress()'s form if packed
    qsizetype m_size = 0; ///< of the whole, if packed; else 0
    quint64 m_print = 0;  ///< of the whole, if packed
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

    /// A line break in the value becomes a blank.
    void append(QByteArrayView name, QByteArrayView value);
    /// Lets go of room to append.
    void squeeze() { m_text.squeeze(); }

    [[nodiscard]] bool isEmpty() const { return m_text.isEmpty(); }
    [[nodiscard]] QList<Header> list() const;
    /// Of the first of that name, case-insensitive; empty if there is none.
    [[nodiscard]] QByteArray value(QByteArrayView name) const;
    /// "Name: value\n" of each.
    [[nodiscard]] const QByteArray &text() const { return m_text; }

    friend bool operator==(const ReplyHeaders &, const ReplyHeaders &) = default;

private:
    QByteArray m_text;
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
