#include "account/connectpage.h"
#include "account/signinform.h"
#include "account/tokentext.h"
#include "manualclock.h"
#include "widgetfinder.h"

#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace WidgetFinder;

class TestConnectPage final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_page.reset(); }

    void tokensAreTrimmedAndLoseTheirPrefix_data();
    void tokensAreTrimmedAndLoseTheirPrefix();
    void tokensThatNoHeaderCarriesAreRefused_data();
    void tokensThatNoHeaderCarriesAreRefused();

    void asksForWhatIsMissing();
    void saysWhatIsWrongWithAnAddress();
    void testsAndSavesWhatWasEntered();
    void enterSaves();
    void hidesTheTokenUntilAsked();
    void unencryptedConnectionsNeedConsent();
    void loopbackNeedsNoConsent();
    void takesUserNameAndPassword();
    void takesOneRequestAtATime();
    void savesAnywayOnlyWhatWasTested();
    void forgetsTheToken();

private:
    [[nodiscard]] QLineEdit &field(const QString &name) const
    {
        return *named<QLineEdit>(*m_page, name);
    }
    void type(const QString &name, const QString &text) const
    {
        field(name).clear();
        QTest::keyClicks(&field(name), text);
    }
    void click(const QString &text) const
    {
        QTest::mouseClick(button(*m_page, text), Qt::LeftButton);
    }
    [[nodiscard]] QString headline() const
    {
        return m_page->findChild<QLabel *>(u"headline"_s)->text();
    }
    [[nodiscard]] QString nextStep() const
    {
        return m_page->findChild<QLabel *>(u"nextStep"_s)->text();
    }

    ManualClock m_clock;
    std::unique_ptr<ConnectPage> m_page;
};

void TestConnectPage::init()
{
    m_page = std::make_unique<ConnectPage>(m_clock);
    m_page->show();
}

void TestConnectPage::tokensAreTrimmedAndLoseTheirPrefix_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QByteArray>("token");
    QTest::newRow("nothing") << u""_s << QByteArray();
    QTest::newRow("only spaces") << u"  \n"_s << QByteArray();
    QTest::newRow("as it is") << u"abc.def"_s << QByteArray("abc.def");
    QTest::newRow("around it") << u" \tabc\r\n"_s << QByteArray("abc");
    QTest::newRow("bearer") << u"Bearer abc"_s << QByteArray("abc");
    QTest::newRow("bearer, small") << u"bearer   abc "_s << QByteArray("abc");
    QTest::newRow("header") << u"Authorization: Bearer abc"_s << QByteArray("abc");
    QTest::newRow("begins alike") << u"bearerabc"_s << QByteArray("bearerabc");
}

void TestConnectPage::tokensAreTrimmedAndLoseTheirPrefix()
{
    QFETCH(const QString, typed);
    QFETCH(const QByteArray, token);
    const auto read = tokenFromText(typed);
    QVERIFY(read);
    QCOMPARE(read->reveal(), token);
}

void TestConnectPage::tokensThatNoHeaderCarriesAreRefused_data()
{
    QTest::addColumn<QString>("typed");
    QTest::newRow("space inside") << u"abc def"_s;
    QTest::newRow("line break inside") << u"abc\ndef"_s;
    QTest::newRow("two after the prefix") << u"Bearer abc def"_s;
    QTest::newRow("control character") << u"abc\u0007def"_s;
    QTest::newRow("other letters") << u"t\u00f6ken"_s;
    QTest::newRow("an ellipsis of a copied view") << u"eyJhb\u2026"_s;
}

void TestConnectPage::tokensThatNoHeaderCarriesAreRefused()
{
    QFETCH(const QString, typed);
    const auto read = tokenFromText(typed);
    QVERIFY(!read);
    QVERIFY(!read.error().isEmpty());
    QVERIFY(!read.error().contains(u"abc"_s)); // never repeats it
}

void TestConnectPage::asksForWhatIsMissing()
{
    const QSignalSpy saved(m_page.get(), &ConnectPage::saveRequested);
    click(u"Connect"_s);
    QVERIFY(headline().contains(u"address"_s));
    type(u"Address"_s, u"guardian.example"_s);
    QVERIFY(headline().isEmpty()); // what was said is of another entry
    click(u"Connect"_s);
    QVERIFY(headline().contains(u"token"_s));
    QCOMPARE(saved.count(), 0);
}

void TestConnectPage::saysWhatIsWrongWithAnAddress()
{
    const QSignalSpy tested(m_page.get(), &ConnectPage::testRequested);
    type(u"Address"_s, u"ftp://guardian.example"_s);
    type(u"Token"_s, u"abc"_s);
    click(u"Test Connection"_s);
    QVERIFY(!headline().isEmpty());
    QVERIFY(!nextStep().isEmpty());
    QCOMPARE(tested.count(), 0);
}

void TestConnectPage::testsAndSavesWhatWasEntered()
{
    QSignalSpy tested(m_page.get(), &ConnectPage::testRequested);
    QSignalSpy saved(m_page.get(), &ConnectPage::saveRequested);
    type(u"Address"_s, u" guardian.example "_s);
    type(u"Token"_s, u"Bearer abc"_s);
    type(u"Name"_s, u"Production"_s);
    click(u"Test Connection"_s);
    QCOMPARE(tested.count(), 1);
    const auto entry = tested.takeFirst().at(0).value<ConnectEntry>();
    QCOMPARE(entry.address, u"guardian.example"_s);
    QCOMPARE(entry.name, u"Production"_s);
    QVERIFY(entry.access.credentials.accessToken == Secret("abc"));
    QVERIFY(!entry.allowHttp);

    m_page->setResult(ConnectPage::Mood::Good, u"fine"_s, {});
    QCOMPARE(headline(), u"fine"_s);
    click(u"Connect"_s);
    QCOMPARE(saved.count(), 1);
    QCOMPARE(saved.first().at(1).toBool(), false);
}

