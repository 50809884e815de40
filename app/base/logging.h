#pragma once

#include <QLoggingCategory>

#include <optional>

// Debug: for us. Info: what a support case needs. Warning: something is not as it should be.
Q_DECLARE_LOGGING_CATEGORY(lcEngine)
Q_DECLARE_LOGGING_CATEGORY(lcHistory)
Q_DECLARE_LOGGING_CATEGORY(lcAccount)
Q_DECLARE_LOGGING_CATEGORY(lcCli)
Q_DECLARE_LOGGING_CATEGORY(lcUi)

enum class LogLevel { Debug, Info, Warning, Error };

[[nodiscard]] QStringList logLevelNames();
[[nodiscard]] std::optional<LogLevel> logLevelFromName(const QString &name);

/// Sends messages from that level on to stderr, each a line with its time (UTC). Of libraries (Qt)
/// only warnings and worse. QT_LOGGING_RULES still wins. Never log a reply, an address's query or a
/// header: a Secret cannot be logged, but what a server says can hold one.
void installLogging(LogLevel level);

/// One line as it is written, without the line feed: control characters are neutralised.
[[nodiscard]] QByteArray logLine(const QDateTime &at, QtMsgType type, const char *category,
                                 const QString &message);
