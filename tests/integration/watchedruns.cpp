#include "watchedruns.h"

#include "leakrig.h"
#include "processsight.h"

#include <QSignalSpy>
#include <QTest>
#include <QTimer>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

WatchedRuns::WatchedRuns(const LeakRig &rig)
    : m_rig(rig)
{
}

void WatchedRuns::look(qint64 process)
{
    m_sights << ProcessSight::of(process);
}

QByteArray WatchedRuns::sights() const
{
    QByteArray all;
    for (const QByteArray &sight : m_sights)
        all += sight;
    return all;
}

QProcessEnvironment WatchedRuns::environment(const Variable &variable) const
{
    QProcessEnvironment environment = ProgramRun::environment({});
    environment.insert(u"DBUS_SESSION_BUS_ADDRESS"_s, m_rig.bus.address());
    environment.insert(u"XDG_RUNTIME_DIR"_s, m_rig.folder.path());
    if (!variable.first.isEmpty())
        environment.insert(variable.first, QString::fromLatin1(variable.second));
    return environment;
}

void WatchedRuns::lookAtChildrenOf(qint64 process)
{
    const QList<qint64> all = ProcessSight::descendantsOf(process);
    for (const qint64 child : all)
        look(child);
}

bool WatchedRuns::hasTaken(const QProcess &process, const QByteArray &token)
{
    return QTest::qWaitFor(
        [&] {
            const QByteArray seen = ProcessSight::of(process.processId());
            return seen.contains("taskwatch") && !seen.contains(token);
        },
        20'000);
}

ProgramRun WatchedRuns::run(const QStringList &arguments, const QByteArray &input,
                            const Variable &variable)
{
    QProcess process;
    process.setProcessEnvironment(environment(variable));
    QSignalSpy finished(&process, &QProcess::finished);
    QTimer looks;
    QObject::connect(&looks, &QTimer::timeout, &process, [this, &process, &variable] {
        lookAtChildrenOf(process.processId());
        if (variable.first.isEmpty()) // else it holds the token until it took it
            look(process.processId());
    });
    process.start(ProgramRun::program(), arguments);
    if (process.waitForStarted())
        looks.start(20ms);
    process.write(input);
    return end(process, finished);
}

ProgramRun WatchedRuns::runUnseen(const QStringList &arguments)
{
    QProcess process;
    process.setProcessEnvironment(environment());
    QSignalSpy finished(&process, &QProcess::finished);
    process.start(ProgramRun::program(), arguments);
    return end(process, finished);
}

ProgramRun WatchedRuns::end(QProcess &process, QSignalSpy &finished)
{
    process.closeWriteChannel();
    if (finished.isEmpty() && !finished.wait(30'000)) {
        process.kill();
        process.waitForFinished();
    }
    ProgramRun result{process.exitCode(), process.readAllStandardOutput(),
                      process.readAllStandardError()};
    output += result.out + result.err;
    return result;
}
