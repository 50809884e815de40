#include "guardian/parsetaskreply.h"
#include "task/jsonmember.h"
#include "task/taskwords.h"
#include "testdata.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

using Kind = PollError::Kind;

namespace {

QByteArray readFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("cannot open");
}

const QString &folder()
{
    static const QString path = testDataPath(u"replies/");
    return path;
}

ReplyData ok(const QByteArray &body)
{
    ReplyData reply;
    reply.httpStatus = 200;
    reply.body = body;
    return reply;
}

ReplyData status(int code, const QByteArray &body = {})
{
    ReplyData reply = ok(body);
    reply.httpStatus = code;
    return reply;
}

QJsonValue json(const std::optional<QDateTime> &time)
{
    return time ? QJsonValue(time->toString(Qt::ISODateWithMs)) : QJsonValue();
}

QJsonValue json(const std::optional<int> &number)
{
    return number ? QJsonValue(*number) : QJsonValue();
}

QJsonValue json(const std::optional<TaskError> &error)
{
    if (!error)
        return {};
    const QByteArray wrapped = '[' + error->details + ']';
    const QJsonValue details = QJsonDocument::fromJson(wrapped).array().at(0);
    return QJsonObject{{u"code"_s, error->code},
                       {u"message"_s, error->message},
                       {u"details"_s, details.isUndefined() ? QJsonValue() : details}};
}

/// A step with those members only that say something, as the expectations write it.
QJsonObject json(const TaskStep &step)
{
    QJsonObject object{{u"name"_s, step.name}, {u"state"_s, TaskWords::kebab(step.state)}};
    const auto put = [&object](const QString &name, const QJsonValue &value) {
        if (!value.isNull())
            object.insert(name, value);
    };
    put(u"percent"_s, json(step.percent));
    put(u"startedAt"_s, json(step.startedAt));
    put(u"finishedAt"_s, json(step.finishedAt));
    put(u"error"_s, json(step.error));
    if (!step.message.isEmpty())
        object.insert(u"message"_s, step.message.get());
    if (step.minimized)
        object.insert(u"minimized"_s, true);
    if (!step.steps.empty()) {
        QJsonArray steps;
        for (const TaskStep &child : step.steps)
            steps.append(json(child));
        object.insert(u"steps"_s, steps);
    }
    return object;
}

QJsonValue json(const Verdict &verdict)
{
    if (!verdict.hasProblems)
        return verdict == Verdict{} ? QJsonValue() : QJsonValue(u"odd"_s);
    return QJsonObject{{u"summary"_s, verdict.summary.get()},
                       {u"rule"_s, verdict.rule.get()},
                       {u"problems"_s, QJsonArray::fromStringList(verdict.problems)}};
}

QString word(TaskPhase phase)
{
    switch (phase) {
    case TaskPhase::Waiting:
        return u"waiting"_s;
    case TaskPhase::Running:
        return u"running"_s;
    case TaskPhase::Completed:
        return u"completed"_s;
    case TaskPhase::Failed:
        return u"failed"_s;
    }
    return {};
}

QJsonObject json(const TaskSnapshot &task)
{
    QJsonArray steps;
    for (const TaskStep &step : task.steps)
        steps.append(json(step));
    return {
        {u"dialect"_s, task.dialect == Dialect::Documented ? u"documented"_s : u"deployed"_s},
        {u"taskId"_s, task.taskId.text()},
        {u"action"_s, task.action},
        {u"userId"_s, task.userId},
        {u"phase"_s, word(task.phase)},
        {u"percent"_s, json(task.percent)},
        {u"currentStep"_s, task.currentStep},
        {u"steps"_s, steps},
        {u"expectedSteps"_s, json(task.expectedSteps)},
        {u"startedAt"_s, json(task.startedAt)},
        {u"finishedAt"_s, json(task.finishedAt)},
        {u"timestamp"_s, task.timestamp ? QJsonValue(*task.timestamp) : QJsonValue()},
        {u"allStepsDone"_s, task.allStepsDone},
        {u"hasResult"_s, task.hasResult},
        {u"resultIsSecret"_s, task.resultIsSecret},
        {u"resultText"_s, QString::fromUtf8(task.resultText)},
        {u"error"_s, json(task.error)},
        {u"errorBytes"_s, task.error ? QString::fromUtf8(task.error->details) : QString()},
        {u"verdict"_s, json(task.verdict)},
    };
}

QByteArray text(const QJsonValue &value)
{
    return QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
}

} // namespace

