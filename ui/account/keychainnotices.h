#pragma once

#include "account/tokenstore.h"

#include <QObject>

class BannerBar;
enum class BannerKind;
class ServerDesk;

/// What the window says of the keychain: what it did not give, that it is waited for, where tokens
/// are kept. Each as it is now, with a way to ask once more.
class KeychainNotices final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeychainNotices)

public:
    /// All must outlive it.
    KeychainNotices(ServerDesk &desk, TokenStore &store, BannerBar &banner,
                    QObject *parent = nullptr);

    /// Where tokens will be kept, in words.
    [[nodiscard]] QString storageNote() const;

Q_SIGNALS:
    void storageNoteChanged(const QString &note);
    void signInWanted(const ServerId &server);

private:
    void sayNotRead(const ServerId &server, const TokenStoreError &why);
    void sayStorage();
    void sayWhereTokensAre();
    [[nodiscard]] QString whyNotStored() const;
    [[nodiscard]] QString whyNotRemoved() const;
    void askAgain(BannerKind kind, const ServerId &server);
    void refreshNotRead();

    ServerDesk &m_desk;
    TokenStore &m_store;
    BannerBar &m_banner;
    bool m_isWaiting = false;
};
