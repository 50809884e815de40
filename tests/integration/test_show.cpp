#include "account/credentialsentry.h"
#include "account/folders.h"
#include "account/memorytokenstore.h"
#include "account/profilestore.h"
#include "base/clock.h"
#include "cli/show.h"
#include "guardiansimulator.h"
#include "manualclock.h"
#include "programrun.h"
#include "testdata.h"
#include "tunnelproxy.h"

#include <QBuffer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QSignalSpy>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslServer>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(SimDialect)

namespace {

const QByteArray marker = "marker-0123456789abcdef";

QStringList sorted(QStringList names)
{
    names.sort();
    return names;
}

QString kebabOf(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Checking:
        return u"checking"_s;
    case Outcome::Waiting:
        return u"waiting"_s;
    case Outcome::Running:
        return u"running"_s;
    case Outcome::Stalled:
        return u"stalled"_s;
    case Outcome::Completed:
        return u"completed"_s;
    case Outcome::CompletedWithProblems:
        return u"completed-with-problems"_s;
    case Outcome::Failed:
        return u"failed"_s;
    case Outcome::NotFound:
        return u"not-found"_s;
    case Outcome::OutcomeUnknown:
        return u"outcome-unknown"_s;
    case Outcome::Unreadable:
        return u"unreadable"_s;
    }
    return {};
}

/// The command in this process; the server is asked for real.
struct Showing {
    Showing(const CommandLine &line, const QList<ServerProfile> &profiles, TokenStore &tokens,
            const Clock &clock)
        : opened(out.open(QIODevice::WriteOnly) && err.open(QIODevice::WriteOnly))
        , command(line, profiles, tokens, clock, out, err)
        , finished(&command, &ShowCommand::finished)
    {
        command.start();
    }

    [[nodiscard]] ExitStatus status() const { return finished.first().first().value<ExitStatus>(); }

    QBuffer out;
    QBuffer err;
    bool opened;
    ShowCommand command;
    QSignalSpy finished;
};

} // namespace

class TestShow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void everyOutcomeHasItsStatus_data();
    void everyOutcomeHasItsStatus();
    void trouble_data();
    void trouble();
    void anUnknownTaskIsAskedForThreeTimes();
    void aServerThatIsDownIsSaid();
    void aSilentServerIsATimeout();
    void aCertificateThatIsNotTrustedIsSaid();
    void theWorstOfSeveralCounts();
    void jsonHasExactlyItsMembers_data();
    void jsonHasExactlyItsMembers();
    void fiftyTasksAreWhatTheyAre_data();
    void fiftyTasksAreWhatTheyAre();
    void fiftyTasksAreWhatTheyBecame_data() { fiftyTasksAreWhatTheyAre_data(); }
    void fiftyTasksAreWhatTheyBecame();
    void peopleSeeStepsAndError();
    void secretsAreMasked();
    void wrongUseIsSaid_data();
    void wrongUseIsSaid();
    void theStoredServerIsAsked();
    void aDamagedProfileIsStorageTrouble();
    void damagedSettingsAreLeftToTheWindow();
    void withoutATokenSignInIsNeeded();
    void theTokenIsSeenNowhere();
    void aStoredTokenGoesToItsOwnServerOnly();
    void aStoredTokenIsUsed();
    void ofTwoServersAtOneAddressTheNamedOneIsAsked();
    void aTokenStoredForAnotherAddressIsNotSent();
    void aGivenTokenGoesWithTheStoredProxyPassword();
    void aGivenTokenIsUsedAsWhatItIs();
    void ofAServerThatCannotBeUsedOnlyTheCauseIsSaid();
    void helpAndVersionNeedNothing();

private:
    [[nodiscard]] ProgramRun run(const QStringList &arguments, const QByteArray &token = marker);
    [[nodiscard]] ProgramRun show(const QStringList &arguments);
    [[nodiscard]] ServerProfile storeProfile(const QUrl &root);

    ManualClock m_clock;
    std::unique_ptr<GuardianSimulator> m_sim;
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestShow::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_sim = std::make_unique<GuardianSimulator>(m_clock);
    m_sim->accounts().setPlainToken(marker);
    QVERIFY(m_sim->listen());
}

