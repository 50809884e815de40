#pragma once

#include <QByteArray>

/// JSON text with one value a line, indented by two, made from the text as it came: members keep
/// their order, numbers and strings every byte. Stops once `limit` bytes are written. Anything that
/// is no JSON comes out readable in some way, never wrong in memory.
[[nodiscard]] QByteArray formattedJson(QByteArrayView json, qsizetype limit);
