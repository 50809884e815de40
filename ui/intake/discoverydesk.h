#pragma once

#include "account/serverprofile.h"
#include "guardian/discovery.h"

#include <QHash>
#include <QList>
#include <QObject>
#include <QSet>

#include <functional>

class BannerBar;
class TaskStore;

/// What becomes of running tasks that a server tells of: by its setting they are offered in the
/// banner, or watched at once. What the person did not want, or stopped watching, stays away for
/// this run.
class DiscoveryDesk final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DiscoveryDesk)

public:
    /// Null: there is no such server.
    using ProfileOf = std::function<const ServerProfile *(const ServerId &)>;

    /// Store and banner must outlive it.
    DiscoveryDesk(TaskStore &store, BannerBar &banner, ProfileOf profileOf,
                  QObject *parent = nullptr);

    /// What was watched before is known from now on; until then nothing is offered.
    void begin();
    /// Those that the engine does not track, newest first.
    void take(const ServerId &server, const QList<DiscoveredTask> &tasks);
    /// A server was changed, or is gone.
    void refresh();

Q_SIGNALS:
    void said(const QString &what);

private:
    enum class Act { OfferOnly, OfferOrWatch };

    void refreshOf(const ServerId &server, Act act = Act::OfferOrWatch);
    void offer(const ServerProfile &profile, const QList<DiscoveredTask> &tasks);
    void watch(const ServerId &server);
    [[nodiscard]] QList<DiscoveredTask> wantedOf(const ServerId &server) const;
    [[nodiscard]] QList<TaskKey> keysOf(const ServerId &server) const;

    TaskStore &m_store;
    BannerBar &m_banner;
    ProfileOf m_profileOf;
    bool m_begun = false;
    QHash<ServerId, QList<DiscoveredTask>> m_found;
    QSet<TaskKey> m_unwanted;
};
