#pragma once

#include "companion.h"

/// An X display that nobody sees (Xvfb), for a test that looks at what is painted. It ends with
/// this.
///
/// As Qt chooses its platform once, the test program runs itself again on the display.
class PrivateDisplay
{
public:
    PrivateDisplay() = default;
    ~PrivateDisplay();
    Q_DISABLE_COPY_MOVE(PrivateDisplay)

    /// Empty, or what is wrong (a missing package is named).
    [[nodiscard]] QString start();
    /// Of this program, on the display.
    [[nodiscard]] QProcessEnvironment environment() const;

    /// Whether this program is the one that was run again.
    [[nodiscard]] static bool isInside();
    /// With this program's arguments; gives its exit status. Processes events meanwhile.
    [[nodiscard]] static int runAgain(QProcessEnvironment environment);

private:
    QProcess m_server;
    QString m_name; ///< ":1"
};
