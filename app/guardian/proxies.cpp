#include "guardian/proxies.h"

#include "guardian/apiroot.h"

#include <QNetworkProxy>

#include <utility>

ChosenProxy::ChosenProxy(ProxyChoice choice, Secret password)
    : m_choice(std::move(choice))
    , m_password(std::move(password))
{
}

ChosenProxy::~ChosenProxy() = default;

QList<QNetworkProxy> ChosenProxy::queryProxy(const QNetworkProxyQuery &query)
{
    switch (m_choice.kind) {
    case ProxyChoice::Kind::System:
        // What is meant to stay on this machine would leave it, and without TLS be readable.
        if (isLoopback(query.url()))
            return {QNetworkProxy(QNetworkProxy::NoProxy)};
        return systemProxyForQuery(query);
    case ProxyChoice::Kind::None:
        return {QNetworkProxy(QNetworkProxy::NoProxy)};
    case ProxyChoice::Kind::Http:
        return {QNetworkProxy(QNetworkProxy::HttpProxy, m_choice.host, quint16(m_choice.port))};
    case ProxyChoice::Kind::Socks5:
        return {QNetworkProxy(QNetworkProxy::Socks5Proxy, m_choice.host, quint16(m_choice.port),
                              m_choice.user, QString::fromUtf8(m_password.reveal()))};
    }
    Q_UNREACHABLE();
}
