#pragma once

struct CommandLine;

/// Opens the window, or makes the picture that was asked for, and runs until its end. Makes the
/// QApplication, so call it once, from main(). Returns the exit status.
[[nodiscard]] int runWindow(const CommandLine &line, int &argc, char **argv);
