#include "guardian/connectiontest.h"

#include "guardian/apirootprober.h"
#include "guardian/parsetaskreply.h"

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
    ApiRequest request;
    request.path = taskPath(TaskId(nobodysTask));
    request.authorization = Authorization{token, 0};
    m_client->send(request, this, [this, root](const ReplyData &reply) {
        const auto answer = parseTaskReply(reply);
        const bool accepted = answer || answer.error().kind == PollError::Kind::NotKnown;
        Q_EMIT finished({root, accepted ? std::nullopt : std::optional(answer.error()), false});
    });
}