/// What a reply says, for each fact and trap of the wire: tests/data/replies holds the bodies, and
/// expected.json beside them what must be read from each.
class TestParseTaskReply : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachFixtureIsReadAsExpected_data();
    void eachFixtureIsReadAsExpected();
    void eachStatusHasItsError_data();
    void eachStatusHasItsError();
    void whatTheTransportSaysGoesFirst();
    void ofTooLargeAnAnswerTheBeginningIsRead();
    void retryAfterIsReadInBothForms_data();
    void retryAfterIsReadInBothForms();
    void aVerdictTellsNoSecret();
    void aRedirectNamesItsTargetWithoutSecrets();
    void theDetailIsTheServersWordsWithoutTokensOrMarkup_data();
    void theDetailIsTheServersWordsWithoutTokensOrMarkup();
    void aMillionBracketsAreRefusedAtOnce();
    void stepsBeyondAllReasonAreLeftOut();
    void unreadableSaysWhy_data();
    void unreadableSaysWhy();
};

void TestParseTaskReply::eachFixtureIsReadAsExpected_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QJsonObject>("expected");
    for (const QString &dialect : {u"documented"_s, u"deployed"_s}) {
        const QJsonObject all =
            QJsonDocument::fromJson(readFile(folder() + dialect + u"/expected.json"_s)).object();
        const QStringList files =
            QDir(folder() + dialect).entryList({u"*.json"_s}, QDir::Files, QDir::Name);
        QCOMPARE(files.size(), all.size() + 1); // none forgotten
        for (auto it = all.begin(); it != all.end(); ++it)
            QTest::newRow(qUtf8Printable(dialect + u'/' + it.key()))
                << folder() + dialect + u'/' + it.key() + u".json"_s << it->toObject();
    }
}

void TestParseTaskReply::eachFixtureIsReadAsExpected()
{
    QFETCH(const QString, path);
    QFETCH(const QJsonObject, expected);
    QVERIFY(QFile::exists(path));
    const auto read = parseTaskReply(ok(readFile(path)));
    if (expected.contains(u"unreadable"_s)) {
        QVERIFY(!read);
        QCOMPARE(read.error().kind, expected.value(u"unreadable"_s) == u"not-known"_s
                                        ? Kind::NotKnown
                                        : Kind::Unreadable);
        QCOMPARE(read.error().httpStatus, 200);
        return;
    }
    QVERIFY2(read, qUtf8Printable(read ? QString() : read.error().detail));
    const QJsonObject facts = json(*read);
    for (auto it = expected.begin(); it != expected.end(); ++it) {
        QVERIFY2(facts.contains(it.key()), qUtf8Printable(it.key()));
        QCOMPARE(it.key() + u' ' + QString::fromUtf8(text(facts.value(it.key()))),
                 it.key() + u' ' + QString::fromUtf8(text(it.value())));
    }
}

void TestParseTaskReply::eachStatusHasItsError_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("kind");
    const auto row = [](int code, Kind kind) {
        QTest::addRow("%d", code) << code << static_cast<int>(kind);
    };
    row(0, Kind::Unreachable);
    row(100, Kind::Unreadable);
    row(204, Kind::NotKnown);
    row(301, Kind::ForeignRedirect);
    row(302, Kind::ForeignRedirect);
    row(304, Kind::Unreadable);
    row(308, Kind::ForeignRedirect);
    row(400, Kind::Unreadable);
    row(401, Kind::SignInNeeded);
    row(403, Kind::NoPermission);
    row(404, Kind::NotKnown);
    row(407, Kind::Unreachable);
    row(408, Kind::Timeout);
    row(410, Kind::NotKnown);
    row(422, Kind::Unreadable);
    row(429, Kind::RateLimited);
    row(500, Kind::ServerError);
    row(502, Kind::ServerError);
    row(503, Kind::ServerError);
    row(504, Kind::ServerError);
    row(599, Kind::ServerError);
}

void TestParseTaskReply::eachStatusHasItsError()
{
    QFETCH(const int, code);
    QFETCH(const int, kind);
    // Even with a task in the body: a status is a status.
    const QByteArray task = code == 204 ? "" : R"({"taskId":"x","done":true})";
    const auto read = parseTaskReply(status(code, task));
    QVERIFY(!read);
    QCOMPARE(static_cast<int>(read.error().kind), kind);
    QCOMPARE(read.error().httpStatus, code);
    const PollErrorText words = describe(read.error());
    QVERIFY(!words.headline.isEmpty());
    QVERIFY(!words.nextStep.isEmpty());
    QVERIFY2(!words.headline.contains(u"HTTP"), qUtf8Printable(words.headline));
}

void TestParseTaskReply::whatTheTransportSaysGoesFirst()
{
    ReplyData reply = ok(R"({"taskId":"x","done":true})");
    PollError error;
    error.kind = Kind::TooLarge;
    error.detail = u"over 64 MiB"_s;
    reply.transportError = error;
    QCOMPARE(parseTaskReply(reply).error(), error);
}

