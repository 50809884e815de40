#pragma once

#include "base/secret.h"

#include <QObject>

#include <optional>

/// What a request is signed with. The generation goes with the request, so that a late refusal of
/// an older token is told from one of today's.
struct Authorization {
    Secret token; ///< fit for a header: printable ASCII without spaces
    quint64 generation = 0;
};

/// Who we are on one server: for now one stored bearer token. Lives in the engine's thread.
class Session final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Session)

public:
    explicit Session(QObject *parent = nullptr);
    ~Session() override;

    /// What to sign requests with; absent without a token, and after a refusal until the next one.
    [[nodiscard]] std::optional<Authorization> authorization() const;
    [[nodiscard]] const Secret &token() const { return m_token; }

    /// A new token of a new generation; what cannot stand in a header counts as none.
    void setToken(const Secret &token);
    /// The server answered 401 to a request of that generation. Only the present one counts, once.
    void refused(quint64 generation);

Q_SIGNALS:
    /// There is a token again: waiting requests may go.
    void ready();
    /// No more requests until the next token.
    void signInNeeded();

private:
    Secret m_token;
    quint64 m_generation = 0;
    bool m_refused = false;
};
