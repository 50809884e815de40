#include "task/pollerror.h"

#include <QCoreApplication>

using namespace std::chrono_literals;

namespace {

QString words(const char *text)
{
    return QCoreApplication::translate("PollError", text);
}

QString retryWords(const PollError &error, AskedAgain asked)
{
    const bool isOurs = asked == AskedAgain::ByItself;
    if (!error.retryAfter)
        return isOurs ? words(QT_TRANSLATE_NOOP("PollError", "Taskwatch asks again by itself."))
                      : words(QT_TRANSLATE_NOOP("PollError", "Try again in a while."));
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*error.retryAfter).count();
    return (isOurs
                ? words(QT_TRANSLATE_NOOP("PollError", "Taskwatch asks again by itself in %1 s."))
                : words(QT_TRANSLATE_NOOP("PollError", "Try again in %1 s.")))
        .arg(seconds);
}

QString redirectWords(const PollError &error)
{
    const QString target = error.redirectTarget.host();
    if (target.isEmpty())
        return words(QT_TRANSLATE_NOOP("PollError", "The server sent us elsewhere."));
    return words(QT_TRANSLATE_NOOP("PollError", "The server sent us elsewhere, to %1."))
        .arg(target);
}

} // namespace

PollErrorText describe(const PollError &error, AskedAgain asked)
{
    switch (error.kind) {
    case PollError::Kind::NotKnown:
        return {words(QT_TRANSLATE_NOOP("PollError", "Unknown here, or another account's.")),
                words(QT_TRANSLATE_NOOP(
                    "PollError", "Check the ID and the account. A server forgets its tasks after a "
                                 "day or two, and when it restarts."))};
    case PollError::Kind::SignInNeeded:
        if (error.httpStatus == 0) // nothing was sent
            return {words(QT_TRANSLATE_NOOP("PollError", "There is no token for this server.")),
                    words(QT_TRANSLATE_NOOP("PollError", "Sign in."))};
        return {words(QT_TRANSLATE_NOOP("PollError", "The server refused the token.")),
                words(QT_TRANSLATE_NOOP("PollError", "Sign in again."))};
    case PollError::Kind::NoPermission:
        return {words(QT_TRANSLATE_NOOP("PollError", "This account may not see the task.")),
                words(QT_TRANSLATE_NOOP(
                    "PollError", "Sign in with an account that may, or ask its administrator."))};
    case PollError::Kind::RateLimited:
        return {words(QT_TRANSLATE_NOOP("PollError", "The server asks for fewer requests.")),
                retryWords(error, asked)};
    case PollError::Kind::ServerError:
        return {words(QT_TRANSLATE_NOOP("PollError", "The server has trouble of its own.")),
                retryWords(error, asked)};
    case PollError::Kind::Timeout:
        return {words(QT_TRANSLATE_NOOP("PollError", "The server did not answer in time.")),
                retryWords(error, asked)};
    case PollError::Kind::Unreachable:
        return {
            words(QT_TRANSLATE_NOOP("PollError", "The server cannot be reached.")),
            asked == AskedAgain::ByItself
                ? words(QT_TRANSLATE_NOOP("PollError",
                                          "Check the network and the server's address. "
                                          "Taskwatch asks again by itself."))
                : words(QT_TRANSLATE_NOOP(
                    "PollError", "Check the network and the server's address, and try again."))};
    case PollError::Kind::Certificate:
        return {words(QT_TRANSLATE_NOOP("PollError", "The server's certificate is not trusted.")),
                words(QT_TRANSLATE_NOOP("PollError",
                                        "Check the address, or add the CA of this server."))};
    case PollError::Kind::ForeignRedirect:
        return {redirectWords(error),
                words(QT_TRANSLATE_NOOP("PollError",
                                        "The token was not sent there. Check the server's address; "
                                        "a login page may be in between."))};
    case PollError::Kind::Unreadable:
        return {words(QT_TRANSLATE_NOOP("PollError", "The answer is not a task.")),
                words(QT_TRANSLATE_NOOP("PollError", "Check that the address is that of a Guardian "
                                                     "server; the Raw tab shows what came."))};
    case PollError::Kind::TooLarge:
        return {words(QT_TRANSLATE_NOOP("PollError", "The answer is too large to read.")),
                words(QT_TRANSLATE_NOOP("PollError", "Open the task in Guardian instead."))};
    }
    Q_UNREACHABLE();
    return {};
}
