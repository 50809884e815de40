#include "guardian/discovery.h"

#include "guardian/jsonfacts.h"
#include "guardian/pollschedule.h"
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
constexpr milliseconds betweenLooksWithoutAList = hours{1};
/// Many pushes in a row are worth one look.
constexpr milliseconds afterAHint{2'000};
constexpr milliseconds betweenHastenedLooks{15'000};
constexpr milliseconds slowestLook = minutes{2};
constexpr int oddThatCount = 3; ///< in a row: there is no list
constexpr qsizetype mostTasks = 1'000;

} // namespace

tl::expected<QList<DiscoveredTask>, DiscoveryFailure> readProgresses(const ReplyData &reply)
{
    const int status = reply.httpStatus;
    if (reply.transportError || status == 401 || status == 429 || status >= 500)
        return tl::unexpected(DiscoveryFailure::ForNow);
    if (status == 403 || status == 404)
        return tl::unexpected(DiscoveryFailure::ForLong);
    const QByteArray body = reply.body.whole();
    const bool tooDeep = JsonText::isDeeperThan(body, JsonText::maxDepth);
    const QJsonDocument json = tooDeep ? QJsonDocument() : QJsonDocument::fromJson(body);
    if (status != 200 || !json.isArray())
        return tl::unexpected(DiscoveryFailure::Odd);
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

Discovery::Discovery(TaskPoller &poller, const Clock &clock, std::function<double()> random,
                     QObject *parent)
    : QObject(parent)
    , m_poller(poller)
    , m_clock(clock)
    , m_random(std::move(random))
    , m_timer(clock.makeTimer([this] { look(); }))
{
}

Discovery::~Discovery() = default;

void Discovery::setWanted(bool wanted)
{
    if (wanted == m_wanted)
        return;
    m_wanted = wanted;
    m_asking = false;
    m_failures = 0;
    m_odd = 0;
    m_timer->stop();
    m_poller.dropAside();
    if (m_wanted)
        look();
    tell({});
}

void Discovery::hint(const TaskId &task)
{
    const bool isTold = std::any_of(m_told.cbegin(), m_told.cend(),
                                    [&task](const auto &told) { return told.taskId == task; });
    if (isTold || m_failures > 0 || !m_timer->isActive())
        return;
    // Everybody hears of it in the same moment: not all are to ask in the next one.
    const milliseconds soon{qint64(double(afterAHint.count()) * (0.5 + m_random()))};
    const milliseconds now = m_clock.now().awake;
    const milliseconds due = std::max(now + soon, m_lookedAt + betweenHastenedLooks);
    if (due < m_dueAt)
        lookIn(due - now);
}

void Discovery::lookIn(milliseconds delay)
{
    m_dueAt = m_clock.now().awake + delay;
    m_timer->start(delay);
}

void Discovery::look()
{
    lookIn(betweenLooks);
    m_lookedAt = m_clock.now().awake;
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
        ++m_failures;
        m_odd = tasks.error() == DiscoveryFailure::Odd ? m_odd + 1 : 0;
        const bool forLong = tasks.error() == DiscoveryFailure::ForLong || m_odd >= oddThatCount;
        lookIn(forLong ? betweenLooksWithoutAList
                       : PollSchedule::growing(betweenLooks, 2, m_failures, slowestLook));
        return;
    }
    m_failures = 0;
    m_odd = 0;
    tasks->removeIf([this](const DiscoveredTask &task) { return m_poller.isTracked(task.taskId); });
    tell(*tasks);
}

void Discovery::tell(const QList<DiscoveredTask> &tasks)
{
    // What they are doing changes all the time; which they are is what matters.
    const bool same = std::equal(
        tasks.cbegin(), tasks.cend(), m_told.cbegin(), m_told.cend(),
        [](const DiscoveredTask &a, const DiscoveredTask &b) { return a.taskId == b.taskId; });
    if (same)
        return;
    m_told = tasks;
    Q_EMIT discovered(tasks);
}
