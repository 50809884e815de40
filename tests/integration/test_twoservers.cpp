#include "guardian/engine.h"
#include "guardiansimulator.h"
#include "manualclock.h"
#include "passingtime.h"

#include <QHash>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

/// When each task was asked for, since the beginning.
using Polls = QHash<QString, QList<milliseconds>>;

/// One engine with two real servers, on one clock. Chance is the same each time, so that what the
/// well server sees may depend on nothing but the other.
struct Rig {
    Rig(int count, int requestsPerSecond)
    {
        for (GuardianSimulator *server : {&troubled, &well})
            if (!server->listen())
                qFatal("no port");
        QObject::connect(&engine, &Engine::polled, &engine,
                         [this](const QList<PollOutcome> &some) { outcomes += some; });
        QList<PollWish> wishes;
        for (auto [simulator, id] : {std::pair(&troubled, troubledId), std::pair(&well, wellId)}) {
            ServerConfig config;
            config.id = id;
            config.name = u"Test"_s;
            config.root = ApiRoot(simulator->apiRoot());
            config.manners.requestsPerSecond = requestsPerSecond;
            engine.setServer(config);
            engine.setToken(id, Secret(simulator->accounts().plainToken()));
            const auto tasks = simulator->startMany(count, makePlan(Script::NeverEnding));
            for (const TaskId &task : tasks) {
                PollWish wish;
                wish.key = {id, task};
                wishes.append(wish);
            }
        }
        engine.applyWishes(wishes);
    }

    /// From one event to the next. Who keeps us waiting is not waited for.
    void run(milliseconds span, bool waitsForBoth = true)
    {
        const auto clients = engine.findChildren<const GuardianClient *>();
        const auto isUnderWay = [this, clients, waitsForBoth] {
            return std::any_of(clients.begin(), clients.end(), [&](const GuardianClient *client) {
                return client->inFlight() > 0
                       && (waitsForBoth || client->root() == ApiRoot(well.apiRoot()));
            });
        };
        PassingTime::run(clock, span, isUnderWay);
    }

    [[nodiscard]] Polls polls() const
    {
        Polls polls;
        for (const SimRequest &request : well.log())
            polls[request.taskId].append(request.at - begin);
        return polls;
    }

    /// Of that server, among those sent since then: how many could be read, and not.
    [[nodiscard]] std::pair<int, int> answers(const ServerId &server, milliseconds since) const
    {
        std::pair<int, int> counts{0, 0};
        for (const PollOutcome &outcome : outcomes) {
            if (outcome.key.server == server && outcome.sentAt.awake > since)
                ++(outcome.answer ? counts.first : counts.second);
        }
        return counts;
    }

    const ServerId troubledId = ServerId::create();
    const ServerId wellId = ServerId::create();
    ManualClock clock;
    const milliseconds begin = clock.now().awake;
    GuardianSimulator troubled{clock};
    GuardianSimulator well{clock};
    QList<PollOutcome> outcomes;
    Engine engine{clock, EngineParts{{}, [] { return 0.5; }}};
};

constexpr milliseconds before{10s}; ///< while both are well
constexpr milliseconds during{45s};

void goWrong(GuardianSimulator &server, const QByteArray &how)
{
    const auto always = [&server](Fault fault) {
        fault.count = -1;
        server.addFault(fault);
    };
    if (how == "silent")
        always({.kind = Fault::Kind::Silent});
    else if (how == "slow")
        always({.kind = Fault::Kind::Latency, .delay = 5s});
    else if (how == "500")
        always({.kind = Fault::Kind::Status, .status = 500});
    else if (how == "429")
        always({.kind = Fault::Kind::Status, .status = 429, .retryAfter = "20"});
    else if (how == "reset")
        always({.kind = Fault::Kind::ResetInBody});
    else if (how == "away")
        server.goDown();
    else if (how == "sign-in")
        server.accounts().setPlainToken("another");
    else if (how != "well")
        qFatal("unknown trouble");
}

} // namespace

/// One server's trouble never slows another: at the other, every task is asked for at the very
/// moments at which it is when both are well.
class TestTwoServers final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void troubleOfOneIsNotTheOthers_data();
    void troubleOfOneIsNotTheOthers();

private:
    QHash<int, Polls> m_whenWell; ///< by the number of tasks
};

void TestTwoServers::troubleOfOneIsNotTheOthers_data()
{
    QTest::addColumn<QByteArray>("how");
    QTest::addColumn<int>("count");
    QTest::addColumn<bool>("isRead");
    const auto rows = [](const char *how, bool isRead = false) {
        QTest::addRow("%s, at the tasks' own pace", how) << QByteArray(how) << 4 << isRead;
        QTest::addRow("%s, as fast as the budget allows", how) << QByteArray(how) << 50 << isRead;
    };
    rows("well", true); // first: what the others are measured by
    rows("silent");
    rows("slow", true);
    rows("500");
    rows("429");
    rows("reset");
    rows("away");
    rows("sign-in");
}

void TestTwoServers::troubleOfOneIsNotTheOthers()
{
    QFETCH(QByteArray, how);
    QFETCH(int, count);
    QFETCH(bool, isRead);
    constexpr int budget = 10;
    Rig rig(count, budget);
    rig.run(before);
    QVERIFY(rig.troubled.requests() >= count);
    const milliseconds since = rig.clock.now().awake;
    goWrong(rig.troubled, how);
    rig.run(during, how != "silent" && how != "slow");
    const auto [read, unread] = rig.answers(rig.troubledId, since);
    QVERIFY(isRead ? read > 0 && unread == 0 : read == 0 && unread > 0);
    QCOMPARE(rig.answers(rig.wellId, {}).second, 0);

    const Polls polls = rig.polls();
    QCOMPARE(polls.size(), count);
    if (how == "well") {
        // Something to be measured by: all is asked that the budget allows, or each task often.
        if (count > budget)
            QVERIFY(rig.well.requests() >= budget * (before + during) / 1s - budget);
        for (const auto &moments : polls)
            QVERIFY(moments.size() >= 10);
        m_whenWell.insert(count, polls);
        return;
    }
    const Polls whenWell = m_whenWell.value(count);
    QVERIFY2(!whenWell.isEmpty(), "run it with the rows of two that are well");
    for (auto task = polls.begin(); task != polls.end(); ++task)
        QCOMPARE(task.value(), whenWell.value(task.key()));
}

QTEST_GUILESS_MAIN(TestTwoServers)
#include "test_twoservers.moc"
