#include "guardian/pollbook.h"

#include "task/sharetexts.h"

#include <algorithm>
#include <utility>

using namespace std::chrono;
using PollSchedule::Lane;

namespace {

/// As it is kept and handed on: packed here, in the engine's thread.
std::shared_ptr<const ReplyData> kept(const ReplyData &reply)
{
    auto made = std::make_shared<ReplyData>(reply);
    made->headers.squeeze();
    made->body.pack();
    return made;
}

} // namespace

PollBook::PollBook(ServerId server, const PollManners &manners, RandomUnit random)
    : m_server(server)
    , m_manners(manners)
    , m_random(std::move(random))
{
}

// --- wishes -------------------------------------------------------------------------------------

void PollBook::setPaused(bool paused)
{
    m_paused = paused;
    for (auto &[id, task] : m_tasks)
        place(id, task);
}

void PollBook::apply(const PollWish &wish, milliseconds now)
{
    const TaskId &id = wish.key.task;
    if (!wish.tracked) {
        if (const auto old = m_tasks.find(id); old != m_tasks.end()) {
            old->second.tracked = false;
            old->second.askedAt = never;
            place(id, old->second);
            tidy(id);
        }
        return;
    }
    const auto [entry, isNew] = m_tasks.try_emplace(id);
    Task &task = entry->second;
    const bool begins = isNew || !task.tracked;
    const bool resumes = task.paused && !wish.paused;
    task.tracked = true;
    task.paused = wish.paused;
    task.settled = wish.settled;
    task.attention = wish.attention;
    if (begins)
        begin(task, now);
    else if (resumes && task.due != never)
        task.due = std::min(task.due, now);
    if (wish.settled && !task.inFlight && task.pace.empties == 0) {
        task.pace = PollSchedule::settledPace();
        task.due = never;
    }
    if (wish.dueNow)
        task.askedAt = now;
    place(id, task);
}

void PollBook::begin(Task &task, milliseconds now) const
{
    task.pace = task.settled ? PollSchedule::settledPace() : PollSchedule::Pace{};
    task.confirming = false;
    task.due = task.settled ? never : now;
    // The store may have forgotten what it had read, too: it gets the next answer whole.
    task.lastReply.reset();
    task.seenAgain = false;
}

QList<PollWish> PollBook::wishes() const
{
    QList<PollWish> all;
    for (const auto &[id, task] : m_tasks) {
        if (!task.tracked)
            continue;
        PollWish wish;
        wish.key = {m_server, id};
        wish.paused = task.paused;
        wish.settled = task.settled || task.pace == PollSchedule::settledPace();
        wish.attention = task.attention;
        wish.dueNow = task.askedAt != never;
        all.append(wish);
    }
    return all;
}

// --- looking up ---------------------------------------------------------------------------------

void PollBook::lookUp(quint64 request, const TaskId &id, milliseconds now)
{
    Task &task = m_tasks[id];
    if (!task.lookUps)
        task.lookUps.emplace();
    task.lookUps->add(request, now);
    m_lookedUp.insert(id);
    place(id, task);
}

std::vector<LookUps::Told> PollBook::abandonLookUps(const PollError &error, const Instant &now,
                                                    Which which)
{
    std::vector<LookUps::Told> all;
    const QList<TaskId> ids = m_lookedUp.values();
    for (const TaskId &id : ids) {
        Task &task = m_tasks.at(id);
        if (task.inFlight && which == Which::Waiting)
            continue; // its own answer comes
        const auto told = task.lookUps->abandon(outcomeWithoutReply({m_server, id}, now, error));
        all.insert(all.end(), told.begin(), told.end());
        task.lookUps.reset();
        place(id, task);
        tidy(id);
    }
    return all;
}

