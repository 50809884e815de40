#include "desktop/desktopnotifier.h"
#include "manualclock.h"
#include "notice/noticewords.h"
#include "settings/commandspage.h"
#include "settings/desktoppage.h"
#include "settings/notificationspage.h"
#include "task/taskstore.h"
#include "widgetfinder.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace WidgetFinder;
using OnClose = Settings::OnClose;

namespace {

/// A desktop that answers a test when it is told to.
class AnsweringSender final : public NotificationSender
{
public:
    explicit AnsweringSender(int &tests)
        : m_tests(tests)
    {
    }
    void send(const Notification & /*notification*/) override {}
    void tryOut() override { ++m_tests; }

private:
    int &m_tests;
};

/// By its row's label, as a screen reader finds it.
template<typename Widget>
[[nodiscard]] Widget *rowOf(const QWidget &page, const QString &text)
{
    const auto labels = page.findChildren<QLabel *>();
    for (const QLabel *label : labels) {
        if (label->text().remove(u'&') == text)
            return qobject_cast<Widget *>(label->buddy());
    }
    return nullptr;
}

[[nodiscard]] Settings tellingNothing()
{
    Settings settings;
    for (const NoticeKind kind : noticeKinds)
        settings.notices.of(kind).tell = false;
    return settings;
}

/// What the page makes of these.
[[nodiscard]] Settings stored(const SettingsPage &page, Settings settings)
{
    page.store(settings);
    return settings;
}

} // namespace

/// Pages of the settings beside the program: what is set is shown, what is edited is stored, and
/// nothing else is.
class TestSettingsPages final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aBoxSetsItsOwnKind();
    void theTestsAnswerIsShown();
    void aCommandGoesToItsOwnKind();
    void closingAndStartComeBack();
};

void TestSettingsPages::aBoxSetsItsOwnKind()
{
    const QTemporaryDir folder;
    const ManualClock clock;
    TaskStore store(clock);
    DesktopNotifier notifier(store, {}, nullptr, folder.path(), clock);
    NotificationsPage page(notifier);
    const QSignalSpy edited(&page, &SettingsPage::edited);
    for (const NoticeKind kind : noticeKinds) {
        page.load(tellingNothing());
        QCOMPARE(stored(page, tellingNothing()), tellingNothing());
        QAbstractButton *box = button(page, NoticeWords::choice(kind));
        QVERIFY(box && !box->isChecked());
        const auto before = edited.count();
        box->click();
        QCOMPARE(edited.count(), before + 1);
        Settings expected = tellingNothing();
        expected.notices.of(kind).tell = true;
        QCOMPARE(stored(page, tellingNothing()), expected);
        page.load(tellingNothing());
        page.load(expected);
        QVERIFY(box->isChecked());
        QCOMPARE(stored(page, tellingNothing()), expected);
    }
}

void TestSettingsPages::theTestsAnswerIsShown()
{
    const QTemporaryDir folder;
    const ManualClock clock;
    TaskStore store(clock);
    int tests = 0;
    auto sender = std::make_unique<AnsweringSender>(tests);
    AnsweringSender &desktop = *sender;
    DesktopNotifier notifier(store, {}, std::move(sender), folder.path(), clock);
    const NotificationsPage page(notifier);
    const auto *answer = page.findChild<QLabel *>(u"testAnswer"_s);
    QVERIFY(answer && !answer->text().isEmpty());
    button(page, u"Send a Test Notification"_s)->click();
    QCOMPARE(tests, 1);
    Q_EMIT desktop.triedOut(u"It can do buttons."_s);
    QCOMPARE(answer->text(), u"It can do buttons."_s);
}

void TestSettingsPages::aCommandGoesToItsOwnKind()
{
    CommandsPage page;
    const QSignalSpy edited(&page, &SettingsPage::edited);
    for (const NoticeKind kind : noticeKinds) {
        page.load({});
        QCOMPARE(stored(page, {}), Settings());
        auto *line = rowOf<QLineEdit>(page, NoticeWords::choice(kind) + u':');
        QVERIFY(line && line->text().isEmpty());
        const auto before = edited.count();
        QTest::keyClicks(line, u" /bin/page-me --urgent "_s);
        QVERIFY(edited.count() > before);
        Settings expected;
        expected.notices.of(kind).command = u"/bin/page-me --urgent"_s;
        QCOMPARE(stored(page, {}), expected);
        page.load({});
        page.load(expected);
        QCOMPARE(line->text(), u"/bin/page-me --urgent"_s);
        QCOMPARE(stored(page, {}), expected);
    }
}

void TestSettingsPages::closingAndStartComeBack()
{
    DesktopPage page;
    const QSignalSpy edited(&page, &SettingsPage::edited);
    for (const OnClose choice : {OnClose::Ask, OnClose::KeepInTray, OnClose::Quit}) {
        for (const bool autostart : {false, true}) {
            Settings settings;
            settings.onClose = choice;
            settings.autostart = autostart;
            page.load(settings);
            QCOMPARE(stored(page, {}), settings);
        }
    }
    page.load({});
    auto before = edited.count();
    auto *closing = rowOf<QComboBox>(page, u"Closing the window:"_s);
    closing->setCurrentIndex(closing->findText(u"Keep running in the tray"_s));
    QCOMPARE(edited.count(), before + 1);
    Settings expected;
    expected.onClose = OnClose::KeepInTray;
    QCOMPARE(stored(page, {}), expected);
    before = edited.count();
    button(page, u"Start Taskwatch with the session"_s)->click();
    QCOMPARE(edited.count(), before + 1);
    expected.autostart = true;
    QCOMPARE(stored(page, {}), expected);
}

QTEST_MAIN(TestSettingsPages)
#include "test_settingspages.moc"
