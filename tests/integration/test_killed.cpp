#include "account/memorytokenstore.h"
#include "application.h"
#include "guardiansimulator.h"
#include "mainwindow.h"
#include "manualclock.h"
#include "privatebus.h"
#include "privatedisplay.h"
#include "programrun.h"
#include "scaledclock.h"
#include "scripteddaemon.h"
#include "window/banner.h"

#include <QLabel>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr double pace = 10; ///< of the second run's clock
const QByteArray token = QByteArrayLiteral("a-token-of-this-test");

} // namespace

/// The real program, killed after the history has it that a task's end is told, and before it was.
class TestKilled final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void whatWasMarkedButNotToldIsListed();

private:
    /// What the history's file says of the task, as another process sees it.
    [[nodiscard]] QString onDisk(const QString &column) const;
    [[nodiscard]] static bool says(const QWidget &widget, const QString &text);

    ManualClock m_simClock;
    QTemporaryDir m_folder{QDir::tempPath() + u"/k-XXXXXX"_s};
    std::unique_ptr<PrivateBus> m_bus;
    std::unique_ptr<ScriptedDaemon> m_daemon;
    std::unique_ptr<GuardianSimulator> m_sim;
};

void TestKilled::initTestCase()
{
    m_bus = std::make_unique<PrivateBus>();
    const QString trouble = m_bus->start();
    QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
    m_daemon = std::make_unique<ScriptedDaemon>();
    QVERIFY(m_daemon->start(m_bus->address()));
    m_sim = std::make_unique<GuardianSimulator>(m_simClock);
    m_sim->accounts().setPlainToken(token);
    QVERIFY(m_sim->listen());
}

void TestKilled::cleanupTestCase()
{
    m_sim.reset();
    m_daemon.reset();
    m_bus.reset();
}

QString TestKilled::onDisk(const QString &column) const
{
    QString value;
    {
        QSqlDatabase file = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"probe"_s);
        file.setDatabaseName(m_folder.filePath(u"data/history.db"_s));
        file.setConnectOptions(u"QSQLITE_OPEN_READONLY"_s);
        if (file.open()) {
            QSqlQuery query(u"SELECT %1 FROM task"_s.arg(column), file);
            if (query.next())
                value = query.value(0).toString();
        }
    }
    QSqlDatabase::removeDatabase(u"probe"_s);
    return value;
}

bool TestKilled::says(const QWidget &widget, const QString &text)
{
    const auto labels = widget.findChildren<QLabel *>();
    return std::any_of(labels.cbegin(), labels.cend(),
                       [&text](const QLabel *label) { return label->text().contains(text); });
}

void TestKilled::whatWasMarkedButNotToldIsListed()
{
    const TaskId ended = m_sim->start(Script::Normal);
    QProcess program;
    QProcessEnvironment environment = ProgramRun::environment(token);
    environment.insert(u"DBUS_SESSION_BUS_ADDRESS"_s, m_bus->address());
    environment.insert(u"XDG_RUNTIME_DIR"_s, m_folder.path());
    environment.insert(u"QT_QPA_PLATFORM"_s, u"offscreen"_s);
    program.setProcessEnvironment(environment);
    const QStringList arguments{u"--data-dir"_s, m_folder.path(), u"--server"_s,
                                m_sim->siteUrl().toString(), u"--minimized"_s};
    QFile list(m_folder.filePath(u"watched"_s));
    QVERIFY(list.open(QIODevice::WriteOnly));
    list.write(ended.text().toUtf8());
    list.close();
    const QString trouble =
        startCompanion(program, ProgramRun::program(), {},
                       arguments + QStringList{u"--watch-file"_s, list.fileName()});
    QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
    m_simClock.advance(1s);
    QTRY_COMPARE_WITH_TIMEOUT(onDisk(u"outcome"_s), u"running"_s, 20'000);
    m_simClock.advance(1h);
    QTRY_COMPARE_WITH_TIMEOUT(onDisk(u"notified"_s), u"completed"_s, 20'000);
    program.kill();
    QVERIFY(program.waitForFinished());
    QCOMPARE(m_daemon->shown.size(), 0); // it was killed in between

    const ScaledClock clock(pace);
    ApplicationSetup setup;
    setup.folders = Folders::below(m_folder.path());
    setup.tokens = std::make_unique<MemoryTokenStore>(u"a test has no keychain"_s);
    setup.line.server = m_sim->siteUrl().toString();
    setup.line.token = Secret(token);
    const TaskId later = m_sim->start(Script::Failing);
    m_simClock.advance(1s);
    setup.watch = {{later, {}}};
    Application application(std::move(setup), clock);
    application.start();
    QTRY_VERIFY_WITH_TIMEOUT(application.isReady(), 20'000);
    const BannerBar &banner = application.window().banner();
    QVERIFY(banner.isShown(BannerKind::News));
    QVERIFY(says(banner, u"1 task finished meanwhile"_s));
    application.window().hide();
    const auto outcomeOf = [&application](const TaskId &id) {
        const QList<TaskKey> keys = application.tasks().keys();
        const auto key = std::find_if(keys.cbegin(), keys.cend(),
                                      [&id](const TaskKey &one) { return one.task == id; });
        return key == keys.cend() ? Outcome::Checking : application.tasks().find(*key)->outcome;
    };
    QTRY_COMPARE_WITH_TIMEOUT(outcomeOf(later), Outcome::Running, 20'000);
    m_simClock.advance(1h);
    QTRY_COMPARE_WITH_TIMEOUT(m_daemon->shown.size(), 1, 20'000);
    QVERIFY2(m_daemon->shown.constFirst().summary.endsWith(u" failed"_s), // and not of the first
             qPrintable(m_daemon->shown.constFirst().summary));
    QCOMPARE(outcomeOf(ended), Outcome::Completed);
}

QTEST_MAIN(TestKilled)
#include "test_killed.moc"
