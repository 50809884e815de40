#include "account/folders.h"
#include "base/clock.h"
#include "guardiansimulator.h"
#include "instance/instancelock.h"
#include "instance/instanceserver.h"
#include "manualclock.h"

#include <QDir>
#include <QFileInfo>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace Qt::StringLiterals;

namespace {

const QByteArray token = "marker-0123456789abcdef";

/// Ends the program with its owner.
struct Killed {
    void operator()(QProcess *process) const
    {
        if (process->state() != QProcess::NotRunning) {
            process->kill();
            process->waitForFinished();
        }
        delete process;
    }
};
using Program = std::unique_ptr<QProcess, Killed>;

struct Run {
    int status = -1;
    QByteArray out;
    QByteArray err;
};

} // namespace

/// The real program, started more than once.
class TestOneInstance final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void theSecondStartHandsOver();
    void aServerThatTheWindowLacksIsSaid();
    void whatTheDesktopGaveIsHandedOver_data();
    void whatTheDesktopGaveIsHandedOver();
    void trackAddsToTheRunningWindow();
    void trackReadsStandardInput();
    void trackStartsTheWindow();
    void anotherDataFolderIsAnotherWindow();
    void aKilledOneIsSucceeded();
    void aStoppedOneIsGivenUp();
    void aRequestToEndSavesEverything();
    void aPictureNeedsTheDataFolder();
    void nonsenseStartsNothing_data();
    void nonsenseStartsNothing();

private:
    using Variables = QList<std::pair<QString, QString>>;

    [[nodiscard]] QStringList withData(const QStringList &arguments,
                                       const QString &name = u"one"_s) const;
    [[nodiscard]] Program begin(const QStringList &arguments, const Variables &variables = {});
    /// And waits until it listens.
    [[nodiscard]] Program window(const QStringList &arguments = {});
    [[nodiscard]] Run run(const QStringList &arguments, const QByteArray &input = {});
    [[nodiscard]] QStringList sockets() const;

    ManualClock m_clock;
    std::unique_ptr<GuardianSimulator> m_sim;
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestOneInstance::init()
{
    m_folder = std::make_unique<QTemporaryDir>(QDir::tempPath() + u"/o-XXXXXX"_s);
    m_sim = std::make_unique<GuardianSimulator>(m_clock);
    m_sim->accounts().setPlainToken(token);
    QVERIFY(m_sim->listen());
}

void TestOneInstance::cleanup()
{
    m_sim.reset();
    m_folder.reset();
}

QStringList TestOneInstance::withData(const QStringList &arguments, const QString &name) const
{
    return QStringList{u"--data-dir"_s, m_folder->filePath(name), u"--server"_s,
                       m_sim->siteUrl().toString()}
           + arguments;
}

Program TestOneInstance::begin(const QStringList &arguments, const Variables &variables)
{
    Program process(new QProcess);
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"XDG_RUNTIME_DIR"_s, m_folder->path());
    environment.insert(u"TASKWATCH_TOKEN"_s, QString::fromLatin1(token));
    environment.insert(u"DBUS_SESSION_BUS_ADDRESS"_s, u"unix:path=/nonexistent/bus"_s);
    environment.insert(u"QT_QPA_PLATFORM"_s, u"offscreen"_s);
    for (const auto &[name, value] : variables)
        environment.insert(name, value);
    process->setProcessEnvironment(environment);
    process->start(QStringLiteral(TASKWATCH_PROGRAM), arguments);
    return process;
}

QStringList TestOneInstance::sockets() const
{
    return QDir(m_folder->filePath(u"taskwatch"_s)).entryList({u"*.socket"_s}, QDir::System);
}

