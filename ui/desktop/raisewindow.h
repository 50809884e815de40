#pragma once

#include <QString>

class QWidget;

/// Shows a window in front of all others and gives it the focus, also from minimised or hidden.
/// `activationToken` is the desktop's consent (XDG_ACTIVATION_TOKEN or, on X11, DESKTOP_STARTUP_ID
/// of another program, whose start ends with this); may be empty, and is ignored where it cannot be
/// one.
void raiseWindow(QWidget &window, const QString &activationToken = {});
