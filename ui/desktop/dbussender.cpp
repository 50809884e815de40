#include "desktop/dbussender.h"

#include "base/applicationid.h"
#include "base/logging.h"

#include <QCoreApplication>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusServiceWatcher>
#include <QFileInfo>

#include <utility>

using namespace Qt::StringLiterals;

namespace {

constexpr auto service = "org.freedesktop.Notifications"_L1;
constexpr auto path = "/org/freedesktop/Notifications"_L1;
/// A daemon that never says that one was closed must not cost memory for ever.
constexpr size_t mostShown = 500;
constexpr qsizetype mostWaiting = 500;

constexpr auto openKey = "default"_L1;
constexpr auto guardianKey = "guardian"_L1;
constexpr auto copyKey = "copy-error"_L1;

/// Without one, asking for the bus would start a bus of its own, and wait for it.
QDBusConnection sessionBus()
{
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    if (qEnvironmentVariableIsEmpty("DBUS_SESSION_BUS_ADDRESS")
        && (runtime.isEmpty() || !QFileInfo::exists(runtime + u"/bus"_s)))
        return QDBusConnection(u"none"_s);
    return QDBusConnection::sessionBus();
}

/// Stays until the person has read it.
bool isUntilRead(const Notification &notification)
{
    return notification.urgency == Notification::Urgency::Critical;
}

constexpr int never = 0;
constexpr int asTheDesktopLikes = -1;

} // namespace

DBusSender::DBusSender(QObject *parent)
    : DBusSender(sessionBus(), parent)
{
}

DBusSender::DBusSender(const QDBusConnection &bus, QObject *parent)
    : NotificationSender(parent)
    , m_bus(bus)
{
    if (m_bus.isConnected())
        listen();
}

void DBusSender::listen()
{
    // Qt looks signatures up without blanks.
    // clang-format off
    m_bus.connect(service, path, service, u"ActionInvoked"_s, this,
                  SLOT(onActionInvoked(uint,QString)));
    m_bus.connect(service, path, service, u"ActivationToken"_s, this,
                  SLOT(onActivationToken(uint,QString)));
    m_bus.connect(service, path, service, u"NotificationClosed"_s, this,
                  SLOT(onClosed(uint,uint)));
    // clang-format on
    auto *watcher =
        new QDBusServiceWatcher(service, m_bus, QDBusServiceWatcher::WatchForOwnerChange, this);
    connect(watcher, &QDBusServiceWatcher::serviceOwnerChanged, this, &DBusSender::forgetService);
}

/// Another one counts its ids anew, and can do other things.
void DBusSender::forgetService()
{
    m_shown.clear();
    m_tokens.clear();
    m_capabilities.reset();
}

template<typename Then>
void DBusSender::call(const QString &method, const QVariantList &arguments, Then then)
{
    QDBusMessage message = QDBusMessage::createMethodCall(service, path, service, method);
    message.setArguments(arguments);
    auto *watcher = new QDBusPendingCallWatcher(
        m_bus.asyncCall(message, int(std::chrono::milliseconds(limit).count())), this);
    connect(
        watcher, &QDBusPendingCallWatcher::finished, this, [then](QDBusPendingCallWatcher *done) {
            done->deleteLater();
            if (done->isError()) {
                qCInfo(lcUi) << "No answer of the desktop's notifications:" << done->error().name();
            }
            then(*done);
        });
}

void DBusSender::send(const Notification &notification)
{
    if (!m_bus.isConnected() || m_waiting.size() >= mostWaiting) {
        // From the event loop, as all other answers come.
        QMetaObject::invokeMethod(
            this, [this, notification] { Q_EMIT refused(notification); }, Qt::QueuedConnection);
        return;
    }
    if (m_capabilities) {
        notify(notification);
        return;
    }
    m_waiting << notification;
    askCapabilities();
}

void DBusSender::askCapabilities()
{
    if (std::exchange(m_asking, true))
        return;
    call(u"GetCapabilities"_s, {}, [this](const QDBusPendingReply<QStringList> &answer) {
        m_asking = false;
        takeCapabilities(answer.isError() ? std::nullopt : std::optional(answer.value()));
    });
}

void DBusSender::takeCapabilities(const std::optional<QStringList> &capabilities)
{
    m_capabilities = capabilities;
    const QList<Notification> waiting = std::exchange(m_waiting, {});
    for (const Notification &notification : waiting) {
        if (capabilities)
            notify(notification);
        else
            Q_EMIT refused(notification);
    }
}

bool DBusSender::isResident(const Notification &notification) const
{
    return isUntilRead(notification) && m_capabilities
           && m_capabilities->contains(u"persistence"_s);
}

