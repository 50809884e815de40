#include "desktop/hookrunner.h"

#include "base/clock.h"
#include "base/logging.h"

#include <QDir>
#include <QProcess>

#include <algorithm>
#include <utility>

#include <csignal>

#include <unistd.h>

using namespace Qt::StringLiterals;

namespace {

/// To the process and all that it started, as far as they stayed in its group.
void signalGroup(qint64 leader, int signal)
{
    if (leader > 0)
        ::kill(-pid_t(leader), signal);
}

QProcessEnvironment environmentWith(const HookRunner::Facts &facts)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    const QStringList names = environment.keys();
    for (const QString &name : names) {
        if (name.startsWith("TASKWATCH_"_L1)) // e.g. a token
            environment.remove(name);
    }
    // Given for our window, by whoever started us.
    environment.remove(u"XDG_ACTIVATION_TOKEN"_s);
    environment.remove(u"DESKTOP_STARTUP_ID"_s);
    for (auto fact = facts.cbegin(); fact != facts.cend(); ++fact)
        environment.insert(fact.key(), QString(fact.value()).remove(QChar(0)));
    return environment;
}

void setSurroundings(QProcess &process, const HookRunner::Facts &facts)
{
    process.setProcessEnvironment(environmentWith(facts));
    process.setWorkingDirectory(QDir::homePath());
    process.setStandardInputFile(QProcess::nullDevice());
}

} // namespace

struct HookRunner::Run {
    std::unique_ptr<QProcess> process;
    std::unique_ptr<ClockTimer> timer;
    qint64 group = 0;  ///< its process ID; 0 before it started
    QByteArray output; ///< its first bytes
    bool isLate = false;
};

HookRunner::HookRunner(const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
{
}

HookRunner::~HookRunner()
{
    for (const auto &run : std::as_const(m_runs)) {
        run->process->disconnect(this);
        signalGroup(run->group, SIGKILL);
    }
}

void HookRunner::run(const QString &command, const Facts &facts)
{
    if (m_waiting.size() >= mostWaiting) {
        qCWarning(lcUi) << "Too many commands wait; one was left out.";
        return;
    }
    if (m_isDetached) {
        startDetached({command, facts});
        return;
    }
    m_waiting << Job{command, facts};
    startNext();
}

void HookRunner::detach()
{
    m_isDetached = true;
    const QList<Job> waiting = std::exchange(m_waiting, {});
    for (const Job &job : waiting)
        startDetached(job);
}

void HookRunner::startDetached(const Job &job)
{
    const QStringList command = QProcess::splitCommand(job.command);
    if (command.isEmpty())
        return;
    QProcess process;
    process.setProgram(u"timeout"_s); // takes a process group of its own
    process.setArguments(
        QStringList{u"-k"_s, QString::number(grace.count()), QString::number(limit.count())}
        + command);
    setSurroundings(process, job.facts);
    process.setStandardOutputFile(QProcess::nullDevice());
    process.setStandardErrorFile(QProcess::nullDevice());
    const bool isStarted = m_detached < mostDetached && process.startDetached();
    if (isStarted)
        ++m_detached;
    qCInfo(lcUi).noquote() << "Command" << command.constFirst()
                           << (isStarted ? "is left to itself, as Taskwatch ends"
                                         : "was left out, as Taskwatch ends");
}

void HookRunner::startNext()
{
    while (m_runs.size() < mostAtOnce && !m_waiting.isEmpty())
        start(m_waiting.takeFirst());
}

void HookRunner::start(const Job &job)
{
    QStringList arguments = QProcess::splitCommand(job.command);
    if (arguments.isEmpty())
        return;
    const auto run = std::make_shared<Run>();
    run->process = std::make_unique<QProcess>();
    QProcess *process = run->process.get();
    run->timer = m_clock.makeTimer([this, process] {
        for (const auto &one : std::as_const(m_runs)) {
            if (one->process.get() == process) {
                askToEnd(*one);
                return;
            }
        }
    });
    process->setProgram(arguments.takeFirst());
    process->setArguments(arguments);
    setSurroundings(*process, job.facts);
    process->setProcessChannelMode(QProcess::MergedChannels);
    process->setChildProcessModifier([] { ::setpgid(0, 0); });
    connect(process, &QProcess::readyRead, this, [this, run = run.get()] { readOutput(*run); });
    connect(process, &QProcess::errorOccurred, this, [this, process](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            end(process, u"could not be started: "_s + process->errorString());
    });
    connect(process, &QProcess::finished, this,
            [this, process](int status, QProcess::ExitStatus how) {
                end(process, how == QProcess::CrashExit ? u"ended by a signal"_s
                                                        : u"exit status %1"_s.arg(status));
            });
    m_runs << run;
    run->timer->start(limit);
    process->start(QIODevice::ReadOnly);
    if (run->process) // it may have ended already
        run->group = run->process->processId();
}

void HookRunner::readOutput(Run &run)
{
    const QByteArray read = run.process->readAll(); // all, so that it never waits for us
    run.output += read.left(mostOutput - run.output.size());
}

void HookRunner::askToEnd(Run &run)
{
    signalGroup(run.group, run.isLate ? SIGKILL : SIGTERM);
    run.isLate = true;
    run.timer->start(grace);
}

void HookRunner::end(QProcess *process, const QString &words)
{
    const auto found = std::find_if(m_runs.begin(), m_runs.end(), [process](const auto &run) {
        return run->process.get() == process;
    });
    if (found == m_runs.end())
        return;
    const std::shared_ptr<Run> run = *found;
    m_runs.erase(found);
    run->timer->stop();
    readOutput(*run);
    if (run->isLate)
        signalGroup(run->group, SIGKILL); // what it left behind
    const QString said = run->isLate ? u"ended, as it took over %1 s"_s.arg(limit.count()) : words;
    const bool isGood = said == "exit status 0"_L1;
    const QString program = process->program();
    qCInfo(lcUi).noquote() << "Command" << program << said;
    if (!isGood)
        qCWarning(lcUi).noquote() << "The command" << program << "failed:" << said;
    const auto lines = QString::fromUtf8(run->output).split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : lines)
        qCInfo(lcUi).noquote() << "Command" << program << "says:" << line;
    run->process.release()->deleteLater(); // we are in its signal
    Q_EMIT finished(program, said, run->output);
    startNext();
}
