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

void ServerDesk::forget(const ServerId &id)
{
    const bool mayBeKept =
        m_notRead.contains(id) || (isAsStored(id) && m_credentials.value(id).hasToken());
    m_newPasswords.remove(id);
    setCredentials(id, {});
    erase(id, mayBeKept);
}

void ServerDesk::erase(const ServerId &id, bool mayBeKept)
{
    m_store.remove(id, this, [this, id, mayBeKept](const TokenStore::Answer<void> &removed) {
        // Where there was none, that there is none is no trouble.
        const bool isTrouble =
            !removed
            && (mayBeKept || removed.error().kind != TokenStoreError::Kind::NotFoundOrCancelled);
        takeRemoved(id, isTrouble ? std::optional(removed.error()) : std::nullopt);
    });
}

void ServerDesk::takeRemoved(const ServerId &id, const std::optional<TokenStoreError> &error)
{
    if (error)
        m_notRemoved.insert(id, *error);
    else
        m_notRemoved.remove(id);
    Q_EMIT storageChanged();
}

void ServerDesk::removeTokensAgain()
{
    const QList<ServerId> all = m_notRemoved.keys();
    for (const ServerId &id : all)
        erase(id, true);
}

void ServerDesk::storeTokensAgain()
{
    const QList<ServerId> all = m_credentials.keys();
    for (const ServerId &id : all) {
        if (isAsStored(id) && !(m_credentials.value(id) == Credentials()))
            write(id, m_credentials.value(id));
    }
}

/// What came too late, but nothing newer before it.
void ServerDesk::takeLateRead(const ServerId &id, const TokenStore::Answer<Credentials> &stored)
{
    if (!find(id))
        return;
    if (!stored && m_notRead.contains(id) && !m_awaited.contains(id)) {
        m_notRead.insert(id, stored.error());
        Q_EMIT tokenNotRead(id, stored.error());
    } else if (stored && !m_credentials.value(id).hasToken() && !isAsStored(id)) {
        takeStored(id, *stored);
    }
}

void ServerDesk::takeStored(const ServerId &id, const Credentials &stored)
{
    Credentials credentials = CredentialsEntry::released(stored, ApiRoot(find(id)->apiRoot));
    const Secret password = m_credentials.value(id).proxyPassword; // newer, if there is one
    if (password.isEmpty()) {
        setCredentials(id, credentials);
        return;
    }
    credentials.proxyPassword = password;
    setCredentialsForThisRun(id, credentials);
}

void ServerDesk::readToken(const ServerId &id, Then then)
{
    m_awaited.insert(id);
    m_store.read(id, this,
                 [this, id, then](const tl::expected<Credentials, TokenStoreError> &stored) {
                     m_awaited.remove(id);
                     if (find(id))
                         endReading(id, stored);
                     if (!stored || then == Then::Nothing)
                         return;
                     const QList<ServerId> others = m_notRead.keys();
                     for (const ServerId &other : others)
                         readToken(other);
                 });
}

void ServerDesk::readTokenAgain(const ServerId &id)
{
    if (m_notRead.contains(id) && !m_awaited.contains(id))
        readToken(id, Then::Others);
}

void ServerDesk::endReading(const ServerId &id,
                            const tl::expected<Credentials, TokenStoreError> &stored)
{
    const bool hasPassword = m_newPasswords.contains(id);
    const Secret password = m_newPasswords.take(id);
    if (isAsStored(id)) { // newer ones came meanwhile
        if (hasPassword)
            storeProxyPassword(id, password);
        return;
    }
    Credentials running = m_credentials.value(id);
    if (hasPassword) {
        running.proxyPassword = password;
        if (stored) {
            Credentials kept = CredentialsEntry::released(*stored, ApiRoot(find(id)->apiRoot));
            kept.proxyPassword = password;
            if (!running.hasToken()) {
                store(id, kept);
                return;
            }
            write(id, kept);
        }
        setCredentialsForThisRun(id, running);
    } else if (running.hasToken()) {
        const ServerProfile &profile = *find(id);
        if (profile.proxy.user.isEmpty() || !running.proxyPassword.isEmpty())
            return;
        if (stored)
            running.proxyPassword =
                CredentialsEntry::released(*stored, ApiRoot(profile.apiRoot)).proxyPassword;
        setCredentialsForThisRun(id, running);
    } else if (stored) {
        takeStored(id, *stored);
    }
    if (!stored && (hasPassword || !m_credentials.contains(id))) {
        m_notRead.insert(id, stored.error());
        Q_EMIT tokenNotRead(id, stored.error());
    }
}
