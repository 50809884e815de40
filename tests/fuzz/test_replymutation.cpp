#include "guardian/parsetaskreply.h"
#include "mutator.h"
#include "oracle.h"
#include "pollmaker.h"
#include "task/advance.h"
#include "task/jsonmember.h"
#include "task/secretrule.h"
#include "task/taskjson.h"
#include "testdata.h"

#include <QDirIterator>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const TaskKey key{ServerId::create(), TaskId(u"8a3b1d52-7c1e-4f60-a3d4-0f6b2c9d1e77"_s)};
const Instant early{QDateTime(QDate(2026, 5, 4), QTime(12, 0), Qt::UTC), 1h};
const Instant later{early.wall.addSecs(60), early.awake + 1min};

Outcome outcomeOf(const Truth &truth)
{
    switch (truth.phase) {
    case Truth::Phase::Waiting:
        return Outcome::Waiting;
    case Truth::Phase::Running:
        return Outcome::Running;
    case Truth::Phase::Completed:
        return Outcome::Completed;
    case Truth::Phase::CompletedWithProblems:
        return Outcome::CompletedWithProblems;
    case Truth::Phase::Failed:
        return Outcome::Failed;
    }
    return Outcome::Checking;
}

/// What one poll with this body makes of a record.
TaskRecord poll(const TaskRecord &before, const QByteArray &body, const Instant &now)
{
    const auto reply = PollMaker::reply(body);
    const auto answer = parseTaskReply(*reply).map([](TaskSnapshot &&snapshot) {
        return ReadableAnswer(std::make_shared<const TaskSnapshot>(std::move(snapshot)));
    });
    const PollOutcome outcome = PollMaker::poll(key, now, answer, reply);
    return advance(before, outcome, now);
}

/// Whether two records are the same but for trouble and the marks of polling.
bool sameBelief(const TaskRecord &a, const TaskRecord &b)
{
    return a.key == b.key && a.label == b.label && a.paused == b.paused && a.outcome == b.outcome
           && a.expired == b.expired && a.confirmed == b.confirmed && a.snapshot == b.snapshot
           && a.reply == b.reply && a.watchedSince == b.watchedSince && a.changedAt == b.changedAt
           && a.endedAt == b.endedAt && a.endWitnessed == b.endWitnessed && a.quietFor == b.quietFor
           && a.unchangedAnswers == b.unchangedAnswers;
}

const char *const fine = nullptr;

/// As the oracle tells them.
QStringList linesOf(const std::vector<TaskStep> &steps, int level = 1)
{
    QStringList lines;
    for (const TaskStep &step : steps) {
        lines.append(
            u"%1 %2 %3"_s.arg(QString::number(level), QString::number(int(step.state)), step.name));
        lines += linesOf(step.steps, level + 1);
    }
    return lines;
}

std::optional<qint64> msOf(const std::optional<QDateTime> &time)
{
    return time ? std::optional(time->toMSecsSinceEpoch()) : std::nullopt;
}

const char *judgeDetails(const TaskSnapshot &snapshot, const Truth &truth)
{
    if (linesOf(snapshot.steps) != truth.steps)
        return "the steps are others";
    if (snapshot.currentStep != truth.currentStep)
        return "the current step is another";
    if (snapshot.error.has_value() != truth.hasError)
        return "the error is lost or invented";
    if (truth.errorMessage && snapshot.error->message != *truth.errorMessage)
        return "the error says something else";
    if (msOf(snapshot.startedAt) != truth.startedAt
        || msOf(snapshot.finishedAt) != truth.finishedAt)
        return "the times are others";
    return fine;
}

/// What the belief must have become; words for what is wrong, or null.
const char *judgeBelief(const TaskRecord &before, const TaskRecord &after, const Truth &truth)
{
    const bool foreign =
        !truth.taskId.isEmpty() && truth.taskId.compare(key.task.text(), Qt::CaseInsensitive) != 0;
    if (truth.kind != Truth::Kind::Task || foreign) {
        const auto kind = truth.kind == Truth::Kind::NotKnown ? PollError::Kind::NotKnown
                                                              : PollError::Kind::Unreadable;
        if (!after.trouble || after.trouble->kind != kind)
            return "the trouble is another";
        return sameBelief(before, after) ? fine : "what tells nothing changed something";
    }
    if (after.trouble || after.strangeReply)
        return "trouble with a readable answer";
    const bool known = isFinal(before.outcome);
    const bool older = truth.timestamp && before.snapshot->timestamp
                       && *truth.timestamp < *before.snapshot->timestamp;
    if ((known && !truth.isFinal()) || (known == truth.isFinal() && older))
        return after.outcome == before.outcome && after.snapshot == before.snapshot
                       && after.reply == before.reply
                   ? fine
                   : "an older answer replaced a newer one";
    if (after.outcome != outcomeOf(truth))
        return "the outcome is another";
    if (after.snapshot->percent != truth.percent)
        return "the percentage is another";
    if (after.snapshot->action != truth.action || after.snapshot->taskId.text() != truth.taskId)
        return "the names are others";
    if ((after.snapshot->dialect == Dialect::Documented) != truth.documented)
        return "the dialect is another";
    if (after.snapshot->hasResult != truth.hasResult)
        return "the result is lost or invented";
    if (const char *wrong = judgeDetails(*after.snapshot, truth))
        return wrong;
    return after.confirmed == known ? fine : "confirmed too early or too late";
}

