#pragma once

#include <QString>

/// The path of a file or folder below tests/data.
[[nodiscard]] QString testDataPath(QStringView relative);
