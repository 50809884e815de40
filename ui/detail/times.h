#pragma once

#include <QDateTime>
#include <QString>

/// Times in words, in the operator's own zone.
namespace Times {

/// "12:34:56"
[[nodiscard]] QString timeOfDay(const QDateTime &utc);
/// "2026-05-04 12:34:56 CEST".
[[nodiscard]] QString full(const QDateTime &utc);

} // namespace Times
