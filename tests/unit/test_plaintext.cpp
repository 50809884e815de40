#include "base/logging.h"
#include "base/plaintext.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;

class TestPlainText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void noControlCharacterIsLeft();
    void lineFeedsStayWhereLinesAreWanted();
    void ordinaryTextStays();
    void jsonStaysTheSameJson();
    void logLinesAreOneLine();
    void logLevelsHaveNames();
};

void TestPlainText::noControlCharacterIsLeft()
{
    for (ushort u = 0; u < 0x3000; ++u) {
        const QChar c(u);
        const QString line = PlainText::onOneLine(QString(c));
        QCOMPARE(line.size(), 1);
        const QChar::Category category = line.front().category();
        QVERIFY2(category != QChar::Other_Control && category != QChar::Separator_Line
                     && category != QChar::Separator_Paragraph,
                 qPrintable(QString::number(u, 16)));
    }
    QCOMPARE(PlainText::onOneLine(u"\x1b]0;x\x07\u009b\u202e\t\n"_s), u"␛]0;x␇\ufffd\ufffd ␊"_s);
}

void TestPlainText::lineFeedsStayWhereLinesAreWanted()
{
    QCOMPARE(PlainText::inLines(u"a\r\nb\nc\rd"_s), u"a\nb\nc␍d"_s);
}

void TestPlainText::ordinaryTextStays()
{
    const QString text = u"Zürich, задача, 任务, 🙂 “x” — ok"_s;
    QCOMPARE(PlainText::onOneLine(text), text);
    QCOMPARE(PlainText::inJson(text), text);
}

void TestPlainText::jsonStaysTheSameJson()
{
    QJsonObject object;
    for (ushort u = 1; u < 0x3000; ++u)
        object.insert(QString::number(u), QString(QChar(u)));
    const QString json =
        PlainText::inJson(QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact)));
    QCOMPARE(QJsonDocument::fromJson(json.toUtf8()).object(), object);
    QVERIFY(!json.contains(QChar(0x9b)) && !json.contains(QChar(0x202e)));
}

void TestPlainText::logLinesAreOneLine()
{
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(1'780'000'000'123, Qt::UTC);
    QCOMPARE(logLine(at, QtWarningMsg, "taskwatch.engine", u"two\nlines\x1b"_s),
             u"2026-05-28T20:26:40.123Z warning taskwatch.engine: two␊lines␛"_s.toUtf8());
}

void TestPlainText::logLevelsHaveNames()
{
    QCOMPARE(logLevelFromName(u"debug"_s), LogLevel::Debug);
    QCOMPARE(logLevelFromName(u"INFO"_s), LogLevel::Info);
    QCOMPARE(logLevelFromName(u"warning"_s), LogLevel::Warning);
    QCOMPARE(logLevelFromName(u"error"_s), LogLevel::Error);
    QVERIFY(!logLevelFromName(u"loud"_s));
}

QTEST_GUILESS_MAIN(TestPlainText)
#include "test_plaintext.moc"
