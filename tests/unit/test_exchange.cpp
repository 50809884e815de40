#include "exchange/exportjob.h"
#include "exchange/importfile.h"
#include "exchange/taskcsv.h"
#include "exchange/taskfile.h"
#include "exchange/taskreport.h"
#include "guardian/parsetaskreply.h"
#include "task/jsonmember.h"
#include "task/secretrule.h"
#include "task/unreadreply.h"

#include <QBuffer>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

const QDateTime start = QDateTime::fromMSecsSinceEpoch(1'780'000'000'123, Qt::UTC);

TaskRecord recordOf(const QByteArray &body, const QString &id = u"t-1"_s)
{
    ReplyData reply;
    reply.httpStatus = 200;
    reply.duration = std::chrono::milliseconds(42);
    reply.headers = {{"Content-Type", "application/json"}, {"X-Odd", "a: b\xe9"}};
    reply.body = body;
    TaskRecord record;
    record.key = {ServerId::create(), TaskId(id)};
    const auto snapshot = parseTaskReply(reply);
    if (snapshot)
        record.snapshot = std::make_shared<const TaskSnapshot>(*snapshot);
    record.reply = std::make_shared<const ReplyData>(reply);
    record.outcome = Outcome::Failed;
    return record;
}

QByteArray failed(const QByteArray &message)
{
    return R"({"taskId":"t-1","action":"Publish policy","userId":"u","timestamp":1780000000000,)"
           R"("statuses":[{"type":"Completed","message":"First"},{"type":"Processing","message":"Second"}],)"
           R"("error":{"code":500,"message":")"
           + message + R"(","password":"hunter2","big":12345678901234567890}})";
}

NamedServers namesFor(const TaskRecord &record)
{
    return {{record.key.server, {u"Production"_s, QUrl(u"https://guardian.example/api/v1"_s)}}};
}

/// A plain reader of CSV, of another make than the writer.
QList<QStringList> readCsv(const QString &text)
{
    QList<QStringList> rows{{QString()}};
    bool inQuotes = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (inQuotes) {
            if (c != u'"')
                rows.last().last() += c;
            else if (i + 1 < text.size() && text[i + 1] == u'"')
                rows.last().last() += text[++i];
            else
                inQuotes = false;
        } else if (c == u'"') {
            inQuotes = true;
        } else if (c == u',') {
            rows.last().append(QString());
        } else if (c == u'\r' && i + 1 < text.size() && text[i + 1] == u'\n') {
            rows.append(QStringList{QString()});
            ++i;
        } else {
            rows.last().last() += c;
        }
    }
    rows.removeLast(); // behind the last line's end
    return rows;
}

} // namespace

class TestExchange : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void jsonComesBack_data();
    void jsonComesBack();
    void stepsOfAnEarlierReplyComeBack();
    void whatNobodyCouldReadIsMaskedAndCut();
    void secretsStayBehind();
    void overTheCapOnlyTheHeadComesInAndIsSaid();
    void whatIsNoExportIsRefused_data();
    void whatIsNoExportIsRefused();
    void tasksOfOtherServersAreLeftOut();
    void elementsAreTold_data();
    void elementsAreTold();
    void csvIsReadByOthers();
    void formulasAreDefused_data();
    void formulasAreDefused();
    void markdownIsNoMarkup();
    void fencesAreLongerThanTheirContent();
    void aReportHasTheSteps();
    void aReportHasTheTimesOfStepsOfWhichEndsAloneAreTold();
    void aCancelledExportLeavesNothing();
    void anExportIsForItsOwnerOnly();
    void whatCannotBeWrittenIsSaid();
    void aJobTellsItsEnd();
};

void TestExchange::jsonComesBack_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("plain") << failed("it broke");
    QTest::newRow("another space") << QByteArray(" \n\t" + failed("it broke") + "\r\n");
    QTest::newRow("byte order mark") << QByteArray("\xef\xbb\xbf" + failed("x"));
    QTest::newRow("escapes") << failed(R"(\u0000 \" \\ \ud83d\ude00)");
    QTest::newRow("beyond the BMP") << failed("\xf0\x9f\x98\x80 \xc3\xa9");
    QTest::newRow("no UTF-8") << failed("\xff\xfe");
}

