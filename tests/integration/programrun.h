#pragma once

#include <QJsonObject>
#include <QList>
#include <QProcessEnvironment>
#include <QString>

/// One run of the real program, to its end.
struct ProgramRun {
    int status = -1; ///< -2: it did not end; -3: it crashed
    QByteArray out;
    QByteArray err;

    /// One of each line.
    [[nodiscard]] QList<QJsonObject> objects() const;
    [[nodiscard]] QJsonObject object() const { return objects().value(0); }

    [[nodiscard]] static QString program();
    /// No display, no platform plugin, no session bus; the token if there is one.
    [[nodiscard]] static QProcessEnvironment environment(const QByteArray &token);
    [[nodiscard]] static ProgramRun of(const QStringList &arguments, const QByteArray &token);
};
