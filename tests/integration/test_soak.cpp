#include "processfacts.h"
#include "soakrig.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::minutes;

namespace {

int fromEnvironment(const char *name, int otherwise)
{
    bool ok = false;
    const int value = qEnvironmentVariableIntValue(name, &ok);
    return ok && value > 0 ? value : otherwise;
}

} // namespace

/// Half an hour of trouble of every kind. The clock runs fast, so that the sockets are real and the
/// waiting is not: by TASKWATCH_SOAK_PACE (150 by default) and TASKWATCH_SOAK_MINUTES (30).
class TestSoak final : public QObject
{
    Q_OBJECT

private:
    static void awaitTime(const Soak &soak, milliseconds end, double pace)
    {
        const auto limit = int(double((end - soak.clock.now().awake).count()) / pace) + 10'000;
        QTRY_VERIFY_WITH_TIMEOUT(soak.clock.now().awake >= end, limit);
    }

public:
    static void initMain() { qputenv("QTEST_FUNCTION_TIMEOUT", "14400000"); } // in its long form

private Q_SLOTS:
    void everyOutcomeIsTheServersAndNothingIsLeftOver()
    {
        const double pace = fromEnvironment("TASKWATCH_SOAK_PACE", 150);
        const minutes length(fromEnvironment("TASKWATCH_SOAK_MINUTES", 30));
        // The longest life of a task, the longest back-off, and a stall that has to be noticed.
        const auto settling = int(double(milliseconds(20min).count()) / pace) + 30'000;
        { // what is made once and kept by libraries is made now
            Soak first(pace);
            first.watch(first.start(Script::Quick));
            QTRY_VERIFY_WITH_TIMEOUT(first.wrong(&SimTruth::eventual).isEmpty(), 30'000);
        }
        const int descriptors = ProcessFacts::descriptors();
        const int threads = ProcessFacts::threads();
        const ProcessFacts::Memory before = ProcessFacts::memory();
        ProcessFacts::Memory warm;
        {
            Soak soak(pace);
            const milliseconds begin = soak.clock.now().awake;
            soak.watch(soak.start(Script::NeverEnding));
            soak.watch(soak.start(Script::BigResult));
            soak.begin();
            awaitTime(soak, begin + length / 2, pace);

            // The gateway restarts and forgets everything. All is known before: what it says in
            // its last moment nobody can know.
            soak.calmDown();
            QTRY_VERIFY2_WITH_TIMEOUT(soak.wrong(&SimTruth::now).isEmpty(),
                                      qPrintable(soak.wrong(&SimTruth::now).join(u'\n')), settling);
            soak.simulator.restart();
            warm = ProcessFacts::memory();
            const int begunBefore = soak.begun;
            soak.watch(soak.start(Script::NeverEnding));
            soak.watch(soak.start(Script::Stalled));
            soak.begin();
            awaitTime(soak, begin + length, pace);

            soak.calmDown();
            QTRY_VERIFY2_WITH_TIMEOUT(soak.wrong(&SimTruth::eventual).isEmpty(),
                                      qPrintable(soak.wrong(&SimTruth::eventual).join(u'\n')),
                                      settling);
            QTRY_VERIFY2_WITH_TIMEOUT(soak.wrongOnDisk(&SimTruth::eventual).isEmpty(),
                                      qPrintable(soak.wrongOnDisk(&SimTruth::eventual).join(u'\n')),
                                      10'000);
            const ProcessFacts::Memory end = ProcessFacts::memory();
            qInfo("%d tasks, %lld of them discovered, %d troubles, %d renewals, %d pushes; %d "
                  "connections; live %d times; in use %lld -> %lld kB, RSS %lld -> %lld kB; %d "
                  "descriptors, %d threads at the end",
                  soak.begun, qlonglong(soak.discovered), soak.troubles,
                  soak.simulator.accounts().renewals(), soak.simulator.push().pushes(),
                  soak.simulator.connections(), soak.states.value(Connection::Live),
                  warm.inUse / 1024, end.inUse / 1024, warm.resident / 1024, end.resident / 1024,
                  ProcessFacts::descriptors(), ProcessFacts::threads());
            qInfo() << "met:" << soak.simulator.faultHits();
            QCOMPARE(soak.store.size(), soak.begun);
            QVERIFY(soak.discovered > 0);
            QVERIFY(soak.simulator.accounts().renewals() >= length.count() / 3);
            QVERIFY(soak.states.value(Connection::Live) > 0);
            QCOMPARE(soak.states.value(Connection::SignInNeeded), 1); // before it was signed in
            if (soak.troubles >= 2 * Soak::kindsOfTrouble - 1) {      // each was there, and was met
                QCOMPARE(soak.met(),
                         (QStringList{u"cut"_s, u"drip"_s, u"empty"_s, u"latency"_s,
                                      u"login-page"_s, u"reset"_s, u"silent"_s, u"status 429"_s,
                                      u"status 500"_s, u"status 503"_s, u"truncated"_s}));
                QVERIFY(soak.outages >= 2);
                QVERIFY(soak.states.value(Connection::Unreachable) > 0);
                QVERIFY(soak.states.value(Connection::RateLimited) > 0);
            }
            // Six connections and a push, both ends of each.
            QVERIFY(ProcessFacts::descriptors() <= descriptors + 40);
            if (warm.inUse > 0) { // not under a sanitizer, which has an allocator of its own
                const qint64 ofTasks =
                    40'000 * qint64(soak.begun - begunBefore); // replies and steps
                QVERIFY(end.inUse - warm.inUse < ofTasks);
                QVERIFY(end.resident - warm.resident < 8 * 1024 * 1024);
            }
        }
        const ProcessFacts::Memory after = ProcessFacts::memory();
        qInfo("in use before %lld kB, after %lld kB", before.inUse / 1024, after.inUse / 1024);
        if (before.inUse > 0)
            QVERIFY(after.inUse - before.inUse < 320 * 1024); // half of it is caches, at each run
        QTRY_VERIFY(ProcessFacts::threads() <= threads);      // Qt may have ended one of its own
        QTRY_COMPARE(ProcessFacts::descriptors(), descriptors);
    }
};

QTEST_GUILESS_MAIN(TestSoak)
#include "test_soak.moc"
