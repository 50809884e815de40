#include "account/folders.h"
#include "account/profilestore.h"
#include "base/clock.h"
#include "guardian/parsetaskreply.h"
#include "history/historydatabase.h"
#include "history/usualfile.h"
#include "instance/instancelock.h"
#include "programrun.h"
#include "task/secretrule.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace {

const QDateTime start = QDateTime::fromMSecsSinceEpoch(1'780'000'000'000, Qt::UTC);

HistoryFunctions functions()
{
    return {
        [](const ReplyData &reply) { return parseTaskReply(reply); },
        [](const QByteArray &json, const QString &action) { return maskSecrets(json, action); }};
}

TaskRecord recordOf(const ServerId &server, const QString &id, Outcome outcome,
                    const QByteArray &rest)
{
    ReplyData reply;
    reply.httpStatus = 200;
    reply.body = R"({"taskId":")" + id.toUtf8() + R"(","action":"Publish policy",)" + rest + '}';
    TaskRecord record;
    record.key = {server, TaskId(id)};
    record.outcome = outcome;
    record.snapshot = std::make_shared<const TaskSnapshot>(parseTaskReply(reply).value());
    record.reply = std::make_shared<const ReplyData>(reply);
    record.watchedSince = start;
    return record;
}

} // namespace

/// `taskwatch list` and `export`, the real program on a real history.
class TestKept : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void withoutAHistoryThereIsNothing();
    void tasksAreListed();
    void tasksAreListedForSpreadsheets();
    void theFilterPicks();
    void theFilterSearchesTheHistory();
    void theFilterKnowsWhatWasUsual();
    void aWrongFilterIsWrongUse();
    void filesAreWritten_data();
    void filesAreWritten();
    void withoutAFileItGoesToStandardOutput();
    void whatCannotBeWrittenIsStorageTrouble();
    void aNewerHistoryIsLeftAlone();
    void whatWasExportedIsImported();
    void onlyRegularFilesAreImported();
    void aDamagedHistoryIsSaidBeforeAnImport();
    void nothingIsImportedBehindAWindow();
    void theOpenWindowTakesAnImport();

private:
    [[nodiscard]] ProgramRun run(const QStringList &arguments) const;
    void keepTasks();

    std::unique_ptr<QTemporaryDir> m_folder;
    Folders m_folders;
};

void TestKept::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_folders = Folders::below(m_folder->path());
}

ProgramRun TestKept::run(const QStringList &arguments) const
{
    return ProgramRun::of(arguments + QStringList{u"--data-dir"_s, m_folder->path()}, {});
}

void TestKept::keepTasks()
{
    QVERIFY(m_folders.create());
    ServerProfile profile;
    profile.id = ServerId::create();
    profile.name = u"Production"_s;
    profile.address = u"https://guardian.example"_s;
    profile.apiRoot = QUrl(u"https://guardian.example/api/v1"_s);
    const SystemClock clock;
    QVERIFY(ProfileStore(m_folders.config, clock).save({profile}));
    HistoryDatabase database(m_folders.data + u"/history.db"_s, functions());
    QVERIFY(database.open(start));
    TaskRecord labelled =
        recordOf(profile.id, u"a"_s, Outcome::Completed, R"("result":{"seed":"hunter2"})");
    labelled.label = u"\x1b[31miREC"_s;
    const QList<HistoryChange> changes{
        {labelled.key, false, labelled},
        {{profile.id, TaskId(u"b"_s)},
         false,
         recordOf(profile.id, u"b"_s, Outcome::Failed,
                  R"("statuses":[{"message":"Creating topics","type":"Completed"}],)"
                  R"("error":{"code":500,"message":"=boom","where":"ledger"})")}};
    QVERIFY(database.write(changes));
}

void TestKept::withoutAHistoryThereIsNothing()
{
    const ProgramRun list = run({u"list"_s});
    QCOMPARE(list.status, 0);
    QVERIFY(list.out.isEmpty());
    QVERIFY(!QFile::exists(m_folders.data + u"/history.db"_s)); // looking makes nothing
}

