#include "cli/runcommand.h"

#include "account/folders.h"
#include "account/profilestore.h"
#include "account/tokenstore.h"
#include "base/plaintext.h"
#include "base/terminationsignals.h"
#include "cli/kept.h"
#include "cli/show.h"
#include "cli/terminal.h"
#include "cli/wait.h"

#include <QCoreApplication>
#include <QFile>

#include <unistd.h>

namespace {

/// What every command that asks a server has.
struct Room {
    const CommandLine &line;
    QList<ServerProfile> profiles;
    TokenStore &tokens;
    const Clock &clock;
    QIODevice &out;
    QIODevice &err;
};

int runShow(const Room &room)
{
    ShowCommand show(room.line, room.profiles, room.tokens, room.clock, room.out, room.err);
    QObject::connect(
        &show, &ShowCommand::finished, QCoreApplication::instance(),
        [](ExitStatus status) { QCoreApplication::exit(static_cast<int>(status)); },
        Qt::QueuedConnection);
    QMetaObject::invokeMethod(&show, &ShowCommand::start, Qt::QueuedConnection);
    return QCoreApplication::exec();
}

int runWait(const Room &room)
{
    const WaitPrinter::Place place{room.out, [] { return Terminal::size(STDOUT_FILENO); }};
    WaitCommand wait(room.line, room.profiles, room.tokens, room.clock, place, room.err,
                     Terminal::isInteractive(STDOUT_FILENO));
    const TerminationSignals termination;
    QObject::connect(&termination, &TerminationSignals::received, &wait, &WaitCommand::interrupt);
    QObject::connect(
        &wait, &WaitCommand::finished, QCoreApplication::instance(),
        [](int status) { QCoreApplication::exit(status); }, Qt::QueuedConnection);
    QMetaObject::invokeMethod(&wait, &WaitCommand::start, Qt::QueuedConnection);
    return QCoreApplication::exec();
}

int run(const CommandLine &line, const Folders &folders, const QList<ServerProfile> &profiles,
        const Clock &clock, QIODevice &out, QIODevice &err)
{
    const Kept::Room kept{line, folders, profiles, clock, out, err};
    if (line.mode == CommandLine::Mode::List)
        return Kept::list(kept);
    if (line.mode == CommandLine::Mode::Export)
        return Kept::exportTasks(kept);
    const std::unique_ptr<TokenStore> tokens = makeTokenStore(clock);
    const Room room{line, profiles, *tokens, clock, out, err};
    return line.mode == CommandLine::Mode::Wait ? runWait(room) : runShow(room);
}

} // namespace

int runCommand(const CommandLine &line, int &argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    QFile out;
    QFile err;
    // By descriptor: through stdio each line would wait for a full buffer. Who waits sees each at
    // once; what only looks is written in one go.
    const auto buffering =
        line.mode == CommandLine::Mode::Wait ? QIODevice::Unbuffered : QIODevice::NotOpen;
    if (!out.open(STDOUT_FILENO, QIODevice::WriteOnly | buffering)
        || !err.open(STDERR_FILENO, QIODevice::WriteOnly | QIODevice::Unbuffered))
        return static_cast<int>(ExitStatus::Internal);

    const SystemClock clock;
    const Folders folders =
        line.dataDir.isEmpty() ? Folders::standard() : Folders::below(line.dataDir);
    auto profiles = ProfileStore(folders.config, clock).load();
    if (!profiles) {
        err.write("taskwatch: " + PlainText::onOneLine(profiles.error()).toUtf8() + '\n');
        // With a server and a token given, there is no need of what is stored.
        if (line.server.isEmpty() || (line.token.isEmpty() && line.refreshToken.isEmpty()))
            return static_cast<int>(ExitStatus::Internal);
    }
    const auto known = profiles.value_or(QList<ServerProfile>());
    const int status = run(line, folders, known, clock, out, err);
    const bool isWritten = out.flush() && out.error() == QFileDevice::NoError;
    return isWritten ? status : static_cast<int>(ExitStatus::Internal);
}
