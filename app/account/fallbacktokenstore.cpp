#include "account/fallbacktokenstore.h"

#include <QPointer>

#include <algorithm>

FallbackTokenStore::FallbackTokenStore(std::unique_ptr<TokenStore> keychain, QObject *parent)
    : TokenStore(parent)
    , m_keychain(std::move(keychain))
    , m_memory({})
{
    connect(m_keychain.get(), &TokenStore::waiting, this, &TokenStore::waiting);
    connect(m_keychain.get(), &TokenStore::arrivedLate, this,
            [this](const ServerId &server, const Credentials &credentials) {
                if (!m_held.contains(server))
                    Q_EMIT arrivedLate(server, credentials);
            });
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
    m_held[server] = {write, m_held.value(server).refused};
    m_memory.write(server, credentials, context, waits ? [](const auto &) {} : done);
    m_keychain->write(server, credentials, this,
                      [this, server, write, waits, alive = QPointer<QObject>(context),
                       done = std::move(done)](const tl::expected<void, TokenStoreError> &result) {
                          settle(server, write, result);
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
                                const tl::expected<void, TokenStoreError> &result)
{
    const auto held = m_held.find(server);
    if (held == m_held.end() || held->write != write)
        return; // replaced or removed meanwhile
    if (result) {
        release(server);
        return;
    }
    held->refused = true;
    if (const QString reason = describe(result.error()).headline; m_reason != reason) {
        m_reason = reason;
        Q_EMIT persistenceChanged();
    }
}

void FallbackTokenStore::release(const ServerId &server)
{
    m_memory.remove(server, this, [](const auto &) {});
    m_held.remove(server);
    if (m_reason.isEmpty()
        || std::any_of(m_held.cbegin(), m_held.cend(), [](const Held &one) { return one.refused; }))
        return;
    m_reason.clear();
    Q_EMIT persistenceChanged();
}
