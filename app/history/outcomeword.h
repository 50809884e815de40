#pragma once

#include "task/taskrecord.h"

#include <QString>

#include <optional>

/// How an outcome is written in the history; never translated, never changed.
[[nodiscard]] QString storedWord(Outcome outcome);
[[nodiscard]] std::optional<Outcome> outcomeOf(const QString &storedWord);
