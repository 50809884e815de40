#pragma once

#include "base/secret.h"
#include "task/pollerror.h"

#include <tl/expected.hpp>

/// Everything secret that one server needs. Each may be empty.
struct Credentials {
    Secret refreshToken; ///< gives access tokens, for weeks
    Secret accessToken;  ///< signs requests; a minute, or for ever
    Secret proxyPassword;

    /// Without a token nothing can be asked for.
    [[nodiscard]] bool hasToken() const
    {
        return !refreshToken.isEmpty() || !accessToken.isEmpty();
    }

    friend bool operator==(const Credentials &, const Credentials &) = default;
};

/// What a user name and a password gave.
using SignInResult = tl::expected<Credentials, PollError>;