void TestKept::tasksAreListed()
{
    keepTasks();
    const ProgramRun list = run({u"list"_s});
    QVERIFY2(list.err.isEmpty(), list.err.constData());
    QCOMPARE(list.status, 0);
    QCOMPARE(list.out.count('\n'), 2);
    QVERIFY(list.out.startsWith("a  Completed"));
    QVERIFY(list.out.contains("\nb  Failed"));
    QVERIFY(list.out.contains("Production"));
    QVERIFY(!list.out.contains('\x1b'));
    const QList<QJsonObject> objects = run({u"list"_s, u"--json"_s}).objects();
    QCOMPARE(objects.size(), 2);
    QCOMPARE(objects.first()["taskId"_L1].toString(), u"a"_s);
    QCOMPARE(objects.first()["server"_L1].toString(), u"https://guardian.example/api/v1"_s);
    QCOMPARE(objects.last()["error"_L1]["message"_L1].toString(), u"=boom"_s);
    QVERIFY(!run({u"list"_s, u"--json"_s}).out.contains("hunter2"));
}

void TestKept::tasksAreListedForSpreadsheets()
{
    keepTasks();
    const ProgramRun list = run({u"list"_s, u"--csv"_s, u"--filter"_s, u"status:failed"_s});
    QCOMPARE(list.status, 0);
    QVERIFY2(list.err.isEmpty(), list.err.constData());
    const QList<QByteArray> lines = list.out.split('\n');
    QCOMPARE(lines.size(), 3); // the last is empty
    QVERIFY(lines.at(0).startsWith("\xef\xbb\xbfserver,serverUrl,taskId,"));
    QVERIFY(lines.at(1).startsWith("Production,https://guardian.example/api/v1,b,Publish policy,"));
    QVERIFY(lines.at(1).contains(",'=boom,")); // no formula
    QCOMPARE(list.out, run({u"export"_s, u"--csv"_s, u"--filter"_s, u"status:failed"_s}).out);
}

void TestKept::theFilterPicks()
{
    keepTasks();
    const ProgramRun failed = run({u"list"_s, u"--filter"_s, u"status:failed server:prod"_s});
    QVERIFY(failed.out.startsWith("b  "));
    QCOMPARE(failed.out.count('\n'), 1);
    QVERIFY(run({u"list"_s, u"--filter"_s, u"is:running"_s}).out.isEmpty());
}

/// As the window does: also in what no row shows.
void TestKept::theFilterSearchesTheHistory()
{
    keepTasks();
    const auto listed = [this](const QString &filter) {
        QStringList ids;
        const QList<QJsonObject> objects =
            run({u"list"_s, u"--json"_s, u"--filter"_s, filter}).objects();
        for (const QJsonObject &object : objects)
            ids += object["taskId"_L1].toString();
        return ids;
    };
    QCOMPARE(listed(u"topics"_s), QStringList(u"b"_s));                    // a step
    QCOMPARE(listed(u"ledger"_s), QStringList(u"b"_s));                    // in the error's details
    QCOMPARE(listed(u"topics status:failed boom"_s), QStringList(u"b"_s)); // and in the row
    QCOMPARE(listed(u"\"creating topics\""_s), QStringList(u"b"_s));
    QCOMPARE(listed(u"\"topics creating\""_s), QStringList());
    QCOMPARE(listed(u"topics status:completed"_s), QStringList());
    QCOMPARE(listed(u"topics nowhere"_s), QStringList());
    QCOMPARE(listed(u"policy"_s), (QStringList{u"a"_s, u"b"_s}));
    QCOMPARE(listed(u"hunter2"_s), QStringList());
    const ProgramRun done = run({u"export"_s, u"--json"_s, u"--filter"_s, u"topics"_s});
    QCOMPARE(QJsonDocument::fromJson(done.out)["tasks"_L1].toArray().size(), 1);
}

