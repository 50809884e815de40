#include "guardian/guardianclient.h"
#include "manualclock.h"
#include "scriptedpeer.h"
#include "testdata.h"

#include <QDirIterator>
#include <QFile>
#include <QRandomGenerator>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslServer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <optional>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QByteArray marker = "marker-secret-token";

QByteArray gzipHeader()
{
    return "Content-Type: application/json\r\nContent-Encoding: gzip\r\n";
}

/// gzip of `data`, made from zlib's format that qCompress gives: header, raw deflate, CRC, size.
QByteArray gzipped(const QByteArray &data)
{
    static const auto table = [] {
        std::array<quint32, 256> made{};
        for (quint32 i = 0; i < made.size(); ++i) {
            quint32 value = i;
            for (int bit = 0; bit < 8; ++bit)
                value = (value >> 1) ^ (0xEDB88320U & (0U - (value & 1U)));
            made.at(i) = value;
        }
        return made;
    }();
    quint32 crc = ~0U;
    for (const char byte : data)
        crc = (crc >> 8) ^ table[(crc ^ quint8(byte)) & 0xff];
    crc = ~crc;
    QByteArray out("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
    const QByteArray zlib = qCompress(data, 9).mid(4);
    out += zlib.mid(2, zlib.size() - 6);
    for (const quint32 word : {crc, quint32(data.size())})
        for (int shift = 0; shift < 32; shift += 8)
            out += char((word >> shift) & 0xff);
    return out;
}

QByteArray testData(const QByteArray &name)
{
    QFile file(testDataPath(u"tls/") + QString::fromLatin1(name));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no %s", name.constData());
    return file.readAll();
}

std::unique_ptr<QTcpServer> tlsServer(const QByteArray &certificate = "ec.crt",
                                      const QByteArray &key = "ec.key")
{
    auto server = std::make_unique<QSslServer>();
    auto configuration = QSslConfiguration::defaultConfiguration();
    configuration.setLocalCertificate(QSslCertificate(testData(certificate)));
    configuration.setPrivateKey(QSslKey(testData(key), QSsl::Ec));
    server->setSslConfiguration(configuration);
    return server;
}

} // namespace

class TestGuardianClient final : public QObject
{
    Q_OBJECT

private:
    ManualClock m_clock;
    QTemporaryDir m_home;
    std::optional<ReplyData> m_reply;
    int m_done = 0;

