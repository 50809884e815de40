#include "http2server.h"

#include "companion.h"
#include "testdata.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSet>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

quint16 freePort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : 0;
}

bool listens(quint16 port)
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
    return socket.waitForConnected(1'000);
}

} // namespace

Http2Server::~Http2Server()
{
    endCompanion(m_process);
}

void Http2Server::add(const QString &path, const QByteArray &body)
{
    const QString file = m_files.filePath(u"api/v1/"_s + path);
    QDir().mkpath(QFileInfo(file).path());
    QFile out(file);
    if (!out.open(QIODevice::WriteOnly) || out.write(body) != body.size())
        qFatal("cannot write %s", qPrintable(file));
}

QString Http2Server::start(Log log)
{
    m_port = freePort();
    QStringList arguments{u"--htdocs"_s,
                          m_files.path(),
                          u"--address"_s,
                          u"127.0.0.1"_s,
                          QString::number(m_port),
                          testDataPath(u"tls/server.key"),
                          testDataPath(u"tls/server.pem")};
    if (log == Log::On)
        arguments.prepend(u"--verbose"_s);
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    QString trouble = startCompanion(m_process, u"nghttpd"_s, u"nghttp2-server"_s, arguments);
    if (!trouble.isEmpty())
        return trouble;
    return QTest::qWaitFor([this] { return listens(m_port); }, 5'000)
               ? QString()
               : u"nghttpd does not listen"_s;
}

QUrl Http2Server::apiRoot() const
{
    return QUrl(u"https://127.0.0.1:%1/api/v1"_s.arg(m_port));
}

QByteArray Http2Server::log()
{
    m_log += m_process.readAll();
    return m_log;
}

int Http2Server::connections()
{
    static const QRegularExpression number(u"^\\[id=(\\d+)\\].*recv \\(stream_id="_s,
                                           QRegularExpression::MultilineOption);
    QSet<QString> different;
    auto matches = number.globalMatch(QString::fromUtf8(log()));
    while (matches.hasNext())
        different.insert(matches.next().captured(1));
    return int(different.size());
}
