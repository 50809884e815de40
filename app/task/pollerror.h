#pragma once

#include "task/certificateinfo.h"

#include <QList>
#include <QString>
#include <QUrl>

#include <chrono>
#include <optional>

/// Why a request told us nothing about its task (or its server). A failed poll is not a failed
/// task.
struct PollError {
    enum class Kind {
        NotKnown,     ///< 200 with an empty body or `null`, or 404: unknown, foreign or forgotten
        SignInNeeded, ///< 401, or no token at all (`httpStatus` 0)
        NoPermission, ///< 403
        RateLimited,  ///< 429; see `retryAfter`
        ServerError,  ///< 5xx; 503 may carry `retryAfter`
        Timeout,      ///< no answer, or none that ended, in the time allowed
        Unreachable,  ///< name not found, refused, reset, network down, proxy trouble
        Certificate,  ///< the TLS handshake failed, or its certificate is not trusted
        ForeignRedirect, ///< sent elsewhere; `redirectTarget` says where. Never followed
        Unreadable,      ///< an answer that is no task: HTML, broken or too deep JSON, another type
        TooLarge,        ///< over the cap of a reply's size
    };

    Kind kind = Kind::Unreachable;
    /// What was wrong in the words of the server or the network; plain text, may be empty, never
    /// holds a token. For the details, not for the first line.
    QString detail;
    int httpStatus = 0;                                  ///< 0: no HTTP answer
    std::optional<std::chrono::milliseconds> retryAfter; ///< from now, never negative
    QUrl redirectTarget;                                 ///< without user info
    /// Of Certificate: what the server showed, its own first; may be empty.
    QList<CertificateInfo> certificates = {};

    friend bool operator==(const PollError &, const PollError &) = default;
};

/// The words for an error, translated: what happened, and what the operator can do about it.
struct PollErrorText {
    QString headline;
    QString nextStep;
};
/// Who asks again: of what is watched, the program does.
enum class AskedAgain { ByItself, ByPerson };
[[nodiscard]] PollErrorText describe(const PollError &error,
                                     AskedAgain asked = AskedAgain::ByItself);
