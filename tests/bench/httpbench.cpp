#include "bench.h"
#include "guardian/parsetaskreply.h"
#include "guardian/taskpoller.h"
#include "httploops.h"
#include "simulatorprocess.h"

#include <QEventLoop>
#include <QTemporaryFile>
#include <QTimer>

#include <curl/curl.h>
#include <memory>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int inFlight = 6;
constexpr auto patience = 60s;

size_t swallow(char * /*bytes*/, size_t size, size_t count, void * /*user*/)
{
    return size * count;
}

/// The peer: libcurl's multi interface, with as many connections.
class CurlMulti
{
public:
    explicit CurlMulti(const SimulatorProcess &simulator)
        : m_multi(curl_multi_init())
        , m_headers(curl_slist_append(nullptr, "Accept: application/json"))
    {
        m_headers = curl_slist_append(m_headers,
                                      ("Authorization: Bearer " + simulator.token()).constData());
        for (const QString &task : simulator.tasks())
            m_urls << (simulator.apiRoot().toString() + u"/tasks/"_s + task).toUtf8();
        for (int i = 0; i < inFlight; ++i) {
            CURL *easy = curl_easy_init();
            curl_easy_setopt(easy, CURLOPT_HTTPHEADER, m_headers);
            curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &swallow);
            curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
            m_easy.push_back(easy);
        }
    }
    ~CurlMulti()
    {
        for (CURL *easy : m_easy)
            curl_easy_cleanup(easy);
        curl_slist_free_all(m_headers);
        curl_multi_cleanup(m_multi);
    }
    Q_DISABLE_COPY_MOVE(CurlMulti)

    void run(int count)
    {
        int sent = 0;
        int ended = 0;
        const auto start = [&](CURL *easy) {
            curl_easy_setopt(easy, CURLOPT_URL, m_urls.at(sent++ % m_urls.size()).constData());
            curl_multi_add_handle(m_multi, easy);
        };
        for (CURL *easy : m_easy)
            start(easy);
        while (ended < count) {
            int running = 0;
            curl_multi_perform(m_multi, &running);
            int left = 0;
            while (const CURLMsg *message = curl_multi_info_read(m_multi, &left)) {
                if (message->msg != CURLMSG_DONE || message->data.result != CURLE_OK)
                    qFatal("curl failed");
                CURL *easy = message->easy_handle;
                curl_multi_remove_handle(m_multi, easy);
                ++ended;
                if (sent < count)
                    start(easy);
            }
            curl_multi_poll(m_multi, nullptr, 0, 1000, nullptr);
        }
    }

private:
    CURLM *m_multi;
    curl_slist *m_headers;
    QList<QByteArray> m_urls;
    std::vector<CURL *> m_easy;
};