void TestExchange::jsonComesBack()
{
    QFETCH(const QByteArray, body);
    TaskRecord record = recordOf(body);
    if (record.snapshot) { // what only we saw
        auto seen = std::make_shared<TaskSnapshot>(*record.snapshot);
        seen->steps.at(1).startedAt = start.addMSecs(5);
        seen->steps.at(1).startSeen = true;
        record.snapshot = seen;
    }
    record.label = u"=label, \"quoted\""_s;
    record.note = u"two\nlines"_s;
    record.tags = QStringList{u"a"_s, u"b c"_s};
    record.pinned = true;
    record.acknowledged = true;
    record.muted = true;
    record.notified = Outcome::Failed;
    record.paused = true;
    record.expired = true;
    record.confirmed = true;
    record.endWitnessed = true;
    record.quietFor = std::chrono::minutes{12};
    record.watchedSince = start;
    record.changedAt = start.addMSecs(1);
    ReplyData strange;
    strange.httpStatus = 502;
    strange.duration = std::chrono::milliseconds(7);
    strange.headers = {{"Content-Type", "text/html"}};
    strange.body = "<html>" + body + "</html>";
    record.strangeReply = std::make_shared<const ReplyData>(strange);
    record.endedAt = start.addMSecs(3);

    QTemporaryDir folder;
    const QString file = folder.filePath(u"tasks.json"_s);
    ExportOrder order;
    order.records = {record, recordOf({}, u"t-2"_s)};
    order.records.last().key.server = record.key.server;
    order.records.last().outcome = Outcome::NotFound;
    order.servers = namesFor(record);
    order.now = start;
    QVERIFY(writeExport(order, file));
    QFile written(file);
    QVERIFY(written.open(QIODevice::ReadOnly));
    QVERIFY(!QJsonDocument::fromJson(written.readAll()).isNull());

    const auto back = readExport(file, namesFor(record));
    QVERIFY2(back, back ? "" : qPrintable(back.error()));
    QCOMPARE(back->records.size(), 2);
    QVERIFY(back->leftOut.isEmpty());
    const TaskRecord &same = back->records.first();
    QCOMPARE(same.key, record.key);
    QCOMPARE(same.label, record.label);
    QCOMPARE(same.note, record.note);
    QCOMPARE(same.tags, record.tags);
    QCOMPARE(same.outcome, record.outcome);
    QVERIFY(same.pinned && same.acknowledged && same.muted && same.paused && same.expired
            && same.confirmed && same.endWitnessed);
    QCOMPARE(same.notified, record.notified);
    QCOMPARE(same.quietFor, record.quietFor);
    QCOMPARE(same.watchedSince, record.watchedSince);
    QCOMPARE(same.changedAt, record.changedAt);
    QVERIFY(!same.checkedAt.isValid());
    QCOMPARE(same.endedAt, record.endedAt);
    QCOMPARE(bool(same.reply), bool(record.snapshot));
    if (record.snapshot) {
        QCOMPARE(same.reply->body.whole(), maskSecrets(body, u"Publish policy"_s));
        QCOMPARE(same.reply->headers, record.reply->headers);
        QCOMPARE(same.reply->httpStatus, 200);
        QCOMPARE(same.reply->duration, record.reply->duration);
        QVERIFY(same.snapshot);
        QCOMPARE(same.snapshot->steps, record.snapshot->steps);
        QCOMPARE(same.snapshot->error->message, record.snapshot->error->message);
    }
    const ReplyData unread = keptOfUnread(*record.strangeReply);
    QVERIFY(same.strangeReply);
    QCOMPARE(same.strangeReply->body.whole(), unread.body.whole());
    QCOMPARE(same.strangeReply->headers, unread.headers);
    QCOMPARE(same.strangeReply->httpStatus, 502);
    QCOMPARE(same.strangeReply->duration, std::chrono::milliseconds(7));
    QVERIFY(!back->records.last().snapshot);
    QVERIFY(!back->records.last().strangeReply);
    QCOMPARE(back->records.last().outcome, Outcome::NotFound);
}

