#include "guardian/connectiontest.h"

#include "guardian/apirootprober.h"
#include "guardian/parsetaskreply.h"
#include "guardian/session.h"
#include "guardian/signin.h"

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

void ConnectionTest::start(const QList<QUrl> &candidates, EntryFor entryFor)
{
    m_entryFor = std::move(entryFor);
    auto *prober = new ApiRootProber(m_network, m_clock, this);
    connect(prober, &ApiRootProber::finished, this, [this](const ApiRootProber::Result &root) {
        if (root)
            startAt(*root, m_entryFor(*root));
        else
            Q_EMIT finished({{}, root.error()});
    });
    prober->start(candidates);
}

void ConnectionTest::startAt(const ApiRoot &root, const SignInEntry &entry)
{
    m_root = root;
    if (entry.isEmpty()) {
        Q_EMIT finished({root, {}, true});
        return;
    }
    if (entry.password.isEmpty()) {
        tryTokens(entry.credentials);
        return;
    }
    m_signIn = std::make_unique<SignIn>(root, m_network, entry.credentials.proxyPassword, m_clock);
    m_signIn->start(entry.user, entry.password, [this](const SignInResult &result) {
        if (result)
            tryTokens(*result);
        else
            end(result.error(), result.error().kind == PollError::Kind::SignInNeeded);
    });
}

void ConnectionTest::tryTokens(const Credentials &credentials)
{
    m_client = std::make_unique<GuardianClient>(m_root, m_network, m_clock);
    m_client->setProxyPassword(credentials.proxyPassword);
    m_session = std::make_unique<Session>(*m_client, m_clock);
    connect(m_session.get(), &Session::renewed, this, &ConnectionTest::askForNobody);
    connect(m_session.get(), &Session::signInNeeded, this,
            [this] { end(m_session->status().cause.value_or(PollError{})); });
    connect(m_session.get(), &Session::renewalEnded, this,
            [this](const std::optional<PollError> &trouble) {
                if (trouble)
                    end(trouble);
            });
    m_session->setCredentials(credentials);
    if (m_session->authorization())
        askForNobody();
    else
        m_session->renew();
}

void ConnectionTest::askForNobody()
{
    const auto authorization = m_session->authorization();
    if (!authorization || std::exchange(m_asked, true))
        return;
    ApiRequest request;
    request.path = taskPath(TaskId(nobodysTask));
    request.authorization = authorization;
    m_client->send(request, this, [this](const ReplyData &reply) {
        const auto answer = parseTaskReply(reply);
        const bool accepted = answer || answer.error().kind == PollError::Kind::NotKnown;
        end(accepted ? std::nullopt : std::optional(answer.error()));
    });
}

void ConnectionTest::end(const std::optional<PollError> &error, bool wrongPassword)
{
    Result result{m_root, error, false, wrongPassword};
    if (m_session) {
        disconnect(m_session.get(), nullptr, this, nullptr);
        result.session = m_session->status();
        if (!error || error->kind != PollError::Kind::SignInNeeded)
            result.credentials = m_session->credentials();
        result.byPassword = m_signIn && result.credentials.hasToken();
    }
    Q_EMIT finished(result);
}