/// By tasks that are no longer kept.
void TestKept::theFilterKnowsWhatWasUsual()
{
    keepTasks();
    const SystemClock clock;
    const ServerId server = ProfileStore(m_folders.config, clock).load()->constFirst().id;
    const TaskRecord running = recordOf(server, u"c"_s, Outcome::Running,
                                        R"("date":"2026-05-28T20:26:40Z","info":{"progress":1})");
    {
        HistoryDatabase database(m_folders.data + u"/history.db"_s, functions());
        QVERIFY(database.open(start));
        QVERIFY(database.write({{running.key, false, running}}));
    }
    QVERIFY(run({u"list"_s, u"--filter"_s, u"is:slow"_s}).out.isEmpty());
    UsualFile::Lessons lessons;
    for (std::size_t i = 0; i < Baseline::fewestRuns; ++i)
        lessons.push_back({{server, TaskId(u"gone %1"_s.arg(i))},
                           u"Publish policy"_s,
                           std::chrono::seconds(1),
                           {}});
    QVERIFY(UsualFile(m_folders.data, clock).save(lessons));
    const ProgramRun list = run({u"list"_s, u"--filter"_s, u"is:slow"_s});
    QCOMPARE(list.status, 0);
    QVERIFY2(list.out.startsWith("c "), list.out.constData());
}

void TestKept::aWrongFilterIsWrongUse()
{
    keepTasks();
    const ProgramRun wrong = run({u"list"_s, u"--filter"_s, u"colour:red"_s});
    QCOMPARE(wrong.status, 64);
    QVERIFY2(wrong.err.contains("colour:"), wrong.err.constData());
}

void TestKept::filesAreWritten_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QByteArray>("begin");
    QTest::newRow("JSON by its name") << u"x.json"_s << QStringList() << QByteArray("{\"");
    QTest::newRow("CSV by its name")
        << u"x.csv"_s << QStringList() << QByteArray("\xef\xbb\xbfserver,");
    QTest::newRow("Markdown by its name")
        << u"x.md"_s << QStringList() << QByteArray("# Report of 2 tasks");
    QTest::newRow("CSV as told") << u"x.txt"_s << QStringList{u"--csv"_s}
                                 << QByteArray("\xef\xbb\xbfserver,");
}

