#pragma once

#include "guardian/credentials.h"

#include <QDateTime>
#include <QString>

#include <optional>

/// What a token says of itself. Nobody here can check its signature: good for words and for timing,
/// not for trust.
struct TokenClaims {
    enum class Kind {
        Refresh, ///< gives access tokens, signs no requests
        Access,
        Opaque, ///< no JWT, or none that can be read: to be used as it is
    };

    Kind kind = Kind::Opaque;
    std::optional<QDateTime> expireAt; ///< UTC, by the clock of the server that made it
    QString username;                  ///< may be empty
    QString role;                      ///< may be empty

    friend bool operator==(const TokenClaims &, const TokenClaims &) = default;
};

[[nodiscard]] TokenClaims tokenClaims(const Secret &token);

/// A token that somebody gave, in the place where its claims say that it belongs.
[[nodiscard]] Credentials credentialsOf(const Secret &token);
