#include "papers.h"

#include "cli/commandtable.h"

#include <QStringList>

using namespace Qt::StringLiterals;
using Mode = CommandLine::Mode;
using Takes = CommandRow::Takes;

namespace {

constexpr auto note = "# Made from the program's own table of options.\n"_L1;

QList<OptionRow> shownOptions()
{
    QList<OptionRow> rows = optionTable();
    rows.removeIf([](const OptionRow &row) { return row.hidden; });
    return rows;
}

QList<OptionRow> optionsOf(Mode mode)
{
    QList<OptionRow> rows = shownOptions();
    rows.removeIf(
        [mode](const OptionRow &row) { return !row.in.isEmpty() && !row.in.contains(mode); });
    return rows;
}

QStringList dashed(const OptionRow &row)
{
    QStringList forms;
    for (const QString &name : row.names)
        forms += (name.size() == 1 ? u"-"_s : u"--"_s) + name;
    return forms;
}

QString optionWords(Mode mode)
{
    QStringList words;
    for (const OptionRow &row : optionsOf(mode))
        words += dashed(row);
    return words.join(u' ');
}

QString commandWords(const QString &between)
{
    QStringList names;
    for (const CommandRow &row : commandTable())
        names += row.name;
    return names.join(between);
}

bool takesFile(const CommandRow &row)
{
    return row.takes == Takes::File || row.takes == Takes::MaybeFile;
}

QString singleQuoted(QString text)
{
    return u'\'' + text.replace(u'\'', u"'\\''"_s) + u'\'';
}

// --- bash ---------------------------------------------------------------------------------------

/// What follows an option with a value, as a case of `case $before in`.
QString bashValue(const OptionRow &row)
{
    QString reply;
    if (!row.choices.isEmpty())
        reply = u"mapfile -t COMPREPLY < <(compgen -W '%1' -- \"$word\")\n        "_s.arg(
            row.choices.join(u' '));
    else if (row.value == "DIR"_L1 || row.value == "FILE"_L1)
        reply = u"compopt -o filenames\n        mapfile -t COMPREPLY < <(compgen -%1 -- "
                u"\"$word\")\n        "_s.arg(row.value == "DIR"_L1 ? u"d"_s : u"f"_s);
    return u"    %1)\n        %2return\n        ;;\n"_s.arg(dashed(row).join(u'|'), reply);
}

} // namespace

QString Papers::bashCompletion()
{
    QString values;
    for (const OptionRow &row : shownOptions())
        values += row.value.isEmpty() ? QString() : bashValue(row);
    QString commands;
    for (const CommandRow &row : commandTable()) {
        const QString files = takesFile(row)
                                  ? u"\n        compopt -o filenames"
                                    u"\n        mapfile -t COMPREPLY < <(compgen -f -- \"$word\")"_s
                                  : QString();
        commands += u"    %1)\n        words='%2'%3\n        ;;\n"_s.arg(
            row.name, optionWords(row.mode), files);
    }
    return note + uR"(_taskwatch()
{
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command= words= i
    COMPREPLY=()
    case $before in
%1    esac
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        %2)
            command=${COMP_WORDS[i]}
            break
            ;;
        esac
    done
    case $command in
%3    *)
        words='%4 %5'
        ;;
    esac
    [[ ${#COMPREPLY[@]} -gt 0 ]] || mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -F _taskwatch taskwatch
)"_s.arg(values, commandWords(u"|"_s), commands, commandWords(u" "_s), optionWords(Mode::Window));
}

// --- zsh ----------------------------------------------------------------------------------------

namespace {

QString zshText(QString text)
{
    text.replace(u'\\', u"\\\\"_s);
    for (const QChar sign : {u'[', u']', u':'})
        text.replace(sign, u'\\' + QString(sign));
    return text;
}

QString zshOptions(Mode mode)
{
    QStringList lines;
    for (const OptionRow &row : optionsOf(mode)) {
        QString value;
        if (!row.choices.isEmpty())
            value = u":%1:(%2)"_s.arg(zshText(row.value), row.choices.join(u' '));
        else if (!row.value.isEmpty())
            value = u":%1:%2"_s.arg(zshText(row.value), row.value == "DIR"_L1    ? u"_files -/"_s
                                                        : row.value == "FILE"_L1 ? u"_files"_s
                                                                                 : u" "_s);
        for (const QString &form : dashed(row))
            lines += u"        "_s + singleQuoted(form + u'[' + zshText(row.help) + u']' + value);
    }
    return lines.join(u" \\\n"_s);
}

} // namespace

QString Papers::zshCompletion()
{
    QString text = u"#compdef taskwatch\n"_s + note
                   + u"case ${words[(r)(%1)]} in\n"_s.arg(commandWords(u"|"_s));
    QStringList commands;
    for (const CommandRow &row : commandTable()) {
        commands += u"%1\\:%2"_s.arg(row.name, singleQuoted(zshText(row.help)));
        const QString rest = takesFile(row) ? u"_files"_s : u" "_s;
        text += u"%1)\n    _arguments -S \\\n%2 \\\n        '1: :(%1)' '*:%3:%4'\n    ;;\n"_s.arg(
            row.name, zshOptions(row.mode), zshText(row.arguments), rest);
    }
    return text
           + u"*)\n    _arguments -S \\\n%1 \\\n        \"1:command:((%2))\"\n    ;;\nesac\n"_s.arg(
               zshOptions(Mode::Window), commands.join(u' '));
}

// --- fish ---------------------------------------------------------------------------------------

namespace {

QString fishQuoted(QString text)
{
    return u'\'' + text.replace(u'\\', u"\\\\"_s).replace(u'\'', u"\\'"_s) + u'\'';
}

/// Where an option means something, as fish's -n; with a space behind.
QString fishCondition(const OptionRow &row)
{
    QStringList names;
    for (const CommandRow &command : commandTable()) {
        if (row.in.contains(command.mode))
            names += command.name;
    }
    if (row.in.isEmpty())
        return {};
    return names.isEmpty() ? u"-n __fish_use_subcommand "_s
                           : u"-n '__fish_seen_subcommand_from %1' "_s.arg(names.join(u' '));
}

} // namespace

QString Papers::fishCompletion()
{
    QString text = note + u"complete -c taskwatch -f\n"_s;
    for (const CommandRow &row : commandTable()) {
        text += u"complete -c taskwatch -n __fish_use_subcommand -a %1 -d %2\n"_s.arg(
            row.name, fishQuoted(row.help));
        if (takesFile(row))
            text +=
                u"complete -c taskwatch -n '__fish_seen_subcommand_from %1' -F\n"_s.arg(row.name);
    }
    for (const OptionRow &row : shownOptions()) {
        text += u"complete -c taskwatch "_s + fishCondition(row);
        for (const QString &name : row.names)
            text += (name.size() == 1 ? u"-s "_s : u"-l "_s) + name + u' ';
        if (!row.choices.isEmpty())
            text += u"-x -a %1 "_s.arg(fishQuoted(row.choices.join(u' ')));
        else if (row.value == "DIR"_L1 || row.value == "FILE"_L1)
            text += u"-r -F "_s;
        else if (!row.value.isEmpty())
            text += u"-x "_s;
        text += u"-d "_s + fishQuoted(row.help) + u'\n';
    }
    return text;
}
