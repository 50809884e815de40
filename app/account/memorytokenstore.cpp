#include "account/memorytokenstore.h"

MemoryTokenStore::MemoryTokenStore(QString reason, QObject *parent)
    : TokenStore(parent)
    , m_reason(std::move(reason))
{
    connect(this, &MemoryTokenStore::answered, this, &MemoryTokenStore::deliver,
            Qt::QueuedConnection);
}

void MemoryTokenStore::answer(QObject *context, std::function<void()> tell)
{
    m_answers.append({context, std::move(tell)});
    Q_EMIT answered({});
}

void MemoryTokenStore::deliver()
{
    const Answer first = m_answers.takeFirst();
    if (first.context)
        first.tell();
}

void MemoryTokenStore::read(const ServerId &server, QObject *context, Done<Credentials> done)
{
    tl::expected<Credentials, TokenStoreError> result =
        tl::unexpected(TokenStoreError{TokenStoreError::Kind::NotFoundOrCancelled, {}});
    if (const auto found = m_tokens.constFind(server); found != m_tokens.cend())
        result = *found;
    answer(context, [done = std::move(done), result = std::move(result)] { done(result); });
}

void MemoryTokenStore::write(const ServerId &server, const Credentials &credentials,
                             QObject *context, Done<void> done)
{
    m_tokens.insert(server, credentials);
    answer(context, [done = std::move(done)] { done({}); });
}

void MemoryTokenStore::remove(const ServerId &server, QObject *context, Done<void> done)
{
    m_tokens.remove(server);
    answer(context, [done = std::move(done)] { done({}); });
}
