#include "account/folders.h"
#include "account/settings.h"
#include "companion.h"
#include "leakrig.h"
#include "programrun.h"
#include "scaledclock.h"
#include "terminalrun.h"
#include "watchedruns.h"

#include <QFile>
#include <QSignalSpy>
#include <QTest>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr double pace = 20;

/// Held for as long as a look at the process takes.
Fault held(const QString &path)
{
    Fault fault;
    fault.path = path;
    fault.delay = 20s; // of the simulator's clock
    return fault;
}

} // namespace

/// Every way in which a secret comes to the commands, with marked ones and with all logging on;
/// what the system shows of the processes meanwhile; then a search of everything that came out.
class TestLeaksCommandLine final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void aPasswordFromAPipe();
    void aPasswordOnATerminal();
    void whatIsKept();
    void tokensOfTheEnvironment_data();
    void tokensOfTheEnvironment();
    void track();
    void secretsInAddresses_data();
    void secretsInAddresses();
    void redirects();
    void nothingIsFound_data();
    void nothingIsFound();

private:
    [[nodiscard]] QStringList withData(const QStringList &arguments,
                                       const QString &name = u"data"_s) const;
    [[nodiscard]] QStringList login(const QString &name) const;
    [[nodiscard]] QString site() const { return m_rig.sim->siteUrl().toString(); }
    void writeHook(const QString &data) const;

    ScaledClock m_clock{pace};
    LeakRig m_rig;
    WatchedRuns m_runs{m_rig};
};

void TestLeaksCommandLine::initTestCase()
{
    QCOMPARE(m_rig.start(m_clock), QString());
}

QStringList TestLeaksCommandLine::withData(const QStringList &arguments, const QString &name) const
{
    return arguments + QStringList{u"--data-dir"_s, m_rig.path(name), u"--log-level"_s, u"debug"_s};
}

QStringList TestLeaksCommandLine::login(const QString &name) const
{
    return withData({u"login"_s, u"--server"_s, site(), u"--user"_s, u"bob"_s}, name);
}

// --- the password -------------------------------------------------------------------------------

