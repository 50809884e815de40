#include "base/applicationid.h"
#include "privatedisplay.h"
#include "programrun.h"

#include <QFile>
#include <QFileInfo>
#include <QHash>
#include <QSocketNotifier>
#include <QTemporaryDir>
#include <QTest>

#include <cstdlib>
#include <memory>
#include <vector>

#include <X11/SM/SMlib.h>

using namespace Qt::StringLiterals;

namespace {

/// A session manager (XSMP) that has one client at a time, asks it to save, and never ends it: what
/// must not be lost has to be on disk by then.
class SessionManager final
{
public:
    SessionManager() = default;
    Q_DISABLE_COPY_MOVE(SessionManager)
    ~SessionManager()
    {
        m_notifiers.clear();
        for (const SmsConn client : m_clients) {
            const IceConn connection = SmsGetIceConnection(client);
            SmsCleanUp(client);
            IceSetShutdownNegotiation(connection, False);
            IceCloseConnection(connection);
        }
        if (m_count > 0)
            IceFreeListenObjs(m_count, m_listeners);
    }

    /// Empty, or what is wrong.
    [[nodiscard]] QString start()
    {
        IceSetIOErrorHandler([](IceConn) {}); // the client is killed; the default ends us
        char error[256] = "";
        if (!SmsInitialize(
                "test", "1", &newClient, this, [](char *) { return Bool(True); }, sizeof error,
                error)
            || !IceListenForConnections(&m_count, &m_listeners, sizeof error, error))
            return QString::fromLocal8Bit(error);
        for (int i = 0; i < m_count; ++i) {
            IceSetHostBasedAuthProc(m_listeners[i], [](char *) { return Bool(True); });
            watch(IceGetListenConnectionNumber(m_listeners[i]), [this, i] { accept(i); });
        }
        return {};
    }
    [[nodiscard]] QString address() const
    {
        char *names = IceComposeNetworkIdList(m_count, m_listeners);
        QString address = QString::fromLocal8Bit(names);
        std::free(names);
        return address;
    }
    /// Also after one that is gone.
    void expectClient()
    {
        m_isSettled = false;
        m_clientId.clear();
        m_properties.clear();
    }
    [[nodiscard]] bool hasClient() const { return m_isSettled; }
    /// As it named itself, of an earlier session, or as it was named.
    [[nodiscard]] const QString &clientId() const { return m_clientId; }
    /// The session ends.
    void askToSave(int what = SmSaveBoth)
    {
        m_isSettled = false;
        SmsSaveYourself(m_clients.back(), what, True, SmInteractStyleNone, False);
    }
    [[nodiscard]] bool hasSaved() const { return m_isSettled; }
    /// What the client said of itself last. -1: nothing.
    [[nodiscard]] int restartHint() const
    {
        const QByteArray hint = m_properties.value(SmRestartStyleHint).value(0);
        return hint.isEmpty() ? -1 : hint.front();
    }
    [[nodiscard]] QStringList restartCommand() const
    {
        QStringList command;
        const QByteArrayList words = m_properties.value(SmRestartCommand);
        for (const QByteArray &word : words)
            command << QString::fromUtf8(word);
        return command;
    }

private:
    template<typename Then>
    void watch(int descriptor, Then then)
    {
        m_notifiers.push_back(std::make_unique<QSocketNotifier>(descriptor, QSocketNotifier::Read));
        QSocketNotifier *notifier = m_notifiers.back().get();
        QObject::connect(notifier, &QSocketNotifier::activated, notifier, then);
    }
    void accept(int listener)
    {
        IceAcceptStatus status = IceAcceptFailure;
        const IceConn connection = IceAcceptConnection(m_listeners[listener], &status);
        if (!connection)
            return;
        const int descriptor = IceConnectionNumber(connection);
        watch(descriptor, [this, connection, place = m_notifiers.size()] {
            if (IceProcessMessages(connection, nullptr, nullptr) != IceProcessMessagesSuccess)
                m_notifiers.at(place)->setEnabled(false);
        });
    }
    static Status newClient(SmsConn client, SmPointer data, unsigned long *mask,
                            SmsCallbacks *callbacks, char ** /*reason*/)
    {
        auto *manager = static_cast<SessionManager *>(data);
        manager->m_clients.push_back(client);
        *callbacks = {};
        callbacks->register_client.callback = [](SmsConn conn, SmPointer manager_, char *previous) {
            auto *const self = static_cast<SessionManager *>(manager_);
            char *id = previous ? previous : SmsGenerateClientID(conn);
            self->m_clientId = QString::fromLatin1(id);
            SmsRegisterClientReply(conn, id);
            std::free(id);
            if (previous)
                self->m_isSettled = true;
            else // as the protocol wants of a new client
                SmsSaveYourself(conn, SmSaveLocal, False, SmInteractStyleNone, False);
            return Status(1);
        };
        callbacks->register_client.manager_data = data;
        callbacks->interact_request.callback = [](SmsConn, SmPointer, int) {};
        callbacks->interact_done.callback = [](SmsConn, SmPointer, Bool) {};
        callbacks->save_yourself_request.callback = [](SmsConn, SmPointer, int, Bool, int, Bool,
                                                       Bool) {};
        callbacks->save_yourself_phase2_request.callback = [](SmsConn conn, SmPointer) {
            SmsSaveYourselfPhase2(conn);
        };
        callbacks->save_yourself_done.callback = [](SmsConn conn, SmPointer manager_, Bool) {
            SmsSaveComplete(conn);
            static_cast<SessionManager *>(manager_)->m_isSettled = true;
        };
        callbacks->save_yourself_done.manager_data = data;
        callbacks->close_connection.callback = [](SmsConn, SmPointer, int count, char **reasons) {
            SmFreeReasons(count, reasons);
        };
        callbacks->set_properties.callback = [](SmsConn, SmPointer manager_, int count,
                                                SmProp **properties) {
            for (int i = 0; i < count; ++i) {
                const SmProp &property = *properties[i];
                QByteArrayList values;
                for (int j = 0; j < property.num_vals; ++j)
                    values << QByteArray(static_cast<const char *>(property.vals[j].value),
                                         property.vals[j].length);
                static_cast<SessionManager *>(manager_)->m_properties.insert(property.name, values);
                SmFreeProperty(properties[i]);
            }
            std::free(properties);
        };
        callbacks->set_properties.manager_data = data;
        callbacks->delete_properties.callback = [](SmsConn, SmPointer, int count, char **names) {
            for (int i = 0; i < count; ++i)
                std::free(names[i]);
            std::free(names);
        };
        callbacks->get_properties.callback = [](SmsConn conn, SmPointer) {
            SmsReturnProperties(conn, 0, nullptr);
        };
        *mask = SmsRegisterClientProcMask | SmsInteractRequestProcMask | SmsInteractDoneProcMask
                | SmsSaveYourselfRequestProcMask | SmsSaveYourselfP2RequestProcMask
                | SmsSaveYourselfDoneProcMask | SmsCloseConnectionProcMask
                | SmsSetPropertiesProcMask | SmsDeletePropertiesProcMask | SmsGetPropertiesProcMask;
        return 1;
    }

