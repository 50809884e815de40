#include "account/settings.h"
#include "account/windowstate.h"
#include "manualclock.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using std::chrono::seconds;

class TestSettings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void withoutAFileAllIsDefault();
    void whatIsSavedIsLoaded_data();
    void whatIsSavedIsLoaded();
    void version0IsMigrated();
    void aBadValueTakesItsDefaultAndAWarning_data();
    void aBadValueTakesItsDefaultAndAWarning();
    void anUnknownRuleOfSecretsMasksAsUsual();
    void aDamagedFileIsSetAside();
    void aNewerFileIsLeftAlone();
    void theWindowComesBack();
    void anUnreadableWindowIsAFreshOne();

private:
    void put(const QString &name, const QByteArray &content) const;
    [[nodiscard]] QByteArray content(const QString &name) const;
    [[nodiscard]] SettingsFile file() const { return {m_dir->path(), m_clock}; }

    std::unique_ptr<QTemporaryDir> m_dir;
    ManualClock m_clock;
};

void TestSettings::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
}

void TestSettings::put(const QString &name, const QByteArray &content) const
{
    QFile out(m_dir->filePath(name));
    QVERIFY(out.open(QIODevice::WriteOnly));
    QCOMPARE(out.write(content), content.size());
}

QByteArray TestSettings::content(const QString &name) const
{
    QFile in(m_dir->filePath(name));
    return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
}

void TestSettings::withoutAFileAllIsDefault()
{
    const auto loaded = file().load();
    QCOMPARE(loaded.settings, Settings());
    QCOMPARE(loaded.warnings, QStringList());
    QVERIFY(QDir(m_dir->path()).isEmpty());
}

void TestSettings::whatIsSavedIsLoaded_data()
{
    QTest::addColumn<int>("placement");
    QTest::newRow("automatic") << int(Settings::DetailPlacement::Automatic);
    QTest::newRow("below") << int(Settings::DetailPlacement::Below);
    QTest::newRow("beside") << int(Settings::DetailPlacement::Beside);
}

void TestSettings::whatIsSavedIsLoaded()
{
    QFETCH(int, placement);
    Settings settings{7, seconds{9}, seconds{11}, Settings::DetailPlacement(placement)};
    settings.onClose = Settings::OnClose::KeepInTray;
    settings.notices.of(NoticeKind::Failed).tell = false;
    settings.notices.of(NoticeKind::StepChange) = {true, u"/bin/echo \"a b\""_s};
    settings.secretRules.set(u"Publish policy"_s, SecretRule::MaskAll);
    settings.secretRules.set(u"Create token"_s, SecretRule::ShowAll);
    settings.secretRules.set(u"Import „x“"_s, SecretRule::ByName);
    QVERIFY(file().save(settings).has_value());
    const auto loaded = file().load();
    QCOMPARE(loaded.settings, settings);
    QCOMPARE(loaded.warnings, QStringList());
}

void TestSettings::version0IsMigrated()
{
    put(u"settings.json"_s, R"({"pollBudget":5,"timeout":60,"detailBeside":true})");
    const auto loaded = file().load();
    QCOMPARE(loaded.warnings, QStringList());
    QCOMPARE(loaded.settings,
             (Settings{5, seconds{20}, seconds{60}, Settings::DetailPlacement::Beside}));
    QVERIFY(loaded.settings.secretRules.isEmpty());
    put(u"settings.json"_s, R"({"detailBeside":false})");
    QCOMPARE(file().load().settings.detailPlacement, Settings::DetailPlacement::Below);
}

void TestSettings::aBadValueTakesItsDefaultAndAWarning_data()
{
    QTest::addColumn<QByteArray>("member");
    QTest::newRow("text for a number") << QByteArray(R"("requestsPerSecond":"20")");
    QTest::newRow("nothing for a number") << QByteArray(R"("requestsPerSecond":null)");
    QTest::newRow("none") << QByteArray(R"("requestsPerSecond":0)");
    QTest::newRow("too many") << QByteArray(R"("requestsPerSecond":101)");
    QTest::newRow("a fraction") << QByteArray(R"("idleTimeoutSeconds":1.5)");
    QTest::newRow("beyond an int") << QByteArray(R"("totalTimeoutSeconds":1e300)");
    QTest::newRow("unknown word") << QByteArray(R"("detailPlacement":"above")");
    QTest::newRow("notice") << QByteArray(R"("notices":{"failed":{"tell":"no"}})");
    QTest::newRow("another type") << QByteArray(R"("detailPlacement":[1])");
}