void TestKept::filesAreWritten()
{
    QFETCH(const QString, name);
    QFETCH(const QStringList, options);
    QFETCH(const QByteArray, begin);
    keepTasks();
    const QString path = m_folder->filePath(name);
    const ProgramRun done = run(QStringList{u"export"_s, path} + options);
    QVERIFY2(done.status == 0, done.err.constData());
    QVERIFY(done.err.contains("Exported 2 tasks"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    QVERIFY2(bytes.startsWith(begin), bytes.constData());
    QVERIFY(!bytes.contains("hunter2"));
    if (name.endsWith(u".json"_s))
        QCOMPARE(QJsonDocument::fromJson(bytes)["tasks"_L1].toArray().size(), 2);
}

void TestKept::withoutAFileItGoesToStandardOutput()
{
    keepTasks();
    const ProgramRun done = run({u"export"_s, u"--json"_s, u"--filter"_s, u"status:failed"_s});
    QCOMPARE(done.status, 0);
    QCOMPARE(QJsonDocument::fromJson(done.out)["tasks"_L1].toArray().size(), 1);
    QCOMPARE(run({u"export"_s}).status, 64); // as what?
}

void TestKept::whatCannotBeWrittenIsStorageTrouble()
{
    keepTasks();
    const ProgramRun done = run({u"export"_s, m_folder->filePath(u"missing/x.csv"_s)});
    QCOMPARE(done.status, 70);
    QVERIFY(done.err.contains("x.csv"));
}

void TestKept::aNewerHistoryIsLeftAlone()
{
    keepTasks();
    QFile file(m_folders.data + u"/history.db"_s);
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.seek(60) && file.write(QByteArray::fromHex("00007fff")) == 4); // user_version
    file.close();
    const ProgramRun list = run({u"list"_s});
    QCOMPARE(list.status, 70);
    QVERIFY2(!list.err.isEmpty(), "nothing was said");
}

void TestKept::whatWasExportedIsImported()
{
    keepTasks();
    const QString path = m_folder->filePath(u"all.json"_s);
    QCOMPARE(run({u"export"_s, path}).status, 0);
    const ProgramRun before = run({u"list"_s, u"--json"_s});
    const ProgramRun again = run({u"import"_s, path});
    QCOMPARE(again.status, 0);
    QVERIFY2(again.err.contains("2 were here already"), again.err.constData());
    QVERIFY(QFile::remove(m_folders.data + u"/history.db"_s));
    const ProgramRun imported = run({u"import"_s, path});
    QCOMPARE(imported.status, 0);
    QVERIFY2(imported.err.contains("Imported 2 tasks"), imported.err.constData());
    QCOMPARE(run({u"list"_s, u"--json"_s}).out, before.out);
    QCOMPARE(run({u"import"_s, m_folder->filePath(u"nowhere.json"_s)}).status, 70);
    QCOMPARE(run({u"import"_s}).status, 64);
}

void TestKept::onlyRegularFilesAreImported()
{
    keepTasks();
    const QString pipe = m_folder->filePath(u"pipe"_s);
    QCOMPARE(::mkfifo(QFile::encodeName(pipe).constData(), 0600), 0);
    for (const QString &path : {pipe, m_folder->path(), u"/dev/zero"_s}) {
        const ProgramRun refused = run({u"import"_s, path});
        QCOMPARE(refused.status, 70);
        QVERIFY2(refused.err.contains("no regular file"), refused.err.constData());
    }
}

void TestKept::aDamagedHistoryIsSaidBeforeAnImport()
{
    keepTasks();
    const QString path = m_folder->filePath(u"all.json"_s);
    QCOMPARE(run({u"export"_s, path}).status, 0);
    QFile history(m_folders.data + u"/history.db"_s);
    QVERIFY(history.open(QIODevice::ReadWrite));
    QVERIFY(history.seek(8192));
    history.write(QByteArray(history.size() - 8192, '\xee'));
    history.close();
    const ProgramRun damaged = run({u"import"_s, path});
    QCOMPARE(damaged.status, 70);
    QVERIFY2(damaged.err.contains("history.db.damaged-"), damaged.err.constData());
    const ProgramRun again = run({u"import"_s, path});
    QVERIFY2(again.status == 0, again.err.constData());
    QCOMPARE(run({u"list"_s, u"--json"_s}).objects().size(), 2);
}

void TestKept::nothingIsImportedBehindAWindow()
{
    keepTasks();
    const QString path = m_folder->filePath(u"all.json"_s);
    QCOMPARE(run({u"export"_s, path}).status, 0);
    HistoryDatabase window(m_folders.data + u"/history.db"_s, functions());
    QVERIFY(window.open(start));
    const ProgramRun refused = run({u"import"_s, path});
    QCOMPARE(refused.status, 70);
    QVERIFY2(refused.err.contains("running"), refused.err.constData());
    QCOMPARE(run({u"list"_s}).status, 0); // looking is no harm
    window.close();
    QCOMPARE(run({u"import"_s, path}).status, 0);
}

void TestKept::theOpenWindowTakesAnImport()
{
    keepTasks();
    const QString path = m_folder->filePath(u"all.json"_s);
    QCOMPARE(run({u"export"_s, path}).status, 0);
    QVERIFY(QFile::remove(m_folders.data + u"/history.db"_s));
    QProcess window;
    QProcessEnvironment environment = ProgramRun::environment({});
    environment.insert(u"QT_QPA_PLATFORM"_s, u"offscreen"_s);
    window.setProcessEnvironment(environment);
    window.start(ProgramRun::program(), {u"--data-dir"_s, m_folder->path()});
    QVERIFY(window.waitForStarted());
    // It listens once it holds the lock; before, the import would do the work itself.
    const auto place = InstancePlace::of(m_folders);
    QVERIFY(place);
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(place->socket), 30'000);
    const ProgramRun imported = run({u"import"_s, path});
    QVERIFY2(imported.err.contains("running Taskwatch"), imported.err.constData());
    QCOMPARE(imported.status, 0);
    QTRY_COMPARE_WITH_TIMEOUT(run({u"list"_s, u"--json"_s}).objects().size(), 2, 30'000);
    window.terminate();
    QVERIFY(window.waitForFinished(20'000));
    QCOMPARE(run({u"list"_s, u"--json"_s}).objects().size(), 2);
}

QTEST_GUILESS_MAIN(TestKept)
#include "test_kept.moc"
