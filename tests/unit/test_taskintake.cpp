#include "task/taskintake.h"

#include <QRandomGenerator>
#include <QTest>
#include <QUuid>

using namespace Qt::StringLiterals;

namespace {

const QString uuid = u"5d2c7f4e-2f5b-4b1c-9d31-0c3f6e8f7a10"_s;
const QString other = u"0E0D1C2B-AAAA-4BBB-8CCC-123456789ABC"_s;
const QString objectId = u"63e3e5e8a01b3c001234abcd"_s;
const QString jwt = u"eyJhbGciOiJSUzI1NiJ9.eyJ1c2VybmFtZSI6ImEifQ.c2lnbmF0dXJl"_s;

QStringList idsIn(const QString &text)
{
    QStringList ids;
    for (const IntakeItem &item : findTaskIds(text).found)
        ids += item.id.text();
    return ids;
}

} // namespace

class TestTaskIntake : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void idsAreFound_data();
    void idsAreFound();
    void otherTextHoldsNone_data();
    void otherTextHoldsNone();
    void addressesKeepTheirOrigin_data();
    void addressesKeepTheirOrigin();
    void anAddressShowsNoSecrets();
    void kindsAreTold();
    void aLaterAddressTellsTheServerOfABareId();
    void linesWithoutAnIdAreNamed();
    void rejectedLinesAreShortenedAndBounded();
    void tokensAreNeitherTakenNorShown_data();
    void tokensAreNeitherTakenNorShown();
    void aLongTextIsReadInPart();
    void manyIdsAreBounded();
    void hostileTextEnds_data();
    void hostileTextEnds();
    void whateverIsEmbeddedIsFound();
    void anyFormIsTakenWhereAnIdIsNamed();
};

