#pragma once

#include "base/clock.h"
#include "guardian/credentials.h"
#include "guardian/guardianclient.h"
#include "guardian/sessionstatus.h"

#include <QObject>

#include <chrono>
#include <memory>
#include <optional>

/// Who we are on one server: holds the tokens, and gets a new access token from the refresh token
/// when one is needed. It asks for none by itself: renew() is for those with a request to send.
/// Lives in the client's thread.
///
/// A refused access token is renewed once; when what was just renewed is refused as well, or the
/// refresh token by the renewal endpoint itself, only the operator can help.
class Session final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Session)

public:
    /// Client and clock must outlive it.
    Session(GuardianClient &client, const Clock &clock, QObject *parent = nullptr);
    ~Session() override;

    /// What to sign requests with. Absent: there is none, it was refused, or it is about to end and
    /// can be renewed.
    [[nodiscard]] std::optional<Authorization> authorization() const;
    /// Whether renew() would do something.
    [[nodiscard]] bool canRenew() const;
    /// Whether nothing but new credentials helps, also when there were none yet.
    [[nodiscard]] bool isSignInNeeded() const;
    [[nodiscard]] const Credentials &credentials() const { return m_credentials; }
    [[nodiscard]] const SessionStatus &status() const { return m_status; }

    /// Tokens of a new generation; what cannot stand in a header counts as none. A refresh token in
    /// the place of an access token is known by its claims, and used as what it is.
    void setCredentials(const Credentials &credentials);
    void renew();
    /// Asks the server who is signed in, as soon as there is a token; status() tells.
    void askWho();

    /// How the server took a request of that generation. Only the present one counts, and its
    /// refusal only once.
    void accepted(quint64 generation);
    void refused(quint64 generation, const PollError &error);

Q_SIGNALS:
    /// There are new credentials: waiting requests may go.
    void ready();
    void renewalStarted();
    /// Once for each that started, unless new credentials came first. With the trouble that kept
    /// the answer away; it may be tried again then.
    void renewalEnded(const std::optional<PollError> &trouble);
    void whoAsked(); ///< the server, who is signed in: a request
    /// There is a new access token: waiting requests may go, an open push has to show it.
    void renewed();
    /// No more requests until the next credentials.
    void signInNeeded();
    void changed(const SessionStatus &status); ///< only when it differs

private:
    void startRenewal();
    void finishRenewal(const ReplyData &reply);
    void takeAccessToken(Secret token, const ReplyData *reply);
    void giveUp(const PollError &error);
    void sendWho();
    [[nodiscard]] bool isStale() const;
    [[nodiscard]] std::chrono::milliseconds ticks() const;
    void update();

    GuardianClient &m_client;
    const Clock &m_clock;
    Credentials m_credentials;
    quint64 m_generation = 0;
    bool m_accessRefused = false;
    bool m_needed = true;
    bool m_justRenewed = false; ///< the present token was, and no request was accepted with it yet
    bool m_whoWanted = false;
    std::chrono::milliseconds m_tokenSince{0};
    std::optional<std::chrono::milliseconds> m_life;      ///< of the present access token
    std::optional<std::chrono::milliseconds> m_lastStart; ///< of a renewal
    std::chrono::milliseconds m_sentAt{0};                ///< of the renewal under way
    std::unique_ptr<QObject> m_renewal;                   ///< the one under way, or waiting to go
    std::unique_ptr<ClockTimer> m_pause;
    SessionStatus m_status;
    SessionStatus m_told; ///< the last in changed()
};
