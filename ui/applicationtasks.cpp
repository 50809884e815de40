// What becomes of tasks between store, history, log and window; what is wired to it is in
// applicationwiring.cpp.
#include "account/serverdesk.h"
#include "application.h"
#include "desktop/desktopnotifier.h"
#include "desktop/noticedesk.h"
#include "desktop/requestdesk.h"
#include "history/historystore.h"
#include "intake/discoverydesk.h"
#include "mainwindow.h"

#include <utility>

void Application::takeHistory(const QList<TaskRecord> &records, bool last)
{
    QList<TaskRecord> ours;
    for (const TaskRecord &record : records) {
        if (m_servers->find(record.key.server))
            ours << record;
    }
    m_loading = true;
    m_tasks.load(ours);
    m_loading = false;
    if (!last)
        return;
    watchGivenTasks();
    m_ready = true;
    m_requests->setServers(m_servers->shown());
    m_notices->notifier().takeHistory();
    m_window->searchAfterSaving(); // a filter of the last run may have asked before
    m_discovery->begin();
}

void Application::watchGivenTasks()
{
    if (m_given.isNull())
        return;
    QList<TaskKey> keys;
    for (const WatchFileRow &item : std::as_const(m_setup.watch))
        keys << TaskKey{m_given, item.id};
    m_tasks.watch(keys);
    for (const WatchFileRow &item : std::as_const(m_setup.watch)) {
        if (!item.label.isEmpty())
            m_tasks.setLabel({m_given, item.id}, item.label);
    }
}

void Application::takePolls(const QList<PollOutcome> &outcomes)
{
    m_log.append(outcomes); // first: the detail view reads it when the store speaks
    m_tasks.apply(outcomes);
}

/// What is watched is told as a poll, too.
void Application::logLookUp(const PollOutcome &outcome)
{
    if (m_tasks.contains(outcome.key))
        return;
    m_log.append({outcome});
    m_lookedUp.append(outcome.key);
}

/// Only the last look-up is shown.
void Application::forgetLookUps()
{
    m_lookedUp.removeIf([this](const TaskKey &key) { return m_tasks.contains(key); });
    m_log.forget(std::exchange(m_lookedUp, {}));
}

QList<TaskRecord> Application::recordsOf(const QList<TaskKey> &keys) const
{
    QList<TaskRecord> records;
    records.reserve(keys.size());
    for (const TaskKey &key : keys) {
        if (const TaskRecord *record = m_tasks.find(key))
            records << *record;
    }
    return records;
}

void Application::saveTasks(const QList<TaskKey> &keys)
{
    if (!m_loading)
        m_history->save(recordsOf(keys));
}

void Application::dropOutlived(const QList<TaskKey> &keys)
{
    QList<TaskKey> going;
    QList<TaskKey> staying; // pinned, or under way again, since the history decided
    for (const TaskKey &key : keys) {
        const TaskRecord *record = m_tasks.find(key);
        const bool stays = record && (record->pinned || !isFinal(record->outcome));
        (stays ? staying : going).append(key);
    }
    saveTasks(staying);
    m_tasks.unwatch(going);
}

void Application::learnUsual()
{
    auto lessons = m_usualFile.load();
    if (!lessons) {
        say(tr("How long tasks usually take is known from the kept ones only."), lessons.error());
        return;
    }
    std::erase_if(*lessons, [this](const Baselines::Lesson &lesson) {
        return !m_servers->find(lesson.key.server);
    });
    m_tasks.learn(*lessons);
}

/// Once tasks are removed, the history no longer tells.
void Application::keepUsual()
{
    if (std::exchange(m_usualKept, m_tasks.baselines().count()) == m_tasks.baselines().count())
        return;
    auto lessons = m_tasks.baselines().lessons();
    std::erase_if(lessons, [this](const Baselines::Lesson &lesson) {
        return !m_servers->find(lesson.key.server);
    });
    if (const auto saved = m_usualFile.save(lessons); !saved) {
        m_usualKept = -1;
        say(tr("How long the removed tasks took could not be kept."), saved.error());
    }
}

void Application::dropTasksOf(const ServerId &server)
{
    QList<TaskKey> keys = m_tasks.keys();
    keys.removeIf([&server](const TaskKey &key) { return key.server != server; });
    m_usualKept = -1; // what they have taught goes, too
    m_tasks.unwatch(keys);
    keepUsual();
}