void TestTaskIntake::idsAreFound_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("ids");
    const auto row = [](const char *name, const QString &text, const QStringList &ids) {
        QTest::newRow(name) << text << ids;
    };
    row("a UUID", uuid, {uuid});
    row("an upper-case UUID keeps its case", other, {other});
    row("an ObjectId", objectId, {objectId});
    row("space around", u" \n\t"_s + uuid + u" \r\n"_s, {uuid});
    row("quotes", u'"' + uuid + u'"', {uuid});
    row("brackets", u"[("_s + uuid + u")]"_s, {uuid});
    row("commas, lines, semicolons, bars", uuid + u',' + other + u";\n"_s + objectId + u"|x-7"_s,
        {uuid, other, objectId, u"x-7"_s});
    row("no separator that anybody uses", uuid + u"_"_s + other, {uuid, other});
    row("twice is once", uuid + u' ' + other + u' ' + uuid, {uuid, other});
    row("case differs: two IDs", other + u' ' + other.toLower(), {other, other.toLower()});
    row("in prose", u"Task "_s + uuid + u" failed, see ("_s + objectId + u")."_s, {uuid, objectId});
    row("after an escaped line feed", u"done\\n"_s + uuid + u"\\n"_s, {uuid});

    row("any word", u"alpha"_s, {u"alpha"_s});
    row("any word in quotes", u"“alpha~7”"_s, {u"alpha~7"_s});
    row("a number", u"42"_s, {u"42"_s});
    row("another script", u"задача"_s, {u"задача"_s});
    row("percent-encoded", u"a%2Fb%20c"_s, {u"a/b c"_s});
    row("no encoding of UTF-8", u"a%FFb"_s, {u"a%FFb"_s});
    row("a column of words", u"alpha\nbeta\r\ngamma\n"_s, {u"alpha"_s, u"beta"_s, u"gamma"_s});
    row("a row of words with digits", u"t-1 t-2, t-3"_s, {u"t-1"_s, u"t-2"_s, u"t-3"_s});
    row("a list with bullets", u"- t-1\n• t-2\n * \n"_s, {u"t-1"_s, u"t-2"_s});
    row("a JSON list", u"[\"t-1\", \"t-2\"]"_s, {u"t-1"_s, u"t-2"_s});

    row("web address", u"https://h/task/"_s + uuid + u"?last=L3Rva2Vucw=="_s, {uuid});
    row("web address of any ID", u"https://h/task/a.b~c?last=x"_s, {u"a.b~c"_s});
    row("encoded ID", u"https://h/task/a%2Fb%20%C3%A9"_s, {u"a/b é"_s});
    row("API address", u"HTTP://h:3000/x/api/v1/tasks/t7"_s, {u"t7"_s});
    row("the last one names it", u"https://h/task/api/v1/tasks/t7/"_s, {u"t7"_s});
    row("route behind a hash", u"https://h/#/task/t7?last=1"_s, {u"t7"_s});
    row("after a sign-in", u"https://h/login?next=%2Ftask%2Ft7"_s, {u"t7"_s});
    row("no task's address", u"https://h/x/"_s + uuid, {uuid});
    row("in a sentence", u"See https://h/task/abc."_s, {u"abc"_s});
    row("in Markdown", u"[it](https://h/task/abc), really"_s, {u"abc"_s});
    row("in HTML", u"<a href=\"https://h/task/abc\">it</a>"_s, {u"abc"_s});
    row("addresses by comma", u"https://h/task/a,https://h/task/b"_s, {u"a"_s, u"b"_s});
    row("without a scheme", u"guardian.example:8080/task/t7?last=1"_s, {u"t7"_s});
    row("a path alone", u"see /api/v1/tasks/t7 there"_s, {u"t7"_s});

    row("starting reply",
        u"{\"taskId\":\"t-a\",\"expectation\":13,\"action\":\"Publish policy\",\"userId\":\""_s
            + objectId + u"\"}"_s,
        {u"t-a"_s});
    row("pretty", u"{\n  \"taskId\" : \"any form\",\n  \"expectation\": 0\n}"_s, {u"any form"_s});
    row("an array", u"[{\"taskId\":\"a\"},{\"taskId\":\"b\"}]"_s, {u"a"_s, u"b"_s});
    row("nested", u"{\"data\":{\"task\":{\"taskId\":\"a\"}},\"taskId\":\"b\"}"_s, {u"a"_s, u"b"_s});
    row("several in a row", u"{\"taskId\":\"a\"}{\"taskId\":\"b\"}\n{\"taskId\":\"a\"}"_s,
        {u"a"_s, u"b"_s});
    row("in a log", u"2026-05-04T09:11:02Z INFO 202 POST {\"taskId\":\"a b\",\"n\":1} ok"_s,
        {u"a b"_s});
    row("escaped once", u"{\"line\":\"{\\\"taskId\\\":\\\"a1\\\",\\\"n\\\":2}\"}"_s, {u"a1"_s});
    row("escapes within", uR"({"taskId":"\u0041\/\"b"})"_s, {u"A/\"b"_s});
    row("cut off", u"…on\":13,\"taskId\":\"a\",\"action\":\"Pub"_s, {u"a"_s});
    row("JavaScript", u"{ taskId: 'a-b', userId: '"_s + objectId + u"' }"_s, {u"a-b"_s});
    row("a number as ID", u"{\"taskId\": 17}"_s, {u"17"_s});
    row("not encoded there", u"{\"taskId\":\"a%20b\"}"_s, {u"a%20b"_s});
    row("other members are no tasks",
        u"{\"id\":\""_s + other + u"\",\"taskId\":\""_s + uuid + u"\",\"_id\":\""_s + objectId
            + u"\"}"_s,
        {uuid});
    row("a task's reply without taskId", u"{\"id\":\""_s + uuid + u"\"}"_s, {uuid});
    row("JSON beside others", uuid + u"\n{\"taskId\":\"a\"}\n"_s + objectId,
        {uuid, u"a"_s, objectId});
}

void TestTaskIntake::idsAreFound()
{
    QFETCH(const QString, text);
    QFETCH(const QStringList, ids);
    QCOMPARE(idsIn(text), ids);
    QCOMPARE(findTaskIds(text).remark, QString());
}

void TestTaskIntake::otherTextHoldsNone_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("rejected");
    QTest::newRow("nothing") << QString() << QStringList();
    QTest::newRow("space") << u" \n\t "_s << QStringList();
    QTest::newRow("prose") << u"Please publish it again."_s
                           << QStringList{u"Please publish it again."_s};
    QTest::newRow("two words") << u"hello world"_s << QStringList{u"hello world"_s};
    QTest::newRow("a site") << u"https://guardian.example/"_s
                            << QStringList{u"https://guardian.example/"_s};
    QTest::newRow("a site only") << u"http://guardian.example"_s
                                 << QStringList{u"http://guardian.example"_s};
    QTest::newRow("a file's address")
        << u"file:///home/bob/tasks/1"_s << QStringList{u"file:///home/bob/tasks/1"_s};
    QTest::newRow("no ID after task/")
        << u"https://h/task/?x=1"_s << QStringList{u"https://h/task/?x=1"_s};
    QTest::newRow("JSON without a task") << u"{\"a\":1}"_s << QStringList{u"{\"a\":1}"_s};
    QTest::newRow("empty ID") << u"{\"taskId\":\"\"}"_s << QStringList{u"{\"taskId\":\"\"}"_s};
    QTest::newRow("dots") << u".."_s << QStringList{u".."_s};
    QTest::newRow("brackets") << u"[{}]"_s << QStringList{u"[{}]"_s};
    QTest::newRow("another's ID") << u"userId: "_s + objectId
                                  << QStringList{u"userId: "_s + objectId};
    QTest::newRow("times") << u"2026-05-04 12:30"_s << QStringList{u"2026-05-04 12:30"_s};
    QTest::newRow("a longer number")
        << u"commit "_s + objectId + u"0123456789abcdef"_s
        << QStringList{u"commit "_s + objectId + u"0123456789abcdef"_s};
    QTest::newRow("a path in prose")
        << u"the /tasks/push call"_s << QStringList{u"the /tasks/push call"_s};
}

