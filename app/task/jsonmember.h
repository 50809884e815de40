#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <optional>
#include <vector>

/// Looks into JSON text without building a tree: linear in time, constant in stack, however deep.
/// They expect what QJsonDocument accepts; anything else gives no wrong reads, just no sense.
namespace JsonText {

/// The deepest nesting of arrays and objects that Taskwatch reads; Qt itself stops at 1,024.
inline constexpr int maxDepth = 512;

/// The text behind a UTF-8 byte order mark and white space.
[[nodiscard]] QByteArrayView trimmed(QByteArrayView json);

[[nodiscard]] bool isDeeperThan(QByteArrayView json, int depth);

/// The index behind the string that starts (with its quote) at `at`; the size if it does not end.
[[nodiscard]] qsizetype endOfString(QByteArrayView json, qsizetype at);

/// A string's text from its token with quotes; empty if it is broken.
[[nodiscard]] QByteArray unescaped(QByteArrayView token);

/// The elements of an array, without white space around; absent if it is none, or not whole. They
/// point into `json`.
[[nodiscard]] std::optional<std::vector<QByteArrayView>> elements(QByteArrayView json);

/// JSON of which only the beginning is there, made whole: cut behind the last value that is, or in
/// the middle of a string, and closed. Whole JSON stays as it is.
[[nodiscard]] QByteArray closed(QByteArrayView head);

} // namespace JsonText

/// The original bytes of a member of the outermost object, without white space around: the last one
/// of duplicates, as QJsonDocument takes it. Points into `json`.
[[nodiscard]] std::optional<QByteArrayView> topLevelMember(QByteArrayView json,
                                                           QByteArrayView name);
/// The same for several names in one pass, in their order.
[[nodiscard]] std::vector<std::optional<QByteArrayView>>
topLevelMembers(QByteArrayView json, const std::vector<QByteArrayView> &names);
