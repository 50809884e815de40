#pragma once

#include "guardian/proxychoice.h"

#include <QNetworkProxyFactory>

/// Gives requests the proxy that was chosen.
class ChosenProxy final : public QNetworkProxyFactory
{
public:
    explicit ChosenProxy(ProxyChoice choice);
    ~ChosenProxy() override;
    Q_DISABLE_COPY_MOVE(ChosenProxy)

    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery &query) override;

private:
    ProxyChoice m_choice;
};
