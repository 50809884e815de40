#include "pollmaker.h"
#include "task/taskwords.h"

#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

constexpr Outcome outcomes[] = {Outcome::Checking,
                                Outcome::Waiting,
                                Outcome::Running,
                                Outcome::Stalled,
                                Outcome::Completed,
                                Outcome::Failed,
                                Outcome::CompletedWithProblems,
                                Outcome::NotFound,
                                Outcome::Unreadable,
                                Outcome::OutcomeUnknown};

TaskRecord recordOf(Outcome outcome, TaskSnapshot snapshot)
{
    TaskRecord record;
    record.outcome = outcome;
    record.snapshot = std::make_shared<const TaskSnapshot>(std::move(snapshot));
    return record;
}

TaskRecord failed(const QString &step, const std::optional<TaskError> &error)
{
    TaskSnapshot snapshot = PollMaker::snapshot(TaskPhase::Failed, step);
    snapshot.error = error;
    return recordOf(Outcome::Failed, snapshot);
}

} // namespace

/// The words for states, durations, summaries and errors.
class TestTaskWords : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void durations_data();
    void durations();
    void rangesAreShort();
    void everyStateHasItsOwnWords();
    void stepStates();
    void summariesSayTheOneThing();
    void serverTextIsOneShortLine();
    void everyErrorSaysWhatToDo();
    void whoAsksOnceIsToldToTryAgain();
    void errorsSayWhereAndWhen();
};

