#include "account/memorytokenstore.h"
#include "cli/wait.h"
#include "guardiansimulator.h"
#include "manualclock.h"
#include "programrun.h"

#include <QBuffer>
#include <QJsonArray>
#include <QProcess>
#include <QSignalSpy>
#include <QSocketNotifier>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

Q_DECLARE_METATYPE(SimDialect)

namespace {

const QByteArray marker = "marker-0123456789abcdef";

/// The command in this process, on a clock that the test drives; the server is asked for real.
struct Waiting {
    Waiting(const CommandLine &line, ManualClock &manualClock, bool onTerminal = false)
        : clock(manualClock)
        , opened(out.open(QIODevice::WriteOnly) && err.open(QIODevice::WriteOnly))
        , command(line, {}, tokens, clock, {out, [] { return QSize(60, 24); }}, err, onTerminal)
        , finished(&command, &WaitCommand::finished)
    {
        command.start();
    }

    /// Lets time pass until it has ended, or `done` holds.
    void run(const std::function<bool()> &done = [] { return false; })
    {
        for (int i = 0; i < 20'000 && finished.isEmpty() && !done(); ++i) {
            clock.advance(250ms);
            QTest::qWait(1); // one turn of the event loop, in which answers arrive
        }
    }
    [[nodiscard]] int status() const
    {
        return finished.isEmpty() ? -1 : finished.first().first().toInt();
    }
    [[nodiscard]] QByteArrayList lines() const
    {
        QByteArrayList lines = out.data().split('\n');
        lines.removeAll({});
        return lines;
    }

    ManualClock &clock;
    QBuffer out;
    QBuffer err;
    bool opened;
    MemoryTokenStore tokens{{}};
    WaitCommand command;
    QSignalSpy finished;
};

} // namespace

class TestWait : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void endsWithTheOutcome_data();
    void endsWithTheOutcome();
    void theWorstOfAllCounts();
    void anyEndsWithTheFirst();
    void theTimeMayBeUp();
    void nonsenseForAWhileIsWaitedOut();
    void nonsenseForEverIsUnreadable();
    void outagesAreWaitedOut_data();
    void outagesAreWaitedOut();
    void aServerThatIsDownAtFirstIsWaitedFor();
    void refusedSignInEndsIt();
    void noPermissionEndsIt();
    void everyStepIsToldOnce();
    void jsonIsThatOfShow();
    void barsGoBeforeTheEnd();
    void signalsEndIt_data();
    void signalsEndIt();
    void aTerminalShowsBars();

private:
    [[nodiscard]] CommandLine lineFor(const QList<TaskId> &tasks) const;
    [[nodiscard]] QStringList arguments(const TaskId &task) const;

    std::unique_ptr<ManualClock> m_clock;
    std::unique_ptr<GuardianSimulator> m_sim;
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestWait::init()
{
    m_sim.reset();
    m_clock = std::make_unique<ManualClock>();
    m_folder = std::make_unique<QTemporaryDir>();
    m_sim = std::make_unique<GuardianSimulator>(*m_clock);
    m_sim->accounts().setPlainToken(marker);
    QVERIFY(m_sim->listen());
}

CommandLine TestWait::lineFor(const QList<TaskId> &tasks) const
{
    CommandLine line;
    line.mode = CommandLine::Mode::Wait;
    line.server = m_sim->siteUrl().toString();
    line.token = Secret(marker);
    for (const TaskId &task : tasks)
        line.tasks.append(task.text());
    return line;
}

QStringList TestWait::arguments(const TaskId &task) const
{
    return {u"wait"_s,       task.text(),     u"--server"_s, m_sim->siteUrl().toString(),
            u"--data-dir"_s, m_folder->path()};
}

void TestWait::endsWithTheOutcome_data()
{
    QTest::addColumn<SimDialect>("dialect");
    QTest::addColumn<Script>("script");
    QTest::addColumn<int>("status");
    for (const SimDialect dialect : {SimDialect::Deployed, SimDialect::Documented}) {
        const auto row = [dialect](const char *name, Script script, int status) {
            QTest::addRow("%d: %s", int(dialect), name) << dialect << script << status;
        };
        row("completed", Script::Normal, 0);
        row("failed", Script::Failing, 10);
        row("problems", Script::Problems, 11);
        row("lost", Script::ForgottenEarly, 12);
    }
}

