#include "desktop/trayhost.h"

#ifdef TASKWATCH_WITH_DBUS
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusServiceWatcher>
#include <QDBusVariant>
#endif

using namespace Qt::StringLiterals;

namespace {

constexpr auto watcher = "org.kde.StatusNotifierWatcher"_L1;
constexpr auto watcherPath = "/StatusNotifierWatcher"_L1;
constexpr int limit = 3'000; ///< ms

} // namespace

#ifdef TASKWATCH_WITH_DBUS

TrayHost::TrayHost(QObject *parent)
    : QObject(parent)
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    auto *owners =
        new QDBusServiceWatcher(watcher, bus, QDBusServiceWatcher::WatchForOwnerChange, this);
    connect(owners, &QDBusServiceWatcher::serviceOwnerChanged, this,
            [this](const QString &, const QString &, const QString &owner) {
                if (owner.isEmpty())
                    set(false);
                else
                    ask();
            });
    for (const auto signal :
         {"StatusNotifierHostRegistered"_L1, "StatusNotifierHostUnregistered"_L1})
        bus.connect(watcher, watcherPath, watcher, signal, this, SLOT(ask()));
    ask();
}

void TrayHost::ask()
{
    QDBusMessage call = QDBusMessage::createMethodCall(
        watcher, watcherPath, u"org.freedesktop.DBus.Properties"_s, u"Get"_s);
    call << QString(watcher) << u"IsStatusNotifierHostRegistered"_s;
    const int number = ++m_asked;
    auto *pending =
        new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(call, limit), this);
    connect(pending, &QDBusPendingCallWatcher::finished, this, [this, number, pending] {
        pending->deleteLater();
        const QDBusPendingReply<QDBusVariant> reply = *pending;
        if (number == m_asked)
            set(!reply.isError() && reply.value().variant().toBool());
    });
}

#else

TrayHost::TrayHost(QObject *parent)
    : QObject(parent)
{
}

void TrayHost::ask() {}

#endif

void TrayHost::set(bool isThere)
{
    ++m_asked;
    if (m_isThere == isThere)
        return;
    m_isThere = isThere;
    Q_EMIT changed(isThere);
}
