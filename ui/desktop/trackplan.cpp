#include "desktop/trackplan.h"

#include "guardian/apiroot.h"
#include "task/taskintake.h"

#include <algorithm>

namespace {

[[nodiscard]] const ShownServer *serverAt(const QUrl &origin, const QList<ShownServer> &servers)
{
    const auto found =
        std::find_if(servers.cbegin(), servers.cend(), [&origin](const ShownServer &server) {
            return ApiRoot(server.apiRoot).hasOriginOf(ApiRoot(origin));
        });
    return found == servers.cend() ? nullptr : &*found;
}

} // namespace

TrackPlan planTrack(const QString &text, const QList<ShownServer> &servers, const ServerId &chosen)
{
    const auto first = std::find_if(servers.cbegin(), servers.cend(),
                                    [](const ShownServer &server) { return server.enabled; });
    const ServerId usual = !chosen.isNull() || first == servers.cend() ? chosen : first->id;
    const Intake intake = findTaskIds(text);
    TrackPlan plan;
    plan.rejected = intake.rejected.size();
    for (const IntakeItem &item : intake.found) {
        if (item.origin.isEmpty()) {
            if (!usual.isNull())
                plan.keys << TaskKey{usual, item.id};
        } else if (const ShownServer *server = serverAt(item.origin, servers)) {
            plan.keys << TaskKey{server->id, item.id};
        } else if (!plan.unknownHosts.contains(item.origin.host())) {
            plan.unknownHosts << item.origin.host();
        }
    }
    return plan;
}

const ShownServer *serverNamed(const QString &typed, const QList<ShownServer> &servers)
{
    for (const ShownServer &server : servers) {
        if (server.name.compare(typed, Qt::CaseInsensitive) == 0)
            return &server;
    }
    const auto candidates = apiRootCandidates(typed);
    if (!candidates)
        return nullptr;
    for (const QUrl &candidate : *candidates) {
        if (const ShownServer *server = serverAt(candidate, servers))
            return server;
    }
    return nullptr;
}
