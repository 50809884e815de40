#include "account/folders.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

class TestFolders : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void standardFoldersFollowXdg();
    void relativeVariablesAreIgnored();
    void aDataDirHoldsAllThree();
    void createdFoldersAreClosedToOthers();
    void openFoldersOfOursAreClosed();
    void errorsNameTheFolder();
};

namespace {
constexpr auto ownerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner
                           | QFileDevice::ReadUser | QFileDevice::WriteUser | QFileDevice::ExeUser;
} // namespace

void TestFolders::standardFoldersFollowXdg()
{
    qputenv("XDG_DATA_HOME", "/somewhere/data/");
    qputenv("XDG_CONFIG_HOME", "/somewhere/config");
    qputenv("XDG_STATE_HOME", "/somewhere/state");
    QCOMPARE(Folders::standard(),
             (Folders{u"/somewhere/data/taskwatch"_s, u"/somewhere/config/taskwatch"_s,
                      u"/somewhere/state/taskwatch"_s}));
}

void TestFolders::relativeVariablesAreIgnored()
{
    qputenv("XDG_DATA_HOME", "data");
    qputenv("XDG_CONFIG_HOME", "");
    qunsetenv("XDG_STATE_HOME");
    const QString home = QDir::homePath();
    QCOMPARE(Folders::standard(),
             (Folders{home + u"/.local/share/taskwatch"_s, home + u"/.config/taskwatch"_s,
                      home + u"/.local/state/taskwatch"_s}));
}

void TestFolders::aDataDirHoldsAllThree()
{
    const Folders folders = Folders::below(u"some/../where"_s);
    const QString base = QDir::current().absoluteFilePath(u"where"_s);
    QCOMPARE(folders, (Folders{base + u"/data"_s, base + u"/config"_s, base + u"/state"_s}));
}

void TestFolders::createdFoldersAreClosedToOthers()
{
    const QTemporaryDir dir;
    const Folders folders = Folders::below(dir.filePath(u"a/b"_s));
    QVERIFY(folders.create().has_value());
    QVERIFY(folders.create().has_value());
    for (const QString &one : {dir.filePath(u"a"_s), folders.data, folders.config, folders.state})
        QCOMPARE(QFileInfo(one).permissions(), ownerOnly);
}

void TestFolders::openFoldersOfOursAreClosed()
{
    const QTemporaryDir dir;
    const Folders folders = Folders::below(dir.path());
    QVERIFY(QDir().mkpath(folders.data));
    QVERIFY(QFile::setPermissions(folders.data, ownerOnly | QFileDevice::ReadOther));
    QVERIFY(folders.create().has_value());
    QCOMPARE(QFileInfo(folders.data).permissions(), ownerOnly);
}

void TestFolders::errorsNameTheFolder()
{
    const QTemporaryDir dir;
    QFile file(dir.filePath(u"file"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const auto made = Folders::below(file.fileName()).create();
    QVERIFY(!made);
    QVERIFY2(made.error().contains(file.fileName()), qPrintable(made.error()));
    QVERIFY(!Folders::below(u"/proc/taskwatch"_s).create().has_value());
}

QTEST_GUILESS_MAIN(TestFolders)
#include "test_folders.moc"
