#include "companion.h"

#include <QStandardPaths>

#include <csignal>

#include <sys/prctl.h>

using namespace Qt::StringLiterals;

namespace {

/// Some are where only root's PATH leads.
QString pathOf(const QString &program)
{
    const QString found = QStandardPaths::findExecutable(program);
    return found.isEmpty() ? QStandardPaths::findExecutable(program, {u"/usr/sbin"_s}) : found;
}

} // namespace

QString startCompanion(QProcess &process, const QString &program, const QString &package,
                       const QStringList &arguments)
{
    const QString path = pathOf(program);
    if (path.isEmpty())
        return u"%1 is missing: install the package %2"_s.arg(program, package);
    process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    process.start(path, arguments);
    return process.waitForStarted() ? QString() : process.errorString();
}

void endCompanion(QProcess &process)
{
    if (process.state() == QProcess::NotRunning)
        return;
    process.terminate();
    if (!process.waitForFinished(5'000)) {
        process.kill();
        process.waitForFinished();
    }
}
