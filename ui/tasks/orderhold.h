#pragma once

#include "base/clock.h"

#include <functional>
#include <memory>

class TaskTableModel;

/// Holds the order of a table's rows while the pointer moves over them and until it has rested,
/// while somebody types into one, and as long as the operator wants it held.
class OrderHold
{
public:
    using IsTyping = std::function<bool()>;

    /// Model and clock must outlive it, or at least all that is asked of it.
    OrderHold(TaskTableModel &model, const Clock &clock, IsTyping isTyping);

    void pointerMoved();
    void setHeld(bool held);

private:
    void pointerRested();

    TaskTableModel &m_model;
    IsTyping m_isTyping;
    bool m_held = false;
    std::unique_ptr<ClockTimer> m_timer;
};
