#pragma once

#include <QNetworkInformation>
#include <QObject>

/// Says that this machine is on a network again, or on another, where the system tells
/// (NetworkManager, GNetworkMonitor); elsewhere nothing, and servers are found again by their pace.
class NetworkWatch final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NetworkWatch)

public:
    using Reachability = QNetworkInformation::Reachability;

    explicit NetworkWatch(QObject *parent = nullptr);
    ~NetworkWatch() override;

    /// Asks the system from now on.
    void start();

    /// Whether more can be reached now than before. Pure.
    [[nodiscard]] static bool isReturn(Reachability before, Reachability now);
    /// Whether a change to `medium` leads onto a network, and not just off one. Pure.
    [[nodiscard]] static bool isOtherNetwork(QNetworkInformation::TransportMedium medium,
                                             Reachability now);

Q_SIGNALS:
    void returned();

private:
    void take(Reachability now);

    Reachability m_before = Reachability::Unknown;
};
