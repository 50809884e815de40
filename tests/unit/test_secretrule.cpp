#include "task/secretrule.h"
#include "task/secretshape.h"

#include "task/jsonmember.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

const QByteArray der = "302e020100300506032b657004220420" + QByteArray("5b").repeated(32);
const QByteArray mask = "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2";

QJsonValue value(const QByteArray &json)
{
    return QJsonDocument::fromJson('[' + json + ']').array().at(0);
}

} // namespace

/// What is a secret among results, and that masking it changes nothing else.
class TestSecretRule : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void shapesOfSecrets_data();
    void shapesOfSecrets();
    void aResultHoldsSecrets_data();
    void aResultHoldsSecrets();
    void maskingChangesTheSecretsAlone_data();
    void maskingChangesTheSecretsAlone();
    void brokenTextIsMaskedAsFarAsItGoes_data();
    void brokenTextIsMaskedAsFarAsItGoes();
    void everyOtherByteStays();
    void deepTextIsMaskedToo();
    void anActionHasTheRuleThatWasSet();
    void theRuleDecides();
    void whatIsKeptIsMaskedThoughAllIsShown();
    void whatNobodyCouldReadIsMasked_data();
    void whatNobodyCouldReadIsMasked();
};

void TestSecretRule::shapesOfSecrets_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("secret");
    const auto row = [](const char *name, const QByteArray &text, bool secret) {
        QTest::newRow(name) << text << secret;
    };
    row("DER in hex", der, true);
    row("64 hex digits", QByteArray("0f").repeated(32), true);
    row("0x and 64 hex digits", "0x" + QByteArray("0F").repeated(32), true);
    row("PEM", "-----BEGIN EC PRIVATE KEY-----\nMHcCAQ==", true);
    row("JWT", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", true);
    row("base58", "4NMwxzmYj2uvHuq8xoqhY8RXg0Pd5zkvmfWAL1YvbYFVQ3", true);
    row("base64", "MC4CAQAwBQYDK2VwBCIEIFtbW1tbW1tbW1tbW1tbW1tbW1tb", true);
    row("our mask", mask, true);
    row("empty", "", false);
    row("token", "0.0.4711", false);
    row("ObjectId", "65f0c1a2b3d4e5f60718293a", false);
    row("UUID", "5d2c7f4e-2f5b-4b1c-9d31-0c3f6e8f7a10", false);
    row("IPFS content", "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG", false);
    row("name", "Emission reduction token of the project in the north", false);
    row("timestamp", "1717243496.123456789", false);
    row("DID", "did:hedera:testnet:7Prd74ry1Uct87nZqL3ny7aR7Cg46JamVbJgk8azVgUm_0.0.5", false);
}

void TestSecretRule::shapesOfSecrets()
{
    QFETCH(const QByteArray, text);
    QFETCH(const bool, secret);
    QCOMPARE(looksLikeSecret(text), secret);
}

void TestSecretRule::aResultHoldsSecrets_data()
{
    QTest::addColumn<QString>("action");
    QTest::addColumn<QByteArray>("result");
    QTest::addColumn<bool>("secret");
    const auto row = [](const char *name, const QString &action, const QByteArray &json, bool is) {
        QTest::newRow(name) << action << json << is;
    };
    const QString random = u"Create random key"_s;
    row("random key", random, R"({"id":"0.0.1","key":"abc"})", true);
    row("random key, text", u" create RANDOM key"_s, R"("abc")", true);
    row("random key, number", random, "17", true);
    row("random key, only an id", random, R"({"id":"0.0.1"})", false);
    row("random key, empty", random, R"({"id":"0.0.1","key":""})", false);
    row("random key, null", random, "null", false);
    row("names in any case", u"x"_s, R"({"a":[{"PRIVATEKEY":"x"}]})", true);
    row("name with a line", u"x"_s, R"({"private_key":"x"})", true);
    row("mnemonic as a list", u"x"_s, R"({"mnemonic":["one","two"]})", true);
    row("seed as a number", u"x"_s, R"({"seed":7})", true);
    row("password flag", u"x"_s, R"({"password":true,"secret":null,"seed":""})", false);
    row("key is an asset", u"x"_s, R"({"key":"0.0.5","token":"0.0.6"})", false);
    row("key looks secret", u"x"_s, R"({"key":")" + der + R"("})", true);
    row("Token looks secret", u"x"_s, R"([{"Token":")" + der + R"("}])", true);
    row("public key", u"x"_s, R"({"publicKey":")" + der + R"("})", false);
    row("other name", u"x"_s, R"({"secretary":"x","seeds":"y","passwords":"z"})", false);
    row("bare text", u"x"_s, '"' + der + '"', false);
    row("below a secret name", u"x"_s, R"({"secret":{"anything":{"deep":["x"]}}})", true);
}

