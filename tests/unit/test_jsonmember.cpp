#include "task/jsonmember.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QTest>

using namespace Qt::StringLiterals;

/// The original bytes of a member, found without a tree, and the same member that QJsonDocument
/// finds.
class TestJsonMember : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theBytesAreTheOriginalOnes_data();
    void theBytesAreTheOriginalOnes();
    void whatIsNoObjectHasNoMembers_data();
    void whatIsNoObjectHasNoMembers();
    void itAgreesWithQJsonDocument();
    void depthIsCountedOutsideOfStrings_data();
    void depthIsCountedOutsideOfStrings();
    void whatIsCutAnywhereIsClosed();
    void aCutStringKeepsItsBeginning_data();
    void aCutStringKeepsItsBeginning();
};

void TestJsonMember::theBytesAreTheOriginalOnes_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("bytes");
    const auto row = [](const char *name, const char *json, const char *bytes) {
        QTest::newRow(name) << QByteArray(json) << QByteArray(bytes);
    };
    row("string", R"({"a":1,"result":"x\"},y"})", R"("x\"},y")");
    row("object", R"({"result" : { "z":1,"a":[2] } ,"b":2})", R"({ "z":1,"a":[2] })");
    row("digits", R"({"result":12345678901234567890.50})", "12345678901234567890.50");
    row("word", "{\"result\":null\n}", "null");
    row("last of duplicates", R"({"result":1,"result":2,"other":3})", "2");
    row("escaped name", R"({"result":1,"re\u0073ult":2})", "2");
    row("byte order mark", "\xef\xbb\xbf {\"result\":[ ]}", "[ ]");
    row("only on top", R"({"a":{"result":1},"result":{"result":2}})", R"({"result":2})");
    row("brackets in strings", R"({"a":"]}","result":["}"]})", R"(["}"])");
    row("escaped quote at the end", R"({"result":"\\","b":"\\\""})", R"("\\")");
}

void TestJsonMember::theBytesAreTheOriginalOnes()
{
    QFETCH(const QByteArray, json);
    QFETCH(const QByteArray, bytes);
    const auto found = topLevelMember(json, "result");
    QVERIFY(found);
    QCOMPARE(found->toByteArray(), bytes);
    QVERIFY(!topLevelMember(json, "resul"));
}

void TestJsonMember::whatIsNoObjectHasNoMembers_data()
{
    QTest::addColumn<QByteArray>("json");
    for (const char *json :
         {"", "null", "[]", "{", "{}", R"(["result",1])", R"({"result")", R"({"result":)",
          R"({"result":1)", R"({"result":"open)", R"({"result" 1})", R"({"result":1,)", R"({1:2})",
          "\xef\xbb\xbf", R"({"result":[)", R"({"\)", "<html>"})
        QTest::newRow(json) << QByteArray(json);
}

void TestJsonMember::whatIsNoObjectHasNoMembers()
{
    QFETCH(const QByteArray, json);
    QVERIFY(!topLevelMember(json, "result"));
}

void TestJsonMember::itAgreesWithQJsonDocument()
{
    // Random objects of awkward names and values, duplicates among them.
    QRandomGenerator random(20'260);
    const QList<QByteArray> names = {"a", "result", R"(re\u0073ult)", R"(q\"uote)", "", "é"};
    const QList<QByteArray> values = {"1",      R"("}")",          "[1,[2,{}]]", R"({"a":"]"})",
                                      " null ", R"("\\\"\u00e9")", "-0.5e3",     "[ ]"};
    for (int round = 0; round < 2000; ++round) {
        QByteArrayList members;
        for (int i = random.bounded(7); i > 0; --i)
            members.append('"' + names.at(random.bounded(names.size()))
                           + "\" :" + values.at(random.bounded(values.size())));
        const QByteArray json = '{' + members.join(" ,") + '}';
        const QJsonObject object = QJsonDocument::fromJson(json).object();
        for (const char *name : {"a", "result", "q\"uote", "", "é"}) {
            const auto bytes = topLevelMember(json, name);
            const QJsonValue expected = object.value(QString::fromUtf8(name));
            QCOMPARE(bytes.has_value(), !expected.isUndefined());
            if (bytes) {
                const QByteArray wrapped = "{\"v\":" + bytes->toByteArray() + '}';
                QCOMPARE(QJsonDocument::fromJson(wrapped).object().value(u"v"), expected);
            }
        }
    }
}