void TestLeaksCommandLine::aPasswordFromAPipe()
{
    QCOMPARE(m_runs.run(login(u"data"_s), LeakRig::wrongPassword + '\n').status, 13);
    QProcess process;
    process.setProcessEnvironment(m_runs.environment());
    QSignalSpy finished(&process, &QProcess::finished);
    process.start(ProgramRun::program(), login(u"data"_s));
    process.write(LeakRig::password + '\n');
    process.closeWriteChannel();
    const auto asked = [this] { return m_rig.sim->requestsTo(u"accounts/login"); };
    const int before = asked();
    m_rig.sim->addFault(held(u"accounts/login"_s));
    QTRY_COMPARE_WITH_TIMEOUT(asked(), before + 1, 20'000);
    m_runs.look(process.processId()); // it has the password now, and waits for the answer
    m_runs.lookAtChildrenOf(process.processId());
    QCOMPARE(process.state(), QProcess::Running);
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 30'000);
    m_runs.output += process.readAllStandardOutput() + process.readAllStandardError();
    QCOMPARE(process.exitCode(), 0);
    m_rig.sim->clearFaults();
}

void TestLeaksCommandLine::aPasswordOnATerminal()
{
    TerminalRun terminal;
    QSignalSpy finished(&terminal.process(), &QProcess::finished);
    const int before = m_rig.sim->requestsTo(u"accounts/login");
    m_rig.sim->addFault(held(u"accounts/login"_s));
    terminal.start(login(u"terminal"_s), m_runs.environment());
    QTRY_VERIFY_WITH_TIMEOUT(terminal.shown().endsWith("Password of bob: "), 20'000);
    m_runs.look(terminal.process().processId());
    terminal.type(LeakRig::password + '\n');
    QTRY_COMPARE_WITH_TIMEOUT(m_rig.sim->requestsTo(u"accounts/login"), before + 1, 20'000);
    m_runs.look(terminal.process().processId());
    m_runs.lookAtChildrenOf(terminal.process().processId());
    QCOMPARE(terminal.process().state(), QProcess::Running);
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 30'000);
    m_runs.output += terminal.shown();
    QVERIFY2(terminal.process().exitCode() == 0, terminal.shown().constData());
    m_rig.sim->clearFaults();
}

// --- what is kept -------------------------------------------------------------------------------

void TestLeaksCommandLine::whatIsKept()
{
    const QString endless = m_rig.startTask(Script::NeverEnding).text();
    const QString secret = m_rig.startTask(Script::SecretResult).text();
    const QString file = m_rig.path(u"tasks.json"_s);
    QFile tasks(file);
    QVERIFY(tasks.open(QIODevice::WriteOnly));
    tasks.write(R"({"format":"taskwatch-tasks","version":1,"tasks":[{"server":")"
                + m_rig.sim->apiRoot().toEncoded() + R"(","taskId":"control","outcome":)"
                + R"("completed","label":")" + LeakRig::label.toUtf8() + R"("}]})");
    tasks.close();
    QCOMPARE(m_runs.run(withData({u"import"_s, file})).status, 0);
    QCOMPARE(m_runs.run(withData({u"show"_s, endless, secret})).status, 0);
    QCOMPARE(m_runs.run(withData({u"show"_s, endless, secret, u"--json"_s})).status, 0);
    QVERIFY(m_runs.run(withData({u"list"_s})).out.contains(LeakRig::label.toUtf8()));
    QVERIFY(m_runs.run(withData({u"list"_s, u"--json"_s})).out.contains(LeakRig::label.toUtf8()));
    for (const QString &name : {u"e.json"_s, u"e.csv"_s, u"e.md"_s})
        QCOMPARE(m_runs.run(withData({u"export"_s, m_rig.path(name)})).status, 0);
    QVERIFY(LeakRig::contentOf(m_rig.path(u"e.json"_s)).contains(LeakRig::label.toUtf8()));
    QCOMPARE(m_runs.run(withData({u"servers"_s, u"--json"_s})).status, 0);
    QCOMPARE(m_runs.run(withData({u"logout"_s})).status, 0);
}

// --- tokens for one run -------------------------------------------------------------------------

void TestLeaksCommandLine::tokensOfTheEnvironment_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("token");
    const QByteArray refresh = m_rig.sim->accounts().makeRefreshToken(u"alice"_s);
    m_rig.secrets.add(u"the refresh token of the environment"_s, refresh);
    QTest::newRow("access token") << u"TASKWATCH_TOKEN"_s << LeakRig::plainToken;
    QTest::newRow("refresh token") << u"TASKWATCH_REFRESH_TOKEN"_s << refresh;
}

