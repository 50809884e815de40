#pragma once

#include "base/clock.h"
#include "guardian/connectionstatus.h"
#include "guardian/guardianclient.h"
#include "guardian/pollbook.h"
#include "guardian/pollschedule.h"
#include "guardian/pushmessage.h"
#include "guardian/servergate.h"
#include "guardian/session.h"
#include "task/polloutcome.h"
#include "task/pollwish.h"

#include <QList>
#include <QObject>

#include <memory>
#include <optional>
#include <vector>

/// Asks one server for its tasks, in the order and at the pace that PollSchedule says. One timer
/// and one queue for any number of tasks; at most one request in flight per task. It keeps no
/// beliefs about tasks. Lives in the client's thread.
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
    [[nodiscard]] QList<PollWish> wishes() const { return m_book.wishes(); }

    /// Asks for a task without tracking it; lookedUp() comes once. An empty answer counts when it
    /// was confirmed twice within about 10 s; trouble is told at once, and at the latest when the
    /// server keeps us waiting for longer than that.
    void lookUp(quint64 request, const TaskId &task);
    /// Ends look-ups with that error: those that wait, or also those under way.
    void abandonLookUps(const PollError &error, PollBook::Which which);

    /// The network is back, or the machine after a sleep of that length: asks at once, spread out.
    void networkReturned(std::chrono::milliseconds slept);

    /// Whether the server tells of changes by itself: what runs is asked rarely then.
    void setLive(bool live);
    /// Takes news that the server sent by itself. A whole task is told as answered(); of what is
    /// not whole the server is asked. News of tasks that are not tracked, or paused, are dropped.
    void takePush(const PushMessage &message);
    [[nodiscard]] bool isTracked(const TaskId &task) const { return m_book.isTracked(task); }

    /// Asks for something else, once, within the same budget, while the server is in no trouble. It
    /// takes the place of such a request that still waits.
    void askAside(const QString &path, GuardianClient::Done done);
    /// Somebody else needs a token, or no longer: has it renewed when the server may be asked. A
    /// pause ends the wish.
    void setTokenWanted(bool wanted);
    /// It is not to be asked any more; its answer is not told, if it is under way.
    void dropAside();

    [[nodiscard]] const ConnectionStatus &status() const { return m_status; }

Q_SIGNALS:
    void answered(const PollOutcome &outcome); ///< of a tracked task
    void lookedUp(quint64 request, const PollOutcome &outcome);
    void connectionChanged(const ConnectionStatus &status); ///< only when it differs

private:
    /// What has to be known of a request when it ends.
    struct Sent {
        TaskId task;
        Instant at;
        int gateNumber = 0;
        int connectionsCleared = 0;
        quint64 generation = 0;
        bool asked = false;
    };

    struct Aside {
        QString path;
        GuardianClient::Done done;
        int round = 0;      ///< of m_asideRound
        bool again = false; ///< the token was refused, and is renewed
    };

    void wake();
    [[nodiscard]] std::optional<std::chrono::milliseconds> firstDue();
    [[nodiscard]] bool mayAskAside();
    void armTimer();
    void send(const TaskId &id, const Authorization &authorization);
    void sendAside(const Authorization &authorization);
    void finishAside(const Sent &sent, const Aside &aside, const ReplyData &reply);
    void finishPoll(const Sent &sent, const ReplyData &reply);
    void actOn(const ServerGate::Effect &effect);
    [[nodiscard]] bool isHopeless(int failures) const;
    void tell(const std::vector<LookUps::Told> &told);
    void onRenewalStarted();
    void onRenewalEnded(const std::optional<PollError> &trouble);
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
    bool m_live = false;

    PollBook m_book;
    PollSchedule::Budget m_budget;
    ServerGate m_gate;
    std::unique_ptr<ClockTimer> m_timer;
    struct Renewal {
        int gateNumber = 0;
        int connectionsCleared = 0;
    };
    std::optional<Renewal> m_renewal; ///< the session's, under way
    std::optional<Aside> m_aside;     ///< waits for its turn
    int m_asideRound = 0;             ///< what was asked aside in an earlier one is void
    bool m_tokenWanted = false;
    ConnectionStatus m_status;
    std::chrono::milliseconds m_statusUntil{0}; ///< the awake twin of the status' `until`
};
