#include "settings/notificationspage.h"

#include "desktop/desktopnotifier.h"
#include "notice/noticewords.h"

#include <QCheckBox>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace {

/// As wide as its text.
void addButton(QVBoxLayout *column, QPushButton *button)
{
    button->setAutoDefault(false);
    column->addWidget(button, 0, Qt::AlignLeading);
}

} // namespace

NotificationsPage::NotificationsPage(DesktopNotifier &notifier, QWidget *parent)
    : SettingsPage(tr("Notifications"), QStringLiteral("bell"), parent)
    , m_tell{}
    , m_testAnswer(makeNote({}))
{
    QVBoxLayout *tasks = addColumn(tr("Tell me when"));
    for (const NoticeKind kind : noticeKinds) {
        auto *box = new QCheckBox(NoticeWords::choice(kind), this);
        m_tell[size_t(kind)] = box;
        tasks->addWidget(box);
        connect(box, &QCheckBox::toggled, this, &SettingsPage::edited);
    }
    tasks->addWidget(makeNote(tr("Not of a task that you see in the window just then, nor of one "
                                 "that is muted (Ctrl+M). Several within 5 seconds become one "
                                 "notification.")));

    QVBoxLayout *servers = addColumn(tr("Servers"));
    servers->addWidget(makeNote(
        tr("Each server has a switch of its own, too: “Notifications for tasks of this server”.")));
    auto *open = new QPushButton(tr("S&ervers…"), this);
    connect(open, &QPushButton::clicked, this, &NotificationsPage::serversWanted);
    addButton(servers, open);

    QVBoxLayout *desktop = addColumn(tr("This desktop"));
    auto *test = new QPushButton(tr("Send a &Test Notification"), this);
    m_testAnswer->setObjectName(QStringLiteral("testAnswer"));
    m_testAnswer->setText(tr("Shows one, and says what the desktop can do."));
    addButton(desktop, test);
    desktop->addWidget(m_testAnswer);
    connect(test, &QPushButton::clicked, &notifier, &DesktopNotifier::tryOut);
    connect(&notifier, &DesktopNotifier::triedOut, m_testAnswer, &QLabel::setText);
}

void NotificationsPage::load(const Settings &settings)
{
    for (const NoticeKind kind : noticeKinds)
        m_tell[size_t(kind)]->setChecked(settings.notices.of(kind).tell);
}

void NotificationsPage::store(Settings &settings) const
{
    for (const NoticeKind kind : noticeKinds)
        settings.notices.of(kind).tell = m_tell[size_t(kind)]->isChecked();
}
