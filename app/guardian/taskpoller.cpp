#include "guardian/taskpoller.h"

#include "guardian/trouble.h"

#include <algorithm>
#include <limits>

using namespace std::chrono;

namespace {

/// A look-up waits no longer than this for a server in trouble.
constexpr milliseconds lookUpPatience{10'000};

PollOutcome outcomeWithoutReply(const TaskKey &key, const Instant &now, const PollError &error)
{
    return {.key = key,
            .sentAt = now,
            .answeredAt = now,
            .answer = tl::unexpected(error),
            .reply = nullptr,
            .httpStatus = error.httpStatus};
}

std::optional<PollError> errorOf(const PollOutcome &outcome)
{
    return outcome.answer ? std::nullopt : std::optional(outcome.answer.error());
}

} // namespace

TaskPoller::TaskPoller(ServerId server, GuardianClient &client, Session &session,
                       const Clock &clock, ParseReply parse, RandomUnit random, PollManners manners,
                       QObject *parent)
    : QObject(parent)
    , m_server(server)
    , m_client(client)
    , m_session(session)
    , m_clock(clock)
    , m_parse(std::move(parse))
    , m_random(std::move(random))
    , m_manners(manners)
    , m_budget(manners.requestsPerSecond)
    , m_timer(clock.makeTimer([this] { wake(); }))
{
    connect(&m_session, &Session::ready, this, &TaskPoller::onSessionReady);
    connect(&m_session, &Session::signInNeeded, this, &TaskPoller::onSignInNeeded);
    updateStatus();
}

TaskPoller::~TaskPoller() = default;

void TaskPoller::setManners(const PollManners &manners)
{
    if (manners.requestsPerSecond != m_manners.requestsPerSecond)
        m_budget = PollSchedule::Budget(manners.requestsPerSecond);
    m_manners = manners;
    wake();
}

// --- sending ------------------------------------------------------------------------------------

void TaskPoller::wake()
{
    const auto authorization = m_session.authorization();
    while (authorization && m_client.freeSlots() > 0) {
        const milliseconds now = m_clock.now().awake;
        const auto opens = m_gate.opensAt(now);
        if (!opens || *opens > now || m_budget.nextAllowed(now) > now)
            break;
        auto task = m_queue.takeDue(now);
        if (!task && m_gate.hold().isOn())
            task = m_queue.takeFirst(); // somebody has to try
        if (!task)
            break;
        m_budget.spend(now);
        send(*task, *authorization);
    }
    armTimer();
}

void TaskPoller::armTimer()
{
    const milliseconds now = m_clock.now().awake;
    const auto opens = m_gate.opensAt(now);
    const auto due = m_queue.firstDue();
    if (!due || !opens || m_client.freeSlots() == 0 || !m_session.authorization()) {
        m_timer->stop(); // an answer, a wish or a token wakes us
        return;
    }
    milliseconds next = std::max(*opens, m_budget.nextAllowed(now));
    if (!m_gate.hold().isOn())
        next = std::max(next, *due);
    m_timer->start(next - now);
}

void TaskPoller::send(const TaskId &id, const Authorization &authorization)
{
    Task &task = m_tasks.at(id);
    const Sent sent{.task = id,
                    .at = m_clock.now(),
                    .gateNumber = m_gate.sent(),
                    .connectionsCleared = m_client.connectionsCleared(),
                    .generation = authorization.generation,
                    .asked = task.askedAt.has_value()};
    task.inFlight = true;
    task.askedAt.reset();
    m_client.send({.path = taskPath(id), .authorization = authorization}, this,
                  [this, sent](const ReplyData &reply) { finishPoll(sent, reply); });
}

// --- receiving ----------------------------------------------------------------------------------

void TaskPoller::finishPoll(const Sent &sent, const ReplyData &reply)
{
    Task &task = m_tasks.at(sent.task); // never forgotten while in flight
    task.inFlight = false;
    const milliseconds now = m_clock.now().awake;
    if (reply.transportError && sent.connectionsCleared != m_client.connectionsCleared()) {
        m_gate.dropped(sent.gateNumber);
        askAgain(task, sent, now + PollSchedule::jittered(m_manners.spread, m_random()));
        return;
    }

    const PollOutcome outcome = readReply(task, sent, reply);
    const auto error = errorOf(outcome);
    const bool refused = error && error->kind == PollError::Kind::SignInNeeded;
    const auto authorization = m_session.authorization();
    const auto effect = m_gate.answered(sent.gateNumber, error, now, m_manners, m_random());
    if (refused && authorization && authorization->generation != sent.generation) {
        askAgain(task, sent, now); // an older token's refusal: today's was not tried yet
        return;
    }
    const bool tracked = task.wish.tracked;
    const auto told = tellLookUps(task, outcome);
    settlePace(task, outcome);
    place(sent.task, task);
    if (task.lookUps.empty())
        m_lookedUp.remove(sent.task);
    forgetIdle(sent.task);

    // From here on others act: no reference into the tasks may be held any more.
    if (tracked)
        Q_EMIT answered(outcome);
    for (const Told &each : told)
        Q_EMIT lookedUp(each.request, each.outcome);
    if (refused) {
        m_refusal = error;
        m_session.refused(sent.generation);
    }
    actOn(effect);
}

void TaskPoller::askAgain(Task &task, const Sent &sent, milliseconds due)
{
    task.due = due;
    if (sent.asked)
        task.askedAt = due;
    for (LookUp &lookUp : task.lookUps)
        lookUp.due = due;
    place(sent.task, task);
    forgetIdle(sent.task);
    wake();
}

PollOutcome TaskPoller::readReply(Task &task, const Sent &sent, const ReplyData &reply) const
{
    PollOutcome outcome{.key = {m_server, sent.task},
                        .sentAt = sent.at,
                        .answeredAt = m_clock.now(),
                        .answer = Unchanged{},
                        .reply = nullptr,
                        .httpStatus = reply.httpStatus,
                        .duration = reply.duration};
    if (!reply.transportError && reply.httpStatus == 200 && task.lastReply
        && reply.body == task.lastReply->body)
        return outcome;
    if (reply.httpStatus != 0 || !reply.headers.isEmpty())
        outcome.reply = std::make_shared<const ReplyData>(reply);
    auto snapshot = m_parse(reply);
    if (!snapshot) {
        outcome.answer = tl::unexpected(snapshot.error());
        return outcome;
    }
    task.lastReply = outcome.reply;
    task.lastSnapshot = std::make_shared<const TaskSnapshot>(*std::move(snapshot));
    outcome.answer = task.lastSnapshot;
    return outcome;
}

std::vector<TaskPoller::Told> TaskPoller::tellLookUps(Task &task, const PollOutcome &outcome) const
{
    const auto error = errorOf(outcome);
    PollOutcome whole = outcome; // who looks up holds no earlier answer
    if (!error) {
        whole.answer = task.lastSnapshot;
        whole.reply = task.lastReply;
    }
    const milliseconds now = outcome.answeredAt.awake;
    std::vector<Told> told;
    std::erase_if(task.lookUps, [&](LookUp &lookUp) {
        if (error && error->kind == PollError::Kind::NotKnown) {
            if (lookUp.empties++ == 0)
                lookUp.firstEmptyAt = now;
            lookUp.due = now + m_manners.confirming;
            if (lookUp.empties < 3 || now - lookUp.firstEmptyAt < m_manners.emptyCountsAfter)
                return false;
        }
        told.push_back({lookUp.request, whole});
        return true;
    });
    return told;
}

void TaskPoller::settlePace(Task &task, const PollOutcome &outcome)
{
    const milliseconds now = outcome.answeredAt.awake;
    task.pace =
        PollSchedule::after(task.pace, PollSchedule::signOf(outcome.answer), now, m_manners);
    const auto next = PollSchedule::next(task.pace, m_manners, m_random());
    task.confirming = next && next->confirming;
    task.due = next ? std::optional(now + next->delay) : std::nullopt;
}

void TaskPoller::actOn(const ServerGate::Effect &effect)
{
    if (effect.connectionsDead)
        m_client.clearConnections();
    if (effect.recovered)
        spreadOut(false);
    if (effect.raised && isHopelessForLookUps(2)) {
        const PollError cause = *m_gate.hold().cause;
        abandonLookUps(cause);
    }
    updateStatus();
    wake();
}

// --- wishes -------------------------------------------------------------------------------------

void TaskPoller::apply(const PollWish &wish)
{
    const TaskId &id = wish.key.task;
    if (!wish.tracked) {
        if (const auto old = m_tasks.find(id); old != m_tasks.end()) {
            old->second.wish = wish;
            old->second.askedAt.reset();
            place(id, old->second);
            forgetIdle(id);
        }
        return;
    }
    const milliseconds now = m_clock.now().awake;
    const auto [entry, isNew] = m_tasks.try_emplace(id);
    Task &task = entry->second;
    const bool begins = isNew || !task.wish.tracked;
    const bool resumes = task.wish.paused && !wish.paused;
    task.wish = wish;
    if (begins)
        begin(task);
    else if (resumes && task.due)
        task.due = std::min(*task.due, now);
    if (wish.settled && !begins && !task.inFlight && task.pace.empties == 0) {
        task.pace = PollSchedule::settledPace();
        task.due.reset();
    }
    if (wish.dueNow) {
        task.askedAt = now;
        m_gate.hasten(now, m_manners);
    }
    place(id, task);
    wake();
    updateStatus();
}

void TaskPoller::begin(Task &task)
{
    task.pace = task.wish.settled ? PollSchedule::settledPace() : PollSchedule::Pace{};
    task.confirming = false;
    task.due = task.wish.settled ? std::nullopt : std::optional(m_clock.now().awake);
    // The store may have forgotten what it had read, too: it gets the next answer whole.
    task.lastReply.reset();
    task.lastSnapshot.reset();
}

QList<PollWish> TaskPoller::wishes() const
{
    QList<PollWish> all;
    for (const auto &[id, task] : m_tasks) {
        if (!task.wish.tracked)
            continue;
        PollWish wish = task.wish;
        wish.settled = task.pace == PollSchedule::settledPace();
        wish.dueNow = task.askedAt.has_value();
        all.append(wish);
    }
    return all;
}

void TaskPoller::setPaused(bool paused)
{
    if (paused == m_paused)
        return;
    m_paused = paused;
    for (auto &[id, task] : m_tasks)
        place(id, task);
    if (!paused)
        spreadOut(false);
    updateStatus();
    wake();
}

void TaskPoller::place(const TaskId &id, Task &task)
{
    using PollSchedule::Lane;
    std::optional<std::pair<milliseconds, Lane>> best;
    const auto consider = [&best](milliseconds due, Lane lane) {
        const std::pair candidate{due, lane};
        if (!best || candidate < *best)
            best = candidate;
    };
    for (const LookUp &lookUp : task.lookUps)
        consider(lookUp.due, lookUp.empties > 0 ? Lane::Confirming : Lane::Asked);
    if (task.askedAt)
        consider(*task.askedAt, Lane::Asked);
    if (task.wish.tracked && task.due && !task.wish.paused && !m_paused) {
        const bool attended = task.wish.attention != PollWish::Attention::Background;
        consider(*task.due, task.confirming ? Lane::Confirming
                            : attended      ? Lane::Attended
                                            : Lane::Background);
    }
    if (best && !task.inFlight)
        m_queue.put(id, best->second, best->first);
    else
        m_queue.remove(id);
}

/// What is due at once goes over a while; with `alsoNotYetDue` everything that is lively is due.
void TaskPoller::spreadOut(bool alsoNotYetDue)
{
    const milliseconds now = m_clock.now().awake;
    for (auto &[id, task] : m_tasks) {
        if (!task.due || task.inFlight)
            continue;
        if (*task.due > now && !(alsoNotYetDue && PollSchedule::isLively(task.pace)))
            continue;
        task.due = now + milliseconds(qint64(double(m_manners.spread.count()) * m_random()));
        place(id, task);
    }
}

void TaskPoller::forgetIdle(const TaskId &id)
{
    const auto entry = m_tasks.find(id);
    if (entry == m_tasks.end())
        return;
    const Task &task = entry->second;
    if (task.wish.tracked || task.inFlight || !task.lookUps.empty())
        return;
    m_queue.remove(id);
    m_tasks.erase(entry);
}

// --- looking up ---------------------------------------------------------------------------------

void TaskPoller::lookUp(quint64 request, const TaskId &id)
{
    const Instant now = m_clock.now();
    if (!m_session.authorization()) {
        Q_EMIT lookedUp(request, outcomeWithoutReply({m_server, id}, now, signInCause()));
        return;
    }
    m_gate.hasten(now.awake, m_manners);
    updateStatus();
    if (isHopelessForLookUps(std::numeric_limits<int>::max())) {
        Q_EMIT lookedUp(request,
                        outcomeWithoutReply({m_server, id}, now, *m_gate.hold().cause));
        return;
    }
    const auto [entry, isNew] = m_tasks.try_emplace(id);
    if (isNew)
        entry->second.wish.tracked = false;
    entry->second.lookUps.push_back({.request = request, .due = now.awake});
    m_lookedUp.insert(id);
    place(id, entry->second);
    wake();
}

bool TaskPoller::isHopelessForLookUps(int failuresAllowed) const
{
    const PollSchedule::Hold &hold = m_gate.hold();
    return hold.isOn()
           && (hold.failures >= failuresAllowed
               || hold.until - m_clock.now().awake > lookUpPatience);
}

void TaskPoller::abandonLookUps(const PollError &error, Abandon which)
{
    const Instant now = m_clock.now();
    std::vector<Told> told;
    const auto ids = m_lookedUp.values();
    for (const TaskId &id : ids) {
        Task &task = m_tasks.at(id);
        if (task.inFlight && which == Abandon::Waiting)
            continue; // its own answer comes
        for (const LookUp &lookUp : task.lookUps)
            told.push_back(
                {lookUp.request, outcomeWithoutReply({m_server, id}, now, error)});
        task.lookUps.clear();
        m_lookedUp.remove(id);
        place(id, task);
        forgetIdle(id);
    }
    for (const Told &each : told)
        Q_EMIT lookedUp(each.request, each.outcome);
}

// --- the server ---------------------------------------------------------------------------------

void TaskPoller::networkReturned(milliseconds slept)
{
    m_client.clearConnections();
    m_gate.networkReturned(slept);
    spreadOut(true);
    updateStatus();
    wake();
}

void TaskPoller::onSessionReady()
{
    m_refusal.reset();
    spreadOut(false);
    updateStatus();
    wake();
}

void TaskPoller::onSignInNeeded()
{
    abandonLookUps(signInCause());
    updateStatus();
    wake();
}

PollError TaskPoller::signInCause() const
{
    return m_refusal.value_or(trouble(PollError::Kind::SignInNeeded));
}

void TaskPoller::updateStatus()
{
    const Instant now = m_clock.now();
    ConnectionStatus next;
    next.since = now.wall;
    milliseconds until{0};
    const PollSchedule::Hold &hold = m_gate.hold();
    if (m_paused) {
        next.state = Connection::Paused;
    } else if (!m_session.authorization()) {
        next.state = Connection::SignInNeeded;
        next.cause = signInCause();
    } else if (hold.isOn()) {
        next.state = PollSchedule::connectionOf(hold.cause->kind);
        next.cause = hold.cause;
        until = hold.until;
        next.until = now.wall.addMSecs((hold.until - now.awake).count());
    }
    if (m_status.since.isValid() && next.state == m_status.state) {
        if (until == m_statusUntil && next.cause == m_status.cause)
            return;
        next.since = m_status.since;
    }
    m_status = next;
    m_statusUntil = until;
    Q_EMIT connectionChanged(m_status);
}