std::vector<LookUps::Told> PollBook::tellLookUps(Task &task, const PollOutcome &outcome,
                                                 const ParseReply &parse) const
{
    if (!task.lookUps)
        return {};
    PollOutcome whole = outcome; // who looks up holds no earlier answer
    if (whole.answer) {
        whole.reply = task.lastReply;
        if (std::holds_alternative<Unchanged>(*whole.answer)) {
            if (auto snapshot = parse(*task.lastReply))
                whole.answer = std::make_shared<const TaskSnapshot>(*std::move(snapshot));
        }
    }
    auto told = task.lookUps->answer(whole, m_manners);
    if (task.lookUps->isEmpty())
        task.lookUps.reset();
    return told;
}

// --- on the way and back ------------------------------------------------------------------------

bool PollBook::depart(const TaskId &id)
{
    Task &task = m_tasks.at(id);
    task.inFlight = true;
    return std::exchange(task.askedAt, never) != never;
}

void PollBook::askAgain(const TaskId &id, bool asked, milliseconds due)
{
    Task &task = m_tasks.at(id); // never forgotten while under way
    task.inFlight = false;
    if (task.pace != PollSchedule::settledPace())
        task.due = due;
    if (asked)
        task.askedAt = due;
    if (task.lookUps)
        task.lookUps->postpone(due);
    place(id, task);
    tidy(id);
}

void PollBook::read(PollOutcome &outcome, const ReplyData &reply, const ParseReply &parse)
{
    Task &task = m_tasks.at(outcome.key.task);
    task.isNews = false;
    const bool whole = reply.httpStatus == 200 && !reply.transportError;
    if (whole && task.lastReply && reply.body == task.lastReply->body) {
        outcome.answer = Unchanged{};
        if (!std::exchange(task.seenAgain, true))
            pack(task, outcome);
        return;
    }
    if (reply.httpStatus != 0 || !reply.headers.isEmpty())
        outcome.reply = kept(reply);
    auto snapshot = parse(reply);
    if (!snapshot) {
        outcome.answer = tl::unexpected(snapshot.error());
        return;
    }
    shareTexts(*snapshot, outcome.key.task, m_texts);
    task.isNews = m_live && task.lastReply && parse(*task.lastReply) != snapshot;
    task.lastReply = outcome.reply;
    task.seenAgain = false;
    task.dialect = snapshot->dialect;
    outcome.answer = std::make_shared<const TaskSnapshot>(*std::move(snapshot));
}

/// It may stay for long now: what changes each time is not worth the packing.
void PollBook::pack(Task &task, PollOutcome &outcome)
{
    // One that has ended may have a secret for a result, which need not outlive its task.
    const bool mayTeach = task.pace.seen != PollSchedule::Pace::Seen::Final;
    auto packed = m_packer.packed(task.lastReply, mayTeach);
    if (packed != task.lastReply)
        outcome.reply = task.lastReply = std::move(packed);
}

PollBook::Arrival PollBook::arrive(const PollOutcome &outcome, const ParseReply &parse)
{
    const TaskId &id = outcome.key.task;
    Task &task = m_tasks.at(id);
    task.inFlight = false;
    Arrival arrival{task.tracked, tellLookUps(task, outcome, parse)};
    task.surprised = m_live && (task.surprised || task.isNews);
    settlePace(task, outcome);
    if (std::exchange(task.hinted, false) && task.due != never)
        task.due = std::min(task.due, task.answeredAt + m_manners.running);
    place(id, task);
    tidy(id);
    return arrival;
}

void PollBook::settlePace(Task &task, const PollOutcome &outcome) const
{
    const milliseconds now = outcome.answeredAt.awake;
    task.pace =
        PollSchedule::after(task.pace, PollSchedule::signOf(outcome.answer), now, m_manners);
    const bool live = m_live && !task.surprised;
    const auto next = PollSchedule::next(task.pace, m_manners, m_random(), live);
    task.answeredAt = now;
    task.confirming = next && next->confirming;
    task.due = next ? now + next->delay : never;
}

// --- what the server tells by itself ------------------------------------------------------------

