#include "desktop/networkwatch.h"

#include <QTest>

using Reachability = QNetworkInformation::Reachability;

Q_DECLARE_METATYPE(QNetworkInformation::Reachability)

class TestNetworkWatch final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void moreReachIsAReturn_data();
    void moreReachIsAReturn();
    void anotherMediumIsAReturnOnlyWhereItLeadsSomewhere();
};

void TestNetworkWatch::moreReachIsAReturn_data()
{
    QTest::addColumn<Reachability>("before");
    QTest::addColumn<Reachability>("now");
    QTest::addColumn<bool>("isReturn");
    using enum QNetworkInformation::Reachability;
    QTest::newRow("back online") << Disconnected << Online << true;
    QTest::newRow("back in the house") << Disconnected << Local << true;
    QTest::newRow("out of the house") << Local << Online << true;
    QTest::newRow("gone") << Online << Disconnected << false;
    QTest::newRow("the same") << Online << Online << false;
    QTest::newRow("only just known") << Unknown << Online << false;
}

void TestNetworkWatch::moreReachIsAReturn()
{
    QFETCH(const Reachability, before);
    QFETCH(const Reachability, now);
    QTEST(NetworkWatch::isReturn(before, now), "isReturn");
}

void TestNetworkWatch::anotherMediumIsAReturnOnlyWhereItLeadsSomewhere()
{
    using Medium = QNetworkInformation::TransportMedium;
    QVERIFY(NetworkWatch::isOtherNetwork(Medium::WiFi, Reachability::Online));
    QVERIFY(NetworkWatch::isOtherNetwork(Medium::Ethernet, Reachability::Unknown));
    QVERIFY(
        !NetworkWatch::isOtherNetwork(Medium::Unknown, Reachability::Online)); // the cable is out
    QVERIFY(!NetworkWatch::isOtherNetwork(Medium::WiFi, Reachability::Disconnected));
}

QTEST_GUILESS_MAIN(TestNetworkWatch)
#include "test_networkwatch.moc"