/// The last reply, of which only the beginning was read, names none.
void TestExchange::stepsOfAnEarlierReplyComeBack()
{
    TaskRecord record = recordOf(R"({"taskId":"t-1","action":"Export","done":true,"result":"x"})");
    QVERIFY(record.snapshot && record.snapshot->steps.empty());
    auto seen = std::make_shared<TaskSnapshot>(*record.snapshot);
    TaskStep outer;
    outer.name = u"Two \u2713\nlines"_s;
    outer.message = u"m"_s;
    outer.state = StepState::Failed;
    outer.percent = 40;
    outer.startedAt = start;
    outer.startSeen = true;
    outer.finishedAt = start.addMSecs(1);
    outer.finishSeen = true;
    outer.minimized = true;
    TaskStep inner;
    inner.name = u"inner"_s;
    inner.state = StepState::Skipped;
    inner.error = TaskError{u"500"_s, u"it broke"_s, R"({"code":500,"password":"hunter2"})"};
    outer.steps = {inner, TaskStep()};
    seen->steps = {outer};
    record.snapshot = seen;
    QTemporaryDir folder;
    const QString file = folder.filePath(u"steps.json"_s);
    ExportOrder order;
    order.records = {record};
    order.servers = namesFor(record);
    order.now = start;
    QVERIFY(writeExport(order, file));
    QFile written(file);
    QVERIFY(written.open(QIODevice::ReadOnly));
    QVERIFY(!written.readAll().contains("hunter2"));
    const auto in = readExport(file, order.servers);
    QVERIFY(in && in->records.constFirst().snapshot);
    outer.steps.front().error->details = maskSecrets(inner.error->details, {});
    QCOMPARE(in->records.constFirst().snapshot->steps, std::vector<TaskStep>{outer});
}

/// Nobody knows what is in it.
void TestExchange::whatNobodyCouldReadIsMaskedAndCut()
{
    TaskRecord record = recordOf(failed("x"));
    ReplyData strange;
    strange.httpStatus = 200;
    strange.headers = {{"X-Auth", "302e0201" + QByteArray(64, 'a')}};
    strange.body = R"({"password":"hunter2","page":")" + QByteArray(ReplyData::headSize, 'y');
    record.strangeReply = std::make_shared<const ReplyData>(strange);
    QTemporaryDir folder;
    const QString file = folder.filePath(u"strange.json"_s);
    ExportOrder order;
    order.records = {record};
    order.servers = namesFor(record);
    order.now = start;
    for (int round = 0; round < 2; ++round) { // what came in goes out and in again
        QVERIFY(writeExport(order, file));
        QFile written(file);
        QVERIFY(written.open(QIODevice::ReadOnly));
        const QByteArray bytes = written.readAll();
        QVERIFY(!bytes.contains("hunter2") && !bytes.contains("302e0201"));
        const auto in = readExport(file, order.servers);
        QVERIFY(in);
        const auto back = in->records.constFirst().strangeReply;
        QVERIFY(back && back->isHead);
        QCOMPARE(
            back->body.whole(),
            maskUnread(strange.body.whole().left(ReplyData::headSize)).left(ReplyData::headSize));
        QVERIFY(in->records.constFirst().snapshot);
        order.records = in->records;
    }
}

void TestExchange::secretsStayBehind()
{
    TaskRecord record = recordOf(failed("x"));
    QVERIFY(record.snapshot);
    TaskRecord key = recordOf(R"({"taskId":"k","action":"Create random key","result":)"
                              R"({"key":"302e020100300506032b657004220420aabbccddeeff"}})");
    QVERIFY(key.snapshot && key.snapshot->resultIsSecret);
    for (const auto format : {ExportFormat::Json, ExportFormat::Csv, ExportFormat::Markdown}) {
        QBuffer out;
        QVERIFY(out.open(QIODevice::WriteOnly));
        ExportOrder order;
        order.format = format;
        order.records = {record, key};
        order.servers = namesFor(record);
        order.now = start;
        QVERIFY(writeExport(order, out));
        QVERIFY(!out.data().contains("hunter2"));
        QVERIFY(!out.data().contains("302e0201"));
        QVERIFY(out.data().contains("Publish policy"));
    }
}

