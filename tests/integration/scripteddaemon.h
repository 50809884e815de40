#pragma once

#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVirtualObject>

/// A notification daemon whose abilities and manners a test chooses.
class ScriptedDaemon final : public QDBusVirtualObject
{
    Q_OBJECT

public:
    struct Shown {
        uint replaces = 0;
        QString summary;
        QString body;
        QStringList actions;
        QVariantMap hints;
        int expiry = 0;
    };

    ScriptedDaemon() = default;
    Q_DISABLE_COPY_MOVE(ScriptedDaemon)
    ~ScriptedDaemon() override { stop(); }

    QStringList capabilities{QStringLiteral("body"), QStringLiteral("body-markup"),
                             QStringLiteral("actions")};
    bool hangs = false;
    QList<Shown> shown; ///< the n-th got the ID firstId + n
    uint firstId = 10;
    QList<uint> closed; ///< by the program

    /// On a connection of its own, so that its end is that of a program.
    [[nodiscard]] bool start(const QString &address)
    {
        auto bus = QDBusConnection::connectToBus(address, QStringLiteral("daemon"));
        return bus.registerVirtualObject(path, this)
               && bus.registerService(QStringLiteral("org.freedesktop.Notifications"));
    }
    void stop() { QDBusConnection::disconnectFromBus(QStringLiteral("daemon")); }

    void say(const QString &signal, const QVariantList &arguments) const
    {
        QDBusMessage message = QDBusMessage::createSignal(
            path, QStringLiteral("org.freedesktop.Notifications"), signal);
        message.setArguments(arguments);
        QDBusConnection(QStringLiteral("daemon")).send(message);
    }

    [[nodiscard]] QString introspect(const QString &) const override { return {}; }
    bool handleMessage(const QDBusMessage &message, const QDBusConnection &bus) override
    {
        if (hangs) {
            message.setDelayedReply(true); // for ever
            return true;
        }
        const QVariantList given = message.arguments();
        if (message.member() == QLatin1String("GetCapabilities"))
            return bus.send(message.createReply(capabilities));
        if (message.member() == QLatin1String("GetServerInformation"))
            return bus.send(message.createReply({QStringLiteral("scripted"), QStringLiteral("us"),
                                                 QStringLiteral("1"), QStringLiteral("1.2")}));
        if (message.member() == QLatin1String("CloseNotification")) {
            closed << given.value(0).toUInt();
            return bus.send(message.createReply());
        }
        if (message.member() != QLatin1String("Notify") || given.size() != 8)
            return false;
        shown << Shown{given.at(1).toUInt(),
                       given.at(3).toString(),
                       given.at(4).toString(),
                       given.at(5).toStringList(),
                       qdbus_cast<QVariantMap>(given.at(6)),
                       given.at(7).toInt()};
        const uint replaces = shown.constLast().replaces;
        const uint id = replaces != 0 ? replaces : firstId + uint(shown.size()) - 1;
        return bus.send(message.createReply(id));
    }

private:
    const QString path = QStringLiteral("/org/freedesktop/Notifications");
};
