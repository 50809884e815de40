#pragma once

#include "account/noticesettings.h"
#include "base/taskid.h"
#include "guardian/connectionstatus.h"

#include <QObject>
#include <QSet>

#include <chrono>
#include <memory>
#include <unordered_map>

class Clock;
class ClockTimer;

/// Makes news of how servers answer: one that asks to sign in, and one that cannot be reached for a
/// while and is back again. Each once until it is over, over restarts, too.
class ServerWatch final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ServerWatch)

public:
    static constexpr std::chrono::seconds unreachableFor{60};

    /// The clock must outlive this.
    explicit ServerWatch(const Clock &clock, QObject *parent = nullptr);
    ~ServerWatch() override;

    /// What an earlier run told, and what was not over then. That a server is asked does not end
    /// it, as before there is an answer nobody knows.
    void recall(NoticeKind kind, const QSet<ServerId> &servers);
    /// Of which that was told and is not over.
    [[nodiscard]] QSet<ServerId> told(NoticeKind kind) const;
    /// takeAnswer() is of use.
    [[nodiscard]] bool isRecalling() const;

public Q_SLOTS:
    void take(const ServerId &server, const ConnectionStatus &status);
    /// It has answered in this run, as it should.
    void takeAnswer(const ServerId &server);
    /// It is removed.
    void forget(const ServerId &server);

Q_SIGNALS:
    /// `isOver`: it can be reached again, or needs no sign-in any more.
    void news(NoticeKind kind, const ServerId &server, bool isOver);

private:
    struct Reach {
        std::unique_ptr<ClockTimer> timer; ///< runs while unreachable and not told
        bool isUnreachableTold = false;
        bool isSignInTold = false;
        bool isRecalled = false; ///< by an earlier run
        Connection state = Connection::Paused;
    };
    struct ServerIdHash {
        size_t operator()(const ServerId &id) const { return qHash(id); }
    };

    Reach &reachOf(const ServerId &server);

    const Clock &m_clock;
    std::unordered_map<ServerId, Reach, ServerIdHash> m_servers;
};