Program TestOneInstance::window(const QStringList &arguments)
{
    const auto before = sockets().size();
    Program process = begin(withData(arguments));
    return QTest::qWaitFor([&] { return sockets().size() > before; }, 30'000) ? std::move(process)
                                                                              : nullptr;
}

Run TestOneInstance::run(const QStringList &arguments, const QByteArray &input)
{
    const Program process = begin(arguments);
    QSignalSpy finished(process.get(), &QProcess::finished);
    process->write(input);
    process->closeWriteChannel();
    if (finished.isEmpty() && !finished.wait(30'000)) {
        process->kill();
        process->waitForFinished();
        return {};
    }
    return {process->exitStatus() == QProcess::NormalExit ? process->exitCode() : -1,
            process->readAllStandardOutput(), process->readAllStandardError()};
}

void TestOneInstance::theSecondStartHandsOver()
{
    const auto first = window();
    QVERIFY(first);
    const Run second = run(withData({}));
    QCOMPARE(second.status, 0);
    QVERIFY2(second.err.contains("TASKWATCH_TOKEN"), second.err.constData());
    QVERIFY(!second.err.contains(token) && !second.out.contains(token));
    QCOMPARE(first->state(), QProcess::Running);
    const Run link = run(withData({u"taskwatch:5d2c7f4e-2f5b-4b1c-9d31-0c3f6e8f7a10"_s}));
    QCOMPARE(link.status, 0);
    const Run bad = run(withData({u"taskwatch:--allow-http"_s}));
    QCOMPARE(bad.status, 64);
}

void TestOneInstance::aServerThatTheWindowLacksIsSaid()
{
    const auto first = window();
    QVERIFY(first);
    const QStringList other{u"--data-dir"_s, m_folder->filePath(u"one"_s), u"--server"_s,
                            u"https://other.example"_s};
    Run second;
    // Before it has its server, it cannot know.
    QTRY_COMPARE((second = run(other)).status, 64);
    QVERIFY2(second.err.contains("no such server"), second.err.constData());
    QVERIFY(second.out.isEmpty());
    const Run known = run(withData({}));
    QCOMPARE(known.status, 0);
    QVERIFY2(!known.err.contains("no such server") && known.out.isEmpty(), known.err.constData());
    QCOMPARE(first->state(), QProcess::Running);
}

void TestOneInstance::whatTheDesktopGaveIsHandedOver_data()
{
    QTest::addColumn<Variables>("variables");
    QTest::addColumn<QString>("handedOver");
    const std::pair wayland(u"XDG_ACTIVATION_TOKEN"_s, u"activation-1"_s);
    const std::pair x11(u"DESKTOP_STARTUP_ID"_s, u"startup-2_TIME345"_s);
    QTest::newRow("Wayland") << Variables{wayland} << wayland.second;
    QTest::newRow("X11") << Variables{x11} << x11.second;
    QTest::newRow("both") << Variables{wayland, x11} << wayland.second;
    QTest::newRow("nothing") << Variables{} << QString();
}

/// The real program, and this test in the place of the one that runs.
void TestOneInstance::whatTheDesktopGaveIsHandedOver()
{
    QFETCH(const Variables, variables);
    qputenv("XDG_RUNTIME_DIR", m_folder->path().toUtf8());
    const Folders folders = Folders::below(m_folder->filePath(u"one"_s));
    QVERIFY(folders.create());
    const auto place = InstancePlace::of(folders);
    QVERIFY(place);
    InstanceLock lock(place->lock);
    QVERIFY(lock.tryLock());
    QList<InstanceRequest> taken;
    const SystemClock clock;
    InstanceServer server(
        [&taken](const InstanceRequest &request) {
            taken << request;
            return InstanceReply{true, {}};
        },
        clock);
    QVERIFY(server.listen(place->socket));
    const Program second = begin(withData({}), variables);
    QTRY_COMPARE_WITH_TIMEOUT(second->state(), QProcess::NotRunning, 30'000);
    QCOMPARE(second->exitCode(), 0);
    QCOMPARE(taken.size(), 1);
    QTEST(taken.constFirst().activationToken, "handedOver");
    QVERIFY(taken.constFirst().raise);
    QVERIFY(!encode(taken.constFirst()).contains(token)); // that is nobody else's
}

void TestOneInstance::trackAddsToTheRunningWindow()
{
    const QString one = m_sim->start(Script::NeverEnding).text();
    const QString two = m_sim->start(Script::NeverEnding).text();
    const auto first = window();
    QVERIFY(first);
    QTRY_VERIFY(run(withData({u"track"_s, one})).out.contains("1"));
    const Run more =
        run(withData({u"track"_s, one, u"%1/task/%2"_s.arg(m_sim->siteUrl().toString(), two)}));
    QCOMPARE(more.status, 0);
    QCOMPARE(more.out, QByteArray("Watching 1 more task. 1 was watched already.\n"));
    QTRY_VERIFY(m_sim->requestsOf(TaskId(one)) > 0);
    QTRY_VERIFY(m_sim->requestsOf(TaskId(two)) > 0);
    const Run elsewhere = run(withData({u"track"_s, u"https://other.example/task/"_s + one}));
    QCOMPARE(elsewhere.status, 64);
    QVERIFY2(elsewhere.err.contains("other.example"), elsewhere.err.constData());
}

void TestOneInstance::trackReadsStandardInput()
{
    const QString one = m_sim->start(Script::NeverEnding).text();
    const QString two = m_sim->start(Script::NeverEnding).text();
    const auto first = window();
    QVERIFY(first);
    QTRY_COMPARE(
        run(withData({u"track"_s, u"-"_s, two}), "{\"taskId\":\"" + one.toUtf8() + "\"}").status,
        0);
    QTRY_VERIFY(m_sim->requestsOf(TaskId(one)) > 0);
    QTRY_VERIFY(m_sim->requestsOf(TaskId(two)) > 0);
}

void TestOneInstance::trackStartsTheWindow()
{
    const QString one = m_sim->start(Script::NeverEnding).text();
    const auto first = window({u"track"_s, one});
    QVERIFY(first);
    QTRY_VERIFY(m_sim->requestsOf(TaskId(one)) > 0);
    QCOMPARE(first->state(), QProcess::Running);
}

void TestOneInstance::anotherDataFolderIsAnotherWindow()
{
    const auto first = window();
    QVERIFY(first);
    const auto second = begin(withData({}, u"two"_s));
    QTRY_COMPARE_WITH_TIMEOUT(sockets().size(), 2, 30'000);
    QCOMPARE(second->state(), QProcess::Running);
}

void TestOneInstance::aKilledOneIsSucceeded()
{
    auto first = window();
    QVERIFY(first);
    first->kill();
    QVERIFY(first->waitForFinished());
    QCOMPARE(sockets().size(), 1); // it is still there
    const auto bornAt = [this] {
        const QStringList names = sockets();
        return names.isEmpty() ? QDateTime()
                               : QFileInfo(m_folder->filePath(u"taskwatch/"_s + names.constFirst()))
                                     .fileTime(QFile::FileMetadataChangeTime);
    };
    const QDateTime before = bornAt();
    const auto second = begin(withData({}));
    // Only then a third start: two at once would race for the place.
    QTRY_VERIFY_WITH_TIMEOUT(bornAt().isValid() && bornAt() != before, 30'000);
    QVERIFY(run(withData({})).err.contains("handed over"));
    QCOMPARE(second->state(), QProcess::Running);
}

void TestOneInstance::aStoppedOneIsGivenUp()
{
    const auto first = window();
    QVERIFY(first);
    QCOMPARE(::kill(pid_t(first->processId()), SIGSTOP), 0);
    const Run second = run(withData({}));
    ::kill(pid_t(first->processId()), SIGCONT);
    QCOMPARE(second.status, 70);
    QVERIFY2(second.err.contains("does not answer"), second.err.constData());
}

void TestOneInstance::aRequestToEndSavesEverything()
{
    const QString one = m_sim->start(Script::NeverEnding).text();
    auto first = window({u"track"_s, one});
    QVERIFY(first);
    QTRY_VERIFY(m_sim->requestsOf(TaskId(one)) > 0);
    first->terminate();
    QVERIFY(first->waitForFinished());
    QCOMPARE(first->exitStatus(), QProcess::NormalExit);
    QCOMPARE(first->exitCode(), 0);
    QVERIFY(QFileInfo::exists(m_folder->filePath(u"one/state/window.json"_s)));
    const auto second = window();
    QVERIFY(second);
    QTRY_COMPARE(run(withData({u"track"_s, one})).out, QByteArray("1 was watched already.\n"));
}

void TestOneInstance::aPictureNeedsTheDataFolder()
{
    const auto first = window();
    QVERIFY(first);
    const Run picture = run(withData({u"--screenshot"_s, m_folder->filePath(u"a.png"_s)}));
    QCOMPARE(picture.status, 64);
    QVERIFY2(picture.err.contains("--data-dir"), picture.err.constData());
    QVERIFY(!QFileInfo::exists(m_folder->filePath(u"a.png"_s)));
}

void TestOneInstance::nonsenseStartsNothing_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("input");
    QTest::newRow("no ID") << QStringList{u"track"_s, u"no such thing"_s} << QByteArray();
    QTest::newRow("empty input") << QStringList{u"track"_s, u"-"_s} << QByteArray();
    QTest::newRow("too much") << QStringList{u"track"_s, u"-"_s} << QByteArray(1'048'577, 'a');
}

void TestOneInstance::nonsenseStartsNothing()
{
    QFETCH(const QStringList, arguments);
    QFETCH(const QByteArray, input);
    const Run result = run(withData(arguments), input);
    QCOMPARE(result.status, 64);
    QVERIFY(!result.err.isEmpty());
    QVERIFY(sockets().isEmpty());
}

QTEST_GUILESS_MAIN(TestOneInstance)
#include "test_oneinstance.moc"