void TestWait::endsWithTheOutcome()
{
    QFETCH(const SimDialect, dialect);
    QFETCH(const Script, script);
    m_sim->setDialect(dialect);
    const TaskId task = m_sim->start(script);
    Waiting wait(lineFor({task}), *m_clock);
    wait.run();
    QTEST(wait.status(), "status");
    QVERIFY(wait.out.data().contains(task.text().toUtf8()));
    QVERIFY(!wait.out.data().contains('\x1b'));
}

void TestWait::theWorstOfAllCounts()
{
    const TaskId good = m_sim->start(Script::Normal);
    const TaskId failing = m_sim->start(Script::Failing);
    const TaskId nobody(u"nobody"_s);
    Waiting two(lineFor({good, nobody}), *m_clock);
    two.run();
    QCOMPARE(two.status(), 12);
    Waiting all(lineFor({good, failing, nobody}), *m_clock);
    all.run();
    QCOMPARE(all.status(), 10);
}

void TestWait::anyEndsWithTheFirst()
{
    const TaskId endless = m_sim->start(Script::NeverEnding);
    const TaskId quick = m_sim->start(Script::Quick);
    CommandLine line = lineFor({endless, quick});
    line.any = true;
    Waiting wait(line, *m_clock);
    wait.run();
    QCOMPARE(wait.status(), 0);
    const QByteArray last = wait.out.data().mid(wait.out.data().lastIndexOf("Running"));
    QVERIFY2(last.contains(endless.text().toUtf8()), wait.out.data().constData());
}

void TestWait::theTimeMayBeUp()
{
    CommandLine line = lineFor({m_sim->start(Script::NeverEnding)});
    line.timeout = 30min;
    Waiting wait(line, *m_clock);
    wait.run([&wait] { return wait.out.data().contains("Wait for consensus"); });
    QVERIFY(wait.finished.isEmpty());
    m_clock->advance(30min);
    QCOMPARE(wait.status(), 20);
    QVERIFY(wait.out.data().contains("Running"));
}

void TestWait::nonsenseForAWhileIsWaitedOut()
{
    Fault page;
    page.kind = Fault::Kind::LoginPage;
    page.count = 2;
    const TaskId task = m_sim->start(Script::Normal);
    page.taskId = task.text();
    m_sim->addFault(page);
    Waiting wait(lineFor({task}), *m_clock);
    wait.run();
    QCOMPARE(wait.status(), 0);
}

void TestWait::nonsenseForEverIsUnreadable()
{
    Fault page;
    page.kind = Fault::Kind::LoginPage;
    page.count = -1;
    const TaskId task = m_sim->start(Script::Normal);
    page.taskId = task.text();
    m_sim->addFault(page);
    Waiting wait(lineFor({task}), *m_clock);
    wait.run();
    QCOMPARE(wait.status(), 15);
    QVERIFY(m_sim->requestsOf(task) >= 3);
}

void TestWait::outagesAreWaitedOut_data()
{
    QTest::addColumn<int>("httpStatus");
    QTest::newRow("the host is down") << 0;
    QTest::newRow("500") << 500;
    QTest::newRow("502") << 502;
    QTest::newRow("503") << 503;
    QTest::newRow("429") << 429;
}

void TestWait::outagesAreWaitedOut()
{
    QFETCH(const int, httpStatus);
    const TaskId task = m_sim->start(Script::Normal);
    Waiting wait(lineFor({task}), *m_clock);
    wait.run([&wait] { return !wait.out.data().isEmpty(); });
    if (httpStatus == 0) {
        m_sim->goDown();
    } else {
        Fault fault;
        fault.kind = Fault::Kind::Status;
        fault.status = httpStatus;
        fault.count = -1;
        m_sim->addFault(fault);
    }
    wait.run([&wait] { return !wait.err.data().isEmpty(); });
    m_clock->advance(10min); // nobody answers; the task ends meanwhile
    QCOMPARE(wait.status(), -1);
    m_sim->clearFaults();
    if (httpStatus == 0)
        QVERIFY(m_sim->comeBack());
    wait.run();
    QCOMPARE(wait.status(), 0);
    QCOMPARE(wait.err.data().count('\n'), 2); // what is wrong, and that it is over
}

