#pragma once

#include "base/secret.h"

#include <QSize>
#include <QString>

#include <optional>

class QIODevice;

/// What a person's terminal is asked.
namespace Terminal {

/// Whether what is written there is seen on a terminal whose cursor can be moved.
[[nodiscard]] bool isInteractive(int descriptor);
/// In columns and rows; 80 x 24 where it does not say.
[[nodiscard]] QSize size(int descriptor);

/// A line from there, without its end; absent if the input ends before one began, or for one over
/// 4 KiB. On a terminal `prompt` is said to `words` first, and what is typed is not shown; a signal
/// that ends or stops the program finds the terminal as it was. Blocks. Call it before there are
/// threads: they would take the signals.
[[nodiscard]] std::optional<Secret> readSecret(int descriptor, QIODevice &words,
                                               const QString &prompt);

} // namespace Terminal
