#pragma once

#include <QString>

/// The way from here to a server. The proxy's password is a secret and kept with the others.
struct ProxyChoice {
    enum class Kind {
        System, ///< what the desktop says; never for an address of this machine
        None,
        Http,
        Socks5,
    };

    Kind kind = Kind::System;
    QString host; ///< of Http and Socks5
    int port = 0; ///< the same: 1..65,535
    QString user; ///< may be empty; also offered to a proxy of the system

    friend bool operator==(const ProxyChoice &, const ProxyChoice &) = default;
};
