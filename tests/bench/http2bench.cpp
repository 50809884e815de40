#include "bench.h"
#include "httploops.h"
#include "simulatorprocess.h"
#include "testdata.h"

#include <QDir>
#include <QEventLoop>
#include <QFile>
#include <QNetworkReply>
#include <QProcess>
#include <QSslCertificate>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QThread>

using namespace Qt::StringLiterals;

namespace {

constexpr int limit = 10'000; // ms
constexpr int tasks = 100;
constexpr int streams = 64;

quint16 freePort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : quint16(0);
}

/// Debian has it where an ordinary user's PATH does not lead.
QString nghttpdProgram()
{
    const QString found = QStandardPaths::findExecutable(u"nghttpd"_s);
    return !found.isEmpty() ? found
                            : QStandardPaths::findExecutable(u"nghttpd"_s, {u"/usr/sbin"_s});
}

/// nghttpd with files in the place of tasks: Qt's own HTTP server speaks no HTTP/2.
class Nghttpd
{
public:
    explicit Nghttpd(const QByteArray &body)
    {
        const QString folder = m_folder.path() + u"/api/v1/tasks"_s;
        if (!QDir().mkpath(folder))
            return;
        for (int i = 0; i < tasks; ++i) {
            QFile file(folder + u'/' + QString::number(i));
            if (!file.open(QIODevice::WriteOnly) || file.write(body) != body.size())
                return;
            m_tasks << QString::number(i);
        }
        const QString tls = testDataPath(u"tls");
        const quint16 port = freePort();
        m_process.setStandardOutputFile(QProcess::nullDevice());
        m_process.start(nghttpdProgram(),
                        {u"-d"_s, m_folder.path(), u"-a"_s, u"127.0.0.1"_s, QString::number(port),
                         tls + u"/server.key"_s, tls + u"/server.pem"_s});
        if (!m_process.waitForStarted(limit))
            return;
        for (int i = 0; i < 100 && !m_listens; ++i) {
            QTcpSocket probe;
            probe.connectToHost(u"127.0.0.1"_s, port);
            m_listens = probe.waitForConnected(100);
            if (!m_listens)
                QThread::msleep(50);
        }
        m_target = {QUrl(u"https://127.0.0.1:%1/api/v1"_s.arg(port)), "token", m_tasks,
                    QSslCertificate::fromPath(tls + u"/ca.pem"_s), streams};
    }
    ~Nghttpd()
    {
        m_process.terminate();
        if (!m_process.waitForFinished(limit))
            m_process.kill();
        m_process.waitForFinished(limit);
    }
    Q_DISABLE_COPY_MOVE(Nghttpd)

    [[nodiscard]] bool listens() const { return m_listens; }
    [[nodiscard]] const PollTarget &target() const { return m_target; }

private:
    QTemporaryDir m_folder;
    QProcess m_process;
    QStringList m_tasks;
    bool m_listens = false;
    PollTarget m_target;
};

/// Bytes of a reply's packed body: who names the encoding gets it from Qt as it came.
qsizetype packedSize(const SimulatorProcess &simulator)
{
    QNetworkAccessManager network;
    QNetworkRequest wire(
        QUrl(simulator.apiRoot().toString() + u"/tasks/"_s + simulator.tasks().constFirst()));
    wire.setRawHeader("Authorization", "Bearer " + simulator.token());
    wire.setRawHeader("Accept-Encoding", "gzip");
    const std::unique_ptr<QNetworkReply> reply(network.get(wire));
    QEventLoop loop; // a benchmark may wait
    QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    loop.exec();
    return reply->readAll().size();
}

} // namespace

void benchHttp2(const BenchOptions &options, Report &report)
{
    const QString topic = u"HTTP/2"_s;
    const SimulatorProcess simulator(options.simulator, tasks, SimulatorProcess::Packing::On);
    if (!simulator.isRunning()) {
        report.missing(topic, u"all"_s, u"the simulator did not start"_s);
        return;
    }
    const int polls = options.quick ? 200 : 2000;
    OurClient packed({simulator.apiRoot(), simulator.token(), simulator.tasks()});
    packed.run(1);
    const QByteArray body = packed.last().body;
    if (packed.last().header("Content-Encoding") == "gzip")
        report.ratio(u"HTTP"_s, u"bytes of a reply on the wire, as our client accepts gzip"_s,
                     u"unpacked"_s, double(packedSize(simulator)), double(body.size()), u"bytes"_s,
                     std::nullopt);
    else
        report.missing(u"HTTP"_s, u"compression"_s, u"the reply came unpacked"_s);

    if (nghttpdProgram().isEmpty()) {
        report.missing(topic, u"all"_s, u"nghttpd (nghttp2-server) is not installed"_s);
        return;
    }
    const Nghttpd server(body);
    if (!server.listens()) {
        report.missing(topic, u"all"_s, u"nghttpd did not start"_s);
        return;
    }
    const SimulatorProcess plain(options.simulator, tasks);
    OurClient ours(server.target());
    BareLoop bare(server.target());
    OurClient cleartext({plain.apiRoot(), plain.token(), plain.tasks()});
    const auto costs =
        interleave({{u"ours"_s, [&] { return spent([&] { ours.run(polls); }); }},
                    {u"bare"_s, [&] { return spent([&] { bare.run(polls); }); }},
                    {u"cleartext"_s, [&] { return spent([&] { cleartext.run(polls); }); }}},
                   options.rounds);
    const double per10k = 10'000.0 / polls;
    report.ratio(topic, u"CPU of 10,000 polls"_s, u"bare QNetworkAccessManager loop on HTTP/2"_s,
                 costs[0].cpu * per10k, costs[1].cpu * per10k, u"s"_s, 1.15, false,
                 noiseOf(costs[0].cpuNoise, costs[1].cpuNoise));
    report.ratio(topic, u"CPU of 10,000 polls (nghttpd, TLS)"_s,
                 u"our client on cleartext HTTP/1.1"_s, costs[0].cpu * per10k,
                 costs[2].cpu * per10k, u"s"_s, std::nullopt, false,
                 noiseOf(costs[0].cpuNoise, costs[2].cpuNoise));
}
