#pragma once

#include "account/memorytokenstore.h"

/// A keychain, and memory for this run beneath it: what the keychain does not take stays in memory,
/// and isPersistent() says so.
class FallbackTokenStore final : public TokenStore
{
    Q_OBJECT

public:
    explicit FallbackTokenStore(std::unique_ptr<TokenStore> keychain, QObject *parent = nullptr);
    Q_DISABLE_COPY_MOVE(FallbackTokenStore)

    /// A token in memory counts before what the keychain holds: it is newer.
    void read(const ServerId &server, QObject *context, Done<Credentials> done) override;
    /// Succeeds in any case. Once the keychain has refused a token, it is still offered each new
    /// one, but no longer waited for.
    void write(const ServerId &server, const Credentials &credentials, QObject *context,
               Done<void> done) override;
    /// From both; the error is the keychain's.
    void remove(const ServerId &server, QObject *context, Done<void> done) override;
    [[nodiscard]] bool isPersistent() const override { return m_reason.isEmpty(); }
    [[nodiscard]] QString reason() const override { return m_reason; }
    [[nodiscard]] bool canBePersistent() const override { return true; }

private:
    void settle(const ServerId &server, quint64 write, const std::optional<TokenStoreError> &error);
    void release(const ServerId &server);
    void updateReason();

    struct Held {
        quint64 write = 0; ///< the last one of this server
        QString refusal{}; ///< the keychain's, in words; empty: it is still being written
    };
    std::unique_ptr<TokenStore> m_keychain;
    MemoryTokenStore m_memory;
    QHash<ServerId, Held> m_held; ///< what is in memory
    QString m_reason;             ///< of the latest refusal; empty while the keychain took all
    quint64 m_writes = 0;
};
