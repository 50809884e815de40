#include "simulatorfixture.h"

#include "testdata.h"

#include <QFile>
#include <QSignalSpy>
#include <QSslCertificate>
#include <QSslKey>
#include <QTest>

using namespace Qt::StringLiterals;

void SimulatorFixture::make(SimOptions options)
{
    m_simulator.reset();
    m_simulator = std::make_unique<GuardianSimulator>(*m_clock, std::move(options));
    QVERIFY(m_simulator->listen());
    m_token = m_simulator->accounts().plainToken();
}

void SimulatorFixture::begin()
{
    m_clock = std::make_unique<ManualClock>();
    m_network = std::make_unique<QNetworkAccessManager>();
    m_network->setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
    make();
}

void SimulatorFixture::end()
{
    m_network.reset();
    m_simulator.reset();
    m_clock.reset();
}

QSslConfiguration SimulatorFixture::serverTls()
{
    QFile key(testDataPath(u"tls/server.key"));
    if (!key.open(QIODevice::ReadOnly))
        qFatal("no key");
    auto tls = QSslConfiguration::defaultConfiguration();
    tls.setLocalCertificateChain(QSslCertificate::fromPath(testDataPath(u"tls/server.pem")));
    tls.setPrivateKey(QSslKey(&key, QSsl::Ec));
    tls.setPeerVerifyMode(QSslSocket::VerifyNone); // as a server: clients have no certificates
    return tls;
}

QSslCertificate SimulatorFixture::testAuthority()
{
    return QSslCertificate::fromPath(testDataPath(u"tls/ca.pem")).value(0);
}

QUrl SimulatorFixture::api(const QString &path) const
{
    return QUrl(m_simulator->apiRoot().toString() + u'/' + path);
}

QUrl SimulatorFixture::control(const QString &order) const
{
    return QUrl(m_simulator->siteUrl().toString() + u"/sim/"_s + order);
}

QNetworkReply *SimulatorFixture::send(const QByteArray &verb, const QUrl &url,
                                      const QByteArray &body, const QByteArray &token)
{
    QNetworkRequest request(url);
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    if (!token.isEmpty())
        request.setRawHeader("Authorization", "Bearer " + token);
    if (verb == "GET")
        return m_network->get(request);
    return m_network->sendCustomRequest(request, verb, body);
}

Answer SimulatorFixture::read(QNetworkReply *reply)
{
    Answer answer{reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(),
                  reply->readAll(),
                  reply->error(),
                  {}};
    const auto pairs = reply->rawHeaderPairs();
    for (const auto &[name, value] : pairs)
        answer.headers.insert(name.toLower(), value);
    reply->deleteLater();
    return answer;
}

Answer SimulatorFixture::ask(const QByteArray &verb, const QUrl &url, const QByteArray &body,
                             const QByteArray &token)
{
    QNetworkReply *reply = send(verb, url, body, token);
    QSignalSpy finished(reply, &QNetworkReply::finished);
    if (!reply->isFinished() && !finished.wait())
        qWarning("no answer in 5 s");
    return read(reply);
}
