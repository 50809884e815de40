#pragma once

#include "guardian/credentials.h"
#include "guardian/guardianclient.h"

#include <QObject>

#include <functional>

/// Turns a user name and a password into tokens, once: the password is overwritten with the last
/// copy of it here, and kept nowhere. Lives in the thread that made it.
class SignIn final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SignIn)

public:
    using Done = std::function<void(const SignInResult &)>;

    /// The clock must outlive it.
    SignIn(const ApiRoot &root, const NetworkSettings &network, const Secret &proxyPassword,
           const Clock &clock, QObject *parent = nullptr);

    /// `done` is called once, from the event loop. On an old server this ends the user's other
    /// sessions.
    void start(const QString &user, const Secret &password, Done done);

private:
    GuardianClient m_client;
    Secret m_proxyPassword;
};
