#pragma once

#include "base/logging.h"
#include "base/secret.h"
#include "exchange/exportformat.h"

#include <QSize>
#include <QString>
#include <QStringList>

#include <tl/expected.hpp>

#include <chrono>
#include <optional>

/// What the program was asked to do. All texts are as typed, unless said otherwise.
struct CommandLine {
    enum class Mode {
        Window,
        Track,
        Show,
        Wait,
        List,
        Export,
        Import,
        Login,
        Logout,
        Servers,
        Help,
        Version
    };

    Mode mode = Mode::Window;
    QString dataDir; ///< absolute; empty: the standard folders
    QString server;  ///< address or profile's name; empty: the stored one
    LogLevel logLevel = LogLevel::Warning;
    bool allowHttp = false; ///< consent to plain http beyond this machine, for this run

    QString screenshot; ///< Window: the picture's file, absolute; empty: a window as usual
    QSize screenshotSize{1280, 800};
    /// Window: says "painted" on stdout, at the first paint or at the first of a task, and ends; or
    /// says so of a task and goes on.
    enum class EndAfter { Never, Paint, Rows, Quit };
    EndAfter endAfter = EndAfter::Never;
    QString watchFile; ///< Window: tasks to track from the start, see watchfile.h; absolute

    QString link;           ///< Window: a taskwatch: address; empty: none
    QString action;         ///< Window: one of instanceActions(); empty: none
    bool minimized = false; ///< Window: starts in the tray, or minimised

    /// Show, Wait, Track: IDs, addresses, …; never empty there. Track: "-" is standard input.
    QStringList tasks;
    bool json = false; ///< Show, Wait, List, Servers

    QString user; ///< Login; never empty there

    QString filter;                       ///< List, Export: as in the window's filter box
    QString file;                         ///< Export, Import; absolute; empty: standard output
    std::optional<ExportFormat> format{}; ///< Export: set there; List: CSV or none

    bool any = false;                                   ///< Wait: for the first, not for all
    bool quiet = false;                                 ///< Wait
    std::optional<std::chrono::milliseconds> timeout{}; ///< Wait; > 0; absent: without end

    /// TASKWATCH_TOKEN; never from the arguments. Empty if there is none.
    Secret token;
    /// TASKWATCH_REFRESH_TOKEN, the same.
    Secret refreshToken;
};

/// Why the arguments make no sense, translated. Holds no token.
struct UsageError {
    QString message;  ///< what is wrong, naming the part
    QString nextStep; ///< what to do about it

    friend bool operator==(const UsageError &, const UsageError &) = default;
};

/// Reads the arguments, without the program's name. Pure but for the working directory. `token` is
/// left empty. Qt's own options (-platform, -style, …) are passed over.
[[nodiscard]] tl::expected<CommandLine, UsageError> parseCommandLine(const QStringList &arguments);

/// For --version; ends with a line feed.
[[nodiscard]] QString versionText();
/// For stderr; ends with a line feed.
[[nodiscard]] QString usageText(const UsageError &error);

/// The same for what is no wrong usage: one line, whatever the words are.
[[nodiscard]] QByteArray spokenLine(const QString &headline, const QString &nextStep = {});

/// Takes a variable out of our environment, so that no child inherits it, and overwrites it where
/// the system shows it (/proc/PID/environ). Call it before there are threads. Spaces around and a
/// "Bearer " before it are dropped.
[[nodiscard]] Secret takeSecretFromEnvironment(const char *variable);

/// "90", "90s", "30m", "2h", "1d", "1h30m"; absent for anything else, for none at all and for more
/// than a year.
[[nodiscard]] std::optional<std::chrono::milliseconds> durationFrom(const QString &text);

/// The candidate most like `word`, if one is like it at all; else empty.
[[nodiscard]] QString nearest(const QString &word, const QStringList &candidates);
