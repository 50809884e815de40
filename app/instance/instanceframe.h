#pragma once

#include <QByteArray>

#include <tl/expected.hpp>

#include <optional>

/// How requests and replies go over the socket: four bytes that name the protocol, the content's
/// length as four bytes (big-endian), the content.
namespace InstanceFrame {

constexpr qsizetype headSize = 8;
/// Of a content. An intake of 1 MiB of text in UTF-8 fits.
constexpr qsizetype cap = 4'194'304;

/// `content` must not be larger than `cap`.
[[nodiscard]] QByteArray packed(const QByteArray &content);

enum class Broken { Foreign, TooLarge };
/// Takes the first frame's content out of what has arrived; absent while it is not whole. Says that
/// it is broken as early as can be seen.
[[nodiscard]] tl::expected<std::optional<QByteArray>, Broken> take(QByteArray &arrived);

} // namespace InstanceFrame
