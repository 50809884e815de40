#include "programrun.h"

#include <QJsonDocument>
#include <QProcess>
#include <QSignalSpy>

using namespace Qt::StringLiterals;

QList<QJsonObject> ProgramRun::objects() const
{
    QList<QJsonObject> list;
    const QList<QByteArray> lines = out.split('\n');
    for (const QByteArray &line : lines) {
        if (!line.isEmpty())
            list += QJsonDocument::fromJson(line).object();
    }
    return list;
}

QString ProgramRun::program()
{
    return QStringLiteral(TASKWATCH_PROGRAM);
}

QProcessEnvironment ProgramRun::environment(const QByteArray &token)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString &name : {u"DISPLAY"_s, u"WAYLAND_DISPLAY"_s, u"QT_QPA_PLATFORM"_s})
        environment.remove(name);
    environment.insert(u"DBUS_SESSION_BUS_ADDRESS"_s, u"unix:path=/nonexistent/bus"_s);
    if (!token.isEmpty())
        environment.insert(u"TASKWATCH_TOKEN"_s, QString::fromLatin1(token));
    return environment;
}

ProgramRun ProgramRun::of(const QStringList &arguments, const QByteArray &token)
{
    QProcess process;
    process.setProcessEnvironment(environment(token));
    QSignalSpy finished(&process, &QProcess::finished);
    process.start(program(), arguments);
    const bool ended = !finished.isEmpty() || finished.wait(60'000);
    const int status = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -3;
    return {ended ? status : -2, process.readAllStandardOutput(), process.readAllStandardError()};
}
