#pragma once

#include <QDBusConnection>
#include <QObject>
#include <QStringList>

/// A desktop's place for tray icons, as far as an application sees it. Lives in a process of its
/// own: Qt asks it with calls that wait. A test steers it by its last two slots.
class StatusNotifierWatcher final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StatusNotifierWatcher)
    Q_CLASSINFO("D-Bus Interface", "org.kde.StatusNotifierWatcher")
    Q_PROPERTY(bool IsStatusNotifierHostRegistered READ hasHost NOTIFY changed)
    Q_PROPERTY(QStringList RegisteredStatusNotifierItems READ items NOTIFY changed)
    Q_PROPERTY(int ProtocolVersion READ version CONSTANT)

public:
    explicit StatusNotifierWatcher(const QDBusConnection &bus)
        : m_bus(bus)
    {
        m_bus.registerObject(QStringLiteral("/StatusNotifierWatcher"), this,
                             QDBusConnection::ExportAllContents);
    }

    [[nodiscard]] bool hasHost() const { return m_hasHost; }
    [[nodiscard]] QStringList items() const { return m_items; }
    [[nodiscard]] int version() const { return 0; }

public Q_SLOTS:
    void RegisterStatusNotifierItem(const QString &service) // NOLINT: D-Bus's name
    {
        m_items << service;
        Q_EMIT changed();
        Q_EMIT StatusNotifierItemRegistered(service);
    }
    /// As a panel that comes or goes.
    void setHost(bool isThere)
    {
        m_hasHost = isThere;
        Q_EMIT changed();
        isThere ? Q_EMIT StatusNotifierHostRegistered() : Q_EMIT StatusNotifierHostUnregistered();
    }
    /// As the whole desktop's tray service.
    void setService(bool isThere)
    {
        const QString name = QStringLiteral("org.kde.StatusNotifierWatcher");
        m_items.clear();
        Q_EMIT changed();
        isThere ? m_bus.registerService(name) : m_bus.unregisterService(name);
    }

Q_SIGNALS:
    void changed();
    void StatusNotifierHostRegistered();                       // NOLINT: D-Bus's name
    void StatusNotifierHostUnregistered();                     // NOLINT: D-Bus's name
    void StatusNotifierItemRegistered(const QString &service); // NOLINT: D-Bus's name

private:
    QDBusConnection m_bus;
    QStringList m_items;
    bool m_hasHost = false;
};
