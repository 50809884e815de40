#include "cli/giventokens.h"

#include "cli/commandline.h"
#include "guardian/tokenclaims.h"

#include <QCoreApplication>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(GivenTokens)
};

bool isRefreshToken(const Secret &token)
{
    return tokenClaims(token).kind == TokenClaims::Kind::Refresh;
}

/// For sure: a JWT that names no account may be of a server that we do not know.
bool isAccessToken(const Secret &token)
{
    const TokenClaims claims = tokenClaims(token);
    return claims.kind == TokenClaims::Kind::Access
           && !(claims.username.isEmpty() && claims.role.isEmpty());
}

} // namespace

GivenTokens givenTokens(const CommandLine &line)
{
    GivenTokens given{{line.refreshToken, line.token, {}}, {}};
    QStringList notes;
    if (isRefreshToken(line.token)) {
        const bool isAlone = line.refreshToken.isEmpty() || isAccessToken(line.refreshToken);
        if (isAlone)
            given.credentials.refreshToken = line.token;
        given.credentials.accessToken = {};
        notes << (isAlone ? Words::tr("TASKWATCH_TOKEN holds a refresh token; it is used to renew "
                                      "access.")
                          : Words::tr("TASKWATCH_TOKEN holds a refresh token, too; that of "
                                      "TASKWATCH_REFRESH_TOKEN is used."));
    }
    if (isAccessToken(line.refreshToken)) {
        const bool isAlone = given.credentials.accessToken.isEmpty();
        if (isAlone)
            given.credentials.accessToken = line.refreshToken;
        if (given.credentials.refreshToken == line.refreshToken)
            given.credentials.refreshToken = {};
        notes << (isAlone ? Words::tr("TASKWATCH_REFRESH_TOKEN holds an access token; it is used "
                                      "as it is, and not renewed when it ends.")
                          : Words::tr("TASKWATCH_REFRESH_TOKEN holds an access token, too; that of "
                                      "TASKWATCH_TOKEN is used, and not renewed when it ends."));
    }
    given.note = notes.join(u' ');
    return given;
}

QString givenVariable(const CommandLine &line)
{
    if (!line.token.isEmpty())
        return u"TASKWATCH_TOKEN"_s;
    return line.refreshToken.isEmpty() ? QString() : u"TASKWATCH_REFRESH_TOKEN"_s;
}
