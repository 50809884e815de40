#include "desktop/serverwatch.h"

#include "base/clock.h"

#include <utility>

ServerWatch::ServerWatch(const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
{
}

ServerWatch::~ServerWatch() = default;

ServerWatch::Reach &ServerWatch::reachOf(const ServerId &server)
{
    Reach &reach = m_servers[server];
    if (!reach.timer) {
        reach.timer = m_clock.makeTimer([this, server] {
            m_servers[server].isUnreachableTold = true;
            Q_EMIT news(NoticeKind::Unreachable, server, false);
        });
    }
    return reach;
}

void ServerWatch::take(const ServerId &server, const ConnectionStatus &status)
{
    Reach &reach = reachOf(server);
    switch (status.state) {
    case Connection::Unreachable:
        if (!reach.isUnreachableTold && !reach.timer->isActive())
            reach.timer->start(unreachableFor);
        return;
    case Connection::Paused:
    case Connection::CertificateProblem:
        reach.timer->stop(); // nobody knows
        return;
    case Connection::SignInNeeded:
        if (!std::exchange(reach.isSignInTold, true))
            Q_EMIT news(NoticeKind::SignInNeeded, server, false);
        if (!status.cause) { // there is no token: it was not asked
            reach.timer->stop();
            return;
        }
        break;
    case Connection::Live:
    case Connection::Polling:
        if (std::exchange(reach.isSignInTold, false))
            Q_EMIT news(NoticeKind::SignInNeeded, server, true);
        break;
    case Connection::RateLimited:
    case Connection::NoPermission:
        break;
    }
    // It answers.
    reach.timer->stop();
    if (std::exchange(reach.isUnreachableTold, false))
        Q_EMIT news(NoticeKind::Unreachable, server, true);
}

void ServerWatch::forget(const ServerId &server)
{
    m_servers.erase(server);
}
