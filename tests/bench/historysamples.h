#pragma once

#include <QString>

/// Fills a --data-dir with a server and so many completed tasks of it; false if that failed.
[[nodiscard]] bool writeHistory(const QString &dataDir, int tasks);
