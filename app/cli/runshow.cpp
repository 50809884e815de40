#include "cli/runshow.h"

#include "account/folders.h"
#include "account/profilestore.h"
#include "account/tokenstore.h"
#include "base/logging.h"
#include "base/plaintext.h"
#include "cli/show.h"

#include <QCoreApplication>
#include <QFile>

#include <cstdio>

int runShow(const CommandLine &line, int &argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    QFile out;
    QFile err;
    if (!out.open(stdout, QIODevice::WriteOnly)
        || !err.open(stderr, QIODevice::WriteOnly | QIODevice::Unbuffered))
        return static_cast<int>(ExitStatus::Internal);

    const SystemClock clock;
    const Folders folders =
        line.dataDir.isEmpty() ? Folders::standard() : Folders::below(line.dataDir);
    auto profiles = ProfileStore(folders.config, clock).load();
    if (!profiles) {
        err.write("taskwatch: " + PlainText::onOneLine(profiles.error()).toUtf8() + '\n');
        // With a server and a token given, there is no need of what is stored.
        if (line.server.isEmpty() || line.token.isEmpty())
            return static_cast<int>(ExitStatus::Internal);
    }
    const std::unique_ptr<TokenStore> tokens = makeTokenStore(clock);
    ShowCommand show(line, profiles.value_or(QList<ServerProfile>()), *tokens, clock, out, err);
    QObject::connect(
        &show, &ShowCommand::finished, &application,
        [](ExitStatus status) { QCoreApplication::exit(static_cast<int>(status)); },
        Qt::QueuedConnection);
    QMetaObject::invokeMethod(&show, &ShowCommand::start, Qt::QueuedConnection);
    const int status = QCoreApplication::exec();
    return out.flush() ? status : static_cast<int>(ExitStatus::Internal);
}
