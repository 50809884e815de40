#include "cli/watchfile.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

class TestWatchFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void linesAreRead();
    void aWrongLineIsNamed();
    void aMissingFileIsNamed();

private:
    [[nodiscard]] QString fileOf(const QByteArray &content) const;

    QTemporaryDir m_folder;
};

QString TestWatchFile::fileOf(const QByteArray &content) const
{
    QFile file(m_folder.filePath(u"tasks"_s));
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size()
               ? file.fileName()
               : QString();
}

void TestWatchFile::linesAreRead()
{
    const auto rows = readWatchFile(
        fileOf("{\"taskId\":\"a\",\"label\":\"iREC 4\"}\r\n\n{\"taskId\":\"b\"}\n c "));
    QVERIFY(rows);
    QCOMPARE(*rows,
             (QList<WatchFileRow>{
                 {TaskId(u"a"_s), u"iREC 4"_s}, {TaskId(u"b"_s), {}}, {TaskId(u"c"_s), {}}}));
}

void TestWatchFile::aWrongLineIsNamed()
{
    const auto rows = readWatchFile(fileOf("{\"taskId\":\"a\"}\n{\"label\":\"b\"}\n"));
    QVERIFY(!rows);
    QVERIFY(rows.error().contains("line 2"_L1));
}

void TestWatchFile::aMissingFileIsNamed()
{
    const auto rows = readWatchFile(u"/nowhere/tasks"_s);
    QVERIFY(!rows);
    QVERIFY(rows.error().contains("/nowhere/tasks"_L1));
}

QTEST_GUILESS_MAIN(TestWatchFile)
#include "test_watchfile.moc"
