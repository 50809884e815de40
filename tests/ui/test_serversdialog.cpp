#include "account/serverlistmodel.h"
#include "account/serversdialog.h"
#include "guardiansimulator.h"
#include "manualclock.h"
#include "widgetfinder.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace WidgetFinder;

class TestServersDialog final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_dialog.reset(); }

    void theModelKeepsItsRows();
    void showsWhatIsSet();
    void savesWhatIsTyped();
    void whatIsTypedStaysBesideOthers();
    void badInputIsSaidAndKept_data();
    void badInputIsSaidAndKept();
    void addsAServerThatIsThere();
    void aServerThatIsNotThereIsSavedOnASecondClick();
    void duplicatesWithoutTheAddressOfItsApi();
    void disablesAndEnables();
    void aRemovalCanBeUndoneUntilItCloses();
    void closingWarnsOfWhatIsNotSaved();
    void theProxysPasswordIsSavedWhereTyped();
    void everyControlHasAName();

private:
    [[nodiscard]] static ServerProfile profile(const QString &name);
    void type(const QString &name, const QString &text) const
    {
        auto *field = named<QLineEdit>(*m_dialog, name);
        field->selectAll();
        QTest::keyClick(field, Qt::Key_Delete);
        QTest::keyClicks(field, text);
    }
    [[nodiscard]] QString text(const QString &name) const
    {
        return named<QLineEdit>(*m_dialog, name)->text();
    }
    void click(const QString &text) const
    {
        QTest::mouseClick(button(*m_dialog, text), Qt::LeftButton);
    }
    [[nodiscard]] QString headline() const
    {
        return m_dialog->findChild<QLabel *>(u"headline"_s)->text();
    }
    [[nodiscard]] const QAbstractItemModel &list() const
    {
        return *m_dialog->findChild<QListView *>()->model();
    }
    [[nodiscard]] ServerProfile savedProfile() const
    {
        return m_saved->last().at(0).value<ServerProfile>();
    }

    ManualClock m_clock;
    ServerProfile m_first;
    ServerProfile m_second;
    std::unique_ptr<ServersDialog> m_dialog;
    std::unique_ptr<QSignalSpy> m_saved;
    std::unique_ptr<QSignalSpy> m_removed;
};

ServerProfile TestServersDialog::profile(const QString &name)
{
    ServerProfile profile;
    profile.id = ServerId::create();
    profile.name = name;
    profile.address = name.toLower() + u".example"_s;
    profile.apiRoot = QUrl(u"https://%1/api/v1"_s.arg(profile.address));
    return profile;
}

void TestServersDialog::init()
{
    m_first = profile(u"Production"_s);
    m_first.account = u"alice"_s;
    m_first.colourMark = 1;
    m_second = profile(u"Testnet"_s);
    m_dialog = std::make_unique<ServersDialog>(NetworkSettings{}, m_clock);
    m_saved = std::make_unique<QSignalSpy>(m_dialog.get(), &ServersDialog::saved);
    m_removed = std::make_unique<QSignalSpy>(m_dialog.get(), &ServersDialog::removed);
    m_dialog->setServers({{m_first, {}, {}}, {m_second, {}, {}}});
    m_dialog->show();
}

void TestServersDialog::theModelKeepsItsRows()
{
    ServerListModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    const ServerProfile third = profile(u"Third"_s);
    model.setRows({{m_first, {}, {}}, {m_second, {}, {}}}, {});
    const QPersistentModelIndex second = model.index(1);
    model.setRows({{third, {}, {}}, {m_first, {}, {}}, {m_second, {}, {}}}, {});
    QCOMPARE(second.row(), 2);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    ServerRow live{m_second, {}, {}};
    live.connection.state = Connection::Live;
    model.setRows({{third, {}, {}}, {m_first, {}, {}}, live}, {});
    QCOMPARE(changed.count(), 1);
    QVERIFY(second.data().toString().contains(u"live"_s));
    model.setRows({live}, {});
    QCOMPARE(second.row(), 0);
    QCOMPARE(model.rowOf(m_first.id), -1);
    model.setRows({}, {});
    QVERIFY(!second.isValid());
}

void TestServersDialog::showsWhatIsSet()
{
    QCOMPARE(text(u"Name"_s), u"Production"_s);
    QCOMPARE(text(u"Account"_s), u"alice"_s);
    QCOMPARE(named<QComboBox>(*m_dialog, u"Colour mark"_s)->currentText(), u"Red"_s);
    QVERIFY(!button(*m_dialog, u"Save"_s)->isEnabled()); // nothing differs
    m_dialog->choose(m_second.id);
    QCOMPARE(text(u"Name"_s), u"Testnet"_s);
    ServerRow signedIn{m_second, {}, {}};
    signedIn.session.state = SessionStatus::State::SignedIn;
    signedIn.session.username = u"bob"_s;
    m_dialog->setServers({{m_first, {}, {}}, signedIn});
    QCOMPARE(m_dialog->findChild<QLabel *>(u"session"_s)->text(), u"bob"_s);
}

