#include "runwindow.h"

#include "application.h"
#include "base/applicationid.h"
#include "base/plaintext.h"
#include "base/terminationsignals.h"
#include "cli/exitstatus.h"
#include "cli/giventokens.h"
#include "desktop/autostart.h"
#include "desktop/requestdesk.h"
#include "desktop/silentbus.h"
#include "firstpaint.h"
#include "instance/instanceclient.h"
#include "instance/instancelock.h"
#include "instance/instanceserver.h"
#include "mainwindow.h"
#include "screenshot.h"
#include "shownlog.h"
#include "task/taskintake.h"

#include <QApplication>
#include <QFile>
#include <QIcon>
#include <QSessionManager>
#include <QSettings>
#include <QTextStream>

#include <cstdio>

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(RunWindow)
};

int end(ExitStatus status, const QString &words)
{
    if (!words.isEmpty())
        QTextStream(stderr) << "taskwatch: " << PlainText::onOneLine(words) << Qt::endl;
    return static_cast<int>(status);
}

/// What was typed after "track", with standard input in the place of "-". The error is in words.
[[nodiscard]] tl::expected<QString, QString> trackedText(const QStringList &typed)
{
    QStringList texts = typed;
    if (const qsizetype at = texts.indexOf(QLatin1String("-")); at >= 0) {
        QFile in;
        if (!in.open(stdin, QIODevice::ReadOnly))
            return tl::unexpected(in.errorString());
        const QByteArray bytes = in.read(IntakeLimits::text + 1);
        if (bytes.size() > IntakeLimits::text)
            return tl::unexpected(Words::tr("Standard input has more than 1 MiB."));
        texts.removeAll(QLatin1String("-"));
        texts.insert(at, QString::fromUtf8(bytes));
    }
    const QString text = texts.join(QLatin1Char('\n'));
    if (findTaskIds(text).found.isEmpty())
        return tl::unexpected(Words::tr("There is no task ID in this."));
    return text;
}

[[nodiscard]] tl::expected<InstanceRequest, QString> requestOf(const CommandLine &line,
                                                               const QList<WatchFileRow> &watch)
{
    InstanceRequest request = showRequest();
    request.server = line.server;
    request.raise = !line.minimized;
    if (line.mode == CommandLine::Mode::Track) {
        const auto text = trackedText(line.tasks);
        if (!text)
            return tl::unexpected(text.error());
        request.kind = InstanceRequest::Kind::Track;
        request.text = *text;
        request.raise = false; // scripts do it often
    } else if (!line.link.isEmpty()) {
        request.kind = InstanceRequest::Kind::Link;
        request.text = line.link;
    } else if (!line.action.isEmpty()) {
        request.kind = InstanceRequest::Kind::Action;
        request.text = line.action;
    } else if (!watch.isEmpty()) {
        request.kind = InstanceRequest::Kind::Track;
        for (const WatchFileRow &row : watch)
            request.text += row.id.text() + QLatin1Char('\n');
    }
    return request;
}

/// Absent: we are the instance. Else the exit status, after the one that runs has answered.
[[nodiscard]] std::optional<int> handOver(const CommandLine &line, InstanceLock &lock,
                                          const InstancePlace &place,
                                          const InstanceRequest &request)
{
    if (!line.screenshot.isEmpty()) {
        if (lock.tryLock())
            return {};
        return end(ExitStatus::Usage,
                   Words::tr("Taskwatch is running. Quit it, or name another --data-dir."));
    }
    const auto reply = lockOrHandOver(lock, place, request);
    if (!reply)
        return end(ExitStatus::Internal, reply.error());
    if (!*reply)
        return {};
    if (const QString variable = givenVariable(line); !variable.isEmpty())
        end(ExitStatus::Good,
            Words::tr("The token of %1 was not handed over to the running Taskwatch.")
                .arg(variable));
    if (!(*reply)->accepted)
        return end(ExitStatus::Usage, (*reply)->words);
    if (!(*reply)->words.isEmpty())
        QTextStream(stdout) << PlainText::onOneLine((*reply)->words) << Qt::endl;
    return static_cast<int>(ExitStatus::Good);
}

