#include "guardian/discovery.h"
#include "guardian/parsetaskreply.h"
#include "guardian/taskpoller.h"
#include "guardiansimulator.h"
#include "manualclock.h"
#include "passingtime.h"

#include <QRandomGenerator>
#include <QSet>
#include <QTest>

#include <algorithm>
#include <memory>

using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

/// All that asks a server, and a simulator on one clock; what was asked is read in the simulator's
/// log. It renews its token each minute, and looks for other tasks.
struct Rig {
    explicit Rig(int count)
    {
        if (!simulator.listen())
            qFatal("no port");
        client = std::make_unique<GuardianClient>(ApiRoot(simulator.apiRoot()), NetworkSettings{},
                                                  clock);
        session = std::make_unique<Session>(*client, clock);
        poller = std::make_unique<TaskPoller>(
            server, *client, *session, clock, parseTaskReply,
            [this] { return random.generateDouble(); }, PollManners{});
        discovery =
            std::make_unique<Discovery>(*poller, clock, [this] { return random.generateDouble(); });
        ids = simulator.startMany(count, makePlan(Script::NeverEnding));
        poller->setPaused(true); // all begin together
        for (const TaskId &id : std::as_const(ids))
            attend(id, PollWish::Attention::Background);
        poller->setPaused(false);
        simulator.accounts().setAccessLife(1min);
        session->setCredentials(
            {Secret(simulator.accounts().makeRefreshToken(QStringLiteral("alice"))), {}, {}});
        session->askWho();
        discovery->setWanted(true);
    }

    void attend(const TaskId &id, PollWish::Attention attention)
    {
        PollWish wish;
        wish.key = {server, id};
        wish.attention = attention;
        poller->apply(wish);
    }
    /// Lets time pass, from one event to the next.
    void run(milliseconds span)
    {
        PassingTime::run(clock, span, [this] { return client->inFlight() > 0; });
    }
    /// The most requests within any second.
    [[nodiscard]] qsizetype densest() const
    {
        const auto &log = simulator.log();
        auto first = log.begin();
        qsizetype most = 0;
        for (auto last = log.begin(); last != log.end(); ++last) {
            while (first->at <= last->at - 1s)
                ++first;
            most = std::max(most, qsizetype(last - first + 1));
        }
        return most;
    }
    /// The longest time from one request for a task to the next, or to the beginning or now.
    [[nodiscard]] milliseconds longestGap(milliseconds begin) const
    {
        QHash<QString, milliseconds> lastAt;
        for (const TaskId &id : ids)
            lastAt.insert(id.text(), begin);
        milliseconds longest{0};
        const auto look = [&](milliseconds &last, milliseconds at) {
            longest = std::max(longest, at - last);
            last = at;
        };
        for (const SimRequest &request : simulator.log()) {
            if (const auto last = lastAt.find(request.taskId); last != lastAt.end())
                look(*last, request.at);
        }
        for (milliseconds &last : lastAt)
            look(last, clock.now().awake);
        return longest;
    }

    ServerId server = ServerId::create();
    ManualClock clock;
    GuardianSimulator simulator{clock};
    QRandomGenerator random{7};
    std::unique_ptr<GuardianClient> client;
    std::unique_ptr<Session> session;
    std::unique_ptr<TaskPoller> poller;
    std::unique_ptr<Discovery> discovery;
    QList<TaskId> ids;
};

constexpr int budget = 20; // the default, in requests per second

} // namespace

/// Many tasks and the default budget, as the server sees it.
class TestFairness final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tenThousandTasksAreAGentleGuest()
    {
        Rig rig(10'000);
        QSet<QString> attended;
        for (int i = 5'000; i < 5'060; ++i) {
            const TaskId &id = rig.ids.at(i);
            rig.attend(id,
                       i == 5'000 ? PollWish::Attention::Selected : PollWish::Attention::Visible);
            attended.insert(id.text());
        }
        rig.run(60s);
        const auto &log = rig.simulator.log();
        QVERIFY2(rig.densest() <= budget, qPrintable(QString::number(rig.densest())));
        QVERIFY(rig.simulator.requestsTo(u"accounts/session") == 1); // of that budget, too
        QVERIFY(rig.simulator.requestsTo(u"notifications/progresses") >= 2);
        QVERIFY(rig.simulator.accounts().renewals() >= 2);
        QVERIFY2(log.size() >= 60 * budget - 40, qPrintable(QString::number(log.size())));
        const auto ofAttended = std::count_if(log.begin(), log.end(), [&](const SimRequest &each) {
            return attended.contains(each.taskId);
        });
        QVERIFY2(ofAttended * 2 <= qsizetype(log.size()) + 1,
                 qPrintable(QString::number(ofAttended)));
        QVERIFY(ofAttended * 4 >= qsizetype(log.size())); // and they do come first
        QCOMPARE(rig.simulator.mostInFlightOfOneTask(), 1);
        QVERIFY(rig.simulator.mostInFlight() <= 6);
        QVERIFY(rig.simulator.connections() <= 6);
    }

    void noneIsForgotten_data()
    {
        QTest::addColumn<int>("count");
        QTest::newRow("400 tasks") << 400;
        // 60,000 answers take minutes: not at every run.
        if (qEnvironmentVariableIsSet("TASKWATCH_LONG_TESTS"))
            QTest::newRow("10,000 tasks") << 10'000;
    }

    void noneIsForgotten()
    {
        QFETCH(int, count);
        Rig rig(count);
        for (int i = 0; i < 200; ++i) // enough to take all of the budget, if they could
            rig.attend(rig.ids.at(i * 2), PollWish::Attention::Visible);
        const milliseconds begin = rig.clock.now().awake;
        const milliseconds limit = 3 * count * 1000ms / budget;
        rig.run(2 * limit);
        QVERIFY2(rig.longestGap(begin) <= limit,
                 qPrintable(QString::number(rig.longestGap(begin).count())));
        QVERIFY2(rig.densest() <= budget, qPrintable(QString::number(rig.densest())));
    }

    void afterAnOutageThereIsNoBurst()
    {
        Rig rig(10'000);
        rig.run(10s);
        rig.simulator.goDown();
        rig.run(5min);
        const auto before = rig.simulator.requests();
        QVERIFY(rig.simulator.comeBack());
        for (int i = 0; i < 65 && rig.simulator.requests() == before; ++i)
            rig.run(1s); // the longest back-off is a minute
        QVERIFY(rig.simulator.requests() > before);
        rig.run(10s);
        QVERIFY2(rig.simulator.requests() >= before + 9 * budget,
                 qPrintable(QString::number(rig.simulator.requests() - before)));
        QVERIFY2(rig.densest() <= budget, qPrintable(QString::number(rig.densest())));
    }
};

QTEST_GUILESS_MAIN(TestFairness)
#include "test_fairness.moc"
