#pragma once

#include "account/serverprofile.h"
#include "cli/commandline.h"
#include "guardian/guardianclient.h"

#include <QObject>

/// Finds out which server the command line names for the window: a stored one, or one whose API has
/// to be looked for first.
class ServerChoice final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ServerChoice)

public:
    /// The clock must outlive it.
    ServerChoice(const NetworkSettings &network, const Clock &clock, QObject *parent = nullptr);

    /// For a line with --server. One of the signals follows, maybe at once. `requestsPerSecond` is
    /// for a server that is not stored.
    void choose(const CommandLine &line, const QList<ServerProfile> &stored, int requestsPerSecond);

Q_SIGNALS:
    void chosen(const ServerProfile &profile);
    /// What --server asks for cannot be had.
    void refused(const QString &headline, const QString &nextStep);

private:
    void probe(const ServerProfile &draft, const QList<QUrl> &candidates, const CommandLine &line,
               const QList<ServerProfile> &stored);

    NetworkSettings m_network;
    const Clock &m_clock;
};
