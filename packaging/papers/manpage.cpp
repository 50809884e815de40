#include "papers.h"

#include "cli/commandtable.h"

#include <QStringList>

using namespace Qt::StringLiterals;

namespace {

/// Text for roff: nothing in it is an order.
QString roff(QString text)
{
    text.replace(u'\\', u"\\e"_s).replace(u'-', u"\\-"_s);
    if (text.startsWith(u'.') || text.startsWith(u'\''))
        text.prepend(u"\\&"_s);
    return text;
}

QString item(const QString &term, const QString &text)
{
    return u".TP\n.B "_s + roff(term) + u'\n' + roff(text) + u'\n';
}

QString whereOf(const OptionRow &row)
{
    QStringList names;
    for (const CommandRow &command : commandTable()) {
        if (row.in.contains(command.mode))
            names += command.name;
    }
    return names.isEmpty() ? QString() : u" (%1)"_s.arg(names.join(", "_L1));
}

QString optionItem(const OptionRow &row)
{
    QStringList forms;
    for (const QString &name : row.names)
        forms += (name.size() == 1 ? u"-"_s : u"--"_s) + name;
    const QString term = forms.join(", "_L1) + (row.value.isEmpty() ? QString() : u' ' + row.value);
    return item(term, row.help + whereOf(row));
}

} // namespace

QString Papers::manPage()
{
    QString text = u".TH TASKWATCH 1 \"\" \"Taskwatch " TASKWATCH_VERSION "\" \"User Commands\"\n"_s
                   + u".SH NAME\ntaskwatch \\- "_s
                   + roff(u"watches the long-running tasks of Hedera Guardian servers"_s)
                   + u"\n.SH SYNOPSIS\n.B taskwatch\n[options]\n"_s;
    for (const CommandRow &row : commandTable())
        text += u".br\n.B taskwatch %1\n%2 [options]\n"_s.arg(roff(row.name), roff(row.arguments));
    text += u".SH DESCRIPTION\n"_s
            + roff(u"Shows what the tasks of Hedera Guardian servers do: their steps, results and "
                   u"errors, live in a window that keeps them when the server forgets. Without a "
                   u"command it opens that window; the commands need no display."_s)
            + u"\n.SH COMMANDS\n"_s;
    for (const CommandRow &row : commandTable())
        text += item((row.name + u' ' + row.arguments).trimmed(), row.help);
    text += u".SH OPTIONS\n"_s;
    for (const OptionRow &row : optionTable()) {
        if (!row.hidden)
            text += optionItem(row);
    }
    text +=
        u".SH ENVIRONMENT\n"_s
        + item(u"TASKWATCH_TOKEN"_s,
               u"the access token for the command line. It is never given as an argument: "
               u"every user of a machine can see those."_s)
        + item(u"TASKWATCH_REFRESH_TOKEN"_s, u"or a refresh token: access is renewed from it."_s)
        + u".SH EXIT STATUS\nOf several tasks the worst counts.\n"_s;
    for (const StatusRow &row : statusTable())
        text += item(row.status, row.meaning);
    text += u".SH FILES\n"_s
            + item(u"$XDG_CONFIG_HOME/taskwatch"_s, u"servers and settings, without secrets"_s)
            + item(u"$XDG_DATA_HOME/taskwatch"_s, u"the history of watched tasks"_s)
            + roff(u"Tokens are in the desktop's keychain."_s) + u'\n';
    return text;
}
