#pragma once

#include "base/taskid.h"

#include <QUrl>

/// A server as the operator set it up. Holds no secret: those are in the TokenStore, under `id`.
struct ServerProfile {
    static constexpr int defaultRequestsPerSecond = 20;
    static constexpr int maxRequestsPerSecond = 100;

    ServerId id;
    QString name;           ///< the operator's own; may be empty
    QString address;        ///< as typed, without user info
    QUrl apiRoot;           ///< http or https, without user info, query or trailing slash
    bool allowHttp = false; ///< consent to plain http beyond this machine
    int requestsPerSecond = defaultRequestsPerSecond; ///< 1..maxRequestsPerSecond
    bool paused = false;

    friend bool operator==(const ServerProfile &, const ServerProfile &) = default;
};
