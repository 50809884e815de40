#pragma once

#include <QString>
#include <QStringList>

#include <tl/expected.hpp>

/// Whether the desktop starts the program with the session: an entry of ours in the person's
/// autostart folder (XDG Desktop Application Autostart). The file alone counts, as other programs
/// may change it too.
class Autostart
{
public:
    /// `configHome`: $XDG_CONFIG_HOME. `command`: program and arguments, unquoted.
    Autostart(const QString &configHome, QStringList command);
    /// For this program as it was started: its path, data folder, minimised.
    [[nodiscard]] static Autostart ofThisProgram(const QString &dataDir);

    [[nodiscard]] bool isEnabled() const;
    /// The error is in words.
    [[nodiscard]] tl::expected<void, QString> setEnabled(bool enabled) const;
    [[nodiscard]] const QString &file() const { return m_file; }

    /// An argument as the desktop entry specification quotes it in Exec=.
    [[nodiscard]] static QString quoted(const QString &argument);

private:
    QString m_file;
    QStringList m_command;
};
