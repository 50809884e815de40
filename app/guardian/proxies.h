#pragma once

#include "base/secret.h"
#include "guardian/proxychoice.h"

#include <QNetworkProxyFactory>

/// Gives requests the proxy that was chosen. A SOCKS5 one has the password with it, as Qt asks for
/// none there; HTTP proxies ask by themselves.
class ChosenProxy final : public QNetworkProxyFactory
{
public:
    explicit ChosenProxy(ProxyChoice choice, Secret password = {});
    ~ChosenProxy() override;
    Q_DISABLE_COPY_MOVE(ChosenProxy)

    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery &query) override;

private:
    ProxyChoice m_choice;
    Secret m_password;
};
