#include "desktop/hookrunner.h"
#include "manualclock.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace Qt::StringLiterals;

class TestHookRunner final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void argumentsAreSplitWithoutAShell();
    void factsAreInTheEnvironmentAndNothingOfOurs();
    void whatCannotStartIsSaid();
    void aFailureIsSaid();
    void outputIsCapped();
    void whatTakesTooLongIsEndedWithItsChildren();
    void whatIgnoresTheRequestIsKilled();
    void fewRunAtOnce();
    void whatRunsEndsWithTheRunner();
    void whatWaitsGoesOnWithoutTheRunner();
    void fewGoOnWithoutTheRunner();

private:
    ManualClock m_clock;
};

namespace {

bool isAlive(qint64 process)
{
    return ::kill(pid_t(process), 0) == 0;
}

qint64 numberIn(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed().toLongLong() : 0;
}

} // namespace

void TestHookRunner::argumentsAreSplitWithoutAShell()
{
    HookRunner runner(m_clock);
    QSignalSpy finished(&runner, &HookRunner::finished);
    runner.run(u"/usr/bin/printf \"%s|%s\" \"a b\" $HOME;ls"_s, {});
    QTRY_COMPARE(finished.count(), 1);
    QCOMPARE(finished.first().at(1).toString(), u"exit status 0"_s);
    QCOMPARE(finished.first().at(2).toByteArray(), "a b|$HOME;ls");
    runner.run(u"   "_s, {});
    QCOMPARE(runner.running(), 0);
}

void TestHookRunner::factsAreInTheEnvironmentAndNothingOfOurs()
{
    for (const char *ours : {"TASKWATCH_TOKEN", "XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"})
        qputenv(ours, "marker");
    HookRunner runner(m_clock);
    QSignalSpy finished(&runner, &HookRunner::finished);
    runner.run(u"/usr/bin/env"_s, {{u"TASKWATCH_LABEL"_s, u"$(reboot) ü\nb"_s}});
    QTRY_COMPARE(finished.count(), 1);
    const QByteArray said = finished.first().at(2).toByteArray();
    QVERIFY2(said.contains("TASKWATCH_LABEL=$(reboot) ü\nb"), said.constData());
    QVERIFY2(said.contains("PATH=") && !said.contains("marker"), said.constData());
}

void TestHookRunner::whatCannotStartIsSaid()
{
    HookRunner runner(m_clock);
    QSignalSpy finished(&runner, &HookRunner::finished);
    runner.run(u"/nowhere/at-all x"_s, {});
    QTRY_COMPARE(finished.count(), 1);
    QVERIFY(finished.first().at(1).toString().startsWith(u"could not be started"_s));
    QCOMPARE(runner.running(), 0);
}

void TestHookRunner::aFailureIsSaid()
{
    HookRunner runner(m_clock);
    QSignalSpy finished(&runner, &HookRunner::finished);
    // In the log: why, and all that it printed. These fail the test if they do not come.
    QTest::ignoreMessage(QtWarningMsg, "The command /bin/sh failed: exit status 3");
    for (const char *line : {"Command /bin/sh exit status 3", "Command /bin/sh says: out",
                             "Command /bin/sh says: err"})
        QTest::ignoreMessage(QtInfoMsg, line);
    runner.run(u"/bin/sh -c \"echo out; echo err >&2; exit 3\""_s, {});
    QTRY_COMPARE(finished.count(), 1);
    QCOMPARE(finished.first().at(1).toString(), u"exit status 3"_s);
    QCOMPARE(finished.first().at(2).toByteArray(), "out\nerr\n");
}

void TestHookRunner::outputIsCapped()
{
    HookRunner runner(m_clock);
    QSignalSpy finished(&runner, &HookRunner::finished);
    runner.run(u"/usr/bin/head -c 3000000 /dev/zero"_s, {});
    QTRY_COMPARE(finished.count(), 1);
    QCOMPARE(finished.first().at(2).toByteArray().size(), HookRunner::mostOutput);
}

