#pragma once

#include "desktop/notificationsender.h"

#include <QDBusConnection>
#include <QHash>
#include <QStringList>

#include <chrono>
#include <map>
#include <optional>

class QDBusMessage;
class QDBusPendingCall;

/// NotificationSender over org.freedesktop.Notifications. Never waits: each call has 3 s, after
/// which the notification counts as refused.
class DBusSender final : public NotificationSender
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DBusSender)

public:
    static constexpr std::chrono::seconds limit{3};

    /// On the session bus; without one, all is refused.
    explicit DBusSender(QObject *parent = nullptr);
    explicit DBusSender(const QDBusConnection &bus, QObject *parent = nullptr);

    void send(const Notification &notification) override;
    void tryOut() override;

private Q_SLOTS: // by name: D-Bus knows no others
    void onActionInvoked(uint id, const QString &key);
    void onActivationToken(uint id, const QString &token);
    void onClosed(uint id, uint reason);

private:
    void listen();
    void forgetService();
    void askCapabilities();
    void takeCapabilities(const std::optional<QStringList> &capabilities);
    void notify(const Notification &notification);
    void close(uint id);
    /// The desktop is asked to keep it when one of its buttons is pressed.
    [[nodiscard]] bool isResident(const Notification &notification) const;
    void remember(uint id, const Notification &notification);
    template<typename Then>
    void call(const QString &method, const QVariantList &arguments, Then then);
    [[nodiscard]] QString describeCapabilities(const QString &name) const;

    QDBusConnection m_bus;
    std::optional<QStringList> m_capabilities; ///< absent: not known yet
    bool m_asking = false;
    QList<Notification> m_waiting;        ///< for the capabilities
    std::map<uint, Notification> m_shown; ///< ours alone, by id; the oldest first
    QHash<uint, QString> m_tokens;        ///< come just before the action
};
