#include "guardian/pushchannel.h"
#include "simulatorfixture.h"

#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QWebSocket>
#include <QWebSocketServer>

#include <memory>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// A live channel of which a test has both ends.
class OtherEnd final : public QObject
{
    Q_OBJECT

public:
    OtherEnd()
        : m_server(u"test"_s, QWebSocketServer::NonSecureMode)
    {
        connect(&m_server, &QWebSocketServer::newConnection, this, [this] {
            ++connections;
            socket.reset(m_server.nextPendingConnection());
            requested = socket->requestUrl();
            connect(socket.get(), &QWebSocket::textMessageReceived, this,
                    [this](const QString &text) {
                        heard.append(text);
                        if (answers && text == u"ping"_s)
                            socket->sendTextMessage(u"pong"_s);
                        if (closes && text == u"ping"_s)
                            socket->close();
                    });
        });
        if (!m_server.listen(QHostAddress::LocalHost))
            qFatal("no port");
    }
    ~OtherEnd() override
    {
        if (socket)
            socket->disconnect(this);
    }

    [[nodiscard]] QUrl url() const { return QUrl(m_server.serverUrl().toString() + u"/ws/"_s); }
    [[nodiscard]] QStringList tokens() const { return heard.filter(u"SET_ACCESS_TOKEN"_s); }

    int connections = 0;
    bool answers = true;
    bool closes = false; ///< after a ping
    QUrl requested;
    QStringList heard;
    std::unique_ptr<QWebSocket> socket;

private:
    QWebSocketServer m_server;
};

const QString wholeTask =
    uR"({"type":"UPDATE_TASK_STATUS","data":{"taskId":"a","action":"X","info":{"progress":1}}})"_s;
const QString partOfATask =
    uR"({"type":"UPDATE_TASK_STATUS","data":{"taskId":"a","statuses":[],"completed":true}})"_s;

QString orderFor(const char *token)
{
    return uR"({"type":"SET_ACCESS_TOKEN","data":"%1"})"_s.arg(QLatin1String(token));
}

} // namespace

class TestPushChannel final : public SimulatorFixture
{
    Q_OBJECT

private:
    std::unique_ptr<PushChannel> m_channel;
    QList<PushMessage> m_told;
    Secret m_present; ///< what the session would give

    void makeChannel(const QUrl &url, const QList<QSslCertificate> &extraCa = {})
    {
        m_told.clear();
        m_present = Secret("first");
        m_channel = std::make_unique<PushChannel>(
            PushChannel::Peer{url, extraCa, [] { return QNetworkProxy(QNetworkProxy::NoProxy); }},
            *m_clock, [] { return 0.5; });
        connect(m_channel.get(), &PushChannel::told, this,
                [this](const PushMessage &message) { m_told.append(message); });
        connect(m_channel.get(), &PushChannel::tokenWanted, this,
                [this] { m_channel->setToken(m_present); });
        m_channel->setWanted(true);
        m_channel->signIn();
    }
    void signIn(const QByteArray &token)
    {
        m_present = Secret(token);
        m_channel->signIn();
    }

private Q_SLOTS:
    void init() { begin(); }
    void cleanup()
    {
        m_channel.reset();
        QTRY_COMPARE(m_simulator->push().clients(), 0);
        QCOMPARE(m_clock->activeTimers(), 0);
        end();
    }

    void tellsItsTokenOverTheSocketOnly()
    {
        OtherEnd other;
        makeChannel(other.url());
        m_clock->advance(1s);
        QTRY_COMPARE(other.heard.size(), 2);
        QCOMPARE(other.heard, (QStringList{orderFor("first"), u"ping"_s}));
        QCOMPARE(other.requested.path(), u"/ws/"_s);
        QVERIFY(!other.requested.hasQuery());

        m_channel->setToken(Secret("second"));
        QTRY_COMPARE(other.tokens().size(), 2);
        QCOMPARE(other.tokens().constLast(), orderFor("second"));
        QCOMPARE(other.connections, 1); // the same socket, the same identity

        signIn("somebody-else");
        m_clock->advance(1s);
        QTRY_COMPARE(other.tokens().size(), 3);
        QCOMPARE(other.tokens().constLast(), orderFor("somebody-else"));
        QCOMPARE(other.connections, 2);
    }

