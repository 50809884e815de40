#include "bench.h"
#include "http2server.h"
#include "httploops.h"
#include "simulatorprocess.h"
#include "testdata.h"

#include <QEventLoop>
#include <QNetworkReply>
#include <QSslCertificate>

using namespace Qt::StringLiterals;

namespace {

constexpr int tasks = 100;
constexpr int streams = 64;

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
    const SimulatorProcess simulator(options.simulator, tasks, SimulatorProcess::Packing::On);
    if (!simulator.isRunning()) {
        report.missing(u"http2"_s, u"the simulator did not start"_s);
        return;
    }
    const int polls = options.quick ? 200 : 2000;
    OurClient packed({simulator.apiRoot(), simulator.token(), simulator.tasks()});
    packed.run(1);
    const QByteArray body = packed.last().body.whole();
    if (packed.last().header("Content-Encoding") == "gzip")
        report.ratio(u"http.gzip"_s, u"bytes of a reply on the wire, as our client accepts gzip"_s,
                     u"unpacked"_s, double(packedSize(simulator)), double(body.size()), u"bytes"_s);
    else
        report.missing(u"http.gzip"_s, u"the reply came unpacked"_s);

    Http2Server server;
    QStringList names;
    for (int i = 0; i < tasks; ++i) {
        names << QString::number(i);
        server.add(u"tasks/"_s + names.last(), body);
    }
    if (const QString trouble = server.start(Http2Server::Log::Off); !trouble.isEmpty()) {
        report.missing(u"http2"_s, trouble);
        return;
    }
    const PollTarget target{server.apiRoot(), "token", names,
                            QSslCertificate::fromPath(testDataPath(u"tls/ca.pem")), streams};
    const SimulatorProcess plain(options.simulator, tasks);
    OurClient ours(target);
    BareLoop bare(target);
    OurClient cleartext({plain.apiRoot(), plain.token(), plain.tasks()});
    const auto costs =
        interleave({{u"ours"_s, [&] { return spent([&] { ours.run(polls); }); }},
                    {u"bare"_s, [&] { return spent([&] { bare.run(polls); }); }},
                    {u"cleartext"_s, [&] { return spent([&] { cleartext.run(polls); }); }}},
                   options.rounds);
    const double per10k = 10'000.0 / polls;
    report.ratio(u"http2.cpu"_s, u"CPU of 10,000 polls"_s,
                 u"bare QNetworkAccessManager loop on HTTP/2"_s, costs[0].cpu * per10k,
                 costs[1].cpu * per10k, u"s"_s, noiseOf(costs[0].cpuNoise, costs[1].cpuNoise),
                 {each(costs[0], 1 / per10k), each(costs[1], 1 / per10k)});
    report.ratio(u"http2.cpu-of-http1"_s, u"CPU of 10,000 polls (nghttpd, TLS)"_s,
                 u"our client on cleartext HTTP/1.1"_s, costs[0].cpu * per10k,
                 costs[2].cpu * per10k, u"s"_s, noiseOf(costs[0].cpuNoise, costs[2].cpuNoise),
                 {each(costs[0], 1 / per10k), each(costs[2], 1 / per10k)});
}
