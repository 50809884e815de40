#pragma once

#include "base/clock.h"
#include "guardian/connectionstatus.h"
#include "guardian/guardianclient.h"
#include "guardian/pollqueue.h"
#include "guardian/pollschedule.h"
#include "guardian/servergate.h"
#include "guardian/session.h"
#include "task/polloutcome.h"
#include "task/pollwish.h"

#include <QList>
#include <QObject>
#include <QSet>

#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

/// Reads a reply: parseTaskReply, or a test's own.
using ParseReply = std::function<tl::expected<TaskSnapshot, PollError>(const ReplyData &)>;
/// A random number in [0, 1).
using RandomUnit = std::function<double()>;

/// Asks one server for its tasks, in the order and at the pace that PollSchedule says. One timer and
/// one queue for any number of tasks; at most one request in flight per task. It keeps no beliefs
/// about tasks. Lives in the client's thread.
///
/// Its signals come from the middle of its work: a slot may send wishes, but not destroy it.
class TaskPoller final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TaskPoller)

public:
    /// All references must outlive the poller.
    TaskPoller(ServerId server, GuardianClient &client, Session &session, const Clock &clock,
               ParseReply parse, RandomUnit random, PollManners manners, QObject *parent = nullptr);
    ~TaskPoller() override;

    void setManners(const PollManners &manners);
    /// Paused by the operator: only what is asked for (`dueNow`, look-ups) is sent.
    void setPaused(bool paused);
    void apply(const PollWish &wish);
    /// All of tasks tracked now, as wished for last.
    [[nodiscard]] QList<PollWish> wishes() const;

    /// Asks for a task without tracking it; lookedUp() comes once. An empty answer counts when it was
    /// confirmed twice within about 10 s.
    void lookUp(quint64 request, const TaskId &task);
    enum class Abandon { Waiting, All };
    /// Answers look-ups with that error: those that wait, or also those under way.
    void abandonLookUps(const PollError &error, Abandon which = Abandon::Waiting);

    /// The network is back, or the machine after a sleep of that length: asks at once, spread out.
    void networkReturned(std::chrono::milliseconds slept);

    [[nodiscard]] const ConnectionStatus &status() const { return m_status; }

Q_SIGNALS:
    void answered(const PollOutcome &outcome); ///< of a tracked task
    void lookedUp(quint64 request, const PollOutcome &outcome);
    void connectionChanged(const ConnectionStatus &status); ///< only when it differs

private:
    struct LookUp {
        quint64 request = 0;
        int empties = 0;
        std::chrono::milliseconds firstEmptyAt{0};
        std::chrono::milliseconds due{0};
    };
    struct Task {
        PollWish wish; ///< not tracked: kept for look-ups or a request in flight only
        PollSchedule::Pace pace;
        std::optional<std::chrono::milliseconds> due; ///< by the pace
        bool confirming = false;
        std::optional<std::chrono::milliseconds> askedAt; ///< `dueNow`
        bool inFlight = false;
        std::vector<LookUp> lookUps;
        std::shared_ptr<const ReplyData> lastReply; ///< the last that could be read
        std::shared_ptr<const TaskSnapshot> lastSnapshot;
    };
    struct Sent {
        TaskId task;
        Instant at;
        int gateNumber = 0;
        int connectionsCleared = 0;
        quint64 generation = 0;
        bool asked = false;
    };
    struct Told {
        quint64 request = 0;
        PollOutcome outcome;
    };
    struct TaskIdHash {
        size_t operator()(const TaskId &id) const { return qHash(id); }
    };
    using Tasks = std::unordered_map<TaskId, Task, TaskIdHash>;

    void wake();
    void armTimer();
    void send(const TaskId &id, const Authorization &authorization);
    void finishPoll(const Sent &sent, const ReplyData &reply);
    void askAgain(Task &task, const Sent &sent, std::chrono::milliseconds due);
    [[nodiscard]] PollOutcome readReply(Task &task, const Sent &sent, const ReplyData &reply) const;
    [[nodiscard]] std::vector<Told> tellLookUps(Task &task, const PollOutcome &outcome) const;
    void settlePace(Task &task, const PollOutcome &outcome);
    void actOn(const ServerGate::Effect &effect);
    [[nodiscard]] bool isHopelessForLookUps(int failuresAllowed) const;

    void begin(Task &task);
    void place(const TaskId &id, Task &task);
    void spreadOut(bool alsoNotYetDue);
    void forgetIdle(const TaskId &id);
    void onSessionReady();
    void onSignInNeeded();
    void updateStatus();
    [[nodiscard]] PollError signInCause() const;

    ServerId m_server;
    GuardianClient &m_client;
    Session &m_session;
    const Clock &m_clock;
    ParseReply m_parse;
    RandomUnit m_random;
    PollManners m_manners;
    bool m_paused = false;

    Tasks m_tasks;
    QSet<TaskId> m_lookedUp; ///< tasks with look-ups
    PollQueue m_queue;
    PollSchedule::Budget m_budget;
    ServerGate m_gate;
    std::unique_ptr<ClockTimer> m_timer;
    std::optional<PollError> m_refusal;
    ConnectionStatus m_status;
    std::chrono::milliseconds m_statusUntil{0}; ///< awake twin of the status' `until`
};