/// The program overwrites the bytes themselves: unsetenv() alone would leave them where the system
/// shows them.
void TestLeaksCommandLine::tokensOfTheEnvironment()
{
    QFETCH(const QString, name);
    QFETCH(const QByteArray, token);
    const QString task = m_rig.sim->start(Script::NeverEnding).text();
    const auto show = withData({u"show"_s, task, u"--server"_s, site()}, u"other-data"_s);
    QCOMPARE(m_runs.run(show, {}, {name, token}).status, 0);
    QCOMPARE(m_runs.run(show, {}, {name, LeakRig::wrongToken}).status, 13);

    QProcess process;
    process.setProcessEnvironment(m_runs.environment({name, token}));
    QSignalSpy finished(&process, &QProcess::finished);
    auto wait = show + QStringList{u"--timeout"_s, u"1s"_s};
    wait.replace(0, u"wait"_s);
    process.start(ProgramRun::program(), wait);
    QVERIFY(m_runs.hasTaken(process, token));
    QTRY_VERIFY_WITH_TIMEOUT(m_rig.sim->requestsOf(TaskId(task)) > 1, 20'000);
    m_runs.look(process.processId());
    m_runs.lookAtChildrenOf(process.processId());
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 30'000);
    m_runs.output += process.readAllStandardOutput() + process.readAllStandardError();
    QCOMPARE(process.exitCode(), 20);
}

// --- a window that is added to ------------------------------------------------------------------

/// It waits until somebody has seen it, so that the looks at children are known to see them.
void TestLeaksCommandLine::writeHook(const QString &data) const
{
    QFile hook(m_rig.path(u"hook"_s));
    QVERIFY(hook.open(QIODevice::WriteOnly));
    hook.write("#!/bin/sh\nread -r seen < '" + m_rig.path(u"fifo"_s).toUtf8() + "'\n");
    hook.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    QCOMPARE(::mkfifo(QFile::encodeName(m_rig.path(u"fifo"_s)).constData(), S_IRUSR | S_IWUSR), 0);
    Settings settings;
    settings.notices.of(NoticeKind::Completed) = {true, hook.fileName()};
    const Folders folders = Folders::below(m_rig.path(data));
    QVERIFY(folders.create());
    SettingsFile file(folders.config, m_clock);
    (void)file.load();
    QVERIFY(file.save(settings));
}

void TestLeaksCommandLine::track()
{
    const QByteArray refresh = m_rig.sim->accounts().makeRefreshToken(u"bob"_s);
    m_rig.secrets.add(u"the window's refresh token"_s, refresh);
    const QByteArray pasted = m_rig.sim->accounts().makeAccessToken(u"bob"_s);
    m_rig.secrets.add(u"a pasted token"_s, pasted);
    writeHook(u"track"_s);
    QProcess window;
    QProcessEnvironment own = m_runs.environment({u"TASKWATCH_REFRESH_TOKEN"_s, refresh});
    own.insert(u"QT_QPA_PLATFORM"_s, u"offscreen"_s);
    window.setProcessEnvironment(own);
    window.setStandardOutputFile(m_rig.path(u"window-said"_s));
    window.setStandardErrorFile(m_rig.path(u"window-log"_s));
    const QString server = u"--server"_s;
    QCOMPARE(
        startCompanion(window, ProgramRun::program(), {}, withData({server, site()}, u"track"_s)),
        QString());
    QVERIFY(m_runs.hasTaken(window, refresh));
    const auto track = [&](const QStringList &what, const QByteArray &input) {
        return m_runs.run(withData(QStringList{u"track"_s} + what, u"track"_s), input,
                          {u"TASKWATCH_TOKEN"_s, LeakRig::plainToken});
    };
    // What somebody copied with more than the task, through a pipe.
    const QString one = m_rig.startTask(Script::Normal).text();
    const QByteArray host = m_rig.sim->siteUrl().authority().toUtf8();
    const QByteArray text = "Authorization: Bearer " + pasted + "\nhttp://bob:" + LeakRig::password
                            + '@' + host + "/task/" + one.toUtf8() + "?token=" + pasted + '\n';
    QTRY_VERIFY_WITH_TIMEOUT(track({u"-"_s}, text).status == 0, 30'000);
    QTRY_VERIFY_WITH_TIMEOUT(m_rig.sim->requestsOf(TaskId(one)) > 0, 20'000);
    QVERIFY(m_runs.output.contains("was not handed over"));
    // The command that the end of the task starts.
    int fifo = -1;
    const QByteArray path = QFile::encodeName(m_rig.path(u"fifo"_s));
    QVERIFY(QTest::qWaitFor(
        [&] {
            fifo = ::open(path.constData(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
            return fifo >= 0;
        },
        30'000));
    m_runs.lookAtChildrenOf(window.processId());
    m_runs.look(window.processId());
    QCOMPARE(::write(fifo, "\n", 1), 1);
    ::close(fifo);
    QVERIFY(QFile::remove(m_rig.path(u"fifo"_s))); // who reads it would wait for ever
    // Who writes a token into the arguments has shown it himself, and all that shares them shows it
    // too, the leak sanitizer's own process for one: only what the program says is looked at.
    QVERIFY(!m_runs
                 .runUnseen(
                     withData({u"track"_s, u"Bearer "_s + QString::fromLatin1(pasted)}, u"track"_s))
                 .out.contains("Watching"));
    endCompanion(window);
}

// --- secrets where none belongs -----------------------------------------------------------------

void TestLeaksCommandLine::secretsInAddresses_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("status");
    const QString secret = QString::fromLatin1(LeakRig::password);
    const QString address = u"http://bob:%1@127.0.0.1:1"_s.arg(secret);
    QTest::newRow("no command") << QStringList{address} << 64;
    QTest::newRow("a task elsewhere")
        << QStringList{u"show"_s, address + u"/task/abc-1"_s, u"--server"_s, site()} << 64;
    QTest::newRow("no task") << QStringList{u"show"_s, address, u"--server"_s, site()} << 64;
    QTest::newRow("track no task") << QStringList{u"track"_s, address} << 64;
    QTest::newRow("server") << QStringList{u"show"_s, u"abc"_s, u"--server"_s, address} << 64;
    QTest::newRow("login") << QStringList{u"login"_s, u"--user"_s, u"bob"_s, u"--server"_s, address}
                           << 64;
    QTest::newRow("logout") << QStringList{u"logout"_s, u"--server"_s, address} << 64;
    QTest::newRow("a word after login") << QStringList{u"login"_s, secret} << 64;
    QTest::newRow("an option's value") << QStringList{u"list"_s, u"--log-level"_s, address} << 64;
}

void TestLeaksCommandLine::secretsInAddresses()
{
    QFETCH(const QStringList, words);
    // Arguments are seen by everybody; what is asked here is what the program makes of them.
    const ProgramRun run =
        ProgramRun::of(words + QStringList{u"--data-dir"_s, m_rig.path(u"other-data"_s)}, {});
    QTEST(run.status, "status");
    QVERIFY(!run.err.isEmpty());
    m_runs.output += run.out + run.err;
    QCOMPARE(m_rig.secrets.in(run.out + run.err, u"the output"_s), QString());
}

void TestLeaksCommandLine::redirects()
{
    const QString task = m_rig.sim->start(Script::NeverEnding).text();
    const auto show = withData({u"show"_s, task, u"--server"_s, site()}, u"other-data"_s);
    m_rig.redirectAway(task);
    QCOMPARE(m_runs.run(show, {}, {u"TASKWATCH_TOKEN"_s, LeakRig::plainToken}).status, 14);
    const QByteArray refresh = m_rig.sim->accounts().makeRefreshToken(u"alice"_s);
    m_rig.secrets.add(u"a refresh token"_s, refresh);
    QCOMPARE(m_runs.run(show, {}, {u"TASKWATCH_REFRESH_TOKEN"_s, refresh}).status, 14);
}

// --- the search ---------------------------------------------------------------------------------

void TestLeaksCommandLine::nothingIsFound_data()
{
    QTest::addColumn<QString>("where");
    for (const QString &where :
         {u"files"_s, u"output"_s, u"processes"_s, u"bus"_s, u"addresses"_s, u"foreign"_s})
        QTest::newRow(qPrintable(where)) << where;
}

void TestLeaksCommandLine::nothingIsFound()
{
    QFETCH(const QString, where);
    QVERIFY(m_rig.secrets.size() > 50);
    // Each channel was looked at: it holds what is no secret.
    if (where == "files"_L1) {
        QVERIFY(LeakRig::contentOf(m_rig.path(u"window-log"_s)).contains("taskwatch."));
        QCOMPARE(m_rig.inFiles(), QString());
    } else if (where == "output"_L1) {
        QVERIFY(m_runs.output.contains(LeakRig::label.toUtf8())
                && m_runs.output.contains("The API is at"));
        QCOMPARE(m_rig.secrets.in(m_runs.output, where), QString());
    } else if (where == "processes"_L1) {
        const QByteArray all = m_runs.sights();
        for (const char *part : {"login", "--timeout", "XDG_RUNTIME_DIR", "/hook", "offscreen",
                                 "TASKWATCH_OUTCOME=completed"})
            QVERIFY2(all.contains(part), part);
        QCOMPARE(m_rig.secrets.in(all, where), QString());
    } else if (where == "bus"_L1) {
        QCOMPARE(m_rig.onTheBus("org.freedesktop.Notifications"), QString());
    } else if (where == "addresses"_L1) {
        QCOMPARE(m_rig.inAddresses(), QString());
    } else {
        QCOMPARE(m_rig.atTheForeignOrigin(), QString());
    }
}

QTEST_GUILESS_MAIN(TestLeaksCommandLine)
#include "test_leakscommandline.moc"