ProgramRun TestShow::run(const QStringList &arguments, const QByteArray &token)
{
    return ProgramRun::of(arguments + QStringList{u"--data-dir"_s, m_folder->path()}, token);
}

ProgramRun TestShow::show(const QStringList &arguments)
{
    return run(QStringList{u"show"_s, u"--server"_s, m_sim->siteUrl().toString()} + arguments);
}

ServerProfile TestShow::storeProfile(const QUrl &root)
{
    const Folders folders = Folders::below(m_folder->path());
    ServerProfile profile;
    profile.id = ServerId::create();
    profile.name = u"Production"_s;
    profile.address = root.toString();
    profile.apiRoot = root;
    const SystemClock clock;
    const bool stored = folders.create() && ProfileStore(folders.config, clock).save({profile});
    return stored ? profile : ServerProfile();
}

void TestShow::everyOutcomeHasItsStatus_data()
{
    QTest::addColumn<SimDialect>("dialect");
    QTest::addColumn<Script>("script");
    QTest::addColumn<int>("status");
    for (const SimDialect dialect : {SimDialect::Deployed, SimDialect::Documented}) {
        const auto row = [dialect](const char *name, Script script, int status) {
            const char *const kind = dialect == SimDialect::Deployed ? "deployed" : "documented";
            QTest::addRow("%s: %s", kind, name) << dialect << script << status;
        };
        row("completed", Script::Normal, 0);
        row("running", Script::NeverEnding, 0);
        row("failed", Script::Failing, 10);
        row("problems", Script::Problems, 11);
    }
}

void TestShow::everyOutcomeHasItsStatus()
{
    QFETCH(const SimDialect, dialect);
    QFETCH(const Script, script);
    m_sim->setDialect(dialect);
    StartOptions options;
    options.age = 1h;
    const TaskId task = m_sim->start(script, options);
    const ProgramRun result = show({task.text(), u"--json"_s});
    QVERIFY2(result.err.isEmpty(), result.err.constData());
    QTEST(result.status, "status");
    const QJsonObject object = result.object();
    QCOMPARE(object["outcome"_L1].toString(), kebabOf(m_sim->truth(task).now));
    QCOMPARE(object["connection"_L1].toString(), u"polling"_s);
    QCOMPARE(object["server"_L1].toString(), m_sim->apiRoot().toString());
    const QString summary = object["summary"_L1].toString();
    const QString error = object["error"_L1]["message"_L1].toString();
    QVERIFY(error.isEmpty() == (script != Script::Failing));
    QVERIFY2(summary.contains(error), qPrintable(summary));
    QVERIFY(script != Script::Problems || !summary.isEmpty());
}

void TestShow::trouble_data()
{
    QTest::addColumn<Fault>("fault");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("connection");
    const auto row = [](const char *name, Fault fault, int status, const QString &connection) {
        fault.count = -1;
        QTest::newRow(name) << fault << status << connection;
    };
    const auto http = [](int status) {
        Fault fault;
        fault.kind = Fault::Kind::Status;
        fault.status = status;
        return fault;
    };
    row("401", http(401), 13, u"sign-in-needed"_s);
    row("403", http(403), 13, u"no-permission"_s);
    row("429", http(429), 14, u"rate-limited"_s);
    row("500", http(500), 14, u"unreachable"_s);
    row("502 with HTML", http(502), 14, u"unreachable"_s);
    Fault redirect;
    redirect.kind = Fault::Kind::Redirect;
    redirect.target = QUrl(u"http://localhost:9/elsewhere"_s);
    row("redirect to elsewhere", redirect, 14, u"unreachable"_s);
    Fault page;
    page.kind = Fault::Kind::LoginPage;
    row("a login page", page, 15, u"polling"_s);
    Fault truncated;
    truncated.kind = Fault::Kind::Truncated;
    row("half the JSON", truncated, 15, u"polling"_s);
}