    int m_count = 0;
    IceListenObj *m_listeners = nullptr;
    std::vector<SmsConn> m_clients; ///< the last one lives
    bool m_isSettled = false;       ///< it has done all that it was asked
    QString m_clientId;
    QHash<QByteArray, QByteArrayList> m_properties;
    std::vector<std::unique_ptr<QSocketNotifier>> m_notifiers;
};

} // namespace

/// The real program in a session that ends.
class TestSessionEnd final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { m_folder = std::make_unique<QTemporaryDir>(QDir::tempPath() + u"/s-XXXXXX"_s); }
    void cleanupTestCase();

    void theWindowIsSavedWhenTheSessionEnds();
    void theNextSessionStartsItTheSameWay_data();
    void theNextSessionStartsItTheSameWay();
    void whatStartsWithTheSessionIsNotStartedTwice();

private:
    /// In a session, until it has done what that asks of a new client. Null: it did not.
    [[nodiscard]] std::unique_ptr<QProcess> begin(const QStringList &arguments);
    [[nodiscard]] QStringList withData(const QStringList &arguments = {}) const
    {
        return QStringList{u"--data-dir"_s, m_folder->path()} + arguments;
    }

    std::unique_ptr<QTemporaryDir> m_iceFolder;
    std::unique_ptr<PrivateDisplay> m_display;
    std::unique_ptr<SessionManager> m_session;
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestSessionEnd::initTestCase()
{
    m_iceFolder = std::make_unique<QTemporaryDir>();
    qputenv("ICEAUTHORITY", m_iceFolder->filePath(u"ice"_s).toLocal8Bit());
    m_display = std::make_unique<PrivateDisplay>();
    QString trouble = m_display->start();
    QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
    m_session = std::make_unique<SessionManager>();
    trouble = m_session->start();
    QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
}

