#pragma once

#include "taskplan.h"

/// Steps to build plans of, with the names that Guardian gives them.
namespace PlanSteps {

[[nodiscard]] PlanStep leaf(const QString &name, std::chrono::milliseconds duration, int ticks = 4);
[[nodiscard]] PlanStep branch(const QString &name, std::vector<PlanStep> steps);
[[nodiscard]] PlanStep skipped(const QString &name);
[[nodiscard]] PlanStep minimized(PlanStep step);
[[nodiscard]] PlanStep remarked(PlanStep step, const QString &remark);

/// A minute and a half.
[[nodiscard]] std::vector<PlanStep> publishSchemas();
/// Four minutes.
[[nodiscard]] std::vector<PlanStep> publishPolicy();
/// Almost three minutes.
[[nodiscard]] std::vector<PlanStep> importPolicy();
/// Half a minute.
[[nodiscard]] std::vector<PlanStep> createToken();

} // namespace PlanSteps
