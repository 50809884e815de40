#pragma once

#include <QDBusConnection>
#include <QProcess>
#include <QTemporaryDir>

/// A D-Bus session of the test's own, with nothing on it but what the test starts; all of it ends
/// with this. Each function gives an empty text, or what is wrong (a missing package is named).
///
/// One per program: libsecret keeps the first bus that it has seen.
class PrivateBus
{
public:
    PrivateBus();
    ~PrivateBus();
    Q_DISABLE_COPY_MOVE(PrivateBus)

    /// Sets DBUS_SESSION_BUS_ADDRESS of this program, so that its keychain finds it.
    [[nodiscard]] QString start();
    /// gnome-keyring, unlocked, with a fresh default keyring.
    [[nodiscard]] QString startKeyring();
    [[nodiscard]] QString lockKeyring();
    /// As a person does in its prompt.
    [[nodiscard]] QString unlockKeyring();
    /// Stops (or continues) gnome-keyring in mid-work, as if it hung.
    void freezeKeyring(bool frozen) const;

    [[nodiscard]] const QString &address() const { return m_address; }

private:
    [[nodiscard]] QDBusConnection connection() const;
    [[nodiscard]] QString isLocked(bool &locked) const;

    QTemporaryDir m_dir;
    QProcess m_bus;
    QProcess m_keyring;
    QString m_address;
};