    void isLiveFromTheFirstWholeTaskOn()
    {
        OtherEnd other;
        makeChannel(other.url());
        const QSignalSpy live(m_channel.get(), &PushChannel::liveChanged);
        m_clock->advance(1s);
        QTRY_VERIFY(other.heard.contains(u"ping"_s));
        other.socket->sendTextMessage(partOfATask); // what old servers send to everybody
        QTRY_COMPARE(m_told.size(), 1);
        QCOMPARE(m_told.constLast().kind, PushMessage::Kind::TaskHint);
        QCOMPARE(live.count(), 0);
        other.socket->sendTextMessage(wholeTask);
        QTRY_COMPARE(m_told.size(), 2);
        QVERIFY(m_channel->isLive());
        other.socket->sendTextMessage(wholeTask);
        other.socket->sendTextMessage(u"{not JSON"_s);
        other.socket->sendBinaryMessage("\0\1\2");
        other.socket->sendTextMessage(wholeTask);
        QTRY_COMPARE(m_told.size(), 4);
        QCOMPARE(live.count(), 1);
        other.socket->abort();
        QTRY_COMPARE(live.count(), 2);
        QVERIFY(!m_channel->isLive());
    }

    void signingOutAndPausingCloseTheSocket()
    {
        OtherEnd other;
        makeChannel(other.url());
        const QSignalSpy live(m_channel.get(), &PushChannel::liveChanged);
        m_clock->advance(1s);
        QTRY_VERIFY(other.socket);
        other.socket->sendTextMessage(wholeTask);
        QTRY_COMPARE(live.count(), 1);
        m_channel->signOut();
        QCOMPARE(live.count(), 2);
        QTRY_COMPARE(other.socket->state(), QAbstractSocket::UnconnectedState);
        m_clock->advance(1h);
        QCOMPARE(m_clock->activeTimers(), 0);

        signIn("again");
        m_channel->setWanted(false);
        m_clock->advance(1h);
        QCOMPARE(m_clock->activeTimers(), 0);
        m_channel->setWanted(true);
        m_clock->advance(1s);
        QTRY_COMPARE(other.connections, 2);
        QTRY_COMPARE(other.tokens().constLast(), orderFor("again"));
    }

    void pingsEachHalfMinuteAndNoticesADeadPeer()
    {
        OtherEnd other;
        makeChannel(other.url());
        m_clock->advance(1s);
        for (int pings = 1; pings <= 5; ++pings) {
            QTRY_COMPARE(other.heard.filter(u"ping"_s).size(), pings);
            QTRY_COMPARE(m_clock->activeTimers(), 1); // the pong has come
            m_clock->advance(30s);
        }
        QCOMPARE(other.connections, 1);

        QTRY_COMPARE(other.heard.filter(u"ping"_s).size(), 6);
        QTRY_COMPARE(m_clock->activeTimers(), 1);
        other.answers = false;
        m_clock->advance(30s);
        QTRY_COMPARE(other.heard.filter(u"ping"_s).size(), 7);
        other.answers = true;
        m_clock->advance(10s); // given up
        m_clock->advance(1s);
        QTRY_COMPARE(other.connections, 2);
        QTRY_COMPARE(other.tokens().size(), 2);
    }

    void aReturnedNetworkTakesAFreshSocket()
    {
        OtherEnd other;
        makeChannel(other.url());
        m_clock->advance(1s);
        QTRY_COMPARE(other.connections, 1);
        m_channel->networkReturned();
        m_clock->advance(1s);
        QTRY_COMPARE(other.connections, 2);
    }

    void backsOffWhereNothingListens()
    {
        QTcpServer server;
        int connections = 0;
        connect(&server, &QTcpServer::newConnection, this, [&] {
            ++connections;
            delete server.nextPendingConnection();
        });
        QVERIFY(server.listen(QHostAddress::LocalHost));
        makeChannel(QUrl(u"ws://127.0.0.1:%1/ws/"_s.arg(server.serverPort())));
        QList<qint64> pauses;
        for (int i = 0; i < 12; ++i) {
            const auto next = m_clock->nextTimer();
            QVERIFY(next);
            pauses.append(next->count());
            m_clock->advance(*next);
            QTRY_COMPARE(connections, i + 1);
            // Only the next try is waited for, no handshake.
            QTRY_VERIFY(m_clock->nextTimer() && *m_clock->nextTimer() != 20s);
        }
        // Three quarters (half, and the other half times 0.5) of 1 s, 2 s, 4 s, … 10 min.
        QCOMPARE(pauses, (QList<qint64>{500, 750, 1500, 3000, 6000, 12000, 24000, 48000, 96000,
                                        192000, 384000, 450000}));
    }

