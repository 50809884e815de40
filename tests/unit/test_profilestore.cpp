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
    void oddNumbersAreBounded();
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
    const QByteArray newer = R"({"version":2,"servers":"of another shape"})";
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

void TestProfileStore::oddNumbersAreBounded()
{
    put(R"({"version":1,"servers":[{"id":")" + ServerId::create().text().toLatin1()
        + R"(","apiRoot":"https://h/api/v1","requestsPerSecond":100000}]})");
    const auto loaded = ProfileStore(m_dir->path(), m_clock).load();
    QVERIFY(loaded.has_value());
    QCOMPARE(loaded->first().requestsPerSecond, ServerProfile::maxRequestsPerSecond);
}

void TestProfileStore::aFailedSaveSaysWhy()
{
    const auto saved = ProfileStore(m_dir->filePath(u"missing"_s), m_clock).save({});
    QVERIFY(!saved);
    QVERIFY2(saved.error().contains(u"servers.json"_s), qPrintable(saved.error()));
}

QTEST_GUILESS_MAIN(TestProfileStore)
#include "test_profilestore.moc"
