#pragma once

struct CommandLine;

/// Runs a command that needs no display to its end. Makes the QCoreApplication, so call it once,
/// from main(). Returns the exit status.
[[nodiscard]] int runCommand(const CommandLine &line, int &argc, char **argv);
