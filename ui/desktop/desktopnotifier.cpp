#include "desktop/desktopnotifier.h"

#include "base/clock.h"
#include "base/logging.h"
#include "task/taskfacts.h"
#include "task/taskstore.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

HookRunner::Facts factsOf(const TaskNotice &notice)
{
    HookRunner::Facts facts;
    facts.insert(u"TASKWATCH_TASK_ID"_s, notice.key.task.text());
    facts.insert(u"TASKWATCH_ACTION"_s, notice.action);
    facts.insert(u"TASKWATCH_OUTCOME"_s, kebab(notice.kind));
    facts.insert(u"TASKWATCH_LABEL"_s, notice.label);
    facts.insert(u"TASKWATCH_SERVER"_s, notice.server);
    facts.insert(
        u"TASKWATCH_DURATION_S"_s,
        notice.duration && !notice.duration->atLeast ? QString::number(
            std::chrono::duration_cast<std::chrono::seconds>(notice.duration->length).count())
                                                     : QString());
    return facts;
}

HookRunner::Facts factsOf(const ServerNotice &notice)
{
    HookRunner::Facts facts;
    for (const auto name : {"TASKWATCH_TASK_ID"_L1, "TASKWATCH_ACTION"_L1, "TASKWATCH_LABEL"_L1,
                            "TASKWATCH_DURATION_S"_L1})
        facts.insert(name, QString());
    facts.insert(u"TASKWATCH_OUTCOME"_s, notice.isOver && notice.kind == NoticeKind::Unreachable
                                             ? u"reachable"_s
                                             : kebab(notice.kind));
    facts.insert(u"TASKWATCH_SERVER"_s, notice.server);
    return facts;
}

} // namespace