void TestShow::trouble()
{
    QFETCH(Fault, fault);
    QFETCH(const QString, connection);
    const TaskId task = m_sim->start(Script::Normal);
    fault.taskId = task.text();
    m_sim->addFault(fault);
    const ProgramRun result = show({task.text(), u"--json"_s});
    QTEST(result.status, "status");
    QVERIFY(!result.err.isEmpty());
    QCOMPARE(result.objects().size(), 1);
    const QJsonObject object = result.object();
    QCOMPARE(object["connection"_L1].toString(), connection);
    QCOMPARE(object["outcome"_L1].toString(),
             result.status == 15 ? u"unreadable"_s : u"checking"_s);
    QCOMPARE(object["taskId"_L1].toString(), task.text());
}

void TestShow::anUnknownTaskIsAskedForThreeTimes()
{
    const QString id = u"any form / of ID"_s;
    const ProgramRun result = show({id, u"--json"_s});
    QCOMPARE(result.status, 12);
    QCOMPARE(result.object()["outcome"_L1].toString(), u"not-found"_s);
    QCOMPARE(result.object()["taskId"_L1].toString(), id);
    QCOMPARE(m_sim->requestsOf(TaskId(id)), 3);
}

void TestShow::aServerThatIsDownIsSaid()
{
    const QString site = m_sim->siteUrl().toString();
    m_sim->goDown();
    const ProgramRun result = run({u"show"_s, u"a"_s, u"b"_s, u"--json"_s, u"--server"_s, site});
    QCOMPARE(result.status, 14);
    QCOMPARE(result.objects().size(), 2);
    QCOMPARE(result.object()["outcome"_L1].toString(), u"checking"_s);
    QCOMPARE(result.object()["connection"_L1].toString(), u"unreachable"_s);
    QCOMPARE(result.err.count('\n'), 1); // the same for all
}

void TestShow::aSilentServerIsATimeout()
{
    Fault silent;
    silent.kind = Fault::Kind::Silent;
    silent.count = -1;
    const TaskId task = m_sim->start(Script::Normal);
    silent.taskId = task.text();
    m_sim->addFault(silent);

    CommandLine line;
    line.mode = CommandLine::Mode::Show;
    line.json = true;
    line.tasks = {task.text()};
    line.server = m_sim->siteUrl().toString();
    line.token = Secret(marker);
    MemoryTokenStore tokens({});
    ManualClock clock; // of the command; it asks for real
    Showing showing(line, {}, tokens, clock);
    QVERIFY(showing.opened);
    QTRY_VERIFY(m_sim->requestsOf(task) > 0);
    QVERIFY(showing.finished.isEmpty());
    QTRY_COMPARE((clock.advance(10s), showing.finished.size()), 1);
    QCOMPARE(showing.status(), ExitStatus::NotAsked);
    QCOMPARE(int(ExitStatus::NotAsked), 14);
    const QJsonObject object = QJsonDocument::fromJson(showing.out.data()).object();
    QCOMPARE(object["outcome"_L1].toString(), u"checking"_s);
    QCOMPARE(object["connection"_L1].toString(), u"unreachable"_s);
    QCOMPARE(object["summary"_L1].toString(), u"The server did not answer in time."_s);
    QVERIFY2(showing.err.data().contains("did not answer in time"), showing.err.data().constData());
}

