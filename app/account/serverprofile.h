#pragma once

#include "base/taskid.h"
#include "guardian/proxychoice.h"

#include <QUrl>

/// A server as the operator set it up. Holds no secret: those are in the TokenStore, under `id`.
struct ServerProfile {
    static constexpr int defaultRequestsPerSecond = 20;
    static constexpr int maxRequestsPerSecond = 100;
    static constexpr int colourMarks = 8;

    /// What is stored to get in with.
    enum class SignIn {
        RefreshToken, ///< also after user name and password
        AccessToken,
    };
    /// What becomes of running tasks that the server tells of.
    enum class Discovery {
        Off,
        Offer, ///< shown, to be watched by the operator's choice
        Track, ///< watched at once
    };

    ServerId id;
    QString name;           ///< the operator's own; may be empty
    QString address;        ///< as typed, without user info
    QUrl apiRoot;           ///< http or https, without user info, query or trailing slash
    bool allowHttp = false; ///< consent to plain http beyond this machine
    int requestsPerSecond = defaultRequestsPerSecond; ///< 1..maxRequestsPerSecond
    bool paused = false;
    bool enabled = true; ///< false: kept, but neither shown nor asked
    QString account;     ///< the user's name there; may be empty
    SignIn signIn = SignIn::RefreshToken;
    int colourMark = 0; ///< 0..colourMarks - 1; the look is the window's
    QString caFile;     ///< PEM, trusted besides the system's; empty: none
    ProxyChoice proxy;
    bool push = true;
    Discovery discovery = Discovery::Offer;
    bool notifications = true;

    /// Its name, else its host.
    [[nodiscard]] QString shownName() const { return name.isEmpty() ? apiRoot.host() : name; }

    friend bool operator==(const ServerProfile &, const ServerProfile &) = default;
};
