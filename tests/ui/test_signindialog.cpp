#include "account/resultwords.h"
#include "account/sessionwords.h"
#include "account/signindialog.h"
#include "account/signinform.h"
#include "guardiansimulator.h"
#include "manualclock.h"
#include "testdata.h"
#include "widgetfinder.h"

#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSslKey>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace WidgetFinder;
using namespace std::chrono_literals;

namespace {

QByteArray read(const QString &name)
{
    QFile file(testDataPath(u"tls/"_s + name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QSslConfiguration selfSigned()
{
    auto tls = QSslConfiguration::defaultConfiguration();
    tls.setLocalCertificate(QSslCertificate(read(u"selfsigned.pem"_s)));
    tls.setPrivateKey(QSslKey(read(u"selfsigned.key"_s), QSsl::Ec));
    return tls;
}

} // namespace

/// The dialog against the simulator, driven by keys.
class TestSignInDialog final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void aRefreshTokenSignsIn();
    void userNameAndPasswordSignIn();
    void aPlainTokenSignsIn();
    void tokensAreKnownByTheirClaims();
    void anEndedTokenIsSaid();
    void aWrongPasswordIsSaid();
    void whatAPasswordGaveIsKept_data();
    void whatAPasswordGaveIsKept();
    void whatAPasswordGivesIsKeptWhenClosed_data();
    void whatAPasswordGivesIsKeptWhenClosed();
    void aWrongPasswordEndsWhatWasClosed();
    void aTokenIsNotTriedOnWhenClosed();
    void aRefusedTokenIsSaid();
    void anUnreachableServerIsSaid();
    void anUntrustedCertificateIsShown();
    void whileItIsBusyNothingIsSentTwice();
    void returnInAFieldSignsInAndCancelsNothing();
    void secretsLeaveTheFields();
    void noWordIsCutOff();
    void sessionsInWords();

private:
    void open(GuardianSimulator &sim);
    [[nodiscard]] QLineEdit &field(const QString &name) const
    {
        return *named<QLineEdit>(*m_dialog, name);
    }
    void choose(SignInForm::Way way) const
    {
        auto *choice = named<QComboBox>(*m_dialog, u"Sign in with"_s);
        choice->setFocus();
        QTest::keyClick(choice, Qt::Key_Home);
        for (int i = 0; i < int(way); ++i)
            QTest::keyClick(choice, Qt::Key_Down);
    }
    void type(const QString &name, const QString &text) const
    {
        field(name).clear();
        QTest::keyClicks(&field(name), text);
    }
    /// Its answer comes a second later.
    void delay(const QString &path) const
    {
        Fault late;
        late.path = path;
        late.delay = 1s;
        m_sim->addFault(late);
    }
    void submit() const { QTest::keyClick(m_dialog.get(), Qt::Key_Return); }
    [[nodiscard]] QString label(const QString &name) const
    {
        return m_dialog->findChild<QLabel *>(name)->text();
    }

    ManualClock m_clock;
    std::unique_ptr<GuardianSimulator> m_sim;
    std::unique_ptr<SignInDialog> m_dialog;
    std::unique_ptr<QSignalSpy> m_signedIn;
    std::unique_ptr<QSignalSpy> m_ended;
};

void TestSignInDialog::init()
{
    m_sim = std::make_unique<GuardianSimulator>(m_clock);
    QVERIFY(m_sim->listen());
    open(*m_sim);
}

void TestSignInDialog::cleanup()
{
    m_signedIn.reset();
    m_ended.reset();
    m_dialog.reset();
    m_sim.reset();
}

void TestSignInDialog::open(GuardianSimulator &sim)
{
    SignInTarget target;
    target.name = u"Production"_s;
    target.root = ApiRoot(sim.apiRoot());
    target.account = u"alice"_s;
    target.storageNote = u"Kept somewhere."_s;
    m_dialog = std::make_unique<SignInDialog>(target, m_clock);
    m_signedIn = std::make_unique<QSignalSpy>(m_dialog.get(), &SignInDialog::signedIn);
    m_ended = std::make_unique<QSignalSpy>(m_dialog.get(), &SignInDialog::ended);
    m_dialog->show();
    QVERIFY(QTest::qWaitForWindowActive(m_dialog.get()));
}

void TestSignInDialog::aRefreshTokenSignsIn()
{
    QVERIFY(field(u"Token"_s).hasFocus());
    const QByteArray token = m_sim->accounts().makeRefreshToken(u"alice"_s);
    type(u"Token"_s, u"Bearer "_s + QString::fromLatin1(token));
    QVERIFY(label(u"note"_s).contains(u"refresh token"_s));
    submit();
    QTRY_COMPARE(m_signedIn->count(), 1);
    const auto credentials = m_signedIn->first().at(0).value<Credentials>();
    QVERIFY(credentials.refreshToken == Secret(token));
    QCOMPARE(m_signedIn->first().at(1).value<SessionStatus>().username, u"alice"_s);
    QVERIFY(!m_dialog->isVisible());
    QCOMPARE(m_ended->count(), 1);
    QCOMPARE(m_sim->accounts().signIns(), 0);
}

void TestSignInDialog::userNameAndPasswordSignIn()
{
    choose(SignInForm::Way::Password);
    QCOMPARE(field(u"User name"_s).text(), u"alice"_s);               // offered
    QVERIFY(label(u"note"_s).contains(u"end your other sessions"_s)); // said before
    type(u"Password"_s, u"alice-password"_s);
    submit();
    QTRY_COMPARE(m_signedIn->count(), 1);
    const auto credentials = m_signedIn->first().at(0).value<Credentials>();
    QVERIFY(!credentials.refreshToken.isEmpty());
    QCOMPARE(m_sim->accounts().signIns(), 1); // once
}

void TestSignInDialog::aPlainTokenSignsIn()
{
    choose(SignInForm::Way::AccessToken);
    type(u"Token"_s, QString::fromLatin1(m_sim->accounts().plainToken()));
    submit();
    QTRY_COMPARE(m_signedIn->count(), 1);
    const auto credentials = m_signedIn->first().at(0).value<Credentials>();
    QVERIFY(credentials.accessToken == Secret(m_sim->accounts().plainToken()));
    QVERIFY(credentials.refreshToken.isEmpty());
}

void TestSignInDialog::tokensAreKnownByTheirClaims()
{
    choose(SignInForm::Way::AccessToken);
    const QByteArray refresh = m_sim->accounts().makeRefreshToken(u"alice"_s);
    type(u"Token"_s, QString::fromLatin1(refresh));
    QCOMPARE(label(u"note"_s), u"This is a refresh token; it will be used to renew access."_s);
    choose(SignInForm::Way::RefreshToken);
    type(u"Token"_s, QString::fromLatin1(m_sim->accounts().makeAccessToken(u"alice"_s)));
    QVERIFY(label(u"note"_s).startsWith(u"This is an access token; it will be used as it is"_s));
    type(u"Token"_s, u"plain"_s);
    QVERIFY(label(u"note"_s).contains(u"says nothing of itself"_s));

    choose(SignInForm::Way::AccessToken);
    type(u"Token"_s, QString::fromLatin1(refresh));
    submit();
    QTRY_COMPARE(m_signedIn->count(), 1);
    QVERIFY(m_signedIn->first().at(0).value<Credentials>().refreshToken == Secret(refresh));
}

void TestSignInDialog::anEndedTokenIsSaid()
{
    m_sim->accounts().setRefreshLife(1h);
    const QByteArray token = m_sim->accounts().makeRefreshToken(u"alice"_s);
    m_clock.advance(3h);
    type(u"Token"_s, QString::fromLatin1(token));
    submit();
    QVERIFY(label(u"headline"_s).contains(u"ended on"_s));
    QCOMPARE(m_sim->requests(), 0);
}

void TestSignInDialog::aWrongPasswordIsSaid()
{
    choose(SignInForm::Way::Password);
    type(u"Password"_s, u"guess"_s);
    submit();
    QTRY_COMPARE(label(u"headline"_s), u"User name or password is wrong."_s);
    QVERIFY(m_dialog->isVisible());
    QVERIFY(field(u"Password"_s).hasFocus());
    QTest::keyClicks(&field(u"Password"_s), u"x"_s);
    QVERIFY(label(u"headline"_s).isEmpty()); // it was about another entry
}

void TestSignInDialog::whatAPasswordGaveIsKept_data()
{
    QTest::addColumn<QString>("lost");
    QTest::addColumn<Fault::Kind>("how");
    QTest::newRow("the renewal") << u"accounts/access-token"_s << Fault::Kind::ResetInBody;
    QTest::newRow("the task") << u"tasks/"_s << Fault::Kind::Status;
}

/// The network goes away after the server has ended all other sessions for this one.
void TestSignInDialog::whatAPasswordGaveIsKept()
{
    QFETCH(const QString, lost);
    QFETCH(const Fault::Kind, how);
    Fault cut;
    cut.kind = how;
    cut.status = 502;
    cut.count = -1;
    cut.path = lost;
    m_sim->addFault(cut);
    choose(SignInForm::Way::Password);
    type(u"Password"_s, u"alice-password"_s);
    submit();
    QTRY_COMPARE(m_signedIn->count(), 1);
    QVERIFY(!m_signedIn->first().at(0).value<Credentials>().refreshToken.isEmpty());
    QVERIFY(m_dialog->isVisible());
    QVERIFY(label(u"headline"_s).startsWith(u"You are signed in, but"_s));
    QVERIFY(label(u"nextStep"_s).startsWith(u"The token is kept"_s));
    QVERIFY(field(u"Password"_s).text().isEmpty());
    const auto *close = qobject_cast<QPushButton *>(button(*m_dialog, u"Close"_s));
    QVERIFY(close && close->hasFocus() && close->isDefault());
    submit(); // ends it, and signs in nobody again
    QVERIFY(!m_dialog->isVisible());
    QCOMPARE(m_sim->accounts().signIns(), 1);
    QCOMPARE(m_signedIn->count(), 1);
}

void TestSignInDialog::whatAPasswordGivesIsKeptWhenClosed_data()
{
    QTest::addColumn<QString>("awaited");
    QTest::newRow("its answer") << u"accounts/login"_s;
    QTest::newRow("the renewal") << u"accounts/access-token"_s;
    QTest::newRow("the task") << u"tasks/"_s;
}

/// From when the password is on its way, the server may have ended all other sessions.
void TestSignInDialog::whatAPasswordGivesIsKeptWhenClosed()
{
    QFETCH(const QString, awaited);
    delay(awaited);
    choose(SignInForm::Way::Password);
    type(u"Password"_s, u"alice-password"_s);
    submit();
    QTRY_COMPARE(m_sim->requestsTo(awaited), 1);
    QVERIFY(label(u"nextStep"_s).contains(u"is kept"_s)); // said before it is closed
    QVERIFY(!button(*m_dialog, u"Cancel"_s));
    QTest::mouseClick(button(*m_dialog, u"Close"_s), Qt::LeftButton);
    QVERIFY(!m_dialog->isVisible());
    QVERIFY(field(u"Password"_s).text().isEmpty());
    QCOMPARE(m_signedIn->count(), 0);
    QCOMPARE(m_ended->count(), 0);
    m_clock.advance(1s);
    QTRY_COMPARE(m_signedIn->count(), 1);
    QVERIFY(!m_signedIn->first().at(0).value<Credentials>().refreshToken.isEmpty());
    QCOMPARE(m_ended->count(), 1);
    QVERIFY(!m_dialog->isVisible());
}

void TestSignInDialog::aWrongPasswordEndsWhatWasClosed()
{
    delay(u"accounts/login"_s);
    choose(SignInForm::Way::Password);
    type(u"Password"_s, u"guess"_s);
    submit();
    QTRY_COMPARE(m_sim->requestsTo(u"accounts/login"), 1);
    QTest::keyClick(m_dialog.get(), Qt::Key_Escape);
    QVERIFY(!m_dialog->isVisible());
    m_clock.advance(1s);
    QTRY_COMPARE(m_ended->count(), 1);
    QCOMPARE(m_signedIn->count(), 0);
}

/// Whoever pasted it has it.
void TestSignInDialog::aTokenIsNotTriedOnWhenClosed()
{
    delay(u"accounts/access-token"_s);
    type(u"Token"_s, QString::fromLatin1(m_sim->accounts().makeRefreshToken(u"alice"_s)));
    submit();
    QTRY_COMPARE(m_sim->requestsTo(u"accounts/access-token"), 1);
    QTest::mouseClick(button(*m_dialog, u"Cancel"_s), Qt::LeftButton);
    QCOMPARE(m_ended->count(), 1);
    QVERIFY(field(u"Token"_s).text().isEmpty());
    m_clock.advance(1s);
    QTRY_COMPARE(m_sim->log().back().status, 200);
    QCOMPARE(m_signedIn->count(), 0);
    QCOMPARE(m_ended->count(), 1);
}

void TestSignInDialog::aRefusedTokenIsSaid()
{
    const QByteArray token = m_sim->accounts().makeRefreshToken(u"alice"_s);
    m_sim->accounts().revoke(token);
    type(u"Token"_s, QString::fromLatin1(token));
    submit();
    QTRY_VERIFY(label(u"headline"_s).contains(u"refused"_s));
    QCOMPARE(m_signedIn->count(), 0);
    QVERIFY(!label(u"nextStep"_s).contains(QString::fromLatin1(token)));
}

void TestSignInDialog::anUnreachableServerIsSaid()
{
    m_sim->goDown();
    type(u"Token"_s, u"plain"_s);
    submit();
    QTRY_VERIFY(!label(u"headline"_s).isEmpty() && label(u"headline"_s) != u"Signing in…"_s);
    QVERIFY(!label(u"nextStep"_s).isEmpty());
    QVERIFY(m_dialog->isVisible());
    QCOMPARE(field(u"Token"_s).text(), u"plain"_s); // nothing is lost
}

void TestSignInDialog::anUntrustedCertificateIsShown()
{
    SimOptions options;
    options.tls = selfSigned();
    GuardianSimulator sim(m_clock, options);
    QVERIFY(sim.listen());
    open(sim);
    type(u"Token"_s, u"marker-token"_s);
    submit();
    auto *chain = named<QPlainTextEdit>(*m_dialog, u"The certificates that the server showed"_s);
    QTRY_VERIFY(chain->isVisible());
    for (const QString &part : {u"Subject:"_s, u"Issuer:"_s, u"Valid:"_s, u"SHA-256:"_s})
        QVERIFY2(chain->toPlainText().contains(part), qPrintable(part));
    const QSslCertificate own(read(u"selfsigned.pem"_s));
    QVERIFY(chain->toPlainText().contains(
        QString::fromLatin1(own.digest(QCryptographicHash::Sha256).toHex(':').toUpper())));
    QCOMPARE(sim.requests(), 0);
    const auto buttons = m_dialog->findChildren<QAbstractButton *>();
    for (const QAbstractButton *one : buttons)
        QVERIFY(!one->text().contains(u"anyway"_s, Qt::CaseInsensitive));
}

void TestSignInDialog::whileItIsBusyNothingIsSentTwice()
{
    type(u"Token"_s, QString::fromLatin1(m_sim->accounts().makeRefreshToken(u"alice"_s)));
    submit();
    QCOMPARE(label(u"headline"_s), u"Signing in…"_s);
    QVERIFY(!button(*m_dialog, u"Sign In"_s)->isEnabled());
    submit();
    QTRY_COMPARE(m_signedIn->count(), 1);
    QCOMPARE(m_sim->accounts().renewals(), 1);
}

/// While it works the fields are disabled, so that the focus moves on.
void TestSignInDialog::returnInAFieldSignsInAndCancelsNothing()
{
    named<QComboBox>(*m_dialog, u"Sign in with"_s)->setCurrentIndex(int(SignInForm::Way::Password));
    for (const QString &focused : {u""_s, u"User name"_s, u"Password"_s}) {
        type(u"Password"_s, u"wrong"_s);
        if (!focused.isEmpty())
            field(focused).setFocus();
        const int before = m_sim->requestsTo(u"accounts/login");
        QTest::keyClick(&field(focused.isEmpty() ? u"Password"_s : focused), Qt::Key_Return);
        QVERIFY(m_dialog->isVisible());
        QTRY_COMPARE(m_sim->requestsTo(u"accounts/login"), before + 1);
        QTRY_VERIFY(label(u"headline"_s).contains(u"wrong"_s));
        QVERIFY(m_dialog->isVisible());
    }
}

void TestSignInDialog::secretsLeaveTheFields()
{
    type(u"Token"_s, QString::fromLatin1(m_sim->accounts().plainToken()));
    QCOMPARE(field(u"Token"_s).echoMode(), QLineEdit::Password);
    submit();
    QTRY_COMPARE(m_signedIn->count(), 1);
    QVERIFY(field(u"Token"_s).text().isEmpty());
    QVERIFY(!field(u"Token"_s).isUndoAvailable());
}

/// Whatever was shown before.
void TestSignInDialog::noWordIsCutOff()
{
    const auto check = [this] {
        QCoreApplication::sendPostedEvents();
        const auto labels = m_dialog->findChildren<QLabel *>();
        for (const QLabel *one : labels) {
            if (!one->isVisible() || one->text().isEmpty() || !one->wordWrap())
                continue;
            QVERIFY2(one->height() >= one->heightForWidth(one->width()), qPrintable(one->text()));
        }
        const auto fields = m_dialog->findChildren<QLineEdit *>();
        for (const QLineEdit *one : fields)
            QVERIFY(!one->isVisible() || one->height() >= one->minimumSizeHint().height());
    };
    auto *ways = named<QComboBox>(*m_dialog, u"Sign in with"_s);
    for (const Qt::Key key : {Qt::Key_Down, Qt::Key_Down, Qt::Key_Up, Qt::Key_Up}) {
        QTest::keyClick(ways, key);
        check();
    }
    using Way = SignInForm::Way;
    for (const Way way : {Way::RefreshToken, Way::Password, Way::AccessToken, Way::Password,
                          Way::RefreshToken, Way::AccessToken}) {
        choose(way);
        check();
        submit(); // with nothing: a problem in words
        check();
    }
    type(u"Token"_s, QString::fromLatin1(m_sim->accounts().makeRefreshToken(u"alice"_s)));
    check();
    field(u"Token"_s).clear();
    choose(Way::AccessToken);
    check();
}

void TestSignInDialog::sessionsInWords()
{
    const QDateTime now = m_clock.now().wall;
    SessionStatus status;
    QCOMPARE(SessionWords::line(status, now), QString());
    status.state = SessionStatus::State::SignedIn;
    QCOMPARE(SessionWords::line(status, now), QString());
    status.username = u"bob"_s;
    QCOMPARE(SessionWords::line(status, now), u"bob"_s);
    status.role = u"USER"_s;
    status.accessExpiresAt = now.addSecs(50);
    QCOMPARE(SessionWords::line(status, now), u"bob, User · session 50 s"_s);
    status.renews = true; // the access token's end is nobody's concern
    QCOMPARE(SessionWords::line(status, now), u"bob, User"_s);
    status.refreshExpiresAt = now.addSecs(-1);
    QCOMPARE(SessionWords::timeLeft(status, now), u"session ended"_s);
}

QTEST_MAIN(TestSignInDialog)
#include "test_signindialog.moc"
