#include "simulatorprocess.h"

#include <QEventLoop>
#include <QJsonArray>
#include <QJsonDocument>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>

#include <sys/resource.h>

using namespace Qt::StringLiterals;

namespace {

constexpr int startLimit = 10'000; // ms

QJsonObject ask(const QUrl &url, const QByteArray &body)
{
    QNetworkAccessManager network;
    network.setTransferTimeout(startLimit);
    QNetworkRequest request(url);
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    QNetworkReply *reply = body.isEmpty() ? network.get(request) : network.post(request, body);
    QEventLoop loop; // a benchmark may wait
    QObject::connect(reply, &QNetworkReply::finished, &loop, &QEventLoop::quit);
    loop.exec();
    QJsonObject answer = QJsonDocument::fromJson(reply->readAll()).object();
    delete reply;
    return answer;
}

} // namespace

SimulatorProcess::SimulatorProcess(const QString &program, int count, Packing packing)
{
    m_process.setProcessChannelMode(QProcess::SeparateChannels);
    QStringList arguments{u"--exit-with-stdin"_s, u"--print-token"_s, u"--for"_s, u"900"_s};
    if (packing == Packing::Off)
        arguments << u"--no-gzip"_s;
    m_process.start(program, arguments);
    if (!m_process.waitForStarted(startLimit))
        return;
    while (!m_process.canReadLine() && m_process.waitForReadyRead(startLimit)) {
    }
    const QJsonObject line = QJsonDocument::fromJson(m_process.readLine()).object();
    m_site = QUrl(line[u"url"_s].toString());
    m_apiRoot = QUrl(line[u"apiRoot"_s].toString());
    m_token = line[u"token"_s].toString().toLatin1();
    m_tasks = start({{u"script"_s, u"nested"_s}, {u"count"_s, count}, {u"stretch"_s, 1000}});
}

SimulatorProcess::~SimulatorProcess()
{
    m_process.closeWriteChannel();
    if (m_process.state() != QProcess::NotRunning && !m_process.waitForFinished(startLimit))
        m_process.kill();
    m_process.waitForFinished(startLimit);
}

void SimulatorProcess::giveWay()
{
    constexpr int nice = 10;
    ::setpriority(PRIO_PROCESS, id_t(m_process.processId()), nice);
}

QStringList SimulatorProcess::start(const QJsonObject &order) const
{
    const auto ids = ask(QUrl(m_site.toString() + u"/sim/tasks"_s),
                         QJsonDocument(order).toJson(QJsonDocument::Compact))[u"taskIds"_s]
                         .toArray();
    QStringList started;
    for (const auto &id : ids)
        started << id.toString();
    return started;
}

int SimulatorProcess::connections() const
{
    return ask(QUrl(m_site.toString() + u"/sim/state"_s), {})[u"connections"_s].toInt(-1);
}
