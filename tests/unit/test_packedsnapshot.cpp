#include "guardian/parsetaskreply.h"
#include "history/historydatabase.h"
#include "history/packedsnapshot.h"
#include "historyrun.h"
#include "testdata.h"

#include <QDirIterator>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

using namespace HistoryRun;

namespace {

QString randomText(QRandomGenerator &random)
{
    QString text;
    for (int left = random.bounded(12); left > 0; --left)
        text += random.bounded(8) == 0 ? u"\U0001F600"_s
                                       : QString(QChar(char16_t(0x20 + random.bounded(0x2000))));
    return text;
}

std::optional<QDateTime> randomTime(QRandomGenerator &random)
{
    if (random.bounded(2) == 0)
        return std::nullopt;
    return at(qint64(random.bounded(2'000'000'000)) - 1'000'000'000);
}

std::optional<TaskError> randomError(QRandomGenerator &random)
{
    if (random.bounded(3) != 0)
        return std::nullopt;
    return TaskError{randomText(random), randomText(random), randomText(random).toUtf8()};
}

std::vector<TaskStep> randomSteps(QRandomGenerator &random, int depth)
{
    std::vector<TaskStep> steps(size_t(random.bounded(4)));
    for (TaskStep &step : steps) {
        step.name = randomText(random);
        step.message = randomText(random);
        step.state = StepState(random.bounded(int(StepState::Info) + 1));
        if (random.bounded(2) == 0)
            step.percent = random.bounded(101);
        step.startedAt = randomTime(random);
        step.finishedAt = randomTime(random);
        step.startSeen = random.bounded(2) == 0;
        step.finishSeen = random.bounded(2) == 0;
        step.error = randomError(random);
        step.minimized = random.bounded(2) == 0;
        if (depth > 0)
            step.steps = randomSteps(random, depth - 1);
    }
    return steps;
}

TaskSnapshot randomSnapshot(QRandomGenerator &random)
{
    TaskSnapshot one;
    one.dialect = random.bounded(2) == 0 ? Dialect::Documented : Dialect::Deployed;
    one.taskId = TaskId(randomText(random));
    one.action = randomText(random);
    one.userId = randomText(random);
    one.phase = TaskPhase(random.bounded(int(TaskPhase::Failed) + 1));
    if (random.bounded(2) == 0)
        one.percent = random.bounded(101);
    one.currentStep = randomText(random);
    one.steps = randomSteps(random, 2);
    if (random.bounded(2) == 0)
        one.expectedSteps = random.bounded(1'000'000);
    one.startedAt = randomTime(random);
    one.finishedAt = randomTime(random);
    if (random.bounded(2) == 0)
        one.timestamp = qint64(random.generate64());
    one.allStepsDone = random.bounded(2) == 0;
    one.hasResult = random.bounded(2) == 0;
    one.resultIsSecret = random.bounded(2) == 0;
    one.resultIsHead = random.bounded(2) == 0;
    one.secretRule = SecretRule(random.bounded(int(SecretRule::ShowAll) + 1));
    one.resultText = randomText(random).toUtf8();
    one.error = randomError(random);
    one.verdict = {.hasProblems = random.bounded(2) == 0,
                   .rule = randomText(random),
                   .summary = randomText(random),
                   .problems = {}};
    for (int left = random.bounded(3); left > 0; --left)
        one.verdict.problems.append(randomText(random));
    return one;
}

} // namespace

class TestPackedSnapshot : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyReplyComesBackAsItWasRead();
    void randomSnapshotsComeBack();
    void itBelongsToOneReply();
    void damageIsMet();
    void whatDoesNotComeBackIsNotPacked();
    void aStartReadsNoReplyAgain();
    void whatAnOlderVersionWroteIsReadOnce();
};

void TestPackedSnapshot::everyReplyComesBackAsItWasRead()
{
    int readable = 0;
    TextPool texts;
    for (QDirIterator files(testDataPath(u"replies"), QDir::Files, QDirIterator::Subdirectories);
         files.hasNext();) {
        ReplyData reply;
        reply.httpStatus = 200;
        const QByteArray body = bytesOf(files.next());
        reply.body = body;
        const auto snapshot = parseTaskReply(reply);
        if (!snapshot)
            continue;
        ++readable;
        const PackedSnapshot::Beside beside{reply, {}, body, {}};
        const QByteArray packed = PackedSnapshot::pack(*snapshot, beside);
        for (TextPool *pool : {&texts, static_cast<TextPool *>(nullptr)}) {
            const auto again = PackedSnapshot::unpack(packed, beside, pool);
            QVERIFY2(again && *again == *snapshot, qPrintable(files.filePath()));
        }
    }
    QVERIFY(readable > 10);
}

void TestPackedSnapshot::randomSnapshotsComeBack()
{
    QRandomGenerator random(20'261'128);
    const ReplyData reply;
    TextPool texts;
    for (int i = 0; i < 500; ++i) {
        const TaskSnapshot snapshot = randomSnapshot(random);
        const PackedSnapshot::Beside beside{reply, "h", "b", "s"};
        const auto again =
            PackedSnapshot::unpack(PackedSnapshot::pack(snapshot, beside), beside, &texts);
        QVERIFY(again && *again == snapshot);
    }
}

void TestPackedSnapshot::itBelongsToOneReply()
{
    const ReplyData reply = HistoryProbe::reply("body");
    const TaskSnapshot snapshot;
    const QByteArray packed = PackedSnapshot::pack(snapshot, {reply, "h", "body", "s"});
    const auto fits = [&packed](const PackedSnapshot::Beside &beside) {
        return PackedSnapshot::unpack(packed, beside, nullptr) != nullptr;
    };
    QVERIFY(fits({reply, "h", "body", "s"}));
    QVERIFY(!fits({reply, "", "body", "s"}));
    QVERIFY(!fits({reply, "h", "bodY", "s"}));
    QVERIFY(!fits({reply, "h", "body", ""}));
    QVERIFY(!fits({reply, "hb", "ody", "s"}));
    ReplyData other = reply;
    other.httpStatus = 201;
    QVERIFY(!fits({other, "h", "body", "s"}));
    other = reply;
    other.duration += 1ms;
    QVERIFY(!fits({other, "h", "body", "s"}));
    other = reply;
    other.isHead = true;
    QVERIFY(!fits({other, "h", "body", "s"}));

    // Of a long one each byte counts, and where it is.
    QByteArray body;
    for (int i = 0; i < 100; ++i)
        body.append(char(i));
    const QByteArray packedLong = PackedSnapshot::pack(snapshot, {reply, {}, body, {}});
    const auto fitsLong = [&](const QByteArray &beside) {
        return PackedSnapshot::unpack(packedLong, {reply, {}, beside, {}}, nullptr) != nullptr;
    };
    QVERIFY(fitsLong(body));
    for (qsizetype i = 0; i < body.size(); ++i) {
        QByteArray changed = body;
        changed[i] = char(changed.at(i) ^ 0x10);
        QVERIFY2(!fitsLong(changed), qPrintable(QString::number(i)));
        QVERIFY(!fitsLong(body.first(i)));
        if (i > 0)
            QVERIFY(!fitsLong(body.sliced(i) + body.first(i)));
    }
}

void TestPackedSnapshot::damageIsMet()
{
    QRandomGenerator random(1);
    const ReplyData reply;
    const PackedSnapshot::Beside beside{reply, {}, "b", {}};
    TaskSnapshot snapshot = randomSnapshot(random);
    snapshot.steps.resize(3);
    const QByteArray packed = PackedSnapshot::pack(snapshot, beside);
    QVERIFY(packed.size() > 50);
    for (qsizetype i = 0; i < packed.size(); ++i) {
        QByteArray damaged = packed;
        damaged[i] = char(damaged.at(i) ^ (1 << random.bounded(8)));
        QVERIFY(!PackedSnapshot::unpack(damaged, beside, nullptr));
        QVERIFY(!PackedSnapshot::unpack(packed.first(i), beside, nullptr));
    }
    QVERIFY(!PackedSnapshot::unpack(packed + '\0', beside, nullptr));
}

void TestPackedSnapshot::whatDoesNotComeBackIsNotPacked()
{
    const ReplyData reply;
    const PackedSnapshot::Beside beside{reply, {}, "b", {}};
    TaskSnapshot snapshot;
    snapshot.action = u"half a pair: "_s + QChar(0xd83d);
    QVERIFY(PackedSnapshot::pack(snapshot, beside).isEmpty());
    snapshot.action = QChar(QChar::ByteOrderMark) + u"marked"_s;
    QVERIFY(!PackedSnapshot::pack(snapshot, beside).isEmpty());
}

namespace {

/// How many replies a start reads; the rest comes out of what was kept beside them.
int repliesRead(const QString &file)
{
    int reads = 0;
    HistoryFunctions functions = HistoryProbe::functions();
    functions.parse = [&reads, parse = functions.parse](const ReplyData &reply) {
        ++reads;
        return parse(reply);
    };
    HistoryDatabase history(file, functions);
    if (!history.open(at(0)))
        return -1;
    const auto chunk = history.load(0, 100);
    if (!chunk || !chunk->last || !history.check() || history.complete(100).value())
        return -1;
    return reads;
}

} // namespace

void TestPackedSnapshot::aStartReadsNoReplyAgain()
{
    const QTemporaryDir dir;
    const QString file = dir.filePath(u"history.db"_s);
    TaskRecord open = record(u"open"_s, R"({"action":"x","percent":12,"steps":["a"]})");
    auto snapshot = std::make_shared<TaskSnapshot>(*open.snapshot);
    snapshot->steps.front().startedAt = at(7);
    snapshot->steps.front().startSeen = true;
    open.snapshot = snapshot;
    {
        Run run(file);
        QVERIFY(run.open());
        run.store.save({open, record(u"key"_s, R"({"secret":true,"result":"a marker"})"),
                        record(u"big"_s, R"({"result":")" + QByteArray(2'000'000, 'x') + R"("})")});
        QVERIFY(run.commit());
    }
    QCOMPARE(repliesRead(file), 0);
    {
        Run run(file);
        QVERIFY(run.open());
        QVERIFY(same(*run.find(u"open"_s), open));
        QCOMPARE(run.find(u"key"_s)->snapshot->resultText, "a masked");
    }
    {
        const Connection tamper(file);
        QVERIFY(tamper
                    .ask(u"UPDATE reply SET facts = CAST(replace(facts, 'x', 'y') AS BLOB)"
                         " WHERE task_id = 1"_s)
                    .toBool());
    }
    QCOMPARE(repliesRead(file), 1); // and written beside it
    QCOMPARE(repliesRead(file), 0);
    Run run(file);
    QVERIFY(run.open());
    QVERIFY(same(*run.find(u"open"_s), open));
}

void TestPackedSnapshot::whatAnOlderVersionWroteIsReadOnce()
{
    const QTemporaryDir dir;
    const QString file = dir.filePath(u"history.db"_s);
    QVERIFY(QFile::copy(testDataPath(u"history/v4.db"), file));
    QVERIFY(QFile::setPermissions(file, QFileDevice::ReadOwner | QFileDevice::WriteOwner));
    QVERIFY(repliesRead(file) > 0);
    QCOMPARE(repliesRead(file), 0);
}

QTEST_GUILESS_MAIN(TestPackedSnapshot)
#include "test_packedsnapshot.moc"
