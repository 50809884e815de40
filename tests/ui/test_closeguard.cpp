#include "desktop/autostart.h"
#include "desktop/closeguard.h"
#include "widgetfinder.h"

#include <QFile>
#include <QMessageBox>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using OnClose = Settings::OnClose;

/// What closing the window and the session's start mean.
class TestCloseGuard final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void withoutATrayItCloses();
    void theFirstTimeItAsks();
    void quitIsAnAnswerToo();
    void escapeChoosesNothing();
    void itAsksOnceAtATime();
    void aChoiceIsKept();
    void aTrayThatWentLetsItClose();

    void autostartIsAFile();
    void whatTheDesktopSwitchedOffIsOff();
    void argumentsAreQuoted_data();
    void argumentsAreQuoted();
    void whereNothingCanBeWrittenItIsSaid();

private:
    [[nodiscard]] QMessageBox *question() const { return m_window->findChild<QMessageBox *>(); }
    void answer(const QString &text) const
    {
        QTest::mouseClick(WidgetFinder::button(*question(), text), Qt::LeftButton);
    }

    std::unique_ptr<QWidget> m_window;
    std::unique_ptr<CloseGuard> m_guard;
};

void TestCloseGuard::init()
{
    m_window = std::make_unique<QWidget>();
    m_guard = std::make_unique<CloseGuard>(*m_window);
    m_window->show();
}

void TestCloseGuard::cleanup()
{
    m_guard.reset();
    m_window.reset();
}

void TestCloseGuard::withoutATrayItCloses()
{
    m_guard->setChoice(OnClose::KeepInTray);
    QVERIFY(m_window->close());
    QVERIFY(!m_window->isVisible());
}

void TestCloseGuard::theFirstTimeItAsks()
{
    const QSignalSpy chosen(m_guard.get(), &CloseGuard::chosen);
    m_guard->setTrayThere(true);
    QVERIFY(!m_window->close());
    QVERIFY(m_window->isVisible());
    QVERIFY(question() && question()->isVisible());
    answer(u"Keep Running"_s);
    QVERIFY(!m_window->isVisible());
    QCOMPARE(chosen.count(), 1);
    QCOMPARE(chosen.first().first().value<OnClose>(), OnClose::KeepInTray);
    QTRY_VERIFY(!question());
    m_window->show();
    QVERIFY(!m_window->close()); // and not again
    QVERIFY(!m_window->isVisible());
    QVERIFY(!question());
}

void TestCloseGuard::quitIsAnAnswerToo()
{
    const QSignalSpy quitWanted(m_guard.get(), &CloseGuard::quitWanted);
    m_guard->setTrayThere(true);
    m_window->close();
    answer(u"Quit"_s);
    QCOMPARE(quitWanted.count(), 1);
    QVERIFY(m_window->close()); // next time without a question
}

void TestCloseGuard::escapeChoosesNothing()
{
    const QSignalSpy chosen(m_guard.get(), &CloseGuard::chosen);
    m_guard->setTrayThere(true);
    m_window->close();
    QTest::keyClick(question(), Qt::Key_Escape);
    QTRY_VERIFY(!question());
    QVERIFY(m_window->isVisible());
    QVERIFY(chosen.isEmpty());
    m_window->close();
    QVERIFY(question());
}

void TestCloseGuard::itAsksOnceAtATime()
{
    m_guard->setTrayThere(true);
    m_window->close();
    m_window->close();
    QCOMPARE(m_window->findChildren<QMessageBox *>().size(), 1);
}

void TestCloseGuard::aChoiceIsKept()
{
    m_guard->setTrayThere(true);
    m_guard->setChoice(OnClose::KeepInTray);
    QVERIFY(!m_window->close());
    QVERIFY(!m_window->isVisible());
    m_window->show();
    m_guard->setChoice(OnClose::Quit);
    QVERIFY(m_window->close());
}

void TestCloseGuard::aTrayThatWentLetsItClose()
{
    m_guard->setTrayThere(true);
    m_guard->setChoice(OnClose::KeepInTray);
    m_guard->setTrayThere(false);
    QVERIFY(m_window->close());
}

void TestCloseGuard::autostartIsAFile()
{
    const QTemporaryDir home;
    const Autostart autostart(home.path(), {u"/opt/a b/taskwatch"_s, u"--minimized"_s});
    QVERIFY(!autostart.isEnabled());
    QVERIFY(autostart.setEnabled(false)); // nothing to do
    QVERIFY(autostart.setEnabled(true));
    QVERIFY(autostart.isEnabled());
    QFile file(home.filePath(u"autostart/io.github.taskwatch.Taskwatch.desktop"_s));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray entry = file.readAll();
    QVERIFY2(entry.contains("\nExec=\"/opt/a b/taskwatch\" --minimized\n"), entry.constData());
    QVERIFY(entry.startsWith("[Desktop Entry]\nType=Application\n"));
    QVERIFY(autostart.setEnabled(false));
    QVERIFY(!file.exists());
    QVERIFY(!autostart.isEnabled());
}

void TestCloseGuard::whatTheDesktopSwitchedOffIsOff()
{
    const QTemporaryDir home;
    const Autostart autostart(home.path(), {u"taskwatch"_s});
    QVERIFY(autostart.setEnabled(true));
    QFile file(autostart.file());
    QVERIFY(file.open(QIODevice::Append));
    file.write("Hidden=true\n");
    file.close();
    QVERIFY(!autostart.isEnabled());
    QVERIFY(autostart.setEnabled(true));
    QVERIFY(autostart.isEnabled());
}

void TestCloseGuard::argumentsAreQuoted_data()
{
    QTest::addColumn<QString>("argument");
    QTest::addColumn<QString>("quoted");
    QTest::newRow("plain") << u"/usr/bin/taskwatch"_s << u"/usr/bin/taskwatch"_s;
    QTest::newRow("space") << u"a b"_s << u"\"a b\""_s;
    QTest::newRow("nothing") << QString() << u"\"\""_s;
    QTest::newRow("field code") << u"100%u"_s << u"\"100%%u\""_s;
    // The shell-like quote, and then the escape of any value of such a file.
    QTest::newRow("dollar") << u"$HOME"_s << uR"("\\$HOME")"_s;
    QTest::newRow("quote") << u"a\"b"_s << uR"("a\\"b")"_s;
    QTest::newRow("backslash") << u"a\\b"_s << uR"("a\\\\b")"_s;
}

void TestCloseGuard::argumentsAreQuoted()
{
    QFETCH(const QString, argument);
    QTEST(Autostart::quoted(argument), "quoted");
}

void TestCloseGuard::whereNothingCanBeWrittenItIsSaid()
{
    const Autostart autostart(u"/dev/null"_s, {u"taskwatch"_s});
    const auto set = autostart.setEnabled(true);
    QVERIFY(!set);
    QVERIFY(!set.error().isEmpty());
}

QTEST_MAIN(TestCloseGuard)
#include "test_closeguard.moc"
