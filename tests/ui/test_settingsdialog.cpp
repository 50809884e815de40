#include "settings/generalpage.h"
#include "settings/secretspage.h"
#include "settings/settingsdialog.h"
#include "widgetfinder.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTableWidget>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace WidgetFinder;
using namespace std::chrono_literals;

namespace {

Settings unusual()
{
    Settings settings;
    settings.requestsPerSecond = 7;
    settings.idleTimeout = 9s;
    settings.totalTimeout = 11s;
    settings.detailPlacement = Settings::DetailPlacement::Beside;
    return settings;
}

} // namespace

class TestSettingsDialog final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_dialog.reset(); }

    void showsWhatIsSet();
    void appliesWhatWasEditedAndStays();
    void okAppliesAndCloses();
    void okWithoutAChangeSaysNothing();
    void cancelAppliesNothing();
    void defaultsAreRestoredOnApplyOnly();
    void membersWithoutAPageStay();
    void theListShowsPages();
    void rulesOfSecretsAreEdited();
    void everyControlHasAName();

private:
    void hasNames();
    [[nodiscard]] QAbstractButton &press(const QString &text) const
    {
        return *button(*m_dialog, text);
    }
    /// A spin box by its row's label, as a screen reader finds it.
    [[nodiscard]] QWidget *labelled(const QString &text) const
    {
        const auto labels = m_dialog->findChildren<QLabel *>();
        for (const QLabel *label : labels) {
            if (label->text().remove(u'&') == text)
                return label->buddy();
        }
        return nullptr;
    }
    [[nodiscard]] QSpinBox &requests() const
    {
        return *qobject_cast<QSpinBox *>(labelled(u"Requests of a new server:"_s));
    }

    std::unique_ptr<SettingsDialog> m_dialog;
};

void TestSettingsDialog::init()
{
    m_dialog = std::make_unique<SettingsDialog>(unusual());
    m_dialog->addPage(new GeneralPage);
    m_dialog->show();
    QVERIFY(QTest::qWaitForWindowActive(m_dialog.get()));
}

void TestSettingsDialog::showsWhatIsSet()
{
    QCOMPARE(requests().value(), 7);
    QCOMPARE(m_dialog->settings(), unusual());
    QVERIFY(!press(u"Apply"_s).isEnabled());
}

void TestSettingsDialog::appliesWhatWasEditedAndStays()
{
    QSignalSpy applied(m_dialog.get(), &SettingsDialog::applied);
    requests().setValue(50);
    auto *place = qobject_cast<QComboBox *>(labelled(u"Place of the details:"_s));
    place->setCurrentIndex(place->findText(u"Below the table"_s));
    QVERIFY(press(u"Apply"_s).isEnabled());
    QCOMPARE(applied.count(), 0);
    press(u"Apply"_s).click();
    Settings expected = unusual();
    expected.requestsPerSecond = 50;
    expected.detailPlacement = Settings::DetailPlacement::Below;
    QCOMPARE(applied.count(), 1);
    QCOMPARE(applied.first().first().value<Settings>(), expected);
    QVERIFY(!press(u"Apply"_s).isEnabled());
    QVERIFY(m_dialog->isVisible());
}

void TestSettingsDialog::okAppliesAndCloses()
{
    QSignalSpy applied(m_dialog.get(), &SettingsDialog::applied);
    requests().setValue(50);
    QTest::keyClick(&requests(), Qt::Key_Return); // OK is the default button
    QCOMPARE(applied.count(), 1);
    QVERIFY(!m_dialog->isVisible());
}

void TestSettingsDialog::okWithoutAChangeSaysNothing()
{
    QSignalSpy applied(m_dialog.get(), &SettingsDialog::applied);
    press(u"OK"_s).click();
    QCOMPARE(applied.count(), 0);
    QVERIFY(!m_dialog->isVisible());
}

void TestSettingsDialog::cancelAppliesNothing()
{
    QSignalSpy applied(m_dialog.get(), &SettingsDialog::applied);
    requests().setValue(50);
    QTest::keyClick(m_dialog.get(), Qt::Key_Escape);
    QCOMPARE(applied.count(), 0);
    QVERIFY(!m_dialog->isVisible());
}

void TestSettingsDialog::defaultsAreRestoredOnApplyOnly()
{
    QSignalSpy applied(m_dialog.get(), &SettingsDialog::applied);
    press(u"Restore Defaults"_s).click();
    QCOMPARE(requests().value(), Settings().requestsPerSecond);
    QCOMPARE(applied.count(), 0);
    press(u"Apply"_s).click();
    QCOMPARE(applied.first().first().value<Settings>(), Settings());
}

