#pragma once

#include "base/secret.h"

#include <QString>

#include <tl/expected.hpp>

/// The token in what a person pasted: trimmed, without "Authorization:" and "Bearer" before it. An
/// empty Secret for an empty text; an error in words for what no header can carry.
[[nodiscard]] tl::expected<Secret, QString> tokenFromText(const QString &text);
