#include "tasks/timeticker.h"

#include "tasks/tasktablemodel.h"

using std::chrono::milliseconds;
using namespace std::chrono_literals;

TimeTicker::TimeTicker(TaskTableModel &model, const Clock &clock, SeenRows seenRows)
    : m_model(model)
    , m_seenRows(std::move(seenRows))
    , m_timer(clock.makeTimer([this] { tick(); }))
{
}

void TimeTicker::start()
{
    m_timer->start(1s);
}

void TimeTicker::stop()
{
    m_timer->stop();
}

void TimeTicker::wake()
{
    if (std::exchange(m_isSlow, false) && m_timer->isActive())
        m_timer->start(1s);
}

void TimeTicker::tick()
{
    const auto [first, last] = m_seenRows();
    const milliseconds next = m_model.refreshTimes(first, last);
    m_isSlow = next > 1s;
    m_timer->start(next);
}
