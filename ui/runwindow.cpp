#include "runwindow.h"

#include "application.h"
#include "base/applicationid.h"
#include "cli/exitstatus.h"
#include "mainwindow.h"
#include "screenshot.h"
#include "shownlog.h"

#include <QApplication>
#include <QIcon>
#include <QTextStream>

namespace {

int end(ExitStatus status, const QString &words)
{
    if (!words.isEmpty())
        QTextStream(stderr) << words << Qt::endl;
    return static_cast<int>(status);
}

} // namespace

int runWindow(const CommandLine &line, int &argc, char **argv)
{
    const QApplication qt(argc, argv);
    QApplication::setApplicationDisplayName(QStringLiteral("Taskwatch"));
    QApplication::setDesktopFileName(applicationId);
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/taskwatch.svg")));

    const SystemClock clock;
    ApplicationSetup setup;
    setup.folders = line.dataDir.isEmpty() ? Folders::standard() : Folders::below(line.dataDir);
    setup.line = line;
    setup.tokens = makeTokenStore(clock);
    if (!line.watchFile.isEmpty()) {
        const auto rows = readWatchFile(line.watchFile);
        if (!rows)
            return end(ExitStatus::Usage, rows.error());
        setup.watch = *rows;
    }
    Application application(std::move(setup), clock);
    // Before anything is shown. For tests only: no option, so that no operator meets it.
    if (const QString log = qEnvironmentVariable("TASKWATCH_SHOWN_LOG"); !log.isEmpty())
        new ShownLog(log, application.window().model(), application.tasks(), &application);
    application.start();
    if (line.screenshot.isEmpty())
        return QApplication::exec();

    application.window().resize(line.screenshotSize);
    Screenshot screenshot(application, line.screenshot, clock);
    QObject::connect(&screenshot, &Screenshot::finished, &application, [](const QString &error) {
        QApplication::exit(end(error.isEmpty() ? ExitStatus::Good : ExitStatus::Internal, error));
    });
    return QApplication::exec();
}
