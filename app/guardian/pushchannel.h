#pragma once

#include "base/clock.h"
#include "base/secret.h"
#include "guardian/pushmessage.h"

#include <QNetworkProxy>
#include <QObject>
#include <QSslCertificate>
#include <QUrl>

#include <chrono>
#include <functional>
#include <memory>

class QWebSocket;

/// The live channel of one server: one WebSocket, opened again by itself when it is lost. Lives in
/// the thread that made it. In a build without Qt WebSockets it never opens.
///
/// The token goes over the open socket only, never into an address, and to this server only:
/// redirects are not followed, certificate errors not ignored. A server does not say whether it
/// took the token. So the channel counts as live from the first whole task that comes over a
/// socket: those go to their owner only. It ends with that socket.
class PushChannel final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PushChannel)

public:
    struct Peer {
        QUrl url; ///< ws or wss
        QList<QSslCertificate> extraCa;
        std::function<QNetworkProxy()> proxy; ///< asked for each socket; empty: the system's way
    };

    /// The clock must outlive the channel. `random` gives numbers in [0, 1).
    PushChannel(Peer peer, const Clock &clock, std::function<double()> random,
                QObject *parent = nullptr);
    ~PushChannel() override;

    /// Whether this build can push at all.
    [[nodiscard]] static bool isAvailable();

    /// Without it (paused, switched off) there is no socket.
    void setWanted(bool wanted);
    /// Somebody signed in: a socket of this identity.
    void signIn();
    /// Answers tokenWanted(); also when the same identity goes on with another token: an open
    /// socket is told.
    void setToken(const Secret &token);
    void signOut();
    /// The network is back, or the machine after a sleep: an old socket may be dead.
    void networkReturned();

    [[nodiscard]] bool isLive() const { return m_live; }

Q_SIGNALS:
    /// A socket is to be opened, and waits for setToken().
    void tokenWanted();
    void told(const PushMessage &message); ///< never Kind::Other or Kind::Alive
    void liveChanged(bool live);

private:
    void update();
    void open();
    void connectToServer();
    void drop();
    void lose();
    void sendToken();
    void ping();
    void noteAlive(PushMessage::Kind kind);
    void receive(const QByteArray &text);
    void setLive(bool live);
    [[nodiscard]] std::chrono::milliseconds backOff() const;

    Peer m_peer;
    const Clock &m_clock;
    std::function<double()> m_random;
    bool m_wanted = false;
    bool m_signedIn = false;
    bool m_waitsForToken = false;
    Secret m_token; ///< for the socket, while there is one
    QWebSocket *m_socket = nullptr;
    int m_losses = 0;         ///< in a row, without a socket between that held
    int m_pongs = 0;          ///< over this socket
    bool m_everAlive = false; ///< a socket of this server once worked
    bool m_live = false;
    std::unique_ptr<ClockTimer> m_next;  ///< to open, or to ping
    std::unique_ptr<ClockTimer> m_limit; ///< for the handshake, or for a sign of life
};
