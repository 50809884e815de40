#include "window/connectionbanner.h"

#include "guardian/connectionwords.h"

#include <QCoreApplication>
#include <QLocale>

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(ConnectionBanner)
};

/// Local time of day; with the date when it is not of today.
QString timeText(const QDateTime &utc, const QDateTime &now)
{
    const QDateTime local = utc.toLocalTime();
    const QLocale locale;
    if (local.date() == now.toLocalTime().date())
        return locale.toString(local.time(), QLocale::ShortFormat);
    return locale.toString(local, QLocale::ShortFormat);
}

/// What the cause says; `otherwise` when there is none.
QString advice(const ConnectionStatus &status, const QString &otherwise)
{
    return status.cause ? describe(*status.cause).nextStep : otherwise;
}

BannerText banner(const QString &headline, const QString &nextStep, const QString &action)
{
    return {headline, nextStep, action, false};
}

} // namespace

QString connectionText(const ConnectionStatus &status, const QDateTime &now)
{
    QString word = ConnectionWords::word(status.state).toLower();
    switch (status.state) {
    case Connection::RateLimited:
        return status.until ? Words::tr("%1 until %2").arg(word, timeText(*status.until, now))
                            : word;
    case Connection::Unreachable:
        return status.since.isValid()
                   ? Words::tr("%1 since %2").arg(word, timeText(status.since, now))
                   : word;
    case Connection::Live:
    case Connection::Polling:
    case Connection::Paused:
    case Connection::SignInNeeded:
    case Connection::NoPermission:
    case Connection::CertificateProblem:
        return word;
    }
    Q_UNREACHABLE();
}

std::optional<std::pair<BannerKind, BannerText>>
connectionBanner(const QString &serverName, const ConnectionStatus &status, const QDateTime &now)
{
    switch (status.state) {
    case Connection::Live:
    case Connection::Polling:
    case Connection::Paused:
        return std::nullopt;
    case Connection::RateLimited: {
        BannerText text = banner(
            status.until ? Words::tr("%1 asks to wait until %2.")
                               .arg(serverName, timeText(*status.until, now))
                         : Words::tr("%1 asks to wait.").arg(serverName),
            Words::tr("It answers too many requests at present. Polling goes on by itself."), {});
        text.dismissible = true;
        return {{BannerKind::RateLimited, text}};
    }
    case Connection::SignInNeeded:
        return {{BannerKind::SignInNeeded,
                 banner(Words::tr("%1 needs you to sign in.").arg(serverName),
                        advice(status,
                               Words::tr(
                                   "There is no token for it. What is known of its tasks stays.")),
                        Words::tr("Sign in…"))}};
    case Connection::NoPermission:
        return {{BannerKind::NoPermission,
                 banner(Words::tr("%1 does not allow this account to see tasks.").arg(serverName),
                        advice(status, {}), Words::tr("Sign in…"))}};
    case Connection::Unreachable:
        return {{BannerKind::Unreachable,
                 banner(Words::tr("%1 is %2.").arg(serverName, connectionText(status, now)),
                        advice(status, {}), Words::tr("Try now"))}};
    case Connection::CertificateProblem:
        return {{BannerKind::CertificateProblem,
                 banner(Words::tr("The certificate of %1 cannot be trusted.").arg(serverName),
                        advice(status, {}), Words::tr("Show certificate…"))}};
    }
    Q_UNREACHABLE();
}

QList<BannerKind> connectionBannerKinds()
{
    return {BannerKind::CertificateProblem, BannerKind::SignInNeeded, BannerKind::NoPermission,
            BannerKind::Unreachable, BannerKind::RateLimited};
}