void TestSettingsDialog::membersWithoutAPageStay()
{
    SettingsDialog empty(unusual());
    Settings changed = unusual();
    changed.idleTimeout = 100s; // e.g. from a menu, meanwhile
    empty.setCurrent(changed);
    QCOMPARE(empty.settings(), changed);
}

void TestSettingsDialog::theListShowsPages()
{
    auto *second = new GeneralPage;
    second->setWindowTitle(u"Another"_s);
    m_dialog->addPage(second);
    auto *list = named<QListWidget>(*m_dialog, u"Pages"_s);
    QCOMPARE(list->count(), 2);
    QCOMPARE(list->currentRow(), 0);
    QVERIFY(!second->isVisible());
    list->setFocus();
    QTest::keyClick(list, Qt::Key_Down);
    QVERIFY(second->isVisible());
}

void TestSettingsDialog::rulesOfSecretsAreEdited()
{
    Settings before = unusual();
    before.secretRules.set(u"Create token"_s, SecretRule::ShowAll);
    before.secretRules.set(u"Publish policy"_s, SecretRule::ByName);
    SettingsDialog dialog(before);
    dialog.addPage(new SecretsPage);
    dialog.show();
    QVERIFY(QTest::qWaitForWindowActive(&dialog));
    QSignalSpy applied(&dialog, &SettingsDialog::applied);
    auto *table = named<QTableWidget>(dialog, u"Rules by action"_s);
    QCOMPARE(table->rowCount(), 2);
    QCOMPARE(table->item(0, 0)->text(), u"Create token"_s);
    QCOMPARE(qobject_cast<QComboBox *>(table->cellWidget(0, 1))->currentText(), u"Show all"_s);
    QCOMPARE(dialog.settings(), before);

    QVERIFY(!button(dialog, u"Remove"_s)->isEnabled());
    table->selectRow(0);
    button(dialog, u"Remove"_s)->click();
    QCOMPARE(table->rowCount(), 1);
    button(dialog, u"Add"_s)->click();
    auto *editor = table->findChild<QLineEdit *>();
    QVERIFY(editor); // typing goes on at once
    QTest::keyClicks(editor, u"Wipe"_s);
    QTest::keyClick(editor, Qt::Key_Return);
    auto *choice = qobject_cast<QComboBox *>(table->cellWidget(1, 1));
    QCOMPARE(choice->currentText(), u"Mask everything"_s); // the safe one
    QVERIFY(!choice->accessibleName().isEmpty());
    auto *other = qobject_cast<QComboBox *>(table->cellWidget(0, 1));
    other->setCurrentIndex(other->findText(u"Show all"_s));
    button(dialog, u"Add"_s)->click(); // without an action it says nothing

    button(dialog, u"Apply"_s)->click();
    Settings expected = unusual();
    expected.secretRules.set(u"Publish policy"_s, SecretRule::ShowAll);
    expected.secretRules.set(u"Wipe"_s, SecretRule::MaskAll);
    QCOMPARE(applied.count(), 1);
    QCOMPARE(applied.first().first().value<Settings>(), expected);
    button(dialog, u"Restore Defaults"_s)->click();
    QVERIFY(dialog.settings().secretRules.isEmpty());
}

void TestSettingsDialog::everyControlHasAName()
{
    m_dialog->addPage(new SecretsPage);
    named<QListWidget>(*m_dialog, u"Pages"_s)->setCurrentRow(1);
    hasNames();
    named<QListWidget>(*m_dialog, u"Pages"_s)->setCurrentRow(0);
    hasNames();
}

void TestSettingsDialog::hasNames()
{
    const auto controls = m_dialog->findChildren<QWidget *>();
    for (const QWidget *control : controls) {
        if (!(control->focusPolicy() & Qt::TabFocus) || control->focusProxy()
            || !control->isVisible() || qobject_cast<const QAbstractButton *>(control))
            continue;
        bool named = !control->accessibleName().isEmpty();
        const auto labels = m_dialog->findChildren<QLabel *>();
        for (const QLabel *label : labels)
            named = named || label->buddy() == control;
        QVERIFY2(named, control->metaObject()->className());
    }
}

QTEST_MAIN(TestSettingsDialog)
#include "test_settingsdialog.moc"
