#pragma once

#include <QFile>

#include <cstdio>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/// Sends what this program writes to stderr into a file, as long as it lives.
class CaughtStderr
{
public:
    explicit CaughtStderr(const QString &path)
        : m_before(::dup(STDERR_FILENO))
    {
        const int file = ::open(QFile::encodeName(path).constData(),
                                O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR);
        ::dup2(file, STDERR_FILENO);
        ::close(file);
    }
    ~CaughtStderr()
    {
        std::fflush(stderr);
        ::dup2(m_before, STDERR_FILENO);
        ::close(m_before);
    }
    Q_DISABLE_COPY_MOVE(CaughtStderr)

private:
    int m_before;
};
