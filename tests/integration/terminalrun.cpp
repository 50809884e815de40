#include "terminalrun.h"

#include "programrun.h"

#include <array>
#include <csignal>

#include <fcntl.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <termios.h>
#include <unistd.h>

TerminalRun::TerminalRun()
{
    if (::openpty(&m_ours, &m_theirs, nullptr, nullptr, nullptr) != 0)
        qFatal("no terminal");
    ::fcntl(m_ours, F_SETFL, O_NONBLOCK);
    for (const int end : {m_ours, m_theirs})
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
}

TerminalRun::~TerminalRun()
{
    if (m_process.state() != QProcess::NotRunning) {
        m_process.kill();
        m_process.waitForFinished();
    }
    ::close(m_ours);
    ::close(m_theirs);
}

void TerminalRun::start(const QStringList &arguments, const QProcessEnvironment &environment)
{
    m_process.setProcessEnvironment(environment);
    m_process.setChildProcessModifier([terminal = m_theirs] {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::setsid();
        ::ioctl(terminal, TIOCSCTTY, 0);
        for (const int end : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
            ::dup2(terminal, end);
    });
    m_process.start(ProgramRun::program(), arguments);
}

void TerminalRun::type(const QByteArray &keys) const
{
    if (::write(m_ours, keys.constData(), size_t(keys.size())) != keys.size())
        qWarning("not all was typed");
}

const QByteArray &TerminalRun::shown()
{
    std::array<char, 4096> part{};
    for (ssize_t got = 0; (got = ::read(m_ours, part.data(), part.size())) > 0;)
        m_shown.append(part.data(), qsizetype(got));
    return m_shown;
}

bool TerminalRun::echoes() const
{
    struct termios state = {};
    return ::tcgetattr(m_theirs, &state) == 0 && (state.c_lflag & ECHO) != 0;
}
