#pragma once

#include "guardiansimulator.h"
#include "leaksearch.h"
#include "privatebus.h"
#include "scripteddaemon.h"
#include "scriptedpeer.h"

#include <QProcess>
#include <QSet>
#include <QTemporaryDir>

/// What every search for leaks needs: marked secrets, a server that takes them, another that must
/// not get them, a keyring and a notification daemon on a bus that is listened to.
class LeakRig
{
public:
    static inline const QByteArray password = "marker-password-7f3a91c2";
    static inline const QByteArray wrongPassword = "marker-wrong-55e0d1b4";
    static inline const QByteArray plainToken = "marker-plain-token-0c88e6aa";
    static inline const QByteArray wrongToken = "marker-wrong-token-91d2f0bb";
    static inline const QByteArray secretResult =
        "302e020100300506032b657004220420SIMULATED-PRIVATE-KEY";
    /// No secret: it must be found wherever a task is spoken of, or the search is blind there.
    static inline const QString label = QStringLiteral("control-label-3141");

    LeakRig();
    ~LeakRig();
    Q_DISABLE_COPY_MOVE(LeakRig)

    /// Empty, or what is wrong. The clock is the simulator's.
    [[nodiscard]] QString start(const Clock &clock);
    [[nodiscard]] QString path(const QString &name) const { return folder.filePath(name); }
    [[nodiscard]] static QByteArray contentOf(const QString &path);
    /// Of bob, whose password is the marked one.
    [[nodiscard]] TaskId startTask(Script script);
    /// Every request about that task (or any) is sent to the foreign server instead.
    void redirectAway(const QString &taskId = {});

    /// What is found in these, in words without the secret. Each looks first whether its channel
    /// holds what is no secret, and says so if not.
    [[nodiscard]] QString inFiles();
    [[nodiscard]] QString onTheBus(const QByteArray &control);
    [[nodiscard]] QString inAddresses();
    [[nodiscard]] QString atTheForeignOrigin();

    QTemporaryDir folder; ///< of everything that is written
    PrivateBus bus;
    ScriptedDaemon daemon;
    std::unique_ptr<GuardianSimulator> sim;
    LeakSearch secrets;

private:
    void addTokensOfRequests();

    QSet<QByteArray> m_known{wrongToken, plainToken, {}}; ///< of the tokens of requests
    QProcess m_monitor;
    std::unique_ptr<ScriptedPeer> m_foreign;
};
