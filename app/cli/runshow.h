#pragma once

struct CommandLine;

/// Runs `taskwatch show` to its end, without a display. Makes the QCoreApplication, so call it
/// once, from main(). Returns the exit status.
[[nodiscard]] int runShow(const CommandLine &line, int &argc, char **argv);
