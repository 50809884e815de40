#include "detail/jsonformat.h"
#include "detail/jsonindex.h"

#include <QJsonDocument>
#include <QRandomGenerator>
#include <QTest>

#include <atomic>

using namespace Qt::StringLiterals;

namespace {

JsonIndex indexOf(const QByteArray &json)
{
    return {json, json};
}

QStringList pathsOf(const JsonIndex &json, const QString &needle, qsizetype limit = 100)
{
    const std::atomic_bool goOn = false;
    QStringList paths;
    const QList<quint32> found = json.find(needle, limit, goOn);
    for (const quint32 value : found)
        paths.append(json.path(value));
    return paths;
}

} // namespace

class TestJsonIndex final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsTheOrderAndTheBytesOfWhatWasSent()
    {
        const auto json = indexOf(R"({"z": 9007199254740993, "a": 1.50, "a": [true, null]})");
        QVERIFY(json.isValid());
        QCOMPARE(json.childCount(0), 3U);
        QCOMPARE(json.name(json.child(0, 0)), u"z"_s);
        QCOMPARE(json.text(json.child(0, 0), 100), u"9007199254740993"_s);
        QCOMPARE(json.text(json.child(0, 1), 100), u"1.50"_s);
        QCOMPARE(json.bytes(json.child(0, 2)).toByteArray(), "[true, null]"_ba);
        QCOMPARE(json.kind(json.child(json.child(0, 2), 1)), JsonIndex::Kind::Null);
    }

    void namesValuesByTheirPath()
    {
        const auto json = indexOf(
            "{\"errors\":{\"blocks\":[{\"id\":\"x\"}]},\"two words\":{\"it's\":7},\"1st\":[[8]]}");
        QCOMPARE(pathsOf(json, u"x"_s), QStringList{u"$.errors.blocks[0].id"_s});
        QCOMPARE(pathsOf(json, u"7"_s), QStringList{u"$['two words']['it\\'s']"_s});
        QCOMPARE(pathsOf(json, u"8"_s), QStringList{u"$['1st'][0][0]"_s});
    }

    void readsEscapesAndBrokenText_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("text");
        QTest::newRow("plain") << R"("a b")"_ba << u"a b"_s;
        QTest::newRow("escapes") << "\"\\\"\\\\\\/\\n\\t\\r\\b\\f\""_ba << u"\"\\/\n\t\r\b\f"_s;
        QTest::newRow("unicode") << "\"\\u00e9\\ud83d\\ude00\""_ba << u"é😀"_s;
        QTest::newRow("bad unicode") << "\"\\u00zz!\""_ba << u"\uFFFD!"_s;
        QTest::newRow("short unicode") << "\"\\u0\""_ba << u"\uFFFD"_s;
        QTest::newRow("invalid UTF-8") << "\"a\xff\x62\""_ba << u"a\uFFFDb"_s;
        QTest::newRow("UTF-8") << "\"gr\xc3\xbc\xc3\x9f\""_ba << u"grüß"_s;
    }

    void readsEscapesAndBrokenText()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, text);
        QCOMPARE(indexOf(json).text(0, 100), text);
    }

    void showsTheBeginningOfALongString()
    {
        const auto json = indexOf("\"" + QByteArray(1'000'000, 'x') + "\"");
        QCOMPARE(json.text(0, 10), QString(10, u'x'));
        QCOMPARE(indexOf("\"ab\\n\"").text(0, 3), u"ab"_s); // cut within the escape
    }

    void refusesWhatIsNoJson_data()
    {
        QTest::addColumn<QByteArray>("json");
        const QList<QByteArray> broken = {"",       " ",      "{",       "[",         "[1,]",
                                          "[1 2]",  "{1:2}",  "{\"a\"}", "{\"a\":}",  "{\"a\":1,}",
                                          "]",      "[1]]",   "\"open",  "\"open\\",  "{\"a",
                                          "{\"a\\", "<html>", "[1}",     "{\"a\":1]", "[1],"};
        for (const QByteArray &json : broken)
            QTest::newRow(json.isEmpty() ? "empty" : json.constData()) << json;
    }

    void refusesWhatIsNoJson()
    {
        QFETCH(QByteArray, json);
        QVERIFY(!indexOf(json).isValid());
        QCOMPARE(indexOf(json).bytes().toByteArray(), json);
    }

    void acceptsDepthAndEmptyContainers()
    {
        const QByteArray deep = QByteArray(100'000, '[') + QByteArray(100'000, ']');
        QCOMPARE(indexOf(deep).size(), size_t(100'000));
        const auto json = indexOf(" { \"a\" : { } , \"b\" : [ ] } ");
        QCOMPARE(json.childCount(0), 2U);
        QCOMPARE(json.childCount(json.child(0, 1)), 0U);
    }

    void findsAChildOfALargeArrayWithoutWalkingToIt()
    {
        QByteArray text = "[";
        for (int i = 0; i < 5'000; ++i)
            text += (i > 0 ? ",[" : "[") + QByteArray::number(i) + ']';
        const auto json = indexOf(text + ']');
        for (const quint32 row : {0U, 1U, 999U, 1'000U, 1'001U, 2'000U, 4'999U})
            QCOMPARE(json.bytes(json.child(0, row)).toByteArray(),
                     '[' + QByteArray::number(row) + ']');
    }

    void findsNamesAndValuesInAnyCase()
    {
        const auto json = indexOf(R"({"Alpha":"beta","b":["ALPHABET",{"x":"no"}],"n":12345})");
        QCOMPARE(pathsOf(json, u"alpha"_s), (QStringList{u"$.Alpha"_s, u"$.b[0]"_s}));
        QCOMPARE(pathsOf(json, u"234"_s), QStringList{u"$.n"_s});
        QCOMPARE(pathsOf(json, u"alpha"_s, 1).size(), 1);
        QVERIFY(pathsOf(json, u"nowhere"_s).isEmpty());
        const std::atomic_bool stopped = true;
        QVERIFY(json.find(u"alpha"_s, 100, stopped).isEmpty());
    }

    void survivesDamage()
    {
        const QByteArray whole =
            "{\"a\":[1,2,{\"b\":\"c\\u0041\\\"d\"}],\"e\":null,\"f\":{\"g\":[[],{}]}}";
        QRandomGenerator random(20'261'124); // the same each time
        for (int i = 0; i < 20'000; ++i) {
            QByteArray damaged = whole;
            for (int n = random.bounded(1, 4); n > 0; --n)
                damaged[random.bounded(damaged.size())] = static_cast<char>(random.bounded(256));
            damaged.truncate(random.bounded(damaged.size()) + 1);
            const auto json = indexOf(damaged);
            if (json.isValid()) {
                const auto last = static_cast<quint32>(json.size() - 1);
                QVERIFY(json.path(last).startsWith(u'$'));
                QVERIFY(json.text(last, 100).size() <= 100);
            }
            QVERIFY(formattedJson(damaged, 50).size() < 300);
        }
    }

    void formatsWithoutTouchingValues()
    {
        const QByteArray json = R"({"z":[1,{"b":"x, {y}"}],"a":{},"n":9007199254740993})";
        const QByteArray expected = R"({
  "z": [
    1,
    {
      "b": "x, {y}"
    }
  ],
  "a": {},
  "n": 9007199254740993
})";
        QCOMPARE(formattedJson(json, 1'000), expected);
        QCOMPARE(QJsonDocument::fromJson(formattedJson(json, 1'000)),
                 QJsonDocument::fromJson(json));
        QCOMPARE(formattedJson("\"text\"", 100), "\"text\""_ba);
        QCOMPARE(formattedJson("\"" + QByteArray(100, 'x') + "\"", 10).size(), 11);
    }
};

QTEST_GUILESS_MAIN(TestJsonIndex)
#include "test_jsonindex.moc"
