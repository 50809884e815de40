#include "account/credentialsentry.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace {

/// A JWT without a valid signature: nobody here could check one.
QByteArray jwt(const QByteArray &payload)
{
    const auto part = [](const QByteArray &json) {
        return json.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    };
    return part(R"({"alg":"RS256"})") + '.' + part(payload) + ".c2lnbmF0dXJl";
}

} // namespace

class TestCredentialsEntry final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsWrittenIsRead_data()
    {
        QTest::addColumn<QByteArrayList>("secrets");
        QByteArray every;
        for (int byte = 0; byte < 256; ++byte)
            every += char(byte);
        QTest::newRow("none") << QByteArrayList{{}, {}, {}};
        QTest::newRow("all") << QByteArrayList{"refresh", "access", "proxy"};
        QTest::newRow("refresh") << QByteArrayList{"refresh", {}, {}};
        QTest::newRow("access") << QByteArrayList{{}, "access", {}};
        QTest::newRow("proxy") << QByteArrayList{{}, {}, "proxy"};
        QTest::newRow("every byte") << QByteArrayList{every, every, every};
        QTest::newRow("long") << QByteArrayList{QByteArray(20'000, 'x'), {}, {}};
    }
    void whatIsWrittenIsRead()
    {
        QFETCH(const QByteArrayList, secrets);
        const Credentials credentials{Secret(secrets.at(0)), Secret(secrets.at(1)),
                                      Secret(secrets.at(2))};
        QVERIFY(CredentialsEntry::read(CredentialsEntry::write(credentials)) == credentials);
    }

    void aLoneTokenIsWhatItSaysOfItself()
    {
        const Secret refresh(jwt(R"({"id":"1","name":"alice"})"));
        QVERIFY(CredentialsEntry::read(refresh) == (Credentials{refresh, {}, {}}));
        const Secret access(jwt(R"({"username":"alice"})"));
        QVERIFY(CredentialsEntry::read(access) == (Credentials{{}, access, {}}));
        const Secret plain("a plain one");
        QVERIFY(CredentialsEntry::read(plain) == (Credentials{{}, plain, {}}));
    }

    void linesOfALaterProgramAreSkipped()
    {
        const Credentials credentials = CredentialsEntry::read(
            Secret("taskwatch secrets\nsomething new\naccess-token YWNjZXNz"));
        QVERIFY(credentials == (Credentials{{}, Secret("access"), {}}));
    }
};

QTEST_GUILESS_MAIN(TestCredentialsEntry)
#include "test_credentialsentry.moc"
