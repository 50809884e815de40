#pragma once

#include "guardian/credentials.h"

/// How a server's secrets stand in its one entry of the keychain: a line each, of a name and the
/// base64 of the secret. Pure.
namespace CredentialsEntry {

[[nodiscard]] Secret write(const Credentials &credentials);
/// An entry that is no such list is one token alone, as it was stored once: its claims tell which.
[[nodiscard]] Credentials read(const Secret &entry);

} // namespace CredentialsEntry
