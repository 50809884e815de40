#include "cli/terminal.h"

#include <QByteArray>
#include <QIODevice>

#include <array>
#include <cerrno>
#include <csignal>

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

namespace {

constexpr qsizetype longestSecret = 4096;

/// Shows nothing of what is typed on a terminal, as long as it lives. The signals that would end or
/// stop the program wait for that.
class Hidden
{
public:
    explicit Hidden(int terminal)
        : m_terminal(terminal)
    {
        ::sigemptyset(&m_waiting);
        for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP})
            ::sigaddset(&m_waiting, number);
        ::sigprocmask(SIG_BLOCK, &m_waiting, &m_mask);
        m_signals = ::signalfd(-1, &m_waiting, SFD_CLOEXEC);
        ::tcgetattr(m_terminal, &m_before);
        struct termios quiet = m_before;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(m_terminal, TCSAFLUSH, &quiet);
    }
    ~Hidden()
    {
        ::tcsetattr(m_terminal, TCSAFLUSH, &m_before);
        ::close(m_signals);
        ::sigprocmask(SIG_SETMASK, &m_mask, nullptr); // what waited comes here
    }
    Q_DISABLE_COPY_MOVE(Hidden)

    /// Waits for input; false if a signal came first.
    [[nodiscard]] bool waitForInput() const
    {
        std::array<struct pollfd, 2> both{{{m_terminal, POLLIN, 0}, {m_signals, POLLIN, 0}}};
        while (::poll(both.data(), both.size(), -1) < 0 && errno == EINTR)
            continue;
        return (both[1].revents & POLLIN) == 0;
    }

private:
    int m_terminal;
    int m_signals = -1;
    sigset_t m_waiting = {};
    sigset_t m_mask = {};
    struct termios m_before = {};
};

/// By single bytes: what follows the line is for others.
std::optional<Secret> readLine(int descriptor)
{
    QByteArray line;
    line.reserve(longestSecret + 1); // at once: bytes that move leave a copy behind
    char byte = '\0';
    ssize_t got = 0;
    while ((got = ::read(descriptor, &byte, 1)) == 1 || (got < 0 && errno == EINTR)) {
        if (got < 0)
            continue;
        if (byte == '\n' || line.size() == longestSecret)
            break;
        line += byte;
    }
    const bool ended = got == 1 ? byte == '\n' : !line.isEmpty();
    if (line.endsWith('\r'))
        line.chop(1);
    byte = '\0';
    Secret secret(std::move(line));
    return ended ? std::optional(std::move(secret)) : std::nullopt;
}

} // namespace

bool Terminal::isInteractive(int descriptor)
{
    const QByteArray kind = qgetenv("TERM");
    return ::isatty(descriptor) == 1 && !kind.isEmpty() && kind != "dumb";
}

QSize Terminal::size(int descriptor)
{
    struct winsize window = {};
    if (::ioctl(descriptor, TIOCGWINSZ, &window) != 0 || window.ws_col == 0 || window.ws_row == 0)
        return {80, 24};
    return {window.ws_col, window.ws_row};
}

std::optional<Secret> Terminal::readSecret(int descriptor, QIODevice &words, const QString &prompt)
{
    if (::isatty(descriptor) != 1)
        return readLine(descriptor);
    while (true) {
        std::optional<Secret> secret;
        bool isWhole = false;
        {
            const Hidden hidden(descriptor);
            words.write(prompt.toUtf8()); // only now: what is typed after it is not seen
            isWhole = hidden.waitForInput();
            if (isWhole)
                secret = readLine(descriptor);
            words.write("\n");
        }
        if (isWhole)
            return secret;
        // The signal stopped us, or meant nothing: once more.
    }
}