void TestConnectPage::enterSaves()
{
    const QSignalSpy saved(m_page.get(), &ConnectPage::saveRequested);
    type(u"Address"_s, u"guardian.example"_s);
    type(u"Token"_s, u"abc"_s);
    QTest::keyClick(&field(u"Token"_s), Qt::Key_Return);
    QCOMPARE(saved.count(), 1);
}

void TestConnectPage::hidesTheTokenUntilAsked()
{
    QCOMPARE(field(u"Token"_s).echoMode(), QLineEdit::Password);
    click(u"Show"_s);
    QCOMPARE(field(u"Token"_s).echoMode(), QLineEdit::Normal);
    m_page->begin();
    QCOMPARE(field(u"Token"_s).echoMode(), QLineEdit::Password);
}

void TestConnectPage::unencryptedConnectionsNeedConsent()
{
    QSignalSpy saved(m_page.get(), &ConnectPage::saveRequested);
    auto *consent =
        qobject_cast<QCheckBox *>(button(*m_page, u"Send the token over unencrypted http"_s));
    QVERIFY(!consent->isVisible());
    type(u"Address"_s, u"http://guardian.example"_s);
    type(u"Token"_s, u"abc"_s);
    QVERIFY(consent->isVisible());
    click(u"Connect"_s);
    QVERIFY(headline().contains(u"encrypted"_s));
    QCOMPARE(saved.count(), 0);
    consent->click();
    click(u"Connect"_s);
    QCOMPARE(saved.count(), 1);
    QVERIFY(saved.first().at(0).value<ConnectEntry>().allowHttp);
}

void TestConnectPage::loopbackNeedsNoConsent()
{
    QSignalSpy saved(m_page.get(), &ConnectPage::saveRequested);
    type(u"Address"_s, u"http://localhost:3000"_s);
    type(u"Token"_s, u"abc"_s);
    click(u"Connect"_s);
    QCOMPARE(saved.count(), 1);
    QVERIFY(!saved.first().at(0).value<ConnectEntry>().allowHttp);
}

void TestConnectPage::takesUserNameAndPassword()
{
    QSignalSpy saved(m_page.get(), &ConnectPage::saveRequested);
    m_page->findChild<SignInForm *>()->setWay(SignInForm::Way::Password);
    type(u"Address"_s, u"guardian.example"_s);
    type(u"User name"_s, u"alice"_s);
    click(u"Connect"_s);
    QVERIFY(headline().contains(u"missing"_s));
    QCOMPARE(saved.count(), 0);
    QCOMPARE(m_page->focusWidget(), &field(u"Password"_s));
    type(u"Password"_s, u"marker word"_s);
    QTest::keyClick(&field(u"Password"_s), Qt::Key_Return);
    QCOMPARE(saved.count(), 1);
    const SignInEntry access = saved.first().at(0).value<ConnectEntry>().access;
    QCOMPARE(access.user, u"alice"_s);
    QVERIFY(access.password == Secret("marker word"));
    QVERIFY(!access.credentials.hasToken());
}

void TestConnectPage::takesOneRequestAtATime()
{
    const QSignalSpy tested(m_page.get(), &ConnectPage::testRequested);
    const QSignalSpy saved(m_page.get(), &ConnectPage::saveRequested);
    type(u"Address"_s, u"guardian.example"_s);
    type(u"Token"_s, u"abc"_s);
    m_page->setBusy(u"Looking…"_s);
    click(u"Test Connection"_s);
    click(u"Connect"_s);
    QTest::keyClick(&field(u"Token"_s), Qt::Key_Return);
    QCOMPARE(tested.count(), 0);
    QCOMPARE(saved.count(), 0);
    const QSignalSpy changed(m_page.get(), &ConnectPage::changed);
    type(u"Address"_s, u"other.example"_s);
    QVERIFY(changed.count() > 0);
    QVERIFY(!m_page->isBusy());
}

void TestConnectPage::savesAnywayOnlyWhatWasTested()
{
    QSignalSpy saved(m_page.get(), &ConnectPage::saveRequested);
    type(u"Address"_s, u"guardian.example"_s);
    type(u"Token"_s, u"abc"_s);
    m_page->setResult(ConnectPage::Mood::Bad, u"refused"_s, {});
    m_page->allowSavingAnyway();
    click(u"Save Anyway"_s);
    QCOMPARE(saved.count(), 1);
    QCOMPARE(saved.takeFirst().at(1).toBool(), true);
    QTest::keyClicks(&field(u"Token"_s), u"d"_s);
    click(u"Connect"_s);
    QCOMPARE(saved.count(), 1);
    QCOMPARE(saved.first().at(1).toBool(), false);
}

void TestConnectPage::forgetsTheToken()
{
    type(u"Token"_s, u"abc"_s);
    m_page->forgetSecrets();
    QVERIFY(field(u"Token"_s).text().isEmpty());
    QVERIFY(!field(u"Token"_s).isUndoAvailable());
}

QTEST_MAIN(TestConnectPage)
#include "test_connectpage.moc"
