#pragma once

#include "base/taskid.h"
#include "guardian/pollschedule.h"

#include <QHash>

#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <utility>

/// The tasks that wait for their next poll, in the order of their time: each in one lane at most.
/// Every act costs O(log n).
class PollQueue
{
public:
    void put(const TaskId &task, PollSchedule::Lane lane, std::chrono::milliseconds due);
    void remove(const TaskId &task);

    /// Takes whose turn it is among those that are due.
    std::optional<TaskId> takeDue(std::chrono::milliseconds now);
    /// Takes the first, due or not.
    std::optional<TaskId> takeFirst();

    /// When the first falls due; absent if none waits.
    [[nodiscard]] std::optional<std::chrono::milliseconds> firstDue() const;
    [[nodiscard]] bool isEmpty() const { return m_places.isEmpty(); }

private:
    /// The number keeps those of the same millisecond in the order of their coming.
    using Position = std::pair<std::chrono::milliseconds, quint64>;
    using LaneQueue = std::map<Position, TaskId>;
    struct Place {
        PollSchedule::Lane lane = PollSchedule::Lane::Background;
        Position position;
    };

    [[nodiscard]] LaneQueue &queueOf(PollSchedule::Lane lane)
    {
        return m_lanes.at(std::size_t(lane));
    }
    TaskId takeFrom(LaneQueue &queue);

    std::array<LaneQueue, PollSchedule::laneCount> m_lanes;
    QHash<TaskId, Place> m_places;
    PollSchedule::Turns m_turns;
    quint64 m_number = 0;
};
