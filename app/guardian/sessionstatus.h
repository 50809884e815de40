#pragma once

#include "task/pollerror.h"

#include <QDateTime>
#include <QString>

#include <optional>

/// Who we are on one server, and for how long.
struct SessionStatus {
    enum class State {
        SignedOut, ///< no token is known
        Renewing,  ///< an access token is being asked for; requests wait for it
        SignedIn,
        SignInNeeded, ///< the server refused what we have
    };

    State state = State::SignedOut;
    QString username;                          ///< as the server or the token says; may be empty
    QString role;                              ///< the same
    std::optional<QDateTime> accessExpiresAt;  ///< UTC, by our clock; absent: not known
    std::optional<QDateTime> refreshExpiresAt; ///< UTC, as the token says; absent: not known
    bool renews = false;            ///< there is a refresh token: access goes on by itself
    std::optional<PollError> cause; ///< of SignInNeeded

    friend bool operator==(const SessionStatus &, const SessionStatus &) = default;
};