    void backsOffWhereASocketDoesNotHold()
    {
        OtherEnd other;
        other.closes = true;
        makeChannel(other.url());
        int connections = 0;
        // Three quarters of 1 s, 2 s, … 1 min: it has worked once.
        for (const auto pause : {500ms, 750ms, 1500ms, 3000ms, 6000ms, 12000ms}) {
            QTRY_COMPARE(m_clock->nextTimer(), std::optional(std::chrono::milliseconds(pause)));
            other.closes = pause != 12000ms;
            m_clock->advance(pause);
            ++connections;
            QTRY_COMPARE(other.connections, connections);
        }
        for (int pings = 1; pings <= 2; ++pings) { // this one holds
            QTRY_COMPARE(m_clock->nextTimer(), std::optional(std::chrono::milliseconds(30s)));
            m_clock->advance(30s);
        }
        other.socket->close();
        QTRY_COMPARE(m_clock->nextTimer(), std::optional(std::chrono::milliseconds(750ms)));
    }

    void aSilentHandshakeIsGivenUp()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        const QSignalSpy connections(&server, &QTcpServer::newConnection);
        makeChannel(QUrl(u"ws://127.0.0.1:%1/ws/"_s.arg(server.serverPort())));
        m_clock->advance(1s);
        QTRY_COMPARE(connections.count(), 1);
        m_clock->advance(20s);
        m_clock->advance(1s);
        QTRY_COMPARE(connections.count(), 2);
    }

    void followsNoRedirect()
    {
        OtherEnd foreign;
        QTcpServer server;
        int connections = 0;
        connect(&server, &QTcpServer::newConnection, this, [&] {
            ++connections;
            QTcpSocket *socket = server.nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, socket,
                    [socket, place = foreign.url().toEncoded()] {
                        socket->write("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: "
                                      + place + "\r\n\r\n");
                    });
        });
        QVERIFY(server.listen(QHostAddress::LocalHost));
        makeChannel(QUrl(u"ws://127.0.0.1:%1/ws/"_s.arg(server.serverPort())));
        m_clock->advance(500ms);
        QTRY_COMPARE(connections, 1);
        QTRY_VERIFY(*m_clock->nextTimer() < 2s); // refused, and backing off
        m_clock->advance(10s);
        QTRY_COMPARE(connections, 2);
        QCOMPARE(foreign.connections, 0);
    }

    void aMessageOverTheCapEndsTheSocket()
    {
        OtherEnd other;
        makeChannel(other.url());
        m_clock->advance(1s);
        QTRY_VERIFY(other.socket);
        other.socket->sendTextMessage(QString(17 * 1024 * 1024, u'x'));
        QTRY_VERIFY(*m_clock->nextTimer() < 2s);
        QVERIFY(m_told.isEmpty());
        m_clock->advance(1s);
        QTRY_COMPARE(other.connections, 2);
    }

    void trustsOnlyWhatItIsTold()
    {
        SimOptions options;
        options.tls = serverTls();
        make(options);
        makeChannel(m_simulator->pushUrl());
        m_clock->advance(500ms);
        QTRY_VERIFY(*m_clock->nextTimer() < 2s); // refused
        QCOMPARE(m_simulator->push().clients(), 0);

        makeChannel(m_simulator->pushUrl(), {testAuthority()});
        signIn(m_token);
        m_clock->advance(1s);
        QTRY_COMPARE(m_simulator->push().signedInClients(), 1);
    }

    void hearsOfItsTasksFromAServer()
    {
        makeChannel(m_simulator->pushUrl());
        signIn(m_token);
        m_clock->advance(1s);
        QTRY_COMPARE(m_simulator->push().signedInClients(), 1);
        const TaskId id = m_simulator->start(Script::Normal);
        QTRY_COMPARE(m_told.size(), 1);
        QCOMPARE(m_told.constFirst().kind, PushMessage::Kind::Task);
        QCOMPARE(m_told.constFirst().task, id);
        QCOMPARE(m_told.constFirst().data, askTask(id).body); // as an answer would be
        m_simulator->setDialect(SimDialect::Old);
        m_simulator->push().setBroadcasts(true);
        m_clock->advance(20s);
        QTRY_VERIFY(m_told.size() > 2);
        QCOMPARE(m_told.constLast().kind, PushMessage::Kind::TaskHint);
    }
};

QTEST_GUILESS_MAIN(TestPushChannel)
#include "test_pushchannel.moc"
