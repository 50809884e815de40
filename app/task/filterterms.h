#pragma once

#include "task/taskfilter.h"

#include <optional>

/// The words of the filter language, and what is said when one is wrong.
namespace FilterTerms {

/// By its lower-case key.
[[nodiscard]] std::optional<FilterField> field(const QString &key);
/// Empty for Any.
[[nodiscard]] QString key(FilterField field);
[[nodiscard]] std::optional<FilterFlag> flag(const QString &folded);
/// Fills the outcomes that the term's text names; false: one of them is unknown.
[[nodiscard]] bool readStatuses(FilterTerm &term);

[[nodiscard]] QString unknownKey(const QString &key);
[[nodiscard]] QString missingValue(const QString &key);
[[nodiscard]] QString unknownStatus(const QString &value);
[[nodiscard]] QString unknownFlag(const QString &value);

} // namespace FilterTerms
