#pragma once

#include "task/pollerror.h"

#include <QByteArray>
#include <QList>

#include <chrono>
#include <optional>
#include <utility>

/// One HTTP exchange as it came: a value, safe to carry between threads and to show.
struct ReplyData {
    /// How much is kept of a body that is larger than the cap of a reply's size.
    static constexpr qsizetype headSize = 1024LL * 1024;
    static constexpr qsizetype cap = 64LL * 1024 * 1024;

    int httpStatus = 0;  ///< 0: no complete answer came; `transportError` says why
    QByteArray body;     ///< decompressed, as received, at most `cap`
    bool isHead = false; ///< `body` is only the beginning of what was larger than the cap
    /// As received, without those that carry secrets (Set-Cookie, WWW-Authenticate, …).
    QList<std::pair<QByteArray, QByteArray>> headers;
    /// What the network says: set where no whole answer came, or a redirect was refused.
    std::optional<PollError> transportError;
    std::chrono::milliseconds duration{0}; ///< from send to end

    /// The first header of that name, case-insensitive; empty if there is none.
    [[nodiscard]] QByteArray header(QByteArrayView name) const;
};
