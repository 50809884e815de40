#include "privatedisplay.h"
#include "programrun.h"

#include <QFileInfo>
#include <QSocketNotifier>
#include <QTemporaryDir>
#include <QTest>

#include <cstdlib>
#include <memory>
#include <vector>

#include <X11/SM/SMlib.h>

using namespace Qt::StringLiterals;

namespace {

/// A session manager (XSMP) that has one client, asks it to save, and never ends it: what must not
/// be lost has to be on disk by then.
class SessionManager final
{
public:
    SessionManager() = default;
    Q_DISABLE_COPY_MOVE(SessionManager)
    ~SessionManager()
    {
        m_notifiers.clear();
        if (m_client) {
            const IceConn connection = SmsGetIceConnection(m_client);
            SmsCleanUp(m_client);
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
    [[nodiscard]] bool hasClient() const { return m_client && m_isSettled; }
    /// The session ends.
    void askToSave()
    {
        m_isSettled = false;
        SmsSaveYourself(m_client, SmSaveBoth, True, SmInteractStyleNone, False);
    }
    [[nodiscard]] bool hasSaved() const { return m_isSettled; }

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
        manager->m_client = client;
        *callbacks = {};
        callbacks->register_client.callback = [](SmsConn conn, SmPointer, char *previous) {
            std::free(previous);
            char *id = SmsGenerateClientID(conn);
            SmsRegisterClientReply(conn, id);
            std::free(id);
            // As the protocol wants of a new client.
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
        callbacks->set_properties.callback = [](SmsConn, SmPointer, int count,
                                                SmProp **properties) {
            for (int i = 0; i < count; ++i)
                SmFreeProperty(properties[i]);
            std::free(properties);
        };
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
    SmsConn m_client = nullptr;
    bool m_isSettled = false; ///< it has done all that it was asked
    std::vector<std::unique_ptr<QSocketNotifier>> m_notifiers;
};

} // namespace

/// The real program in a session that ends.
class TestSessionEnd final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theWindowIsSavedWhenTheSessionEnds();
};

void TestSessionEnd::theWindowIsSavedWhenTheSessionEnds()
{
    const QTemporaryDir folder(QDir::tempPath() + u"/s-XXXXXX"_s);
    qputenv("ICEAUTHORITY", folder.filePath(u"ice"_s).toLocal8Bit());
    PrivateDisplay display;
    QString trouble = display.start();
    QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
    SessionManager session;
    trouble = session.start();
    QVERIFY2(trouble.isEmpty(), qPrintable(trouble));

    QProcessEnvironment environment = display.environment();
    environment.insert(u"SESSION_MANAGER"_s, session.address());
    environment.insert(u"XDG_RUNTIME_DIR"_s, folder.path());
    environment.insert(u"DBUS_SESSION_BUS_ADDRESS"_s, u"unix:path=/nonexistent/bus"_s);
    QProcess program;
    program.setProcessEnvironment(environment);
    trouble = startCompanion(program, ProgramRun::program(), {}, {u"--data-dir"_s, folder.path()});
    QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
    QTRY_VERIFY_WITH_TIMEOUT(session.hasClient(), 20'000);
    const QString saved = folder.filePath(u"state/window.json"_s);
    (void)QFile::remove(saved); // of the protocol's first saving
    session.askToSave();
    QTRY_VERIFY_WITH_TIMEOUT(session.hasSaved(), 20'000);
    program.kill(); // the session does not wait
    QVERIFY(program.waitForFinished());
    QVERIFY(QFileInfo(saved).size() > 0);
}

QTEST_GUILESS_MAIN(TestSessionEnd)
#include "test_sessionend.moc"