void TestParseTaskReply::ofTooLargeAnAnswerTheBeginningIsRead()
{
    ReplyData reply = ok(R"({"taskId":"x","action":"Export","result":["aaa","bb)");
    reply.transportError = PollError{Kind::TooLarge, u"over 64 MiB"_s, 200, {}, {}};
    reply.isHead = true;
    const auto task = parseTaskReply(reply);
    QVERIFY(task);
    QCOMPARE(task->phase, TaskPhase::Completed);
    QVERIFY(task->hasResult && task->resultIsHead);
    reply.transportError.reset(); // as it comes from the history
    QVERIFY(parseTaskReply(reply)->resultIsHead);

    // No result in it: nobody knows whether there is one.
    reply.body = R"({"taskId":"x","action":"Export","statuses":[{"message":"aaa)"_ba;
    reply.transportError = PollError{Kind::TooLarge, u"over 64 MiB"_s, 200, {}, {}};
    QCOMPARE(parseTaskReply(reply).error().kind, Kind::TooLarge);
    reply.body = "<html>"_ba;
    QCOMPARE(parseTaskReply(reply).error().kind, Kind::TooLarge);
    reply.body = R"({"taskId":"x","result":"a)"_ba;
    reply.httpStatus = 500;
    QCOMPARE(parseTaskReply(reply).error().kind, Kind::TooLarge);
}