void TestShow::aCertificateThatIsNotTrustedIsSaid()
{
    const auto read = [](QStringView name) {
        QFile file(testDataPath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setLocalCertificate(QSslCertificate(read(u"tls/selfsigned.pem")));
    tls.setPrivateKey(QSslKey(read(u"tls/selfsigned.key"), QSsl::Ec));
    QSslServer server;
    server.setSslConfiguration(tls);
    QVERIFY(server.listen(QHostAddress::LocalHost));
    const ProgramRun result = run({u"show"_s, u"a"_s, u"--json"_s, u"--server"_s,
                                   u"https://127.0.0.1:%1/api/v1"_s.arg(server.serverPort())});
    QCOMPARE(result.status, 14);
    QCOMPARE(result.object()["outcome"_L1].toString(), u"checking"_s);
    QCOMPARE(result.object()["connection"_L1].toString(), u"certificate-problem"_s);
    QVERIFY2(result.err.contains("certificate is not trusted"), result.err.constData());
    QVERIFY(!result.err.contains(marker));
}

void TestShow::theWorstOfSeveralCounts()
{
    StartOptions old;
    old.age = 1h;
    const TaskId good = m_sim->start(Script::Normal, old);
    const TaskId problems = m_sim->start(Script::Problems, old);
    const TaskId failed = m_sim->start(Script::Failing, old);
    QCOMPARE(show({good.text(), problems.text()}).status, 11);
    const ProgramRun result = show({good.text(), failed.text(), problems.text(), u"--json"_s});
    QCOMPARE(result.status, 10);
    QStringList ids;
    for (const QJsonObject &object : result.objects())
        ids += object["taskId"_L1].toString();
    QCOMPARE(ids, (QStringList{good.text(), failed.text(), problems.text()}));
}

void TestShow::jsonHasExactlyItsMembers_data()
{
    QTest::addColumn<SimDialect>("dialect");
    QTest::newRow("deployed") << SimDialect::Deployed;
    QTest::newRow("documented") << SimDialect::Documented;
}

void TestShow::jsonHasExactlyItsMembers()
{
    QFETCH(const SimDialect, dialect);
    m_sim->setDialect(dialect);
    StartOptions old;
    old.age = 1h;
    const TaskId failed = m_sim->start(Script::Failing, old);
    const QJsonObject object = show({failed.text(), u"--json"_s}).object();
    QCOMPARE(object.keys(), sorted({u"server"_s, u"taskId"_s, u"action"_s, u"outcome"_s,
                                    u"connection"_s, u"percent"_s, u"startedAt"_s, u"finishedAt"_s,
                                    u"steps"_s, u"result"_s, u"error"_s, u"summary"_s}));
    QCOMPARE(object["error"_L1].toObject().keys(), sorted({u"code"_s, u"message"_s, u"details"_s}));
    QVERIFY(object["result"_L1].isNull());
    QVERIFY(!object["action"_L1].toString().isEmpty());
    const QJsonArray steps = object["steps"_L1].toArray();
    QVERIFY(!steps.isEmpty());
    const QRegularExpression time(uR"(^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$)"_s);
    for (const auto &step : steps) {
        QCOMPARE(step.toObject().keys(), sorted({u"name"_s, u"state"_s, u"percent"_s,
                                                 u"startedAt"_s, u"finishedAt"_s, u"steps"_s}));
        const QJsonValue startedAt = step["startedAt"_L1];
        QVERIFY(startedAt.isNull() || time.match(startedAt.toString()).hasMatch());
    }
}

void TestShow::fiftyTasksAreWhatTheyAre_data()
{
    jsonHasExactlyItsMembers_data();
    QTest::newRow("old") << SimDialect::Old;
}

void TestShow::fiftyTasksAreWhatTheyAre()
{
    QFETCH(const SimDialect, dialect);
    m_sim->setDialect(dialect);
    const std::vector<Script> scripts{Script::Quick,    Script::Normal,       Script::Nested,
                                      Script::Failing,  Script::Problems,     Script::NeverEnding,
                                      Script::LongWait, Script::StringResult, Script::ArrayResult,
                                      Script::LongTexts};
    QStringList arguments{u"--json"_s};
    QList<TaskId> tasks;
    for (int i = 0; i < 50; ++i) {
        StartOptions options;
        options.age = i * 7s;
        tasks += m_sim->start(scripts.at(static_cast<size_t>(i) % scripts.size()), options);
        arguments += tasks.last().text();
    }
    const ProgramRun result = show(arguments);
    const QList<QJsonObject> objects = result.objects();
    QCOMPARE(objects.size(), tasks.size());
    for (qsizetype i = 0; i < tasks.size(); ++i) {
        QCOMPARE(objects.at(i)["taskId"_L1].toString(), tasks.at(i).text());
        QCOMPARE(objects.at(i)["outcome"_L1].toString(), kebabOf(m_sim->truth(tasks.at(i)).now));
    }
    QCOMPARE(result.status, 10); // some failed
}

/// Hours later, with every kind of end.
void TestShow::fiftyTasksAreWhatTheyBecame()
{
    QFETCH(const SimDialect, dialect);
    m_sim->setDialect(dialect);
    // Not these: one is 20 MB, the others are asked for again and again for ten seconds.
    const auto isSlow = [](Script script) {
        return script == Script::BigResult || script == Script::ForgottenEarly
               || script == Script::ForgottenLate;
    };
    StartOptions old;
    old.age = 3h;
    QStringList arguments{u"--json"_s};
    QList<TaskId> tasks;
    while (tasks.size() < 50) {
        for (const Script script : allScripts()) {
            if (isSlow(script) || tasks.size() == 50)
                continue;
            tasks += m_sim->start(script, old);
            arguments += tasks.last().text();
        }
    }
    const QList<QJsonObject> objects = show(arguments).objects();
    QCOMPARE(objects.size(), tasks.size());
    QSet<Outcome> met;
    for (qsizetype i = 0; i < tasks.size(); ++i) {
        const SimTruth truth = m_sim->truth(tasks.at(i));
        QCOMPARE(objects.at(i)["outcome"_L1].toString(), kebabOf(truth.now));
        if (isFinal(truth.eventual))
            QCOMPARE(truth.now, truth.eventual);
        met += truth.now;
    }
    for (const Outcome outcome :
         {Outcome::Completed, Outcome::CompletedWithProblems, Outcome::Failed, Outcome::Running})
        QVERIFY2(met.contains(outcome), qPrintable(kebabOf(outcome)));
}

void TestShow::peopleSeeStepsAndError()
{
    StartOptions old;
    old.age = 1h;
    const TaskId failed = m_sim->start(Script::Failing, old);
    const ProgramRun result = show({failed.text()});
    QCOMPARE(result.status, 10);
    QVERIFY(result.out.startsWith("✕ Failed · "));
    QVERIFY(result.out.contains("\n  ✓ "));
    QVERIFY(result.out.contains("\n  ✕ "));
    QVERIFY(result.out.contains("\n  Error:\n"));
    QVERIFY(result.err.isEmpty());
}

void TestShow::secretsAreMasked()
{
    StartOptions old;
    old.age = 1h;
    const TaskId task = m_sim->start(Script::SecretResult, old);
    const SimTask *const truth = m_sim->tasks().find(task);
    const QJsonObject reply =
        QJsonDocument::fromJson(m_sim->tasks().reply(*truth, SimDialect::Deployed)).object();
    const QString key = reply["result"_L1]["key"_L1].toString();
    QVERIFY(!key.isEmpty());
    for (const QStringList &options : {QStringList(), QStringList{u"--json"_s}}) {
        const ProgramRun result = show(QStringList{task.text()} + options);
        QCOMPARE(result.status, 0);
        QVERIFY(!result.out.contains(key.toUtf8()));
        QVERIFY(result.out.contains("•••"));
    }
}

void TestShow::wrongUseIsSaid_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("words");
    QTest::newRow("no ID") << QStringList{u"show"_s} << QByteArray("“show”");
    QTest::newRow("no server") << QStringList{u"show"_s, u"a"_s} << QByteArray("--server");
    QTest::newRow("command") << QStringList{u"shwo"_s} << QByteArray("taskwatch show");
    QTest::newRow("open http") << QStringList{u"show"_s, u"a"_s, u"--server"_s,
                                              u"http://guardian.example"_s}
                               << QByteArray("--allow-http");
    QTest::newRow("another's task") << QStringList{u"show"_s, u"https://other.example/task/a"_s,
                                                   u"--server"_s, u"https://guardian.example"_s}
                                    << QByteArray("--server https://other.example");
}

void TestShow::wrongUseIsSaid()
{
    QFETCH(const QStringList, arguments);
    QFETCH(const QByteArray, words);
    const ProgramRun result = run(arguments);
    QCOMPARE(result.status, 64);
    QVERIFY(result.out.isEmpty());
    QVERIFY2(result.err.contains(words), result.err.constData());
}

void TestShow::theStoredServerIsAsked()
{
    QVERIFY(!storeProfile(m_sim->apiRoot()).id.isNull());
    const TaskId task = m_sim->start(Script::Normal);
    QCOMPARE(run({u"show"_s, task.text()}).status, 0);
    QCOMPARE(run({u"show"_s, task.text(), u"--server"_s, u"production"_s}).status, 0);
    QCOMPARE(m_sim->requestsWith({}), 0); // nothing was probed
}

void TestShow::aDamagedProfileIsStorageTrouble()
{
    QVERIFY(!storeProfile(m_sim->apiRoot()).id.isNull());
    QFile file(Folders::below(m_folder->path()).config + u"/servers.json"_s);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("{") == 1);
    file.close();
    const TaskId task = m_sim->start(Script::Normal);
    for (int time = 0; time < 2; ++time) { // a command only reads: it is the window's to mend
        const ProgramRun result = run({u"show"_s, task.text()});
        QCOMPARE(result.status, 70);
        QVERIFY(result.err.contains("servers.json is damaged"));
    }
    QCOMPARE(QFileInfo(file).size(), 1);
}

