#pragma once

#include "account/folders.h"
#include "account/serverprofile.h"
#include "cli/commandline.h"
#include "exchange/exportformat.h"
#include "task/secretrules.h"
#include "task/taskrecord.h"

#include <QList>

#include <tl/expected.hpp>

#include <memory>

class Clock;
class QIODevice;

/// `taskwatch list`, `export` and `import`: the tasks that are kept on this machine. No server is
/// asked. The first two only read, so a window may be open meanwhile.
namespace Kept {

/// What these commands work with.
struct Room {
    const CommandLine &line;
    Folders folders;
    QList<ServerProfile> profiles;
    const Clock &clock;
    QIODevice &out;                              ///< for tasks, open for writing
    QIODevice &err;                              ///< for words
    std::shared_ptr<const SecretRuleBook> rules; ///< of what is secret; not null
};

/// Each returns the exit status. An export to a file runs an event loop until it is written or a
/// signal comes; then nothing is left of it.
[[nodiscard]] int list(const Room &room);
[[nodiscard]] int exportTasks(const Room &room);
/// Refused while a window has the history open: it would not see what comes.
[[nodiscard]] int importTasks(const Room &room);

} // namespace Kept
