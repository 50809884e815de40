#pragma once

#include "guardian/credentials.h"

#include <QString>

struct CommandLine;

/// The tokens of the environment, as what their claims say that they are.
struct GivenTokens {
    Credentials credentials; ///< without a password
    QString note;            ///< translated: which is not what its variable says; mostly empty
};

/// Pure. A token that says nothing of itself is what its variable says. Of two of a kind the one of
/// the right variable counts.
[[nodiscard]] GivenTokens givenTokens(const CommandLine &line);
/// The variable that a token was given in; empty if there is none.
[[nodiscard]] QString givenVariable(const CommandLine &line);
