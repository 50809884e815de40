#pragma once

#include <QByteArrayView>
#include <QString>

/// What tells a secret: the name of the member that holds it, and the shape of its text. Pure and
/// thread-safe.

/// Stands where a secret was. As text, and as the UTF-8 of it.
[[nodiscard]] QString secretMask();
inline constexpr QByteArrayView secretMaskUtf8("\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2"); // three •

/// Whether a text is shaped like a private key or an access token: long hex, DER or PEM, base58,
/// base64, JWT. Our own mask counts too, so that a masked reply stays marked as secret.
[[nodiscard]] bool looksLikeSecret(QByteArrayView text);

/// Base58, base64 or base64url of 32 bytes or more: letters of both cases and digits, no words.
[[nodiscard]] bool isDenseText(QByteArrayView text);

/// How much of what a member of JSON holds is secret.
enum class SecretScope { Open, ByShape, Secret };

/// Of a member of that name, in whatever case and with `_`, `-` or spaces within.
[[nodiscard]] SecretScope secretScopeOf(QByteArrayView name);
/// The same within a member of another scope.
[[nodiscard]] SecretScope secretScopeWithin(SecretScope outer, QByteArrayView name);
/// Whether a text is a secret where such a scope reigns. An empty one never is.
[[nodiscard]] bool isSecretText(SecretScope scope, QByteArrayView text);
