#include "desktop/raisewindow.h"

#include <QWidget>

#include <algorithm>

namespace {

constexpr qsizetype tokenLength = 512;

[[nodiscard]] bool isActivationToken(const QString &text)
{
    return !text.isEmpty() && text.size() <= tokenLength
           && std::all_of(text.begin(), text.end(),
                          [](QChar c) { return c > QLatin1Char(' ') && c <= QLatin1Char('~'); });
}

} // namespace

void raiseWindow(QWidget &window, const QString &activationToken)
{
    // Qt's Wayland plugin takes it from there, once, with the next activation.
    if (isActivationToken(activationToken))
        qputenv("XDG_ACTIVATION_TOKEN", activationToken.toLatin1());
    window.setWindowState(window.windowState() & ~Qt::WindowMinimized);
    window.show();
    window.raise();
    window.activateWindow();
}