void DBusSender::notify(const Notification &notification)
{
    uint replaces = 0;
    for (const auto &[id, shown] : m_shown) {
        if (!notification.slot.isEmpty() && shown.slot == notification.slot)
            replaces = id;
    }
    QString summary = notification.summary;
    QString body = notification.body;
    if (!m_capabilities->contains(u"body"_s) && !body.isEmpty()) {
        summary += u" – "_s + body;
        body.clear();
    } else if (m_capabilities->contains(u"body-markup"_s)) {
        body = body.toHtmlEscaped();
    }
    QStringList actions;
    if (m_capabilities->contains(u"actions"_s)) {
        actions << openKey << tr("Open");
        if (notification.tasks.size() == 1)
            actions << guardianKey << tr("Open in Guardian");
        if (notification.canCopyError)
            actions << copyKey << tr("Copy Error");
    }
    QVariantMap hints{
        {u"urgency"_s, QVariant::fromValue(uchar(notification.urgency))},
        {u"desktop-entry"_s, QString(applicationId)},
        {u"category"_s, notification.category},
    };
    if (isResident(notification))
        hints.insert(u"resident"_s, true); // its error can be copied, and then it can be opened
    call(u"Notify"_s,
         {u"Taskwatch"_s, replaces, QString(applicationId), summary, body, actions, hints,
          isUntilRead(notification) ? never : asTheDesktopLikes},
         [this, notification](const QDBusPendingReply<uint> &answer) {
             if (answer.isError())
                 Q_EMIT refused(notification);
             else
                 remember(answer.value(), notification);
         });
}

void DBusSender::remember(uint id, const Notification &notification)
{
    m_shown[id] = notification;
    while (m_shown.size() > mostShown)
        m_shown.erase(m_shown.begin());
}

void DBusSender::onActivationToken(uint id, const QString &token)
{
    if (m_shown.contains(id))
        m_tokens.insert(id, token);
}

void DBusSender::onActionInvoked(uint id, const QString &key)
{
    const auto found = m_shown.find(id);
    if (found == m_shown.end())
        return; // another program's
    const QString token = m_tokens.take(id);
    const Notification notification = found->second;
    if (key != copyKey && isResident(notification))
        close(id); // now it has been read
    if (key == openKey)
        Q_EMIT chosen(notification, Action::Open, token);
    else if (key == guardianKey)
        Q_EMIT chosen(notification, Action::OpenInGuardian, token);
    else if (key == copyKey)
        Q_EMIT chosen(notification, Action::CopyError, token);
}

void DBusSender::close(uint id)
{
    QDBusMessage message =
        QDBusMessage::createMethodCall(service, path, service, u"CloseNotification"_s);
    message << id;
    m_bus.call(message, QDBus::NoBlock);
}

void DBusSender::onClosed(uint id, uint /*reason*/)
{
    m_shown.erase(id);
    m_tokens.remove(id);
}

void DBusSender::tryOut()
{
    const QString none = tr("No program of this desktop shows notifications. Taskwatch shows a "
                            "notice in its window instead.");
    if (!m_bus.isConnected()) {
        QMetaObject::invokeMethod(
            this, [this, none] { Q_EMIT triedOut(none); }, Qt::QueuedConnection);
        return;
    }
    using Names = QDBusPendingReply<QString, QString, QString, QString>;
    call(u"GetServerInformation"_s, {}, [this, none](const Names &names) {
        if (names.isError()) {
            Q_EMIT triedOut(none);
            return;
        }
        const QString name =
            QString(names.argumentAt<0>() + u' ' + names.argumentAt<2>()).trimmed();
        Notification test;
        test.summary = tr("Publish policy completed");
        test.body = tr("A test · 4 min 12 s");
        send(test);
        call(u"GetCapabilities"_s, {},
             [this, none, name](const QDBusPendingReply<QStringList> &answer) {
                 if (answer.isError()) {
                     Q_EMIT triedOut(none);
                     return;
                 }
                 m_capabilities = answer.value();
                 Q_EMIT triedOut(describeCapabilities(name));
             });
    });
}

QString DBusSender::describeCapabilities(const QString &name) const
{
    QStringList can;
    QStringList cannot;
    for (const auto &[capability, words] :
         {std::pair(u"body"_s, tr("details")), std::pair(u"actions"_s, tr("buttons")),
          std::pair(u"persistence"_s, tr("keeping them until they are read"))})
        (m_capabilities->contains(capability) ? can : cannot) << words;
    QString words = tr("A test was sent. %1 shows notifications").arg(name.left(80));
    if (!can.isEmpty())
        words += tr(" with %1").arg(can.join(u", "_s));
    if (!cannot.isEmpty())
        words += tr("; it does not say that it can do: %1").arg(cannot.join(u", "_s));
    return words + u'.';
}
