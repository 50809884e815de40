#pragma once

#include "taskplan.h"

#include <QStringList>

/// The kinds of lives that the simulator knows.
enum class Script {
    Quick,          ///< done in a second
    Normal,         ///< half a minute, five steps
    Nested,         ///< publishes a policy: a tree of steps, five minutes
    ImportPolicy,   ///< imports a policy: another tree, with skipped and minimized steps
    Failing,        ///< a step fails, {code, message}
    FailingText,    ///< the error is a plain string, the steps stay as they were
    FailingNested,  ///< the error is an object within an object
    Problems,       ///< publishes with isValid: false and three bad blocks
    Stalled,        ///< stops changing in the middle, for ever
    NeverEnding,    ///< says something new every 15 s, for ever
    EndlessFalsy,   ///< 100 %, but no result ever comes
    LateResult,     ///< 100 %, and a minute later the result
    BigResult,      ///< a result of `resultBytes`
    StringResult,   ///< the new policy's ID
    NumberResult,   ///< a number above 2^53
    ArrayResult,    ///< a list
    SecretResult,   ///< a private key
    LongWait,       ///< known for ten minutes before it starts
    LongTexts,      ///< very long names, many scripts, right to left
    ForgottenEarly, ///< the server forgets it in the middle
    ForgottenLate,  ///< completes, and is forgotten a minute later
};

struct ScriptOptions {
    QString action;                     ///< instead of the script's own, if not empty
    qsizetype resultBytes = 20'000'000; ///< about; for BigResult
};

[[nodiscard]] TaskPlan makePlan(Script script, const ScriptOptions &options = {});

/// All of them, in the order of the enum.
[[nodiscard]] const std::vector<Script> &allScripts();
/// "never-ending" and so on; the reverse is absent for an unknown name.
[[nodiscard]] QString scriptName(Script script);
[[nodiscard]] std::optional<Script> scriptOfName(const QString &name);