void TestWait::aServerThatIsDownAtFirstIsWaitedFor()
{
    const TaskId task = m_sim->start(Script::Normal);
    m_sim->goDown();
    Waiting wait(lineFor({task}), *m_clock);
    wait.run([&wait] { return !wait.err.data().isEmpty(); });
    QCOMPARE(wait.status(), -1);
    QVERIFY(m_sim->comeBack());
    wait.run();
    QCOMPARE(wait.status(), 0);
}

void TestWait::refusedSignInEndsIt()
{
    const TaskId task = m_sim->start(Script::NeverEnding);
    CommandLine none = lineFor({task});
    none.token = {};
    Waiting without(none, *m_clock);
    without.run();
    QCOMPARE(without.status(), 13);
    QVERIFY(without.err.data().contains("TASKWATCH_TOKEN"));

    Waiting wait(lineFor({task}), *m_clock);
    wait.run([&wait] { return !wait.out.data().isEmpty(); });
    m_sim->accounts().setPlainToken("another");
    wait.run();
    QCOMPARE(wait.status(), 13);
    QVERIFY(wait.out.data().contains("Running"));
    QVERIFY(!wait.out.data().contains(marker) && !wait.err.data().contains(marker));
}

/// Waiting gives nobody a permission.
void TestWait::noPermissionEndsIt()
{
    Waiting wait(lineFor({m_sim->start(Script::NeverEnding)}), *m_clock);
    wait.run([&wait] { return !wait.out.data().isEmpty(); });
    Fault fault;
    fault.kind = Fault::Kind::Status;
    fault.status = 403;
    fault.count = -1;
    m_sim->addFault(fault);
    wait.run();
    QCOMPARE(wait.status(), 13);
    QVERIFY(wait.out.data().contains("Running")); // the last state stays told
    QVERIFY(!wait.err.data().isEmpty());
}

void TestWait::everyStepIsToldOnce()
{
    const TaskId task = m_sim->start(Script::Normal);
    Waiting wait(lineFor({task}), *m_clock);
    wait.run();
    QCOMPARE(wait.status(), 0);
    QByteArrayList ended;
    for (const QByteArray &line : wait.lines()) {
        if (const qsizetype mark = line.indexOf("  ✓ "); mark > 0) // after the time
            ended.append(line.mid(mark));
    }
    const SimTask *const truth = m_sim->tasks().find(task);
    QCOMPARE(ended.size(), qsizetype(truth->plan->steps.size()));
    for (qsizetype i = 0; i < ended.size(); ++i)
        QVERIFY2(ended.at(i).contains(truth->plan->steps.at(size_t(i)).name.toUtf8()),
                 ended.at(i).constData());
}

void TestWait::jsonIsThatOfShow()
{
    const TaskId task = m_sim->start(Script::Normal);
    CommandLine line = lineFor({task});
    line.json = true;
    Waiting wait(line, *m_clock);
    wait.run();
    QCOMPARE(wait.status(), 0);
    const ProgramRun said{0, wait.out.data(), {}};
    const QList<QJsonObject> objects = said.objects();
    QVERIFY(objects.size() > 3);
    for (qsizetype i = 1; i < objects.size(); ++i)
        QVERIFY(objects.at(i) != objects.at(i - 1));
    QCOMPARE(objects.first()["outcome"_L1].toString(), u"running"_s);
    QStringList show = arguments(task);
    show.first() = u"show"_s;
    QCOMPARE(objects.last(), ProgramRun::of(show + QStringList{u"--json"_s}, marker).object());
}

