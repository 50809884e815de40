#include "account/profilestore.h"
#include "manualclock.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

class TestProfileStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void withoutAFileThereIsNone();
    void whatIsSavedIsLoaded();
    void theFileIsPrivate();
    void addressesLoseTheirSecrets_data();
    void addressesLoseTheirSecrets();
    void aDamagedFileIsSetAside_data();
    void aDamagedFileIsSetAside();
    void damagedFilesNeverReplaceEachOther();
    void aNewerFileIsLeftAlone();
    void oddNumbersTakeTheirDefault();
    void aBadValueTakesItsDefaultAndIsSaid_data();
    void aBadValueTakesItsDefaultAndIsSaid();
    void aFileOfVersionOneIsMigrated();
    void aFailedSaveSaysWhy();

private:
    [[nodiscard]] QString file() const { return m_dir->filePath(u"servers.json"_s); }
    void put(const QByteArray &content) const;
    [[nodiscard]] QByteArray content() const;

    std::unique_ptr<QTemporaryDir> m_dir;
    ManualClock m_clock;
};

namespace {
ServerProfile profile(const QString &name)
{
    ServerProfile one;
    one.id = ServerId::create();
    one.name = name;
    one.address = u"guardian.example"_s;
    one.apiRoot = QUrl(u"https://guardian.example/api/v1"_s);
    return one;
}
} // namespace

void TestProfileStore::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
}

void TestProfileStore::put(const QByteArray &content) const
{
    QFile out(file());
    QVERIFY(out.open(QIODevice::WriteOnly));
    QCOMPARE(out.write(content), content.size());
}

QByteArray TestProfileStore::content() const
{
    QFile in(file());
    return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
}

void TestProfileStore::withoutAFileThereIsNone()
{
    ProfileStore store(m_dir->path(), m_clock);
    const auto loaded = store.load();
    QVERIFY(loaded.has_value());
    QVERIFY(loaded->isEmpty());
}

void TestProfileStore::whatIsSavedIsLoaded()
{
    ServerProfile odd = profile(u"Prüf „stand“ \u2603"_s);
    odd.apiRoot = QUrl(u"http://[::1]:3000/x/api/v1"_s);
    odd.allowHttp = true;
    odd.requestsPerSecond = 3;
    odd.paused = true;
    odd.enabled = false;
    odd.account = u"alice"_s;
    odd.signIn = ServerProfile::SignIn::AccessToken;
    odd.colourMark = 7;
    odd.caFile = u"/etc/ca/Prüf.pem"_s;
    odd.proxy = {ProxyChoice::Kind::Socks5, u"proxy.example"_s, 1080, u"me"_s};
    odd.push = false;
    odd.discovery = ServerProfile::Discovery::Track;
    odd.notifications = false;
    const QList<ServerProfile> profiles{profile(u"Production"_s), odd};
    QVERIFY(ProfileStore(m_dir->path(), m_clock).save(profiles).has_value());
    const auto loaded = ProfileStore(m_dir->path(), m_clock).load();
    QVERIFY(loaded.has_value());
    QCOMPARE(*loaded, profiles);
}

void TestProfileStore::theFileIsPrivate()
{
    put("{}");
    QVERIFY(QFile::setPermissions(file(), QFileDevice::Permissions(0x6666)));
    QVERIFY(ProfileStore(m_dir->path(), m_clock).save({profile(u"a"_s)}).has_value());
    QCOMPARE(QFileInfo(file()).permissions() & QFileDevice::Permissions(0x0077),
             QFileDevice::Permissions());
}

void TestProfileStore::addressesLoseTheirSecrets_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("kept");
    QTest::newRow("user info") << u"https://me:marker@host/x"_s << u"https://host/x"_s;
    QTest::newRow("without scheme") << u"me:mar@ker@host/a@b"_s << u"host/a@b"_s;
    QTest::newRow("query") << u"host/task/1?token=marker"_s << u"host/task/1"_s;
    QTest::newRow("fragment") << u"host#marker"_s << u"host"_s;
    QTest::newRow("plain") << u" host:3000 "_s << u"host:3000"_s;
}

