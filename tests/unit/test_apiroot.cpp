#include "guardian/apiroot.h"

#include <QTest>

using namespace Qt::StringLiterals;

class TestApiRoot final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsCandidates_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QStringList>("expected");
        const QStringList site{u"https://gw.example/api/v1"_s, u"https://gw.example"_s};
        const QStringList root{u"https://gw.example/api/v1"_s};
        QTest::newRow("host") << u"gw.example"_s << site;
        QTest::newRow("host, dot behind") << u" gw.example.  "_s << site;
        QTest::newRow("upper case") << u"HTTPS://GW.Example/"_s << site;
        QTest::newRow("site") << u"https://gw.example/"_s << site;
        QTest::newRow("slashes") << u"https://gw.example///"_s << site;
        QTest::newRow("in brackets") << u"<https://gw.example/>,"_s << site;
        QTest::newRow("in quotes") << u"\"https://gw.example\""_s << site;
        QTest::newRow("hash route") << u"https://gw.example/#/policies"_s << site;
        QTest::newRow("query") << u"https://gw.example/?last=1"_s << site;
        QTest::newRow("task page") << u"https://gw.example/task/5d2c7f4e?last=%2Fhome"_s << site;
        QTest::newRow("task of the API") << u"https://gw.example/api/v1/tasks/5d2c"_s << root;
        QTest::newRow("root") << u"https://gw.example/api/v1"_s << root;
        QTest::newRow("root/") << u"https://gw.example/api/v1/"_s << root;
        QTest::newRow("other version")
            << u"https://gw.example/api/v2"_s << QStringList{u"https://gw.example/api/v2"_s};
        QTest::newRow("base path")
            << u"https://gw/x/api/v1/"_s << QStringList{u"https://gw/x/api/v1"_s};
        QTest::newRow("site below a path")
            << u"https://gw/x"_s
            << QStringList{u"https://gw/x/api/v1"_s, u"https://gw/x"_s, u"https://gw/api/v1"_s};
        QTest::newRow("task page below a path")
            << u"https://gw/x/task/1"_s
            << QStringList{u"https://gw/x/api/v1"_s, u"https://gw/x"_s, u"https://gw/api/v1"_s};
        QTest::newRow("http, typed")
            << u"http://gw:3000"_s << QStringList{u"http://gw:3000/api/v1"_s, u"http://gw:3000"_s};
        QTest::newRow("localhost with a port")
            << u"localhost:3000"_s
            << QStringList{u"https://localhost:3000/api/v1"_s, u"https://localhost:3000"_s};
        QTest::newRow("IPv4") << u"10.0.0.7:8443"_s
                              << QStringList{u"https://10.0.0.7:8443/api/v1"_s,
                                             u"https://10.0.0.7:8443"_s};
        QTest::newRow("IPv6 in brackets")
            << u"[::1]:3000"_s
            << QStringList{u"https://[::1]:3000/api/v1"_s, u"https://[::1]:3000"_s};
        QTest::newRow("IPv6, bare")
            << u"::1"_s << QStringList{u"https://[::1]/api/v1"_s, u"https://[::1]"_s};
        QTest::newRow("IDN") << u"https://bücher.example"_s
                             << QStringList{u"https://xn--bcher-kva.example/api/v1"_s,
                                            u"https://xn--bcher-kva.example"_s};
        QTest::newRow("encoded path")
            << u"https://gw/a%20b/api/v1"_s << QStringList{u"https://gw/a%20b/api/v1"_s};
    }
    void findsCandidates()
    {
        QFETCH(const QString, typed);
        QFETCH(const QStringList, expected);
        const auto candidates = apiRootCandidates(typed);
        QVERIFY2(candidates, qPrintable(candidates ? QString() : candidates.error()));
        QStringList found;
        for (const QUrl &url : *candidates)
            found.append(QString::fromLatin1(url.toEncoded()));
        QCOMPARE(found, expected);
    }

    void refusesInWords_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("word");
        QTest::newRow("nothing") << u"  "_s << u"Type the address"_s;
        QTest::newRow("only brackets") << u"<>"_s << u"Type the address"_s;
        QTest::newRow("ftp") << u"ftp://gw.example"_s << u"ftp"_s;
        QTest::newRow("file") << u"file:///etc/passwd"_s << u"file"_s;
        QTest::newRow("password") << u"https://alice:secret@gw.example"_s << u"password"_s;
        QTest::newRow("user") << u"alice@gw.example"_s << u"password"_s;
        QTest::newRow("spaces") << u"my server"_s << u"spaces"_s;
        QTest::newRow("port 0") << u"gw.example:0"_s << u"port"_s;
        QTest::newRow("port too large") << u"gw.example:70000"_s << u"port"_s;
        QTest::newRow("no host") << u"https://"_s << u"name"_s;
        QTest::newRow("no host but a path") << u"https:///api/v1"_s << u"name"_s;
        QTest::newRow("script") << u"javascript:alert(1)"_s << u"name"_s;
        QTest::newRow("broken IPv6") << u"https://[::1"_s << u"name"_s;
    }
    void refusesInWords()
    {
        QFETCH(const QString, typed);
        QFETCH(const QString, word);
        const auto candidates = apiRootCandidates(typed);
        QVERIFY(!candidates);
        QVERIFY2(candidates.error().contains(word), qPrintable(candidates.error()));
        QVERIFY(!candidates.error().contains(u"secret"_s));
    }

    void resolvesBelowTheRoot()
    {
        const ApiRoot root(QUrl(u"https://me:pw@gw.example/x/api/v1//?a=b#c"_s));
        QCOMPARE(root.url(), QUrl(u"https://gw.example/x/api/v1"_s));
        QCOMPARE(root.resolve(taskPath(TaskId(u"a/b c?d#é%"_s))).toEncoded(),
                 QByteArray("https://gw.example/x/api/v1/tasks/a%2Fb%20c%3Fd%23%C3%A9%25"));
        QCOMPARE(root.webTaskPage(TaskId(u"a/b"_s)).toEncoded(),
                 QByteArray("https://gw.example/x/task/a%2Fb"));
        QCOMPARE(ApiRoot(QUrl(u"https://gw.example"_s)).webTaskPage(TaskId(u"1"_s)),
                 QUrl(u"https://gw.example/task/1"_s));
        QVERIFY(ApiRoot().isNull());
        // Steps in a path would lead elsewhere, also when they are encoded.
        QCOMPARE(root.resolve(taskPath(TaskId(u"."_s))).toEncoded(),
                 QByteArray("https://gw.example/x/api/v1/tasks/%252E"));
        QCOMPARE(root.resolve(taskPath(TaskId(u".."_s))).toEncoded(),
                 QByteArray("https://gw.example/x/api/v1/tasks/%252E%252E"));
        QCOMPARE(root.resolve(taskPath(TaskId(u"..."_s))).toEncoded(),
                 QByteArray("https://gw.example/x/api/v1/tasks/..."));
    }

    void comparesOrigins()
    {
        const ApiRoot root(QUrl(u"https://gw.example/api/v1"_s));
        QVERIFY(root.hasOriginOf(ApiRoot(QUrl(u"https://gw.example:443/x"_s))));
        QVERIFY(!root.hasOriginOf(ApiRoot(QUrl(u"http://gw.example/api/v1"_s))));
        QVERIFY(!root.hasOriginOf(ApiRoot(QUrl(u"https://gw.example:8443/api/v1"_s))));
        QVERIFY(!root.hasOriginOf(ApiRoot(QUrl(u"https://gw.example.org/api/v1"_s))));
    }

    void knowsWhatStaysOnThisMachine()
    {
        for (const auto *loopback :
             {"http://localhost:3000", "http://127.0.0.1", "http://127.8.9.1", "http://[::1]:80"})
            QVERIFY2(isLoopback(QUrl(QString::fromLatin1(loopback))), loopback);
        for (const auto *other :
             {"http://localhost.example", "http://10.0.0.1", "http://[::2]", "http://128.0.0.1",
              "http://127.0.0.1.example", "https://sim.localhost", ""})
            QVERIFY2(!isLoopback(QUrl(QString::fromLatin1(other))), other);
    }
};

QTEST_GUILESS_MAIN(TestApiRoot)
#include "test_apiroot.moc"
