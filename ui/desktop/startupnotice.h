#pragma once

#include <QString>

class QWidget;

/// Says to an X11 desktop that a start of the program has come to its end: that one shows a busy
/// cursor until then, or until its patience ends. Qt says it of its own program's start alone, and
/// not for one that handed over to us.
///
/// `id`: DESKTOP_STARTUP_ID of that start. `window`: what the start has led to; shown. Does nothing
/// on other platforms.
void endStartupNotice(const QWidget &window, const QString &id);
