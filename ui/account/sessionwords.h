#pragma once

#include "guardian/sessionstatus.h"

/// Who is signed in, for people. Pure.
namespace SessionWords {

/// "alice, Standard Registry"; empty if neither is known.
[[nodiscard]] QString who(const SessionStatus &status);
/// "session 29 days", "session ended"; empty while nothing of its end is known.
[[nodiscard]] QString timeLeft(const SessionStatus &status, const QDateTime &now);
/// Both, or what is going on instead: "signing in".
[[nodiscard]] QString line(const SessionStatus &status, const QDateTime &now);

} // namespace SessionWords
