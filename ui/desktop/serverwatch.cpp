#include "desktop/serverwatch.h"

#include "base/clock.h"

#include <algorithm>
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

void ServerWatch::recall(NoticeKind kind, const QSet<ServerId> &servers)
{
    for (const ServerId &server : servers) {
        Reach &reach = reachOf(server);
        (kind == NoticeKind::SignInNeeded ? reach.isSignInTold : reach.isUnreachableTold) = true;
        reach.isRecalled = true;
    }
}

QSet<ServerId> ServerWatch::told(NoticeKind kind) const
{
    QSet<ServerId> servers;
    for (const auto &[server, reach] : m_servers) {
        if (kind == NoticeKind::SignInNeeded ? reach.isSignInTold : reach.isUnreachableTold)
            servers << server;
    }
    return servers;
}

bool ServerWatch::isRecalling() const
{
    return std::any_of(m_servers.cbegin(), m_servers.cend(),
                       [](const auto &entry) { return entry.second.isRecalled; });
}

void ServerWatch::takeAnswer(const ServerId &server)
{
    const auto entry = m_servers.find(server);
    if (entry != m_servers.end() && std::exchange(entry->second.isRecalled, false)
        && entry->second.state == Connection::Polling)
        take(server, {});
}

void ServerWatch::take(const ServerId &server, const ConnectionStatus &status)
{
    Reach &reach = reachOf(server);
    reach.state = status.state;
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
    case Connection::Polling:
        if (reach.isRecalled) {
            reach.timer->stop();
            return;
        }
        [[fallthrough]];
    case Connection::Live:
        if (std::exchange(reach.isSignInTold, false))
            Q_EMIT news(NoticeKind::SignInNeeded, server, true);
        break;
    case Connection::RateLimited:
    case Connection::NoPermission:
        break;
    }
    // It answers.
    reach.isRecalled = false;
    reach.timer->stop();
    if (std::exchange(reach.isUnreachableTold, false))
        Q_EMIT news(NoticeKind::Unreachable, server, true);
}

void ServerWatch::forget(const ServerId &server)
{
    m_servers.erase(server);
}
