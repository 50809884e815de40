#include "guardian/taskpoller.h"

#include "guardian/trouble.h"

#include <algorithm>
#include <limits>
#include <utility>

using namespace std::chrono;

namespace {

/// A look-up waits no longer than this for a server in trouble, and for no second failure.
constexpr milliseconds lookUpPatience{10'000};
constexpr int lookUpFailures = 2;

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
    , m_book(server, manners, m_random)
    , m_budget(manners.requestsPerSecond)
    , m_timer(clock.makeTimer([this] { wake(); }))
{
    connect(&m_session, &Session::renewalStarted, this, &TaskPoller::onRenewalStarted);
    connect(&m_session, &Session::renewalEnded, this, &TaskPoller::onRenewalEnded);
    connect(&m_session, &Session::renewed, this, [this] {
        m_tokenWanted = false;
        wake();
        updateStatus();
    });
    connect(&m_session, &Session::whoAsked, this, [this] { m_budget.spend(m_clock.now().awake); });
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
    m_book.setManners(manners);
    wake();
}

void TaskPoller::setPaused(bool paused)
{
    if (paused == m_paused)
        return;
    m_paused = paused;
    m_book.setPaused(paused);
    m_tokenWanted = false;
    if (!paused)
        m_book.spreadOut(m_clock.now().awake, false);
    wake();
    updateStatus();
}

void TaskPoller::apply(const PollWish &wish)
{
    const milliseconds now = m_clock.now().awake;
    m_book.apply(wish, now);
    if (wish.tracked && wish.dueNow)
        m_gate.hasten(now, m_manners);
    wake();
    updateStatus();
}

// --- sending ------------------------------------------------------------------------------------

void TaskPoller::wake()
{
    while (m_client.freeSlots() > 0) {
        const milliseconds now = m_clock.now().awake;
        const auto opens = m_gate.opensAt(now);
        if (!opens || *opens > now || m_budget.nextAllowed(now) > now)
            break;
        const auto authorization = m_session.authorization();
        if (!authorization) {
            const auto due = firstDue();
            if (due && (*due <= now || m_gate.hold().isOn()))
                m_session.renew();
            break;
        }
        if (m_aside && mayAskAside()) {
            m_budget.spend(now);
            sendAside(*authorization);
            continue;
        }
        auto task = m_book.queue().takeDue(now);
        if (!task && m_gate.hold().isOn())
            task = m_book.queue().takeFirst(); // somebody has to try
        if (!task)
            break;
        m_budget.spend(now);
        send(*task, *authorization);
    }
    armTimer();
}

/// When the next one has a reason to ask; absent: nobody has.
std::optional<milliseconds> TaskPoller::firstDue()
{
    const bool wantsToken = m_tokenWanted && !m_paused && m_session.canRenew();
    if (wantsToken || (m_aside && mayAskAside()))
        return m_clock.now().awake;
    return m_book.queue().firstDue();
}

/// While the server is in trouble a task tries; without any, this does.
bool TaskPoller::mayAskAside()
{
    return !m_paused && (!m_gate.hold().isOn() || !m_book.queue().firstDue());
}

void TaskPoller::armTimer()
{
    const milliseconds now = m_clock.now().awake;
    const auto opens = m_gate.opensAt(now);
    const auto due = firstDue();
    const bool mayAsk = m_session.authorization() || m_session.canRenew();
    if (!due || !opens || m_client.freeSlots() == 0 || !mayAsk) {
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
    const Sent sent{.task = id,
                    .at = m_clock.now(),
                    .gateNumber = m_gate.sent(),
                    .connectionsCleared = m_client.connectionsCleared(),
                    .generation = authorization.generation,
                    .asked = m_book.depart(id)};
    m_client.send({.path = taskPath(id), .authorization = authorization}, this,
                  [this, sent](const ReplyData &reply) { finishPoll(sent, reply); });
}

// --- receiving ----------------------------------------------------------------------------------

void TaskPoller::finishPoll(const Sent &sent, const ReplyData &reply)
{
    const Instant now = m_clock.now();
    if (reply.transportError && sent.connectionsCleared != m_client.connectionsCleared()) {
        m_gate.dropped(sent.gateNumber);
        const auto later = milliseconds(qint64(double(m_manners.spread.count()) * m_random()));
        m_book.askAgain(sent.task, sent.asked, now.awake + later);
        wake();
        return;
    }
    PollOutcome outcome{.key = {m_server, sent.task},
                        .sentAt = sent.at,
                        .answeredAt = now,
                        .answer = Unchanged{},
                        .reply = nullptr,
                        .httpStatus = reply.httpStatus,
                        .duration = reply.duration};
    m_book.read(outcome, reply, m_parse);
    const auto error = outcome.answer ? std::nullopt : std::optional(outcome.answer.error());
    const auto effect = m_gate.answered(sent.gateNumber, error, now.awake, m_manners, m_random());

    const bool refused = error && error->kind == PollError::Kind::SignInNeeded;
    if (refused) // before anybody is told, who might wish for more
        m_session.refused(sent.generation, *error);
    else if (!error || error->kind == PollError::Kind::NotKnown)
        m_session.accepted(sent.generation);
    if (refused && !m_session.isSignInNeeded()) {
        // Parked: an older token's refusal, or today's that can be renewed.
        m_book.askAgain(sent.task, sent.asked, now.awake);
    } else {
        const PollBook::Arrival arrival = m_book.arrive(outcome, m_parse);
        if (arrival.tracked)
            Q_EMIT answered(outcome);
        tell(arrival.told);
    }
    actOn(effect);
}

void TaskPoller::actOn(const ServerGate::Effect &effect)
{
    if (effect.connectionsDead)
        m_client.clearConnections();
    if (effect.recovered)
        m_book.spreadOut(m_clock.now().awake, false);
    if (effect.raised && isHopeless(lookUpFailures)) {
        const PollError cause = *m_gate.hold().cause; // a listener may change the hold
        abandonLookUps(cause, PollBook::Which::Waiting);
    }
    wake();
    updateStatus();
}

// --- looking up ---------------------------------------------------------------------------------

void TaskPoller::lookUp(quint64 request, const TaskId &id)
{
    const Instant now = m_clock.now();
    std::optional<PollError> hopeless;
    if (m_session.isSignInNeeded())
        hopeless = signInCause();
    m_gate.hasten(now.awake, m_manners);
    if (!hopeless && isHopeless(std::numeric_limits<int>::max()))
        hopeless = m_gate.hold().cause;
    if (hopeless) {
        tell({{request, outcomeWithoutReply({m_server, id}, now, *hopeless)}});
    } else {
        m_book.lookUp(request, id, now.awake);
        wake();
    }
    updateStatus();
}

/// Whether who looks up need not wait for the end of the hold.
bool TaskPoller::isHopeless(int failures) const
{
    const PollSchedule::Hold &hold = m_gate.hold();
    return hold.isOn()
           && (hold.failures >= failures || hold.until - m_clock.now().awake > lookUpPatience);
}

void TaskPoller::abandonLookUps(const PollError &error, PollBook::Which which)
{
    tell(m_book.abandonLookUps(error, m_clock.now(), which));
}

void TaskPoller::tell(const std::vector<LookUps::Told> &told)
{
    for (const LookUps::Told &each : told)
        Q_EMIT lookedUp(each.request, each.outcome);
}

// --- the server ---------------------------------------------------------------------------------

void TaskPoller::networkReturned(milliseconds slept)
{
    m_client.clearConnections();
    m_gate.networkReturned(slept);
    m_book.spreadOut(m_clock.now().awake, true);
    wake();
    updateStatus();
}

/// A renewal is a request as any other: it obeys the gate, and tells how the server is.
void TaskPoller::onRenewalStarted()
{
    m_budget.spend(m_clock.now().awake);
    m_renewal = {m_gate.sent(), m_client.connectionsCleared()};
}

void TaskPoller::onRenewalEnded(const std::optional<PollError> &trouble)
{
    const auto renewal = std::exchange(m_renewal, std::nullopt);
    if (!renewal)
        return;
    if (trouble && renewal->connectionsCleared != m_client.connectionsCleared()) {
        m_gate.dropped(renewal->gateNumber);
        wake();
        return;
    }
    actOn(
        m_gate.answered(renewal->gateNumber, trouble, m_clock.now().awake, m_manners, m_random()));
}

void TaskPoller::onSessionReady()
{
    if (const auto renewal = std::exchange(m_renewal, std::nullopt))
        m_gate.dropped(renewal->gateNumber);
    m_tokenWanted = false;
    m_book.spreadOut(m_clock.now().awake, false);
    wake();
    updateStatus();
}

void TaskPoller::onSignInNeeded()
{
    m_tokenWanted = false;
    wake();
    abandonLookUps(signInCause(), PollBook::Which::Waiting);
    updateStatus();
}

PollError TaskPoller::signInCause() const
{
    return m_session.status().cause.value_or(trouble(PollError::Kind::SignInNeeded));
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
    } else if (m_session.isSignInNeeded()) {
        next.state = Connection::SignInNeeded;
        next.cause = m_session.status().cause; // none without a token
    } else if (!hold.isOn()) {
        next.state = m_live ? Connection::Live : Connection::Polling;
    } else {
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
    Q_EMIT connectionChanged(next);
}