void TestTaskIntake::otherTextHoldsNone()
{
    QFETCH(const QString, text);
    QFETCH(const QStringList, rejected);
    QCOMPARE(idsIn(text), QStringList());
    QCOMPARE(findTaskIds(text).rejected, rejected);
}

void TestTaskIntake::addressesKeepTheirOrigin_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("origin");
    QTest::newRow("https") << u"https://Host.Example/task/a?last=1"_s << u"https://host.example"_s;
    QTest::newRow("port") << u"http://localhost:3000/api/v1/tasks/a"_s
                          << u"http://localhost:3000"_s;
    QTest::newRow("IPv6") << u"http://[::1]:3000/task/a"_s << u"http://[::1]:3000"_s;
    QTest::newRow("none written") << u"localhost:3000/task/a"_s << QString();
    QTest::newRow("none at all") << uuid << QString();
}

void TestTaskIntake::addressesKeepTheirOrigin()
{
    QFETCH(const QString, text);
    QFETCH(const QString, origin);
    const Intake intake = findTaskIds(text);
    QCOMPARE(intake.found.size(), 1);
    QCOMPARE(intake.found.first().origin.toString(), origin);
}

void TestTaskIntake::anAddressShowsNoSecrets()
{
    const Intake intake = findTaskIds(u"https://me:word@h:81/task/a?token=marker"_s);
    QCOMPARE(intake.found.size(), 1);
    QCOMPARE(intake.found.first().source, u"https://h:81/task/a"_s);
    QCOMPARE(intake.found.first().origin, QUrl(u"https://h:81"_s));
}

void TestTaskIntake::kindsAreTold()
{
    const Intake intake =
        findTaskIds(uuid + u" {\"taskId\":\"a\"} https://h/task/b /task/c1 end"_s);
    QList<IntakeItem::Kind> kinds;
    for (const IntakeItem &item : intake.found)
        kinds += item.kind;
    using enum IntakeItem::Kind;
    QCOMPARE(kinds, (QList{BareId, StartingReply, WebAddress, WebAddress}));
    QCOMPARE(intake.found.at(0).source, uuid);
    QCOMPARE(intake.found.at(1).source, u"taskId\":\"a\""_s);
}

void TestTaskIntake::aLaterAddressTellsTheServerOfABareId()
{
    const Intake intake = findTaskIds(uuid + u" https://h/task/"_s + uuid);
    QCOMPARE(intake.found.size(), 1);
    QCOMPARE(intake.found.first().origin, QUrl(u"https://h"_s));
}

void TestTaskIntake::linesWithoutAnIdAreNamed()
{
    const Intake intake = findTaskIds(u"My tasks:\n"_s + uuid + u"\n\n  and that was it  \n{\n}"_s);
    QCOMPARE(intake.found.size(), 1);
    QCOMPARE(intake.rejected, (QStringList{u"My tasks:"_s, u"and that was it"_s}));
}

void TestTaskIntake::rejectedLinesAreShortenedAndBounded()
{
    const Intake intake = findTaskIds(QString(u"long words "_s.repeated(50) + u'\n').repeated(500));
    QCOMPARE(intake.rejected.size(), 100);
    QCOMPARE(intake.rejected.first().size(), 120);
    QVERIFY(intake.rejected.first().endsWith(u'…'));
}

void TestTaskIntake::tokensAreNeitherTakenNorShown_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("JWT") << jwt;
    QTest::newRow("header") << u"Authorization: Bearer "_s + jwt;
    QTest::newRow("plain bearer") << u"Bearer 0123456789abcdef-marker"_s;
    QTest::newRow("quoted") << u'"' + jwt + u'"';
    QTest::newRow("among others") << u"first line\n"_s + jwt;
}

void TestTaskIntake::tokensAreNeitherTakenNorShown()
{
    QFETCH(const QString, text);
    const Intake intake = findTaskIds(text);
    QVERIFY(intake.found.isEmpty());
    QVERIFY(intake.rejected.contains(u"•••"_s));
    QVERIFY(!intake.rejected.join(u' ').contains("eyJ"_L1));
    QVERIFY(intake.remark.contains("token"_L1));
}

