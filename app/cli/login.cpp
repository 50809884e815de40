#include "cli/login.h"

#include "account/credentialsentry.h"
#include "account/serverconfigs.h"
#include "account/tokenstore.h"
#include "base/logging.h"
#include "cli/target.h"
#include "guardian/apirootprober.h"

#include <QIODevice>

#include <algorithm>

using namespace Qt::StringLiterals;

LoginCommand::LoginCommand(const CommandLine &line, const Means &means, QObject *parent)
    : QObject(parent)
    , m_line(line)
    , m_means(means)
{
    connect(&m_means.tokens, &TokenStore::waiting, this, [this](bool isWaiting) {
        if (isWaiting)
            say(tr("Waiting for the keychain."), tr("It may be asking to be unlocked."));
    });
}

LoginCommand::~LoginCommand() = default;

void LoginCommand::start(Secret password)
{
    m_password = std::move(password);
    const auto target = chooseTarget(m_line, m_means.profiles);
    if (!target)
        endInUsage(target.error());
    else if (target->profile)
        takeProfile(*target->profile);
    else
        probe(target->candidates);
}

/// Without a secret: it is not known yet what is there.
void LoginCommand::probe(const QList<QUrl> &candidates)
{
    auto *const prober = new ApiRootProber(NetworkSettings{}, m_means.clock, this);
    connect(prober, &ApiRootProber::finished, this,
            [this, prober](const ApiRootProber::Result &found) {
                prober->deleteLater();
                if (found)
                    takeRoot(*found);
                else
                    endInTrouble(found.error());
            });
    prober->start(candidates);
}

void LoginCommand::takeRoot(const ApiRoot &root)
{
    const auto own = meantProfile(root.url(), m_line, m_means.profiles);
    if (!own) {
        endInUsage(own.error());
        return;
    }
    if (*own) {
        takeProfile(**own);
        return;
    }
    ServerProfile made;
    made.id = ServerId::create();
    made.address = m_line.server;
    made.apiRoot = root.url();
    made.name = root.url().host();
    made.allowHttp = m_line.allowHttp && root.url().scheme() == "http"_L1;
    m_isNew = true;
    takeProfile(made);
}

void LoginCommand::takeProfile(const ServerProfile &profile)
{
    m_profile = profile;
    ServerProfile used = m_profile;
    used.allowHttp = true; // or it had not been chosen
    const auto config = serverConfigOf(used, {});
    if (!config) {
        say(config.error());
        Q_EMIT finished(ExitStatus::NotAsked);
        return;
    }
    m_network = config->network;
    askKeychain();
}

/// First whether it would take a token at all, and for the proxy's password.
void LoginCommand::askKeychain()
{
    if (!m_means.tokens.isPersistent()) {
        endWithoutKeychain(m_means.tokens.reason());
        return;
    }
    m_means.tokens.read(
        m_profile.id, this, [this](const tl::expected<Credentials, TokenStoreError> &stored) {
            if (stored)
                signIn(stored->proxyPassword);
            else if (stored.error().kind == TokenStoreError::Kind::NotFoundOrCancelled
                     && m_profile.proxy.user.isEmpty())
                signIn({});
            else if (stored.error().kind == TokenStoreError::Kind::NotFoundOrCancelled)
                endWithoutKeychain(tr("The proxy's password was not given out."));
            else
                endWithoutKeychain(describe(stored.error()).headline);
        });
}

void LoginCommand::signIn(const Secret &proxyPassword)
{
    m_test = new ConnectionTest(m_network, m_means.clock, this);
    connect(m_test, &ConnectionTest::finished, this, &LoginCommand::takeResult);
    m_test->startAt(ApiRoot(m_profile.apiRoot),
                    {{{}, {}, proxyPassword}, m_line.user, std::exchange(m_password, {})});
}

void LoginCommand::takeResult(const ConnectionTest::Result &result)
{
    m_test->deleteLater();
    if (result.wrongPassword) {
        say(tr("User name or password is wrong."), tr("Check both."));
        Q_EMIT finished(ExitStatus::SignIn);
    } else if (result.error && !result.credentials.hasToken()) {
        endInTrouble(*result.error);
    } else {
        // Who signs in once more may end others' sessions: a token that was given is kept.
        if (result.error)
            say(describe(*result.error).headline, tr("The token is kept all the same."));
        keep(result.credentials,
             result.session.username.isEmpty() ? m_line.user : result.session.username);
    }
}

void LoginCommand::keep(Credentials credentials, const QString &account)
{
    if (!credentials.refreshToken.isEmpty())
        credentials.accessToken = {}; // over in a minute
    m_means.tokens.write(
        m_profile.id, CredentialsEntry::bound(credentials, ApiRoot(m_profile.apiRoot)), this,
        [this, credentials, account](const tl::expected<void, TokenStoreError> &kept) {
            if (!kept)
                endWithoutKeychain(describe(kept.error()).headline);
            else if (!m_means.tokens.isPersistent())
                endWithoutKeychain(m_means.tokens.reason());
            else
                keepProfile(credentials, account);
        });
}

void LoginCommand::keepProfile(const Credentials &credentials, const QString &account)
{
    m_profile.account = account;
    m_profile.signIn = credentials.refreshToken.isEmpty() ? ServerProfile::SignIn::AccessToken
                                                          : ServerProfile::SignIn::RefreshToken;
    QList<ServerProfile> profiles = m_means.profiles;
    const auto known = std::find_if(profiles.begin(), profiles.end(),
                                    [this](const auto &one) { return one.id == m_profile.id; });
    if (known == profiles.end())
        profiles.append(m_profile);
    else
        *known = m_profile;
    if (const auto saved = m_means.file.save(profiles); !saved) {
        say(saved.error());
        endUnsaved();
        return;
    }
    say(tr("Signed in to %1 as %2.").arg(m_profile.apiRoot.toDisplayString(), account));
    Q_EMIT finished(ExitStatus::Good);
}

/// A secret under an ID that no list of servers names could never be forgotten.
void LoginCommand::endUnsaved()
{
    const auto end = [this](const tl::expected<void, TokenStoreError> &) {
        Q_EMIT finished(ExitStatus::Internal);
    };
    if (m_isNew)
        m_means.tokens.remove(m_profile.id, this, end);
    else
        end({});
}

void LoginCommand::endInUsage(const UsageError &error)
{
    m_means.err.write(usageText(error).toUtf8());
    Q_EMIT finished(ExitStatus::Usage);
}

void LoginCommand::endInTrouble(const PollError &error)
{
    const PollErrorText text = describe(error, AskedAgain::ByPerson);
    say(text.headline, text.nextStep);
    if (!error.detail.isEmpty())
        qCInfo(lcCli) << error.detail;
    Q_EMIT finished(exitStatusOf(error.kind));
}

void LoginCommand::endWithoutKeychain(const QString &reason)
{
    say(tr("Nothing could be stored: %1").arg(reason),
        tr("For a single command, put a token into the environment variable "
           "TASKWATCH_REFRESH_TOKEN."));
    Q_EMIT finished(ExitStatus::Internal);
}

void LoginCommand::say(const QString &headline, const QString &nextStep)
{
    m_means.err.write(spokenLine(headline, nextStep));
}