void TestShow::damagedSettingsAreLeftToTheWindow()
{
    const Folders folders = Folders::below(m_folder->path());
    QVERIFY(folders.create());
    QFile file(folders.config + u"/settings.json"_s);
    const QByteArray damaged = R"({"historyDays": 365, "secretRules": {"Create)";
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(damaged) == damaged.size());
    file.close();
    const TaskId task = m_sim->start(Script::Normal);
    for (int time = 0; time < 2; ++time) {
        const ProgramRun result =
            run({u"show"_s, task.text(), u"--server"_s, m_sim->siteUrl().toString()});
        QCOMPARE(result.status, 0);
        QVERIFY2(result.err.contains("settings.json is damaged"), result.err.constData());
    }
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), damaged);
    QCOMPARE(QDir(folders.config).entryList(QDir::Files), QStringList{u"settings.json"_s});
}

void TestShow::withoutATokenSignInIsNeeded()
{
    const TaskId task = m_sim->start(Script::Normal);
    const QStringList arguments{u"show"_s, task.text(), u"--json"_s, u"--server"_s,
                                m_sim->siteUrl().toString()};
    const ProgramRun foreign = run(arguments, {});
    QCOMPARE(foreign.status, 13);
    QVERIFY(foreign.err.contains("TASKWATCH_TOKEN"));
    QCOMPARE(foreign.object()["outcome"_L1].toString(), u"checking"_s);
    QCOMPARE(foreign.object()["connection"_L1].toString(), u"sign-in-needed"_s);
    QCOMPARE(foreign.object()["summary"_L1].toString(), u"There is no token for this server."_s);
    QCOMPARE(foreign.err.count("There is no token"), 1);
    QVERIFY2(!foreign.err.contains("refused"), foreign.err.constData());

    QVERIFY(!storeProfile(m_sim->apiRoot()).id.isNull()); // its token is in no keychain
    const ProgramRun stored = run(arguments, {});
    QCOMPARE(stored.status, 13);
    QCOMPARE(stored.object()["summary"_L1].toString(), u"There is no token for this server."_s);
    QVERIFY(!stored.err.isEmpty());
    QVERIFY2(!stored.err.contains("refused"), stored.err.constData());
    QCOMPARE(m_sim->requestsOf(task), 0);
}

