#include "account/tokenstore.h"

#include "account/fallbacktokenstore.h"
#include "account/memorytokenstore.h"
#if defined(TASKWATCH_WITH_KEYCHAIN)
#include "account/keychaintokenstore.h"
#endif

#include <QCoreApplication>

namespace {
struct Words {
    Q_DECLARE_TR_FUNCTIONS(TokenStore)
};
} // namespace

TokenStoreErrorText describe(const TokenStoreError &error)
{
    switch (error.kind) {
    case TokenStoreError::Kind::NotFoundOrCancelled:
        return {
            Words::tr("The keychain gave no token."),
            Words::tr(
                "If its unlocking was cancelled, unlock it and try again; else enter the token.")};
    case TokenStoreError::Kind::Denied:
        return {Words::tr("The keychain refused access."),
                Words::tr("Allow Taskwatch to use it, or enter the token for this run.")};
    case TokenStoreError::Kind::Unavailable:
        return {Words::tr("There is no working keychain."),
                Words::tr(
                    "Start a keychain service such as gnome-keyring or KWallet, or enter the token "
                    "for this run.")};
    case TokenStoreError::Kind::TimedOut:
        return {Words::tr("The keychain does not answer."),
                Words::tr("Look for its unlock window, or enter the token for this run.")};
    }
    Q_UNREACHABLE();
}

std::unique_ptr<TokenStore> makeTokenStore(const Clock &clock)
{
#if defined(TASKWATCH_WITH_KEYCHAIN)
    return std::make_unique<FallbackTokenStore>(std::make_unique<KeychainTokenStore>(clock));
#else
    Q_UNUSED(clock)
    return std::make_unique<MemoryTokenStore>(
        Words::tr("This Taskwatch was built without a keychain."));
#endif
}
