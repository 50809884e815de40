#include "task/secretshape.h"

#include <algorithm>
#include <array>

namespace {

bool isHex(QByteArrayView text)
{
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    });
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
bool isUpper(char c)
{
    return c >= 'A' && c <= 'Z';
}
bool isLower(char c)
{
    return c >= 'a' && c <= 'z';
}

bool isJwt(QByteArrayView text)
{
    return text.startsWith("eyJ") && text.size() > 20 && text.contains('.');
}

} // namespace

QString secretMask()
{
    return QString::fromUtf8(secretMaskUtf8);
}

bool looksLikeSecret(QByteArrayView text)
{
    text = text.trimmed();
    if (text == secretMaskUtf8 || text.startsWith("-----BEGIN") || isJwt(text))
        return true;
    const QByteArrayView digits = text.startsWith("0x") ? text.sliced(2) : text;
    if (digits.size() >= 64 && isHex(digits))
        return true;
    return isDenseText(text);
}

bool isDenseText(QByteArrayView text)
{
    const bool fits = std::all_of(text.begin(), text.end(), [](char c) {
        return isDigit(c) || isUpper(c) || isLower(c) || QByteArrayView("+/=-_").contains(c);
    });
    const bool isContentId = text.size() == 46 && text.startsWith("Qm"); // IPFS: public
    return fits && !isContentId && text.size() >= 43
           && std::any_of(text.begin(), text.end(), isDigit)
           && std::any_of(text.begin(), text.end(), isUpper)
           && std::any_of(text.begin(), text.end(), isLower);
}

SecretScope secretScopeOf(QByteArrayView name)
{
    // Large results have many names: most are told apart by their first letter alone.
    if (name.isEmpty() || name.size() > 24
        || !QByteArrayView("psmktarPSMKTAR_- ").contains(name[0]))
        return SecretScope::Open;
    QByteArray plain = name.toByteArray().toLower();
    plain.removeIf([](char c) { return c == '_' || c == '-' || c == ' '; });
    static constexpr std::array<QByteArrayView, 5> secret = {"privatekey", "seed", "mnemonic",
                                                             "password", "secret"};
    static constexpr std::array<QByteArrayView, 4> byShape = {"key", "token", "accesstoken",
                                                              "refreshtoken"};
    if (std::find(secret.begin(), secret.end(), plain) != secret.end())
        return SecretScope::Secret;
    return std::find(byShape.begin(), byShape.end(), plain) != byShape.end() ? SecretScope::ByShape
                                                                             : SecretScope::Open;
}

SecretScope secretScopeWithin(SecretScope outer, QByteArrayView name)
{
    return outer == SecretScope::Secret ? outer : secretScopeOf(name);
}

bool isSecretText(SecretScope scope, QByteArrayView text)
{
    switch (scope) {
    case SecretScope::Open:
        return false;
    case SecretScope::ByShape:
        return looksLikeSecret(text);
    case SecretScope::Secret:
        return !text.isEmpty();
    }
    Q_UNREACHABLE();
    return true;
}
