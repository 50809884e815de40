// The small things around the command line: what it says, and how single words are read.
#include "base/editdistance.h"
#include "base/plaintext.h"
#include "cli/commandline.h"

#include <QRegularExpression>

#include <algorithm>
#include <cstdlib>

using namespace Qt::StringLiterals;

QString versionText()
{
    return u"Taskwatch " TASKWATCH_VERSION "\n"_s;
}

QString usageText(const UsageError &error)
{
    // What was typed is repeated, but for the "user:password@" of an address.
    static const QRegularExpression userInfo(u"(?<=://)[^\\s/?#]+@"_s);
    const auto line = [](QString text) {
        return PlainText::onOneLine(text.replace(userInfo, u"•••@"_s)) + u'\n';
    };
    return u"taskwatch: "_s + line(error.message) + line(error.nextStep);
}

QByteArray spokenLine(const QString &headline, const QString &nextStep)
{
    const QString text = u"taskwatch: "_s + headline + u' ' + nextStep;
    return PlainText::onOneLine(text.trimmed()).toUtf8() + '\n';
}

Secret takeSecretFromEnvironment(const char *variable)
{
    char *const value = std::getenv(variable);
    if (value == nullptr)
        return {};
    QByteArray bytes = QByteArray(value).trimmed();
    for (volatile char *byte = value; *byte != '\0'; ++byte)
        *byte = '\0';
    qunsetenv(variable);
    constexpr qsizetype prefix = 7;
    if (bytes.left(prefix).toLower() == "bearer ")
        bytes = bytes.mid(prefix).trimmed();
    return Secret(std::move(bytes));
}

std::optional<std::chrono::milliseconds> durationFrom(const QString &text)
{
    static const QRegularExpression form(
        u"^(?:(\\d{1,6})d)?(?:(\\d{1,6})h)?(?:(\\d{1,6})m)?(?:(\\d{1,9})s?)?$"_s);
    const auto match = form.match(text.trimmed());
    using namespace std::chrono;
    const auto number = [&match](int group) { return match.captured(group).toLongLong(); };
    const milliseconds length =
        days{number(1)} + hours{number(2)} + minutes{number(3)} + seconds{number(4)};
    return match.hasMatch() && length > 0ms && length <= days{366} ? std::optional(length)
                                                                   : std::nullopt;
}

QString nearest(const QString &word, const QStringList &candidates)
{
    QString best;
    int bestDistance = std::max(2, static_cast<int>(word.size()) / 3) + 1;
    for (const QString &candidate : candidates) {
        if (word.size() > 1 && candidate.startsWith(word, Qt::CaseInsensitive))
            return candidate;
        const int d = editDistance(word.toLower(), candidate.toLower());
        if (d < bestDistance && d < word.size()) {
            best = candidate;
            bestDistance = d;
        }
    }
    return best;
}
