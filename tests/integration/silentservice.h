#pragma once

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVirtualObject>

/// Owns a name on a bus and never answers any call.
class SilentService final : public QDBusVirtualObject
{
    Q_OBJECT

public:
    SilentService() = default;
    Q_DISABLE_COPY_MOVE(SilentService)
    ~SilentService() override { stop(); }

    /// On a connection of its own, so that its end is that of a program.
    [[nodiscard]] bool start(const QString &address, const QString &name)
    {
        m_name = name;
        auto bus = QDBusConnection::connectToBus(address, m_name);
        return bus.registerVirtualObject(QStringLiteral("/"), this, QDBusConnection::SubPath)
               && bus.registerService(name);
    }
    void stop() const { QDBusConnection::disconnectFromBus(m_name); }
    [[nodiscard]] int calls() const { return m_calls; }

    [[nodiscard]] QString introspect(const QString &) const override { return {}; }
    bool handleMessage(const QDBusMessage &message, const QDBusConnection &) override
    {
        message.setDelayedReply(true); // for ever
        ++m_calls;
        return true;
    }

private:
    QString m_name;
    int m_calls = 0;
};