/// With what the next session starts us: as this run was started, and as its window is left. What
/// was asked of this run once (a link, tasks to track, a picture) is not asked again.
[[nodiscard]] QStringList restartCommand(const CommandLine &line, const QWidget &window,
                                         const QSessionManager &session)
{
    QStringList command{QCoreApplication::applicationFilePath()};
    if (!line.dataDir.isEmpty())
        command << QStringLiteral("--data-dir") << line.dataDir;
    if (!line.server.isEmpty())
        command << QStringLiteral("--server") << line.server;
    if (line.allowHttp)
        command << QStringLiteral("--allow-http");
    if (line.logLevel != CommandLine().logLevel)
        command << QStringLiteral("--log-level") << logLevelNames().at(int(line.logLevel));
    if (!window.isVisible() || window.isMinimized())
        command << QStringLiteral("--minimized");
    // By that Qt and the session manager know which of its programs this is.
    return command << QStringLiteral("-session")
                   << session.sessionId() + QLatin1Char('_') + session.sessionKey();
}

void prepareRestart(QSessionManager &session, const CommandLine &line, const QWidget &window)
{
    session.setRestartCommand(restartCommand(line, window, session));
    // Twice started, the second one would raise the window of the first.
    session.setRestartHint(Autostart::ofThisProgram(line.dataDir).isEnabled()
                               ? QSessionManager::RestartNever
                               : QSessionManager::RestartIfRunning);
}

int run(Application &application, const CommandLine &line, const Clock &clock)
{
    // The window may be away while the program goes on; and not quit(): that asks the windows
    // first, which may prefer to hide.
    QGuiApplication::setQuitOnLastWindowClosed(false);
    QObject::connect(&application, &Application::quitWanted, qGuiApp,
                     [] { QCoreApplication::exit(); });
    const TerminationSignals signalsToEnd;
    QObject::connect(&signalsToEnd, &TerminationSignals::received, &application,
                     &Application::quitWanted);
    QObject::connect(qGuiApp, &QGuiApplication::commitDataRequest, &application,
                     [&application] { application.saveWindow(); });
    const auto prepare = [&application, &line](QSessionManager &session) {
        prepareRestart(session, line, application.window());
    };
    // Some sessions ask only the one, some only the other.
    QObject::connect(qGuiApp, &QGuiApplication::commitDataRequest, &application, prepare);
    QObject::connect(qGuiApp, &QGuiApplication::saveStateRequest, &application, prepare);
    if (line.screenshot.isEmpty())
        return QApplication::exec();
    application.window().resize(line.screenshotSize);
    Screenshot screenshot(application, line.screenshot, clock);
    QObject::connect(
        &screenshot, &Screenshot::finished, &application,
        [](ExitStatus status, const QString &words) { QApplication::exit(end(status, words)); });
    return QApplication::exec();
}

} // namespace

int runWindow(const CommandLine &line, int &argc, char **argv)
{
    QList<WatchFileRow> watch;
    if (!line.watchFile.isEmpty()) {
        const auto rows = readWatchFile(line.watchFile);
        if (!rows)
            return end(ExitStatus::Usage, rows.error());
        watch = *rows;
    }
    const auto request = requestOf(line, watch);
    if (!request)
        return end(ExitStatus::Usage, request.error());

    const Folders folders =
        line.dataDir.isEmpty() ? Folders::standard() : Folders::below(line.dataDir);
    (void)folders.create(); // what is wrong with them is said in the window
    const auto place = InstancePlace::of(folders);
    InstanceLock lock(place ? place->lock : QString());
    if (place) {
        const QCoreApplication withoutDisplay(argc, argv);
        if (const auto status = handOver(line, lock, *place, *request))
            return *status;
    } else {
        qCWarning(lcUi).noquote() << place.error();
    }

    // Where Qt's dialogs remember the folders that were visited.
    if (!line.dataDir.isEmpty())
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folders.state);
    SilentBus::withholdSession();
    const QApplication qt(argc, argv);
    QApplication::setApplicationDisplayName(QStringLiteral("Taskwatch"));
    QApplication::setDesktopFileName(applicationId);
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/taskwatch.svg")));

    const SystemClock clock;
    ApplicationSetup setup;
    setup.folders = folders;
    setup.line = line;
    setup.tokens = makeTokenStore(clock);
    setup.watch = watch;
    Application application(std::move(setup), clock);
    // Before anything is shown. For tests only: no option, so that no operator meets it.
    if (const QString log = qEnvironmentVariable("TASKWATCH_SHOWN_LOG"); !log.isEmpty())
        new ShownLog(log, application.window().model(), application.tasks(), &application);
    const FirstPaint paint(application.window(), line.endAfter); // the benchmark's start
    application.start();
    if (request->kind != InstanceRequest::Kind::Show && watch.isEmpty())
        application.requests().takeUnattended(*request);
    InstanceServer server(
        [&application](const InstanceRequest &other) { return application.requests().take(other); },
        clock);
    if (place) {
        if (const auto listening = server.listen(place->socket); !listening)
            qCWarning(lcUi).noquote() << listening.error();
    }
    return run(application, line, clock);
}
