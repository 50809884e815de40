#pragma once

#include "base/clock.h"
#include "guardian/guardianclient.h"

#include <QNetworkAccessManager>
#include <QSslConfiguration>
#include <QStringList>
#include <QUrl>

/// Who is asked for tasks, and with what.
struct PollTarget {
    QUrl apiRoot;
    QByteArray token;
    QStringList tasks;
    QList<QSslCertificate> ca{}; ///< trusted besides the system's
    int inFlight = 6;            ///< as many connections as Qt opens to one host
};

/// The textbook: what Qt alone costs, with the settings that we use.
class BareLoop
{
public:
    explicit BareLoop(PollTarget target);
    /// Asks so often, with `inFlight` requests under way.
    void run(int count);

private:
    [[nodiscard]] QNetworkRequest request(int i) const;

    PollTarget m_target;
    QNetworkAccessManager m_network;
    QSslConfiguration m_ssl;
};

/// The same through GuardianClient.
class OurClient
{
public:
    explicit OurClient(PollTarget target);
    void run(int count);
    /// The last reply.
    [[nodiscard]] const ReplyData &last() const { return m_last; }

private:
    PollTarget m_target;
    SystemClock m_clock;
    GuardianClient m_client;
    ReplyData m_last;
};
