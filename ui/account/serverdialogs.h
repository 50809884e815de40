#pragma once

#include "account/serverlistmodel.h"
#include "guardian/guardianclient.h"

#include <QHash>
#include <QObject>
#include <QPointer>

class Clock;
class ServerDesk;
class ServersDialog;
class QWidget;

/// Opens the dialogs about servers, keeps them up to date, and has the desk do what they say.
class ServerDialogs final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ServerDialogs)

public:
    /// All must outlive it; `window` is the dialogs' parent.
    ServerDialogs(ServerDesk &desk, const Clock &clock, QWidget &window, QObject *parent = nullptr);

    void setNetwork(const NetworkSettings &network) { m_network = network; }
    /// Where tokens are kept, in words.
    void setStorageNote(const QString &note) { m_storageNote = note; }
    void setConnection(const ServerId &id, const ConnectionStatus &status);
    void setSession(const ServerId &id, const SessionStatus &status);

    /// With that server chosen, if there is one.
    void openServers(const std::optional<ServerId> &id);
    void openSignIn(const ServerId &id);
    /// The certificates that the server showed, and why they are not trusted.
    void openCertificate(const ServerId &id);

private:
    void refresh();

    ServerDesk &m_desk;
    const Clock &m_clock;
    QWidget &m_window;
    NetworkSettings m_network;
    QString m_storageNote;
    QHash<ServerId, ConnectionStatus> m_connections;
    QHash<ServerId, SessionStatus> m_sessions;
    QPointer<ServersDialog> m_servers;
};
