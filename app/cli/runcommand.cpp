#include "cli/runcommand.h"

#include "account/folders.h"
#include "account/profilestore.h"
#include "account/settings.h"
#include "account/tokenstore.h"
#include "base/terminationsignals.h"
#include "cli/kept.h"
#include "cli/login.h"
#include "cli/logout.h"
#include "cli/serverlist.h"
#include "cli/show.h"
#include "cli/target.h"
#include "cli/terminal.h"
#include "cli/wait.h"
#include "guardian/parsetaskreply.h"
#include "instance/instancelock.h"

#include <QCoreApplication>
#include <QFile>

#include <unistd.h>

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(RunCommand)
};

/// What every command has.
struct Room {
    const CommandLine &line;
    Folders folders;
    ProfileStore &file;
    QList<ServerProfile> profiles;
    const Clock &clock;
    QIODevice &out;
    QIODevice &err;
    std::shared_ptr<const SecretRuleBook> rules;

    [[nodiscard]] EngineParts engineParts() const { return {parserBy(rules), {}}; }
};

int end(QIODevice &err, ExitStatus status, const QString &words)
{
    err.write(spokenLine(words));
    return static_cast<int>(status);
}

int end(const Room &room, ExitStatus status, const QString &words)
{
    return end(room.err, status, words);
}

/// Runs a command to its end; `begin` is the call that starts it.
template<typename Command, typename Begin>
int runToEnd(Command &command, Begin begin)
{
    QObject::connect(
        &command, &Command::finished, QCoreApplication::instance(),
        [](ExitStatus status) { QCoreApplication::exit(static_cast<int>(status)); },
        Qt::QueuedConnection);
    QMetaObject::invokeMethod(&command, std::move(begin), Qt::QueuedConnection);
    return QCoreApplication::exec();
}

int runShow(const Room &room, TokenStore &tokens)
{
    ShowCommand show(room.line, room.profiles, tokens, room.clock, room.out, room.err,
                     room.engineParts());
    return runToEnd(show, [&show] { show.start(); });
}

int runWait(const Room &room, TokenStore &tokens)
{
    const WaitPrinter::Place place{room.out, [] { return Terminal::size(STDOUT_FILENO); }};
    WaitCommand wait(room.line, room.profiles, tokens, room.clock, place, room.err,
                     Terminal::isInteractive(STDOUT_FILENO), room.engineParts());
    const TerminationSignals termination;
    QObject::connect(&termination, &TerminationSignals::received, &wait, &WaitCommand::interrupt);
    QObject::connect(
        &wait, &WaitCommand::finished, QCoreApplication::instance(),
        [](int status) { QCoreApplication::exit(status); }, Qt::QueuedConnection);
    QMetaObject::invokeMethod(&wait, &WaitCommand::start, Qt::QueuedConnection);
    return QCoreApplication::exec();
}

int runLogin(const Room &room)
{
    // All that can be said without the password, before it is asked for.
    if (const auto target = chooseTarget(room.line, room.profiles); !target) {
        room.err.write(usageText(target.error()).toUtf8());
        return static_cast<int>(ExitStatus::Usage);
    }
    if (::isatty(STDIN_FILENO) == 1)
        end(room, ExitStatus::Good,
            Words::tr("The password is used once and not kept. Old Guardian servers end your other "
                      "sessions when you sign in."));
    auto password = Terminal::readSecret(STDIN_FILENO, room.err,
                                         Words::tr("Password of %1: ").arg(room.line.user));
    if (!password || password->isEmpty())
        return end(room, ExitStatus::Usage, Words::tr("There is no password."));
    const std::unique_ptr<TokenStore> tokens = makeTokenStore(room.clock);
    LoginCommand login(room.line, {room.profiles, room.file, *tokens, room.clock, room.err});
    return runToEnd(login, [&login, password = std::move(*password)] { login.start(password); });
}

int runLogout(const Room &room, TokenStore &tokens)
{
    LogoutCommand logout(room.line, room.profiles, tokens, room.err);
    return runToEnd(logout, [&logout] { logout.start(); });
}

int runServers(const Room &room)
{
    const QString text =
        room.line.json ? ServerList::json(room.profiles) : ServerList::text(room.profiles);
    room.out.write(text.toUtf8());
    return static_cast<int>(ExitStatus::Good);
}

int run(const Room &room)
{
    using Mode = CommandLine::Mode;
    const Kept::Room kept{room.line, room.folders, room.profiles, room.clock,
                          room.out,  room.err,     room.rules};
    switch (room.line.mode) {
    case Mode::List:
        return Kept::list(kept);
    case Mode::Export:
        return Kept::exportTasks(kept);
    case Mode::Import:
        return Kept::importTasks(kept);
    case Mode::Servers:
        return runServers(room);
    case Mode::Login:
        return runLogin(room);
    case Mode::Logout:
        return runLogout(room, *makeTokenStore(room.clock));
    case Mode::Wait:
        return runWait(room, *makeTokenStore(room.clock));
    case Mode::Show:
        return runShow(room, *makeTokenStore(room.clock));
    case Mode::Window:
    case Mode::Track:
    case Mode::Help:
    case Mode::Version:
        break; // not ours
    }
    return static_cast<int>(ExitStatus::Internal);
}

/// A window has its own list of servers in memory, and would write it over ours: who signs in or
/// out is the folder's one instance, from before the servers are read until the end. Null: nobody
/// needs to be kept away. The error is in words.
tl::expected<std::unique_ptr<InstanceLock>, QString> heldFor(CommandLine::Mode mode,
                                                             const Folders &folders)
{
    const bool isLogin = mode == CommandLine::Mode::Login;
    if (!isLogin && mode != CommandLine::Mode::Logout)
        return nullptr;
    if (isLogin) {
        if (const auto made = folders.create(); !made)
            return tl::unexpected(made.error());
    }
    const auto place = InstancePlace::of(folders);
    if (!place)
        return nullptr; // no folder, no window
    auto lock = std::make_unique<InstanceLock>(place->lock);
    if (!lock->tryLock())
        return tl::unexpected(
            isLogin ? Words::tr("Taskwatch is running. Sign in in its window, or quit it first.")
                    : Words::tr("Taskwatch is running. Forget the token in its window, or quit it "
                                "first."));
    return lock;
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
    const auto held = heldFor(line.mode, folders);
    if (!held)
        return end(err, ExitStatus::Internal, held.error());
    const bool writes = line.mode == CommandLine::Mode::Login; // there may be no window ever
    ProfileStore file(folders.config, clock,
                      writes ? JsonFile::Damaged::SetAside : JsonFile::Damaged::Leave);
    const auto profiles = file.load();
    const SettingsFile::Loaded settings =
        SettingsFile(folders.config, clock, JsonFile::Damaged::Leave).load();
    Room room{
        line,  folders, file, profiles.value_or(QList<ServerProfile>()),
        clock, out,     err,  std::make_shared<SecretRuleBook>(settings.settings.secretRules)};
    if (!profiles) {
        end(room, ExitStatus::Internal, profiles.error());
        // With a server and a token given, there is no need of what is stored.
        if (line.server.isEmpty() || (line.token.isEmpty() && line.refreshToken.isEmpty()))
            return static_cast<int>(ExitStatus::Internal);
    }
    for (const QString &warning : file.warnings() + settings.warnings)
        end(room, ExitStatus::Good, warning);
    const int status = run(room);
    const bool isWritten = out.flush() && out.error() == QFileDevice::NoError;
    return isWritten ? status : static_cast<int>(ExitStatus::Internal);
}
