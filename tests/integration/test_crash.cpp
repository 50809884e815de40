#include "account/folders.h"
#include "account/profilestore.h"
#include "base/clock.h"
#include "guardiansimulator.h"

#include <QCryptographicHash>
#include <QDir>
#include <QElapsedTimer>
#include <QProcess>
#include <QRandomGenerator>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>
#include <QVariant>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int tasks = 500;
constexpr int patience = 120'000; // ms, for a slow machine
constexpr int endlessTasks = 400;
constexpr auto change = 500ms; ///< from one thing that such a task says to the next
// What the load is made of. How much of it the program shows a second, is this machine's: printed.
static_assert(endlessTasks * (1s / change) >= 100 && ServerProfile::maxRequestsPerSecond >= 100);
constexpr int slowdown = TASKWATCH_SLOWDOWN;
/// What was shown so long before a kill must be there after it.
constexpr qint64 promise = 1'000 * slowdown;

struct Shown {
    qint64 at = 0; ///< ms since 1970, as `changed`
    QByteArray outcome;
    qint64 changed = 0;
    QByteArray reply; ///< SHA-1 in hex, as `reply` in Kept
};

/// What one run of the program showed, in order.
using ShownStates = QHash<QByteArray, QList<Shown>>;

struct Kept {
    QByteArray outcome;
    qint64 changed = 0;
    QByteArray reply;
};

} // namespace

/// The real program, killed at random moments under load: what it showed a second before is there,
/// in its database and on its next start. The log of what it shows goes through a pipe to this
/// process, which lives on.
///
/// TASKWATCH_CRASH_KILLS=200 gives the long form.
class TestCrash : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void whatWasShownSurvivesEveryKill();
    void cleanupTestCase();

private:
    [[nodiscard]] std::unique_ptr<QProcess> startProgram() const;
    /// Takes what has arrived.
    void take(QProcess &program, ShownStates &shown);
    [[nodiscard]] QHash<QByteArray, Kept> kept(QString &integrity) const;

    SystemClock m_clock;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<GuardianSimulator> m_simulator;
    QList<TaskId> m_ids;
    qint64 m_lines = 0;
};

void TestCrash::initTestCase()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_simulator = std::make_unique<GuardianSimulator>(m_clock);
    QVERIFY(m_simulator->listen());
    // Most say something new twice a second, for ever; some come to an end.
    TaskPlan endless;
    endless.action = u"Publish policy"_s;
    endless.steps = {{u"Prepare"_s, 1s, 2, false, false, {}, {}},
                     {u"Mint"_s, 4h, int(4h / change), false, false, {}, {}}};
    endless.ending = TaskPlan::Ending::Never;
    QCOMPARE(std::chrono::milliseconds(tickOf(leavesOf(endless).at(1))), change);
    m_ids = m_simulator->startMany(endlessTasks, endless);
    m_ids += m_simulator->startMany(80, {Script::Normal, Script::Failing, Script::StringResult});
    // Those that ended before are shown once and stay: what is kept of them must be exactly that.
    TaskPlan over;
    over.action = u"Create token"_s;
    over.steps = {{u"Mint"_s, 1ms, 1, false, false, {}, {}}};
    over.result = u"0.0.1234"_s;
    m_ids += m_simulator->startMany(20, over);

    QCOMPARE(m_ids.size(), tasks);

    const Folders folders = Folders::below(m_folder->path());
    QVERIFY(folders.create());
    ServerProfile profile;
    profile.id = ServerId::create();
    profile.name = u"Test"_s;
    profile.address = m_simulator->siteUrl().toString();
    profile.apiRoot = m_simulator->apiRoot();
    profile.requestsPerSecond = ServerProfile::maxRequestsPerSecond;
    QVERIFY(ProfileStore(folders.config, m_clock).save({profile}));
    QFile list(m_folder->filePath(u"watch"_s));
    QVERIFY(list.open(QIODevice::WriteOnly));
    for (const TaskId &id : std::as_const(m_ids))
        list.write(id.text().toUtf8() + '\n');
}

std::unique_ptr<QProcess> TestCrash::startProgram() const
{
    auto program = std::make_unique<QProcess>();
    QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
    variables.insert(u"TASKWATCH_TOKEN"_s,
                     QString::fromLatin1(m_simulator->accounts().plainToken()));
    variables.insert(u"TASKWATCH_SHOWN_LOG"_s, u"/dev/stdout"_s);
    variables.insert(u"DBUS_SESSION_BUS_ADDRESS"_s, u"unix:path=/nowhere"_s);
    variables.insert(u"QT_QPA_PLATFORM"_s, u"offscreen"_s);
    program->setProcessEnvironment(variables);
    program->setProcessChannelMode(QProcess::ForwardedErrorChannel);
    program->start(QStringLiteral(TASKWATCH_PROGRAM),
                   {u"--data-dir"_s, m_folder->path(), u"--watch-file"_s,
                    m_folder->filePath(u"watch"_s), u"--log-level"_s, u"error"_s});
    return program;
}

void TestCrash::take(QProcess &program, ShownStates &shown)
{
    while (program.canReadLine()) {
        const QList<QByteArray> words = program.readLine().trimmed().split('\t');
        if (words.size() != 5)
            continue;
        ++m_lines;
        shown[words.at(1)].append(
            {words.at(0).toLongLong(), words.at(2), words.at(3).toLongLong(), words.at(4)});
    }
}

