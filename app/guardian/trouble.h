#pragma once

#include "task/pollerror.h"

#include <utility>

/// A PollError of our own making.
[[nodiscard]] inline PollError trouble(PollError::Kind kind, QString detail = {})
{
    PollError error;
    error.kind = kind;
    error.detail = std::move(detail);
    return error;
}
