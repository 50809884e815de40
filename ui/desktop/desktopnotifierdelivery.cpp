#include "desktop/desktopnotifier.h"

#include "base/clock.h"
#include "base/logging.h"
#include "task/taskstore.h"

#include <algorithm>
#include <utility>

// From what is to be told to the desktop: marks, the commit, groups, pauses.

using namespace std::chrono_literals;

namespace {

constexpr auto morning = 8h;
/// A suspended machine's timers stand still, the pause's end does not.
constexpr auto pauseCheck = 1min;

} // namespace

bool DesktopNotifier::isOver(const TaskKey &key) const
{
    const TaskRecord *record = m_store.find(key);
    return !record || isFinal(record->outcome) || record->outcome == Outcome::NotFound
           || record->outcome == Outcome::OutcomeUnknown;
}

void DesktopNotifier::schedule()
{
    m_markTimer->start(0ms);
    if (!m_gatherTimer->isActive() && !m_commitTimer->isActive())
        m_gatherTimer->start(gathering);
}

void DesktopNotifier::tellUntold()
{
    const QDateTime since = std::exchange(m_memory.untoldSince, {});
    const QSet<TaskKey> stalls = std::exchange(m_memory.untoldStalls, {});
    QSet<TaskKey> told = m_toldEarly;
    for (const Notification &group : std::as_const(m_groupsDone))
        told.unite({group.tasks.cbegin(), group.tasks.cend()});
    QList<TaskNotice> untold;
    const QList<TaskKey> keys = m_store.keys();
    for (const TaskKey &key : keys) {
        const TaskRecord &record = *m_store.find(key);
        const auto kind = kindOf(record.outcome);
        if (!kind || told.contains(key) || waitsForGroup(*kind, key))
            continue;
        const bool isUntold = isFinal(record.outcome)
                                  ? record.endWitnessed && record.endedAt >= since
                                  : stalls.contains(key);
        if (isUntold && mayTell(record) && m_settings.of(*kind).tell)
            untold << noticeOf(*kind, record);
    }
    saveMemory();
    if (!untold.isEmpty())
        Q_EMIT windowNews(NoticeWords::meanwhile(untold));
}

/// Out of the store's signals, which must not be answered by a call. First the file, then the
/// marks: a crash between the two lists rather too much than too little.
void DesktopNotifier::writeMarks()
{
    finishGroups();
    const bool isDue = !m_book.isEmpty() || !m_groupsDone.isEmpty();
    if (isDue && !m_memory.untoldSince.isValid())
        m_memory.untoldSince = m_clock.now().wall.addSecs(-1); // it ended a moment ago
    saveMemory();
    const auto marks = std::exchange(m_marks, {});
    QMap<std::optional<Outcome>, QList<TaskKey>> byOutcome;
    for (auto mark = marks.cbegin(); mark != marks.cend(); ++mark) {
        byOutcome[*mark] << mark.key();
        m_uncommitted.insert(mark.key());
    }
    for (auto group = byOutcome.cbegin(); group != byOutcome.cend(); ++group)
        m_store.setNotified(*group, group.key());
}

bool DesktopNotifier::await(const QList<TaskKey> &keys)
{
    if (std::all_of(keys.cbegin(), keys.cend(), [this](const TaskKey &key) { return isOver(key); }))
        return false;
    m_awaited.add(keys);
    saveMemory();
    return true;
}

void DesktopNotifier::finishGroups()
{
    if (!m_isReady || m_awaited.isEmpty())
        return;
    const auto done = m_awaited.takeDone([this](const TaskKey &key) { return isOver(key); });
    for (const QList<TaskKey> &group : done) {
        QList<TaskNotice> ended;
        QList<TaskNotice> lost;
        for (const TaskKey &key : group) {
            const TaskRecord *record = m_store.find(key);
            if (!record)
                continue; // nobody watches it any more
            if (isFinal(record->outcome))
                ended << noticeOf(*kindOf(record->outcome), *record);
            else
                lost << noticeOf(NoticeKind::Stalled, *record);
        }
        if (ended.isEmpty() && lost.isEmpty())
            continue;
        m_groupsDone << NoticeWords::allOver(ended, lost);
        m_book.remove(group); // told with it, not alone as well
        m_held.remove(group);
    }
    if (done.isEmpty())
        return;
    if (!m_gatherTimer->isActive() && !m_commitTimer->isActive())
        m_gatherTimer->start(gathering);
}

void DesktopNotifier::takeCommit()
{
    m_uncommitted.removeIf([this](const TaskKey &key) { return m_surroundings.isKept(key); });
    if (m_uncommitted.isEmpty() && m_commitTimer->isActive())
        deliver();
}

void DesktopNotifier::release()
{
    writeMarks();
    takeCommit();
    if (m_uncommitted.isEmpty())
        deliver();
    else
        m_commitTimer->start(commitLimit);
}

void DesktopNotifier::deliver()
{
    m_commitTimer->stop();
    m_gatherTimer->stop();
    m_uncommitted.clear();
    runHooks();
    m_held.add(std::exchange(m_book, {}));
    m_heldGroups += std::exchange(m_groupsDone, {});
    if (!isPaused())
        sendHeld({});
}

void DesktopNotifier::runHooks()
{
    const auto hooks = std::exchange(m_hooksDue, {});
    for (const auto &[kind, facts] : hooks) {
        if (const QString command = m_settings.of(kind).command; !command.isEmpty())
            m_hooks->run(command, facts);
    }
}

void DesktopNotifier::sendHeld(const QString &remark)
{
    const QList<Notification> due =
        std::exchange(m_held, {}).plan(remark) + std::exchange(m_heldGroups, {});
    for (const Notification &notification : due) {
        if (!m_isReady)
            m_toldEarly.unite({notification.tasks.cbegin(), notification.tasks.cend()});
        if (m_sender)
            m_sender->send(notification);
        else
            Q_EMIT windowNews(notification);
    }
    // Before the history is there, it is about an earlier run: takeHistory() lists what it was.
    if (m_isReady && m_book.isEmpty() && m_groupsDone.isEmpty())
        m_memory.untoldSince = {};
    saveMemory();
}

void DesktopNotifier::pauseForAnHour()
{
    pauseUntil(m_clock.now().wall.addSecs(std::chrono::seconds(1h).count()));
}

void DesktopNotifier::pauseUntilTomorrow()
{
    const QDate tomorrow = m_clock.now().wall.toLocalTime().date().addDays(1);
    pauseUntil(QDateTime(tomorrow, QTime(int(morning.count()), 0)).toUTC());
}

void DesktopNotifier::pauseUntil(const QDateTime &until)
{
    m_memory.pausedUntil = until;
    saveMemory();
    watchPause();
    Q_EMIT pauseChanged();
}

void DesktopNotifier::watchPause()
{
    if (!isPaused()) {
        resume();
        return;
    }
    const std::chrono::milliseconds left{m_clock.now().wall.msecsTo(m_memory.pausedUntil)};
    m_pauseTimer->start(std::min<std::chrono::milliseconds>(left, pauseCheck));
}

void DesktopNotifier::resume()
{
    m_pauseTimer->stop();
    if (!m_memory.pausedUntil.isValid())
        return;
    m_memory.pausedUntil = {};
    saveMemory();
    sendHeld(tr("While notifications were paused:"));
    Q_EMIT pauseChanged();
}