void TestShow::theTokenIsSeenNowhere()
{
    const TaskId task = m_sim->start(Script::Normal);
    Fault slow;
    slow.kind = Fault::Kind::Silent;
    slow.taskId = task.text();
    m_sim->addFault(slow);

    QProcess process;
    process.setProcessEnvironment(ProgramRun::environment(marker));
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(ProgramRun::program(),
                  {u"show"_s, task.text(), u"--log-level"_s, u"debug"_s, u"--server"_s,
                   m_sim->siteUrl().toString(), u"--data-dir"_s, m_folder->path()});
    QTRY_VERIFY(m_sim->requestsWith(marker) > 0 || m_sim->requestsOf(task) > 0
                || m_sim->mostInFlightOfOneTask() > 0);
    for (const QString &name : {u"environ"_s, u"cmdline"_s}) {
        QFile file(u"/proc/%1/%2"_s.arg(process.processId()).arg(name));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray content = file.readAll();
        QVERIFY(content.contains(name == "environ"_L1 ? "HOME=" : "show"));
        QVERIFY(!content.contains(marker));
    }
    QSignalSpy finished(&process, &QProcess::finished);
    process.kill();
    QVERIFY(finished.wait());
    QVERIFY(!process.readAll().contains(marker));
}

void TestShow::aStoredTokenGoesToItsOwnServerOnly()
{
    GuardianSimulator other(m_clock);
    QVERIFY(other.listen());
    const ServerProfile own = storeProfile(m_sim->apiRoot());
    MemoryTokenStore tokens({});
    tokens.write(own.id, Credentials{{}, Secret(marker), {}}, this, [](const auto &) {});
    CommandLine line;
    line.mode = CommandLine::Mode::Show;
    line.tasks = {other.start(Script::Normal).text()};
    line.server = other.siteUrl().toString();

    const SystemClock clock;
    Showing showing(line, {own}, tokens, clock);
    QVERIFY(showing.opened);
    QTRY_COMPARE(showing.finished.size(), 1);
    QCOMPARE(showing.status(), ExitStatus::SignIn);
    QVERIFY(other.requests() > 0); // it was probed
    QCOMPARE(other.requestsWith(marker), 0);
}

