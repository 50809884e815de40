#include "account/keychainnotices.h"

#include "account/serverdesk.h"
#include "account/serverlistmodel.h"
#include "window/banner.h"

namespace {

BannerText waitingText()
{
    return {KeychainNotices::tr("Waiting for the keychain."),
            KeychainNotices::tr("It may be asking to be unlocked in another window."),
            {},
            false};
}

} // namespace

KeychainNotices::KeychainNotices(ServerDesk &desk, TokenStore &store, BannerBar &banner,
                                 QObject *parent)
    : QObject(parent)
    , m_desk(desk)
    , m_store(store)
    , m_banner(banner)
{
    connect(&desk, &ServerDesk::tokenNotRead, this, &KeychainNotices::sayNotRead);
    connect(&desk, &ServerDesk::credentialsKnown, this,
            [this](const ServerId &server) { m_banner.remove(BannerKind::TokenNotRead, server); });
    connect(&desk, &ServerDesk::changed, this, &KeychainNotices::refreshNotRead);
    connect(&desk, &ServerDesk::tokenNotRemoved, this, &KeychainNotices::sayNotRemoved);
    connect(&desk, &ServerDesk::tokenStored, this, &KeychainNotices::sayWhereTokensAre);
    connect(&store, &TokenStore::persistenceChanged, this, &KeychainNotices::sayWhereTokensAre);
    connect(&store, &TokenStore::waiting, this, &KeychainNotices::sayWaiting);
    connect(&banner, &BannerBar::activated, this, [this](BannerKind kind, const ServerId &server) {
        if (kind == BannerKind::TokenNotRead)
            askAgain(server);
    });
    connect(&banner, &BannerBar::alternativeChosen, this,
            [this](BannerKind kind, const ServerId &server) {
                if (kind == BannerKind::TokenNotRead)
                    Q_EMIT signInWanted(server);
            });
}

QString KeychainNotices::storageNote() const
{
    return m_store.isPersistent()
               ? tr("Tokens are kept in your desktop's keychain.")
               : tr("Tokens are kept for this run only. %1").arg(m_store.reason());
}

void KeychainNotices::sayNotRead(const ServerId &server, const TokenStoreError &why)
{
    const ServerProfile *profile = m_desk.find(server);
    if (!profile)
        return;
    const TokenStoreErrorText words = describe(why);
    m_banner.set(BannerKind::TokenNotRead,
                 {tr("There is no token for %1.").arg(serverName(*profile)),
                  words.headline + QLatin1Char(' ') + words.nextStep,
                  tr("Try again"),
                  true,
                  {},
                  tr("Sign in…")},
                 server);
}

void KeychainNotices::askAgain(const ServerId &server)
{
    m_banner.set(BannerKind::TokenNotRead, waitingText(), server);
    m_desk.readTokenAgain(server);
}

/// A server may have another name, or not be asked any more.
void KeychainNotices::refreshNotRead()
{
    const QHash<ServerId, TokenStoreError> notRead = m_desk.notRead();
    for (auto it = notRead.cbegin(); it != notRead.cend(); ++it) {
        const ServerProfile *profile = m_desk.find(it.key());
        if (!profile || !profile->enabled)
            m_banner.remove(BannerKind::TokenNotRead, it.key());
        else if (!m_desk.isTokenAwaited(it.key()))
            sayNotRead(it.key(), it.value());
    }
}

void KeychainNotices::sayNotRemoved(const TokenStoreError &why)
{
    m_banner.set(BannerKind::NoKeychain,
                 {tr("The keychain did not delete the token."),
                  tr("%1 What it still holds is used at the next start, but only at the address "
                     "that it was given for. Unlock it and forget the token again.")
                      .arg(describe(why).headline),
                  {},
                  true});
}

void KeychainNotices::sayWaiting(bool isWaiting)
{
    if (isWaiting)
        m_banner.set(BannerKind::NoKeychain, waitingText());
    else
        sayWhereTokensAre();
}

void KeychainNotices::sayWhereTokensAre()
{
    Q_EMIT storageNoteChanged(storageNote());
    if (m_store.isPersistent() || m_desk.profiles().isEmpty()) {
        m_banner.remove(BannerKind::NoKeychain);
        return;
    }
    m_banner.set(BannerKind::NoKeychain,
                 {tr("The token lasts for this run only."), m_store.reason(), {}, true});
}
