// How the desk keeps and reads secrets; which servers there are is in serverdesk.cpp.
#include "account/credentialsentry.h"
#include "account/serverdesk.h"

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