DesktopNotifier::DesktopNotifier(TaskStore &store, Surroundings surroundings,
                                 std::unique_ptr<NotificationSender> sender,
                                 const QString &stateFolder, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_surroundings(std::move(surroundings))
    , m_sender(std::move(sender))
    , m_memoryFile(stateFolder, clock)
    , m_clock(clock)
    , m_hooks(new HookRunner(clock, this))
    , m_memory(m_memoryFile.load())
    , m_saved(m_memory)
    , m_servers(new ServerWatch(clock, this))
    , m_awaited(m_memory.awaitedGroups)
    , m_markTimer(clock.makeTimer([this] { writeMarks(); }))
    , m_gatherTimer(clock.makeTimer([this] { release(); }))
    , m_commitTimer(clock.makeTimer([this] { deliver(); }))
    , m_pauseTimer(clock.makeTimer([this] { watchPause(); }))
{
    m_servers->recall(NoticeKind::SignInNeeded, m_memory.signInTold);
    m_servers->recall(NoticeKind::Unreachable, m_memory.unreachableTold);
    connect(m_servers, &ServerWatch::news, this,
            [this](NoticeKind kind, const ServerId &server, bool isOver) {
                tellOfServer(kind, server, isOver);
                saveMemory();
            });
    if (m_memory.pausedUntil.isValid())
        m_pauseTimer->start(0ms);
    if (!m_sender)
        return;
    connect(m_sender.get(), &NotificationSender::refused, this, &DesktopNotifier::windowNews);
    connect(m_sender.get(), &NotificationSender::chosen, this, &DesktopNotifier::takeChoice);
    connect(m_sender.get(), &NotificationSender::triedOut, this, &DesktopNotifier::triedOut);
}

/// Of what is gathered the next start tells; it runs no commands for it.
DesktopNotifier::~DesktopNotifier()
{
    m_hooks->detach();
    runHooks();
}

void DesktopNotifier::setSettings(const NoticeSettings &settings)
{
    m_settings = settings;
    const NoticeSettings::Choice &slow = settings.of(NoticeKind::Slow);
    m_wantsSlow = slow.tell || !slow.command.isEmpty();
    passOverSlow();
}

void DesktopNotifier::passOverSlow()
{
    for (auto sight = m_sights.begin(); sight != m_sights.end(); ++sight) {
        if (const TaskRecord *record = m_store.find(sight.key()))
            sight->isSlow = isSlow(*record);
    }
}

void DesktopNotifier::takeHistory()
{
    m_isReady = true;
    passOverSlow(); // by all that is known of earlier tasks
    finishGroups(); // what is awaited may have finished
    if (m_memory.untoldSince.isValid())
        tellUntold();
    m_toldEarly.clear();
    schedule();
}

bool DesktopNotifier::mayTell(const TaskRecord &record) const
{
    return !record.muted && m_surroundings.serverTells(record.key.server);
}

bool DesktopNotifier::waitsForGroup(NoticeKind kind, const TaskKey &key) const
{
    return isEnding(kind) && kind != NoticeKind::Failed && m_awaited.contains(key);
}

bool DesktopNotifier::isPaused() const
{
    return m_memory.pausedUntil.isValid() && m_clock.now().wall < m_memory.pausedUntil;
}

bool DesktopNotifier::isSlow(const TaskRecord &record) const
{
    if (!m_wantsSlow || !TaskFacts::goesOn(record.outcome))
        return false;
    const auto usual = m_store.baselines().run(record);
    const auto elapsed = TaskFacts::elapsed(record, m_clock.now().wall);
    return usual && elapsed && Baseline::isSlow(*usual, *elapsed);
}

void DesktopNotifier::takeAdded(const QList<TaskKey> &keys)
{
    for (const TaskKey &key : keys) {
        if (const TaskRecord *record = m_store.find(key))
            m_sights.insert(key, sightOf(*record, isSlow(*record)));
    }
}

void DesktopNotifier::takeChanges(const QList<TaskKey> &keys)
{
    passAnswersOn(keys);
    for (const TaskKey &key : keys)
        look(key);
}

void DesktopNotifier::takeChecked(const QList<TaskKey> &keys)
{
    if (m_wantsSlow)
        takeChanges(keys);
    else
        passAnswersOn(keys);
}

void DesktopNotifier::passAnswersOn(const QList<TaskKey> &keys)
{
    if (!m_servers->isRecalling())
        return;
    for (const TaskKey &key : keys) {
        if (const TaskRecord *record = m_store.find(key); record && record->lastReadableAt)
            m_servers->takeAnswer(key.server); // absent at first, and while there is trouble
    }
}

void DesktopNotifier::takeRemoved(const QList<TaskKey> &keys)
{
    bool awaited = false;
    for (const TaskKey &key : keys) {
        m_sights.remove(key);
        m_marks.remove(key);
        m_uncommitted.remove(key);
        awaited = awaited || m_awaited.contains(key);
    }
    m_book.remove(keys);
    m_held.remove(keys);
    if (awaited)
        m_markTimer->start(0ms); // with the groups
}

void DesktopNotifier::look(const TaskKey &key)
{
    const TaskRecord *record = m_store.find(key);
    const auto sight = m_sights.find(key);
    if (!record || sight == m_sights.end())
        return;
    // Once per run: it stays so through a stall, and becomes so only while it can be told.
    const bool isSlowNow =
        sight->isSlow || (record->outcome == Outcome::Running && isSlow(*record));
    const TaskSight after = sightOf(*record, isSlowNow);
    const TaskSight before = std::exchange(*sight, after);
    if (after.outcome == Outcome::Running && record->notified == Outcome::Stalled) {
        m_marks.insert(key, std::nullopt); // it may stall again
        m_markTimer->start(0ms);
    }
    if (m_awaited.contains(key) && isOver(key))
        m_markTimer->start(0ms); // with the groups
    if (const auto kind = newsOf(before, after, *record))
        tell(*kind, *record);
}

TaskNotice DesktopNotifier::noticeOf(NoticeKind kind, const TaskRecord &record) const
{
    return makeNotice(kind, record, m_surroundings.serverName(record.key.server),
                      m_clock.now().wall);
}

void DesktopNotifier::tell(NoticeKind kind, const TaskRecord &record)
{
    const auto mark = markOf(kind);
    if (mark) { // wanted or not: a switch that is set later tells nothing old
        m_marks.insert(record.key, mark);
        m_markTimer->start(0ms);
    }
    if (!mayTell(record))
        return;
    const NoticeSettings::Choice &choice = m_settings.of(kind);
    if (!choice.command.isEmpty()) {
        m_hooksDue.append({kind, factsOf(noticeOf(kind, record))});
        schedule();
    }
    if (choice.tell && !waitsForGroup(kind, record.key) && !m_surroundings.isSeen(record.key)) {
        m_book.add(noticeOf(kind, record));
        schedule();
    }
}

void DesktopNotifier::takeConnection(const ServerId &server, const ConnectionStatus &status)
{
    m_servers->take(server, status);
}

void DesktopNotifier::forgetServer(const ServerId &server)
{
    m_servers->forget(server);
    m_book.removeServer(server);
    m_held.removeServer(server);
    saveMemory();
}

void DesktopNotifier::tellOfServer(NoticeKind kind, const ServerId &server, bool isOver)
{
    if (!m_surroundings.serverTells(server))
        return;
    const NoticeSettings::Choice &choice = m_settings.of(kind);
    const ServerNotice notice{kind, server, m_surroundings.serverName(server), isOver};
    if (kind == NoticeKind::SignInNeeded && isOver) {
        m_book.add(notice);
        m_held.add(notice);
        m_hooksDue.removeIf(
            [&](const auto &due) { return due.first == kind && due.second == factsOf(notice); });
        return;
    }
    if (!choice.command.isEmpty())
        m_hooksDue.append({kind, factsOf(notice)});
    if (choice.tell && !m_surroundings.isWindowFocused())
        m_book.add(notice);
    schedule();
}

void DesktopNotifier::tryOut()
{
    if (m_sender)
        m_sender->tryOut();
    else
        Q_EMIT triedOut(tr("This Taskwatch was built without desktop notifications. It shows a "
                           "notice in its window instead."));
}

void DesktopNotifier::saveMemory()
{
    m_memory.awaitedGroups = m_awaited.groups();
    for (const QList<Notification> *done : {&m_groupsDone, &m_heldGroups}) {
        for (const Notification &group : *done)
            m_memory.awaitedGroups << group.tasks;
    }
    if (m_isReady) // else it is what an earlier run left
        m_memory.untoldStalls =
            m_held.tasks(NoticeKind::Stalled) + m_book.tasks(NoticeKind::Stalled);
    m_memory.signInTold = m_servers->told(NoticeKind::SignInNeeded);
    m_memory.unreachableTold = m_servers->told(NoticeKind::Unreachable);
    for (const NoticeBook *waiting : {&m_held, &m_book}) {
        for (const ServerNotice &notice : waiting->servers()) {
            QSet<ServerId> &told = notice.kind == NoticeKind::SignInNeeded
                                       ? m_memory.signInTold
                                       : m_memory.unreachableTold;
            if (notice.isOver)
                told.insert(notice.id);
            else
                told.remove(notice.id);
        }
    }
    if (m_memory == m_saved)
        return;
    if (const auto saved = m_memoryFile.save(m_memory))
        m_saved = m_memory;
    else
        qCWarning(lcUi).noquote() << saved.error();
}

void DesktopNotifier::takeChoice(const Notification &notification,
                                 NotificationSender::Action action, const QString &activationToken)
{
    const TaskKey task = notification.tasks.value(0);
    switch (action) {
    case NotificationSender::Action::Open:
        Q_EMIT openWanted(task, activationToken);
        return;
    case NotificationSender::Action::OpenInGuardian:
        Q_EMIT guardianWanted(task);
        return;
    case NotificationSender::Action::CopyError:
        Q_EMIT errorCopyWanted(task);
        return;
    }
}
