#pragma once

#include "instance/instancerequest.h"

#include <QLocalServer>
#include <QObject>

#include <chrono>
#include <functional>

class Clock;

/// Takes the requests of further starts, one a connection, and answers each. A peer that is slow,
/// foreign or says too much is put off, and only so many are listened to at a time.
class InstanceServer final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(InstanceServer)

public:
    static constexpr std::chrono::seconds peerLimit{5};
    static constexpr int peersAtOnce = 16;
    using Handler = std::function<InstanceReply(const InstanceRequest &)>;

    /// The clock must outlive it.
    InstanceServer(Handler handler, const Clock &clock, QObject *parent = nullptr);
    ~InstanceServer() override;

    /// The caller holds the place's lock, so whatever socket is there is of a dead one and goes.
    /// The error is in words.
    [[nodiscard]] tl::expected<void, QString> listen(const QString &socket);

private:
    void accept();

    Handler m_handler;
    const Clock &m_clock;
    QLocalServer m_server;
    int m_peers = 0;
};