void TestShow::aStoredTokenIsUsed()
{
    const ServerProfile own = storeProfile(m_sim->apiRoot());
    MemoryTokenStore tokens({});
    tokens.write(own.id, Credentials{{}, Secret(marker), {}}, this, [](const auto &) {});
    CommandLine line;
    line.mode = CommandLine::Mode::Show;
    line.tasks = {m_sim->start(Script::Normal).text()};
    line.server = m_sim->siteUrl().toString(); // found by probing

    const SystemClock clock;
    Showing showing(line, {own}, tokens, clock);
    QVERIFY(showing.opened);
    QTRY_COMPARE(showing.finished.size(), 1);
    QCOMPARE(showing.status(), ExitStatus::Good);
    QVERIFY(!showing.out.data().contains(marker) && !showing.err.data().contains(marker));
}

void TestShow::ofTwoServersAtOneAddressTheNamedOneIsAsked()
{
    ServerProfile first = storeProfile(m_sim->apiRoot());
    first.name = u"First"_s;
    ServerProfile second = first;
    second.id = ServerId::create();
    second.name = u"Second"_s;
    const Secret alices(m_sim->accounts().makeAccessToken(u"alice"_s));
    MemoryTokenStore tokens({});
    tokens.write(first.id, Credentials{{}, Secret(marker), {}}, this, [](const auto &) {});
    tokens.write(second.id, Credentials{{}, alices, {}}, this, [](const auto &) {});
    CommandLine line;
    line.mode = CommandLine::Mode::Show;
    line.tasks = {m_sim->start(Script::Normal).text()};
    line.server = u"Second"_s;

    const SystemClock clock;
    const Showing named(line, {first, second}, tokens, clock);
    QTRY_COMPARE(named.finished.size(), 1);
    QVERIFY(m_sim->requestsWith(alices.reveal()) > 0);
    QCOMPARE(m_sim->requestsWith(marker), 0);

    for (const QString &unclear : {m_sim->apiRoot().toString(), m_sim->siteUrl().toString()}) {
        line.server = unclear;
        const int before = m_sim->requests();
        const Showing showing(line, {first, second}, tokens, clock);
        QTRY_COMPARE(showing.finished.size(), 1);
        QCOMPARE(showing.status(), ExitStatus::Usage);
        QVERIFY2(showing.err.data().contains("First, Second"), showing.err.data().constData());
        QCOMPARE(m_sim->requests(), before);
    }
}

void TestShow::aTokenStoredForAnotherAddressIsNotSent()
{
    const ServerProfile own = storeProfile(m_sim->apiRoot());
    MemoryTokenStore tokens({});
    const Credentials kept = CredentialsEntry::bound({{}, Secret(marker), {}},
                                                     ApiRoot(QUrl(u"http://127.0.0.1:9/api/v1"_s)));
    tokens.write(own.id, kept, this, [](const auto &) {});
    CommandLine line;
    line.mode = CommandLine::Mode::Show;
    line.tasks = {m_sim->start(Script::Normal).text()};
    line.server = own.name;

    const SystemClock clock;
    Showing showing(line, {own}, tokens, clock);
    QVERIFY(showing.opened);
    QTRY_COMPARE(showing.finished.size(), 1);
    QCOMPARE(showing.status(), ExitStatus::SignIn);
    QVERIFY(showing.err.data().contains("There is no token for"));
    QCOMPARE(m_sim->requests(), 0);
}