/// A file may carry what no server can send us.
void TestExchange::overTheCapOnlyTheHeadComesInAndIsSaid()
{
    const QByteArray beginning = R"({"taskId":"t-1","action":"Export","result":")";
    const QByteArray whole = beginning + QByteArray(ReplyData::cap, 'x') + "\"}";
    TaskRecord record = recordOf(beginning + "filler\"}");
    record.outcome = Outcome::Completed;

    ExportOrder order;
    order.format = ExportFormat::Json;
    order.records = {record};
    order.servers = namesFor(record);
    order.now = start;
    QTemporaryDir dir;
    const QString file = dir.filePath(u"large.json"_s);
    QBuffer small;
    QVERIFY(small.open(QIODevice::WriteOnly));
    QVERIFY(writeExport(order, small));
    QFile large(file);
    QVERIFY(large.open(QIODevice::WriteOnly));
    // In the reply's body alone: there its quotes are escaped.
    QVERIFY(large.write(QByteArray(small.data())
                            .replace("filler\\\"", QByteArray(ReplyData::cap, 'x') + "\\\""))
            > ReplyData::cap);
    large.close();
    for (int round = 0; round < 2; ++round) { // what came in goes out and in again
        const auto in = readExport(file, order.servers);
        QVERIFY2(in, in ? "" : qPrintable(in.error()));
        const TaskRecord head = in->records.constFirst();
        QVERIFY(head.reply->isHead);
        QCOMPARE(head.reply->body.whole(), whole.first(ReplyData::headSize));
        QVERIFY(head.snapshot && head.snapshot->resultIsHead);
        order.records = {head};
        for (const auto format : {ExportFormat::Json, ExportFormat::Csv, ExportFormat::Markdown}) {
            QBuffer out;
            QVERIFY(out.open(QIODevice::WriteOnly));
            order.format = format;
            QVERIFY(writeExport(order, out));
            QVERIFY(out.data().contains("only its beginning is kept"));
        }
        order.format = ExportFormat::Json;
        QVERIFY(writeExport(order, file));
    }
}

void TestExchange::whatIsNoExportIsRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("words");
    const QByteArray head = R"({"format":"taskwatch-tasks","version":1,"tasks":)";
    QTest::newRow("empty") << QByteArray() << u"empty"_s;
    QTest::newRow("other text") << QByteArray("a,b\n") << u"no JSON export"_s;
    QTest::newRow("other JSON") << QByteArray("{}") << u"no JSON export"_s;
    QTest::newRow("newer") << QByteArray(R"({"format":"taskwatch-tasks","version":2,"tasks":[]})")
                           << u"newer"_s;
    QTest::newRow("cut") << QByteArray(head + "[{\"taskId\":\"a\"") << u"no JSON export"_s;
    QTest::newRow("no list") << QByteArray(head + "{}}") << u"not whole"_s;
    QTest::newRow("no task") << QByteArray(head + "[{}]}") << u"task 1: “taskId”"_s;
    QTest::newRow("no outcome") << QByteArray(head + R"([{"taskId":"a","outcome":"fine"}]})")
                                << u"task 1: “outcome”"_s;
    QTest::newRow("a wrong time") << QByteArray(
        head + R"([{"taskId":"a","outcome":"failed","endedAt":"soon"}]})")
                                  << u"“endedAt”"_s;
    QTest::newRow("a wrong kind") << QByteArray(
        head + R"([{"taskId":"a","outcome":"failed","pinned":"yes"}]})")
                                  << u"“pinned”"_s;
    QTest::newRow("too deep") << QByteArray(head + '[' + QByteArray(600, '[') + QByteArray(600, ']')
                                            + "]}")
                              << u"too large"_s;
}

void TestExchange::whatIsNoExportIsRefused()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QString, words);
    QTemporaryDir folder;
    QFile file(folder.filePath(u"x.json"_s));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    file.close();
    const auto read = readExport(file.fileName(), {});
    QVERIFY(!read);
    QVERIFY2(read.error().contains(words), qPrintable(read.error()));
    QVERIFY(read.error().contains(u"x.json"_s));
}

void TestExchange::tasksOfOtherServersAreLeftOut()
{
    const TaskRecord record = recordOf(failed("x"));
    QTemporaryDir folder;
    ExportOrder order;
    order.records = {record};
    order.servers = namesFor(record);
    order.now = start;
    QVERIFY(writeExport(order, folder.filePath(u"x.json"_s)));
    const NamedServers other{
        {ServerId::create(), {u"Other"_s, QUrl(u"https://elsewhere.example/api/v1"_s)}}};
    const auto read = readExport(folder.filePath(u"x.json"_s), other);
    QVERIFY(read && read->records.isEmpty());
    QCOMPARE(read->leftOut, (QMap<QString, int>{{u"https://guardian.example/api/v1"_s, 1}}));
    QVERIFY(importedWords(*read, 0).contains(u"guardian.example"_s));

    order.servers = {}; // exported without one
    QVERIFY(writeExport(order, folder.filePath(u"none.json"_s)));
    const auto none = readExport(folder.filePath(u"none.json"_s), other);
    QVERIFY(none && none->records.isEmpty());
    QVERIFY2(importedWords(*none, 0).contains(u"1 that name no server were left out."_s),
             qPrintable(importedWords(*none, 0)));
}

