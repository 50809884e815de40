#include "account/fallbacktokenstore.h"

#include <QPointer>

#include <utility>

FallbackTokenStore::FallbackTokenStore(std::unique_ptr<TokenStore> keychain, QObject *parent)
    : TokenStore(parent)
    , m_keychain(std::move(keychain))
    , m_memory({})
{
    connect(m_keychain.get(), &TokenStore::waiting, this, &TokenStore::waiting);
    connect(m_keychain.get(), &TokenStore::readLate, this,
            [this](const ServerId &server, const Answer<Credentials> &answer) {
                if (!m_held.contains(server))
                    Q_EMIT readLate(server, answer);
            });
    connect(m_keychain.get(), &TokenStore::writtenLate, this,
            [this](const ServerId &server, const std::optional<TokenStoreError> &error) {
                settle(server, m_held.value(server).write, error);
            });
    connect(m_keychain.get(), &TokenStore::removedLate, this, &TokenStore::removedLate);
}

void FallbackTokenStore::read(const ServerId &server, QObject *context, Done<Credentials> done)
{
    if (m_held.contains(server))
        m_memory.read(server, context, std::move(done));
    else
        m_keychain->read(server, context, std::move(done));
}

void FallbackTokenStore::write(const ServerId &server, const Credentials &credentials,
                               QObject *context, Done<void> done)
{
    const quint64 write = ++m_writes;
    const bool waits = isPersistent();
    m_held[server].write = write; // what was refused before is so until this one is taken
    m_memory.write(server, credentials, context, waits ? [](const auto &) {} : done);
    m_keychain->write(server, credentials, this,
                      [this, server, write, waits, alive = QPointer<QObject>(context),
                       done = std::move(done)](const tl::expected<void, TokenStoreError> &result) {
                          settle(server, write,
                                 result ? std::nullopt : std::optional(result.error()));
                          if (waits && alive)
                              done({});
                      });
}

void FallbackTokenStore::remove(const ServerId &server, QObject *context, Done<void> done)
{
    release(server);
    m_keychain->remove(server, context, std::move(done));
}

void FallbackTokenStore::settle(const ServerId &server, quint64 write,
                                const std::optional<TokenStoreError> &error)
{
    const auto held = m_held.find(server);
    if (held == m_held.end() || held->write != write)
        return; // replaced or removed meanwhile
    if (!error) {
        release(server);
        return;
    }
    held->refusal = describe(*error).headline;
    updateReason();
}

void FallbackTokenStore::release(const ServerId &server)
{
    m_memory.remove(server, this, [](const auto &) {});
    m_held.remove(server);
    updateReason();
}

void FallbackTokenStore::updateReason()
{
    Held latest;
    for (const Held &one : std::as_const(m_held)) {
        if (!one.refusal.isEmpty() && one.write >= latest.write)
            latest = one;
    }
    if (std::exchange(m_reason, latest.refusal) != latest.refusal)
        Q_EMIT persistenceChanged();
}
