#include "cli/commandline.h"

#include "base/tokenshape.h"
#include "cli/commandtable.h"
#include "instance/instancerequest.h"
#include "instance/tasklink.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QDir>
#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};
using Parsed = tl::expected<CommandLine, UsageError>;

[[nodiscard]] tl::unexpected<UsageError>
wrong(const QString &message,
      const QString &nextStep = Words::tr("“taskwatch --help” lists what there is."))
{
    return tl::unexpected(UsageError{message, nextStep});
}

[[nodiscard]] tl::unexpected<UsageError> tokenRefused(const QString &message)
{
    return wrong(message,
                 Words::tr("Every user of this machine can see arguments. Put the token into the "
                           "environment variable TASKWATCH_TOKEN. If it was a real one, revoke it: "
                           "the shell may have kept it."));
}

/// Without Qt's own options, which QApplication takes out later.
[[nodiscard]] QStringList withoutQtOptions(const QStringList &arguments)
{
    static const QRegularExpression qtOption(
        u"^--?(?:(platform|platformpluginpath|platformtheme|plugin|qwindowgeometry|qwindowicon|"
        u"qwindowtitle|session|style|stylesheet|display|geometry)(=.*)?|reverse|widgetcount)$"_s);
    QStringList ours;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        if (arguments.at(i) == "--"_L1)
            return ours + arguments.mid(i);
        const auto match = qtOption.match(arguments.at(i));
        if (!match.hasMatch())
            ours += arguments.at(i);
        else if (match.capturedLength(1) > 0 && match.capturedLength(2) == 0)
            ++i; // its value
    }
    return ours;
}

[[nodiscard]] tl::unexpected<UsageError> unknownOption(const QString &name)
{
    static const QRegularExpression secret(u"token|bearer|password|secret"_s,
                                           QRegularExpression::CaseInsensitiveOption);
    if (secret.match(name).hasMatch())
        return tokenRefused(Words::tr("There is no option “%1”.").arg(name));
    QStringList names;
    for (const OptionRow &row : optionTable()) {
        if (!row.hidden)
            names += row.names.last();
    }
    const QString dashes = name.size() == 1 ? u"-"_s : u"--"_s;
    const QString like = nearest(name, names);
    const QString message = Words::tr("There is no option “%1”.").arg(dashes + name);
    return like.isEmpty() ? wrong(message)
                          : wrong(message, Words::tr("Did you mean “--%1”?").arg(like));
}

[[nodiscard]] tl::unexpected<UsageError> unknownCommand(const QString &word)
{
    static const QRegularExpression taskLike(u"[0-9/]"_s);
    QStringList names;
    for (const CommandRow &row : commandTable())
        names += row.name;
    const QString message = Words::tr("There is no command “%1”.").arg(word);
    if (const QString like = nearest(word, names); !like.isEmpty())
        return wrong(message, Words::tr("Did you mean “taskwatch %1”?").arg(like));
    if (taskLike.match(word).hasMatch())
        return wrong(message, Words::tr("To look a task up: taskwatch show %1").arg(word));
    return wrong(message);
}

[[nodiscard]] CommandRow commandOf(CommandLine::Mode mode)
{
    const auto rows = commandTable();
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [mode](const CommandRow &each) { return each.mode == mode; });
    return row == rows.end() ? CommandRow() : *row;
}

[[nodiscard]] UsageError misplaced(const OptionRow &row, CommandLine::Mode mode)
{
    const QString name = row.names.last();
    if (row.in.contains(CommandLine::Mode::Window))
        return {Words::tr("“--%1” is for the window only.").arg(name),
                Words::tr("Leave it out, or leave the command out.")};
    const CommandRow command = commandOf(row.in.first());
    const bool takesTasks = command.takes == CommandRow::Takes::Tasks;
    const QString example = Words::tr("For example: taskwatch %1 --%2")
                                .arg(takesTasks ? command.name + u" ID"_s : command.name, name);
    if (mode == CommandLine::Mode::Window)
        return {Words::tr("“--%1” needs a command.").arg(name), example};
    return {Words::tr("“--%1” is nothing for “%2”.").arg(name, commandOf(mode).name), example};
}