void TestSessionEnd::cleanupTestCase()
{
    m_session.reset();
    m_display.reset();
}

std::unique_ptr<QProcess> TestSessionEnd::begin(const QStringList &arguments)
{
    QProcessEnvironment environment = m_display->environment();
    environment.insert(u"SESSION_MANAGER"_s, m_session->address());
    environment.insert(u"XDG_RUNTIME_DIR"_s, m_folder->path());
    environment.insert(u"XDG_CONFIG_HOME"_s, m_folder->filePath(u"home"_s)); // autostart
    environment.insert(u"DBUS_SESSION_BUS_ADDRESS"_s, u"unix:path=/nonexistent/bus"_s);
    auto program = std::make_unique<QProcess>();
    program->setProcessEnvironment(environment);
    m_session->expectClient();
    const QString trouble = startCompanion(*program, ProgramRun::program(), {}, arguments);
    const auto hasClient = [this] { return m_session->hasClient(); };
    return trouble.isEmpty() && QTest::qWaitFor(hasClient, 20'000) ? std::move(program) : nullptr;
}

void TestSessionEnd::theWindowIsSavedWhenTheSessionEnds()
{
    const auto program = begin(withData());
    QVERIFY(program);
    const QString saved = m_folder->filePath(u"state/window.json"_s);
    (void)QFile::remove(saved); // of the protocol's first saving
    m_session->askToSave();
    QTRY_VERIFY_WITH_TIMEOUT(m_session->hasSaved(), 20'000);
    program->kill(); // the session does not wait
    QVERIFY(program->waitForFinished());
    QVERIFY(QFileInfo(saved).size() > 0);
}

void TestSessionEnd::theNextSessionStartsItTheSameWay_data()
{
    QTest::addColumn<int>("what");
    QTest::newRow("all") << int(SmSaveBoth);
    QTest::newRow("state") << int(SmSaveLocal);
    QTest::newRow("documents") << int(SmSaveGlobal);
}

void TestSessionEnd::theNextSessionStartsItTheSameWay()
{
    QFETCH(const int, what);
    const QStringList options{u"--server"_s, u"http://127.0.0.1:9"_s, u"--log-level"_s, u"error"_s,
                              u"--minimized"_s};
    // What was asked for once is not asked for again.
    auto program = begin(withData(options + QStringList{u"--action"_s, u"next-problem"_s}));
    QVERIFY(program);
    m_session->askToSave(what);
    QTRY_VERIFY_WITH_TIMEOUT(m_session->hasSaved(), 20'000);
    program->kill();
    QVERIFY(program->waitForFinished());
    QCOMPARE(m_session->restartHint(), SmRestartIfRunning);
    const QString id = m_session->clientId();
    QStringList command = m_session->restartCommand();
    QVERIFY(!command.isEmpty());
    const QString session = command.takeLast();
    QVERIFY(session.startsWith(id + u'_'));
    QCOMPARE(command,
             QStringList{ProgramRun::program()} + withData(options) + QStringList{u"-session"_s});

    // And that is a start that it understands, as the same client.
    program = begin(command.mid(1) + QStringList{session});
    QVERIFY(program);
    QCOMPARE(m_session->clientId(), id);
    endCompanion(*program);
}

void TestSessionEnd::whatStartsWithTheSessionIsNotStartedTwice()
{
    const QString folder = m_folder->filePath(u"home/autostart"_s);
    QVERIFY(QDir().mkpath(folder));
    QFile entry(folder + u"/%1.desktop"_s.arg(applicationId));
    QVERIFY(entry.open(QIODevice::WriteOnly) && entry.write("[Desktop Entry]\n") > 0);
    entry.close();
    const auto program = begin(withData());
    QVERIFY(program);
    m_session->askToSave();
    QTRY_VERIFY_WITH_TIMEOUT(m_session->hasSaved(), 20'000);
    QCOMPARE(m_session->restartHint(), SmRestartNever);
    endCompanion(*program);
}

QTEST_GUILESS_MAIN(TestSessionEnd)
#include "test_sessionend.moc"
