#pragma once

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusVariant>
#include <QDBusVirtualObject>
#include <QThread>

/// org.freedesktop.NetworkManager, as far as Qt asks it, with the state that a test sets. It lives
/// in a thread of its own: Qt waits for its answers.
class ScriptedNetworkManager final : public QDBusVirtualObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ScriptedNetworkManager)

public:
    enum State : uint { Disconnected = 20, ConnectedLocal = 50, ConnectedGlobal = 70 };
    enum Connectivity : uint { None = 1, Full = 4 };
    enum Device : uint { Ethernet = 1, WiFi = 2 };

    ScriptedNetworkManager() = default;
    ~ScriptedNetworkManager() override
    {
        QDBusConnection::disconnectFromBus(name);
        m_thread.quit();
        m_thread.wait();
    }

    [[nodiscard]] bool start(const QString &address)
    {
        auto bus = QDBusConnection::connectToBus(address, name);
        if (!bus.registerVirtualObject(QStringLiteral("/org/freedesktop/NetworkManager"), this,
                                       QDBusConnection::SubPath))
            return false;
        m_thread.start();
        moveToThread(&m_thread);
        return bus.registerService(service);
    }

    /// Says so to everybody, as the real one does.
    void set(State state, Connectivity connectivity, Device device)
    {
        QMetaObject::invokeMethod(
            this,
            [this, state, connectivity, device] {
                const QVariantMap before = m_properties;
                m_device = device;
                m_properties = properties(state, connectivity, device);
                QVariantMap changed;
                for (auto one = m_properties.cbegin(); one != m_properties.cend(); ++one) {
                    if (before.value(one.key()) != one.value())
                        changed.insert(one.key(), one.value());
                }
                QDBusMessage message =
                    QDBusMessage::createSignal(QStringLiteral("/org/freedesktop/NetworkManager"),
                                               QStringLiteral("org.freedesktop.DBus.Properties"),
                                               QStringLiteral("PropertiesChanged"));
                message << service << changed << QStringList();
                QDBusConnection(name).send(message);
            },
            Qt::BlockingQueuedConnection);
    }

    /// Qt asks for the properties that are named here only.
    [[nodiscard]] QString introspect(const QString &path) const override
    {
        const bool isDevice = path.contains(QLatin1String("Devices"));
        return QStringLiteral("<interface name=\"%1.%2\">"
                              "<property name=\"%3\" type=\"%4\" access=\"read\"/></interface>")
            .arg(service, isDevice ? QStringLiteral("Device") : QStringLiteral("Connection.Active"),
                 isDevice ? QStringLiteral("DeviceType") : QStringLiteral("Devices"),
                 isDevice ? QStringLiteral("u") : QStringLiteral("ao"));
    }
    bool handleMessage(const QDBusMessage &message, const QDBusConnection &bus) override
    {
        const QString of = message.arguments().value(0).toString();
        QVariantMap all = m_properties;
        if (of == service + QStringLiteral(".Connection.Active")) {
            const QDBusObjectPath device(
                QStringLiteral("/org/freedesktop/NetworkManager/Devices/1"));
            all = {{QStringLiteral("Devices"), QVariant::fromValue(QList{device})}};
        } else if (of == service + QStringLiteral(".Device")) {
            all = {{QStringLiteral("DeviceType"), uint(m_device)}};
        }
        if (message.member() == QLatin1String("GetAll"))
            return bus.send(message.createReply(all));
        if (message.member() != QLatin1String("Get"))
            return false;
        const QVariant value = all.value(message.arguments().value(1).toString());
        return bus.send(message.createReply(QVariant::fromValue(QDBusVariant(value))));
    }

private:
    /// Each device has a connection, which is another's path.
    [[nodiscard]] static QVariantMap properties(State state, Connectivity connectivity,
                                                Device device)
    {
        const auto path = [&] {
            return state == Disconnected
                       ? QStringLiteral("/")
                       : QStringLiteral("/org/freedesktop/NetworkManager/ActiveConnection/%1")
                             .arg(uint(device));
        };
        return {
            {QStringLiteral("State"), uint(state)},
            {QStringLiteral("Connectivity"), uint(connectivity)},
            {QStringLiteral("Metered"), 4U}, // guessed: no
            {QStringLiteral("PrimaryConnection"), QVariant::fromValue(QDBusObjectPath(path()))}};
    }

    const QString name = QStringLiteral("networkmanager");
    const QString service = QStringLiteral("org.freedesktop.NetworkManager");
    QThread m_thread;
    Device m_device = WiFi;
    QVariantMap m_properties = properties(Disconnected, None, WiFi);
};
