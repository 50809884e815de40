#include "intake/discoverydesk.h"

#include "account/serverlistmodel.h"
#include "task/taskstore.h"
#include "window/banner.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostNames = 3;
constexpr qsizetype longestName = 60; ///< characters

/// Words of the server: of one line, and not endless.
QString shortened(const QString &words)
{
    const QString line = words.simplified();
    return line.size() <= longestName ? line : line.left(longestName - 1) + QChar(0x2026);
}

/// What they do, each kind once: "Publish policy (2), Import policy file and 3 more".
QString namesOf(const QList<DiscoveredTask> &tasks)
{
    QList<std::pair<QString, int>> kinds;
    for (const DiscoveredTask &task : tasks) {
        const QString words = shortened(task.action);
        const QString name = words.isEmpty() ? DiscoveryDesk::tr("a task without a name") : words;
        const auto known = std::find_if(kinds.begin(), kinds.end(),
                                        [&name](const auto &kind) { return kind.first == name; });
        if (known == kinds.end())
            kinds.append({name, 1});
        else
            ++known->second;
    }
    QStringList names;
    qsizetype rest = tasks.size();
    for (qsizetype i = 0; i < std::min(kinds.size(), mostNames); ++i) {
        const auto &[name, count] = kinds.at(i);
        names << (count == 1 ? name
                             : DiscoveryDesk::tr("%1 (%2)").arg(name, QString::number(count)));
        rest -= count;
    }
    const QString listed = names.join(DiscoveryDesk::tr(", "));
    return rest == 0 ? listed : DiscoveryDesk::tr("%1 and %n more", nullptr, int(rest)).arg(listed);
}

} // namespace

DiscoveryDesk::DiscoveryDesk(TaskStore &store, BannerBar &banner, ProfileOf profileOf,
                             QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_banner(banner)
    , m_profileOf(std::move(profileOf))
{
    connect(&store, &TaskStore::added, this, [this] {
        const QList<ServerId> servers = m_found.keys();
        for (const ServerId &server : servers) // the store is at work: nothing is watched from here
            refreshOf(server, Act::OfferOnly);
    });
    connect(&store, &TaskStore::removed, this, [this](const QList<TaskKey> &keys) {
        for (const TaskKey &key : keys)
            m_unwanted.insert(key);
    });
    connect(&banner, &BannerBar::activated, this, [this](BannerKind kind, const ServerId &server) {
        if (kind == BannerKind::Discovered)
            watch(server);
    });
    connect(&banner, &BannerBar::dismissed, this, [this](BannerKind kind, const ServerId &server) {
        if (kind != BannerKind::Discovered)
            return;
        const QList<TaskKey> keys = keysOf(server);
        m_unwanted.unite(QSet<TaskKey>(keys.begin(), keys.end()));
        refreshOf(server);
    });
}

void DiscoveryDesk::begin()
{
    m_begun = true;
    refresh();
}

void DiscoveryDesk::take(const ServerId &server, const QList<DiscoveredTask> &tasks)
{
    m_found.insert(server, tasks);
    refreshOf(server);
}

void DiscoveryDesk::refresh()
{
    const QList<ServerId> servers = m_found.keys();
    for (const ServerId &server : servers)
        refreshOf(server);
}

void DiscoveryDesk::refreshOf(const ServerId &server, Act act)
{
    if (!m_begun)
        return;
    const ServerProfile *profile = m_profileOf(server);
    const bool isOff = !profile || !profile->enabled || profile->paused
                       || profile->discovery == ServerProfile::Discovery::Off;
    const QList<DiscoveredTask> tasks = isOff ? QList<DiscoveredTask>() : wantedOf(server);
    if (tasks.isEmpty())
        m_banner.remove(BannerKind::Discovered, server);
    else if (profile->discovery == ServerProfile::Discovery::Offer)
        offer(*profile, tasks);
    else if (act == Act::OfferOrWatch)
        watch(server);
}

void DiscoveryDesk::offer(const ServerProfile &profile, const QList<DiscoveredTask> &tasks)
{
    const int count = int(tasks.size());
    BannerText text;
    text.headline = count == 1 ? tr("A task is running on %1. Watch it?").arg(serverName(profile))
                               : tr("%n tasks are running on %1. Watch them?", nullptr, count)
                                     .arg(serverName(profile));
    text.nextStep = namesOf(tasks);
    text.action = tr("Watch");
    text.dismissal = tr("Not Now");
    m_banner.set(BannerKind::Discovered, text, profile.id);
}

void DiscoveryDesk::watch(const ServerId &server)
{
    const QList<DiscoveredTask> tasks = wantedOf(server);
    const int count = int(tasks.size());
    m_banner.remove(BannerKind::Discovered, server);
    m_store.watch(keysOf(server));
    Q_EMIT said(count == 1
                    ? tr("Watching a running task: %1").arg(namesOf(tasks))
                    : tr("Watching %n running tasks: %1", nullptr, count).arg(namesOf(tasks)));
}

QList<DiscoveredTask> DiscoveryDesk::wantedOf(const ServerId &server) const
{
    QList<DiscoveredTask> tasks = m_found.value(server);
    tasks.removeIf([this, &server](const DiscoveredTask &task) {
        const TaskKey key{server, task.taskId};
        return m_unwanted.contains(key) || m_store.find(key);
    });
    return tasks;
}

QList<TaskKey> DiscoveryDesk::keysOf(const ServerId &server) const
{
    QList<TaskKey> keys;
    const QList<DiscoveredTask> tasks = wantedOf(server);
    keys.reserve(tasks.size());
    for (const DiscoveredTask &task : tasks)
        keys << TaskKey{server, task.taskId};
    return keys;
}
