#include "account/serverconfigs.h"
#include "testdata.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

ServerProfile profile(const QString &root = u"https://guardian.example/api/v1"_s)
{
    ServerProfile made;
    made.id = ServerId::create();
    made.name = u"Production"_s;
    made.apiRoot = QUrl(root);
    return made;
}

} // namespace

class TestServerConfigs final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everythingIsHandedOver()
    {
        ServerProfile server = profile();
        server.requestsPerSecond = 7;
        server.paused = true;
        server.proxy = {ProxyChoice::Kind::Http, u"proxy.example"_s, 8080, u"me"_s};
        server.caFile = testDataPath(u"tls/ca.pem");
        NetworkSettings settings;
        settings.idleTimeout = std::chrono::seconds{11};
        settings.totalTimeout = std::chrono::seconds{22};
        const auto config = serverConfigOf(server, settings);
        QVERIFY2(config, config ? "" : qPrintable(config.error()));
        QCOMPARE(config->id, server.id);
        QCOMPARE(config->name, server.name);
        QCOMPARE(config->root, ApiRoot(server.apiRoot));
        QCOMPARE(config->manners.requestsPerSecond, 7);
        QVERIFY(config->paused);
        QCOMPARE(config->network.proxy, server.proxy);
        QCOMPARE(config->network.extraCa.size(), 1);
        QCOMPARE(config->network.idleTimeout, settings.idleTimeout);
        QCOMPARE(config->network.totalTimeout, settings.totalTimeout);
    }

    void aCaFileThatIsNoneIsSaid()
    {
        const QTemporaryDir folder;
        ServerProfile server = profile();
        server.caFile = folder.filePath(u"missing.pem"_s);
        auto config = serverConfigOf(server, {});
        QVERIFY(!config);
        QVERIFY2(config.error().contains(u"missing.pem"_s), qPrintable(config.error()));
        QFile file(server.caFile);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("no certificate\n");
        file.close();
        config = serverConfigOf(server, {});
        QVERIFY(!config);
        QVERIFY2(config.error().contains(u"PEM"_s), qPrintable(config.error()));
    }

    void openHttpNeedsConsent_data()
    {
        QTest::addColumn<QString>("root");
        QTest::addColumn<bool>("allowed");
        QTest::addColumn<bool>("accepted");
        QTest::newRow("https") << u"https://guardian.example"_s << false << true;
        QTest::newRow("this machine") << u"http://127.0.0.1:3000"_s << false << true;
        QTest::newRow("beyond") << u"http://guardian.example"_s << false << false;
        QTest::newRow("with consent") << u"http://guardian.example"_s << true << true;
    }
    void openHttpNeedsConsent()
    {
        QFETCH(const QString, root);
        QFETCH(const bool, allowed);
        ServerProfile server = profile(root);
        server.allowHttp = allowed;
        QTEST(serverConfigOf(server, {}).has_value(), "accepted");
    }
};

QTEST_GUILESS_MAIN(TestServerConfigs)
#include "test_serverconfigs.moc"
