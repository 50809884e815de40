#pragma once

#include <QString>

/// What is installed beside the program, made from the table that its parser uses.
namespace Papers {

/// A completion function for that shell, as its vendor folder wants it.
[[nodiscard]] QString bashCompletion();
[[nodiscard]] QString zshCompletion();
[[nodiscard]] QString fishCompletion();
/// taskwatch(1) in roff.
[[nodiscard]] QString manPage();

} // namespace Papers