void TestExchange::elementsAreTold_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<int>("count");
    QTest::newRow("none") << QByteArray(" [ ] ") << 0;
    QTest::newRow("some") << QByteArray(R"([{"a":"]"}, [1,2] ,"x,y",3,null])") << 5;
    QTest::newRow("cut") << QByteArray("[1,2") << -1;
    QTest::newRow("no array") << QByteArray("{}") << -1;
    QTest::newRow("a hole") << QByteArray("[1,,2]") << -1;
}

void TestExchange::elementsAreTold()
{
    QFETCH(const QByteArray, json);
    QFETCH(const int, count);
    const auto elements = JsonText::elements(json);
    QCOMPARE(elements ? int(elements->size()) : -1, count);
}

void TestExchange::csvIsReadByOthers()
{
    TaskRecord record = recordOf(failed(R"(a \"quoted\", word;\r\nand a line)"));
    record.label = u"plain"_s;
    record.note = u"=1+1"_s;
    const QByteArray bytes =
        TaskCsv::head() + TaskCsv::row(record, namesFor(record).value(record.key.server));
    QVERIFY(bytes.startsWith("\xef\xbb\xbfserver,"));
    const auto rows = readCsv(QString::fromUtf8(bytes.mid(3)));
    QCOMPARE(rows.size(), 2);
    QCOMPARE(rows.at(0).size(), rows.at(1).size());
    const auto value = [&rows](const QString &name) {
        return rows.at(1).at(rows.at(0).indexOf(name));
    };
    QCOMPARE(value(u"taskId"_s), u"t-1"_s);
    QCOMPARE(value(u"server"_s), u"Production"_s);
    QCOMPARE(value(u"label"_s), u"plain"_s);
    QCOMPARE(value(u"outcome"_s), u"failed"_s);
    QCOMPARE(value(u"errorCode"_s), u"500"_s);
    QCOMPARE(value(u"errorMessage"_s), u"a \"quoted\", word;\r\nand a line"_s);
    QCOMPARE(value(u"note"_s), u"'=1+1"_s);
}

void TestExchange::formulasAreDefused_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("cell");
    QTest::newRow("formula") << u"=cmd|' /C calc'!A0"_s << u"'=cmd|' /C calc'!A0"_s;
    QTest::newRow("plus") << u"+1"_s << u"'+1"_s;
    QTest::newRow("minus") << u"-1"_s << u"'-1"_s;
    QTest::newRow("at") << u"@SUM(A1)"_s << u"'@SUM(A1)"_s;
    QTest::newRow("tab") << u"\t=1"_s << u"'\t=1"_s;
    QTest::newRow("line feed") << u"\n=1"_s << u"\"'\n=1\""_s;
    QTest::newRow("in quotes") << u"=\"a\",b"_s << u"\"'=\"\"a\"\",b\""_s;
    QTest::newRow("text") << u"a=b"_s << u"a=b"_s;
    QTest::newRow("nothing") << QString() << QString();
}

void TestExchange::formulasAreDefused()
{
    QFETCH(const QString, text);
    QTEST(TaskCsv::cell(text), "cell");
}

void TestExchange::markdownIsNoMarkup()
{
    QCOMPARE(TaskReport::escaped(u"<b>*a*</b> [x](y) | # `c`"_s),
             uR"(\<b\>\*a\*\</b\> \[x\]\(y\) \| \# \`c\`)"_s);
    QVERIFY(!TaskReport::escaped(u"a\n# b"_s).contains(u'\n'));
}

