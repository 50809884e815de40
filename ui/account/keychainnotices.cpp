#include "account/keychainnotices.h"

#include "account/serverdesk.h"
#include "account/serverlistmodel.h"
#include "window/banner.h"

#include <algorithm>

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
    connect(&desk, &ServerDesk::credentialsKnown, this, [this](const ServerId &server) {
        m_banner.remove(BannerKind::TokenNotRead, server);
        Q_EMIT storageNoteChanged(storageNote());
    });
    connect(&desk, &ServerDesk::changed, this, &KeychainNotices::refreshNotRead);
    connect(&desk, &ServerDesk::storageChanged, this, &KeychainNotices::sayStorage);
    connect(&store, &TokenStore::persistenceChanged, this, &KeychainNotices::sayWhereTokensAre);
    connect(&store, &TokenStore::waiting, this, [this](bool isWaiting) {
        m_isWaiting = isWaiting;
        sayWhereTokensAre();
    });
    connect(&banner, &BannerBar::activated, this, &KeychainNotices::askAgain);
    connect(&banner, &BannerBar::alternativeChosen, this,
            [this](BannerKind kind, const ServerId &server) {
                if (kind == BannerKind::TokenNotRead)
                    Q_EMIT signInWanted(server);
            });
}

QString KeychainNotices::storageNote() const
{
    if (!m_store.isPersistent())
        return tr("Tokens are kept for this run only. %1").arg(m_store.reason());
    const QHash<ServerId, TokenStoreError> &notRead = m_desk.notRead();
    const auto missing =
        std::find_if(notRead.cbegin(), notRead.cend(), [](const TokenStoreError &error) {
            return error.kind == TokenStoreError::Kind::Unavailable;
        });
    // It is offered the next token all the same.
    return missing == notRead.cend() ? tr("Tokens are kept in your desktop's keychain.")
                                     : tr("%1 Until there is, tokens are kept for this run only.")
                                           .arg(describe(*missing).headline);
}

void KeychainNotices::sayNotRead(const ServerId &server, const TokenStoreError &why)
{
    Q_EMIT storageNoteChanged(storageNote());
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

/// What the button of a banner does.
void KeychainNotices::askAgain(BannerKind kind, const ServerId &server)
{
    if (kind == BannerKind::TokenNotRead) {
        m_banner.set(kind, waitingText(), server);
        m_desk.readTokenAgain(server);
    } else if (kind == BannerKind::TokenNotRemoved) {
        m_banner.set(kind, waitingText());
        m_desk.removeTokensAgain();
    } else if (kind == BannerKind::NoKeychain) {
        m_desk.storeTokensAgain();
    }
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

void KeychainNotices::sayStorage()
{
    sayWhereTokensAre();
    if (m_desk.notRemoved().isEmpty())
        m_banner.remove(BannerKind::TokenNotRemoved);
    else
        m_banner.set(BannerKind::TokenNotRemoved, {tr("The keychain did not delete the token."),
                                                   whyNotRemoved(), tr("Try again"), true});
}

void KeychainNotices::sayWhereTokensAre()
{
    Q_EMIT storageNoteChanged(storageNote());
    if (m_isWaiting)
        m_banner.set(BannerKind::NoKeychain, waitingText());
    else if (m_store.isPersistent() || m_desk.profiles().isEmpty())
        m_banner.remove(BannerKind::NoKeychain);
    else
        m_banner.set(BannerKind::NoKeychain,
                     {tr("The token lasts for this run only."), whyNotStored(),
                      m_store.canBePersistent() ? tr("Try again") : QString(), true});
}

QString KeychainNotices::whyNotStored() const
{
    return m_store.canBePersistent()
               ? tr("%1 Start or unlock it and try again, or sign in anew at the next start.")
                     .arg(m_store.reason())
               : tr("%1 Sign in anew at the next start.").arg(m_store.reason());
}

QString KeychainNotices::whyNotRemoved() const
{
    const QHash<ServerId, TokenStoreError> &all = m_desk.notRemoved();
    const TokenStoreError &one = *all.cbegin();
    const QString why = one.kind == TokenStoreError::Kind::NotFoundOrCancelled
                            ? tr("There was none, or its unlocking was cancelled.")
                            : describe(one).headline;
    const bool isUsed = std::any_of(all.keyBegin(), all.keyEnd(),
                                    [this](const ServerId &id) { return m_desk.find(id); });
    return isUsed ? tr("%1 What it still holds is used at the next start, but only at the address "
                       "that it was given for.")
                        .arg(why)
                  : tr("%1 What it still holds is of a server that was removed.").arg(why);
}
