#pragma once

#include "guardian/apiroot.h"
#include "guardian/credentials.h"
#include "guardian/guardianclient.h"
#include "guardian/sessionstatus.h"
#include "task/pollerror.h"

#include <QObject>

#include <functional>
#include <memory>
#include <optional>

class Session;
class SignIn;

/// What a person gives to get in: tokens, or a user name and a password.
struct SignInEntry {
    Credentials credentials; ///< the proxy's password in any case
    QString user;
    Secret password;

    [[nodiscard]] bool isEmpty() const { return !credentials.hasToken() && password.isEmpty(); }
};

/// Tries an address, then a sign-in: finds the API root without any secret, gets tokens there, and
/// asks with them for a task that cannot exist. For one test; the answer comes once.
class ConnectionTest final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConnectionTest)

public:
    struct Result {
        std::optional<ApiRoot> root;    ///< found
        std::optional<PollError> error; ///< why the root was not found, or the entry not accepted
        bool withheld = false;          ///< there was no entry that may go to this root
        bool wrongPassword = false;     ///< the server refused user name and password
        Credentials credentials{};      ///< to go on with; without a token that was refused
        bool byPassword = false;        ///< they are new, and known nowhere else: not to be lost
        SessionStatus session{};        ///< who that is
    };
    /// The entry for a root, once it is known: empty if none may go there.
    using EntryFor = std::function<SignInEntry(const ApiRoot &)>;

    /// The clock must outlive it.
    ConnectionTest(const NetworkSettings &network, const Clock &clock, QObject *parent = nullptr);
    ~ConnectionTest() override;

    void start(const QList<QUrl> &candidates, EntryFor entryFor);
    /// At a root that is known.
    void startAt(const ApiRoot &root, const SignInEntry &entry);

Q_SIGNALS:
    void finished(const ConnectionTest::Result &result);

private:
    void tryTokens(const Credentials &credentials);
    void askForNobody();
    void end(const std::optional<PollError> &error, bool wrongPassword = false);

    NetworkSettings m_network;
    const Clock &m_clock;
    EntryFor m_entryFor;
    ApiRoot m_root;
    std::unique_ptr<SignIn> m_signIn; ///< by password
    std::unique_ptr<GuardianClient> m_client;
    std::unique_ptr<Session> m_session;
    bool m_asked = false;
};
