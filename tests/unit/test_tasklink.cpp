#include "instance/tasklink.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace {

const QString uuid = u"5D2c7f4e-2f5b-4b1c-9d31-0c3f6e8f7a10"_s;

} // namespace

class TestTaskLink final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aLinkNamesTasks_data();
    void aLinkNamesTasks();
    void anythingElseIsRefused_data();
    void anythingElseIsRefused();
    void theRefusalShowsNothingOfIt();
};

void TestTaskLink::aLinkNamesTasks_data()
{
    QTest::addColumn<QString>("link");
    QTest::addColumn<QString>("text");
    QTest::newRow("ID") << u"taskwatch:"_s + uuid << uuid + u'\n';
    QTest::newRow("another case of the scheme") << u"TaskWatch:"_s + uuid << uuid + u'\n';
    QTest::newRow("the ID's case stays, as a host too")
        << u"taskwatch://"_s + uuid + u'/' << uuid + u'\n';
    QTest::newRow("query") << u"taskwatch:track?id=a1&id=b2&id=a1"_s << u"a1\nb2\n"_s;
    QTest::newRow("query after a host") << u"taskwatch://track/?id=a1"_s << u"a1\n"_s;
    QTest::newRow("percent-encoded") << u"taskwatch:track?id=a%2D1"_s << u"a-1\n"_s;
    QTest::newRow("server") << u"taskwatch:track?id=a1&server=https%3A%2F%2Fh%3A3000%2Fapi%3Fx"_s
                            << u"https://h:3000/task/a1\n"_s;
    QTest::newRow("members of later versions")
        << u"taskwatch:track?id=a1&colour=red"_s << u"a1\n"_s;
}

void TestTaskLink::aLinkNamesTasks()
{
    QFETCH(const QString, link);
    QVERIFY(isTaskLink(link));
    const auto parsed = parseTaskLink(link);
    QVERIFY(parsed);
    QTEST(parsed->asText(), "text");
}

void TestTaskLink::anythingElseIsRefused_data()
{
    QTest::addColumn<QString>("link");
    QTest::newRow("nothing") << u"taskwatch:"_s;
    QTest::newRow("slashes") << u"taskwatch:///"_s;
    QTest::newRow("another scheme") << u"https://h/task/a1"_s;
    QTest::newRow("an option") << u"taskwatch:--allow-http"_s;
    QTest::newRow("spaces") << u"taskwatch:a b"_s;
    QTest::newRow("line feed") << u"taskwatch:a1\n"_s;
    QTest::newRow("encoded line feed") << u"taskwatch:track?id=a1%0Ab2"_s;
    QTest::newRow("encoded NUL") << u"taskwatch:track?id=a1%00"_s;
    QTest::newRow("markup") << u"taskwatch:track?id=<b>a1</b>"_s;
    QTest::newRow("path") << u"taskwatch:../a1"_s;
    QTest::newRow("letters of elsewhere") << u"taskwatch:\u0430\u0431"_s;
    QTest::newRow("too long") << u"taskwatch:"_s + QString(129, u'a');
    QTest::newRow("far too long") << u"taskwatch:track?"_s + u"id=a1&"_s.repeated(4000);
    QTest::newRow("no ID") << u"taskwatch:track?server=https://h"_s;
    QTest::newRow("one ID is none") << u"taskwatch:track?id=a1&id="_s;
    QTest::newRow("unknown verb") << u"taskwatch:unwatch?id=a1"_s;
    QTest::newRow("server with a password")
        << u"taskwatch:track?id=a1&server=https://me:secret@h"_s;
    QTest::newRow("server of a file") << u"taskwatch:track?id=a1&server=file:///etc/passwd"_s;
    QTest::newRow("no server") << u"taskwatch:track?id=a1&server="_s;
    QTest::newRow("token")
        << u"taskwatch:eyJhbGciOiJSUzI1NiJ9.eyJ1c2VybmFtZSI6ImEifQ.c2lnbmF0dXJl"_s;
    QString many = u"taskwatch:track?id=a"_s;
    for (int i = 0; i < 100; ++i)
        many += u"&id=%1"_s.arg(i);
    QTest::newRow("101 tasks") << many;
}

void TestTaskLink::anythingElseIsRefused()
{
    QFETCH(const QString, link);
    QVERIFY(!parseTaskLink(link));
}

void TestTaskLink::theRefusalShowsNothingOfIt()
{
    const auto refused = parseTaskLink(u"taskwatch:track?id=marker marker"_s);
    QVERIFY(!refused);
    QVERIFY(!refused.error().isEmpty() && !refused.error().contains(u"marker"_s));
}

QTEST_GUILESS_MAIN(TestTaskLink)
#include "test_tasklink.moc"
