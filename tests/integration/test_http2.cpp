#include "guardian/guardianclient.h"
#include "guardianscript.h"
#include "http2server.h"
#include "manualclock.h"
#include "testdata.h"

#include <QRegularExpression>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// HTTP/2 where the server offers it, and how far connections are used again.
class TestHttp2 final : public QObject
{
    Q_OBJECT

private:
    ManualClock m_clock;
    int m_good = 0;
    int m_other = 0;
    int m_mostInFlight = 0;

    void send(GuardianClient &client)
    {
        client.send({.path = u"tasks/1"_s, .authorization = Authorization{Secret("token"), 1}},
                    this, [this](const ReplyData &reply) {
                        if (reply.httpStatus == 200 && reply.body == GuardianScript::running(1))
                            ++m_good;
                        else
                            ++m_other;
                    });
        m_mostInFlight = std::max(m_mostInFlight, client.inFlight());
    }

private Q_SLOTS:
    void init() { m_good = m_other = m_mostInFlight = 0; }

    void oneConnectionCarriesMany()
    {
        Http2Server server;
        server.add(u"tasks/1"_s, GuardianScript::running(1));
        QCOMPARE(server.start(), QString());
        NetworkSettings settings;
        settings.extraCa = QSslCertificate::fromPath(testDataPath(u"tls/ca.pem"));
        GuardianClient client(ApiRoot(server.apiRoot()), settings, m_clock);
        QCOMPARE(client.freeSlots(), 6); // until it is known
        send(client);
        QTRY_COMPARE(m_good, 1);
        QVERIFY(client.usesHttp2());
        QCOMPARE(client.freeSlots(), 64);
        for (int i = 1; i < 500; ++i)
            send(client);
        QTRY_COMPARE(m_good, 500);
        QCOMPARE(m_other, 0);
        QCOMPARE(m_mostInFlight, 64);
        QCOMPARE(server.connections(), 1);
        static const QRegularExpression accepts(u"accept-encoding: .*gzip"_s);
        QVERIFY(QString::fromUtf8(server.log()).contains(accepts));

        client.clearConnections();
        send(client);
        QTRY_COMPARE(m_good, 501);
        QTRY_COMPARE(server.connections(), 2);
        QVERIFY(client.usesHttp2());
    }

    void sixConnectionsWhereItIsNotOffered()
    {
        ScriptedPeer peer([](const ScriptedPeer::Request &, QTcpSocket &socket) {
            socket.write(ScriptedPeer::json(GuardianScript::running(1)));
        });
        GuardianClient client(ApiRoot(peer.url()), {}, m_clock);
        for (int i = 0; i < 500; ++i)
            send(client);
        QTRY_COMPARE(m_good, 500);
        QVERIFY(!client.usesHttp2());
        QCOMPARE(m_mostInFlight, 6);
        QVERIFY2(peer.connections() <= 6, qPrintable(QString::number(peer.connections())));
    }
};

QTEST_GUILESS_MAIN(TestHttp2)
#include "test_http2.moc"