void TestTaskWords::durations_data()
{
    QTest::addColumn<milliseconds>("length");
    QTest::addColumn<QString>("words");
    QTest::addColumn<QString>("ticking");
    QTest::addColumn<QString>("inSentences");
    const auto row = [](milliseconds length, const QString &words, const QString &ticking,
                        const QString &inSentences) {
        QTest::addRow("%lld", static_cast<long long>(length.count()))
            << length << words << ticking << inSentences;
    };
    row(-5s, u"0 s"_s, u"0:00"_s, u"0 s"_s);
    row(0s, u"0 s"_s, u"0:00"_s, u"0 s"_s);
    row(200ms, u"0.2 s"_s, u"0:00"_s, u"0.2 s"_s);
    row(999ms, u"0.9 s"_s, u"0:00"_s, u"0.9 s"_s);
    row(6s, u"6 s"_s, u"0:06"_s, u"6 s"_s);
    row(9950ms, u"9.9 s"_s, u"0:09"_s, u"9.9 s"_s);
    row(12'700ms, u"12 s"_s, u"0:12"_s, u"12 s"_s);
    row(59'999ms, u"59 s"_s, u"0:59"_s, u"59 s"_s);
    row(1min, u"1:00"_s, u"1:00"_s, u"1 min"_s);
    row(125s, u"2:05"_s, u"2:05"_s, u"2 min 5 s"_s);
    row(31min + 40s, u"31:40"_s, u"31:40"_s, u"31 min 40 s"_s);
    row(1h, u"1 h"_s, u"1 h"_s, u"1 h"_s);
    row(72min + 59s, u"1 h 12 min"_s, u"1 h 12 min"_s, u"1 h 12 min"_s);
    row(47h + 59min, u"47 h 59 min"_s, u"47 h 59 min"_s, u"47 h 59 min"_s);
    row(48h, u"2 days"_s, u"2 days"_s, u"2 days"_s);
    row(80h, u"3 days"_s, u"3 days"_s, u"3 days"_s);
    row(24h * 400, u"400 days"_s, u"400 days"_s, u"400 days"_s);
}

void TestTaskWords::durations()
{
    QFETCH(const milliseconds, length);
    QFETCH(const QString, words);
    QFETCH(const QString, ticking);
    QFETCH(const QString, inSentences);
    QCOMPARE(TaskWords::duration(length), words);
    QCOMPARE(TaskWords::ticking(length), ticking);
    QCOMPARE(TaskWords::longDuration(length), inSentences);
}

void TestTaskWords::rangesAreShort()
{
    QCOMPARE(TaskWords::range({1'400ms, 2'600ms}), u"1–3 s"_s);
    QCOMPARE(TaskWords::range({2'600ms, 3'400ms}), u"3 s"_s);
    QCOMPARE(TaskWords::range({20s, 89s}), u"20–89 s"_s);
    QCOMPARE(TaskWords::range({20s, 3min}), u"up to 3 min"_s);
    QCOMPARE(TaskWords::range({12min + 20s, 17min + 40s}), u"12–18 min"_s);
    QCOMPARE(TaskWords::range({5min, 5min}), u"5 min"_s);
    QCOMPARE(TaskWords::range({50min, 2h}), u"50 min to 2 h"_s);
    QCOMPARE(TaskWords::range({100min, 100min}), u"1 h 40 min"_s);
}

void TestTaskWords::everyStateHasItsOwnWords()
{
    QSet<QString> words;
    QSet<QString> kebabs;
    QSet<QString> explanations;
    for (const Outcome outcome : outcomes) {
        words.insert(TaskWords::word(outcome));
        kebabs.insert(TaskWords::kebab(outcome));
        explanations.insert(TaskWords::explanation(recordOf(outcome, {})));
        QCOMPARE(TaskWords::word(outcome, true) == u"Expired"_s, isFinal(outcome));
        // The words and those for machines are the same ones.
        QCOMPARE(TaskWords::word(outcome).toLower().replace(u' ', u'-'), TaskWords::kebab(outcome));
        TaskRecord nothing;
        nothing.outcome = outcome;
        QVERIFY(!TaskWords::explanation(nothing).isEmpty());
        QVERIFY(TaskWords::summary(nothing).size() < 100); // without a snapshot, too
    }
    QCOMPARE(words.size(), 10);
    QCOMPARE(kebabs.size(), 10);
    QCOMPARE(explanations.size(), 10);

    TaskRecord expired = recordOf(Outcome::Failed, {});
    expired.expired = true;
    QVERIFY(TaskWords::explanation(expired).startsWith(u"Failed, and no longer on the server"_s));
    TaskSnapshot endless;
    endless.allStepsDone = true;
    QVERIFY(TaskWords::explanation(recordOf(Outcome::Running, endless)).contains(u"no result"_s));
}

void TestTaskWords::stepStates()
{
    QSet<QString> words;
    QStringList kebabs;
    for (const StepState state : {StepState::Waiting, StepState::Running, StepState::Completed,
                                  StepState::Failed, StepState::Skipped, StepState::Info}) {
        words.insert(TaskWords::word(state));
        kebabs.append(TaskWords::kebab(state));
    }
    QCOMPARE(words.size(), 6);
    QCOMPARE(kebabs.join(u'|'), u"waiting|running|completed|failed|skipped|info"_s);
}

void TestTaskWords::summariesSayTheOneThing()
{
    const TaskError error{u"500"_s, u"INSUFFICIENT_PAYER_BALANCE"_s, {}};
    QCOMPARE(TaskWords::summary(failed(u"Create topics"_s, error)),
             u"Step “Create topics”: INSUFFICIENT_PAYER_BALANCE"_s);
    QCOMPARE(TaskWords::summary(failed({}, error)), u"INSUFFICIENT_PAYER_BALANCE"_s);
    QCOMPARE(TaskWords::summary(failed({}, TaskError{u"7"_s, {}, {}})), u"Error 7"_s);
    QCOMPARE(TaskWords::summary(failed({}, TaskError{{}, {}, R"({"a":1})"})), uR"({"a":1})"_s);
    QCOMPARE(TaskWords::summary(failed({}, TaskError{})), u"The server gives no reason"_s);
    QCOMPARE(TaskWords::summary(failed({}, {})), u"The server gives no reason"_s);

    const TaskSnapshot running = PollMaker::snapshot(TaskPhase::Running, u"Publish schemas"_s);
    QCOMPARE(TaskWords::summary(recordOf(Outcome::Running, running)), u"Publish schemas"_s);
    QCOMPARE(TaskWords::summary(recordOf(Outcome::Stalled, running)),
             u"No change for too long in “Publish schemas”"_s);
    QCOMPARE(TaskWords::summary(recordOf(Outcome::OutcomeUnknown, running)),
             u"Last seen in “Publish schemas”; the server no longer knows it"_s);
    QCOMPARE(TaskWords::summary(recordOf(Outcome::Waiting, {})), u"Not started yet"_s);
    QCOMPARE(TaskWords::summary(recordOf(Outcome::NotFound, {})),
             u"Unknown here, or another account's"_s);

    TaskSnapshot done = PollMaker::snapshot(TaskPhase::Completed);
    done.resultText = "65f1";
    QCOMPARE(TaskWords::summary(recordOf(Outcome::Completed, done)), u"65f1"_s);
    done.resultIsSecret = true;
    QCOMPARE(TaskWords::summary(recordOf(Outcome::Completed, done)),
             u"The result holds a secret"_s);
    done.verdict.summary = u"Policy is invalid: 3 blocks"_s;
    QCOMPARE(TaskWords::summary(recordOf(Outcome::CompletedWithProblems, done)),
             u"Policy is invalid: 3 blocks"_s);

    TaskRecord checking;
    QCOMPARE(TaskWords::summary(checking), QString());
    checking.trouble = PollMaker::error(PollError::Kind::SignInNeeded);
    QCOMPARE(TaskWords::summary(checking), u"There is no token for this server."_s);
    checking.trouble->httpStatus = 401;
    QCOMPARE(TaskWords::summary(checking), u"The server refused the token."_s);
    checking.outcome = Outcome::Unreadable;
    checking.trouble = PollMaker::error(PollError::Kind::Unreadable);
    QCOMPARE(TaskWords::summary(checking), u"The answer is not a task."_s);
}

void TestTaskWords::serverTextIsOneShortLine()
{
    const QString text = u"first\n  second\t"_s + u"x"_s.repeated(3'000'000);
    const QString line = TaskWords::summary(failed({}, TaskError{{}, text, {}}));
    QVERIFY(line.startsWith(u"first second x"_s));
    QVERIFY(line.endsWith(u'…'));
    QCOMPARE(line.size(), 300);
}

void TestTaskWords::everyErrorSaysWhatToDo()
{
    QSet<QString> headlines;
    for (int kind = 0; kind <= int(PollError::Kind::TooLarge); ++kind) {
        PollError error;
        error.kind = static_cast<PollError::Kind>(kind);
        const PollErrorText text = describe(error);
        headlines.insert(text.headline);
        QVERIFY(!text.headline.isEmpty() && !text.nextStep.isEmpty());
        QVERIFY(!text.headline.contains(u"HTTP"));
        QVERIFY(text.headline.endsWith(u'.') && text.nextStep.endsWith(u'.'));
    }
    QCOMPARE(headlines.size(), 11);
    PollError signIn = PollMaker::error(PollError::Kind::SignInNeeded);
    const PollErrorText missing = describe(signIn);
    QCOMPARE(missing.headline, u"There is no token for this server."_s);
    QCOMPARE(missing.nextStep, u"Sign in."_s);
    signIn.httpStatus = 401;
    const PollErrorText refused = describe(signIn);
    QCOMPARE(refused.headline, u"The server refused the token."_s);
    QCOMPARE(refused.nextStep, u"Sign in again."_s);
}

void TestTaskWords::whoAsksOnceIsToldToTryAgain()
{
    for (int kind = 0; kind <= int(PollError::Kind::TooLarge); ++kind) {
        for (const auto retryAfter : {std::optional<std::chrono::milliseconds>(),
                                      std::optional<std::chrono::milliseconds>(7s)}) {
            PollError error = PollMaker::error(PollError::Kind(kind));
            error.retryAfter = retryAfter;
            const PollErrorText watched = describe(error);
            const PollErrorText once = describe(error, AskedAgain::ByPerson);
            QCOMPARE(once.headline, watched.headline);
            QVERIFY2(!once.nextStep.contains("by itself"_L1), qPrintable(once.nextStep));
            QCOMPARE(once.nextStep.contains("ry again"_L1),
                     watched.nextStep.contains("by itself"_L1));
        }
    }
}

void TestTaskWords::errorsSayWhereAndWhen()
{
    PollError error = PollMaker::error(PollError::Kind::RateLimited);
    error.retryAfter = 1500ms;
    QVERIFY(describe(error).nextStep.contains(u"in 2 s"_s));
    error.kind = PollError::Kind::ForeignRedirect;
    QVERIFY(!describe(error).headline.contains(u"%1"));
    error.redirectTarget = QUrl(u"https://login.example.org/x"_s);
    QVERIFY(describe(error).headline.contains(u"login.example.org"_s));
}

QTEST_GUILESS_MAIN(TestTaskWords)
#include "test_taskwords.moc"