void TestShow::aGivenTokenGoesWithTheStoredProxyPassword()
{
    TunnelProxy proxy(TunnelProxy::Kind::Socks5, m_sim->port());
    proxy.setLogin("alice:of the proxy");
    ServerProfile own = storeProfile(m_sim->apiRoot());
    own.proxy = {ProxyChoice::Kind::Socks5, u"127.0.0.1"_s, proxy.port(), u"alice"_s};
    MemoryTokenStore tokens({});
    tokens.write(own.id, Credentials{Secret("old"), {}, Secret("of the proxy")}, this,
                 [](const auto &) {});
    CommandLine line;
    line.mode = CommandLine::Mode::Show;
    line.tasks = {m_sim->start(Script::Normal).text()};
    line.server = own.name;
    line.token = Secret(marker);

    const SystemClock clock;
    Showing showing(line, {own}, tokens, clock);
    QVERIFY(showing.opened);
    QTRY_COMPARE(showing.finished.size(), 1);
    QCOMPARE(showing.status(), ExitStatus::Good);
    QVERIFY(proxy.logins().contains("alice:of the proxy"));
    QVERIFY(m_sim->requestsWith(marker) > 0);
}

/// In the other's variable.
void TestShow::aGivenTokenIsUsedAsWhatItIs()
{
    MemoryTokenStore none(u"a test has no keychain"_s);
    const SystemClock clock; // between the renewal and the request some time passes
    CommandLine line;
    line.mode = CommandLine::Mode::Show;
    line.server = m_sim->siteUrl().toString();
    line.tasks = {m_sim->start(Script::NeverEnding).text()};
    line.refreshToken = Secret(m_sim->accounts().makeAccessToken(u"alice"_s));
    const Showing access(line, {}, none, clock);
    QTRY_COMPARE(access.finished.count(), 1);
    QCOMPARE(access.status(), ExitStatus::Good);
    QVERIFY(access.err.data().contains("TASKWATCH_REFRESH_TOKEN holds an access token"));
    QCOMPARE(m_sim->accounts().renewals(), 0);
    line.token = Secret(m_sim->accounts().makeRefreshToken(u"alice"_s));
    line.refreshToken = {};
    const Showing refresh(line, {}, none, clock);
    QTRY_COMPARE(refresh.finished.count(), 1);
    QCOMPARE(refresh.status(), ExitStatus::Good);
    QVERIFY(refresh.err.data().contains("TASKWATCH_TOKEN holds a refresh token"));
    QCOMPARE(m_sim->accounts().renewals(), 1);
}

void TestShow::ofAServerThatCannotBeUsedOnlyTheCauseIsSaid()
{
    MemoryTokenStore none(u"a test has no keychain"_s);
    ServerProfile profile;
    profile.id = ServerId::create();
    profile.apiRoot = m_sim->apiRoot();
    profile.caFile = m_folder->filePath(u"gone.pem"_s);
    CommandLine line;
    line.mode = CommandLine::Mode::Show;
    line.tasks = {u"task-1"_s};
    const Showing showing(line, {profile}, none, m_clock);
    QTRY_COMPARE(showing.finished.count(), 1);
    QCOMPARE(showing.status(), exitStatusOf(PollError::Kind::Certificate));
    const QByteArray said = showing.err.data();
    QVERIFY2(said.contains("gone.pem") && said.count('\n') == 1, said.constData());
    QCOMPARE(m_sim->requests(), 0);
}

void TestShow::helpAndVersionNeedNothing()
{
    const ProgramRun help = run({u"--help"_s});
    QCOMPARE(help.status, 0);
    QVERIFY(help.out.contains("taskwatch show ID"));
    const ProgramRun version = run({u"--version"_s});
    QCOMPARE(version.status, 0);
    QCOMPARE(version.out, QByteArray("Taskwatch " TASKWATCH_VERSION "\n"));
}

QTEST_GUILESS_MAIN(TestShow)
#include "test_show.moc"