void TestJsonMember::depthIsCountedOutsideOfStrings_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<int>("depth");
    QTest::newRow("flat") << QByteArray("[1,2,\"[[[[\"]") << 1;
    QTest::newRow("wide") << QByteArray("[") + QByteArray("[],{},").repeated(600) + "[]]" << 2;
    QTest::newRow("nested") << QByteArray(R"({"a":[{"b":[[]]}]})") << 5;
    QTest::newRow("escaped quotes") << QByteArray(R"([["\"[[[",[]]])") << 3;
    QTest::newRow("high bytes") << QByteArray("[\"\xdb\xfb\xdb\"]") << 1;
    QTest::newRow("very deep") << QByteArray(1'000'000, '[') << 1'000'000;
}

void TestJsonMember::depthIsCountedOutsideOfStrings()
{
    QFETCH(const QByteArray, json);
    QFETCH(const int, depth);
    QVERIFY(JsonText::isDeeperThan(json, depth - 1));
    QVERIFY(!JsonText::isDeeperThan(json, depth));
}

void TestJsonMember::whatIsCutAnywhereIsClosed()
{
    const QByteArray whole =
        R"({"taskId":"x","n":-1.5e3,"t":[true,null,{"a\"}":"é\\"}],"result":{"k":"a\n\u00e9\ud83d\ude00ß",)"
        R"("list":["1","2",{"deep":[[]]}], "m" : { } }, "error" : null })";
    QCOMPARE(JsonText::closed(whole), whole);
    for (qsizetype size = 1; size < whole.size(); ++size) {
        const QByteArray closed = JsonText::closed(whole.first(size));
        QJsonParseError error;
        const QJsonObject object = QJsonDocument::fromJson(closed, &error).object();
        QVERIFY2(error.error == QJsonParseError::NoError, closed.constData());
        // Nothing is in it that the whole has not.
        if (object.contains(u"n"_s))
            QCOMPARE(object[u"n"_s].toDouble(), -1500.0);
        QVERIFY(QString(u"x"_s).startsWith(object[u"taskId"_s].toString()));
        QVERIFY(QString(u"a\né😀ß"_s)
                    .startsWith(object[u"result"_s][u"k"_s].toString().chopped(
                        object[u"result"_s][u"k"_s].toString().endsWith(QChar(0xd83d)) ? 1 : 0)));
        QVERIFY(object[u"result"_s][u"list"_s].toArray().size() <= 3);
    }
    QCOMPARE(JsonText::closed(""), QByteArray());
}

void TestJsonMember::aCutStringKeepsItsBeginning_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<QByteArray>("closed");
    const auto row = [](const char *name, const QByteArray &head, const QByteArray &closed) {
        QTest::newRow(name) << head << closed;
    };
    row("text", R"({"result":"abc)", R"({"result":"abc"})");
    row("in a list", R"({"result":["a","b)", R"({"result":["a","b"]})");
    row("in an escape", R"({"result":"abc\u00)", R"({"result":"abc"})");
    row("behind a backslash", R"({"result":"abc\)", R"({"result":"abc"})");
    row("in a letter", "{\"result\":\"abc\xc3", R"({"result":"abc"})");
    row("in a name", R"({"a":1,"resu)", R"({"a":1})");
    row("before a value", R"({"a":1,"result":)", R"({"a":1})");
    row("in a number", R"({"a":[1,23)", R"({"a":[1]})");
}

void TestJsonMember::aCutStringKeepsItsBeginning()
{
    QFETCH(const QByteArray, head);
    QFETCH(const QByteArray, closed);
    QCOMPARE(JsonText::closed(head), closed);
}

QTEST_GUILESS_MAIN(TestJsonMember)
#include "test_jsonmember.moc"
