#pragma once

#include "base/rare.h"
#include "base/textpool.h"
#include "guardian/lookups.h"
#include "guardian/parsetaskreply.h"
#include "guardian/pollqueue.h"
#include "guardian/pollschedule.h"
#include "task/polloutcome.h"
#include "task/pollwish.h"
#include "task/replypacker.h"

#include <QList>
#include <QSet>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

/// A random number in [0, 1).
using RandomUnit = std::function<double()>;

/// Which tasks of one server are to be asked for, and when: wishes and look-ups go in, the next
/// task comes out. It knows nothing of the network. Times are awake time; most acts cost O(log n).
class PollBook
{
public:
    struct Arrival {
        bool tracked = false;
        std::vector<LookUps::Told> told;
    };
    enum class Which { Waiting, All };

    PollBook(ServerId server, const PollManners &manners, RandomUnit random);

    void setManners(const PollManners &manners) { m_manners = manners; }
    void setPaused(bool paused);
    void apply(const PollWish &wish, std::chrono::milliseconds now);
    /// All of tasks tracked now, as wished for last.
    [[nodiscard]] QList<PollWish> wishes() const;
    void lookUp(quint64 request, const TaskId &id, std::chrono::milliseconds now);
    /// Ends look-ups with that error: those that wait, or also those under way.
    [[nodiscard]] std::vector<LookUps::Told> abandonLookUps(const PollError &error,
                                                            const Instant &now, Which which);

    [[nodiscard]] PollQueue &queue() { return m_queue; }

    /// A task taken from the queue goes on its way. True if it was asked for (`dueNow`).
    [[nodiscard]] bool depart(const TaskId &id);
    /// It comes back without meaning: it is due again at that time.
    void askAgain(const TaskId &id, bool asked, std::chrono::milliseconds due);
    /// Reads the reply of a task under way. `outcome` holds all but the answer.
    void read(PollOutcome &outcome, const ReplyData &reply, const ParseReply &parse);
    /// It comes back with that outcome, which sets its next time.
    [[nodiscard]] Arrival arrive(const PollOutcome &outcome, const ParseReply &parse);

    /// Whether the server tells of changes by itself: what runs is asked rarely then.
    void setLive(bool live, std::chrono::milliseconds now);
    [[nodiscard]] bool isTracked(const TaskId &id) const;
    /// Whether news of a task that the server sent by itself are of use: it is tracked, not paused,
    /// and not known to have ended.
    [[nodiscard]] bool awaitsNews(const TaskId &id) const;
    /// Takes such news, read as a reply. False if they cannot be merged: ask then. `outcome` holds
    /// all but the answer.
    [[nodiscard]] bool takePush(PollOutcome &outcome, const ReplyData &reply,
                                const ParseReply &parse);
    /// There is news of a task: it is due now, but no sooner after an answer than a running one.
    void hint(const TaskId &id, std::chrono::milliseconds now);

    /// Spreads what is due over a while; with `alsoLater` all that is lively is due.
    void spreadOut(std::chrono::milliseconds now, bool alsoLater);

private:
    static constexpr auto never = std::chrono::milliseconds::max();

    /// Tens of thousands of these: in the order of their size.
    struct Task {
        /// The last that could be read. What was read from it, is the store's: to read it again,
        /// for who looks up or while the server tells by itself, is rare.
        std::shared_ptr<const ReplyData> lastReply;
        PollSchedule::Pace pace;
        Rare<LookUps> lookUps;                     ///< not empty, if there
        std::chrono::milliseconds due = never;     ///< by the pace
        std::chrono::milliseconds askedAt = never; ///< `dueNow`
        std::chrono::milliseconds answeredAt{0};
        Dialect dialect = Dialect::Deployed; ///< of lastReply
        PollWish::Attention attention = PollWish::Attention::Background;
        bool tracked = false; ///< if not: kept for look-ups or while under way only
        bool paused = false;
        bool settled = false;
        bool confirming = false;
        bool inFlight = false;
        bool hinted = false;    ///< while under way
        bool isNews = false;    ///< the last answer to a poll differed from what was known
        bool surprised = false; ///< such news came by polling though the server should have told
        bool seenAgain = false; ///< lastReply came once more, and is packed since
    };
    struct Turn {
        PollSchedule::Lane lane = PollSchedule::Lane::Background;
        std::chrono::milliseconds due{0};
    };
    struct TaskIdHash {
        size_t operator()(const TaskId &id) const noexcept { return qHash(id); }
    };

    void begin(Task &task, std::chrono::milliseconds now) const;
    void pack(Task &task, PollOutcome &outcome);
    [[nodiscard]] std::vector<LookUps::Told> tellLookUps(Task &task, const PollOutcome &outcome,
                                                         const ParseReply &parse) const;
    void settlePace(Task &task, const PollOutcome &outcome) const;
    [[nodiscard]] std::optional<Turn> turnOf(const Task &task) const;
    void place(const TaskId &id, Task &task);
    void tidy(const TaskId &id);

    ServerId m_server;
    PollManners m_manners;
    RandomUnit m_random;
    bool m_paused = false;
    bool m_live = false;
    std::unordered_map<TaskId, Task, TaskIdHash> m_tasks;
    QSet<TaskId> m_lookedUp; ///< tasks with look-ups
    TextPool m_texts;        ///< that snapshots share: most tasks have the same
    ReplyPacker m_packer;
    PollQueue m_queue;
};
