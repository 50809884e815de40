#pragma once

#include <QColor>
#include <QIcon>

class QPalette;

/// The colour that tells a server from others; decoration only, its name always stands beside it.
namespace ColourMark {

/// Invalid for 0: no mark.
[[nodiscard]] QColor colour(int mark, const QPalette &palette);
/// "Red"; "None" for 0.
[[nodiscard]] QString name(int mark);
/// A dot.
[[nodiscard]] QIcon icon(int mark, const QPalette &palette);

} // namespace ColourMark
