#pragma once

#include "guardian/connectionstatus.h"

#include <QString>

/// Words for how a server is reached.
namespace ConnectionWords {

/// Translated, for people: "Sign-in needed".
[[nodiscard]] QString word(Connection connection);
/// For `--json`: "sign-in-needed". Never translated.
[[nodiscard]] QString kebab(Connection connection);
/// Translated: what the state means and what the operator can do; for tooltips and banners.
[[nodiscard]] QString explanation(const ConnectionStatus &status);

} // namespace ConnectionWords
