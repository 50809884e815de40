#include "desktop/silentbus.h"

#include "base/logging.h"

#include <QFile>
#include <QUrl>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace {

/// Asks which ways to sign in there are: any word shows that somebody listens.
bool isSilent(const SilentBus::Socket &socket, std::chrono::milliseconds limit)
{
    const QByteArray name =
        (socket.isAbstract ? QByteArray(1, '\0') : QByteArray()) + QFile::encodeName(socket.name);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (name.size() >= qsizetype(sizeof(address.sun_path)))
        return false;
    std::memcpy(address.sun_path, name.constData(), std::size_t(name.size()));
    const auto size = socklen_t(offsetof(sockaddr_un, sun_path) + std::size_t(name.size())
                                + (socket.isAbstract ? 0 : 1));
    const int end = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (end < 0)
        return false;
    bool silent = false;
    if (::connect(end, reinterpret_cast<const sockaddr *>(&address), size) != 0) {
        silent = errno == EAGAIN; // nobody takes those who wait already
    } else if (::send(end, "\0AUTH\r\n", 7, MSG_NOSIGNAL) == 7) {
        pollfd word{.fd = end, .events = POLLIN, .revents = 0};
        silent = ::poll(&word, 1, int(limit.count())) == 0;
    }
    ::close(end);
    return silent;
}

bool isSilent(const QString &addresses, std::chrono::milliseconds limit)
{
    const auto socket = SilentBus::socketOf(addresses);
    return socket && isSilent(*socket, limit);
}

} // namespace

void SilentBus::withholdSession(std::chrono::milliseconds limit)
{
    QString addresses = qEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS");
    if (addresses.isEmpty() && qEnvironmentVariableIsSet("XDG_RUNTIME_DIR"))
        addresses = u"unix:path=%1/bus"_s.arg(qEnvironmentVariable("XDG_RUNTIME_DIR"));
    if (!isSilent(addresses, limit))
        return;
    qCWarning(lcUi) << "The session's bus does not answer: no notifications, tray and keychain.";
    qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
}

bool SilentBus::isSystemSilent(std::chrono::milliseconds limit)
{
    return isSilent(
        qEnvironmentVariable("DBUS_SYSTEM_BUS_ADDRESS", u"unix:path=/run/dbus/system_bus_socket"_s),
        limit);
}

std::optional<SilentBus::Socket> SilentBus::socketOf(const QString &addresses)
{
    const QString first = addresses.section(u';', 0, 0);
    if (!first.startsWith("unix:"_L1))
        return std::nullopt;
    const QStringList parts = first.mid(5).split(u',');
    for (const QString &part : parts) {
        const QString key = part.section(u'=', 0, 0);
        const QString value = QUrl::fromPercentEncoding(part.section(u'=', 1).toUtf8());
        if (key == "path"_L1 || key == "abstract"_L1)
            return Socket{value, key == "abstract"_L1};
    }
    return std::nullopt;
}