void TestServersDialog::savesWhatIsTyped()
{
    type(u"Name"_s, u"Main"_s);
    named<QComboBox>(*m_dialog, u"Running tasks of yours"_s)->setFocus();
    QTest::keyClick(named<QComboBox>(*m_dialog, u"Running tasks of yours"_s), Qt::Key_End);
    click(u"Notifications for tasks of this server"_s);
    QTest::keyClick(named<QLineEdit>(*m_dialog, u"Name"_s), Qt::Key_Return);
    QCOMPARE(m_saved->count(), 1);
    ServerProfile expected = m_first;
    expected.name = u"Main"_s;
    expected.discovery = ServerProfile::Discovery::Track;
    expected.notifications = false;
    QCOMPARE(savedProfile(), expected);
    QVERIFY(!m_saved->first().at(1).value<std::optional<Secret>>());
}

void TestServersDialog::whatIsTypedStaysBesideOthers()
{
    type(u"Name"_s, u"Main"_s);
    m_dialog->choose(m_second.id);
    QCOMPARE(text(u"Name"_s), u"Testnet"_s);
    QVERIFY(list().index(0, 0).data().toString().contains(u"not saved"_s));
    // News of the connection touch nothing that is typed.
    m_dialog->setServers({{m_first, {}, {}}, {m_second, {}, {}}});
    m_dialog->choose(m_first.id);
    QCOMPARE(text(u"Name"_s), u"Main"_s);
    m_dialog->setServers({{m_first, {}, {}}, {m_second, {}, {}}});
    QCOMPARE(text(u"Name"_s), u"Main"_s);
    click(u"Revert"_s);
    QCOMPARE(text(u"Name"_s), u"Production"_s);
}

void TestServersDialog::badInputIsSaidAndKept_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("word");
    QTest::newRow("no address") << u"Address"_s << u""_s << u"missing"_s;
    QTest::newRow("no web address") << u"Address"_s << u"ftp://x.example"_s << u"address"_s;
    QTest::newRow("open http") << u"Address"_s << u"http://x.example"_s << u"encrypted"_s;
    QTest::newRow("no CA file") << u"CA file"_s << u"/nowhere/ca.pem"_s << u"CA file"_s;
}

void TestServersDialog::badInputIsSaidAndKept()
{
    QFETCH(const QString, field);
    QFETCH(const QString, value);
    QFETCH(const QString, word);
    type(u"Name"_s, u"Main"_s);
    type(field, value);
    click(u"Save"_s);
    QVERIFY2(headline().contains(word), qPrintable(headline()));
    QCOMPARE(m_saved->count(), 0);
    QCOMPARE(text(field), value);
    QCOMPARE(text(u"Name"_s), u"Main"_s);
}

void TestServersDialog::addsAServerThatIsThere()
{
    GuardianSimulator sim(m_clock);
    QVERIFY(sim.listen());
    click(u"Add"_s);
    QCOMPARE(list().rowCount(), 3);
    type(u"Address"_s, sim.siteUrl().toString());
    type(u"Name"_s, u"Local"_s);
    click(u"Save"_s);
    QTRY_COMPARE(m_saved->count(), 1);
    const ServerProfile saved = savedProfile();
    QCOMPARE(saved.apiRoot, sim.apiRoot());
    QCOMPARE(saved.name, u"Local"_s);
    QVERIFY(!saved.id.isNull());
    m_dialog->setServers({{m_first, {}, {}}, {m_second, {}, {}}, {saved, {}, {}}});
    QCOMPARE(list().rowCount(), 3);
    QCOMPARE(text(u"Name"_s), u"Local"_s); // still chosen
    QVERIFY(button(*m_dialog, u"Sign In…"_s)->isEnabled());
}

void TestServersDialog::aServerThatIsNotThereIsSavedOnASecondClick()
{
    GuardianSimulator sim(m_clock);
    QVERIFY(sim.listen());
    sim.goDown();
    click(u"Add"_s);
    type(u"Address"_s, sim.siteUrl().toString());
    click(u"Save"_s);
    QTRY_VERIFY(!headline().isEmpty() && headline() != u"Looking for the server…"_s);
    QCOMPARE(m_saved->count(), 0);
    QCOMPARE(text(u"Address"_s), sim.siteUrl().toString());
    click(u"Save Anyway"_s);
    QCOMPARE(m_saved->count(), 1);
    QVERIFY(!savedProfile().apiRoot.isEmpty());
    const QString place = m_dialog->findChild<QLabel *>(u"nextStep"_s)->text();
    QVERIFY2(place.contains(savedProfile().apiRoot.toDisplayString()), qPrintable(place));
}