/// The byte-wise readers must agree with the tree, and a secret must not get past the mask.
const char *judgeText(const QByteArray &body, const TaskRecord &after)
{
    const QByteArray masked = maskSecrets(body, after.snapshot->action);
    const QJsonDocument json = QJsonDocument::fromJson(body);
    if (after.reply->body != body)
        return fine; // set aside
    const auto result = topLevelMember(body, "result");
    const QJsonValue value = json[u"result"];
    if (result.has_value() == value.isUndefined())
        return "the result's bytes are not where the tree has it";
    if (result) {
        const QByteArray wrapped = QByteArray("[").append(*result).append(']');
        if (QJsonDocument::fromJson(wrapped).array().at(0) != value)
            return "the result's bytes are others";
    }
    if (QJsonDocument::fromJson(masked).isNull())
        return "masking broke the JSON";
    if (after.snapshot->resultIsSecret && masked == body && !body.contains("•••"))
        return "a secret was not masked";
    if (after.snapshot->resultIsSecret && !after.snapshot->resultText.isEmpty())
        return "a secret is in the summary";
    return taskToJson(after, {}, {}).size() == 12 ? fine : "the JSON object is not whole";
}

} // namespace

/// Ten thousand broken and odd replies: nothing crashes, what cannot be read changes no belief, and
/// what can be read changes it to what an oracle says that knows none of our code.
class TestReplyMutation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void mutants_data();
    void mutants();
    void theOracleAgreesOnTheFixtures();

private:
    static constexpr int mutantsEach = 5000;

    QByteArrayList m_bodies;
    TaskRecord m_running;
    TaskRecord m_final;
};

void TestReplyMutation::initTestCase()
{
    QStringList files;
    QDirIterator it(testDataPath(u"replies"), {u"*.json"_s}, QDir::Files,
                    QDirIterator::Subdirectories);
    while (it.hasNext())
        files.append(it.next());
    files.sort(); // the order of a folder is not the same everywhere
    for (const QString &name : std::as_const(files)) {
        QFile file(name);
        if (name.endsWith(u"/expected.json"_s))
            continue;
        QVERIFY(file.open(QIODevice::ReadOnly));
        // All are about our task, or hardly any would be believed.
        m_bodies.append(file.readAll()
                            .replace("64b1f0c2d9e87a0012c0ffee", key.task.text().toUtf8())
                            .replace(R"("taskId":"x")", R"("taskId":"")"));
    }
    QVERIFY(m_bodies.size() > 100);

    TaskRecord record;
    record.key = key;
    record.watchedSince = early.wall;
    m_running =
        poll(record,
             R"({"action":"Publish policy","statuses":[],"info":{"started":true,"progress":7,
                         "message":"Before","timestamp":1777885901220}})",
             early);
    QCOMPARE(m_running.outcome, Outcome::Running);
    m_final = poll(m_running,
                   R"({"action":"Publish policy","result":"before","info":{"completed":true,
                       "timestamp":1777885901220}})",
                   early);
    QCOMPARE(m_final.outcome, Outcome::Completed);
}

void TestReplyMutation::mutants_data()
{
    QTest::addColumn<bool>("ofBytes");
    QTest::newRow("bytes") << true;
    QTest::newRow("tree") << false;
}

void TestReplyMutation::mutants()
{
    QFETCH(const bool, ofBytes);
    int told[3] = {};
    int moved = 0;
    for (quint32 seed = 0; seed < mutantsEach; ++seed) {
        Mutator mutator(seed);
        const QByteArray body =
            ofBytes ? mutator.mutateBytes(m_bodies) : mutator.mutateTree(m_bodies);
        const Truth truth = truthOf(body);
        ++told[static_cast<int>(truth.kind)];
        for (const TaskRecord &before : {m_running, m_final}) {
            const TaskRecord after = poll(before, body, later);
            const char *wrong = judgeBelief(before, after, truth);
            if (!wrong)
                wrong = judgeText(body, after);
            QVERIFY2(!wrong, qPrintable(u"seed %1: %2\n%3"_s.arg(
                                 QString::number(seed), QLatin1String(wrong),
                                 QString::fromUtf8(body.left(4000)))));
            moved += after.snapshot != before.snapshot ? 1 : 0;
        }
    }
    qInfo("%d not known, %d unreadable, %d tasks; %d beliefs moved", told[0], told[1], told[2],
          moved);
    // The mutants are of all kinds, or this would prove little.
    QVERIFY(told[static_cast<int>(Truth::Kind::NotKnown)] > 10);
    QVERIFY(told[static_cast<int>(Truth::Kind::Unreadable)] > 500);
    QVERIFY(told[static_cast<int>(Truth::Kind::Task)] > 1000);
    QVERIFY(moved > 1000);
}

void TestReplyMutation::theOracleAgreesOnTheFixtures()
{
    for (const QByteArray &body : std::as_const(m_bodies)) {
        for (const TaskRecord &before : {m_running, m_final}) {
            const TaskRecord after = poll(before, body, later);
            const char *wrong = judgeBelief(before, after, truthOf(body));
            QVERIFY2(!wrong, qPrintable(QLatin1String(wrong) + u'\n' + QString::fromUtf8(body)));
        }
    }
}

QTEST_GUILESS_MAIN(TestReplyMutation)
#include "test_replymutation.moc"
