// What the poller does besides polling: takes what the server tells by itself, and asks for other
// things within the same budget.
#include "guardian/taskpoller.h"

#include "guardian/parsetaskreply.h"

#include <utility>

// --- what the server tells by itself ------------------------------------------------------------

void TaskPoller::setLive(bool live)
{
    if (live == m_live)
        return;
    m_live = live;
    m_book.setLive(live, m_clock.now().awake);
    wake();
    updateStatus();
}

void TaskPoller::takePush(const PushMessage &message)
{
    if (!m_book.awaitsNews(message.task))
        return;
    const Instant now = m_clock.now();
    if (message.kind == PushMessage::Kind::Task) {
        PollOutcome outcome{.key = {m_server, message.task},
                            .sentAt = now,
                            .answeredAt = now,
                            .answer = Unchanged{},
                            .reply = nullptr,
                            .httpStatus = 200};
        ReplyData reply;
        reply.httpStatus = outcome.httpStatus;
        reply.body = message.data;
        if (m_book.takePush(outcome, reply, m_parse)) {
            Q_EMIT answered(outcome);
            wake();
            return;
        }
    }
    m_book.hint(message.task, now.awake);
    wake();
}

// --- asking aside -------------------------------------------------------------------------------

void TaskPoller::askAside(const QString &path, GuardianClient::Done done)
{
    m_aside = Aside{path, std::move(done), m_asideRound};
    wake();
}

void TaskPoller::dropAside()
{
    m_aside.reset();
    ++m_asideRound;
}

void TaskPoller::setTokenWanted(bool wanted)
{
    m_tokenWanted = wanted;
    wake();
}

void TaskPoller::sendAside(const Authorization &authorization)
{
    const Aside aside = *std::exchange(m_aside, std::nullopt);
    const Sent sent{.task = {},
                    .at = m_clock.now(),
                    .gateNumber = m_gate.sent(),
                    .connectionsCleared = m_client.connectionsCleared(),
                    .generation = authorization.generation,
                    .asked = false};
    m_client.send({.path = aside.path, .authorization = authorization}, this,
                  [this, sent, aside](const ReplyData &reply) { finishAside(sent, aside, reply); });
}

void TaskPoller::finishAside(const Sent &sent, const Aside &aside, const ReplyData &reply)
{
    if (reply.transportError && sent.connectionsCleared != m_client.connectionsCleared()) {
        m_gate.dropped(sent.gateNumber);
        if (!m_aside && aside.round == m_asideRound)
            m_aside = aside;
        wake();
        return;
    }
    auto error = errorOfReply(reply);
    if (!error)
        m_session.accepted(sent.generation);
    else if (error->kind == PollError::Kind::SignInNeeded)
        m_session.refused(sent.generation, *error);
    const bool isParked = error && error->kind == PollError::Kind::SignInNeeded
                          && !m_session.isSignInNeeded() && !aside.again;
    const bool isVoid = aside.round != m_asideRound; // also by what the session just told
    if (isParked && !m_aside && !isVoid)
        m_aside = Aside{aside.path, aside.done, aside.round, true};
    else if (!isParked && !isVoid)
        aside.done(reply);
    // Its troubles are its own, where there may be no such thing: but for an order to ask less,
    // and for a server that is out of reach.
    const bool isServers = error
                           && (reply.transportError || error->kind == PollError::Kind::RateLimited
                               || m_gate.hold().isOn());
    if (!isServers || error->kind == PollError::Kind::NoPermission)
        error.reset();
    actOn(m_gate.answered(sent.gateNumber, error, m_clock.now().awake, m_manners, m_random()));
}
