#pragma once

#include "task/tasksnapshot.h"

#include <QByteArrayView>
#include <QDateTime>
#include <QJsonValue>
#include <QString>

#include <optional>

/// Reads single facts out of JSON values that may be of any type: a wrong one is no fact, and never
/// an error.
namespace JsonFacts {

/// A number, or a text that is clearly one; finite.
[[nodiscard]] std::optional<double> number(const QJsonValue &value);

/// 0..100, cut to whole percents and to that range.
[[nodiscard]] std::optional<int> percent(const QJsonValue &value);

/// ISO 8601 (UTC where no zone is given) or milliseconds since 1970; in UTC. Only the years 1970 to
/// 9999 are facts.
[[nodiscard]] std::optional<QDateTime> time(const QJsonValue &value);
[[nodiscard]] std::optional<qint64> milliseconds(const QJsonValue &value);

/// An error of any shape; absent for null and undefined. `original` are its own bytes, if known:
/// they keep the order of members and all digits.
[[nodiscard]] std::optional<TaskError> error(const QJsonValue &value, QByteArrayView original = {});

/// A number as people write it: whole ones without a point or exponent.
[[nodiscard]] QString numberText(double number);

} // namespace JsonFacts
