#include "account/memorytokenstore.h"

#include <QPointer>

namespace {

/// Later, as a keychain does: a caller that works with one store works with the other.
template<typename T>
void answer(QObject *store, QObject *context, TokenStore::Done<T> done,
            tl::expected<T, TokenStoreError> result)
{
    QMetaObject::invokeMethod(
        store,
        [alive = QPointer<QObject>(context), done = std::move(done), result = std::move(result)] {
            if (alive)
                done(result);
        },
        Qt::QueuedConnection);
}

} // namespace

MemoryTokenStore::MemoryTokenStore(QString reason, QObject *parent)
    : TokenStore(parent)
    , m_reason(std::move(reason))
{
}

void MemoryTokenStore::read(const ServerId &server, QObject *context, Done<Secret> done)
{
    const auto found = m_tokens.constFind(server);
    if (found == m_tokens.cend())
        answer<Secret>(
            this, context, std::move(done),
            tl::unexpected(TokenStoreError{TokenStoreError::Kind::NotFoundOrCancelled, {}}));
    else
        answer<Secret>(this, context, std::move(done), *found);
}

void MemoryTokenStore::write(const ServerId &server, const Secret &token, QObject *context,
                             Done<void> done)
{
    m_tokens.insert(server, token);
    answer<void>(this, context, std::move(done), {});
}

void MemoryTokenStore::remove(const ServerId &server, QObject *context, Done<void> done)
{
    m_tokens.remove(server);
    answer<void>(this, context, std::move(done), {});
}
