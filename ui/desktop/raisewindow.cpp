#include "desktop/raisewindow.h"

#include "desktop/startupnotice.h"

#include <QWidget>

#include <algorithm>

namespace {

constexpr qsizetype tokenLength = 512;
constexpr auto variable = "XDG_ACTIVATION_TOKEN";

[[nodiscard]] bool isActivationToken(const QString &text)
{
    return !text.isEmpty() && text.size() <= tokenLength
           && std::all_of(text.begin(), text.end(),
                          [](QChar c) { return c > QLatin1Char(' ') && c <= QLatin1Char('~'); });
}

} // namespace

void raiseWindow(QWidget &window, const QString &activationToken)
{
    // Qt's Wayland plugin takes it from there, with the activation below.
    const bool isGiven = isActivationToken(activationToken);
    if (isGiven)
        qputenv(variable, activationToken.toLatin1());
    window.setWindowState(window.windowState() & ~Qt::WindowMinimized);
    window.show();
    window.raise();
    window.activateWindow();
    if (!isGiven)
        return;
    qunsetenv(variable); // it is used up: no later activation, no child may try it again
    endStartupNotice(window, activationToken);
}
