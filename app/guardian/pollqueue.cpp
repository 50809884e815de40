#include "guardian/pollqueue.h"

using std::chrono::milliseconds;

void PollQueue::put(const TaskId &task, PollSchedule::Lane lane, milliseconds due)
{
    if (const auto old = m_places.constFind(task); old != m_places.cend()) {
        if (old->lane == lane && old->position.first == due)
            return;
        queueOf(old->lane).erase(old->position);
    }
    const Place place{lane, {due, ++m_number}};
    queueOf(lane).emplace(place.position, task);
    m_places.insert(task, place);
}

void PollQueue::remove(const TaskId &task)
{
    if (const auto old = m_places.constFind(task); old != m_places.cend()) {
        queueOf(old->lane).erase(old->position);
        m_places.erase(old);
    }
}

std::optional<TaskId> PollQueue::takeDue(milliseconds now)
{
    std::array<bool, PollSchedule::laneCount> due{};
    for (std::size_t i = 0; i < due.size(); ++i)
        due.at(i) = !m_lanes.at(i).empty() && m_lanes.at(i).begin()->first.first <= now;
    const auto lane = PollSchedule::pick(due, m_turns);
    if (!lane)
        return std::nullopt;
    return takeFrom(queueOf(*lane));
}

std::optional<TaskId> PollQueue::takeFirst()
{
    LaneQueue *first = nullptr;
    for (LaneQueue &lane : m_lanes)
        if (!lane.empty() && (!first || lane.begin()->first < first->begin()->first))
            first = &lane;
    if (!first)
        return std::nullopt;
    return takeFrom(*first);
}

std::optional<milliseconds> PollQueue::firstDue() const
{
    std::optional<milliseconds> first;
    for (const LaneQueue &lane : m_lanes)
        if (!lane.empty() && (!first || lane.begin()->first.first < *first))
            first = lane.begin()->first.first;
    return first;
}

TaskId PollQueue::takeFrom(LaneQueue &queue)
{
    const auto first = queue.begin();
    TaskId task = first->second;
    queue.erase(first);
    m_places.remove(task);
    return task;
}