void TestProfileStore::addressesLoseTheirSecrets()
{
    QFETCH(QString, typed);
    QFETCH(QString, kept);
    ServerProfile one = profile(u"a"_s);
    one.address = typed;
    one.apiRoot = QUrl(u"https://me:marker@host/api/v1/?token=marker#marker"_s);
    ProfileStore store(m_dir->path(), m_clock);
    QVERIFY(store.save({one}).has_value());
    QVERIFY2(!content().contains("marker"), content().constData());
    const auto loaded = store.load();
    QVERIFY(loaded.has_value());
    QCOMPARE(loaded->first().address, kept);
    QCOMPARE(loaded->first().apiRoot, QUrl(u"https://host/api/v1"_s));
}

void TestProfileStore::aDamagedFileIsSetAside_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray id = ServerId::create().text().toLatin1();
    const QByteArray good = R"({"id":")" + id + R"(","apiRoot":"https://h/api/v1"})";
    QTest::newRow("no JSON") << QByteArray("{\"version\":1,");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("an array") << QByteArray("[]");
    QTest::newRow("odd version") << QByteArray(R"({"version":"x","servers":[]})");
    QTest::newRow("no servers") << QByteArray(R"({"version":1})");
    QTest::newRow("servers of another type") << QByteArray(R"({"version":1,"servers":{}})");
    QTest::newRow("server of another type") << QByteArray(R"({"version":1,"servers":[1]})");
    QTest::newRow("no root") << QByteArray(R"({"version":1,"servers":[{"id":")" + id + R"("}]})");
    QTest::newRow("odd root") << QByteArray(R"({"version":1,"servers":[{"id":")" + id
                                            + R"(","apiRoot":"file:///etc"}]})");
    QTest::newRow("twice the same")
        << QByteArray(R"({"version":1,"servers":[)" + good + ',' + good + "]}");
}

void TestProfileStore::aDamagedFileIsSetAside()
{
    QFETCH(QByteArray, bytes);
    put(bytes);
    ProfileStore store(m_dir->path(), m_clock);
    const auto loaded = store.load();
    QVERIFY(!loaded);
    const QStringList kept = QDir(m_dir->path()).entryList({u"servers.json.damaged-*"_s});
    QCOMPARE(kept.size(), 1);
    QVERIFY2(loaded.error().contains(kept.first()), qPrintable(loaded.error()));
    QVERIFY(!QFile::exists(file()));
    QVERIFY(store.save({profile(u"new"_s)}).has_value());
    QFile aside(m_dir->filePath(kept.first()));
    QVERIFY(aside.open(QIODevice::ReadOnly));
    QCOMPARE(aside.readAll(), bytes);
}

void TestProfileStore::damagedFilesNeverReplaceEachOther()
{
    for (int i = 0; i < 3; ++i) {
        put("damage " + QByteArray::number(i));
        QVERIFY(!ProfileStore(m_dir->path(), m_clock).load().has_value());
    }
    QCOMPARE(QDir(m_dir->path()).entryList({u"*.damaged-*"_s}).size(), 3);
}

void TestProfileStore::aNewerFileIsLeftAlone()
{
    const QByteArray newer = R"({"version":3,"servers":"of another shape"})";
    put(newer);
    ProfileStore store(m_dir->path(), m_clock);
    const auto loaded = store.load();
    QVERIFY(!loaded);
    QVERIFY2(loaded.error().contains(u"newer"_s), qPrintable(loaded.error()));
    const auto saved = store.save({profile(u"new"_s)});
    QVERIFY(!saved);
    QCOMPARE(saved.error(), loaded.error());
    QCOMPARE(content(), newer);
}

