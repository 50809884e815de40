#pragma once

#include <QString>

/// Makes text of others safe to print: a terminal obeys control characters, and marks of direction
/// turn a line around. Such characters become visible signs.
namespace PlainText {

/// Line feeds stay, tabs become spaces.
[[nodiscard]] QString inLines(QStringView text);
/// Line feeds become signs too.
[[nodiscard]] QString onOneLine(QStringView text);
/// JSON text in which such characters are written as escapes; the same JSON otherwise.
[[nodiscard]] QString inJson(QStringView json);

} // namespace PlainText
