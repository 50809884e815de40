#include "account/serverdesk.h"

#include "account/credentialsentry.h"
#include "account/serverconfigs.h"
#include "account/serverlistmodel.h"
#include "guardian/engine.h"

#include <algorithm>

ServerDesk::ServerDesk(Engine &engine, TokenStore &tokens, const QString &configFolder,
                       const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_engine(engine)
    , m_store(tokens)
    , m_file(configFolder, clock)
{
    connect(&m_store, &TokenStore::readLate, this, &ServerDesk::takeLateRead);
    connect(&m_store, &TokenStore::removedLate, this,
            [this](const ServerId &id, const std::optional<TokenStoreError> &error) {
                if (m_notRemoved.contains(id))
                    takeRemoved(id, error);
            });
}

template<typename What>
void ServerDesk::ask(What what)
{
    QMetaObject::invokeMethod(&m_engine,
                              [engine = &m_engine, what = std::move(what)] { what(*engine); });
}

tl::expected<void, QString> ServerDesk::load()
{
    const auto stored = m_file.load();
    if (!stored)
        return tl::unexpected(stored.error());
    m_profiles = *stored;
    return {};
}

void ServerDesk::open(const NetworkSettings &network)
{
    m_network = network;
    for (const ServerProfile &profile : std::as_const(m_profiles))
        connectServer(profile);
    if (!m_profiles.isEmpty())
        Q_EMIT changed();
}

void ServerDesk::setNetwork(const NetworkSettings &network)
{
    m_network = network;
    for (const ServerProfile &profile : std::as_const(m_profiles))
        connectServer(profile);
}

const ServerProfile *ServerDesk::find(const ServerId &id) const
{
    const auto found =
        std::find_if(m_profiles.cbegin(), m_profiles.cend(),
                     [&id](const ServerProfile &profile) { return profile.id == id; });
    return found == m_profiles.cend() ? nullptr : &*found;
}

ShownServers ServerDesk::shown() const
{
    ShownServers servers;
    servers.reserve(m_profiles.size());
    for (const ServerProfile &profile : m_profiles) {
        servers.append({profile.id, serverName(profile), profile.apiRoot, profile.enabled,
                        profile.colourMark});
    }
    return servers;
}

void ServerDesk::use(const ServerProfile &profile)
{
    if (find(profile.id))
        return;
    m_unsaved << profile.id;
    put(profile);
}

void ServerDesk::save(const ServerProfile &profile)
{
    saveWithProxyPassword(profile, {});
}

void ServerDesk::saveWithProxyPassword(const ServerProfile &profile,
                                       const std::optional<Secret> &password)
{
    const ServerProfile *before = find(profile.id);
    if (before && !ApiRoot(before->apiRoot).hasOriginOf(ApiRoot(profile.apiRoot)))
        forget(profile.id);
    if (!before)
        m_credentials.insert(profile.id, {}); // nothing can be stored of it
    const bool isNew = m_unsaved.removeAll(profile.id) > 0;
    put(profile);
    writeProfiles();
    if (!password)
        return;
    if (!isNew) {
        storeProxyPassword(profile.id, *password);
        return;
    }
    m_newPasswords.insert(profile.id, *password);
    endReading(profile.id, Credentials()); // nothing is kept of it, as is known
}

/// Beside what is stored, which is read first: a password alone must not replace it, nor what is
/// for this run only come to it.
void ServerDesk::storeProxyPassword(const ServerId &id, const Secret &password)
{
    if (isAsStored(id)) {
        Credentials credentials = m_credentials.value(id);
        credentials.proxyPassword = password;
        store(id, credentials);
        return;
    }
    m_newPasswords.insert(id, password);
    if (!m_awaited.contains(id))
        readToken(id);
}

void ServerDesk::writeProfiles()
{
    QList<ServerProfile> stored = m_profiles;
    stored.removeIf([this](const ServerProfile &one) { return m_unsaved.contains(one.id); });
    if (const auto saved = m_file.save(stored); !saved)
        Q_EMIT notSaved(saved.error());
}

void ServerDesk::remove(const ServerId &id)
{
    if (m_profiles.removeIf([&id](const ServerProfile &one) { return one.id == id; }) == 0)
        return;
    forget(id);
    m_credentials.remove(id); // nothing that is still read is taken
    m_notUsable.remove(id);
    ask([id](Engine &engine) { engine.removeServer(id); });
    writeProfiles();
    Q_EMIT removed(id);
    Q_EMIT changed();
}

void ServerDesk::put(const ServerProfile &profile)
{
    const auto known =
        std::find_if(m_profiles.begin(), m_profiles.end(),
                     [&profile](const ServerProfile &one) { return one.id == profile.id; });
    if (known == m_profiles.end())
        m_profiles << profile;
    else
        *known = profile;
    connectServer(profile);
    Q_EMIT changed();
}

/// A disabled server is known to the engine, so that its tasks are, but paused and without secrets.
void ServerDesk::connectServer(const ServerProfile &profile)
{
    auto config = serverConfigOf(profile, m_network);
    if (config)
        m_notUsable.remove(profile.id);
    else
        m_notUsable.insert(profile.id);
    Q_EMIT notUsable(profile.id, config ? QString() : config.error());
    if (!config) {
        ask([id = profile.id](Engine &engine) { engine.setCredentials(id, {}); });
        return;
    }
    config->name = serverName(profile);
    config->paused = profile.paused || !profile.enabled;
    ask([config = *config](Engine &engine) { engine.setServer(config); });
    if (profile.enabled && !m_credentials.contains(profile.id))
        readToken(profile.id);
    else
        tellEngine(profile.id);
}

void ServerDesk::tellEngine(const ServerId &id)
{
    const ServerProfile *profile = find(id);
    const Credentials credentials =
        profile && profile->enabled ? m_credentials.value(id) : Credentials();
    if (profile && credentials.hasToken() && credentials.proxyPassword.isEmpty()
        && m_awaited.contains(id) && m_ofThisRun.contains(id) && !profile->proxy.user.isEmpty())
        return; // its proxy would refuse it: endReading() brings the password
    ask([id, credentials](Engine &engine) {
        engine.setCredentials(id, credentials);
        if (credentials.hasToken())
            engine.askWho(id);
    });
}

void ServerDesk::setCredentialsForThisRun(const ServerId &id, const Credentials &credentials)
{
    Credentials running = credentials;
    if (running.proxyPassword.isEmpty())
        running.proxyPassword = m_credentials.value(id).proxyPassword;
    m_ofThisRun.insert(id);
    useCredentials(id, running);
}

void ServerDesk::setCredentials(const ServerId &id, const Credentials &credentials)
{
    m_ofThisRun.remove(id);
    useCredentials(id, credentials);
}

void ServerDesk::useCredentials(const ServerId &id, const Credentials &credentials)
{
    m_credentials.insert(id, credentials);
    m_notRead.remove(id);
    tellEngine(id);
    Q_EMIT credentialsKnown(id);
    if (!credentials.hasToken())
        Q_EMIT withoutToken(id);
}

void ServerDesk::signIn(const ServerId &id, const Credentials &credentials, const QString &account)
{
    store(id, credentials);
    const ServerProfile *before = find(id);
    if (!before)
        return;
    ServerProfile profile = *before;
    profile.signIn = credentials.refreshToken.isEmpty() ? ServerProfile::SignIn::AccessToken
                                                        : ServerProfile::SignIn::RefreshToken;
    if (!account.isEmpty())
        profile.account = account;
    if (profile == *before)
        return;
    *std::find(m_profiles.begin(), m_profiles.end(), *before) = profile;
    writeProfiles();
    Q_EMIT changed();
}

void ServerDesk::store(const ServerId &id, const Credentials &credentials)
{
    setCredentials(id, credentials);
    write(id, credentials);
}

void ServerDesk::write(const ServerId &id, const Credentials &credentials)
{
    const ServerProfile *profile = find(id);
    if (!profile)
        return;              // nobody could forget them
    m_notRemoved.remove(id); // replaced by these
    // Whatever the store answers, it keeps them for this run in any case.
    m_store.write(id, CredentialsEntry::bound(credentials, ApiRoot(profile->apiRoot)), this,
                  [this](const TokenStore::Answer<void> &) { Q_EMIT storageChanged(); });
}