/// An option of another mode is an error, not ignored.
[[nodiscard]] std::optional<UsageError> checkOptions(const QCommandLineParser &parser,
                                                     CommandLine::Mode mode)
{
    for (const OptionRow &row : optionTable()) {
        const QString name = row.names.last();
        if (!parser.isSet(name))
            continue;
        if (!row.in.isEmpty() && !row.in.contains(mode))
            return misplaced(row, mode);
        if (!row.value.isEmpty() && parser.value(name).trimmed().isEmpty())
            return UsageError{Words::tr("The value of “--%1” is empty.").arg(name),
                              Words::tr("Write: --%1 %2").arg(name, row.value)};
    }
    const auto both = [&parser](const QString &a, const QString &b) {
        return parser.isSet(a) && parser.isSet(b) ? std::optional(
                   UsageError{Words::tr("“--%1” and “--%2” exclude each other.").arg(a, b),
                              Words::tr("Leave one of them out.")})
                                                  : std::nullopt;
    };
    if (auto clash = both(u"any"_s, u"all"_s))
        return clash;
    return both(u"json"_s, mode == CommandLine::Mode::List ? u"csv"_s : u"quiet"_s);
}

[[nodiscard]] std::optional<QSize> sizeFrom(const QString &text)
{
    static const QRegularExpression form(u"^(\\d{3,4})x(\\d{3,4})$"_s);
    const auto match = form.match(text);
    if (!match.hasMatch())
        return {};
    const QSize size(match.captured(1).toInt(), match.captured(2).toInt());
    return size.width() >= 320 && size.height() >= 240 ? std::optional(size) : std::nullopt;
}

[[nodiscard]] QString absolutePath(const QCommandLineParser &parser, const QString &name)
{
    return parser.isSet(name) ? QDir::cleanPath(QDir().absoluteFilePath(parser.value(name)))
                              : QString();
}

/// What follows the command's name.
[[nodiscard]] std::optional<UsageError> takeWords(const CommandRow &row, const QStringList &words,
                                                  CommandLine &line)
{
    const auto example = [&row](const QString &word) {
        return Words::tr("For example: taskwatch %1 %2").arg(row.name, word);
    };
    switch (row.takes) {
    case CommandRow::Takes::Tasks:
        line.tasks = words;
        if (words.isEmpty())
            return UsageError{Words::tr("“%1” needs a task's ID.").arg(row.name),
                              example(u"5d2c7f4e-2f5b-4b1c-9d31-0c3f6e8f7a10"_s)};
        return {};
    case CommandRow::Takes::File:
        if (words.isEmpty())
            return UsageError{Words::tr("“%1” needs a file.").arg(row.name),
                              example(u"tasks.json"_s)};
        break;
    case CommandRow::Takes::MaybeFile:
        break;
    case CommandRow::Takes::Nothing:
        if (words.isEmpty())
            return {};
        if (row.mode == CommandLine::Mode::Login) // it may be what must not be repeated
            return UsageError{Words::tr("“login” takes no words."),
                              Words::tr("The password is asked for, or read from standard input; "
                                        "it is never an argument.")};
        return UsageError{Words::tr("“%1” is nothing for “%2”.").arg(words.first(), row.name),
                          row.mode == CommandLine::Mode::List
                              ? Words::tr("To pick tasks, use --filter.")
                              : Words::tr("To name a server, use --server.")};
    }
    if (words.size() > 1)
        return UsageError{Words::tr("“%1” takes one file.").arg(row.name),
                          example(u"tasks.json"_s)};
    if (!words.isEmpty())
        line.file = QDir::cleanPath(QDir().absoluteFilePath(words.first()));
    return {};
}

[[nodiscard]] std::optional<UsageError> chooseFormat(const QCommandLineParser &parser,
                                                     CommandLine &line)
{
    QList<ExportFormat> chosen;
    if (parser.isSet(u"json"_s))
        chosen += ExportFormat::Json;
    if (parser.isSet(u"csv"_s))
        chosen += ExportFormat::Csv;
    if (parser.isSet(u"markdown"_s))
        chosen += ExportFormat::Markdown;
    if (chosen.size() > 1)
        return UsageError{Words::tr("A file has one format."),
                          Words::tr("Take one of --json, --csv and --markdown.")};
    line.format = chosen.isEmpty() ? formatOf(line.file) : std::optional(chosen.first());
    if (!line.format)
        return UsageError{Words::tr("The format of the export is not clear."),
                          Words::tr("Take one of --json, --csv and --markdown, or end the file's "
                                    "name on .json, .csv or .md.")};
    return {};
}

