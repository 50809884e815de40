#include "guardian/session.h"
#include "guardiansimulator.h"
#include "manualclock.h"
#include "testdata.h"
#include "tunnelproxy.h"

#include <QFile>
#include <QSignalSpy>
#include <QSslKey>
#include <QTest>

using namespace Qt::StringLiterals;
using Kind = TunnelProxy::Kind;

Q_DECLARE_METATYPE(TunnelProxy::Kind)

namespace {

QByteArray tlsFile(const QString &name)
{
    QFile file(testDataPath(u"tls/"_s + name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QSslConfiguration serverTls()
{
    auto tls = QSslConfiguration::defaultConfiguration();
    tls.setLocalCertificate(QSslCertificate(tlsFile(u"server.pem"_s)));
    tls.setPrivateKey(QSslKey(tlsFile(u"server.key"_s), QSsl::Ec));
    return tls;
}

ProxyChoice choiceOf(Kind kind, const TunnelProxy &proxy, const QString &user = {})
{
    return {kind == Kind::Socks5 ? ProxyChoice::Kind::Socks5 : ProxyChoice::Kind::Http,
            u"127.0.0.1"_s, proxy.port(), user};
}

} // namespace

/// A session whose server is beyond a proxy.
class TestProxies final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aSessionGoesThroughTheProxy_data();
    void aSessionGoesThroughTheProxy();
    void aWrongPasswordIsSaidAndTriedOnce_data();
    void aWrongPasswordIsSaidAndTriedOnce();

private:
    ManualClock m_clock;
};

void TestProxies::aSessionGoesThroughTheProxy_data()
{
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<QByteArray>("login");
    QTest::newRow("SOCKS5") << Kind::Socks5 << QByteArray();
    QTest::newRow("SOCKS5 with a password") << Kind::Socks5 << QByteArray("me:secret");
    QTest::newRow("HTTP") << Kind::Connect << QByteArray();
    QTest::newRow("HTTP with a password") << Kind::Connect << QByteArray("me:secret");
}

void TestProxies::aSessionGoesThroughTheProxy()
{
    QFETCH(const Kind, kind);
    QFETCH(const QByteArray, login);
    GuardianSimulator sim(m_clock, {.tls = serverTls()});
    QVERIFY(sim.listen());
    TunnelProxy proxy(kind, sim.port());
    proxy.setLogin(login);
    NetworkSettings network;
    network.proxy = choiceOf(kind, proxy, login.isEmpty() ? QString() : u"me"_s);
    network.extraCa = {QSslCertificate(tlsFile(u"ca.pem"_s))};
    // A name that only the proxy leads anywhere: nobody asks for its address here.
    GuardianClient client(ApiRoot(QUrl(u"https://localhost:7/api/v1"_s)), network, m_clock);
    Session session(client, m_clock);
    const QByteArray refresh = sim.accounts().makeRefreshToken(u"alice"_s);
    session.setCredentials({Secret(refresh), {}, Secret(login.mid(3))});
    session.askWho();
    QTRY_COMPARE(sim.requestsTo(u"accounts/session"), 1);
    QTRY_COMPARE(session.status().state, SessionStatus::State::SignedIn);
    QCOMPARE(session.status().username, u"alice"_s);
    QVERIFY(!proxy.asked().isEmpty());
    QCOMPARE(proxy.asked().constFirst(), QByteArray("localhost:7"));
    if (!login.isEmpty())
        QCOMPARE(proxy.logins().constFirst(), login);
    QVERIFY(proxy.seen().size() > 500); // all of it passed there
    QVERIFY(!proxy.seen().contains(refresh.left(40)));
}

void TestProxies::aWrongPasswordIsSaidAndTriedOnce_data()
{
    QTest::addColumn<Kind>("kind");
    QTest::newRow("SOCKS5") << Kind::Socks5;
    QTest::newRow("HTTP") << Kind::Connect;
}

void TestProxies::aWrongPasswordIsSaidAndTriedOnce()
{
    QFETCH(const Kind, kind);
    GuardianSimulator sim(m_clock, {.tls = serverTls()});
    QVERIFY(sim.listen());
    TunnelProxy proxy(kind, sim.port());
    proxy.setLogin("me:right");
    NetworkSettings network;
    network.proxy = choiceOf(kind, proxy, u"me"_s);
    network.extraCa = {QSslCertificate(tlsFile(u"ca.pem"_s))};
    GuardianClient client(ApiRoot(QUrl(u"https://localhost:7/api/v1"_s)), network, m_clock);
    Session session(client, m_clock);
    const QSignalSpy ended(&session, &Session::renewalEnded);
    session.setCredentials(
        {Secret(sim.accounts().makeRefreshToken(u"alice"_s)), {}, Secret("marker-wrong")});
    session.renew();
    QTRY_COMPARE(ended.count(), 1);
    const auto trouble = ended.constFirst().at(0).value<std::optional<PollError>>();
    QVERIFY(trouble);
    QCOMPARE(trouble->kind, PollError::Kind::Unreachable);
    QVERIFY2(trouble->detail.contains(u"proxy"_s, Qt::CaseInsensitive),
             qPrintable(trouble->detail));
    QVERIFY(!trouble->detail.contains(u"marker"_s));
    QVERIFY(!session.isSignInNeeded()); // the proxy says nothing of the token
    QVERIFY2(!proxy.logins().isEmpty() && proxy.logins().size() <= 3,
             qPrintable(QString::number(proxy.logins().size())));
    QCOMPARE(sim.requests(), 0);

    session.setCredentials(
        {Secret(sim.accounts().makeRefreshToken(u"alice"_s)), {}, Secret("right")});
    m_clock.advance(std::chrono::seconds{1});
    session.renew();
    m_clock.advance(std::chrono::seconds{1});
    QTRY_VERIFY(session.authorization());
}

QTEST_GUILESS_MAIN(TestProxies)
#include "test_proxies.moc"
