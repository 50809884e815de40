#pragma once

#include "cli/commandline.h"
#include "cli/exitstatus.h"

#include "account/serverprofile.h"

#include <QList>
#include <QObject>

class QIODevice;
class TokenStore;

/// `taskwatch logout`: deletes what is stored to sign in to a server with. The profile stays.
class LogoutCommand final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LogoutCommand)

public:
    /// Store and device must outlive it.
    LogoutCommand(const CommandLine &line, const QList<ServerProfile> &profiles, TokenStore &tokens,
                  QIODevice &err, QObject *parent = nullptr);

    void start();

Q_SIGNALS:
    /// Once, after start().
    void finished(ExitStatus status);

private:
    void end(ExitStatus status, const QString &headline, const QString &nextStep = {});

    CommandLine m_line;
    QList<ServerProfile> m_profiles;
    TokenStore &m_tokens;
    QIODevice &m_err;
};
