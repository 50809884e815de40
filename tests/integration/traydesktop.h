#pragma once

#include "privatebus.h"
#include "privatedisplay.h"
#include "statusnotifierwatcher.h"

#include <QCoreApplication>

/// A desktop with a place for tray icons, from the start on.
namespace TrayDesktop {

/// By which a test steers its StatusNotifierWatcher.
inline constexpr QLatin1String service{"io.github.taskwatch.Test"};

/// main() outside of PrivateDisplay::isInside(): bus, display and tray service; runs this program
/// again inside of it.
[[nodiscard]] inline int run(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    PrivateBus bus;
    if (const QString trouble = bus.start(); !trouble.isEmpty())
        qFatal("%s", qPrintable(trouble));
    PrivateDisplay display;
    if (const QString trouble = display.start(); !trouble.isEmpty())
        qFatal("%s", qPrintable(trouble));
    auto connection = QDBusConnection::connectToBus(bus.address(), QStringLiteral("desktop"));
    StatusNotifierWatcher watcher(connection);
    if (!connection.registerService(service))
        qFatal("the test's service could not be registered");
    watcher.setService(true);
    watcher.setHost(true);
    return PrivateDisplay::runAgain(display.environment());
}

} // namespace TrayDesktop
