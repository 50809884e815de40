#pragma once

#include "task/tasksnapshot.h"

#include <QJsonValue>

/// What a completed task's result means: some successes carry problems. A pure function of the
/// task's action and its result; unknown shapes are never guessed as problems.
///
/// Rules: "Publish policy" is invalid if the result, or without its own word any part of it, says
/// `isValid: false`; what "Migrate data" lists are errors; of an "Import …" those parts failed that
/// have an `error`. Any other result has problems if it says `isValid: false`, or without that word
/// if `errors` lists some, or if `failed` does, or counts some, or is true.
[[nodiscard]] Verdict judge(const QString &action, const QJsonValue &result);
