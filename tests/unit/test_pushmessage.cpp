#include "guardian/discovery.h"
#include "guardian/pushmessage.h"

#include <QTest>

using namespace Qt::StringLiterals;
using Kind = PushMessage::Kind;

namespace {

QByteArray update(const QByteArray &data)
{
    return R"({"type":"UPDATE_TASK_STATUS","data":)" + data + '}';
}

ReplyData reply(const QByteArray &body, int status = 200)
{
    ReplyData made;
    made.httpStatus = status;
    made.body = body;
    return made;
}

} // namespace

class TestPushMessage final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsWhatAMessageIs_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<Kind>("kind");
        QTest::newRow("pong") << QByteArray("pong") << Kind::Alive;
        QTest::newRow("running") << update(
            R"({"taskId":"a","action":"Publish policy","info":{"progress":3}})")
                                 << Kind::Task;
        QTest::newRow("result") << update(R"({"taskId":"a","action":"X","result":"1"})")
                                << Kind::Task;
        QTest::newRow("false result")
            << update(R"({"taskId":"a","action":"X","result":false})") << Kind::Task;
        QTest::newRow("error") << update(R"({"taskId":"a","action":"X","error":{"code":1}})")
                               << Kind::Task;
        QTest::newRow("in any order, with spaces")
            << QByteArray(" {\"data\" : { \"info\":{}, \"action\":\"X\", \"taskId\":\"a\" } ,\n"
                          "\"type\": \"UPDATE_TASK_STATUS\" }")
            << Kind::Task;
        QTest::newRow("only new statuses")
            << update(R"({"taskId":"a","statuses":[{"type":"Info"}],"completed":false})")
            << Kind::TaskHint;
        QTest::newRow("an old server's failure")
            << update(R"({"taskId":"a","statuses":[],"completed":false,"error":{"code":1}})")
            << Kind::TaskHint;
        QTest::newRow("no action") << update(R"({"taskId":"a","info":{}})") << Kind::TaskHint;
        QTest::newRow("nothing of substance")
            << update(R"({"taskId":"a","action":"X","result":null,"error":null})")
            << Kind::TaskHint;
        QTest::newRow("documented dialect")
            << update(R"({"taskId":"a","action":"X","done":true,"result":1})") << Kind::TaskHint;
        QTest::newRow("created") << QByteArray(R"({"type":"notify-create-progress-ws","data":{}})")
                                 << Kind::Progresses;
        QTest::newRow("moved") << QByteArray(R"({"type":"notify-update-progress-ws"})")
                               << Kind::Progresses;
        QTest::newRow("no ID") << update(R"({"action":"X","info":{}})") << Kind::Other;
        QTest::newRow("ID of another type") << update(R"({"taskId":7,"info":{}})") << Kind::Other;
        QTest::newRow("data null") << update("null") << Kind::Other;
        QTest::newRow("data a list") << update("[1]") << Kind::Other;
        QTest::newRow("another type")
            << QByteArray(R"({"type":"UPDATE_RECORD","data":{}})") << Kind::Other;
        QTest::newRow("empty") << QByteArray() << Kind::Other;
        QTest::newRow("cut off") << update(R"({"taskId":"a","action":"X","info":{})").chopped(2)
                                 << Kind::Other;
        QTest::newRow("HTML") << QByteArray("<html>") << Kind::Other;
        QTest::newRow("deep") << update(QByteArray(100000, '[')) << Kind::Other;
    }
    void tellsWhatAMessageIs()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const Kind, kind);
        const PushMessage message = readPushMessage(text);
        QCOMPARE(message.kind, kind);
        QCOMPARE(message.task.isEmpty(), kind != Kind::Task && kind != Kind::TaskHint);
        QCOMPARE(message.data.isEmpty(), kind != Kind::Task);
    }

    void keepsTheTasksOwnBytes()
    {
        const QByteArray data =
            R"({"taskId": "ü\u00e4", "action":"X" ,"result":12345678901234567890})";
        const PushMessage message = readPushMessage(update(data));
        QCOMPARE(message.data, data);
        QCOMPARE(message.task, TaskId(u"üä"_s));
    }

    void readsTheListOfRunningTasks()
    {
        const auto tasks = readProgresses(reply(R"([
            {"action":"Publish policy","message":"Publish schemas","progress":38,"taskId":"a"},
            {"taskId":"b","progress":"12","type":"progress","id":"x"},
            {"taskId":"a","action":"again"}, {"action":"no ID"}, 7, null])"));
        QVERIFY(tasks);
        QCOMPARE(*tasks, (QList<DiscoveredTask>{
                             {TaskId(u"a"_s), u"Publish policy"_s, u"Publish schemas"_s, 38},
                             {TaskId(u"b"_s), {}, {}, 12},
                         }));
        QCOMPARE(readProgresses(reply("[]")).value(), QList<DiscoveredTask>());
    }

    void takesAThousandAtMost()
    {
        QByteArray list = "[";
        for (int i = 0; i < 1500; ++i)
            list += "{\"taskId\":\"" + QByteArray::number(i) + "\"},";
        list.back() = ']';
        QCOMPARE(readProgresses(reply(list)).value().size(), 1000);
    }

    void tellsTroubleFromThereBeingNoSuchList_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<DiscoveryFailure>("failure");
        const QByteArray json = R"({"statusCode":0})";
        for (const int status : {0, 401, 429, 500, 502})
            QTest::addRow("%d", status) << status << json << DiscoveryFailure::ForNow;
        for (const int status : {403, 404})
            QTest::addRow("%d", status) << status << json << DiscoveryFailure::ForLong;
        for (const int status : {405, 302})
            QTest::addRow("%d", status) << status << json << DiscoveryFailure::Odd;
        QTest::addRow("HTML") << 200 << QByteArray("<html>") << DiscoveryFailure::Odd;
        QTest::addRow("object") << 200 << json << DiscoveryFailure::Odd;
        QTest::addRow("deep") << 200 << QByteArray(100000, '[') << DiscoveryFailure::Odd;
    }
    void tellsTroubleFromThereBeingNoSuchList()
    {
        QFETCH(const int, status);
        QFETCH(const QByteArray, body);
        QFETCH(const DiscoveryFailure, failure);
        ReplyData answer = reply(body, status);
        if (status == 0)
            answer.transportError = PollError{};
        QCOMPARE(readProgresses(answer).error(), failure);
    }
};

QTEST_GUILESS_MAIN(TestPushMessage)
#include "test_pushmessage.moc"
