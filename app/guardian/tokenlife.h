#pragma once

#include <QDateTime>

#include <chrono>
#include <optional>

/// How long an access token is good. Pure.
namespace TokenLife {

/// What is left of a token that ends at `expireAt` by the server's clock; negative: it is over.
///
/// `date`: the reply's header, cut to seconds, written at some moment of the `trip` from sending to
/// now. Where it differs from our clock it counts, in the way that lets the token end the earlier.
[[nodiscard]] std::chrono::milliseconds left(const QDateTime &expireAt,
                                             const std::optional<QDateTime> &date,
                                             const QDateTime &now, std::chrono::milliseconds trip);

/// So long before its end a token is renewed.
[[nodiscard]] std::chrono::milliseconds marginOf(std::chrono::milliseconds life);

} // namespace TokenLife
