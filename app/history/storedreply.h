#pragma once

#include "task/replydata.h"

/// How a reply lies in the history.
struct StoredReply {
    /// From this size on a body is compressed.
    static constexpr qsizetype compressFrom = 1024 * 1024 + 1;
    /// What a body may unpack to: the cap of a reply's size.
    static constexpr qsizetype maxBody = 64LL * 1024 * 1024;

    QByteArray headers; ///< "Name: value\n", in the order received
    QByteArray body;    ///< in qCompress()'s form if `compressed`
    bool compressed = false;
    bool isHead = false; ///< see ReplyData

    /// The last two as they lie in the column `compressed`.
    [[nodiscard]] int form() const { return int(compressed) | int(isHead) << 1; }
    void setForm(int form)
    {
        compressed = (form & 1) != 0;
        isHead = (form & 2) != 0;
    }

    /// `body` instead of the reply's own: what may be stored of it.
    [[nodiscard]] static StoredReply pack(const ReplyData &reply, const QByteArray &body);
    /// Sets headers and body; false if they are damaged.
    [[nodiscard]] bool unpack(ReplyData &reply) const;
};
