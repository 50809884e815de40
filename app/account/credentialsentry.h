#pragma once

#include "guardian/credentials.h"

class ApiRoot;

/// How a server's secrets stand in its one entry of the keychain: a line each, of a name and the
/// base64 of the secret. Pure.
namespace CredentialsEntry {

[[nodiscard]] Secret write(const Credentials &credentials);
/// `credentials` as they are kept for the server at `root`: each token after the origin that it may
/// be sent to. What cannot be deleted is then of no use after the server's address was changed.
[[nodiscard]] Credentials bound(const Credentials &credentials, const ApiRoot &root);
/// What of the kept ones the server at `root` may get: no token of another origin, and then no
/// password either. A token without an origin is of an earlier program, and is taken.
[[nodiscard]] Credentials released(const Credentials &kept, const ApiRoot &root);
/// An entry that is no such list is one token alone, as it was stored once: its claims tell which.
[[nodiscard]] Credentials read(const Secret &entry);

} // namespace CredentialsEntry
