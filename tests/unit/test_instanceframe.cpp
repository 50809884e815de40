#include "instance/instanceframe.h"
#include "instance/instancerequest.h"

#include <QCborMap>
#include <QCborValue>
#include <QTest>

using namespace Qt::StringLiterals;

class TestInstanceFrame final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRequestArrivesAsItWasSent_data();
    void aRequestArrivesAsItWasSent();
    void aReplyArrivesAsItWasSent();
    void framesMayComeInPieces();
    void whatIsForeignIsSeenAtOnce_data();
    void whatIsForeignIsSeenAtOnce();
    void anotherVersionIsSaid();
    void damagedContentIsRefused_data();
    void damagedContentIsRefused();
};

void TestInstanceFrame::aRequestArrivesAsItWasSent_data()
{
    QTest::addColumn<int>("kind");
    using Kind = InstanceRequest::Kind;
    QTest::newRow("show") << int(Kind::Show);
    QTest::newRow("track") << int(Kind::Track);
    QTest::newRow("link") << int(Kind::Link);
    QTest::newRow("import") << int(Kind::Import);
}

void TestInstanceFrame::aRequestArrivesAsItWasSent()
{
    QFETCH(const int, kind);
    const InstanceRequest request{InstanceRequest::Kind(kind), u"a\nü\U0001F600"_s, u"prod"_s,
                                  u"token"_s, false};
    const auto arrived = decodeRequest(encode(request));
    QVERIFY(arrived);
    QCOMPARE(*arrived, request);
}

void TestInstanceFrame::aReplyArrivesAsItWasSent()
{
    const InstanceReply reply{true, u"Watching 1 more task."_s};
    const auto arrived = decodeReply(encode(reply));
    QVERIFY(arrived);
    QCOMPARE(*arrived, reply);
}

void TestInstanceFrame::framesMayComeInPieces()
{
    const QByteArray first = InstanceFrame::packed("first");
    const QByteArray second = InstanceFrame::packed({});
    QByteArray arrived;
    const QByteArray beginning = first.chopped(1);
    for (const char byte : beginning) {
        arrived += byte;
        const auto content = InstanceFrame::take(arrived);
        QVERIFY(content && !*content);
    }
    arrived += first.back() + second;
    QCOMPARE(InstanceFrame::take(arrived).value(), QByteArray("first"));
    QCOMPARE(InstanceFrame::take(arrived).value(), QByteArray(""));
    QVERIFY(!InstanceFrame::take(arrived).value());
    QVERIFY(arrived.isEmpty());
}

void TestInstanceFrame::whatIsForeignIsSeenAtOnce_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("broken");
    using InstanceFrame::Broken;
    QTest::newRow("HTTP") << QByteArray("G") << int(Broken::Foreign);
    QTest::newRow("another number") << QByteArray("TWI\x02") << int(Broken::Foreign);
    QTest::newRow("too much") << QByteArray("TWI\x01\x00\x40\x00\x01", 8) << int(Broken::TooLarge);
    QTest::newRow("far too much") << QByteArray("TWI\x01\xff\xff\xff\xff") << int(Broken::TooLarge);
}

void TestInstanceFrame::whatIsForeignIsSeenAtOnce()
{
    QFETCH(QByteArray, bytes);
    QFETCH(const int, broken);
    const auto content = InstanceFrame::take(bytes);
    QVERIFY(!content);
    QCOMPARE(int(content.error()), broken);
}

void TestInstanceFrame::anotherVersionIsSaid()
{
    const QCborMap map{{u"v"_s, 2}, {u"kind"_s, u"show"_s}};
    const auto refused = decodeRequest(map.toCborValue().toCbor());
    QVERIFY(!refused);
    QVERIFY2(refused.error().contains(u"version"_s), qPrintable(refused.error()));
    const QCborMap reply{{u"v"_s, 2}, {u"accepted"_s, false}, {u"words"_s, u"why"_s}};
    QCOMPARE(decodeReply(reply.toCborValue().toCbor()).value(), (InstanceReply{false, u"why"_s}));
}

void TestInstanceFrame::damagedContentIsRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("text") << QByteArray("hello");
    QTest::newRow("a cut one") << encode(InstanceRequest()).chopped(3);
    QTest::newRow("a list") << QByteArray("\x80");
    QTest::newRow("a bomb of lists") << QByteArray(2000, '\x81');
    QTest::newRow("a text of 4 GiB") << QByteArray("\xa1\x61v\x7a\xff\xff\xff\xff");
    const QCborMap map{{u"v"_s, 1}, {u"kind"_s, u"unwatch"_s}};
    QTest::newRow("an unknown kind") << map.toCborValue().toCbor();
}

void TestInstanceFrame::damagedContentIsRefused()
{
    QFETCH(const QByteArray, bytes);
    QVERIFY(!decodeRequest(bytes));
    QVERIFY(!decodeReply(bytes));
}

QTEST_GUILESS_MAIN(TestInstanceFrame)
#include "test_instanceframe.moc"