[[nodiscard]] Parsed readOptions(const QCommandLineParser &parser, CommandLine line)
{
    line.dataDir = absolutePath(parser, u"data-dir"_s);
    line.screenshot = absolutePath(parser, u"screenshot"_s);
    line.watchFile = absolutePath(parser, u"watch-file"_s);
    line.server = parser.value(u"server"_s).trimmed();
    line.allowHttp = parser.isSet(u"allow-http"_s);
    line.json = parser.isSet(u"json"_s);
    line.any = parser.isSet(u"any"_s);
    line.quiet = parser.isSet(u"quiet"_s);
    line.filter = parser.value(u"filter"_s);
    line.user = parser.value(u"user"_s).trimmed();
    if (line.mode == CommandLine::Mode::Login && line.user.isEmpty())
        return wrong(Words::tr("“login” needs a user's name."),
                     Words::tr("For example: taskwatch login --server https://HOST --user alice"));
    if (line.mode == CommandLine::Mode::Export) {
        if (const auto error = chooseFormat(parser, line))
            return tl::unexpected(*error);
    }
    if (line.mode == CommandLine::Mode::List && parser.isSet(u"csv"_s))
        line.format = ExportFormat::Csv;
    if (parser.isSet(u"timeout"_s)) {
        line.timeout = durationFrom(parser.value(u"timeout"_s));
        if (!line.timeout)
            return wrong(Words::tr("“%1” is no time to wait.").arg(parser.value(u"timeout"_s)),
                         Words::tr("Write for example 90s, 30m or 1h30m."));
    }
    line.minimized = parser.isSet(u"minimized"_s);
    line.action = parser.value(u"action"_s);
    if (parser.isSet(u"action"_s) && !instanceActions().contains(line.action))
        return wrong(Words::tr("There is no action “%1”.").arg(line.action),
                     Words::tr("Take one of: %1.").arg(instanceActions().join(", "_L1)));
    if (parser.isSet(u"log-level"_s)) {
        const QString name = parser.value(u"log-level"_s);
        const std::optional<LogLevel> level = logLevelFromName(name);
        if (!level)
            return wrong(Words::tr("There is no log level “%1”.").arg(name),
                         Words::tr("Take one of: %1.").arg(logLevelNames().join(", "_L1)));
        line.logLevel = *level;
    }
    if (parser.isSet(u"end-after"_s)) {
        const QString what = parser.value(u"end-after"_s);
        using EndAfter = CommandLine::EndAfter;
        line.endAfter = what == "paint"_L1  ? EndAfter::Paint
                        : what == "rows"_L1 ? EndAfter::Rows
                        : what == "quit"_L1 ? EndAfter::Quit
                                            : EndAfter::Never;
        if (line.endAfter == EndAfter::Never)
            return wrong(Words::tr("“%1” is nothing to end after.").arg(what),
                         Words::tr("Take one of: %1.").arg(u"paint, rows, quit"_s));
    }
    if (parser.isSet(u"screenshot-size"_s)) {
        const QString text = parser.value(u"screenshot-size"_s);
        const std::optional<QSize> size = sizeFrom(text);
        if (!size)
            return wrong(Words::tr("“%1” is no size of a picture.").arg(text),
                         Words::tr("Write width and height from 320x240 to 9999x9999."));
        line.screenshotSize = *size;
    }
    return line;
}

[[nodiscard]] Parsed readMode(const QCommandLineParser &parser)
{
    CommandLine line;
    if (parser.isSet(u"help"_s) || parser.isSet(u"version"_s)) {
        line.mode = parser.isSet(u"help"_s) ? CommandLine::Mode::Help : CommandLine::Mode::Version;
        return line;
    }
    QStringList words = parser.positionalArguments();
    if (words.size() == 1 && isTaskLink(words.first())) {
        line.link = words.first();
    } else if (!words.isEmpty()) {
        const QString name = words.takeFirst();
        const auto rows = commandTable();
        const auto row = std::find_if(rows.begin(), rows.end(),
                                      [&name](const auto &each) { return each.name == name; });
        if (row == rows.end())
            return unknownCommand(name);
        line.mode = row->mode;
        if (const auto error = takeWords(*row, words, line))
            return tl::unexpected(*error);
    }
    if (const auto error = checkOptions(parser, line.mode))
        return tl::unexpected(*error);
    return readOptions(parser, line);
}

} // namespace

Parsed parseCommandLine(const QStringList &arguments)
{
    if (std::any_of(arguments.begin(), arguments.end(),
                    [](const QString &argument) { return holdsToken(argument); }))
        return tokenRefused(Words::tr("An argument looks like an access token."));
    QCommandLineParser parser;
    for (const OptionRow &row : optionTable())
        parser.addOption({row.names, row.help, row.value});
    if (!parser.parse(QStringList{u"taskwatch"_s} + withoutQtOptions(arguments))) {
        const QStringList unknown = parser.unknownOptionNames();
        return unknown.isEmpty() ? Parsed(wrong(parser.errorText()))
                                 : Parsed(unknownOption(unknown.first()));
    }
    return readMode(parser);
}