/// Read from a copy, so that the program itself has to recover the original.
QHash<QByteArray, Kept> TestCrash::kept(QString &integrity) const
{
    const QTemporaryDir copy;
    const QString folder = Folders::below(m_folder->path()).data;
    const QStringList names = QDir(folder).entryList({u"history.db*"_s}, QDir::Files);
    for (const QString &name : names)
        QFile::copy(folder + u'/' + name, copy.filePath(name));
    QHash<QByteArray, Kept> found;
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"crash"_s);
        database.setDatabaseName(copy.filePath(u"history.db"_s));
        if (database.open()) {
            QSqlQuery query(database);
            if (query.exec(u"PRAGMA integrity_check"_s) && query.next())
                integrity = query.value(0).toString();
            query.exec(u"SELECT task, outcome, changed_at, body FROM task"
                       " LEFT JOIN reply ON task_id = id"_s);
            while (query.next()) {
                const QByteArray body = query.value(3).toByteArray();
                found.insert(
                    query.value(0).toByteArray(),
                    {query.value(1).toByteArray(), query.value(2).toLongLong(),
                     query.value(3).isNull()
                         ? QByteArray()
                         : QCryptographicHash::hash(body, QCryptographicHash::Sha1).toHex()});
            }
        }
        database.close();
    }
    QSqlDatabase::removeDatabase(u"crash"_s);
    return found;
}

void TestCrash::whatWasShownSurvivesEveryKill()
{
    bool isNumber = false;
    const int wanted = qEnvironmentVariableIntValue("TASKWATCH_CRASH_KILLS", &isNumber);
    const int kills = isNumber ? wanted : 10 / slowdown;
    QRandomGenerator random(20'261'128);
    QHash<QByteArray, Shown> promised; // by task: what the run before showed in time
    qint64 checked = 0;
    qint64 compared = 0;
    qint64 running = 0;
    for (int round = 0; round < kills; ++round) {
        const auto program = startProgram();
        QVERIFY2(program->waitForStarted(), qPrintable(program->errorString()));
        ShownStates shown;
        // Until every task is shown; then a random while.
        const auto takeMore = [&] {
            take(*program, shown);
            return shown.size() >= tasks || program->state() != QProcess::Running;
        };
        QVERIFY(QTest::qWaitFor(takeMore, patience));
        QCOMPARE(program->state(), QProcess::Running);
        QCOMPARE(shown.size(), tasks);
        QElapsedTimer timer;
        timer.start();
        // The first lives long enough for its promise to hold for every task.
        const qint64 life = round == 0 ? promise + 500 : random.bounded(1'800 * slowdown);
        const auto isOver = [&] {
            take(*program, shown);
            return timer.hasExpired(life);
        };
        QVERIFY(QTest::qWaitFor(isOver, int(life) + patience));
        const qint64 killedAt = QDateTime::currentMSecsSinceEpoch();
        program->kill(); // SIGKILL
        QVERIFY(program->waitForFinished(10'000));
        take(*program, shown);
        running += timer.elapsed();

        // What the last kill left, was shown again.
        for (auto it = promised.cbegin(); it != promised.cend(); ++it) {
            const QList<Shown> states = shown.value(it.key());
            QVERIFY2(!states.isEmpty() && states.constFirst().changed >= it->changed,
                     it.key().constData());
        }
        promised.clear();
        QString integrity;
        const QHash<QByteArray, Kept> inFile = kept(integrity);
        QCOMPARE(integrity, u"ok"_s);
        for (auto it = shown.cbegin(); it != shown.cend(); ++it) {
            const auto late =
                std::find_if(it->crbegin(), it->crend(), [killedAt](const Shown &state) {
                    return state.at <= killedAt - promise;
                });
            if (late == it->crend())
                continue;
            ++checked;
            promised.insert(it.key(), *late);
            QVERIFY2(inFile.contains(it.key()), it.key().constData());
            const Kept state = inFile.value(it.key());
            QVERIFY2(state.changed >= late->changed,
                     qPrintable(u"%1: shown %2 with its change at %3, kept %4 at %5"_s.arg(
                         QString::fromUtf8(it.key()), QString::fromUtf8(late->outcome),
                         QString::number(late->changed), QString::fromUtf8(state.outcome),
                         QString::number(state.changed))));
            const auto isState = [&state](const Shown &one) {
                return one.changed == state.changed;
            };
            if (std::none_of(it->cbegin(), it->cend(), isState))
                continue; // kept, and killed before it was shown
            QVERIFY2(std::any_of(it->cbegin(), it->cend(),
                                 [&](const Shown &one) {
                                     return isState(one) && one.outcome == state.outcome
                                            && one.reply == state.reply;
                                 }),
                     it.key().constData());
            ++compared;
        }
    }
    const qint64 changes = m_lines - qint64(kills) * tasks;
    qInfo("%d kills, %lld states shown, %lld of them promised and found, %.0f changes/s", kills,
          static_cast<long long>(m_lines), static_cast<long long>(checked),
          1000.0 * double(changes) / double(std::max<qint64>(1, running)));
    QVERIFY(checked >= tasks && compared > 0);
    QVERIFY(changes > 0); // of the load something came as far as the window
}

void TestCrash::cleanupTestCase()
{
    m_simulator.reset();
}

int main(int argc, char *argv[])
{
    // The long form takes longer than Qt Test gives a function.
    if (qEnvironmentVariableIsSet("TASKWATCH_CRASH_KILLS")
        && !qEnvironmentVariableIsSet("QTEST_FUNCTION_TIMEOUT"))
        qputenv("QTEST_FUNCTION_TIMEOUT", "7200000");
    QCoreApplication application(argc, argv);
    TestCrash test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_crash.moc"
