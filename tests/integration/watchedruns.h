#pragma once

#include "programrun.h"

#include <QSet>

class LeakRig;
class QProcess;
class QSignalSpy;

/// Runs of the real program against a rig, with looks at what the system shows of it and of all
/// that it starts.
class WatchedRuns
{
public:
    /// Name and value of a token's variable.
    using Variable = std::pair<QString, QByteArray>;

    /// `rig` must outlive it.
    explicit WatchedRuns(const LeakRig &rig);

    [[nodiscard]] QProcessEnvironment environment(const Variable &variable = {}) const;
    /// To its end; looked at all the time, but for the environment that holds a token at first.
    [[nodiscard]] ProgramRun run(const QStringList &arguments, const QByteArray &input = {},
                                 const Variable &variable = {});
    /// To its end; what it says is kept, what the system shows of it is not looked at.
    [[nodiscard]] ProgramRun runUnseen(const QStringList &arguments);
    void look(qint64 process);
    void lookAtChildrenOf(qint64 process);
    /// Waits until the token is gone from the environment that the system shows.
    [[nodiscard]] static bool hasTaken(const QProcess &process, const QByteArray &token);
    /// Arguments and environments, as they were seen.
    [[nodiscard]] QByteArray sights() const;

    QByteArray output; ///< of all

private:
    ProgramRun end(QProcess &process, QSignalSpy &finished);

    const LeakRig &m_rig;
    QSet<QByteArray> m_sights;
};
