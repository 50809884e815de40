#pragma once

#include <QDateTime>
#include <QString>

#include <chrono>

/// Times and durations in words, in the operator's own zone.
namespace Times {

/// "12:34:56"
[[nodiscard]] QString timeOfDay(const QDateTime &utc);
/// "2026-05-04 12:34:56 CEST".
[[nodiscard]] QString full(const QDateTime &utc);
/// "4 min 12 s": for a sentence, where TaskWords::duration() is for a column.
[[nodiscard]] QString spelled(std::chrono::milliseconds duration);

} // namespace Times
