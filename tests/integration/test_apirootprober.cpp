#include "guardian/apirootprober.h"
#include "manualclock.h"
#include "scriptedpeer.h"

#include <QSignalSpy>
#include <QTcpSocket>
#include <QTest>

#include <optional>

using namespace Qt::StringLiterals;

class TestApiRootProber final : public QObject
{
    Q_OBJECT

private:
    ManualClock m_clock;

    /// A site where only `path` answers so, and all else is a web page.
    static ScriptedPeer::Handler site(const QByteArray &path, const QByteArray &answer,
                                      const QByteArray &other = {})
    {
        const QByteArray page = ScriptedPeer::answer(200, "<!doctype html><p>Guardian</p>",
                                                     "Content-Type: text/html\r\n");
        return [=](const ScriptedPeer::Request &request, QTcpSocket &socket) {
            const bool hit = request.target == path + "/tasks/00000000-0000-0000-0000-000000000000";
            socket.write(hit ? answer : other.isEmpty() ? page : other);
        };
    }

private Q_SLOTS:
    void findsTheApi_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("answer");
        const QByteArray refused =
            ScriptedPeer::answer(401, R"({"message":"Unauthorized","statusCode":401})",
                                 "Content-Type: application/json\r\n");
        QTest::newRow("site") << u"/"_s << QByteArray("/api/v1") << refused;
        QTest::newRow("root") << u"/api/v1/"_s << QByteArray("/api/v1") << refused;
        QTest::newRow("no prefix") << u"/"_s << QByteArray() << refused;
        QTest::newRow("base path") << u"/x"_s << QByteArray("/x/api/v1") << refused;
        QTest::newRow("a page of the web UI") << u"/policies"_s << QByteArray("/api/v1") << refused;
        QTest::newRow("403") << u"/"_s << QByteArray("/api/v1")
                             << ScriptedPeer::answer(403, R"({"statusCode":403})");
        QTest::newRow("no sign-in, unknown task")
            << u"/"_s << QByteArray("/api/v1") << ScriptedPeer::answer(200, "");
        QTest::newRow("no sign-in, null")
            << u"/"_s << QByteArray("/api/v1") << ScriptedPeer::json("null");
    }
    void findsTheApi()
    {
        QFETCH(const QString, typed);
        QFETCH(const QByteArray, path);
        QFETCH(const QByteArray, answer);
        const ScriptedPeer peer(site(path, answer));
        ApiRootProber prober({}, m_clock);
        std::optional<ApiRootProber::Result> found;
        connect(&prober, &ApiRootProber::finished, this,
                [&](const ApiRootProber::Result &result) { found = result; });
        prober.start(*apiRootCandidates(peer.url(typed).toString()));
        QTRY_VERIFY(found);
        QVERIFY2(*found, *found ? "" : qPrintable(found->error().detail));
        QCOMPARE((*found)->url(), peer.url(QString::fromLatin1(path)));
        for (const auto &request : peer.requests())
            QVERIFY(!request.headers.contains("authorization"));
    }

    void explainsWhatIsThereInstead_data()
    {
        QTest::addColumn<QByteArray>("answer"); // of /api/v1
        QTest::addColumn<QByteArray>("other");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("word");
        using Kind = PollError::Kind;
        const QByteArray html = "Content-Type: text/html\r\n";
        const QByteArray missing = ScriptedPeer::answer(404, R"({"statusCode":404})");
        QTest::newRow("only web pages") << ScriptedPeer::answer(200, "<html>", html) << QByteArray()
                                        << int(Kind::Unreadable) << u"web page"_s;
        QTest::newRow("nothing") << missing << missing << int(Kind::Unreadable)
                                 << u"not as a Guardian"_s;
        QTest::newRow("a page is more than nothing")
            << missing << QByteArray() << int(Kind::Unreadable) << u"web page"_s;
        QTest::newRow("the gateway is down") << ScriptedPeer::answer(502, "<html>Bad gateway", html)
                                             << QByteArray() << int(Kind::ServerError) << u"502"_s;
        QTest::newRow("too many") << ScriptedPeer::answer(429, "") << QByteArray()
                                  << int(Kind::RateLimited) << u"wait"_s;
        QTest::newRow("a proxy's own sign-in")
            << ScriptedPeer::answer(401, "<html>", html) << missing << int(Kind::Unreadable)
            << u"sign-in of its own"_s;
        QTest::newRow("sent elsewhere")
            << ScriptedPeer::answer(302, "", "Location: https://login.example/\r\n") << missing
            << int(Kind::ForeignRedirect) << u"login.example"_s;
        QTest::newRow("text") << ScriptedPeer::answer(200, "hello") << missing
                              << int(Kind::Unreadable) << u"not as a Guardian"_s;
        QTest::newRow("closed") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: x")
                                << QByteArray() << int(Kind::Timeout) << u"byte"_s;
    }
    void explainsWhatIsThereInstead()
    {
        QFETCH(const QByteArray, answer);
        QFETCH(const QByteArray, other);
        QFETCH(const int, kind);
        QFETCH(const QString, word);
        const ScriptedPeer peer(site("/api/v1", answer, other));
        ApiRootProber prober({}, m_clock);
        std::optional<ApiRootProber::Result> found;
        connect(&prober, &ApiRootProber::finished, this,
                [&](const ApiRootProber::Result &result) { found = result; });
        prober.start(*apiRootCandidates(peer.url(u"/"_s).toString()));
        if (PollError::Kind(kind) == PollError::Kind::Timeout) {
            QTRY_VERIFY(!peer.requests().isEmpty());
            m_clock.advance(std::chrono::seconds(15));
        }
        QTRY_VERIFY(found);
        QVERIFY(!*found);
        QCOMPARE(int(found->error().kind), kind);
        QVERIFY2(found->error().detail.contains(word), qPrintable(found->error().detail));
    }

    void endsAtOnceWhereNobodyAnswers()
    {
        ScriptedPeer peer([](const ScriptedPeer::Request &, QTcpSocket &) {});
        peer.stopListening();
        const QUrl url(u"http://127.0.0.1:1"_s);
        ApiRootProber prober({}, m_clock);
        QSignalSpy finished(&prober, &ApiRootProber::finished);
        prober.start(*apiRootCandidates(url.toString()));
        QTRY_COMPARE(finished.count(), 1);
        const auto result = finished.constFirst().constFirst().value<ApiRootProber::Result>();
        QCOMPARE(result.error().kind, PollError::Kind::Unreachable);
    }

    void plainHttpBehindHttpsIsExplained()
    {
        const ScriptedPeer peer([](const ScriptedPeer::Request &, QTcpSocket &) {});
        ApiRootProber prober({}, m_clock);
        std::optional<ApiRootProber::Result> found;
        connect(&prober, &ApiRootProber::finished, this,
                [&](const ApiRootProber::Result &result) { found = result; });
        prober.start(*apiRootCandidates(u"127.0.0.1:%1"_s.arg(peer.port())));
        // It waits for an answer to its handshake, as a web server would give one.
        QTRY_COMPARE(peer.connections(), 1);
        m_clock.advance(std::chrono::seconds(15));
        QTRY_VERIFY(found);
        QVERIFY(!*found);
        QVERIFY(peer.requests().isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestApiRootProber)
#include "test_apirootprober.moc"
