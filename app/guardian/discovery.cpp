#include "guardian/discovery.h"

#include "guardian/jsonfacts.h"
#include "guardian/taskpoller.h"
#include "task/jsonmember.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;
using namespace std::chrono;

namespace {

constexpr milliseconds betweenLooks{30'000};
/// Many pushes in a row are worth one look.
constexpr milliseconds afterAHint{2'000};
constexpr qsizetype mostTasks = 1'000;

} // namespace

tl::expected<QList<DiscoveredTask>, DiscoveryFailure> readProgresses(const ReplyData &reply)
{
    const int status = reply.httpStatus;
    if (reply.transportError || status == 401 || status == 429 || status >= 500)
        return tl::unexpected(DiscoveryFailure::ForNow);
    const bool tooDeep = JsonText::isDeeperThan(reply.body, JsonText::maxDepth);
    const QJsonDocument json = tooDeep ? QJsonDocument() : QJsonDocument::fromJson(reply.body);
    if (status != 200 || !json.isArray())
        return tl::unexpected(DiscoveryFailure::ForGood);
    QList<DiscoveredTask> tasks;
    QSet<TaskId> seen;
    const QJsonArray items = json.array();
    for (const QJsonValue item : items) {
        TaskId id(item["taskId"_L1].toString());
        if (id.isEmpty() || seen.contains(id))
            continue;
        seen.insert(id);
        tasks.append({id, item["action"_L1].toString(), item["message"_L1].toString(),
                      JsonFacts::percent(item["progress"_L1])});
        if (tasks.size() == mostTasks)
            break;
    }
    return tasks;
}

Discovery::Discovery(TaskPoller &poller, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_poller(poller)
    , m_clock(clock)
    , m_timer(clock.makeTimer([this] { look(); }))
{
}

Discovery::~Discovery() = default;

void Discovery::setWanted(bool wanted)
{
    if (wanted == m_wanted)
        return;
    m_wanted = wanted;
    if (wanted) {
        restart();
        return;
    }
    m_timer->stop();
    m_poller.dropAside();
    m_asking = false;
}

void Discovery::restart()
{
    m_isThere = true;
    if (m_wanted && !m_asking)
        look();
}

void Discovery::hint()
{
    const milliseconds soon = m_clock.now().awake + afterAHint;
    if (!m_timer->isActive() || m_dueAt <= soon)
        return;
    m_dueAt = soon;
    m_timer->start(afterAHint);
}

void Discovery::look()
{
    if (!m_wanted || !m_isThere)
        return;
    m_dueAt = m_clock.now().awake + betweenLooks;
    m_timer->start(betweenLooks);
    if (std::exchange(m_asking, true))
        return; // waits for its turn, or for its answer
    m_poller.askAside(u"notifications/progresses"_s,
                      [this](const ReplyData &reply) { take(reply); });
}

void Discovery::take(const ReplyData &reply)
{
    m_asking = false;
    auto tasks = readProgresses(reply);
    if (!tasks) {
        m_isThere = tasks.error() == DiscoveryFailure::ForNow;
        return;
    }
    if (!m_wanted)
        return;
    tasks->removeIf([this](const DiscoveredTask &task) { return m_poller.isTracked(task.taskId); });
    // What they are doing changes all the time; which they are is what matters.
    const bool same = std::equal(
        tasks->cbegin(), tasks->cend(), m_told.cbegin(), m_told.cend(),
        [](const DiscoveredTask &a, const DiscoveredTask &b) { return a.taskId == b.taskId; });
    if (same)
        return;
    m_told = *tasks;
    Q_EMIT discovered(m_told);
}
