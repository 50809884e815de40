#include "task/verdict.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

QJsonValue value(const QByteArray &json)
{
    return QJsonDocument::fromJson('[' + json + ']').array().at(0);
}

} // namespace

/// Which results are problems inside a success; tests/data/replies has more, as whole replies.
class TestVerdict : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void otherShapesAreNoProblems_data();
    void otherShapesAreNoProblems();
    void partsOfPartsAreCountedWhereTheErrorsAre();
    void problemsAreBounded();
    void problemsOfAnyTypeAreShown();
    void eachActionHasItsRule_data();
    void eachActionHasItsRule();
};

void TestVerdict::otherShapesAreNoProblems_data()
{
    QTest::addColumn<QByteArray>("json");
    for (const char *json : {"null", "true", "false", "0", "\"isValid: false\"", "[]", "{}",
                             R"([{"isValid":false}])", R"({"isValid":null})", R"({"isValid":0})",
                             R"({"isValid":true,"errors":["x"]})", R"({"isvalid":false})"})
        QTest::newRow(json) << QByteArray(json);
}

void TestVerdict::otherShapesAreNoProblems()
{
    QFETCH(const QByteArray, json);
    QCOMPARE(judge(u"Publish policy"_s, value(json)), Verdict{});
    QCOMPARE(judge(u"Anything"_s, value(json)), Verdict{});
}

void TestVerdict::partsOfPartsAreCountedWhereTheErrorsAre()
{
    const Verdict verdict = judge(u"publish policy"_s, value(R"({"isValid":false,"errors":{
        "blocks":[{"id":"outer","isValid":false,"errors":["own"],
                   "children":[{"id":"inner","isValid":false,"errors":["its"]}]}],
        "tools":[{"id":"tool","isValid":false,
                  "blocks":[{"id":"t1","isValid":false,"errors":["deep"]}]}]}})"));
    QVERIFY(verdict.hasProblems);
    QCOMPARE(verdict.summary, u"Policy is invalid: 3 blocks"_s);
    QCOMPARE(verdict.problems, (QStringList{u"inner: its"_s, u"outer: own"_s, u"t1: deep"_s}));
}

void TestVerdict::problemsAreBounded()
{
    QJsonArray blocks;
    for (int i = 0; i < 1500; ++i)
        blocks.append(QJsonObject{{u"id"_s, u"b%1"_s.arg(i)},
                                  {u"isValid"_s, false},
                                  {u"errors"_s, QJsonArray{u"x"_s, u"y"_s}}});
    const Verdict verdict =
        judge(u"Publish policy"_s, QJsonObject{{u"isValid"_s, false},
                                               {u"errors"_s, QJsonObject{{u"blocks"_s, blocks}}}});
    QCOMPARE(verdict.problems.size(), 1000);
    QCOMPARE(verdict.summary, u"Policy is invalid: 1500 blocks"_s);
}

void TestVerdict::problemsOfAnyTypeAreShown()
{
    const Verdict verdict = judge(u"x"_s, value(R"({"isValid":false,"errors":[
        "text\nof two lines", {"message":"words"}, {"a":1}, [2], 3, null]})"));
    QCOMPARE(verdict.problems,
             (QStringList{u"text of two lines"_s, u"words"_s, uR"({"a":1})"_s, u"[2]"_s, u"3"_s}));
    QCOMPARE(verdict.summary, u"Result is not valid: 5 problems"_s);
    QCOMPARE(judge(u"x"_s, value(R"({"isValid":false})")).summary, u"Result is not valid"_s);
}

void TestVerdict::eachActionHasItsRule_data()
{
    QTest::addColumn<QString>("action");
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("summary"); // empty: completed, without problems
    QTest::addColumn<QStringList>("problems");
    const auto row = [](const char *action, const char *json, const char *summary = "",
                        const QStringList &problems = {}) {
        QTest::addRow("%s %s", action, json) << QString::fromLatin1(action) << QByteArray(json)
                                             << QString::fromLatin1(summary) << problems;
    };
    row("Migrate data", R"(["a lost token", {"message":"no topic"}])", "2 errors reported",
        {u"a lost token"_s, u"no topic"_s});
    row("migrate DATA ", R"([{"message":"","id":7}])", "1 error reported",
        {uR"({"id":7,"message":""})"_s});
    row("Migrate data", "[]");
    row("Migrate data", R"([null, " "])");
    row("Migrate data", R"({"errors":["x"]})", "1 error reported", {u"x"_s});
    row("Import policy file",
        R"({"policyId":"1","errors":[{"type":"schema","name":"Project","error":"not valid"},
            {"type":"tool","error":{"message":"unknown"}}]})",
        "2 parts failed", {u"Project: not valid"_s, u"tool: unknown"_s});
    row("Import schema message", R"([{"name":"A"},{"name":"B","error":"gone"}])", "1 part failed",
        {u"B: gone"_s});
    row("Import schema file", R"([{"name":"A","error":false},{"name":"B","error":""},"text",3])");
    row("Import tool file", R"({"errors":["x"]})", "1 error reported", {u"x"_s});
    row("Imported", R"([{"error":"x"}])");
    row("Anything", R"({"errors":["x","y"]})", "2 errors reported", {u"x"_s, u"y"_s});
    row("Anything", R"({"errors":{"x":1}})");
    row("Anything", R"({"errors":"x"})");
    row("Anything", R"({"errors":[]})");
    row("Anything", R"(["x"])");
    row("Anything", R"({"failed":["a","b"]})", "2 parts failed", {u"a"_s, u"b"_s});
    row("Anything", R"({"failed":2})", "2 parts failed");
    row("Anything", R"({"failed":true})", "The result says failed");
    for (const char *none : {"0", "0.5", "-1", "1e99", "false", "\"yes\"", "null", "{}", "[]"})
        row("Anything", QByteArray("{\"failed\":" + QByteArray(none) + '}').constData());
    row("Anything", R"({"isValid":true,"failed":3})");
    row("Publish policy", R"({"errors":["x"]})");
}

void TestVerdict::eachActionHasItsRule()
{
    QFETCH(const QString, action);
    QFETCH(const QByteArray, json);
    QFETCH(const QString, summary);
    QFETCH(const QStringList, problems);
    const Verdict verdict = judge(action, value(json));
    QCOMPARE(verdict.hasProblems, !summary.isEmpty());
    QCOMPARE(verdict.summary, summary);
    QCOMPARE(verdict.problems, problems);
    QCOMPARE(verdict.rule.isEmpty(), summary.isEmpty());
}

QTEST_GUILESS_MAIN(TestVerdict)
#include "test_verdict.moc"