void TestSecretRule::aResultHoldsSecrets()
{
    QFETCH(const QString, action);
    QFETCH(const QByteArray, result);
    QFETCH(const bool, secret);
    QCOMPARE(holdsSecret(action, value(result)), secret);
    // The mask agrees: it changes a result if, and only if, it holds a secret; and a second masking
    // changes nothing, but still knows.
    const QByteArray reply = R"({"taskId":"t", "result": )" + result + " }";
    const QByteArray masked = maskSecrets(reply, action);
    QCOMPARE(masked != reply, secret);
    QCOMPARE(maskSecrets(masked, action), masked);
    const auto again = topLevelMember(masked, "result");
    QVERIFY(again);
    QCOMPARE(holdsSecret(action, value(again->toByteArray())), secret);
}

void TestSecretRule::maskingChangesTheSecretsAlone_data()
{
    QTest::addColumn<QString>("action");
    QTest::addColumn<QByteArray>("reply");
    QTest::addColumn<QByteArray>("masked");
    const auto row = [](const char *name, const QString &action, const QByteArray &reply,
                        QByteArray masked) {
        QTest::newRow(name) << action << reply << masked.replace("***", mask);
    };
    row("by name", u"x"_s, R"({ "b":1.50 , "Password" : "p\"w" ,"a":"\u00e9"})",
        R"({ "b":1.50 , "Password" : "***" ,"a":"\u00e9"})");
    row("escaped name", u"x"_s, R"({"p\u0061ssword":"pw"})", R"({"p\u0061ssword":"***"})");
    row("numbers", u"x"_s, R"({"seed":[1,-2.5e3,true,null],"n":5})",
        R"({"seed":["***","***",true,null],"n":5})");
    row("scope ends", u"x"_s, R"({"a":{"seed":["x"]},"b":"y","c":["z"]})",
        R"({"a":{"seed":["***"]},"b":"y","c":["z"]})");
    row("array after a name", u"x"_s, R"(["password","x",{"password":"y"},"z"])",
        R"(["password","x",{"password":"***"},"z"])");
    row("random key", u"Create random key"_s,
        R"({"taskId":"t","action":"Create random key","result":{"id":"i","key":"k","n":1,"o":{"id":"x"}}})",
        R"({"taskId":"t","action":"Create random key","result":{"id":"i","key":"***","n":"***","o":{"id":"***"}}})");
    row("random key's text", u"Create random key"_s, R"({"result":"k","error":"e"})",
        R"({"result":"***","error":"e"})");
    row("not only in the result", u"x"_s, R"({"info":{"steps":[{"secret":"s"}]}})",
        R"({"info":{"steps":[{"secret":"***"}]}})");
    row("key by shape", u"x"_s, R"({"key":"0.0.1","token":")" + der + R"("})",
        R"({"key":"0.0.1","token":"***"})");
}

void TestSecretRule::maskingChangesTheSecretsAlone()
{
    QFETCH(const QString, action);
    QFETCH(const QByteArray, reply);
    QFETCH(const QByteArray, masked);
    QCOMPARE(maskSecrets(reply, action), masked);
    QVERIFY(!QJsonDocument::fromJson(masked).isNull());
}

