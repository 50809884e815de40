#pragma once

#include <QStringView>

/// How many letters must be changed, added or left out to make one of the other (Levenshtein).
[[nodiscard]] int editDistance(QStringView a, QStringView b);