/// What scripts do today: one process for each poll.
Cost curlProcesses(const SimulatorProcess &simulator, int count)
{
    QTemporaryFile header; // a token is no argument
    if (!header.open())
        return {};
    header.write("Authorization: Bearer " + simulator.token() + '\n');
    header.flush();
    const double before = childrenCpu();
    const Cost own = spent([&] {
        for (int i = 0; i < count; ++i) {
            QProcess curl;
            curl.start(u"curl"_s,
                       {u"-s"_s, u"--noproxy"_s, u"*"_s, u"-o"_s, u"/dev/null"_s, u"-H"_s,
                        u'@' + header.fileName(),
                        simulator.apiRoot().toString() + u"/tasks/"_s + simulator.tasks().at(0)});
            if (!curl.waitForFinished(10'000) || curl.exitCode() != 0)
                qFatal("curl failed");
        }
    });
    return {own.wall, childrenCpu() - before}; // without what it costs us to start them
}

/// One poll of the whole way: the poller with `due` tasks that are due at once, until `polls` have
/// been answered.
Cost pollers(const SimulatorProcess &simulator, int due, int polls)
{
    const SystemClock clock;
    const ServerId server = ServerId::create();
    GuardianClient client(ApiRoot(simulator.apiRoot()), {}, clock);
    Session session(client, clock);
    session.setCredentials({{}, Secret(simulator.token()), {}});
    PollManners manners;
    manners.requestsPerSecond = 1000;
    TaskPoller poller(
        server, client, session, clock, &parseTaskReply, [] { return 0.5; }, manners);
    QEventLoop loop;
    QTimer::singleShot(patience, &loop, &QEventLoop::quit);
    int answered = 0;
    QObject::connect(&poller, &TaskPoller::answered, &loop, [&](const PollOutcome &outcome) {
        if (++answered == polls)
            loop.quit();
        PollWish wish;
        wish.key = outcome.key;
        wish.dueNow = true;
        poller.apply(wish);
    });
    for (int i = 0; i < due; ++i) {
        PollWish wish;
        wish.key = {server, TaskId(simulator.tasks().at(i % simulator.tasks().size()))};
        poller.apply(wish);
    }
    const Cost cost = spent([&] { loop.exec(); });
    if (answered < polls)
        qFatal("the simulator did not answer in time");
    return cost;
}

} // namespace

void benchHttp(const BenchOptions &options, Report &report)
{
    const SimulatorProcess simulator(options.simulator, options.quick ? 1000 : 10'000);
    if (!simulator.isRunning()) {
        report.missing(u"http"_s, u"the simulator did not start"_s);
        return;
    }
    const int polls = options.quick ? 300 : 2000;
    const int processes = options.quick ? 20 : 100;
    const PollTarget target{simulator.apiRoot(), simulator.token(), simulator.tasks()};
    BareLoop bare(target);
    OurClient ours(target);
    CurlMulti curl(simulator);
    const int before = simulator.connections();
    const int proof = options.quick ? polls : 10'000;
    const Cost proven = spent([&] { ours.run(proof); });
    const int opened = simulator.connections() - before - 1; // the question itself needs one
    const auto costs =
        interleave({{u"ours"_s, [&] { return spent([&] { ours.run(polls); }); }},
                    {u"bare"_s, [&] { return spent([&] { bare.run(polls); }); }},
                    {u"curl"_s, [&] { return spent([&] { curl.run(polls); }); }},
                    {u"processes"_s, [&] { return curlProcesses(simulator, processes); }}},
                   options.rounds);
    const double per10k = 10'000.0 / polls;
    const auto all = [&](std::size_t first, std::size_t second) {
        const auto side = [&](std::size_t i) {
            return each(costs[i], i == 3 ? processes / 10'000.0 : 1 / per10k);
        };
        return std::vector<Cost>{side(first), side(second)};
    };
    const QString bareName = u"bare QNetworkAccessManager loop"_s;
    report.ratio(u"http.throughput"_s, u"throughput of our client"_s, bareName,
                 polls / costs[0].wall, polls / costs[1].wall, u"polls/s"_s,
                 noiseOf(costs[0].wallNoise, costs[1].wallNoise), all(0, 1));
    report.ratio(u"http.cpu"_s, u"CPU of 10,000 polls"_s, bareName, costs[0].cpu * per10k,
                 costs[1].cpu * per10k, u"s"_s, noiseOf(costs[0].cpuNoise, costs[1].cpuNoise),
                 all(0, 1));
    report.ratio(u"http.cpu-of-libcurl"_s, u"CPU of 10,000 polls"_s, u"libcurl multi"_s,
                 costs[0].cpu * per10k, costs[2].cpu * per10k, u"s"_s,
                 noiseOf(costs[0].cpuNoise, costs[2].cpuNoise), all(0, 2));
    report.ratio(u"http.curl-processes"_s, u"CPU of one curl process per poll"_s, u"our client"_s,
                 costs[3].cpu / processes * 10'000, costs[0].cpu * per10k, u"s per 10,000"_s,
                 noiseOf(costs[3].cpuNoise, costs[0].cpuNoise), all(3, 0));
    report.absolute(u"http.connections"_s, u"connections opened for %1 polls"_s.arg(proof), opened,
                    u"connections"_s, std::nullopt, {proven});

    const int whole = options.quick ? 300 : 1500;
    const auto turns = interleave(
        {{u"many"_s, [&] { return pollers(simulator, int(simulator.tasks().size()), whole); }},
         {u"few"_s, [&] { return pollers(simulator, 100, whole); }}},
        std::min(options.rounds, 5));
    report.ratio(u"http.many-due"_s,
                 u"CPU per poll with %1 tasks due"_s.arg(simulator.tasks().size()),
                 u"with 100 due"_s, turns[0].cpu / whole * 1e6, turns[1].cpu / whole * 1e6, u"µs"_s,
                 noiseOf(turns[0].cpuNoise, turns[1].cpuNoise),
                 {each(turns[0], whole), each(turns[1], whole)});
}
