#pragma once

#include "task/tasksnapshot.h"

#include <QJsonValue>

/// What a completed task's result means: some successes carry problems. A pure function of the
/// task's action and its result; unknown shapes are never guessed as problems.
///
/// Rules: `isValid: false` in the result of any action; for "Publish policy" also in its depth,
/// where the result itself does not say.
[[nodiscard]] Verdict judge(const QString &action, const QJsonValue &result);
