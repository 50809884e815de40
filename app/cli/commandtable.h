#pragma once

#include "cli/commandline.h"

#include <QList>
#include <QString>
#include <QStringList>

/// The one table of what can be typed: the parser and the help are made from it, shell completions
/// and the man page are tested against it.
struct OptionRow {
    QStringList names;             ///< without dashes; the long one last
    QString value;                 ///< what follows, for the help; empty: nothing does
    QString help;                  ///< translated
    QList<CommandLine::Mode> in{}; ///< where it means something; empty: everywhere
    bool hidden = false;           ///< for developers
    QStringList choices{};         ///< all that may follow, if they are few
};

struct CommandRow {
    enum class Takes { Nothing, Tasks, File, MaybeFile };

    CommandLine::Mode mode = CommandLine::Mode::Window;
    QString name;
    QString arguments; ///< for the help
    QString help;      ///< translated
    Takes takes = Takes::Tasks;
};

/// What a script can rely on.
struct StatusRow {
    QString status;
    QString meaning; ///< translated
};

[[nodiscard]] QList<OptionRow> optionTable();
[[nodiscard]] QList<CommandRow> commandTable();
[[nodiscard]] QList<StatusRow> statusTable();

/// For --help; ends with a line feed.
[[nodiscard]] QString helpText();
