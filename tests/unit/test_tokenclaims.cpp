#include "guardian/tokenclaims.h"
#include "guardian/tokenlife.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Kind = TokenClaims::Kind;

namespace {

QByteArray part(const QByteArray &json)
{
    return json.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}
QByteArray jwt(const QByteArray &payload)
{
    return part(R"({"alg":"RS256"})") + '.' + part(payload) + ".c2lnbmF0dXJl";
}
QDateTime at(qint64 milliseconds)
{
    return QDateTime::fromMSecsSinceEpoch(milliseconds, Qt::UTC);
}

constexpr qint64 noon = 1'780'000'000'000;

} // namespace

class TestTokenClaims final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void kindsAreRecognised_data()
    {
        QTest::addColumn<QByteArray>("token");
        QTest::addColumn<Kind>("kind");
        QTest::newRow("access") << jwt(R"({"username":"alice","did":"d","role":"USER"})")
                                << Kind::Access;
        QTest::newRow("refresh") << jwt(R"({"id":"1","name":"alice"})") << Kind::Refresh;
        QTest::newRow("both, as nobody makes it")
            << jwt(R"({"id":"1","name":"alice","username":"alice"})") << Kind::Access;
        QTest::newRow("another's JWT") << jwt(R"({"sub":"1","exp":1780000000})") << Kind::Access;
        QTest::newRow("plain") << QByteArray("sim-0123456789") << Kind::Opaque;
        QTest::newRow("empty") << QByteArray() << Kind::Opaque;
        QTest::newRow("dots") << QByteArray("..") << Kind::Opaque;
        QTest::newRow("four parts") << jwt(R"({"id":"1","name":"a"})") + ".x" << Kind::Opaque;
        QTest::newRow("no base64") << QByteArray("eyJh.$$$.x") << Kind::Opaque;
        QTest::newRow("no JSON") << QByteArray("eyJh." + part("claims") + ".x") << Kind::Opaque;
        QTest::newRow("an array") << jwt("[1]") << Kind::Opaque;
        QTest::newRow("spaces around") << " " + jwt(R"({"id":"1","name":"a"})") + "\n"
                                       << Kind::Refresh;
    }
    void kindsAreRecognised()
    {
        QFETCH(const QByteArray, token);
        QTEST(tokenClaims(Secret(token)).kind, "kind");
    }

    void factsAreRead()
    {
        const auto access = tokenClaims(
            Secret(jwt(R"({"username":"alice","role":"USER","expireAt":1780000000123,"exp":1})")));
        QCOMPARE(access.username, u"alice"_s);
        QCOMPARE(access.role, u"USER"_s);
        QCOMPARE(access.expireAt, std::optional(at(noon + 123)));
        const auto refresh =
            tokenClaims(Secret(jwt(R"({"id":"1","name":"bob","exp":1780000000})")));
        QCOMPARE(refresh.username, u"bob"_s);
        QCOMPARE(refresh.expireAt, std::optional(at(noon)));
    }

    void oddTimesAreNone_data()
    {
        QTest::addColumn<QByteArray>("time");
        for (const char *time : {"-1", "0", "1e300", "\"soon\"", "null", "{}"})
            QTest::newRow(time) << QByteArray(time);
    }
    void oddTimesAreNone()
    {
        QFETCH(const QByteArray, time);
        QVERIFY(
            !tokenClaims(Secret(jwt("{\"username\":\"a\",\"expireAt\":" + time + '}'))).expireAt);
    }

    void lifeIsMeasuredByTheServersClockWhereClocksDiffer()
    {
        const QDateTime end = at(noon + 60'000);
        // Nothing but our own clock.
        QCOMPARE(TokenLife::left(end, {}, at(noon), 0ms), 60s);
        // The header is cut to seconds and agrees.
        QCOMPARE(TokenLife::left(end, at(noon - 1'000), at(noon), 100ms), 60s);
        // Ours is ten minutes early, or late: the earliest end that the header allows.
        QCOMPARE(TokenLife::left(end, at(noon), at(noon - 600'000), 0ms), 59s);
        QCOMPARE(TokenLife::left(end, at(noon), at(noon + 600'000), 0ms), 59s);
        // The answer may have been on its way for the whole trip.
        QCOMPARE(TokenLife::left(end, at(noon), at(noon + 600'000), 3s), 56s);
        QVERIFY(TokenLife::left(at(noon - 1), {}, at(noon), 0ms) < 0ms);
    }

    void theMarginFitsTheLife()
    {
        QCOMPARE(TokenLife::marginOf(60s), 10s);
        QCOMPARE(TokenLife::marginOf(2s), 400ms);
        QCOMPARE(TokenLife::marginOf(24h), 10s);
        QCOMPARE(TokenLife::marginOf(-5s), 0ms);
    }
};

QTEST_GUILESS_MAIN(TestTokenClaims)
#include "test_tokenclaims.moc"
