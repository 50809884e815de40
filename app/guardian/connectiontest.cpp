#include "guardian/connectiontest.h"

#include "guardian/apirootprober.h"
#include "guardian/parsetaskreply.h"
#include "guardian/session.h"
#include "guardian/tokenclaims.h"
#include "guardian/trouble.h"

namespace {

// No task has it: whoever answers it with "unknown" has accepted the token.
constexpr QLatin1String nobodysTask("00000000-0000-0000-0000-000000000000");

} // namespace

ConnectionTest::ConnectionTest(const NetworkSettings &network, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_network(network)
    , m_clock(clock)
{
}

ConnectionTest::~ConnectionTest() = default;

void ConnectionTest::start(const QList<QUrl> &candidates, TokenFor tokenFor)
{
    m_tokenFor = std::move(tokenFor);
    auto *prober = new ApiRootProber(m_network, m_clock, this);
    connect(prober, &ApiRootProber::finished, this, [this](const ApiRootProber::Result &root) {
        if (root)
            tryToken(*root);
        else
            Q_EMIT finished({{}, root.error(), false});
    });
    prober->start(candidates);
}

void ConnectionTest::tryToken(const ApiRoot &root)
{
    const Secret token = m_tokenFor(root);
    if (token.isEmpty()) {
        Q_EMIT finished({root, {}, true});
        return;
    }
    m_client = std::make_unique<GuardianClient>(root, m_network, m_clock);
    m_session = std::make_unique<Session>(*m_client, m_clock);
    m_session->setCredentials(credentialsOf(token));
    if (m_session->authorization()) {
        ask(root);
        return;
    }
    // A refresh token: its worth shows in what it gives.
    const auto fail = [this, root](const PollError &error) {
        Q_EMIT finished({root, error, false});
    };
    connect(m_session.get(), &Session::renewed, this, [this, root] { ask(root); });
    connect(m_session.get(), &Session::signInNeeded, this, [this, fail] {
        fail(m_session->status().cause.value_or(trouble(PollError::Kind::SignInNeeded)));
    });
    connect(m_session.get(), &Session::renewalEnded, this,
            [fail](const std::optional<PollError> &error) {
                if (error)
                    fail(*error);
            });
    if (m_session->canRenew())
        m_session->renew();
    else
        fail(trouble(PollError::Kind::SignInNeeded)); // nothing that could stand in a header
}

void ConnectionTest::ask(const ApiRoot &root)
{
    m_session->disconnect(this);
    m_client->send(
        {.path = taskPath(TaskId(nobodysTask)), .authorization = m_session->authorization()}, this,
        [this, root](const ReplyData &reply) {
            const auto answer = parseTaskReply(reply);
            const bool accepted = answer || answer.error().kind == PollError::Kind::NotKnown;
            Q_EMIT finished({root, accepted ? std::nullopt : std::optional(answer.error()), false});
        });
}
