#include "base/applicationid.h"
#include "cli/commandline.h"
#include "cli/commandtable.h"
#include "cli/exitstatus.h"
#include "cli/runcommand.h"
#include "runwindow.h"

#include <QCoreApplication>
#include <QTextStream>

namespace {

[[nodiscard]] QStringList argumentsOf(int argc, char **argv)
{
    QStringList arguments;
    for (int i = 1; i < argc; ++i)
        arguments += QString::fromLocal8Bit(argv[i]);
    return arguments;
}

} // namespace

int main(int argc, char **argv)
{
    // Before anything else: no thread, no child may see it.
    Secret token = takeSecretFromEnvironment("TASKWATCH_TOKEN");
    Secret refreshToken = takeSecretFromEnvironment("TASKWATCH_REFRESH_TOKEN");
    QCoreApplication::setApplicationName(applicationFolder);
    QCoreApplication::setApplicationVersion(QStringLiteral(TASKWATCH_VERSION));

    auto line = parseCommandLine(argumentsOf(argc, argv));
    if (!line) {
        QTextStream(stderr) << usageText(line.error());
        return static_cast<int>(ExitStatus::Usage);
    }
    line->token = std::move(token);
    line->refreshToken = std::move(refreshToken);
    installLogging(line->logLevel);
    // Only here is decided which kind of application it is: on the command line there is no
    // display.
    switch (line->mode) {
    case CommandLine::Mode::Help:
        QTextStream(stdout) << helpText();
        return 0;
    case CommandLine::Mode::Version:
        QTextStream(stdout) << versionText();
        return 0;
    case CommandLine::Mode::Show:
    case CommandLine::Mode::Wait:
    case CommandLine::Mode::List:
    case CommandLine::Mode::Export:
    case CommandLine::Mode::Import:
    case CommandLine::Mode::Login:
    case CommandLine::Mode::Logout:
    case CommandLine::Mode::Servers:
        return runCommand(*line, argc, argv);
    case CommandLine::Mode::Window:
    case CommandLine::Mode::Track:
        return runWindow(*line, argc, argv);
    }
    return static_cast<int>(ExitStatus::Internal);
}
