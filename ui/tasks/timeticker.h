#pragma once

#include "base/clock.h"

#include <functional>
#include <memory>
#include <utility>

class TaskTableModel;

/// Keeps the times in the rows that are seen right, such as "12 s ago": as often as one of them
/// changes, and at most once a second.
class TimeTicker
{
public:
    /// First and last; the last is before the first if none is seen.
    using SeenRows = std::function<std::pair<int, int>()>;

    /// The model must outlive it, or at least its last tick.
    TimeTicker(TaskTableModel &model, const Clock &clock, SeenRows seenRows);

    void start();
    void stop();
    /// Something changed that may tick: do not sleep on.
    void wake();

private:
    void tick();

    TaskTableModel &m_model;
    SeenRows m_seenRows;
    std::unique_ptr<ClockTimer> m_timer;
    bool m_isSlow = false;
};
