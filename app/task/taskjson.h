#pragma once

#include "task/taskrecord.h"

#include <QJsonObject>
#include <QUrl>

/// The object that `--json` prints for a task. The result is read from the record's reply, with
/// secrets masked; what is not known is null. `connection` in kebab-case. `kept`: for a file, see
/// ruleForKeeping().
[[nodiscard]] QJsonObject taskToJson(const TaskRecord &record, const QUrl &server,
                                     const QString &connection, bool kept = false);