    void send(GuardianClient &client, const QString &path = u"tasks/1"_s)
    {
        m_reply.reset();
        m_done = 0;
        client.send({.path = path, .authorization = Authorization{Secret(marker), 1}}, this,
                    [this](const ReplyData &reply) {
                        m_reply = reply;
                        ++m_done;
                    });
    }
    [[nodiscard]] std::optional<PollError::Kind> trouble() const
    {
        if (!m_reply || !m_reply->transportError)
            return std::nullopt;
        return m_reply->transportError->kind;
    }
    /// The reply of a client to a peer that writes these bytes, then closes if asked.
    void ask(const QByteArray &bytes, bool close = false, const NetworkSettings &settings = {})
    {
        ScriptedPeer peer([&](const ScriptedPeer::Request &, QTcpSocket &socket) {
            socket.write(bytes);
            if (close)
                socket.disconnectFromHost();
        });
        GuardianClient client(ApiRoot(peer.url()), settings, m_clock);
        send(client);
        QTRY_VERIFY_WITH_TIMEOUT(m_reply, 10'000);
        QCOMPARE(m_done, 1);
        QCOMPARE(client.inFlight(), 0);
    }

private Q_SLOTS:
    void initTestCase()
    {
        for (const char *folder : {"HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"})
            qputenv(folder, QFile::encodeName(m_home.path()));
    }

    /// All that was asked and answered has left no file.
    void cleanupTestCase()
    {
        QDirIterator files(m_home.path(), QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot,
                           QDirIterator::Subdirectories);
        QCOMPARE(files.hasNext() ? files.next() : QString(), QString());
    }

    void asksAsItShould()
    {
        ScriptedPeer peer([this](const ScriptedPeer::Request &, QTcpSocket &socket) {
            m_clock.advance(70ms);
            socket.write(ScriptedPeer::answer(200, R"({"done":true})",
                                              "Content-Type: application/json\r\nX-Other: 1\r\n"
                                              "Set-Cookie: session=abc\r\n"
                                              "WWW-Authenticate: Bearer\r\n"));
        });
        GuardianClient client(ApiRoot(peer.url(u"/x/api/v1/"_s)), {}, m_clock);
        send(client, u"tasks/a%2Fb"_s);
        QCOMPARE(m_done, 0);
        QTRY_VERIFY(m_reply);
        QVERIFY(!m_reply->transportError);
        QCOMPARE(m_reply->httpStatus, 200);
        QCOMPARE(m_reply->body.whole(), QByteArray(R"({"done":true})"));
        QCOMPARE(m_reply->duration, 70ms);

        const auto names = [this] {
            QByteArrayList all;
            const auto list = m_reply->headers.list();
            for (const auto &header : list)
                all.append(header.first.toLower());
            return all;
        }();
        QVERIFY(names.contains("x-other"));
        QVERIFY(!names.contains("set-cookie") && !names.contains("www-authenticate"));

        const auto request = peer.requests().constFirst();
        QCOMPARE(request.verb, QByteArray("GET"));
        QCOMPARE(request.target, QByteArray("/x/api/v1/tasks/a%2Fb"));
        QCOMPARE(request.headers.value("authorization"), "Bearer " + marker);
        QCOMPARE(request.headers.value("accept"), QByteArray("application/json"));
        QCOMPARE(request.headers.value("user-agent"), QByteArray("Taskwatch/" TASKWATCH_VERSION));
        QVERIFY(request.headers.value("accept-encoding").contains("gzip"));

        // No cookie comes back.
        send(client);
        QTRY_VERIFY(m_reply);
        QVERIFY(!peer.requests().constLast().headers.contains("cookie"));
    }

    /// Whatever the server says of it: each answer is asked for anew. See also cleanupTestCase().
    void noReplyIsKept()
    {
        int number = 0;
        ScriptedPeer peer([&number](const ScriptedPeer::Request &, QTcpSocket &socket) {
            socket.write(ScriptedPeer::answer(200,
                                              "{\"number\":" + QByteArray::number(++number) + '}',
                                              "Content-Type: application/json\r\n"
                                              "Cache-Control: public, max-age=86400\r\n"
                                              "Expires: Fri, 31 Dec 2100 23:59:59 GMT\r\n"
                                              "Last-Modified: Fri, 01 Jan 2021 00:00:00 GMT\r\n"
                                              "ETag: \"always-the-same\"\r\n"));
        });
        const auto expect = [&](GuardianClient &client, const QByteArray &expected) {
            send(client, u"tasks/1"_s);
            QTRY_VERIFY(m_reply);
            QCOMPARE(m_reply->body.whole(), expected);
            const auto &headers = peer.requests().constLast().headers;
            QVERIFY(!headers.contains("if-none-match") && !headers.contains("if-modified-since"));
        };
        {
            GuardianClient client(ApiRoot(peer.url()), {}, m_clock);
            expect(client, R"({"number":1})");
            expect(client, R"({"number":2})");
        }
        GuardianClient another(ApiRoot(peer.url()), {}, m_clock);
        expect(another, R"({"number":3})");
        QCOMPARE(peer.requests().size(), 3);
    }

    void postsJson()
    {
        ScriptedPeer peer([](const ScriptedPeer::Request &, QTcpSocket &socket) {
            socket.write(ScriptedPeer::json("{}"));
        });
        GuardianClient client(ApiRoot(peer.url()), {}, m_clock);
        bool done = false;
        client.send({.verb = "POST", .path = u"accounts/login"_s, .body = R"({"a":1})"}, this,
                    [&](const ReplyData &) { done = true; });
        QTRY_VERIFY(done);
        const auto request = peer.requests().constFirst();
        QCOMPARE(request.verb, QByteArray("POST"));
        QCOMPARE(request.body, QByteArray(R"({"a":1})"));
        QCOMPARE(request.headers.value("content-type"), QByteArray("application/json"));
        QVERIFY(!request.headers.contains("authorization"));
    }

    void passesErrorStatusesOnWhole_data()
    {
        QTest::addColumn<int>("status");
        for (const int status :
             {400, 401, 403, 404, 405, 409, 410, 418, 422, 429, 500, 501, 502, 503, 504, 599})
            QTest::addRow("%d", status) << status;
    }
    void passesErrorStatusesOnWhole()
    {
        QFETCH(const int, status);
        ask(ScriptedPeer::answer(status, "{\"message\":\"words\"}", "Retry-After: 7\r\n"));
        QVERIFY(!m_reply->transportError);
        QCOMPARE(m_reply->httpStatus, status);
        QCOMPARE(m_reply->body.whole(), QByteArray("{\"message\":\"words\"}"));
    }

    void readsEveryWayOfSending_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<bool>("close");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("empty") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                               << false << QByteArray();
        QTest::newRow("chunked") << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
                                               "\r\n3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n")
                                 << false << QByteArray("{\"a\":1}");
        QTest::newRow("until closed")
            << QByteArray("HTTP/1.1 200 OK\r\n\r\n{\"a\":1}") << true << QByteArray("{\"a\":1}");
        const QByteArray json = "{\"text\":\"" + QByteArray(500, 'x') + "\"}";
        QTest::newRow("gzip") << ScriptedPeer::answer(200, gzipped(json), gzipHeader()) << false
                              << json;
        const QByteArray zeros = '"' + QByteArray(20'000'000, '0') + '"';
        QTest::newRow("gzip, 20 MB at 1000:1")
            << ScriptedPeer::answer(200, gzipped(zeros), gzipHeader()) << false << zeros;
    }
    void readsEveryWayOfSending()
    {
        QFETCH(const QByteArray, bytes);
        QFETCH(const bool, close);
        QFETCH(const QByteArray, body);
        ask(bytes, close);
        QVERIFY2(!m_reply->transportError,
                 m_reply->transportError ? qPrintable(m_reply->transportError->detail) : "");
        QCOMPARE(m_reply->httpStatus, 200);
        QVERIFY(m_reply->body == body);
    }

    void saysWhyNoWholeAnswerCame_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("closed at once") << QByteArray();
        QTest::newRow("closed in the head") << QByteArray("HTTP/1.1 200 OK\r\nContent-Le");
        QTest::newRow("closed in the body")
            << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"done\":tr");
        QTest::newRow("closed in a chunk")
            << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{\"done");
        QTest::newRow("no HTTP") << QByteArray("SSH-2.0-OpenSSH_9.2\r\n\r\n");
    }
    void saysWhyNoWholeAnswerCame()
    {
        QFETCH(const QByteArray, bytes);
        ask(bytes, true);
        QCOMPARE(trouble(), std::optional(PollError::Kind::Unreachable));
        QCOMPARE(m_reply->httpStatus, 0);
        QVERIFY(m_reply->body.isEmpty());
        QVERIFY(!m_reply->transportError->detail.isEmpty());
        QVERIFY(!m_reply->transportError->detail.contains(QString::fromLatin1(marker)));
    }

    void nothingListensThere()
    {
        QTcpServer closed;
        QVERIFY(closed.listen(QHostAddress::LocalHost));
        const QUrl url(u"http://127.0.0.1:%1"_s.arg(closed.serverPort()));
        closed.close();
        GuardianClient client(ApiRoot(url), {}, m_clock);
        send(client);
        QTRY_VERIFY(m_reply);
        QCOMPARE(trouble(), std::optional(PollError::Kind::Unreachable));
        QVERIFY(m_reply->transportError->detail.contains(QString::number(url.port())));
    }

    void noSuchHost()
    {
        GuardianClient client(ApiRoot(QUrl(u"http://no-such-host.invalid"_s)), {}, m_clock);
        send(client);
        QTRY_VERIFY_WITH_TIMEOUT(m_reply, 20'000);
        QCOMPARE(trouble(), std::optional(PollError::Kind::Unreachable));
    }

    // --- caps ---
    void refusesADeclaredSizeAtOnce()
    {
        NetworkSettings settings;
        settings.replyCap = 1000;
        ask("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n{", false, settings);
        QCOMPARE(trouble(), std::optional(PollError::Kind::TooLarge));
        QCOMPARE(m_reply->transportError->httpStatus, 200);
    }

    void refusesWhatGrowsOverTheCap()
    {
        NetworkSettings settings;
        settings.replyCap = 1000;
        ask("HTTP/1.1 200 OK\r\n\r\n" + QByteArray(1001, '1'), false, settings);
        QCOMPARE(trouble(), std::optional(PollError::Kind::TooLarge));
        ask("HTTP/1.1 200 OK\r\n\r\n" + QByteArray(1000, '1'), true, settings);
        QVERIFY(!trouble());
    }

    void refusesWhatUnpacksOverTheCap_data()
    {
        QTest::addColumn<qint64>("cap");
        QTest::newRow("1 MiB") << qint64(1024 * 1024);
        QTest::newRow("64 MiB") << NetworkSettings().replyCap;
    }
    void refusesWhatUnpacksOverTheCap()
    {
        QFETCH(const qint64, cap);
        NetworkSettings settings;
        settings.replyCap = cap;
        const QByteArray bomb = gzipped(QByteArray(cap + cap / 8, '0'));
        ask(ScriptedPeer::answer(200, bomb, gzipHeader()), false, settings);
        QCOMPARE(trouble(), std::optional(PollError::Kind::TooLarge));
        QVERIFY(m_reply->transportError->detail.contains(u"MiB"_s));
        QVERIFY(m_reply->body.size() <= ReplyData::headSize);
        QCOMPARE(m_reply->isHead, !m_reply->body.isEmpty());
    }

    /// Declared or not, packed or not: the beginning stays.
    void keepsTheHeadOfWhatIsTooLarge_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QByteArray>("body");
        // No bomb: what packs so well that Qt takes it for one, leaves no head.
        QByteArray body;
        QRandomGenerator random(64);
        while (body.size() < 4 * ReplyData::headSize)
            body +=
                QByteArray::number(random.generate64(), 16) + "0000000000000000000000000000000000";
        QTest::newRow("declared") << ScriptedPeer::answer(200, body) << body;
        QTest::newRow("not declared") << "HTTP/1.1 200 OK\r\n\r\n" + body << body;
        QTest::newRow("packed") << ScriptedPeer::answer(200, gzipped(body), gzipHeader()) << body;
    }
    void keepsTheHeadOfWhatIsTooLarge()
    {
        QFETCH(const QByteArray, answer);
        QFETCH(const QByteArray, body);
        NetworkSettings settings;
        settings.replyCap = 3 * ReplyData::headSize;
        ask(answer, false, settings);
        QCOMPARE(trouble(), std::optional(PollError::Kind::TooLarge));
        QVERIFY(m_reply->isHead);
        QCOMPARE(m_reply->httpStatus, 200);
        QVERIFY(m_reply->body == body.first(ReplyData::headSize));
    }

    /// Qt 6.4 tells a damaged stream from one that goes over its limit by nothing.
    void damagedGzipIsSaidToBeDamagedOrTooLarge()
    {
        ask(ScriptedPeer::answer(200, "\x1f\x8b\x08 this is no deflate stream", gzipHeader()));
        QCOMPARE(trouble(), std::optional(PollError::Kind::TooLarge));
        QVERIFY(m_reply->transportError->detail.contains(u"damaged"_s));
    }

    /// Not an empty answer, which would mean that the task is not known.
    void aPackedAnswerCutAtItsBeginningIsDamaged()
    {
        const QByteArray json = "{\"text\":\"" + QByteArray(500, 'x') + "\"}";
        QByteArray named = gzipped(json); // with a file's name, to be cut in
        named[3] = 8;
        named.insert(10, QByteArray(60, 'n') + '\0');
        ask(ScriptedPeer::answer(200, named, gzipHeader()));
        QCOMPARE(m_reply->body.whole(), json);
        ask(ScriptedPeer::answer(200, named.left(50), gzipHeader()));
        QCOMPARE(trouble(), std::optional(PollError::Kind::Unreadable));
        // Nothing, well packed, is nothing.
        const QByteArray nothing("\x1f\x8b\x08\0\0\0\0\0\0\xff\x03\0\0\0\0\0\0\0\0\0", 20);
        ask(ScriptedPeer::answer(200, nothing, gzipHeader()));
        QVERIFY(!trouble());
        QVERIFY(m_reply->body.isEmpty());
    }

    // --- time ---
    void silenceTimesOut()
    {
        ScriptedPeer peer([](const ScriptedPeer::Request &, QTcpSocket &) {});
        GuardianClient client(ApiRoot(peer.url()), {}, m_clock);
        send(client);
        QTRY_COMPARE(peer.requests().size(), 1);
        m_clock.advance(19'999ms);
        QCOMPARE(m_done, 0);
        m_clock.advance(1ms);
        QCOMPARE(m_done, 1);
        QCOMPARE(trouble(), std::optional(PollError::Kind::Timeout));
        QCOMPARE(m_reply->httpStatus, 0);
        QCOMPARE(m_clock.activeTimers(), 0);
    }

    void aSlowDripTimesOutInTheEnd()
    {
        QTcpSocket *dripping = nullptr;
        ScriptedPeer peer([&](const ScriptedPeer::Request &, QTcpSocket &socket) {
            socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
            dripping = &socket;
        });
        GuardianClient client(ApiRoot(peer.url()), {}, m_clock);
        send(client);
        QTRY_VERIFY(dripping);
        for (int i = 0; i < 11; ++i) {
            const auto before = m_clock.nextTimer();
            QVERIFY(before);
            m_clock.advance(15s);
            QCOMPARE(m_done, 0);
            dripping->write("x");
            // The byte has arrived when the idle time begins anew (or the total time is nearer).
            QTRY_COMPARE(m_clock.nextTimer(),
                         std::optional(std::min<std::chrono::milliseconds>(20s, 165s - i * 15s)));
        }
        m_clock.advance(15s);
        QCOMPARE(trouble(), std::optional(PollError::Kind::Timeout));
    }

    // --- safety ---
    void followsRedirectsOnTheSameOrigin()
    {
        ScriptedPeer peer([](const ScriptedPeer::Request &request, QTcpSocket &socket) {
            if (request.target == "/api/v1/tasks/1")
                socket.write(ScriptedPeer::answer(302, "moved", "Location: /elsewhere\r\n"));
            else
                socket.write(ScriptedPeer::json("{}"));
        });
        GuardianClient client(ApiRoot(peer.url()), {}, m_clock);
        send(client);
        QTRY_VERIFY(m_reply);
        QVERIFY(!m_reply->transportError);
        QCOMPARE(m_reply->body.whole(), QByteArray("{}"));
        QCOMPARE(peer.requests().constLast().target, QByteArray("/elsewhere"));
        QCOMPARE(peer.requests().constLast().headers.value("authorization"), "Bearer " + marker);
    }

    /// Qt 6.4 followed some of them twice.
    void followsARedirectExactlyOnce()
    {
        ScriptedPeer peer([](const ScriptedPeer::Request &request, QTcpSocket &socket) {
            if (request.target.endsWith("/1"))
                socket.write(ScriptedPeer::answer(302, "moved", "Location: /elsewhere\r\n"));
            else
                socket.write(ScriptedPeer::json("{}"));
        });
        GuardianClient client(ApiRoot(peer.url()), {}, m_clock);
        constexpr int rounds = 200;
        int done = 0;
        for (int i = 0; i < rounds; ++i)
            client.send({.path = u"tasks/1"_s}, this, [&](const ReplyData &) { ++done; });
        QTRY_COMPARE(done, rounds);
        QCOMPARE(peer.requests().size(), 2 * rounds);
    }

    void aRedirectedOrderKeepsItsBodyOrBecomesAQuestion()
    {
        int status = 307;
        ScriptedPeer peer([&](const ScriptedPeer::Request &request, QTcpSocket &socket) {
            if (request.target == "/api/v1/accounts/login")
                socket.write(ScriptedPeer::answer(status, "", "Location: /elsewhere\r\n"));
            else
                socket.write(ScriptedPeer::json("{}"));
        });
        GuardianClient client(ApiRoot(peer.url()), {}, m_clock);
        for (const QByteArray &verb : {QByteArray("POST"), QByteArray("GET")}) {
            bool done = false;
            client.send({.verb = "POST", .path = u"accounts/login"_s, .body = "{}"}, this,
                        [&](const ReplyData &) { done = true; });
            QTRY_VERIFY(done);
            QCOMPARE(peer.requests().constLast().verb, verb);
            QCOMPARE(peer.requests().constLast().body, QByteArray(verb == "POST" ? "{}" : ""));
            status = 303;
        }
    }

    void neverCarriesATokenToAnotherOrigin()
    {
        ScriptedPeer other([](const ScriptedPeer::Request &, QTcpSocket &socket) {
            socket.write(ScriptedPeer::json("{}"));
        });
        for (const int status : {301, 302, 303, 307, 308}) {
            ScriptedPeer peer([&](const ScriptedPeer::Request &, QTcpSocket &socket) {
                socket.write(ScriptedPeer::answer(status, "moved",
                                                  "Location: http://me:pw@127.0.0.1:"
                                                      + QByteArray::number(other.port())
                                                      + "/api/v1/tasks/1\r\n"));
            });
            GuardianClient client(ApiRoot(peer.url()), {}, m_clock);
            send(client);
            QTRY_VERIFY(m_reply);
            QCOMPARE(trouble(), std::optional(PollError::Kind::ForeignRedirect));
            QCOMPARE(m_reply->transportError->redirectTarget, other.url(u"/api/v1/tasks/1"_s));
            QCOMPARE(m_reply->transportError->httpStatus, status);
        }
        QCOMPARE(other.connections(), 0);
    }

    /// What is kept of an answer is shown on the Raw tab, stored and exported.
    void addressesInHeadersComeWithoutSecrets()
    {
        QByteArray headers;
        ScriptedPeer peer([&](const ScriptedPeer::Request &, QTcpSocket &socket) {
            socket.write(ScriptedPeer::answer(302, "moved", headers));
        });
        GuardianClient client(ApiRoot(peer.url()), {}, m_clock);
        headers = "LOCATION: https://me:pass@other.example/login?token=" + marker + "#id=" + marker
                  + "\r\n"
                    "Content-Location: //me@home:"
                  + marker + "@other.example/a?b c=" + marker
                  + "\r\n"
                    "Refresh: 5; url=https://me:"
                  + marker + "@other.example/b?token=" + marker
                  + "\r\n"
                    "Link: <https://me@other.example/c?t="
                  + marker + ">; rel=\"next\", </d#" + marker
                  + ">; rel=\"prev\"\r\n"
                    "X-Question: is it? yes#1\r\n";
        send(client);
        QTRY_VERIFY(m_reply);
        QCOMPARE(trouble(), std::optional(PollError::Kind::ForeignRedirect));
        QCOMPARE(m_reply->header("Location"), QByteArray("https://other.example/login"));
        QCOMPARE(m_reply->header("Content-Location"), QByteArray("//other.example/a"));
        QCOMPARE(m_reply->header("Refresh"), QByteArray("5; url=https://other.example/b"));
        QCOMPARE(m_reply->header("Link"),
                 QByteArray("<https://other.example/c>; rel=\"next\", </d>; rel=\"prev\""));
        QCOMPARE(m_reply->header("X-Question"), QByteArray("is it? yes#1"));
        QVERIFY(!m_reply->transportError->detail.contains(QString::fromLatin1(marker)));
    }

    void aCircleOfRedirectsEnds()
    {
        ScriptedPeer peer([](const ScriptedPeer::Request &request, QTcpSocket &socket) {
            socket.write(ScriptedPeer::answer(302, "", "Location: " + request.target + "x\r\n"));
        });
        GuardianClient client(ApiRoot(peer.url()), {}, m_clock);
        send(client);
        QTRY_VERIFY(m_reply);
        QCOMPARE(trouble(), std::optional(PollError::Kind::Unreachable));
        QVERIFY(peer.requests().size() <= 6);
    }

    void certificateErrorsAreSaidWithTheChain_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<bool>("trusts");
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("subject");
        QTest::newRow("private CA, not known")
            << QByteArray("server") << false << u"Private CA"_s << u"server"_s;
        QTest::newRow("private CA, known")
            << QByteArray("server") << true << QString() << QString();
        QTest::newRow("of another host")
            << QByteArray("wronghost") << true << u"guardian.example"_s << u"wronghost"_s;
        QTest::newRow("ended") << QByteArray("expired") << true << u"It ended on"_s << u"expired"_s;
        QTest::newRow("self-signed")
            << QByteArray("selfsigned") << true << u"self-signed"_s << u"selfsigned"_s;
    }
    void certificateErrorsAreSaidWithTheChain()
    {
        QFETCH(const QByteArray, name);
        QFETCH(const bool, trusts);
        QFETCH(const QString, words);
        QFETCH(const QString, subject);
        ScriptedPeer peer(tlsServer(name + ".pem", name + ".key"),
                          [](const ScriptedPeer::Request &, QTcpSocket &socket) {
                              socket.write(ScriptedPeer::json("{}"));
                          });
        QUrl url = peer.url();
        url.setScheme(u"https"_s);
        NetworkSettings settings;
        if (trusts)
            settings.extraCa = {QSslCertificate(testData("ca.pem"))};
        GuardianClient client(ApiRoot(url), settings, m_clock);
        send(client);
        QTRY_VERIFY(m_reply);
        if (words.isEmpty()) {
            QVERIFY2(!trouble(), qPrintable(trouble() ? m_reply->transportError->detail : words));
            return;
        }
        QCOMPARE(trouble(), std::optional(PollError::Kind::Certificate));
        const PollError error = *m_reply->transportError;
        QVERIFY2(error.detail.contains(words), qPrintable(error.detail));
        QVERIFY(!error.certificates.isEmpty());
        const CertificateInfo own = error.certificates.constFirst();
        QVERIFY2(own.subject.contains(subject), qPrintable(own.subject));
        QVERIFY(own.issuer.contains(u"Taskwatch tests"_s));
        QCOMPARE(own.sha256.size(), 32 * 3 - 1);
        QVERIFY(own.validFrom.isValid() && own.validUntil.isValid());
        QVERIFY(peer.requests().isEmpty());
    }

    void anUntrustedCertificateGetsNoRequest()
    {
        ScriptedPeer peer(tlsServer(), [](const ScriptedPeer::Request &, QTcpSocket &socket) {
            socket.write(ScriptedPeer::json("{}"));
        });
        QUrl url = peer.url();
        url.setScheme(u"https"_s);
        GuardianClient client(ApiRoot(url), {}, m_clock);
        send(client);
        QTRY_VERIFY(m_reply);
        QCOMPARE(trouble(), std::optional(PollError::Kind::Certificate));
        QVERIFY2(m_reply->transportError->detail.contains(u"self-signed"_s),
                 qPrintable(m_reply->transportError->detail));
        QVERIFY(peer.requests().isEmpty());

        NetworkSettings trusting;
        trusting.extraCa = {QSslCertificate(testData("ec.crt"))};
        GuardianClient second(ApiRoot(url), trusting, m_clock);
        send(second);
        QTRY_VERIFY(m_reply);
        QVERIFY2(!m_reply->transportError,
                 m_reply->transportError ? qPrintable(m_reply->transportError->detail) : "");
    }

    // --- proxies ---
    void requestsTakeTheChosenProxy()
    {
        ScriptedPeer proxy([](const ScriptedPeer::Request &, QTcpSocket &socket) {
            socket.write(ScriptedPeer::json("{}"));
        });
        NetworkSettings settings;
        settings.proxy = {ProxyChoice::Kind::Http, u"127.0.0.1"_s, proxy.port(), {}};
        const QUrl root(u"http://guardian.invalid/api/v1"_s);
        GuardianClient client(ApiRoot(root), settings, m_clock);
        send(client);
        QTRY_VERIFY(m_reply);
        QVERIFY(!trouble());
        QCOMPARE(proxy.requests().constFirst().target,
                 QByteArray("http://guardian.invalid/api/v1/tasks/1"));
    }

    void aProxysPasswordIsGivenOnceAndNeverTwice()
    {
        const QByteArray right = "Basic " + QByteArray("me:right").toBase64();
        ScriptedPeer proxy([&](const ScriptedPeer::Request &request, QTcpSocket &socket) {
            if (request.headers.value("proxy-authorization") == right)
                socket.write(ScriptedPeer::json("{}"));
            else
                socket.write(ScriptedPeer::answer(407, "no",
                                                  "Proxy-Authenticate: Basic realm=\"proxy\"\r\n"));
        });
        NetworkSettings settings;
        settings.proxy = {ProxyChoice::Kind::Http, u"127.0.0.1"_s, proxy.port(), u"me"_s};
        GuardianClient client(ApiRoot(QUrl(u"http://guardian.invalid/api/v1"_s)), settings,
                              m_clock);
        client.setProxyPassword(Secret("wrong"));
        send(client);
        QTRY_VERIFY(m_reply);
        QCOMPARE(trouble(), std::optional(PollError::Kind::Unreachable));
        QVERIFY2(m_reply->transportError->detail.contains(u"proxy"_s),
                 qPrintable(m_reply->transportError->detail));
        QVERIFY2(proxy.requests().size() <= 3,
                 qPrintable(QString::number(proxy.requests().size())));
        client.setProxyPassword(Secret("right"));
        send(client);
        QTRY_VERIFY(m_reply);
        QVERIFY2(!trouble(), qPrintable(trouble() ? m_reply->transportError->detail : QString()));
        QCOMPARE(m_reply->httpStatus, 200);
    }

    /// Without TLS a token for this machine could be read on its way through another.
    void theSystemsProxyIsNotForThisMachine()
    {
        ScriptedPeer proxy([](const ScriptedPeer::Request &, QTcpSocket &socket) {
            socket.write(ScriptedPeer::json("{}"));
        });
        ScriptedPeer peer([](const ScriptedPeer::Request &, QTcpSocket &socket) {
            socket.write(ScriptedPeer::json("{}"));
        });
        qputenv("http_proxy", "http://127.0.0.1:" + QByteArray::number(proxy.port()));
        GuardianClient near(ApiRoot(peer.url()), {}, m_clock);
        send(near);
        QTRY_VERIFY(m_reply);
        QCOMPARE(proxy.connections(), 0);
        QCOMPARE(peer.requests().size(), 1);
        GuardianClient far(ApiRoot(QUrl(u"http://guardian.invalid/api/v1"_s)), {}, m_clock);
        send(far);
        QTRY_VERIFY(m_reply);
        qunsetenv("http_proxy");
        QVERIFY(!trouble());
        QCOMPARE(proxy.requests().size(), 1);
    }

    void aSocksProxyThatIsNotThereIsSaid()
    {
        QTcpServer closed;
        QVERIFY(closed.listen(QHostAddress::LocalHost));
        NetworkSettings settings;
        settings.proxy = {ProxyChoice::Kind::Socks5, u"127.0.0.1"_s, closed.serverPort(), {}};
        closed.close();
        GuardianClient client(ApiRoot(QUrl(u"http://guardian.invalid/api/v1"_s)), settings,
                              m_clock);
        send(client);
        QTRY_VERIFY(m_reply);
        QCOMPARE(trouble(), std::optional(PollError::Kind::Unreachable));
        QVERIFY2(m_reply->transportError->detail.contains(u"proxy"_s),
                 qPrintable(m_reply->transportError->detail));
    }

    // --- order and ends ---
    void keepsToItsNumberInFlight()
    {
        QList<QTcpSocket *> open;
        ScriptedPeer peer(
            [&](const ScriptedPeer::Request &, QTcpSocket &socket) { open.append(&socket); });
        GuardianClient client(ApiRoot(peer.url()), {}, m_clock);
        int done = 0;
        for (int i = 0; i < 20; ++i)
            client.send({.path = u"tasks/%1"_s.arg(i)}, this, [&](const ReplyData &) { ++done; });
        QCOMPARE(client.inFlight(), 6);
        QCOMPARE(client.freeSlots(), 0);
        for (int answered = 0; answered < 20; ++answered) {
            QTRY_VERIFY(!open.isEmpty());
            QVERIFY(client.inFlight() <= 6);
            open.takeFirst()->write(ScriptedPeer::json("{}"));
            QTRY_COMPARE(done, answered + 1);
        }
        QCOMPARE(client.freeSlots(), 6);
    }

    void clearingConnectionsEndsWhatIsInFlightAndUsesFreshOnes()
    {
        bool silent = true;
        ScriptedPeer peer([&](const ScriptedPeer::Request &, QTcpSocket &socket) {
            if (!silent)
                socket.write(ScriptedPeer::json("{}"));
        });
        GuardianClient client(ApiRoot(peer.url()), {}, m_clock);
        int lost = 0;
        int answered = 0;
        for (int i = 0; i < 8; ++i)
            client.send({.path = u"tasks/%1"_s.arg(i)}, this, [&](const ReplyData &reply) {
                reply.transportError ? ++lost : ++answered;
            });
        QTRY_COMPARE(peer.requests().size(), 6);
        silent = false;
        client.clearConnections();
        QCOMPARE(client.connectionsCleared(), 1);
        QCOMPARE(lost, 6);
        QTRY_COMPARE(answered, 2);
        QVERIFY(peer.connections() > 6);
        QCOMPARE(client.inFlight(), 0);
    }

    void tellsNobodyWhoIsGone()
    {
        ScriptedPeer peer([](const ScriptedPeer::Request &, QTcpSocket &socket) {
            socket.write(ScriptedPeer::json("{}"));
        });
        GuardianClient client(ApiRoot(peer.url()), {}, m_clock);
        auto gone = std::make_unique<QObject>();
        client.send({.path = u"tasks/1"_s}, gone.get(), [](const ReplyData &) { QFAIL("told"); });
        gone.reset();
        QTRY_COMPARE(peer.requests().size(), 1);
        QTRY_COMPARE(client.inFlight(), 0);
    }

    void canEndWithRequestsInFlight()
    {
        ScriptedPeer peer([](const ScriptedPeer::Request &, QTcpSocket &) {});
        auto client =
            std::make_unique<GuardianClient>(ApiRoot(peer.url()), NetworkSettings(), m_clock);
        for (int i = 0; i < 10; ++i)
            client->send({.path = u"tasks/1"_s}, this, [](const ReplyData &) { QFAIL("told"); });
        QTRY_VERIFY(!peer.requests().isEmpty());
        client.reset();
        QCOMPARE(m_clock.activeTimers(), 0);
    }
};

QTEST_GUILESS_MAIN(TestGuardianClient)
#include "test_guardianclient.moc"
