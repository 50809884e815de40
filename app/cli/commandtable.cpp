#include "cli/commandtable.h"

#include "instance/instancerequest.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(CommandTable)
};

[[nodiscard]] QString synopsisOf(const OptionRow &row)
{
    QStringList forms;
    for (const QString &name : row.names)
        forms += (name.size() == 1 ? u"-"_s : u"--"_s) + name;
    return forms.join(", "_L1) + (row.value.isEmpty() ? QString() : u' ' + row.value);
}

[[nodiscard]] QString synopsisOf(const CommandRow &row)
{
    return row.arguments.isEmpty() ? row.name : row.name + u' ' + row.arguments;
}

[[nodiscard]] QString helpLine(const QString &left, const QString &right)
{
    return u"  "_s + left.leftJustified(24) + u' ' + right + u'\n';
}

} // namespace

QList<OptionRow> optionTable()
{
    using enum CommandLine::Mode;
    return {
        {{u"server"_s},
         u"URL|NAME"_s,
         Words::tr("the server meant, instead of the only one stored")},
        {{u"data-dir"_s}, u"DIR"_s, Words::tr("everything written lives there")},
        {{u"allow-http"_s}, {}, Words::tr("allow unencrypted http beyond this machine")},
        {.names = {u"log-level"_s},
         .value = u"LEVEL"_s,
         .help = Words::tr("what goes to stderr: %1").arg(logLevelNames().join(u'|')),
         .choices = logLevelNames()},
        {{u"json"_s},
         {},
         Words::tr("print one JSON object a line; “export”: JSON"),
         {Show, Wait, List, Export, Servers}},
        {{u"user"_s}, u"NAME"_s, Words::tr("who signs in; the password is asked for"), {Login}},
        {{u"csv"_s}, {}, Words::tr("CSV for spreadsheets"), {List, Export}},
        {{u"markdown"_s}, {}, Words::tr("an incident report in Markdown"), {Export}},
        {{u"filter"_s},
         u"TERMS"_s,
         Words::tr("only those, as in the window: 'status:failed -label:test'"),
         {List, Export}},
        {{u"any"_s}, {}, Words::tr("end with the first task that ends"), {Wait}},
        {{u"all"_s}, {}, Words::tr("end when all tasks have ended (the default)"), {Wait}},
        {{u"timeout"_s}, u"TIME"_s, Words::tr("wait no longer than 90s, 30m, 1h30m, …"), {Wait}},
        {{u"quiet"_s}, {}, Words::tr("print nothing, only end with the status"), {Wait}},
        {{u"minimized"_s}, {}, Words::tr("start in the tray, or minimised"), {Window, Track}},
        {.names = {u"action"_s},
         .value = u"ACTION"_s,
         .help = Words::tr("what the window does at first"),
         .in = {Window},
         .hidden = true,
         .choices = instanceActions()},
        {{u"screenshot"_s},
         u"FILE"_s,
         Words::tr("write a picture of the window once data is there, and end"),
         {Window, Track}},
        {{u"screenshot-size"_s}, u"WxH"_s, Words::tr("the picture's size"), {Window, Track}, true},
        {{u"end-after"_s}, u"WHAT"_s, Words::tr("end after the first paint"), {Window}, true},
        {{u"watch-file"_s},
         u"FILE"_s,
         Words::tr("tasks to watch from the start"),
         {Window, Track},
         true},
        {{u"h"_s, u"help"_s}, {}, Words::tr("print this help")},
        {{u"v"_s, u"version"_s}, {}, Words::tr("print the version")},
    };
}

QList<CommandRow> commandTable()
{
    using enum CommandLine::Mode;
    using enum CommandRow::Takes;
    return {
        {Show, u"show"_s, u"ID…"_s, Words::tr("look tasks up once, and print what they are")},
        {Track, u"track"_s, u"ID|URL|-…"_s,
         Words::tr("watch tasks in the window; - reads them from stdin")},
        {List, u"list"_s, {}, Words::tr("print the watched tasks, as last seen"), Nothing},
        {Export, u"export"_s, u"[FILE]"_s, Words::tr("write them to a file: .json, .csv or .md"),
         MaybeFile},
        {Import, u"import"_s, u"FILE"_s,
         Words::tr("take over a JSON export; an open window does it itself"), File},
        {Wait, u"wait"_s, u"ID…"_s, Words::tr("print steps as they come, until tasks have ended")},
        {Login,
         u"login"_s,
         {},
         Words::tr("sign in with --user and a password, and keep a token"),
         Nothing},
        {Logout, u"logout"_s, {}, Words::tr("delete what is stored to sign in with"), Nothing},
        {Servers, u"servers"_s, {}, Words::tr("print the servers that are set up"), Nothing},
    };
}

QList<StatusRow> statusTable()
{
    return {
        {u"0"_s, Words::tr("completed; for “show” also still running")},
        {u"10"_s, Words::tr("failed")},
        {u"11"_s, Words::tr("completed with problems")},
        {u"12"_s, Words::tr("not found, or outcome unknown")},
        {u"13"_s, Words::tr("sign-in needed, or no permission")},
        {u"14"_s, Words::tr("the server could not be asked (“wait” waits for it)")},
        {u"15"_s, Words::tr("unreadable answer")},
        {u"20"_s, Words::tr("“wait”: the time was over before the tasks were")},
        {u"64"_s, Words::tr("wrong usage")},
        {u"70"_s, Words::tr("internal or storage trouble")},
        {u"130, 143"_s, Words::tr("“wait”: ended by Ctrl+C (SIGINT), or by SIGTERM")},
    };
}

QString helpText()
{
    QString text = Words::tr("Usage:") + u"\n  taskwatch [options]\n"_s;
    for (const CommandRow &row : commandTable())
        text += u"  taskwatch "_s + synopsisOf(row) + u" [options]\n"_s;
    text += u'\n' + Words::tr("Watches the long-running tasks of Hedera Guardian servers.") + u'\n'
            + Words::tr("Without a command it opens its window.") + u"\n\n"_s
            + Words::tr("Commands:") + u'\n';
    for (const CommandRow &row : commandTable())
        text += helpLine(synopsisOf(row), row.help);
    text += u'\n' + Words::tr("Options:") + u'\n';
    for (const OptionRow &row : optionTable()) {
        if (!row.hidden)
            text += helpLine(synopsisOf(row), row.help);
    }
    text += u'\n' + Words::tr("Environment:") + u'\n'
            + helpLine(u"TASKWATCH_TOKEN"_s, Words::tr("the access token, never an argument"))
            + helpLine(u"TASKWATCH_REFRESH_TOKEN"_s,
                       Words::tr("or a refresh token: access is renewed from it"));
    text += u'\n' + Words::tr("Exit status; of several tasks the worst counts:") + u'\n';
    for (const StatusRow &row : statusTable())
        text += helpLine(row.status, row.meaning);
    return text;
}
