#include "cli/serveraccess.h"

#include "account/credentialsentry.h"
#include "account/serverconfigs.h"
#include "account/tokenstore.h"
#include "base/logging.h"
#include "cli/giventokens.h"
#include "guardian/apirootprober.h"
#include "guardian/trouble.h"

#include <QIODevice>

#include <utility>

using namespace Qt::StringLiterals;

ServerAccess::ServerAccess(const CommandLine &line, const Means &means, QObject *parent)
    : QObject(parent)
    , m_line(line)
    , m_means(means)
{
    connect(&m_means.tokens, &TokenStore::waiting, this, [this](bool isWaiting) {
        if (isWaiting)
            say(tr("Waiting for the keychain."), tr("It may be asking to be unlocked."));
    });
}

ServerAccess::~ServerAccess() = default;

tl::expected<QList<TaskId>, UsageError> ServerAccess::choose()
{
    auto target = chooseTarget(m_line, m_means.profiles);
    if (!target)
        return tl::unexpected(target.error());
    m_target = *std::move(target);
    m_shownRoot = m_target.profile ? m_target.profile->apiRoot : m_target.candidates.first();
    return tasksOf(m_line.tasks, m_shownRoot);
}

void ServerAccess::start()
{
    if (m_target.profile)
        takeRoot(ApiRoot(m_target.profile->apiRoot), m_target.profile);
    else
        probe();
}

/// Without a token: it is not known yet whether this is a server of ours.
void ServerAccess::probe()
{
    auto *const prober = new ApiRootProber(NetworkSettings{}, m_means.clock, this);
    connect(prober, &ApiRootProber::finished, this,
            [this, prober](const ApiRootProber::Result &found) {
                prober->deleteLater();
                if (found)
                    takeProbed(*found);
                else
                    Q_EMIT failed(found.error(), false);
            });
    prober->start(m_target.candidates);
}

void ServerAccess::takeProbed(const ApiRoot &root)
{
    const auto meant = meantProfile(root.url(), m_line, m_means.profiles);
    if (meant) {
        takeRoot(root, *meant);
        return;
    }
    say(meant.error().message, meant.error().nextStep);
    Q_EMIT failed({PollError::Kind::SignInNeeded, {}, 0, {}, {}}, true);
}

void ServerAccess::takeRoot(const ApiRoot &root, const std::optional<ServerProfile> &profile)
{
    m_root = root;
    m_shownRoot = root.url();
    m_profile = profile;
    m_server = m_profile ? m_profile->id : ServerId::create();
    qCInfo(lcCli) << "The API is at" << root.url().toDisplayString();
    // First: where it cannot be asked at all, no token helps.
    const auto config = serverConfigOf(profileToAsk(), {});
    if (!config) {
        if (std::exchange(m_unusable, config.error()) != config.error())
            say(config.error(), {});
        Q_EMIT failed(trouble(PollError::Kind::Certificate, config.error()), true);
        return;
    }
    m_config = *config;
    if (m_line.token.isEmpty() && m_line.refreshToken.isEmpty())
        readSecrets();
    else
        enterAsGiven();
}

ServerProfile ServerAccess::profileToAsk() const
{
    ServerProfile profile = m_profile.value_or(ServerProfile{});
    profile.id = m_server;
    profile.apiRoot = m_root.url();
    profile.paused = false;
    profile.allowHttp = true; // or it had not been chosen
    profile.push = false;     // a command asks for what it wants to know
    profile.discovery = ServerProfile::Discovery::Off;
    return profile;
}

/// With the token of the command line, and the proxy's password of the keychain if that needs one.
void ServerAccess::enterAsGiven()
{
    const auto [given, note] = givenTokens(m_line);
    if (!note.isEmpty())
        say(note, {});
    if (!m_profile || m_profile->proxy.user.isEmpty()) {
        enter(given);
        return;
    }
    m_means.tokens.read(
        m_profile->id, this,
        [this, given = given](const tl::expected<Credentials, TokenStoreError> &stored) {
            Credentials both = given;
            if (stored)
                both.proxyPassword = CredentialsEntry::released(*stored, m_root).proxyPassword;
            enter(both); // without one, the proxy says what is wrong
        });
}

void ServerAccess::readSecrets()
{
    if (!m_profile) {
        failWithoutToken();
        return;
    }
    m_means.tokens.read(m_profile->id, this,
                        [this](const tl::expected<Credentials, TokenStoreError> &stored) {
                            if (!stored) {
                                const TokenStoreErrorText text = describe(stored.error());
                                say(text.headline, text.nextStep);
                                Q_EMIT failed({PollError::Kind::SignInNeeded, {}, 0, {}, {}}, true);
                                return;
                            }
                            const Credentials own = CredentialsEntry::released(*stored, m_root);
                            if (own.hasToken())
                                enter(own);
                            else
                                failWithoutToken();
                        });
}

void ServerAccess::failWithoutToken()
{
    say(tr("There is no token for %1.").arg(m_shownRoot.toDisplayString()),
        tr("Put it into the environment variable TASKWATCH_TOKEN, or sign in: taskwatch login "
           "--server URL --user NAME"));
    Q_EMIT failed({PollError::Kind::SignInNeeded, {}, 0, {}, {}}, true);
}

void ServerAccess::enter(const Credentials &credentials)
{
    m_means.engine.setServer(*m_config);
    m_means.engine.setCredentials(m_server, credentials);
    Q_EMIT ready();
}

void ServerAccess::say(const QString &headline, const QString &nextStep)
{
    m_means.err.write(spokenLine(headline, nextStep));
}
