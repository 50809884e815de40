#pragma once

#include "task/taskrecord.h"

#include <QJsonObject>
#include <QString>

enum class ShownSteps { None, All };

/// A task for people, as `taskwatch show` prints it; ends with a line feed. Pure.
///
/// `json` is the same task as taskToJson() gives it, whose result is masked already. Nothing in the
/// text moves a terminal's cursor, whatever the server wrote.
[[nodiscard]] QString showText(const TaskRecord &record, const QJsonObject &json,
                               const QDateTime &now, ShownSteps steps = ShownSteps::All);

/// "✓ Publish schemas  6 s", indented by its depth in the tree. Pure.
[[nodiscard]] QString stepLine(const TaskStep &step, int depth);
