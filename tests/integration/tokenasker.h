#pragma once

#include "account/tokenstore.h"

#include <optional>

/// Asks a token store, and keeps what it answered and how often.
struct TokenAsker {
    explicit TokenAsker(TokenStore &asked)
        : store(asked)
    {
    }

    void read(const ServerId &server)
    {
        token.reset();
        store.read(server, &context, [this](const auto &result) {
            token = result;
            ++answers;
        });
    }
    void write(const ServerId &server, const QByteArray &bytes)
    {
        write(server, Credentials{{}, Secret(bytes), {}});
    }
    void write(const ServerId &server, const Credentials &credentials)
    {
        done.reset();
        store.write(server, credentials, &context, keep());
    }
    void remove(const ServerId &server)
    {
        done.reset();
        store.remove(server, &context, keep());
    }
    [[nodiscard]] TokenStore::Done<void> keep()
    {
        return [this](const auto &result) {
            done = result;
            ++answers;
        };
    }
    [[nodiscard]] bool has(const QByteArray &bytes) const
    {
        return token && *token && **token == Credentials{{}, Secret(bytes), {}};
    }

    TokenStore &store;
    std::optional<tl::expected<Credentials, TokenStoreError>> token;
    std::optional<tl::expected<void, TokenStoreError>> done;
    int answers = 0;
    QObject context; ///< last: nothing is answered once the rest is gone
};
