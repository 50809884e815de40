#include "privatedisplay.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace {

constexpr auto insideVariable = "TASKWATCH_TEST_INSIDE";

} // namespace

PrivateDisplay::~PrivateDisplay()
{
    endCompanion(m_server);
}

QString PrivateDisplay::start()
{
    QString trouble = startCompanion(m_server, u"Xvfb"_s, u"xvfb"_s,
                                     {u"-displayfd"_s, u"1"_s, u"-screen"_s, u"0"_s,
                                      u"1024x768x24"_s, u"-nolisten"_s, u"tcp"_s});
    if (!trouble.isEmpty())
        return trouble;
    while (!m_server.canReadLine()) {
        if (!m_server.waitForReadyRead(20'000))
            return u"Xvfb did not start: "_s + QString::fromUtf8(m_server.readAllStandardError());
    }
    m_name = u':' + QString::fromLatin1(m_server.readLine()).trimmed();
    return {};
}

QProcessEnvironment PrivateDisplay::environment() const
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"DISPLAY"_s, m_name);
    environment.insert(u"QT_QPA_PLATFORM"_s, u"xcb"_s);
    environment.remove(u"WAYLAND_DISPLAY"_s);
    return environment;
}

bool PrivateDisplay::isInside()
{
    return qEnvironmentVariableIsSet(insideVariable);
}

int PrivateDisplay::runAgain(QProcessEnvironment environment)
{
    environment.insert(QString::fromLatin1(insideVariable), u"1"_s);
    QProcess inside;
    inside.setProcessEnvironment(environment);
    inside.setProcessChannelMode(QProcess::ForwardedChannels);
    QObject::connect(&inside, &QProcess::finished, QCoreApplication::instance(),
                     [](int code, QProcess::ExitStatus status) {
                         QCoreApplication::exit(status == QProcess::NormalExit ? code : 70);
                     });
    const QString trouble = startCompanion(inside, QCoreApplication::applicationFilePath(), {},
                                           QCoreApplication::arguments().mid(1));
    if (!trouble.isEmpty())
        qFatal("%s", qPrintable(trouble));
    return QCoreApplication::exec();
}