void TestSettings::aBadValueTakesItsDefaultAndAWarning()
{
    QFETCH(QByteArray, member);
    const QByteArray stored = R"({"version":1,)" + member + '}';
    put(u"settings.json"_s, stored);
    const auto loaded = file().load();
    QCOMPARE(loaded.settings, Settings());
    QCOMPARE(loaded.warnings.size(), 1);
    const QString name = QString::fromLatin1(member.mid(1, member.indexOf('"', 1) - 1));
    QVERIFY2(loaded.warnings.first().contains(name), qPrintable(loaded.warnings.first()));
    QCOMPARE(content(u"settings.json"_s), stored);
}

void TestSettings::anUnknownRuleOfSecretsMasksAsUsual()
{
    put(u"settings.json"_s, R"({"version":1,"secretRules":{"A":"show-al","B":7,"C":"mask-all"}})");
    const auto loaded = file().load();
    QCOMPARE(loaded.warnings.size(), 2);
    QVERIFY(loaded.warnings.first().contains(u"secretRules.A"_s));
    QCOMPARE(loaded.settings.secretRules.of(u"A"_s), SecretRule::ByName);
    QCOMPARE(loaded.settings.secretRules.of(u"B"_s), SecretRule::ByName);
    QCOMPARE(loaded.settings.secretRules.of(u"C"_s), SecretRule::MaskAll);
    // A file of the version before it had such rules.
    put(u"settings.json"_s, R"({"version":1,"historyDays":30})");
    QVERIFY(file().load().settings.secretRules.isEmpty());
    QCOMPARE(file().load().warnings, QStringList());
}

void TestSettings::aDamagedFileIsSetAside()
{
    put(u"settings.json"_s, "{");
    SettingsFile one = file();
    const auto loaded = one.load();
    QCOMPARE(loaded.settings, Settings());
    QCOMPARE(loaded.warnings.size(), 1);
    QCOMPARE(QDir(m_dir->path()).entryList({u"settings.json.damaged-*"_s}).size(), 1);
    QVERIFY(one.save({}).has_value());
}

void TestSettings::aNewerFileIsLeftAlone()
{
    const QByteArray newer = R"({"version":2,"requestsPerSecond":{"default":3}})";
    put(u"settings.json"_s, newer);
    SettingsFile one = file();
    QCOMPARE(one.load().warnings.size(), 1);
    QVERIFY(!one.save({}).has_value());
    QCOMPARE(content(u"settings.json"_s), newer);
}

void TestSettings::theWindowComesBack()
{
    QByteArray every(256, Qt::Uninitialized);
    for (int i = 0; i < 256; ++i)
        every[i] = char(i);
    const WindowState state{every,
                            "table",
                            "side",
                            "detail",
                            4,
                            u"status:failed „x“"_s,
                            {{u"Broken"_s, u"status:failed"_s}, {u"„x“"_s, u"label:\"a b\""_s}}};
    QVERIFY(WindowStateFile(m_dir->path(), m_clock).save(state).has_value());
    QCOMPARE(WindowStateFile(m_dir->path(), m_clock).load(), state);
}

void TestSettings::anUnreadableWindowIsAFreshOne()
{
    QCOMPARE(WindowStateFile(m_dir->path(), m_clock).load(), WindowState());
    put(u"window.json"_s, R"({"version":1,"geometry":"no%base64","detailTab":-3,"filter":7})");
    QCOMPARE(WindowStateFile(m_dir->path(), m_clock).load(), WindowState());
    put(u"window.json"_s, "damage");
    QCOMPARE(WindowStateFile(m_dir->path(), m_clock).load(), WindowState());
}

QTEST_GUILESS_MAIN(TestSettings)
#include "test_settings.moc"