void TestExchange::fencesAreLongerThanTheirContent()
{
    TaskRecord record = recordOf(R"({"taskId":"t","action":"A","error":"```\n# out\n````"})");
    const QString text = TaskReport::markdown(record, {}, start);
    QVERIFY2(text.contains(u"\n`````\n```\n# out\n````\n`````\n"_s), qPrintable(text));
}

void TestExchange::aReportHasTheSteps()
{
    const TaskRecord record = recordOf(failed("it broke"));
    const QString text =
        TaskReport::markdownHead(1, start)
        + TaskReport::markdown(record, namesFor(record).value(record.key.server), start);
    QVERIFY(text.startsWith(u"# Report of 1 task\n"_s));
    QVERIFY(text.contains(QStringLiteral(TASKWATCH_VERSION)));
    QVERIFY(text.contains(u"\n## Publish policy\n"_s));
    QVERIFY(text.contains(u"| First | Completed |"_s));
    QVERIFY(text.contains(u"https://guardian\\.example"_s));
    QVERIFY(text.contains(u"it broke"_s));
}

/// The documented dialect's.
void TestExchange::aReportHasTheTimesOfStepsOfWhichEndsAloneAreTold()
{
    const TaskRecord record = recordOf(
        R"({"taskId":"t-1","action":"Publish policy","done":true,"error":null,"result":{},"steps":[)"
        R"({"time":"2026-02-03T10:00:00Z","message":"Unpacked"},)"
        R"({"time":"2026-02-03T10:02:05Z","message":"Stored"},)"
        R"({"message":"Told"},{"time":"2026-02-03T10:03:00Z","message":"Published"}]})");
    const QString text = TaskReport::markdown(record, {}, start);
    const qsizetype table = text.indexOf(u"| Step |"_s);
    QVERIFY2(table >= 0, qPrintable(text));
    QCOMPARE(text.sliced(table), u"| Step | State | Started | Ended | Took |\n"
                                 "| --- | --- | --- | --- | --- |\n"
                                 "| Unpacked | Completed |  | 10:00:00 |  |\n"
                                 "| Stored | Completed |  | 10:02:05 | 2:05 |\n"
                                 "| Told | Completed |  |  |  |\n"
                                 "| Published | Completed |  | 10:03:00 |  |\n"_s);
}

void TestExchange::aCancelledExportLeavesNothing()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"x.csv"_s);
    QFile before(path);
    QVERIFY(before.open(QIODevice::WriteOnly) && before.write("before") == 6);
    before.close();
    ExportOrder order;
    order.format = ExportFormat::Csv;
    order.records = QList<TaskRecord>(10, recordOf(failed("x")));
    const auto written = writeExport(order, path, [](qsizetype count) { return count < 5; });
    QVERIFY(!written && written.error().cancelled);
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden), QStringList{u"x.csv"_s});
    QVERIFY(before.open(QIODevice::ReadOnly));
    QCOMPARE(before.readAll(), QByteArray("before"));
}

void TestExchange::anExportIsForItsOwnerOnly()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"x.md"_s);
    ExportOrder order;
    order.format = ExportFormat::Markdown;
    order.now = start;
    QVERIFY(writeExport(order, path));
    QCOMPARE(QFile::permissions(path)
                 & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther),
             QFile::Permissions());
}

void TestExchange::whatCannotBeWrittenIsSaid()
{
    QTemporaryDir folder;
    const auto written = writeExport({}, folder.filePath(u"missing/x.json"_s));
    QVERIFY(!written && !written.error().cancelled);
    QVERIFY(written.error().words.contains(u"x.json"_s));
    if (QFile::exists(u"/dev/full"_s)) {
        QFile full(u"/dev/full"_s);
        QVERIFY(full.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
        QVERIFY(!writeExport({}, full));
    }
}

void TestExchange::aJobTellsItsEnd()
{
    QTemporaryDir folder;
    ExportOrder order;
    order.format = ExportFormat::Csv;
    order.records = QList<TaskRecord>(100, recordOf(failed("x")));
    for (const bool isCancelled : {false, true}) {
        const QString path = folder.filePath(isCancelled ? u"b.csv"_s : u"a.csv"_s);
        ExportJob job;
        std::optional<std::optional<ExportFailure>> end;
        connect(&job, &ExportJob::finished, this,
                [&end](const std::optional<ExportFailure> &failure) { end = failure; });
        if (isCancelled)
            job.cancel();
        job.start(order, path);
        QTRY_VERIFY(end.has_value());
        QCOMPARE(end->has_value(), isCancelled);
        QCOMPARE(QFile::exists(path), !isCancelled);
    }
}

QTEST_GUILESS_MAIN(TestExchange)
#include "test_exchange.moc"