void TestParseTaskReply::retryAfterIsReadInBothForms_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("date");
    QTest::addColumn<qint64>("expected"); // ms; negative: absent
    const QByteArray noon = "Wed, 21 Oct 2026 12:00:00 GMT";
    QTest::newRow("none") << QByteArray() << noon << qint64(-1);
    QTest::newRow("seconds") << QByteArray(" 120 ") << QByteArray() << qint64(120'000);
    QTest::newRow("zero") << QByteArray("0") << QByteArray() << qint64(0);
    QTest::newRow("a day at most")
        << QByteArray("99999999999999999999") << QByteArray() << qint64(86'400'000);
    QTest::newRow("date") << QByteArray("Wed, 21 Oct 2026 12:00:30 GMT") << noon << qint64(30'000);
    QTest::newRow("past date") << QByteArray("Wed, 21 Oct 2026 11:00:00 GMT") << noon << qint64(0);
    QTest::newRow("far date") << QByteArray("Wed, 21 Oct 2099 11:00:00 GMT") << noon
                              << qint64(86'400'000);
    QTest::newRow("date without clock")
        << QByteArray("Wed, 21 Oct 2026 12:00:30 GMT") << QByteArray() << qint64(-1);
    QTest::newRow("nonsense") << QByteArray("soon") << noon << qint64(-1);
    QTest::newRow("negative") << QByteArray("-5") << noon << qint64(-1);
}

void TestParseTaskReply::retryAfterIsReadInBothForms()
{
    QFETCH(const QByteArray, value);
    QFETCH(const QByteArray, date);
    QFETCH(const qint64, expected);
    for (const int code : {429, 503}) {
        ReplyData reply = status(code);
        if (!value.isEmpty())
            reply.headers.append("retry-after", value);
        if (!date.isEmpty())
            reply.headers.append("Date", date);
        const auto retryAfter = parseTaskReply(reply).error().retryAfter;
        QCOMPARE(retryAfter ? qint64(retryAfter->count()) : qint64(-1), expected);
    }
}

void TestParseTaskReply::aVerdictTellsNoSecret()
{
    const QByteArray body =
        R"({"action":"Migrate data","statuses":[],"result":[{"id":"a","privateKey":"302e0201"}]})";
    const auto snapshot = parseTaskReply(status(200, body));
    QVERIFY(snapshot && snapshot->verdict.hasProblems && snapshot->resultIsSecret);
    const QString words = snapshot->verdict.summary + snapshot->verdict.problems.join(u' ');
    QVERIFY2(!words.contains(u"302e0201"_s), qPrintable(words));
    QVERIFY(words.contains(u"\"a\""_s)); // the rest is told
}

void TestParseTaskReply::aRedirectNamesItsTargetWithoutSecrets()
{
    ReplyData reply = status(302, "<html>moved</html>");
    reply.headers.append("Location", "https://me:pw@login.example.org/auth?token=abc");
    const PollError error = parseTaskReply(reply).error();
    QCOMPARE(error.redirectTarget, QUrl(u"https://login.example.org/auth"_s));
    QVERIFY(describe(error).headline.contains(u"login.example.org"_s));
}

void TestParseTaskReply::theDetailIsTheServersWordsWithoutTokensOrMarkup_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("detail");
    QTest::newRow("nest") << QByteArray(R"({"message":"Unauthorized","statusCode":401})")
                          << u"HTTP 500: Unauthorized"_s;
    QTest::newRow("list") << QByteArray(R"({"message":["a is empty","b too"],"error":"x"})")
                          << u"HTTP 500: a is empty; b too"_s;
    QTest::newRow("plain") << QByteArray("upstream\r\n  gone") << u"HTTP 500: upstream gone"_s;
    QTest::newRow("html") << QByteArray("\n <html><b>Bad gateway</b></html>") << u"HTTP 500"_s;
    QTest::newRow("empty") << QByteArray() << u"HTTP 500"_s;
    QTest::newRow("other JSON") << QByteArray("[1,2]") << u"HTTP 500"_s;
    QTest::newRow("token") << QByteArray(R"({"message":"bad eyJhbGci.eyJzdWIi.c2ln here"})")
                           << u"HTTP 500: bad ••• here"_s;
    QTest::newRow("bearer") << QByteArray("Authorization: bearer abc.def refused")
                            << u"HTTP 500: Authorization: •••"_s;
    QTest::newRow("bearer alone") << QByteArray("sent bearer abc.def on")
                                  << u"HTTP 500: sent ••• on"_s;
    QTest::newRow("key") << QByteArray("could not store 302e" + QByteArray("5f").repeated(44) + '!')
                         << u"HTTP 500: could not store •••!"_s;
    QTest::newRow("key, cut") << "sent " + QByteArray(250, '.') + QByteArray("5f").repeated(48)
                              << u"HTTP 500: sent "_s + QString(250, u'.') + u"•••"_s;
    QTest::newRow("by name") << QByteArray("POST a=1&password=hunter2&b=2\nfailed, \xc3\xa9")
                             << u"HTTP 500: POST a=1&password=•••&b=2 failed, é"_s;
    QTest::newRow("in a message") << QByteArray(R"({"message":"no: {\"privateKey\":\"302e\"}"})")
                                  << u"HTTP 500: no: {\"privateKey\":\"•••\"}"_s;
    QTest::newRow("deep") << QByteArray(100'000, '[') << u"HTTP 500"_s;
}

void TestParseTaskReply::theDetailIsTheServersWordsWithoutTokensOrMarkup()
{
    QFETCH(const QByteArray, body);
    QFETCH(const QString, detail);
    QCOMPARE(parseTaskReply(status(500, body)).error().detail, detail);
}

void TestParseTaskReply::aMillionBracketsAreRefusedAtOnce()
{
    for (const QByteArray &opening : {QByteArray("["), QByteArray("{\"a\":")}) {
        const QByteArray body = R"({"taskId":"x","result":)" + opening.repeated(1'000'000);
        const auto read = parseTaskReply(ok(body));
        QVERIFY(!read);
        QCOMPARE(read.error().kind, Kind::Unreadable);
    }
}

void TestParseTaskReply::stepsBeyondAllReasonAreLeftOut()
{
    const QByteArray many = QByteArray("{},").repeated(150'000) + "{}";
    const auto tree = parseTaskReply(ok(R"({"taskId":"x","info":{"steps":[)" + many + "]}}"));
    QCOMPARE(tree->steps.size(), size_t(100'000));
    const auto list = parseTaskReply(ok(R"({"done":false,"steps":[)" + many + "]}"));
    QCOMPARE(list->steps.size(), size_t(100'000));
    const auto lines = parseTaskReply(ok(R"({"taskId":"x","statuses":[)" + many + "]}"));
    QCOMPARE(lines->steps.size(), size_t(100'000));
}

void TestParseTaskReply::unreadableSaysWhy_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("words");
    QTest::newRow("html") << u"deployed/html"_s << u"A web page came instead of a task."_s;
    QTest::newRow("utf-8") << u"documented/invalid-utf8"_s << u"The answer is not valid UTF-8."_s;
    QTest::newRow("cut") << u"deployed/truncated"_s
                         << u"The answer is broken or incomplete JSON."_s;
    QTest::newRow("array") << u"deployed/array"_s << u"The answer is JSON, but not an object."_s;
    QTest::newRow("other") << u"deployed/login-json"_s
                           << u"The answer is JSON, but not that of a task."_s;
    QTest::newRow("deep") << u"deployed/deep-over-the-cap"_s
                          << u"The answer is nested too deeply."_s;
}

void TestParseTaskReply::unreadableSaysWhy()
{
    QFETCH(const QString, file);
    QFETCH(const QString, words);
    QCOMPARE(parseTaskReply(ok(readFile(folder() + file + u".json"_s))).error().detail, words);
}

QTEST_GUILESS_MAIN(TestParseTaskReply)
#include "test_parsetaskreply.moc"
