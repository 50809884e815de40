#include "account/tokenstore.h"

#include "account/fallbacktokenstore.h"
#include "account/memorytokenstore.h"
#if defined(TASKWATCH_WITH_KEYCHAIN)
#include "account/keychaintokenstore.h"
#endif

#include <QCoreApplication>

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("TokenStore", text);
}
} // namespace

TokenStoreErrorText describe(const TokenStoreError &error)
{
    switch (error.kind) {
    case TokenStoreError::Kind::NotFoundOrCancelled:
        return {
            tr("The keychain gave no token."),
            tr("If its unlocking was cancelled, unlock it and try again; else enter the token.")};
    case TokenStoreError::Kind::Denied:
        return {tr("The keychain refused access."),
                tr("Allow Taskwatch to use it, or enter the token for this run.")};
    case TokenStoreError::Kind::Unavailable:
        return {tr("There is no working keychain."),
                tr("Start a keychain service such as gnome-keyring or KWallet, or enter the token "
                   "for this run.")};
    case TokenStoreError::Kind::TimedOut:
        return {tr("The keychain does not answer."),
                tr("Look for its unlock window, or enter the token for this run.")};
    }
    Q_UNREACHABLE();
}

std::unique_ptr<TokenStore> makeTokenStore(const Clock &clock)
{
#if defined(TASKWATCH_WITH_KEYCHAIN)
    return std::make_unique<FallbackTokenStore>(std::make_unique<KeychainTokenStore>(clock));
#else
    Q_UNUSED(clock)
    return std::make_unique<MemoryTokenStore>(tr("This Taskwatch was built without a keychain."));
#endif
}
