#include "guardian/connectionwords.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(ConnectionWords)
};

} // namespace

QString ConnectionWords::word(Connection connection)
{
    switch (connection) {
    case Connection::Live:
        return Words::tr("Live");
    case Connection::Polling:
        return Words::tr("Polling");
    case Connection::Paused:
        return Words::tr("Paused");
    case Connection::RateLimited:
        return Words::tr("Rate limited");
    case Connection::SignInNeeded:
        return Words::tr("Sign-in needed");
    case Connection::NoPermission:
        return Words::tr("No permission");
    case Connection::Unreachable:
        return Words::tr("Unreachable");
    case Connection::CertificateProblem:
        return Words::tr("Certificate problem");
    }
    Q_UNREACHABLE();
}

QString ConnectionWords::kebab(Connection connection)
{
    switch (connection) {
    case Connection::Live:
        return u"live"_s;
    case Connection::Polling:
        return u"polling"_s;
    case Connection::Paused:
        return u"paused"_s;
    case Connection::RateLimited:
        return u"rate-limited"_s;
    case Connection::SignInNeeded:
        return u"sign-in-needed"_s;
    case Connection::NoPermission:
        return u"no-permission"_s;
    case Connection::Unreachable:
        return u"unreachable"_s;
    case Connection::CertificateProblem:
        return u"certificate-problem"_s;
    }
    Q_UNREACHABLE();
}

QString ConnectionWords::explanation(const ConnectionStatus &status)
{
    switch (status.state) {
    case Connection::Live:
        return Words::tr("The server tells of changes at once.");
    case Connection::Polling:
        return Words::tr("The tasks are asked for regularly.");
    case Connection::Paused:
        return Words::tr(
            "You paused this server: its tasks are not asked for until you resume it.");
    case Connection::RateLimited:
        return Words::tr(
            "The server asked for fewer requests. It is asked again by itself; a lower "
            "number of requests per second may help.");
    case Connection::SignInNeeded:
        return Words::tr("The server accepts no token that is known here. Sign in again.");
    case Connection::NoPermission:
        return Words::tr("The server knows the account, but does not let it see tasks. Ask the "
                         "server's administrator for the permission, or sign in as another.");
    case Connection::Unreachable:
        return Words::tr(
            "The server does not answer as it should. It is asked again by itself; what "
            "was known stays.");
    case Connection::CertificateProblem:
        return Words::tr("The server's certificate is not trusted, so no token is sent. Check the "
                         "address and this machine's date, or ask the administrator.");
    }
    Q_UNREACHABLE();
}