void TestHookRunner::whatTakesTooLongIsEndedWithItsChildren()
{
    const QTemporaryDir dir;
    const QString child = dir.filePath(u"child"_s);
    HookRunner runner(m_clock);
    QSignalSpy finished(&runner, &HookRunner::finished);
    runner.run(u"/bin/sh -c \"sleep 600 & echo $! > '%1'; wait\""_s.arg(child), {});
    QTRY_VERIFY(numberIn(child) > 0);
    m_clock.advance(HookRunner::limit);
    QTRY_COMPARE(finished.count(), 1);
    QVERIFY(finished.first().at(1).toString().contains(u"30 s"_s));
    QTRY_VERIFY(!isAlive(numberIn(child)));
}

void TestHookRunner::whatIgnoresTheRequestIsKilled()
{
    const QTemporaryDir dir;
    const QString ready = dir.filePath(u"ready"_s);
    HookRunner runner(m_clock);
    QSignalSpy finished(&runner, &HookRunner::finished);
    runner.run(
        u"/bin/sh -c \"trap '' TERM; echo $$ > '%1'; while :; do sleep 600; done\""_s.arg(ready),
        {});
    QTRY_VERIFY(numberIn(ready) > 0);
    m_clock.advance(HookRunner::limit);
    m_clock.advance(HookRunner::grace);
    QTRY_COMPARE(finished.count(), 1);
}

void TestHookRunner::fewRunAtOnce()
{
    const QTemporaryDir dir;
    const QString gate = dir.filePath(u"gate"_s);
    HookRunner runner(m_clock);
    QSignalSpy finished(&runner, &HookRunner::finished);
    for (int i = 0; i < 10; ++i)
        runner.run(u"/bin/sh -c \"until [ -e '%1' ]; do sleep 0.02; done\""_s.arg(gate), {});
    QCOMPARE(runner.running(), HookRunner::mostAtOnce);
    QFile open(gate);
    QVERIFY(open.open(QIODevice::WriteOnly));
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 10, 20'000);
    QCOMPARE(runner.running(), 0);
}

void TestHookRunner::whatRunsEndsWithTheRunner()
{
    const QTemporaryDir dir;
    const QString ready = dir.filePath(u"ready"_s);
    auto runner = std::make_unique<HookRunner>(m_clock);
    runner->run(u"/bin/sh -c \"echo $$ > '%1'; sleep 600\""_s.arg(ready), {});
    QTRY_VERIFY(numberIn(ready) > 0);
    runner.reset();
    QTRY_VERIFY(!isAlive(numberIn(ready)));
}

void TestHookRunner::whatWaitsGoesOnWithoutTheRunner()
{
    const QTemporaryDir dir;
    const auto writer = [&dir](int number) { // who watches over it: its parent
        return u"/bin/sh -c \"tr '\\0' ' ' < /proc/$PPID/cmdline > '%1'; echo $LABEL >> '%1'\""_s
            .arg(dir.filePath(QString::number(number)));
    };
    const auto written = [&dir](int number) {
        QFile file(dir.filePath(QString::number(number)));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    auto runner = std::make_unique<HookRunner>(m_clock);
    for (int i = 0; i < HookRunner::mostAtOnce; ++i)
        runner->run(u"/bin/sleep 600"_s, {});
    runner->run(writer(1), {{u"LABEL"_s, u"a b"_s}});
    runner->detach();
    runner->run(writer(2), {{u"LABEL"_s, u"c"_s}});
    runner.reset();
    QTRY_VERIFY2(written(1).endsWith(" a b\n"), written(1).constData());
    QTRY_VERIFY2(written(2).endsWith(" c\n"), written(2).constData());
    QVERIFY2(written(1).contains("timeout -k 2 30 /bin/sh -c "), written(1).constData());
}

void TestHookRunner::fewGoOnWithoutTheRunner()
{
    const QTemporaryDir dir;
    auto runner = std::make_unique<HookRunner>(m_clock);
    runner->detach();
    QTest::ignoreMessage(QtInfoMsg, "Command /usr/bin/touch was left out, as Taskwatch ends");
    for (int i = 0; i <= HookRunner::mostDetached; ++i)
        runner->run(u"/usr/bin/touch \"%1\""_s.arg(dir.filePath(QString::number(i))), {});
    runner.reset();
    const QDir made(dir.path());
    QTRY_COMPARE(made.entryList(QDir::Files).size(), qsizetype(HookRunner::mostDetached));
    QVERIFY(!made.exists(QString::number(HookRunner::mostDetached)));
}

QTEST_GUILESS_MAIN(TestHookRunner)
#include "test_hookrunner.moc"
