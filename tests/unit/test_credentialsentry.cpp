#include "account/credentialsentry.h"
#include "guardian/apiroot.h"

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

    void aTokenStaysWithItsOrigin_data()
    {
        QTest::addColumn<QString>("root");
        QTest::addColumn<bool>("isGiven");
        QTest::newRow("the same") << u"https://one.example/api/v1"_s << true;
        QTest::newRow("its port said") << u"https://one.example:443/api/v1"_s << true;
        QTest::newRow("another path") << u"https://one.example/guardian/api/v1"_s << true;
        QTest::newRow("another host") << u"https://two.example/api/v1"_s << false;
        QTest::newRow("a longer host") << u"https://one.example.org/api/v1"_s << false;
        QTest::newRow("another port") << u"https://one.example:4430/api/v1"_s << false;
        QTest::newRow("another scheme") << u"http://one.example:443/api/v1"_s << false;
    }
    void aTokenStaysWithItsOrigin()
    {
        QFETCH(const QString, root);
        QFETCH(const bool, isGiven);
        const ApiRoot own(QUrl(u"https://one.example/api/v1"_s));
        const ApiRoot asked{QUrl(root)};
        for (const Credentials &one :
             {Credentials{Secret("refresh"), {}, Secret("proxy")},
              Credentials{{}, Secret("access of two words"), {}},
              Credentials{Secret("refresh"), Secret("access"), Secret("proxy")}}) {
            const Credentials kept =
                CredentialsEntry::read(CredentialsEntry::write(CredentialsEntry::bound(one, own)));
            QVERIFY(CredentialsEntry::released(kept, asked) == (isGiven ? one : Credentials()));
        }
    }

    void anEarlierEntryIsTaken()
    {
        const ApiRoot root(QUrl(u"https://one.example/api/v1"_s));
        const Credentials earlier{Secret("refresh"), Secret("a plain one"), Secret("proxy")};
        QVERIFY(CredentialsEntry::released(earlier, root) == earlier);
        const Credentials password{{}, {}, Secret("proxy")};
        QVERIFY(CredentialsEntry::released(CredentialsEntry::bound(password, root), root)
                == password);
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
