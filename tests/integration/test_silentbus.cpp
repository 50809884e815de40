#include "account/folders.h"
#include "account/profilestore.h"
#include "desktop/networkwatch.h"
#include "desktop/silentbus.h"
#include "manualclock.h"
#include "privatebus.h"
#include "privatedisplay.h"
#include "programrun.h"

#include <QLocalServer>
#include <QLocalSocket>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <optional>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using SilentBus::Socket;

namespace {

constexpr auto soon = 50ms; ///< is given up who says nothing

/// A run of the program, to its first paint.
class Run
{
public:
    Run(const QProcessEnvironment &environment, const QString &folder)
    {
        m_process.setProcessEnvironment(environment);
        m_process.start(ProgramRun::program(),
                        {u"--data-dir"_s, folder, u"--end-after"_s, u"paint"_s});
    }
    ~Run()
    {
        if (m_process.state() != QProcess::NotRunning)
            m_process.kill();
        m_process.waitForFinished(10'000);
    }
    Q_DISABLE_COPY_MOVE(Run)

    [[nodiscard]] bool hasEnded() const { return m_process.state() == QProcess::NotRunning; }
    [[nodiscard]] bool hasPainted()
    {
        return m_process.readAllStandardOutput() == "painted\n" && m_process.exitCode() == 0;
    }

private:
    QProcess m_process;
};

/// With a server, so that its token is looked for.
bool prepare(const QString &folder)
{
    const Folders folders = Folders::below(folder);
    const ManualClock clock;
    ProfileStore profiles(folders.config, clock);
    if (!folders.create())
        return false;
    (void)profiles.load();
    ServerProfile profile;
    profile.id = ServerId::create();
    profile.name = u"Production"_s;
    profile.address = u"http://127.0.0.1:9"_s;
    profile.apiRoot = QUrl(u"http://127.0.0.1:9/api/v1"_s);
    return profiles.save({profile}).has_value();
}

} // namespace

/// A bus that takes connections and says nothing, as one does whose daemon was stopped.
class TestSilentBus final : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QLocalServer m_silent;
    QByteArray m_address;

    static QByteArray session() { return qgetenv("DBUS_SESSION_BUS_ADDRESS"); }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_silent.listen(m_folder.filePath(u"silent"_s)));
        m_address = "unix:path=" + m_silent.fullServerName().toUtf8();
    }
    void init()
    {
        qputenv("DBUS_SESSION_BUS_ADDRESS", m_address);
        qputenv("DBUS_SYSTEM_BUS_ADDRESS", m_address);
    }

    void addressesAreRead_data()
    {
        QTest::addColumn<QString>("addresses");
        QTest::addColumn<std::optional<Socket>>("socket");
        using Found = std::optional<Socket>;
        QTest::newRow("path") << u"unix:path=/run/user/0/bus,guid=1f"_s
                              << Found({u"/run/user/0/bus"_s, false});
        QTest::newRow("abstract") << u"unix:guid=1f,abstract=/tmp/dbus-1"_s
                                  << Found({u"/tmp/dbus-1"_s, true});
        QTest::newRow("escaped") << u"unix:path=/a%20b"_s << Found({u"/a b"_s, false});
        QTest::newRow("first") << u"unix:path=/1;unix:path=/2"_s << Found({u"/1"_s, false});
        QTest::newRow("other") << u"tcp:host=localhost,port=1"_s << Found();
        QTest::newRow("none") << QString() << Found();
        QTest::newRow("nonsense") << u"unix:"_s << Found();
    }
    void addressesAreRead()
    {
        QFETCH(QString, addresses);
        QFETCH(std::optional<Socket>, socket);
        QCOMPARE(SilentBus::socketOf(addresses), socket);
    }

    void onlyASilentBusIsWithheld()
    {
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"bus does not answer"_s));
        SilentBus::withholdSession(soon);
        QVERIFY(session() != m_address);
        const QByteArray withheld = session();
        SilentBus::withholdSession(); // there is none
        QCOMPARE(session(), withheld);
        PrivateBus bus;
        QCOMPARE(bus.start(), QString());
        SilentBus::withholdSession();
        QCOMPARE(session(), bus.address().toUtf8());
        QVERIFY(SilentBus::isSystemSilent(soon));
        qputenv("DBUS_SYSTEM_BUS_ADDRESS", session());
        QVERIFY(!SilentBus::isSystemSilent());
    }

    void theSystemsNetworksAreNotAskedFor()
    {
        NetworkWatch watch;
        watch.start();
        QVERIFY(!QNetworkInformation::instance());
    }

    void theWindowIsPaintedAndTheProgramEnds()
    {
        PrivateDisplay display;
        QCOMPARE(display.start(), QString());
        const QString folders[]{m_folder.filePath(u"1"_s), m_folder.filePath(u"2"_s)};
        for (const QString &folder : folders)
            QVERIFY(prepare(folder));
        QProcessEnvironment environment = display.environment();
        Run onX11(environment, folders[0]); // where Qt asks for the bus itself
        environment.insert(u"QT_QPA_PLATFORM"_s, u"offscreen"_s);
        Run offscreen(environment, folders[1]);
        QTRY_VERIFY_WITH_TIMEOUT(onX11.hasEnded() && offscreen.hasEnded(), 40'000);
        QVERIFY(onX11.hasPainted());
        QVERIFY(offscreen.hasPainted());
        QVERIFY(m_silent.hasPendingConnections()); // somebody did look for it
    }
};

QTEST_GUILESS_MAIN(TestSilentBus)
#include "test_silentbus.moc"
