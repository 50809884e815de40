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

    /// `heldToken`: what polls go out with now, for a test with an empty token field; `existing`
    /// absent: a first server.
    void begin(const std::optional<ServerProfile> &existing, const Secret &heldToken);
    /// Ends a test that runs, and forgets what was entered as a token.
    void cancel();

Q_SIGNALS:
    /// `token` empty: the one that is held stays.
    void connected(const ServerProfile &profile, const Secret &token);

private:
    void run(const ConnectEntry &entry, bool saveAfter);
    void takeResult(const ConnectionTest::Result &result);
    void save(const ApiRoot &root);
    [[nodiscard]] bool mayUseHeldToken(const ApiRoot &root) const;

    ConnectPage &m_page;
    const Clock &m_clock;
    std::optional<ServerProfile> m_existing;
    Secret m_heldToken;
    ConnectEntry m_entry;
    std::optional<ApiRoot> m_testedRoot; ///< of the last test that found one, for "Save Anyway"
    bool m_saveAfter = false;
    QPointer<ConnectionTest> m_test;
};