void TestTaskIntake::aLongTextIsReadInPart()
{
    const QString filler = u"words of prose\n"_s;
    const auto lines = IntakeLimits::text / filler.size();
    const QString text = uuid + u'\n' + filler.repeated(lines) + other;
    const Intake intake = findTaskIds(text);
    QCOMPARE(intake.found.size(), 1);
    QVERIFY(!intake.remark.isEmpty());
    QVERIFY(findTaskIds(QString(u'x').repeated(2 * IntakeLimits::text)).found.isEmpty());
    QVERIFY(findTaskIds(QString(u'x').repeated(IntakeLimits::idLength + 1)).found.isEmpty());
}

void TestTaskIntake::manyIdsAreBounded()
{
    QString text;
    for (int i = 0; i < IntakeLimits::ids + 5; ++i)
        text += u"task-%1\n"_s.arg(i);
    const Intake intake = findTaskIds(text);
    QCOMPARE(intake.found.size(), IntakeLimits::ids);
    QCOMPARE(intake.found.last().id.text(), u"task-9999"_s);
    QVERIFY(intake.remark.contains("10,005"_L1) || intake.remark.contains("10005"_L1));
}

void TestTaskIntake::hostileTextEnds_data()
{
    QTest::addColumn<QString>("piece");
    for (const char *piece :
         {"https://", "taskId:\"", "\"taskId\":'", "taskId\\\\", "/task/", "/", "\\", "\"", "a1-",
          "[{", "eyJ", "eyJaaaaaaaa.", "Bearer ", "%2F", "taskId  ", "5d2c7f4e-2f5b-4b1c-9d31-",
          "x\n", "1 ", "https://h/task/a/"})
        QTest::newRow(piece) << QString::fromLatin1(piece);
}

void TestTaskIntake::hostileTextEnds()
{
    QFETCH(const QString, piece);
    const QString text = piece.repeated(IntakeLimits::text / piece.size());
    // Quadratic work would take minutes, and end the test program by its limit.
    QVERIFY(findTaskIds(text).found.size() <= IntakeLimits::ids);
}

void TestTaskIntake::whateverIsEmbeddedIsFound()
{
    QRandomGenerator random(20261124);
    const auto pick = [&](const QStringList &from) {
        return from.at(random.bounded(static_cast<int>(from.size())));
    };
    const QStringList between{u" "_s,      u"\n"_s,        u", "_s,     u" failed; then "_s,
                              u"\t|\t"_s,  u") and ("_s,   u"\r\n- "_s, u" → "_s,
                              u"\"\n\""_s, u" (12 s)\n"_s, u"; "_s};
    for (int round = 0; round < 500; ++round) {
        QString text = pick(between);
        QStringList expected;
        for (int i = random.bounded(1, 12); i > 0; --i) {
            QString id = QUuid::fromRfc4122(
                             QByteArray::number(random.generate64(), 16).rightJustified(16, '0'))
                             .toString(QUuid::WithoutBraces);
            if (random.bounded(2) == 0)
                id = id.remove(u'-').left(24);
            if (random.bounded(3) == 0)
                id = id.toUpper();
            expected += id;
            switch (random.bounded(5)) {
            case 0:
                text += u"https://h.example:3000/task/"_s + id + u"?last=L3Rhc2tz"_s;
                break;
            case 1:
                text += u"http://h/api/v1/tasks/"_s + id;
                break;
            case 2:
                text += u"{\"userId\":\"u\",\"taskId\": \""_s + id + u"\",\"n\":1}"_s;
                break;
            default:
                text += id;
            }
            text += pick(between);
        }
        QCOMPARE(idsIn(text), expected);
    }
}

void TestTaskIntake::anyFormIsTakenWhereAnIdIsNamed()
{
    QRandomGenerator random(7);
    for (int round = 0; round < 2'000; ++round) {
        QString id;
        for (int i = random.bounded(1, 40); i > 0; --i)
            id += QChar(random.bounded(5) == 0 ? random.bounded(0xa1, 0x2000)
                                               : random.bounded(0x21, 0x7f));
        id += u'x'; // a sentence's end is not an ID's
        if (id.contains("eyJ"_L1))
            continue;
        const QString encoded = QString::fromLatin1(QUrl::toPercentEncoding(id));
        QCOMPARE(idsIn(u"https://h/task/"_s + encoded + u"?last=1"_s), QStringList{id});
        QString escaped = id;
        escaped.replace(u'\\', "\\\\"_L1).replace(u'"', "\\\""_L1);
        QCOMPARE(idsIn(u"{\"taskId\":\""_s + escaped + u"\",\"userId\":\"u\"}"_s), QStringList{id});
    }
}

QTEST_GUILESS_MAIN(TestTaskIntake)
#include "test_taskintake.moc"
