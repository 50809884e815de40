#include "window/serverboard.h"

#include "account/sessionwords.h"
#include "base/clock.h"
#include "tasks/tasktablemodel.h"
#include "window/banner.h"
#include "window/connectionbanner.h"
#include "window/sidelist.h"
#include "window/statusline.h"

#include <utility>

using namespace std::chrono_literals;

namespace {

constexpr auto lineTick = 30s;

} // namespace

ServerBoard::ServerBoard(const Places &places, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_places(places)
    , m_clock(clock)
    , m_tick(clock.makeTimer([this] { refreshLine(); }))
{
    connect(&places.sideList, &SideList::viewChosen, this, &ServerBoard::refreshLine);
    connect(&places.sideList, &SideList::filterChosen, this, &ServerBoard::refreshLine);
}

ServerBoard::~ServerBoard() = default;

void ServerBoard::setServers(const ShownServers &servers)
{
    const ShownServers before = std::exchange(m_servers, servers);
    for (const ShownServer &old : before) {
        const ShownServer *now = findServer(servers, old.id);
        if (!now || !now->enabled || now->apiRoot != old.apiRoot) { // what was said is of another
            m_connections.remove(old.id);
            m_sessions.remove(old.id);
        }
        for (const BannerKind kind : connectionBannerKinds())
            m_places.banner.remove(kind, old.id);
    }
    m_places.sideList.setServers(servers);
    m_places.model.setServerNames(namesOf(servers));
    m_places.model.setServerMarks(marksOf(servers));
    for (const ShownServer &server : servers) {
        if (!server.enabled)
            tell(server.id, {Connection::Paused, {}, {}, {}}); // it is not asked, as one wanted it
        else if (!m_connections.contains(server.id))
            tell(server.id, {});
    }
    const auto known = m_connections;
    for (auto it = known.cbegin(); it != known.cend(); ++it)
        setConnection(it.key(), it.value()); // names may differ: nobody will say the rest again
    refreshLine();
}

void ServerBoard::setConnection(const ServerId &server, const ConnectionStatus &status)
{
    const ShownServer *shown = findServer(m_servers, server);
    if (!shown || !shown->enabled)
        return;
    m_connections.insert(server, status);
    tell(server, status);
    refreshLine();
    const auto wanted = connectionBanner(shown->name, status, m_clock.now().wall);
    for (const BannerKind kind : connectionBannerKinds()) {
        if (!wanted || wanted->first != kind)
            m_places.banner.remove(kind, server);
    }
    if (wanted)
        m_places.banner.set(wanted->first, wanted->second, server);
}

/// All who show its tasks say the same.
void ServerBoard::tell(const ServerId &server, const ConnectionStatus &status)
{
    m_places.model.setConnection(server, status);
    m_places.sideList.setConnection(server, status, m_clock.now().wall);
}

void ServerBoard::setSession(const ServerId &server, const SessionStatus &status)
{
    m_sessions.insert(server, status);
    refreshLine();
}

void ServerBoard::setVisible(bool visible)
{
    m_isVisible = visible;
    if (visible)
        refreshLine();
    else
        m_tick->stop();
}

void ServerBoard::refreshLine()
{
    const auto chosen = m_places.sideList.chosenServer();
    QList<ServerLine> lines;
    for (const ShownServer &server : std::as_const(m_servers)) {
        if (!server.enabled || (chosen && *chosen != server.id))
            continue;
        const auto known = m_connections.constFind(server.id);
        lines.append({server.name,
                      known == m_connections.cend() ? std::nullopt : std::optional(*known),
                      SessionWords::line(m_sessions.value(server.id), m_clock.now().wall)});
    }
    m_places.status.setServers(lines);
    if (m_isVisible)
        m_tick->start(lineTick);
}
