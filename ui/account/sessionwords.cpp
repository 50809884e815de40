#include "account/sessionwords.h"

#include "task/taskwords.h"

#include <QCoreApplication>

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(SessionWords)
};

/// STANDARD_REGISTRY is how Guardian names a role.
QString roleText(const QString &role)
{
    QStringList words = role.split(QLatin1Char('_'), Qt::SkipEmptyParts);
    for (QString &word : words)
        word = word.left(1).toUpper() + word.mid(1).toLower();
    return words.join(QLatin1Char(' '));
}

} // namespace

QString SessionWords::who(const SessionStatus &status)
{
    QStringList parts{status.username, roleText(status.role)};
    parts.removeAll(QString());
    return parts.join(QStringLiteral(", "));
}

QString SessionWords::timeLeft(const SessionStatus &status, const QDateTime &now)
{
    const auto end = status.renews ? status.refreshExpiresAt : status.accessExpiresAt;
    if (!end)
        return {};
    const std::chrono::milliseconds left{now.msecsTo(*end)};
    return left.count() > 0 ? Words::tr("session %1").arg(TaskWords::longDuration(left))
                            : Words::tr("session ended");
}

QString SessionWords::line(const SessionStatus &status, const QDateTime &now)
{
    switch (status.state) {
    case SessionStatus::State::SignedOut:
    case SessionStatus::State::SignInNeeded:
        return {}; // the connection says so
    case SessionStatus::State::Renewing:
    case SessionStatus::State::SignedIn:
        break;
    }
    QStringList parts{who(status), timeLeft(status, now)};
    parts.removeAll(QString());
    return parts.join(QStringLiteral(" · "));
}
