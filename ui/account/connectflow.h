#pragma once

#include "account/connectpage.h"
#include "account/serverprofile.h"
#include "guardian/connectiontest.h"

#include <QObject>
#include <QPointer>

#include <optional>

/// Carries out what the connect page asks for: tries the address and token, and says who is to be
/// connected from now on. Saves nothing itself.
class ConnectFlow final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConnectFlow)

public:
    /// All must outlive it.
    ConnectFlow(ConnectPage &page, const Clock &clock, QObject *parent = nullptr);

    /// Starts anew. Tests go out with these limits.
    void begin(const NetworkSettings &network);
    /// Ends a test that runs, and forgets what was entered as a secret.
    void cancel();

Q_SIGNALS:
    /// `account`: who that is, if it is known.
    void connected(const ServerProfile &profile, const Credentials &credentials,
                   const QString &account);
    /// Then: a password gave those credentials, but they could not be tried out.
    void unchecked(const ServerProfile &profile, const PollError &error);

private:
    [[nodiscard]] bool wasGivenFor(const ConnectEntry &entry) const;
    void run(const ConnectEntry &entry, bool saveAfter);
    void takeResult(const ConnectionTest::Result &result);
    void sayTrouble(const ConnectionTest::Result &result);
    /// Gives the profile that was made.
    ServerProfile save(const ApiRoot &root, const Credentials &credentials, const QString &account);

    ConnectPage &m_page;
    const Clock &m_clock;
    NetworkSettings m_network;
    ConnectEntry m_entry;
    Credentials m_given;                 ///< for the password of m_entry
    ApiRoot m_givenAt;                   ///< there
    std::optional<ApiRoot> m_testedRoot; ///< of the last test that found one, for "Save Anyway"
    bool m_saveAfter = false;
    QPointer<ConnectionTest> m_test;
};
