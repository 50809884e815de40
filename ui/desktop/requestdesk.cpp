#include "desktop/requestdesk.h"

#include "desktop/raisewindow.h"
#include "desktop/trackplan.h"
#include "exchange/exchangedesk.h"
#include "instance/tasklink.h"
#include "intake/intakedesk.h"
#include "mainwindow.h"
#include "task/taskstore.h"
#include "window/banner.h"

#include <utility>

namespace {

constexpr qsizetype waitingLimit = 100;

} // namespace

RequestDesk::RequestDesk(TaskStore &store, MainWindow &window, QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_window(window)
{
}

void RequestDesk::setServers(const QList<ShownServer> &servers)
{
    m_servers = servers;
    if (servers.isEmpty())
        return;
    for (InstanceRequest &request : std::exchange(m_waiting, {})) {
        request.raise = false; // that was done when it came
        takeUnattended(request);
    }
}

void RequestDesk::takeUnattended(const InstanceRequest &request)
{
    const InstanceReply reply = take(request);
    if (reply.words.isEmpty())
        return;
    m_window.say(reply.words);
    if (!reply.accepted) // nobody may be looking just now: it stays until it is closed
        m_window.banner().set(BannerKind::Note, {reply.words, {}, {}, true});
}

InstanceReply RequestDesk::take(const InstanceRequest &request)
{
    if (request.raise)
        raiseWindow(m_window, request.activationToken);
    // What is wrong is said at once, also to who has to wait.
    if (request.kind == InstanceRequest::Kind::Link) {
        if (const auto link = parseTaskLink(request.text); !link)
            return {false, link.error()};
    }
    const bool isMore = request.kind != InstanceRequest::Kind::Show || !request.server.isEmpty();
    if (isMore && m_servers.isEmpty() && m_waiting.size() < waitingLimit) {
        m_waiting << request;
        return {true, request.kind == InstanceRequest::Kind::Import
                          ? tr("The running Taskwatch takes the file over as soon as it is "
                               "connected, and says so in its window.")
                          : tr("Taskwatch goes on with it as soon as it is connected.")};
    }
    ServerId chosen;
    if (!request.server.isEmpty()) {
        const ShownServer *server = serverNamed(request.server, m_servers);
        if (!server)
            return refuseServer(request);
        chosen = server->id;
    }
    switch (request.kind) {
    case InstanceRequest::Kind::Show:
        return {true, {}};
    case InstanceRequest::Kind::Track:
        return track(request.text, chosen);
    case InstanceRequest::Kind::Link:
        return follow(request.text);
    case InstanceRequest::Kind::Action:
        return act(request.text);
    case InstanceRequest::Kind::Import:
        m_window.exchange().read(request.text);
        return {true, tr("The running Taskwatch takes the file over and says so in its window.")};
    }
    Q_UNREACHABLE();
}

InstanceReply RequestDesk::refuseServer(const InstanceRequest &request)
{
    InstanceReply reply{
        false,
        tr("Taskwatch has no such server: %1. Add it under Menu › Servers.").arg(request.server)};
    if (request.raise) { // the person looks at the window now, and no terminal may be in sight
        m_window.say(reply.words); // also where a trouble's banner is in the way
        m_window.banner().set(BannerKind::Note, {reply.words, {}, {}, true});
    }
    return reply;
}

InstanceReply RequestDesk::act(const QString &action)
{
    if (action == instanceActions().constFirst())
        m_window.lookUpClipboard();
    else if (instanceActions().contains(action))
        m_window.showNextProblem();
    else
        return {false, tr("The running Taskwatch does not know this action.")};
    return {true, {}};
}

InstanceReply RequestDesk::track(const QString &text, const ServerId &server)
{
    const TrackPlan plan = planTrack(text, m_servers, server);
    const auto fresh = static_cast<int>(m_store.watch(plan.keys).size());
    const auto known = static_cast<int>(plan.keys.size()) - fresh;
    QStringList words;
    if (fresh > 0)
        words << (fresh == 1 ? tr("Watching 1 more task.")
                             : tr("Watching %n more tasks.", nullptr, fresh));
    if (known > 0)
        words << (known == 1 ? tr("1 was watched already.")
                             : tr("%n were watched already.", nullptr, known));
    if (!plan.unknownHosts.isEmpty())
        words << tr("Taskwatch has no server %1. Add it under Menu › Servers.")
                     .arg(plan.unknownHosts.join(QStringLiteral(", ")));
    if (m_servers.size() > 1 && !plan.keys.isEmpty())
        words << tr("Server: %1.").arg(namesOf(m_servers).value(plan.keys.constLast().server));
    if (plan.keys.isEmpty() && plan.unknownHosts.isEmpty())
        words << tr("There is no task ID in this.");
    return {!plan.keys.isEmpty(), words.join(QLatin1Char(' '))};
}

InstanceReply RequestDesk::follow(const QString &text)
{
    const auto link = parseTaskLink(text);
    if (!link)
        return {false, link.error()};
    const TrackPlan plan = planTrack(link->asText(), m_servers);
    if (link->ids.size() == 1 && plan.keys.size() == 1 && m_store.contains(plan.keys.first()))
        m_window.showTask(plan.keys.first());
    else
        m_window.intake().takeText(link->asText());
    return {true, {}};
}
