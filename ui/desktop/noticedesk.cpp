#include "desktop/noticedesk.h"

#include "desktop/desktopnotifier.h"
#include "desktop/newsbanner.h"
#include "desktop/raisewindow.h"
#include "history/historystore.h"
#include "mainwindow.h"
#include "task/secretrule.h"
#include "task/taskstore.h"
#include "window/windowactions.h"

#ifdef TASKWATCH_WITH_DBUS
#include "desktop/dbussender.h"
#endif

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QLocale>

namespace {

constexpr qsizetype mostErrorText = 64 * 1024;

std::unique_ptr<NotificationSender> makeSender()
{
#ifdef TASKWATCH_WITH_DBUS
    return std::make_unique<DBusSender>();
#else
    return nullptr;
#endif
}

QString errorText(const TaskRecord &record)
{
    if (!record.snapshot || !record.snapshot->error)
        return {};
    const TaskError &error = *record.snapshot->error;
    // Nobody looks at it before it is somewhere else.
    const QByteArray details = maskSecretsBy(ruleForKeeping(record.snapshot->secretRule),
                                             error.details.left(mostErrorText), {});
    QStringList lines;
    for (const QString &line : {error.code, error.message, QString::fromUtf8(details)}) {
        if (!line.isEmpty())
            lines << line;
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace

NoticeDesk::NoticeDesk(TaskStore &tasks, HistoryStore &history, MainWindow &window,
                       const FindServer &findServer, const QString &stateFolder, const Clock &clock,
                       QObject *parent)
    : QObject(parent)
    , m_tasks(tasks)
    , m_window(window)
    , m_notifier(
          new DesktopNotifier(tasks,
                              {[&window](const TaskKey &key) { return window.isOnShow(key); },
                               [&window] { return window.isActiveWindow(); },
                               [&history](const TaskKey &key) { return history.isKept(key); },
                               [findServer](const ServerId &id) {
                                   const ServerProfile *server = findServer(id);
                                   return server ? server->shownName() : QString();
                               },
                               [findServer](const ServerId &id) {
                                   const ServerProfile *server = findServer(id);
                                   return !server || server->notifications;
                               }},
                              makeSender(), stateFolder, clock, this))
{
    connectStores(history);
    connectActions();
    connectClicks();
    showPause();
}

void NoticeDesk::connectStores(HistoryStore &history)
{
    connect(&m_tasks, &TaskStore::added, m_notifier, &DesktopNotifier::takeAdded);
    connect(&m_tasks, &TaskStore::changed, m_notifier, &DesktopNotifier::takeChanges);
    connect(&m_tasks, &TaskStore::checked, m_notifier, &DesktopNotifier::takeChecked);
    connect(&m_tasks, &TaskStore::removed, m_notifier, &DesktopNotifier::takeRemoved);
    connect(&history, &HistoryStore::saved, m_notifier, &DesktopNotifier::takeCommit);
}

void NoticeDesk::connectActions()
{
    const WindowActions &actions = m_window.actions();
    connect(actions.tellWhenFinished, &QAction::triggered, this, &NoticeDesk::awaitSelection);
    connect(actions.pauseNoticesForAnHour, &QAction::triggered, m_notifier,
            &DesktopNotifier::pauseForAnHour);
    connect(actions.pauseNoticesUntilTomorrow, &QAction::triggered, m_notifier,
            &DesktopNotifier::pauseUntilTomorrow);
    connect(actions.resumeNotices, &QAction::triggered, m_notifier, &DesktopNotifier::resume);
    connect(m_notifier, &DesktopNotifier::pauseChanged, this, [this] {
        showPause();
        m_window.say(m_notifier->isPaused()
                         ? tr("Notifications are paused until %1")
                               .arg(QLocale().toString(m_notifier->pausedUntil().toLocalTime(),
                                                       QLocale::ShortFormat))
                         : tr("Notifications are on again"));
    });
}

void NoticeDesk::connectClicks()
{
    auto *banner = new NewsBanner(m_window.banner(), m_window, this);
    connect(m_notifier, &DesktopNotifier::windowNews, banner, &NewsBanner::take);
    connect(banner, &NewsBanner::openWanted, this, [this](const TaskKey &task) { open(task, {}); });
    connect(m_notifier, &DesktopNotifier::openWanted, this, &NoticeDesk::open);
    connect(m_notifier, &DesktopNotifier::guardianWanted, this,
            [this](const TaskKey &task) { m_window.openInGuardian({task}); });
    connect(m_notifier, &DesktopNotifier::errorCopyWanted, this, &NoticeDesk::copyError);
}

void NoticeDesk::awaitSelection()
{
    const QList<TaskKey> selected = m_window.selectedTasks();
    if (selected.isEmpty())
        return;
    if (!m_notifier->await(selected))
        m_window.say(tr("All of these have finished already"));
    else
        m_window.say(selected.size() == 1 ? tr("You will be told when this task has finished")
                                          : tr("You will be told when all of these have finished"));
}

void NoticeDesk::showPause()
{
    m_window.actions().resumeNotices->setEnabled(m_notifier->isPaused());
}

void NoticeDesk::open(const TaskKey &task, const QString &activationToken)
{
    raiseWindow(m_window, activationToken);
    if (m_tasks.contains(task))
        m_window.showTask(task);
}

void NoticeDesk::copyError(const TaskKey &task)
{
    const TaskRecord *record = m_tasks.find(task);
    const QString text = record ? errorText(*record) : QString();
    if (!text.isEmpty())
        QGuiApplication::clipboard()->setText(text);
}
