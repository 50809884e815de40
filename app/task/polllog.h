#pragma once

#include "task/polloutcome.h"

#include <QHash>
#include <QList>
#include <QSharedData>

#include <deque>
#include <utility>
#include <vector>

/// One poll as the log shows it.
struct PollLogEntry {
    TaskKey key;
    QDateTime at; ///< UTC; when the answer came
    std::chrono::milliseconds duration{0};
    int httpStatus = 0;             ///< 0: no HTTP answer
    bool unchanged = false;         ///< byte for byte as before
    TaskPhase phase = {};           ///< meaningful without error and not unchanged
    std::optional<PollError> error; ///< why it told nothing

    /// "Running", "No change", "The server did not answer in time."; translated.
    [[nodiscard]] QString words() const;

    friend bool operator==(const PollLogEntry &, const PollLogEntry &) = default;
};

/// The last polls: 20 of each task, 5,000 of each server. Lives in one thread, in memory only, and
/// holds no bodies.
class PollLog
{
public:
    static constexpr size_t perTask = 20;
    static constexpr size_t perServer = 5000;

    void append(const QList<PollOutcome> &outcomes);
    /// Oldest first.
    [[nodiscard]] QList<PollLogEntry> entries(const TaskKey &key) const;
    /// Oldest first; tasks that are forgotten since, too.
    [[nodiscard]] QList<PollLogEntry> serverEntries(const ServerId &server) const;
    void forget(const QList<TaskKey> &keys);

private:
    struct Trouble : QSharedData {
        explicit Trouble(PollError what)
            : error(std::move(what))
        {
        }
        PollError error;
    };
    /// 10,000 tasks have 200,000 of these: 24 bytes each.
    struct Line {
        qint64 at = 0;
        QExplicitlySharedDataPointer<const Trouble> trouble;
        qint32 duration = 0;
        qint16 httpStatus = 0;
        qint8 phase = 0;      ///< a TaskPhase, or `unchanged`
        bool foreign = false; ///< the last readable answer was about another task

        static constexpr qint8 unchanged = -1;
    };
    struct ServerLine {
        TaskId task;
        Line line;
    };

    /// `before`: the line of the task's poll before, or null.
    [[nodiscard]] static Line lineOf(const PollOutcome &outcome, const Line *before);
    [[nodiscard]] static PollLogEntry entryOf(TaskKey key, const Line &line);

    QHash<TaskKey, std::vector<Line>> m_tasks; ///< each with room for no more than it may hold
    QHash<ServerId, std::deque<ServerLine>> m_servers;
};
