#pragma once

#include "guardian/connectionstatus.h"
#include "task/taskrecord.h"

#include <QColor>
#include <QIcon>

class QPalette;

/// How a state looks: a shape and a colour that keep apart in light and dark and for the
/// colour-blind. GUI thread only.
///
/// Icons are drawn from resources/icons/*.svg in the state's colour, cached per palette brightness
/// and given in HighlightedText for selected rows (QIcon::Selected).
/// Make them anew after QEvent::PaletteChange.
namespace StateLook {

/// Whether a palette is dark: Qt 6.4 has no colour scheme to ask.
[[nodiscard]] bool isDark(const QPalette &palette);

/// Of text and shapes; at least 4.5:1 against the palette's Base. `expired`: the server no longer
/// knows the finished task.
[[nodiscard]] QColor colour(Outcome outcome, const QPalette &palette, bool expired = false);
[[nodiscard]] QIcon icon(Outcome outcome, bool expired, const QPalette &palette);

[[nodiscard]] QColor colour(Connection connection, const QPalette &palette);
[[nodiscard]] QIcon icon(Connection connection, const QPalette &palette);

/// Any other icon of ours by its file's name without ending ("watch", "refresh", …), in the
/// palette's text colour. "taskwatch", the program's own, has its own colours.
[[nodiscard]] QIcon symbol(const QString &name, const QPalette &palette);

/// From 1 to 21, as WCAG 2 has it; colours must be opaque.
[[nodiscard]] double contrast(const QColor &a, const QColor &b);

} // namespace StateLook
