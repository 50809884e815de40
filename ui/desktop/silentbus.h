#pragma once

#include <QString>

#include <chrono>
#include <optional>

/// A message bus that takes connections and says nothing, as when its daemon was stopped. libdbus
/// waits for it for ever, and with it Qt, from the making of the QApplication on.
namespace SilentBus {

/// What answers does so within a millisecond. A busy machine is given the time: who is taken for
/// silent is not asked in this run.
constexpr std::chrono::milliseconds patience{3'000};

/// The session's, where it is such a one: is taken from the environment, so that nobody in this
/// process asks for it. Before the QApplication is made.
void withholdSession(std::chrono::milliseconds limit = patience);
/// Whether the system's is such a one. Waits for its word: not before the window is there.
[[nodiscard]] bool isSystemSilent(std::chrono::milliseconds limit = patience);

/// A Unix socket that a bus listens on.
struct Socket {
    QString name;
    bool isAbstract = false;

    friend bool operator==(const Socket &, const Socket &) = default;
};
/// Of the first in a list of D-Bus addresses; absent if that is of another kind. Pure.
[[nodiscard]] std::optional<Socket> socketOf(const QString &addresses);

} // namespace SilentBus
