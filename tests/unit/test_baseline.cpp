#include "task/baseline.h"

#include <QTest>

#include <algorithm>
#include <functional>
#include <random>

using namespace std::chrono_literals;
using Baseline::Duration;
using std::chrono::milliseconds;

namespace {

/// How long run number `run` of a kind of history takes.
using Kind = std::function<Duration(std::mt19937 &, int run)>;

Duration seconds(double value)
{
    return milliseconds(std::max(1LL, std::llround(value * 1000)));
}

} // namespace

class TestBaseline final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysNothingOfFewRuns()
    {
        QVERIFY(!Baseline::usual({}));
        QVERIFY(!Baseline::usual({1s, 2s, 3s, 4s}));
        QVERIFY(Baseline::usual({1s, 2s, 3s, 4s, 5s}));
        QVERIFY(!Baseline::remaining({1s, 2s, 3s, 4s}, 0s));
        QVERIFY(Baseline::remaining({1s, 2s, 3s, 4s, 5s}, 0s));
        QVERIFY(!Baseline::remaining({1s, 2s, 3s, 4s, 5s}, 1s)); // four of them took longer
    }

    void quantilesLieBetweenTheRuns()
    {
        const auto usual = Baseline::usual({7s, 1s, 3s, 2s, 6s, 5s, 4s});
        QCOMPARE(usual->lowerQuartile, 2s);
        QCOMPARE(usual->median, 4s);
        QCOMPARE(usual->upperQuartile, 6s);
        QCOMPARE(usual->ninetieth, 7s); // no guess beyond what was seen
        const auto same = Baseline::usual(std::vector<Duration>(9, 3s));
        QCOMPARE(*same, (Baseline::Usual{3s, 3s, 3s, 3s}));
    }

    void onlyTheLatestRunsCount()
    {
        std::vector<Duration> runs(1000, 1h);
        runs.insert(runs.end(), Baseline::mostRuns, 2s);
        QCOMPARE(Baseline::usual(runs)->ninetieth, 2s);
    }

    void slowIsMuchLongerThanNearlyAll()
    {
        const Baseline::Usual usual{1s, 2s, 3s, 10s};
        QVERIFY(!Baseline::isSlow(usual, 15s));
        QVERIFY(Baseline::isSlow(usual, 15'001ms));
    }

    void theMarkWalksToTheMedian()
    {
        const Baseline::Usual usual{1s, 2s, 3s, 10s};
        QCOMPARE(Baseline::expectedProgress(usual, 0s), 0.0);
        QCOMPARE(Baseline::expectedProgress(usual, 500ms), 0.25);
        QCOMPARE(Baseline::expectedProgress(usual, 1h), 1.0);
        QCOMPARE(Baseline::expectedProgress({}, 1s), 1.0);
    }

    /// Whatever the history: in order, within what was seen, and the same for any order of runs.
    void propertiesHoldForAnyHistory()
    {
        std::mt19937 random(20261124);
        for (int round = 0; round < 2000; ++round) {
            const auto count = Baseline::fewestRuns + random() % 60;
            std::vector<Duration> runs;
            for (std::size_t i = 0; i < count; ++i)
                runs.emplace_back(1 + random() % (1U << (random() % 24)));
            const auto usual = Baseline::usual(runs);
            const auto begin = runs.end() - std::ptrdiff_t(std::min(count, Baseline::mostRuns));
            QVERIFY(*std::min_element(begin, runs.end()) <= usual->lowerQuartile);
            QVERIFY(usual->lowerQuartile <= usual->median);
            QVERIFY(usual->median <= usual->upperQuartile);
            QVERIFY(usual->upperQuartile <= usual->ninetieth);
            QVERIFY(usual->ninetieth <= *std::max_element(begin, runs.end()));
            const Duration elapsed(random() % 100'000);
            const auto rest = Baseline::remaining(runs, elapsed);
            QVERIFY(!rest || (0ms < rest->from && rest->from <= rest->to));
            std::shuffle(begin, runs.end(), random);
            QCOMPARE(Baseline::usual(runs), usual);
            QCOMPARE(Baseline::remaining(runs, elapsed), rest);
        }
    }

    void theRangeHoldsHalfOfTheRuns_data()
    {
        QTest::addColumn<Kind>("kind");
        QTest::addColumn<int>("known");
        QTest::addColumn<double>("elapsedShare"); // of a typical run
        const Kind logNormal = [](std::mt19937 &random, int) {
            return seconds(std::lognormal_distribution<double>(4, 0.6)(random));
        };
        const Kind bimodal = [](std::mt19937 &random, int) {
            const bool isLong = random() % 3 == 0;
            return seconds(std::lognormal_distribution<double>(isLong ? 6.0 : 3.5, 0.3)(random));
        };
        const Kind drifting = [](std::mt19937 &random, int run) {
            return seconds(std::lognormal_distribution<double>(4 + run * 0.004, 0.6)(random));
        };
        for (const int known : {5, 12, 40, 200}) {
            for (const double share : {0.0, 0.5, 1.0}) {
                if (known == 5 && share == 1.0)
                    continue; // with so few runs nothing is said so late
                const auto row = [&](const char *name, const Kind &kind) {
                    QTest::addRow("%s, %d runs, elapsed %.1f", name, known, share)
                        << kind << known << share;
                };
                row("log-normal", logNormal);
                row("bimodal", bimodal);
                row("drifting", drifting);
            }
        }
    }

    void theRangeHoldsHalfOfTheRuns()
    {
        QFETCH(const Kind, kind);
        QFETCH(const int, known);
        QFETCH(const double, elapsedShare);
        std::mt19937 random(4711);
        int held = 0;
        int said = 0;
        for (int world = 0; world < 4000; ++world) {
            std::vector<Duration> runs;
            runs.reserve(std::size_t(known));
            for (int run = 0; run < known; ++run)
                runs.push_back(kind(random, run));
            const Duration next = kind(random, known);
            const Duration elapsed = seconds(elapsedShare * 54);
            if (next <= elapsed)
                continue; // it has ended by then: nobody asks
            const auto rest = Baseline::remaining(runs, elapsed);
            if (!rest)
                continue;
            ++said;
            held += elapsed + rest->from <= next && next <= elapsed + rest->to ? 1 : 0;
        }
        QVERIFY(said >= 200);
        const double share = 100.0 * held / said;
        QVERIFY2(share >= 42 && share <= 58, qPrintable(QString::number(share)));
    }
};

QTEST_GUILESS_MAIN(TestBaseline)
#include "test_baseline.moc"