void TestServersDialog::duplicatesWithoutTheAddressOfItsApi()
{
    click(u"Duplicate"_s);
    QCOMPARE(list().rowCount(), 3);
    QCOMPARE(text(u"Name"_s), u"Production (copy)"_s);
    QCOMPARE(text(u"Account"_s), u"alice"_s);
    QCOMPARE(m_saved->count(), 0);
}

void TestServersDialog::disablesAndEnables()
{
    type(u"Name"_s, u"Main"_s); // and is not saved by that
    click(u"Disable"_s);
    QCOMPARE(m_saved->count(), 1);
    ServerProfile disabled = m_first;
    disabled.enabled = false;
    QCOMPARE(savedProfile(), disabled);
    m_dialog->setServers({{disabled, {}, {}}, {m_second, {}, {}}});
    QVERIFY(list().index(0, 0).data().toString().contains(u"disabled"_s));
    QCOMPARE(text(u"Name"_s), u"Main"_s);
    click(u"Enable"_s);
    QCOMPARE(savedProfile(), m_first);
}

void TestServersDialog::aRemovalCanBeUndoneUntilItCloses()
{
    click(u"Remove"_s);
    QCOMPARE(list().rowCount(), 1);
    QCOMPARE(text(u"Name"_s), u"Testnet"_s);
    QCOMPARE(m_removed->count(), 0);
    click(u"Undo"_s);
    QCOMPARE(list().rowCount(), 2);
    QCOMPARE(text(u"Name"_s), u"Production"_s);
    m_dialog->choose(m_second.id);
    click(u"Remove"_s);
    QTest::keyClick(m_dialog.get(), Qt::Key_Escape);
    QCOMPARE(m_removed->count(), 1);
    QCOMPARE(m_removed->first().at(0).value<ServerId>(), m_second.id);
}

void TestServersDialog::closingWarnsOfWhatIsNotSaved()
{
    type(u"Name"_s, u"Main"_s);
    click(u"Close"_s);
    QVERIFY(m_dialog->isVisible());
    QVERIFY(headline().contains(u"not saved"_s));
    click(u"Close"_s);
    QVERIFY(!m_dialog->isVisible());
    QCOMPARE(m_saved->count(), 0);
}

void TestServersDialog::theProxysPasswordIsSavedWhereTyped()
{
    auto *proxy = named<QComboBox>(*m_dialog, u"Proxy"_s);
    proxy->setFocus();
    QTest::keyClick(proxy, Qt::Key_End);
    click(u"Save"_s);
    QVERIFY(headline().contains(u"proxy"_s));
    type(u"Proxy host"_s, u"proxy.example"_s);
    type(u"Proxy user"_s, u"paul"_s);
    type(u"Proxy password"_s, u"marker word"_s);
    click(u"Save"_s);
    QCOMPARE(m_saved->count(), 1);
    const ProxyChoice saved = savedProfile().proxy;
    QCOMPARE(saved.kind, ProxyChoice::Kind::Socks5);
    QCOMPARE(saved.host, u"proxy.example"_s);
    QVERIFY(saved.port > 0);
    QCOMPARE(saved.user, u"paul"_s);
    const auto password = m_saved->first().at(1).value<std::optional<Secret>>();
    QVERIFY(password && *password == Secret("marker word"));
}

void TestServersDialog::everyControlHasAName()
{
    named<QComboBox>(*m_dialog, u"Proxy"_s)->setCurrentIndex(3);
    QStringList unnamed;
    const auto widgets = m_dialog->findChildren<QWidget *>();
    for (const QWidget *widget : widgets) {
        const auto *box = qobject_cast<const QAbstractButton *>(widget);
        if (widget->focusPolicy() == Qt::NoFocus || widget->objectName().startsWith(u"qt_"_s)
            || (box && !box->text().isEmpty()) || !widget->isVisible())
            continue;
        if (widget->accessibleName().isEmpty())
            unnamed << QString::fromLatin1(widget->metaObject()->className());
    }
    QVERIFY2(unnamed.isEmpty(), qPrintable(unnamed.join(u' ')));
}

QTEST_MAIN(TestServersDialog)
#include "test_serversdialog.moc"
