#pragma once

#include "base/secret.h"
#include "guardian/apiroot.h"
#include "guardian/guardianclient.h"
#include "task/pollerror.h"

#include <QObject>

#include <functional>
#include <memory>
#include <optional>

class Session;

/// Tries an address, then a token: finds the API root without the token, and asks there, with it,
/// for a task that cannot exist. For one test; the answer comes once.
class ConnectionTest final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConnectionTest)

public:
    struct Result {
        std::optional<ApiRoot> root;    ///< found
        std::optional<PollError> error; ///< why the root was not found, or the token not accepted
        bool tokenWithheld = false;     ///< there was no token that may go to this root
    };
    /// The token for a root, once it is known: empty if none may go there.
    using TokenFor = std::function<Secret(const ApiRoot &)>;

    /// The clock must outlive it.
    ConnectionTest(const NetworkSettings &network, const Clock &clock, QObject *parent = nullptr);
    ~ConnectionTest() override;

    void start(const QList<QUrl> &candidates, TokenFor tokenFor);

Q_SIGNALS:
    void finished(const ConnectionTest::Result &result);

private:
    void tryToken(const ApiRoot &root);
    void ask(const ApiRoot &root);

    NetworkSettings m_network;
    const Clock &m_clock;
    TokenFor m_tokenFor;
    std::unique_ptr<GuardianClient> m_client;
    std::unique_ptr<Session> m_session; ///< after its client: it ends first
};
