#include "account/memorytokenstore.h"
#include "account/serverdesk.h"
#include "account/serverdialogs.h"
#include "account/serversdialog.h"
#include "account/signindialog.h"
#include "account/signinform.h"
#include "guardian/engine.h"
#include "guardiansimulator.h"
#include "manualclock.h"
#include "widgetfinder.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPointer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace WidgetFinder;
using namespace std::chrono_literals;

/// What a sign-in gave reaches the right server, however late it comes.
class TestServerDialogs final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void aLateTokenOutlivesTheList();
    void aLateTokenGoesToNoOtherOrigin();
    void aLateTokenOfARemovedServerIsForgotten();

private:
    /// Asks for the sign-in with a password, and closes its dialog before the answer comes.
    void closeWhileSigningIn();
    void answer();

    ManualClock m_clock;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<GuardianSimulator> m_sim;
    std::unique_ptr<Engine> m_engine;
    std::unique_ptr<MemoryTokenStore> m_tokens;
    std::unique_ptr<ServerDesk> m_desk;
    std::unique_ptr<QWidget> m_window;
    std::unique_ptr<ServerDialogs> m_dialogs;
    ServerProfile m_profile;
    QPointer<SignInDialog> m_dialog;
};

void TestServerDialogs::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_sim = std::make_unique<GuardianSimulator>(m_clock);
    QVERIFY(m_sim->listen());
    m_engine = std::make_unique<Engine>(m_clock);
    m_tokens = std::make_unique<MemoryTokenStore>(QString());
    m_desk = std::make_unique<ServerDesk>(*m_engine, *m_tokens, m_folder->path(), m_clock);
    m_window = std::make_unique<QWidget>();
    m_dialogs = std::make_unique<ServerDialogs>(*m_desk, m_clock, *m_window);
    m_profile = {};
    m_profile.id = ServerId::create();
    m_profile.name = u"Production"_s;
    m_profile.account = u"alice"_s;
    m_profile.address = m_sim->siteUrl().toString();
    m_profile.apiRoot = m_sim->apiRoot();
    m_desk->save(m_profile);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
}

void TestServerDialogs::cleanup()
{
    m_dialogs.reset();
    m_window.reset();
    m_desk.reset();
    m_tokens.reset();
    m_engine.reset();
    m_sim.reset();
}

void TestServerDialogs::closeWhileSigningIn()
{
    Fault late;
    late.path = u"accounts/login"_s;
    late.delay = 1s;
    m_sim->addFault(late);
    m_dialogs->openServers(m_profile.id);
    m_dialogs->openSignIn(m_profile.id);
    m_dialog = m_window->findChild<SignInDialog *>();
    QVERIFY(m_dialog);
    named<QComboBox>(*m_dialog, u"Sign in with"_s)->setCurrentIndex(int(SignInForm::Way::Password));
    auto *password = named<QLineEdit>(*m_dialog, u"Password"_s);
    QTest::keyClicks(password, u"alice-password"_s);
    QTest::keyClick(password, Qt::Key_Return);
    QTRY_COMPARE(m_sim->requestsTo(u"accounts/login"), 1);
    m_dialog->close();
    const QPointer<ServersDialog> servers = m_window->findChild<ServersDialog *>();
    QVERIFY(servers);
    servers->close();
    QTRY_VERIFY(!servers);
}

void TestServerDialogs::answer()
{
    QVERIFY(m_dialog);
    m_clock.advance(1s);
    QTRY_VERIFY(!m_dialog); // it ends, in any case
    QCOMPARE(m_sim->accounts().signIns(), 1);
}

void TestServerDialogs::aLateTokenOutlivesTheList()
{
    closeWhileSigningIn();
    QVERIFY(!m_desk->credentials(m_profile.id).hasToken());
    answer();
    QVERIFY(!m_desk->credentials(m_profile.id).refreshToken.isEmpty());
}

void TestServerDialogs::aLateTokenGoesToNoOtherOrigin()
{
    closeWhileSigningIn();
    ServerProfile moved = m_profile;
    moved.apiRoot.setHost(u"localhost"_s);
    m_desk->save(moved);
    answer();
    QVERIFY(!m_desk->credentials(m_profile.id).hasToken());
}

void TestServerDialogs::aLateTokenOfARemovedServerIsForgotten()
{
    closeWhileSigningIn();
    m_desk->remove(m_profile.id);
    answer();
    QVERIFY(!m_desk->credentials(m_profile.id).hasToken());
}

QTEST_MAIN(TestServerDialogs)
#include "test_serverdialogs.moc"
