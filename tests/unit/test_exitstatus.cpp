#include "cli/exitstatus.h"

#include <QTest>

#include <algorithm>
#include <optional>

class TestExitStatus : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyOutcomeHasItsStatus_data();
    void everyOutcomeHasItsStatus();
    void aMissingAnswerTellsWhy_data();
    void aMissingAnswerTellsWhy();
    void aKnownOutcomeCountsMoreThanTrouble();
    void theWorstOfAnySetWins();
    void ofNoneItIsGood();
};

void TestExitStatus::everyOutcomeHasItsStatus_data()
{
    QTest::addColumn<Outcome>("outcome");
    QTest::addColumn<int>("status");
    QTest::newRow("checking") << Outcome::Checking << 70; // without a reason: our own fault
    QTest::newRow("waiting") << Outcome::Waiting << 0;
    QTest::newRow("running") << Outcome::Running << 0;
    QTest::newRow("stalled") << Outcome::Stalled << 0;
    QTest::newRow("completed") << Outcome::Completed << 0;
    QTest::newRow("problems") << Outcome::CompletedWithProblems << 11;
    QTest::newRow("failed") << Outcome::Failed << 10;
    QTest::newRow("not found") << Outcome::NotFound << 12;
    QTest::newRow("outcome unknown") << Outcome::OutcomeUnknown << 12;
    QTest::newRow("unreadable") << Outcome::Unreadable << 15;
}

void TestExitStatus::everyOutcomeHasItsStatus()
{
    QFETCH(const Outcome, outcome);
    TaskRecord record;
    record.outcome = outcome;
    QTEST(static_cast<int>(exitStatusOf(record)), "status");
}

void TestExitStatus::aMissingAnswerTellsWhy_data()
{
    QTest::addColumn<PollError::Kind>("kind");
    QTest::addColumn<int>("status");
    using enum PollError::Kind;
    QTest::newRow("not known") << NotKnown << 12;
    QTest::newRow("sign-in") << SignInNeeded << 13;
    QTest::newRow("permission") << NoPermission << 13;
    QTest::newRow("rate") << RateLimited << 14;
    QTest::newRow("5xx") << ServerError << 14;
    QTest::newRow("timeout") << Timeout << 14;
    QTest::newRow("unreachable") << Unreachable << 14;
    QTest::newRow("certificate") << Certificate << 14;
    QTest::newRow("redirect") << ForeignRedirect << 14;
    QTest::newRow("unreadable") << Unreadable << 15;
    QTest::newRow("too large") << TooLarge << 15;
}

void TestExitStatus::aMissingAnswerTellsWhy()
{
    QFETCH(const PollError::Kind, kind);
    TaskRecord record;
    record.trouble = PollError{kind, {}, 0, {}, {}};
    QTEST(static_cast<int>(exitStatusOf(record)), "status");
}

void TestExitStatus::aKnownOutcomeCountsMoreThanTrouble()
{
    TaskRecord record;
    record.outcome = Outcome::Failed;
    record.trouble = PollError{PollError::Kind::Timeout, {}, 0, {}, {}};
    QCOMPARE(exitStatusOf(record), ExitStatus::Failed);
}

void TestExitStatus::theWorstOfAnySetWins()
{
    using enum ExitStatus;
    const QList<ExitStatus> order{Internal, Usage,   SignIn,   NotAsked, Unreadable,
                                  Failed,   Unknown, Problems, Good};
    for (unsigned set = 1; set < (1U << order.size()); ++set) {
        QList<ExitStatus> statuses;
        std::optional<ExitStatus> first;
        for (qsizetype i = 0; i < order.size(); ++i) {
            if ((set & (1U << i)) == 0)
                continue;
            first = first.value_or(order.at(i));
            statuses.append(order.at(i));
        }
        QCOMPARE(worstOf(statuses), *first);
        std::reverse(statuses.begin(), statuses.end());
        QCOMPARE(worstOf(statuses), *first);
    }
}

void TestExitStatus::ofNoneItIsGood()
{
    QCOMPARE(worstOf({}), ExitStatus::Good);
}

QTEST_GUILESS_MAIN(TestExitStatus)
#include "test_exitstatus.moc"
