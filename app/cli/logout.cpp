#include "cli/logout.h"

#include "account/tokenstore.h"
#include "cli/target.h"

#include <QIODevice>

using namespace Qt::StringLiterals;

namespace {

/// The stored server that is meant; nothing is asked of it, so how it is reached does not count.
tl::expected<ServerProfile, UsageError> chosen(CommandLine line,
                                               const QList<ServerProfile> &profiles)
{
    line.allowHttp = true;
    const auto target = chooseTarget(line, profiles);
    if (!target)
        return tl::unexpected(target.error());
    if (target->profile)
        return *target->profile;
    for (const QUrl &candidate : target->candidates) {
        const auto own = meantProfile(candidate, line, profiles);
        if (!own)
            return tl::unexpected(own.error());
        if (*own)
            return **own;
    }
    return tl::unexpected(
        UsageError{LogoutCommand::tr("There is no server “%1” here.").arg(line.server),
                   LogoutCommand::tr("“taskwatch servers” lists those that are set up.")});
}

} // namespace

LogoutCommand::LogoutCommand(const CommandLine &line, const QList<ServerProfile> &profiles,
                             TokenStore &tokens, QIODevice &err, QObject *parent)
    : QObject(parent)
    , m_line(line)
    , m_profiles(profiles)
    , m_tokens(tokens)
    , m_err(err)
{
}

void LogoutCommand::start()
{
    const auto server = chosen(m_line, m_profiles);
    if (!server) {
        m_err.write(usageText(server.error()).toUtf8());
        Q_EMIT finished(ExitStatus::Usage);
        return;
    }
    const QString name = server->shownName();
    m_tokens.remove(
        server->id, this, [this, name](const tl::expected<void, TokenStoreError> &removed) {
            if (removed) {
                end(ExitStatus::Good, tr("Nothing is stored any more to sign in to %1.").arg(name));
                return;
            }
            const TokenStoreErrorText text = describe(removed.error());
            if (removed.error().kind == TokenStoreError::Kind::NotFoundOrCancelled)
                end(ExitStatus::Internal, tr("The keychain deleted nothing of %1.").arg(name),
                    tr("There was nothing, or its unlocking was cancelled."));
            else
                end(ExitStatus::Internal, text.headline, text.nextStep);
        });
}

void LogoutCommand::end(ExitStatus status, const QString &headline, const QString &nextStep)
{
    m_err.write(spokenLine(headline, nextStep));
    Q_EMIT finished(status);
}
