#pragma once

#include "account/serverprofile.h"
#include "guardian/engine.h"

#include <tl/expected.hpp>

/// What the engine has to know of a profile; `network` is what all servers share. Reads the
/// profile's CA file. The error says in words, for the operator, why this server cannot be asked as
/// it is set up: a CA file that is none, or plain http beyond this machine without consent.
[[nodiscard]] tl::expected<ServerConfig, QString> serverConfigOf(const ServerProfile &profile,
                                                                 const NetworkSettings &network);

/// The certificates in a PEM file; the error in words.
[[nodiscard]] tl::expected<QList<QSslCertificate>, QString> readCaFile(const QString &path);
