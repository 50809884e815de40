#pragma once

#include "account/serverprofile.h"
#include "cli/commandline.h"
#include "guardian/guardianclient.h"

#include <QObject>

/// Finds out which server a run of the window asks: the stored one, or the one of --server, whose
/// API may have to be looked for first.
class ServerChoice final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ServerChoice)

public:
    /// The clock must outlive it.
    ServerChoice(const NetworkSettings &network, const Clock &clock, QObject *parent = nullptr);

    /// One of the signals follows, maybe at once. `requestsPerSecond` is for a server that is not
    /// stored.
    void choose(const CommandLine &line, const QList<ServerProfile> &stored, int requestsPerSecond);

Q_SIGNALS:
    void chosen(const ServerProfile &profile);
    /// Nothing is stored and nothing was asked for.
    void none();
    /// What --server asks for cannot be had.
    void refused(const QString &headline, const QString &nextStep);

private:
    void probe(const ServerProfile &draft, const QList<QUrl> &candidates,
               const QList<ServerProfile> &stored);

    NetworkSettings m_network;
    const Clock &m_clock;
};