void TestSecretRule::brokenTextIsMaskedAsFarAsItGoes_data()
{
    QTest::addColumn<QByteArray>("reply");
    for (const char *reply :
         {R"({"password":"marker)", R"({"password":"marker","b)",
          R"({"a":1}}]},"password":"marker")", R"("password":"marker")", R"({"password":["marker)",
          R"({"password" "x" : "y", "secret":"marker\)"})
        QTest::newRow(reply) << QByteArray(reply);
}

void TestSecretRule::brokenTextIsMaskedAsFarAsItGoes()
{
    QFETCH(const QByteArray, reply);
    QVERIFY(!maskSecrets(reply, {}).contains("marker"));
}

void TestSecretRule::everyOtherByteStays()
{
    for (const char *reply :
         {"", "null", "<html>", "{}", "[1,2", "\xef\xbb\xbf{\"a\":-0.0}", "}}]]",
          R"({"a":"password","b":{"c":"seed"}})", "\"open", "{\"a\":\"\\"})
        QCOMPARE(maskSecrets(reply, u"x"_s), QByteArray(reply));
}

void TestSecretRule::deepTextIsMaskedToo()
{
    const QByteArray deep = QByteArray(R"({"a":[)").repeated(100'000) + R"({"seed":"marker"})";
    QVERIFY(!maskSecrets(deep, {}).contains("marker"));
}

void TestSecretRule::anActionHasTheRuleThatWasSet()
{
    SecretRules rules;
    QCOMPARE(rules.of(u"Publish policy"_s), SecretRule::ByName);
    rules.set(u" Publish  policy "_s, SecretRule::MaskAll);
    QCOMPARE(rules.of(u"publish POLICY"_s), SecretRule::MaskAll);
    QCOMPARE(rules.of(u"Publish"_s), SecretRule::ByName);
    rules.set(u"publish policy"_s, SecretRule::ShowAll); // the same one
    QCOMPARE(rules.all().size(), 1);
    QCOMPARE(rules.of(u"Publish policy"_s), SecretRule::ShowAll);
    rules.set(u"  "_s, SecretRule::ShowAll);
    QCOMPARE(rules.of({}), SecretRule::ByName);

    SecretRuleBook book;
    QVERIFY(book.rules().isEmpty());
    book.set(rules);
    QCOMPARE(book.rules(), rules);
}

void TestSecretRule::theRuleDecides()
{
    const QString action = u"Create random key"_s;
    const QByteArray result = R"({"id":"0.0.1","note":"open","n":7,"ok":true,"key":"a"})";
    const QByteArray reply = R"({"action":"Create random key","result":)" + result + '}';
    const auto inReply = [](QByteArray masked) {
        return R"({"action":"Create random key","result":)" + masked.replace("***", mask) + '}';
    };
    QVERIFY(holdsSecret(action, value(result), SecretRule::MaskAll));
    QCOMPARE(maskSecretsBy(SecretRule::MaskAll, reply, action),
             inReply(R"({"id":"***","note":"***","n":"***","ok":true,"key":"***"})"));
    QCOMPARE(maskSecretsBy(SecretRule::ByName, reply, action), maskSecrets(reply, action));
    QCOMPARE(maskSecrets(reply, action),
             inReply(R"({"id":"0.0.1","note":"***","n":"***","ok":true,"key":"***"})"));
    QVERIFY(!holdsSecret(action, value(result), SecretRule::ShowAll));
    QCOMPARE(maskSecretsBy(SecretRule::ShowAll, reply, action), reply);
    // An action without secrets of its own.
    QVERIFY(holdsSecret(u"x"_s, value("\"open\""), SecretRule::MaskAll));
    QVERIFY(!holdsSecret(u"x"_s, value("\"open\""), SecretRule::ByName));
    QVERIFY(!holdsSecret(u"x"_s, value(R"([true,null,""])"), SecretRule::MaskAll));
}

void TestSecretRule::whatIsKeptIsMaskedThoughAllIsShown()
{
    QCOMPARE(ruleForKeeping(SecretRule::ShowAll), SecretRule::ByName);
    QCOMPARE(ruleForKeeping(SecretRule::ByName), SecretRule::ByName);
    QCOMPARE(ruleForKeeping(SecretRule::MaskAll), SecretRule::MaskAll);
}

void TestSecretRule::whatNobodyCouldReadIsMasked_data()
{
    QTest::addColumn<QByteArray>("reply");
    QTest::addColumn<QByteArray>("masked"); // with # for the mask
    const auto row = [](const char *name, const QByteArray &reply, const QByteArray &masked) {
        QTest::newRow(name) << reply << masked;
    };
    const QByteArray jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln";
    const QByteArray base64 = "MC4CAQAwBQYDK2VwBCIEIFtbW1tbW1tbW1tb/1tbW1tbW1tb";
    row("nothing", "<html>502 Bad Gateway, key 0.0.4711</html>",
        "<html>502 Bad Gateway, key 0.0.4711</html>");
    row("no ASCII", "<p>\xfc\xff \xe4\xb8\xad</p>", "<p>\xfc\xff \xe4\xb8\xad</p>");
    row("a result, by no name", R"({"action":"x","result":{"a":["b",1]},"c":"d"})",
        R"({"action":"x","result":{"a":["#","#"]},"c":"d"})");
    row("of several tasks", R"([{"result":"a"},{"data":{"result":"b"}}])",
        R"([{"result":"#"},{"data":{"result":"#"}}])");
    row("cut off", R"({"result":{"privateKey":"302e02)", R"({"result":{"privateKey":"#")");
    row("by name, in JSON", R"({"access_token":"abc","Password": "a\"b","x":"y"})",
        R"({"access_token":"#","Password": "#","x":"y"})");
    row("JSON within JSON", R"({"body":"{\"password\":\"abc\",\"x\":\"y\"}"})",
        R"({"body":"{\"password\":\"#\",\"x\":\"y\"}"})");
    row("JSON within HTML", "<p>{&quot;seed&quot;:&quot;a b c&quot;}</p>",
        "<p>{&quot;seed&quot;:&quot;#&quot;}</p>");
    row("by name, in text", "password=hunter2&x=1\nPrivate key: ab cd\nend",
        "password=#&x=1\nPrivate key: #\nend");
    row("long ones", R"({"token":")" + QByteArray("a b").repeated(100'000) + R"(","cookie":"c"})",
        R"({"token":"#","cookie":"#"})");
    row("no value", R"({"password":null,"secret":false})", R"({"password":null,"secret":false})");
    row("a header that came back", "Authorization: Bearer abcdefgh\nHost: x",
        "Authorization: #\nHost: x");
    row("a bearer", "sent 'Bearer abcdefgh1234' to", "sent 'Bearer #' to");
    row("JWT", "<p>bad " + jwt + "</p>", "<p>bad #</p>");
    row("hex", "at 0x" + QByteArray("0f").repeated(32) + '.', "at 0x#.");
    row("base64, escaped", "\"" + QByteArray(base64).replace('/', "\\/") + "\"", "\"#\"");
    row("PEM", "a -----BEGIN PRIVATE KEY-----\nMHcC\n-----END PRIVATE KEY----- b", "a # b");
    row("PEM, cut off", "a -----BEGIN PRIVATE KEY-----\nMHcC", "a #");
}

void TestSecretRule::whatNobodyCouldReadIsMasked()
{
    QFETCH(const QByteArray, reply);
    QFETCH(QByteArray, masked);
    masked.replace('#', mask);
    QCOMPARE(maskUnread(reply), masked);
    QCOMPARE(maskUnread(masked), masked);
}

QTEST_GUILESS_MAIN(TestSecretRule)
#include "test_secretrule.moc"
