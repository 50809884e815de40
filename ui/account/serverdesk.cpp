#include "account/serverdesk.h"

#include "account/serverconfigs.h"
#include "guardian/engine.h"

#include <algorithm>

namespace {

QString nameOf(const ServerProfile &profile)
{
    return profile.name.isEmpty() ? profile.apiRoot.host() : profile.name;
}

} // namespace

ServerDesk::ServerDesk(Engine &engine, TokenStore &tokens, const QString &configFolder,
                       const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_engine(engine)
    , m_store(tokens)
    , m_file(configFolder, clock)
{
    connect(&m_store, &TokenStore::arrivedLate, this,
            [this](const ServerId &server, const Credentials &stored) {
                if (find(server) && !m_credentials.contains(server))
                    setCredentialsForThisRun(server, stored);
            });
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
    for (const ServerProfile &profile : std::as_const(m_profiles)) {
        connectServer(profile);
        readToken(profile.id);
    }
    if (!m_profiles.isEmpty())
        Q_EMIT changed();
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
    for (const ServerProfile &profile : m_profiles)
        servers.append({profile.id, nameOf(profile), profile.apiRoot, true});
    return servers;
}

void ServerDesk::use(const ServerProfile &profile)
{
    if (find(profile.id))
        return;
    m_unsaved << profile.id;
    put(profile);
    readToken(profile.id);
}

void ServerDesk::save(const ServerProfile &profile)
{
    m_unsaved.removeAll(profile.id);
    put(profile);
    QList<ServerProfile> stored = m_profiles;
    stored.removeIf([this](const ServerProfile &one) { return m_unsaved.contains(one.id); });
    if (const auto saved = m_file.save(stored); !saved)
        Q_EMIT notSaved(saved.error());
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

void ServerDesk::connectServer(const ServerProfile &profile)
{
    const auto config = serverConfigOf(profile, m_network);
    if (!config) {
        Q_EMIT notUsable(profile.id, config.error());
        return;
    }
    QMetaObject::invokeMethod(
        &m_engine, [engine = &m_engine, config = *config] { engine->setServer(config); });
}

Secret ServerDesk::token(const ServerId &id) const
{
    const Credentials known = m_credentials.value(id);
    return known.refreshToken.isEmpty() ? known.accessToken : known.refreshToken;
}

void ServerDesk::setCredentialsForThisRun(const ServerId &id, const Credentials &credentials)
{
    m_credentials.insert(id, credentials);
    QMetaObject::invokeMethod(&m_engine, [engine = &m_engine, id, credentials] {
        engine->setCredentials(id, credentials);
    });
}

void ServerDesk::setCredentials(const ServerId &id, const Credentials &credentials)
{
    setCredentialsForThisRun(id, credentials);
    // Whatever the store answers, it keeps the token for this run in any case.
    m_store.write(id, credentials, this,
                  [this](const tl::expected<void, TokenStoreError> &) { Q_EMIT tokenStored(); });
}

void ServerDesk::readToken(const ServerId &id)
{
    m_store.read(id, this, [this, id](const tl::expected<Credentials, TokenStoreError> &stored) {
        if (m_credentials.contains(id))
            return; // a newer one came meanwhile
        if (stored)
            setCredentialsForThisRun(id, *stored);
        else
            Q_EMIT tokenNotRead(id, stored.error());
    });
}
