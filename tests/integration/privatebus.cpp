#include "privatebus.h"

#include "privatedisplay.h"

#include <QDBusArgument>
#include <QDBusConnectionInterface>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusReply>
#include <QDBusVariant>
#include <QDir>
#include <QFile>
#include <QTest>

#include <csignal>

using namespace Qt::StringLiterals;

namespace {

constexpr auto password = "test-password";
constexpr auto secrets = "org.freedesktop.secrets"_L1;
constexpr auto loginKeyring = "/org/freedesktop/secrets/collection/login"_L1;

} // namespace

PrivateBus::PrivateBus()
    : m_dir(QDir::tempPath() + u"/bus-XXXXXX"_s) // short: a socket's path is at most 107 bytes
{
}

PrivateBus::~PrivateBus()
{
    freezeKeyring(false);
    endCompanion(m_keyring);
    QDBusConnection::disconnectFromBus(u"test"_s);
    endCompanion(m_bus);
}

QString PrivateBus::start()
{
    QFile config(m_dir.filePath(u"bus.conf"_s));
    if (!config.open(QIODevice::WriteOnly))
        return config.errorString();
    config.write(
        "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\""
        " \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n"
        "<busconfig><type>session</type><listen>unix:path="
        + m_dir.filePath(u"socket"_s).toUtf8()
        + "</listen><auth>EXTERNAL</auth><policy context=\"default\">"
          "<allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/>"
          "<allow own=\"*\"/></policy></busconfig>\n");
    config.close();
    QString trouble = startCompanion(
        m_bus, u"dbus-daemon"_s, u"dbus"_s,
        {u"--nofork"_s, u"--print-address=1"_s, u"--config-file="_s + config.fileName()});
    if (!trouble.isEmpty())
        return trouble;
    while (!m_bus.canReadLine())
        if (!m_bus.waitForReadyRead(10'000))
            return u"dbus-daemon did not start: "_s
                   + QString::fromUtf8(m_bus.readAllStandardError());
    m_address = QString::fromUtf8(m_bus.readLine()).trimmed();
    qputenv("DBUS_SESSION_BUS_ADDRESS", m_address.toUtf8());
    const auto bus = QDBusConnection::connectToBus(m_address, u"test"_s);
    return bus.isConnected() ? QString() : bus.lastError().message();
}

QString PrivateBus::startKeyring()
{
    const QString run = m_dir.filePath(u"run"_s);
    if (!QDir().mkdir(run,
                      QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner))
        return u"%1 cannot be made"_s.arg(run);
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"HOME"_s, m_dir.path());
    environment.insert(u"XDG_RUNTIME_DIR"_s, run);
    environment.insert(u"XDG_DATA_HOME"_s, m_dir.filePath(u"data"_s));
    environment.insert(u"XDG_CACHE_HOME"_s, m_dir.filePath(u"cache"_s));
    m_keyring.setProcessEnvironment(environment);
    QString trouble = startCompanion(m_keyring, u"gnome-keyring-daemon"_s, u"gnome-keyring"_s,
                                     {u"--foreground"_s, u"--unlock"_s, u"--components=secrets"_s});
    if (!trouble.isEmpty())
        return trouble;
    m_keyring.write(password);
    m_keyring.closeWriteChannel();
    const auto isThere = [this] {
        return bool(connection().interface()->isServiceRegistered(secrets));
    };
    bool locked = true;
    QString state;
    if (!QTest::qWaitFor(isThere, 20'000) || !QTest::qWaitFor([&] {
            state = isLocked(locked);
            return state.isEmpty() && !locked;
        }))
        return u"gnome-keyring did not start: %1 %2"_s.arg(
            state, QString::fromUtf8(m_keyring.readAllStandardError()));
    return {};
}

QString PrivateBus::lockKeyring()
{
    QDBusMessage call = QDBusMessage::createMethodCall(
        secrets, u"/org/freedesktop/secrets"_s, u"org.freedesktop.Secret.Service"_s, u"Lock"_s);
    call << QVariant::fromValue(QList<QDBusObjectPath>{QDBusObjectPath(loginKeyring)});
    const QDBusMessage answer = connection().call(call);
    bool locked = false;
    QString state;
    if (answer.type() == QDBusMessage::ErrorMessage || !QTest::qWaitFor([&] {
            state = isLocked(locked);
            return state.isEmpty() && locked;
        }))
        return u"the keyring could not be locked: %1 %2"_s.arg(answer.errorMessage(), state);
    return {};
}

QString PrivateBus::unlockKeyring()
{
    QDBusMessage open =
        QDBusMessage::createMethodCall(secrets, u"/org/freedesktop/secrets"_s,
                                       u"org.freedesktop.Secret.Service"_s, u"OpenSession"_s);
    open << u"plain"_s << QVariant::fromValue(QDBusVariant(QString()));
    const QDBusMessage session = connection().call(open);
    QDBusArgument secret;
    secret.beginStructure();
    secret << session.arguments().value(1).value<QDBusObjectPath>() << QByteArray()
           << QByteArray(password) << u"text/plain"_s;
    secret.endStructure();
    QDBusMessage call = QDBusMessage::createMethodCall(
        secrets, u"/org/freedesktop/secrets"_s,
        u"org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"_s,
        u"UnlockWithMasterPassword"_s);
    call << QVariant::fromValue(QDBusObjectPath(loginKeyring)) << QVariant::fromValue(secret);
    const QDBusMessage answer = connection().call(call);
    bool locked = true;
    const QString state = isLocked(locked);
    if (answer.type() == QDBusMessage::ErrorMessage || locked)
        return u"the keyring could not be unlocked: %1 %2 %3"_s.arg(session.errorMessage(),
                                                                    answer.errorMessage(), state);
    return {};
}

QString PrivateBus::isLocked(bool &locked) const
{
    QDBusMessage call = QDBusMessage::createMethodCall(
        secrets, loginKeyring, u"org.freedesktop.DBus.Properties"_s, u"Get"_s);
    call << u"org.freedesktop.Secret.Collection"_s << u"Locked"_s;
    const QDBusReply<QDBusVariant> answer = connection().call(call);
    locked = answer.value().variant().toBool();
    return answer.error().message();
}

void PrivateBus::freezeKeyring(bool frozen) const
{
    if (m_keyring.state() == QProcess::Running)
        ::kill(pid_t(m_keyring.processId()), frozen ? SIGSTOP : SIGCONT);
}

QDBusConnection PrivateBus::connection() const
{
    return QDBusConnection(u"test"_s);
}
