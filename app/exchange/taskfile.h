#pragma once

#include "exchange/exportformat.h"
#include "task/taskrecord.h"

#include <QJsonObject>

#include <tl/expected.hpp>

/// The file that tasks are exported to as JSON, and read back from. All pure.
///
/// Each task is the object that `show --json` prints, and beside it everything that the history
/// keeps. What is masked as a secret stays masked; nothing else is lost.
namespace TaskFile {

inline constexpr int version = 1;

/// The file is head, tasks with `separator` between them, tail.
[[nodiscard]] QByteArray head(const QDateTime &now);
inline constexpr auto separator = ",\n";
[[nodiscard]] QByteArray tail();

[[nodiscard]] QJsonObject object(const TaskRecord &record, const NamedServer &server);

/// The way back. The record's server is left null: `serverOf` says which one it was on. The error
/// is in words and names the member.
[[nodiscard]] tl::expected<TaskRecord, QString> record(const QJsonObject &object);
[[nodiscard]] QUrl serverOf(const QJsonObject &object);

} // namespace TaskFile
