#pragma once

#include "base/taskid.h"

/// What the store asks of the poller about one task. The latest wish for a key counts.
struct PollWish {
    enum class Attention : signed char { Background, Visible, Selected };

    TaskKey key;
    bool tracked = true; ///< false: forget it, no more polls
    bool paused = false; ///< known, but not asked until resumed or `dueNow`
    bool settled =
        false;           ///< final and confirmed, maybe in an earlier run: asked only when `dueNow`
    bool dueNow = false; ///< ask once, as soon as the budget allows, whatever the pace says
    Attention attention = Attention::Background;

    friend bool operator==(const PollWish &, const PollWish &) = default;
};
