#pragma once

#include <QProcess>

/// A program of a test's, that ends with it, also when the test crashes. Empty, or what is wrong (a
/// missing package is named).
[[nodiscard]] QString startCompanion(QProcess &process, const QString &program,
                                     const QString &package, const QStringList &arguments);
void endCompanion(QProcess &process);
