#include "desktop/networkwatch.h"

#include "desktop/silentbus.h"

NetworkWatch::NetworkWatch(QObject *parent)
    : QObject(parent)
{
}

NetworkWatch::~NetworkWatch() = default;

void NetworkWatch::start()
{
    using Feature = QNetworkInformation::Feature;
    if (SilentBus::isSystemSilent()
        || !QNetworkInformation::loadBackendByFeatures(Feature::Reachability))
        return;
    const QNetworkInformation *system = QNetworkInformation::instance();
    m_before = system->reachability();
    connect(system, &QNetworkInformation::reachabilityChanged, this, &NetworkWatch::take);
    // From one network to another without a gap: what is open leads nowhere.
    connect(system, &QNetworkInformation::transportMediumChanged, this,
            [this, system](QNetworkInformation::TransportMedium medium) {
                if (isOtherNetwork(medium, system->reachability()))
                    Q_EMIT returned();
            });
}

bool NetworkWatch::isReturn(Reachability before, Reachability now)
{
    const auto reach = [](Reachability reachability) {
        switch (reachability) {
        case Reachability::Unknown:
        case Reachability::Disconnected:
            return 0;
        case Reachability::Local:
            return 1;
        case Reachability::Site:
            return 2;
        case Reachability::Online:
            return 3;
        }
        return 0;
    };
    // Unknown is what is said until the system has answered.
    return before != Reachability::Unknown && reach(now) > reach(before);
}

bool NetworkWatch::isOtherNetwork(QNetworkInformation::TransportMedium medium, Reachability now)
{
    return medium != QNetworkInformation::TransportMedium::Unknown
           && now != Reachability::Disconnected;
}

void NetworkWatch::take(Reachability now)
{
    if (isReturn(std::exchange(m_before, now), now))
        Q_EMIT returned();
}