void TestWait::barsGoBeforeTheEnd()
{
    const TaskId task = m_sim->start(Script::Normal);
    Waiting wait(lineFor({task, m_sim->start(Script::Quick)}), *m_clock, true);
    wait.run();
    QCOMPARE(wait.status(), 0);
    // What a terminal would show at the end: a bar is wiped by going up and erasing below.
    QByteArrayList screen;
    static const QRegularExpression wipe(u"^\x1b\\[(\\d+)A\r\x1b\\[J"_s);
    for (QString line : QString::fromUtf8(wait.out.data()).split(u'\n')) {
        line.remove(u"\x1b[?7l"_s).remove(u"\x1b[?7h"_s);
        while (wipe.match(line).hasMatch()) {
            const auto match = wipe.match(line);
            QVERIFY(match.captured(1).toInt() <= screen.size());
            screen.resize(screen.size() - match.captured(1).toInt());
            line = line.mid(match.capturedLength());
        }
        screen.append(line.toUtf8());
    }
    const QByteArray text = screen.join('\n');
    QVERIFY(!text.contains('\x1b'));
    QVERIFY(!text.contains("····"));
    QVERIFY(wait.out.data().contains("····"));
    QCOMPARE(text.count("Completed"), 2);
}

void TestWait::signalsEndIt_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGINT") << SIGINT;
    QTest::newRow("SIGTERM") << SIGTERM;
}

void TestWait::signalsEndIt()
{
    QFETCH(const int, signal);
    const TaskId task = m_sim->start(Script::NeverEnding);
    QProcess process;
    process.setProcessEnvironment(ProgramRun::environment(marker));
    QSignalSpy finished(&process, &QProcess::finished);
    process.start(ProgramRun::program(), arguments(task) + QStringList{u"--json"_s});
    QByteArray out;
    QTRY_VERIFY((out += process.readAllStandardOutput()).contains('\n'));
    QCOMPARE(::kill(pid_t(process.processId()), signal), 0);
    QVERIFY(!finished.isEmpty() || finished.wait());
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 128 + signal);
    out += process.readAllStandardOutput();
    const ProgramRun said{0, out, {}};
    const auto objects = said.objects();
    QCOMPARE(objects.last()["outcome"_L1].toString(), u"running"_s);
}

void TestWait::aTerminalShowsBars()
{
    const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    QVERIFY(master >= 0 && ::grantpt(master) == 0 && ::unlockpt(master) == 0);
    const QString name = QString::fromLocal8Bit(::ptsname(master));
    const struct winsize size = {24, 50, 0, 0};
    QCOMPARE(::ioctl(master, TIOCSWINSZ, &size), 0);
    QByteArray seen;
    QSocketNotifier notifier(master, QSocketNotifier::Read);
    connect(&notifier, &QSocketNotifier::activated, this, [&] {
        QByteArray bytes(4096, '\0');
        const auto count = ::read(master, bytes.data(), size_t(bytes.size()));
        seen += bytes.left(std::max<qsizetype>(0, count));
        notifier.setEnabled(count > 0); // the other end may have gone
    });
    QProcess process;
    QProcessEnvironment environment = ProgramRun::environment(marker);
    environment.insert(u"TERM"_s, u"xterm"_s);
    process.setProcessEnvironment(environment);
    process.setStandardOutputFile(name);
    QSignalSpy finished(&process, &QProcess::finished);
    const TaskId task = m_sim->start(Script::Normal);
    process.start(ProgramRun::program(), arguments(task));
    QTRY_VERIFY2(seen.contains("\x1b[?7l") && seen.contains("····"), seen.constData());
    m_clock->advance(1h);
    QVERIFY(!finished.isEmpty() || finished.wait(20'000));
    QCOMPARE(process.exitCode(), 0);
    QTRY_VERIFY2(seen.contains("✓ Completed"), seen.constData());
    const qsizetype bar = seen.indexOf("\x1b[?7l") + 5;
    const QString line = QString::fromUtf8(seen.mid(bar, seen.indexOf('\r', bar) - bar));
    QVERIFY2(line.size() <= 50, qPrintable(line));
    ::close(master);
}

QTEST_GUILESS_MAIN(TestWait)
#include "test_wait.moc"
