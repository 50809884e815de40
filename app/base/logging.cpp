#include "base/logging.h"

#include "base/plaintext.h"

#include <QDateTime>

#include <cstdio>

using namespace Qt::StringLiterals;

Q_LOGGING_CATEGORY(lcEngine, "taskwatch.engine")
Q_LOGGING_CATEGORY(lcHistory, "taskwatch.history")
Q_LOGGING_CATEGORY(lcAccount, "taskwatch.account")
Q_LOGGING_CATEGORY(lcCli, "taskwatch.cli")
Q_LOGGING_CATEGORY(lcUi, "taskwatch.ui")

namespace {

[[nodiscard]] QString typeName(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg:
        return u"debug"_s;
    case QtInfoMsg:
        return u"info"_s;
    case QtWarningMsg:
        return u"warning"_s;
    case QtCriticalMsg:
        return u"error"_s;
    case QtFatalMsg:
        return u"fatal"_s;
    }
    return u"?"_s;
}

void writeToStderr(QtMsgType type, const QMessageLogContext &context, const QString &message)
{
    const QByteArray line =
        logLine(QDateTime::currentDateTimeUtc(), type, context.category, message) + '\n';
    // One call, so that lines of several threads do not mix.
    std::fwrite(line.constData(), 1, static_cast<size_t>(line.size()), stderr);
}

} // namespace

QStringList logLevelNames()
{
    return {u"debug"_s, u"info"_s, u"warning"_s, u"error"_s};
}

std::optional<LogLevel> logLevelFromName(const QString &name)
{
    const auto place = logLevelNames().indexOf(name.toLower());
    return place < 0 ? std::nullopt : std::optional(static_cast<LogLevel>(place));
}

void installLogging(LogLevel level)
{
    const auto onOff = [level](LogLevel from) { return level <= from ? "true"_L1 : "false"_L1; };
    QLoggingCategory::setFilterRules(u"*.debug=false\n*.info=false\n*.warning="_s
                                     + onOff(LogLevel::Warning) + u"\ntaskwatch.*.debug="_s
                                     + onOff(LogLevel::Debug) + u"\ntaskwatch.*.info="_s
                                     + onOff(LogLevel::Info));
    qInstallMessageHandler(writeToStderr);
}

QByteArray logLine(const QDateTime &at, QtMsgType type, const char *category,
                   const QString &message)
{
    return (at.toString(Qt::ISODateWithMs) + u' ' + typeName(type) + u' '
            + QString::fromUtf8(category) + u": "_s + PlainText::onOneLine(message))
        .toUtf8();
}
