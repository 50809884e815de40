#pragma once

#include "account/profilestore.h"
#include "cli/commandline.h"
#include "cli/exitstatus.h"
#include "guardian/connectiontest.h"

#include <QObject>

class QIODevice;
class TokenStore;

/// `taskwatch login`: gets a refresh token for a user name and a password, and keeps it in the
/// keychain, under the server's profile, which is made where there is none. The password is used
/// once. Where nothing could be kept, it does not sign in: on old servers that ends other sessions.
class LoginCommand final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LoginCommand)

public:
    /// What it works with. All must outlive it.
    struct Means {
        QList<ServerProfile> profiles; ///< as stored
        ProfileStore &file;
        TokenStore &tokens;
        const Clock &clock;
        QIODevice &err; ///< for words, open for writing
    };
    LoginCommand(const CommandLine &line, const Means &means, QObject *parent = nullptr);
    ~LoginCommand() override;

    void start(Secret password);

Q_SIGNALS:
    /// Once, after start().
    void finished(ExitStatus status);

private:
    void probe(const QList<QUrl> &candidates);
    void takeRoot(const ApiRoot &root);
    void takeProfile(const ServerProfile &profile);
    void askKeychain();
    void signIn(const Secret &proxyPassword);
    void takeResult(const ConnectionTest::Result &result);
    void keep(Credentials credentials, const QString &account);
    void keepProfile(const Credentials &credentials, const QString &account);
    void endUnsaved();
    void endInUsage(const UsageError &error);
    void endInTrouble(const PollError &error);
    void endWithoutKeychain(const QString &reason);
    void say(const QString &headline, const QString &nextStep = {});

    CommandLine m_line;
    Means m_means;
    Secret m_password;
    ServerProfile m_profile;
    bool m_isNew = false; ///< the profile is not stored yet
    NetworkSettings m_network;
    ConnectionTest *m_test = nullptr;
};
