#pragma once

#include "base/clock.h"
#include "base/taskid.h"
#include "task/replydata.h"

#include <QList>
#include <QObject>
#include <QString>

#include <tl/expected.hpp>

#include <functional>
#include <memory>
#include <optional>

class TaskPoller;

/// A running task that the server tells of.
struct DiscoveredTask {
    TaskId taskId;
    QString action;              ///< free text, may be empty
    QString message;             ///< what it is doing; may be empty
    std::optional<int> progress; ///< 0..100

    friend bool operator==(const DiscoveredTask &, const DiscoveredTask &) = default;
};

/// Why a list of running tasks was not read.
enum class DiscoveryFailure {
    ForNow,  ///< trouble that may pass
    Odd,     ///< no such list, as it seems: maybe a page of somebody in between
    ForLong, ///< this server has no such list for this account
};

/// Reads the answer to `GET {root}/notifications/progresses`: pure. At most 1,000 tasks; what names
/// no task is left out.
[[nodiscard]] tl::expected<QList<DiscoveredTask>, DiscoveryFailure>
readProgresses(const ReplyData &reply);

/// Looks each half minute, and when told to, for running tasks that are not tracked. Where the
/// server has no list of them it looks once an hour.
class Discovery final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Discovery)

public:
    /// Poller and clock must outlive it. `random` gives numbers in [0, 1).
    Discovery(TaskPoller &poller, const Clock &clock, std::function<double()> random,
              QObject *parent = nullptr);
    ~Discovery() override;

    /// Looks at once when it begins to be wanted; what was found before is void.
    void setWanted(bool wanted);
    /// There is news of a running task, or, without an ID, of some: looks soon, unless that one is
    /// told of already.
    void hint(const TaskId &task);

Q_SIGNALS:
    /// Those not tracked, newest first; only when the list differs from the one told last.
    void discovered(const QList<DiscoveredTask> &tasks);

private:
    void look();
    void take(const ReplyData &reply);
    void tell(const QList<DiscoveredTask> &tasks);
    void lookIn(std::chrono::milliseconds delay);

    TaskPoller &m_poller;
    const Clock &m_clock;
    std::function<double()> m_random;
    bool m_wanted = false;
    bool m_asking = false;
    int m_failures = 0; ///< in a row, of whatever kind
    int m_odd = 0;      ///< in a row
    QList<DiscoveredTask> m_told;
    std::chrono::milliseconds m_lookedAt{0};
    std::chrono::milliseconds m_dueAt{0}; ///< awake time of the next look, while the timer runs
    std::unique_ptr<ClockTimer> m_timer;
};
