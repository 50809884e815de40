#include "tasks/orderhold.h"

#include "tasks/tasktablemodel.h"

#include <utility>

using namespace std::chrono_literals;

namespace {

constexpr auto restTime = 3s;

} // namespace

OrderHold::OrderHold(TaskTableModel &model, const Clock &clock, IsTyping isTyping)
    : m_model(model)
    , m_isTyping(std::move(isTyping))
    , m_timer(clock.makeTimer([this] { pointerRested(); }))
{
}

void OrderHold::pointerMoved()
{
    m_model.holdOrder(true);
    m_timer->start(restTime);
}

void OrderHold::setHeld(bool held)
{
    m_held = held;
    if (held || !m_timer->isActive())
        m_model.holdOrder(held);
}

void OrderHold::pointerRested()
{
    if (m_isTyping())
        m_timer->start(restTime);
    else
        m_model.holdOrder(m_held);
}
