#pragma once

#include <QByteArray>

class QDebug;
class QVariant;

/// A token or password. It never prints, converts or compares by accident, and overwrites its
/// memory when it ends. Copies share nothing, so that each can overwrite its own.
///
/// What Qt keeps (a request's headers, a widget's text) is beyond its reach.
class Secret
{
public:
    Secret() = default;
    /// Takes the bytes over; overwrite or drop your own copy.
    explicit Secret(QByteArray bytes);
    Secret(const Secret &other);
    Secret(Secret &&other) noexcept;
    Secret &operator=(const Secret &other);
    Secret &operator=(Secret &&other) noexcept;
    ~Secret();

    [[nodiscard]] bool isEmpty() const { return m_bytes.isEmpty(); }
    /// The secret itself: for a request's header and the keychain only.
    [[nodiscard]] const QByteArray &reveal() const { return m_bytes; }

    friend bool operator==(const Secret &a, const Secret &b) { return a.m_bytes == b.m_bytes; }
    friend QDebug operator<<(QDebug, const Secret &) = delete;
    operator QVariant() const = delete;

private:
    void wipe() noexcept;

    QByteArray m_bytes;
};
