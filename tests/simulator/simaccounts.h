#pragma once

#include "base/clock.h"
#include "httpfront.h"

#include <QByteArray>
#include <QHash>
#include <QString>

#include <optional>
#include <vector>

/// Who may use the simulator: users, and the tokens that were given to them.
///
/// Tokens look as Guardian's do: JWTs with the claim `expireAt` in milliseconds. Their signatures
/// are noise; the simulator knows its own tokens by heart.
class SimAccounts
{
public:
    struct User {
        QString name;
        QString password;
        QString role = QStringLiteral("STANDARD_REGISTRY");
        QString id; ///< `userId` of tasks; made up if empty
    };

    /// Begins with alice (password "alice-password") and a plain token of hers that never ends.
    explicit SimAccounts(const Clock &clock);

    void addUser(User user);
    [[nodiscard]] const User &firstUser() const { return m_users.front(); }
    [[nodiscard]] const User *user(const QString &name) const;

    /// The plain, never-ending bearer token of the first user.
    [[nodiscard]] const QByteArray &plainToken() const { return m_plainToken; }
    void setPlainToken(const QByteArray &token);

    /// Tokens as a sign-in would give them.
    [[nodiscard]] QByteArray makeRefreshToken(const QString &userName);
    [[nodiscard]] QByteArray makeAccessToken(const QString &userName);

    /// Of tokens made from now on; absent (the default): ten years.
    void setAccessLife(std::optional<std::chrono::milliseconds> life) { m_accessLife = life; }
    void setRefreshLife(std::optional<std::chrono::milliseconds> life) { m_refreshLife = life; }
    /// The server's wall clock minus ours: seen in `expireAt`.
    void setClockSkew(std::chrono::milliseconds skew) { m_skew = skew; }
    /// Old servers: a sign-in ends the user's other sessions.
    void setSignInEndsOthers(bool ends) { m_signInEndsOthers = ends; }
    /// As the manual's version: the answer to a sign-in holds an access token too.
    void setSignInGivesAccess(bool gives) { m_signInGivesAccess = gives; }

    void revoke(const QByteArray &token);
    /// All of them, refresh and plain ones too.
    void revokeAll();
    /// Every access token ends now; refresh tokens go on.
    void expireAccessTokens();

    /// Who speaks; null if the token is not valid for requests (a refresh token is not).
    [[nodiscard]] const User *userOf(const QByteArray &token) const;

    [[nodiscard]] HttpReply login(const QByteArray &body);
    [[nodiscard]] HttpReply renew(const QByteArray &body);
    [[nodiscard]] HttpReply session(const QByteArray &token) const;

    [[nodiscard]] int signIns() const { return m_signIns; }
    [[nodiscard]] int renewals() const { return m_renewals; }

private:
    enum class Kind { Plain, Access, Refresh };
    struct Token {
        Kind kind = Kind::Plain;
        size_t user = 0;
        int session = 0;
        bool revoked = false;
        std::optional<std::chrono::milliseconds> endsAt; ///< awake time
    };

    [[nodiscard]] const Token *valid(const QByteArray &token) const;
    [[nodiscard]] std::optional<size_t> indexOf(const QString &name) const;
    [[nodiscard]] QByteArray make(Kind kind, size_t user, int session);
    [[nodiscard]] QByteArray claims(Kind kind, const User &user) const;

    const Clock &m_clock;
    std::vector<User> m_users;
    QHash<QByteArray, Token> m_tokens;
    QByteArray m_plainToken;
    std::optional<std::chrono::milliseconds> m_accessLife;
    std::optional<std::chrono::milliseconds> m_refreshLife;
    std::chrono::milliseconds m_skew{0};
    bool m_signInEndsOthers = false;
    bool m_signInGivesAccess = false;
    int m_sessions = 0;
    int m_signIns = 0;
    int m_renewals = 0;
};
