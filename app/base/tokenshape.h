#pragma once

#include <QStringView>

/// Whether the text holds what looks like a JSON Web Token or an Authorization header's value, so
/// that a secret pasted at the wrong place is neither sent, nor stored, nor shown. A token without
/// such a shape cannot be told from any other text.
[[nodiscard]] bool holdsToken(QStringView text);
