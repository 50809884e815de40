#pragma once

#include "base/rare.h"
#include "task/pollerror.h"

#include <QSharedData>
#include <QtGlobal>

#include <deque>
#include <vector>

/// One poll in the log, without its task.
struct PollLine {
    struct Trouble : QSharedData {
        explicit Trouble(PollError what)
            : error(std::move(what))
        {
        }
        PollError error;
    };
    static constexpr qint8 unchanged = -1;

    qint64 at = 0; ///< ms since 1970
    QExplicitlySharedDataPointer<const Trouble> trouble;
    qint32 duration = 0; ///< ms
    qint16 httpStatus = 0;
    qint8 phase = 0;      ///< a TaskPhase, or `unchanged`
    bool foreign = false; ///< the last readable answer was about another task
};

/// The last polls of one task, in some five bytes each: 10,000 tasks have 200,000.
class PollLines
{
public:
    /// Beyond `most` the oldest goes.
    void append(const PollLine &line, quint16 most);
    /// Of the last; false if there is none.
    [[nodiscard]] bool isForeign() const { return m_isForeign; }
    /// Oldest first.
    [[nodiscard]] std::vector<PollLine> all() const;

private:
    void dropOldest();
    [[nodiscard]] qint64 lastTime() const;

    /// Of each the time since the one before, the duration, and what is not as usual.
    std::vector<unsigned char> m_bytes;
    Rare<std::deque<QExplicitlySharedDataPointer<const PollLine::Trouble>>> m_troubles;
    qint64 m_before = 0; ///< the time of the one before the first
    quint16 m_count = 0;
    bool m_isForeign = false;
};
