#pragma once

#include "task/pollerror.h"

#include <QDateTime>

#include <optional>

/// How fresh a server's knowledge is; the other axis is Outcome.
enum class Connection {
    Live, ///< push is open
    Polling,
    Paused,      ///< by the operator
    RateLimited, ///< 429 until `until`
    SignInNeeded,
    NoPermission,
    Unreachable, ///< network, timeouts, 5xx; backing off until `until`
    CertificateProblem,
};

struct ConnectionStatus {
    Connection state = Connection::Polling;
    QDateTime since;                ///< UTC; when this state began
    std::optional<QDateTime> until; ///< UTC; when the server is asked again, if that is set
    std::optional<PollError> cause; ///< of the trouble, if there is any

    friend bool operator==(const ConnectionStatus &, const ConnectionStatus &) = default;
};
