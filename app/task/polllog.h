#pragma once

#include "task/polllines.h"
#include "task/polloutcome.h"

#include <QHash>
#include <QList>

#include <deque>

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
    static constexpr quint16 perTask = 20;
    static constexpr size_t perServer = 5000;

    void append(const QList<PollOutcome> &outcomes);
    /// Oldest first.
    [[nodiscard]] QList<PollLogEntry> entries(const TaskKey &key) const;
    /// Oldest first; tasks that are forgotten since, too.
    [[nodiscard]] QList<PollLogEntry> serverEntries(const ServerId &server) const;
    void forget(const QList<TaskKey> &keys);

private:
    struct ServerLine {
        TaskId task;
        PollLine line;
    };

    /// `foreign`: of the task's poll before.
    [[nodiscard]] static PollLine lineOf(const PollOutcome &outcome, bool foreign);
    [[nodiscard]] static PollLogEntry entryOf(TaskKey key, const PollLine &line);

    QHash<TaskKey, PollLines> m_tasks;
    QHash<ServerId, std::deque<ServerLine>> m_servers;
};