void TestProfileStore::oddNumbersTakeTheirDefault()
{
    put(R"({"version":1,"servers":[{"id":")" + ServerId::create().text().toLatin1()
        + R"(","apiRoot":"https://h/api/v1","requestsPerSecond":100000}]})");
    const auto loaded = ProfileStore(m_dir->path(), m_clock).load();
    QVERIFY(loaded.has_value());
    QCOMPARE(loaded->first().requestsPerSecond, ServerProfile::defaultRequestsPerSecond);
}

void TestProfileStore::aBadValueTakesItsDefaultAndIsSaid_data()
{
    QTest::addColumn<QByteArray>("member");
    QTest::addColumn<QString>("named");
    QTest::newRow("number") << QByteArray(R"("colourMark":8)") << u"colourMark"_s;
    QTest::newRow("fraction") << QByteArray(R"("colourMark":1.5)") << u"colourMark"_s;
    QTest::newRow("tick") << QByteArray(R"("push":"yes")") << u"push"_s;
    QTest::newRow("text") << QByteArray(R"("account":7)") << u"account"_s;
    QTest::newRow("word") << QByteArray(R"("discovery":"perhaps")") << u"discovery"_s;
    QTest::newRow("kind") << QByteArray(R"("signIn":null)") << u"signIn"_s;
    QTest::newRow("proxy kind") << QByteArray(R"("proxy":{"kind":"ftp"})") << u"kind"_s;
    QTest::newRow("proxy port") << QByteArray(R"("proxy":{"port":70000})") << u"port"_s;
    QTest::newRow("proxy without host")
        << QByteArray(R"("proxy":{"kind":"http","port":8080})") << u"proxy"_s;
}

void TestProfileStore::aBadValueTakesItsDefaultAndIsSaid()
{
    QFETCH(const QByteArray, member);
    QFETCH(const QString, named);
    ServerProfile expected = profile(u"Production"_s);
    expected.address.clear();
    put(R"({"version":2,"servers":[{"id":")" + expected.id.text().toLatin1()
        + R"(","name":"Production","apiRoot":"https://guardian.example/api/v1",)" + member + "}]}");
    ProfileStore store(m_dir->path(), m_clock);
    const auto loaded = store.load();
    QVERIFY(loaded.has_value());
    QCOMPARE(loaded->first(), expected);
    QCOMPARE(store.warnings().size(), 1);
    QVERIFY2(store.warnings().constFirst().contains(named),
             qPrintable(store.warnings().constFirst()));
    QVERIFY(store.warnings().constFirst().contains(u"Production"_s));
}

/// Version 1 had one access token a server and none of the later members.
void TestProfileStore::aFileOfVersionOneIsMigrated()
{
    const ServerProfile before = profile(u"Production"_s);
    put(R"({"version":1,"servers":[{"id":")" + before.id.text().toLatin1()
        + R"(","name":"Production","address":"guardian.example","allowHttp":true,)"
          R"("apiRoot":"https://guardian.example/api/v1","requestsPerSecond":7,"paused":true}]})");
    ServerProfile expected = before;
    expected.allowHttp = true;
    expected.requestsPerSecond = 7;
    expected.paused = true;
    expected.signIn = ServerProfile::SignIn::AccessToken;
    ProfileStore store(m_dir->path(), m_clock);
    const auto loaded = store.load();
    QVERIFY(loaded.has_value());
    QCOMPARE(*loaded, QList<ServerProfile>{expected});
    QVERIFY(store.warnings().isEmpty());
    QVERIFY(store.save(*loaded).has_value());
    QVERIFY(content().contains("\"version\": 2"));
}

void TestProfileStore::aFailedSaveSaysWhy()
{
    const auto saved = ProfileStore(m_dir->filePath(u"missing"_s), m_clock).save({});
    QVERIFY(!saved);
    QVERIFY2(saved.error().contains(u"servers.json"_s), qPrintable(saved.error()));
}

QTEST_GUILESS_MAIN(TestProfileStore)
#include "test_profilestore.moc"
