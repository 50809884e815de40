#pragma once

#include <QSize>

/// What a person's terminal is asked.
namespace Terminal {

/// Whether what is written there is seen on a terminal whose cursor can be moved.
[[nodiscard]] bool isInteractive(int descriptor);
/// In columns and rows; 80 x 24 where it does not say.
[[nodiscard]] QSize size(int descriptor);

} // namespace Terminal