void PollBook::setLive(bool live, milliseconds now)
{
    m_live = live;
    for (auto &[id, task] : m_tasks) {
        task.surprised = false;
        if (live || task.due == never || task.inFlight)
            continue; // what is due soon is asked once more: nobody told of the time before
        if (const auto next = PollSchedule::next(task.pace, m_manners, m_random())) {
            task.due = std::min(task.due, now + next->delay);
            place(id, task);
        }
    }
}

bool PollBook::isTracked(const TaskId &id) const
{
    const auto entry = m_tasks.find(id);
    return entry != m_tasks.end() && entry->second.tracked;
}

bool PollBook::awaitsNews(const TaskId &id) const
{
    if (!isTracked(id))
        return false;
    const Task &task = m_tasks.at(id);
    const bool ended = task.pace.seen == PollSchedule::Pace::Seen::Final && task.pace.same > 0;
    return !m_paused && !task.paused && !ended;
}

bool PollBook::takePush(PollOutcome &outcome, const ReplyData &reply, const ParseReply &parse)
{
    const TaskId &id = outcome.key.task;
    Task &task = m_tasks.at(id);
    if (task.lastReply && task.dialect == Dialect::Documented)
        return false; // its answers have another shape: mixed, they would flicker
    read(outcome, reply, parse);
    if (!outcome.answer)
        return false;
    task.surprised = false;
    settlePace(task, outcome);
    place(id, task);
    return true;
}

void PollBook::hint(const TaskId &id, milliseconds now)
{
    Task &task = m_tasks.at(id);
    task.hinted = task.inFlight;
    if (task.due == never || task.inFlight)
        return;
    task.due = std::min(task.due, std::max(now, task.answeredAt + m_manners.running));
    place(id, task);
}

// --- when ---------------------------------------------------------------------------------------

void PollBook::place(const TaskId &id, Task &task)
{
    const auto turn = turnOf(task);
    if (turn && !task.inFlight)
        m_queue.put(id, turn->lane, turn->due);
    else
        m_queue.remove(id);
}

/// The most urgent reason to ask counts, even if another falls due a little before: in a backlog
/// that one could wait for long.
std::optional<PollBook::Turn> PollBook::turnOf(const Task &task) const
{
    if (task.askedAt != never)
        return Turn{Lane::Asked, task.askedAt};
    if (task.lookUps) {
        const LookUps::Turn first = task.lookUps->first();
        return Turn{first.isConfirming ? Lane::Confirming : Lane::Asked, first.due};
    }
    if (!task.tracked || task.due == never || task.paused || m_paused)
        return std::nullopt;
    if (task.confirming)
        return Turn{Lane::Confirming, task.due};
    const bool attended = task.attention != PollWish::Attention::Background;
    return Turn{attended ? Lane::Attended : Lane::Background, task.due};
}

void PollBook::spreadOut(milliseconds now, bool alsoLater)
{
    std::vector<TaskId> due;
    for (const auto &[id, task] : m_tasks)
        if (task.due != never && !task.inFlight
            && (task.due <= now || (alsoLater && PollSchedule::isLively(task.pace))))
            due.push_back(id);
    // No longer than the budget needs: a single task need not wait.
    const milliseconds needed{qint64(due.size()) * 1'000
                              / std::max(1, m_manners.requestsPerSecond)};
    const double span = double(std::min(m_manners.spread, needed).count());
    for (const TaskId &id : due) {
        Task &task = m_tasks.at(id);
        task.due = now + milliseconds(qint64(span * m_random()));
        place(id, task);
    }
}

/// Forgets what nobody needs any more.
void PollBook::tidy(const TaskId &id)
{
    const auto entry = m_tasks.find(id);
    const Task &task = entry->second;
    if (!task.lookUps)
        m_lookedUp.remove(id);
    if (task.tracked || task.inFlight || task.lookUps)
        return;
    m_queue.remove(id);
    m_tasks.erase(entry);
}
