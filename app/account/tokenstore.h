#pragma once

#include "base/taskid.h"
#include "guardian/credentials.h"

#include <QObject>

#include <tl/expected.hpp>

#include <functional>
#include <memory>
#include <optional>

class Clock;

/// Why a token could not be read, kept or removed.
struct TokenStoreError {
    enum class Kind {
        /// There is none, or the unlocking was cancelled: the keychain does not tell which. Ask for
        /// it; never take it for forgotten.
        NotFoundOrCancelled,
        Denied,      ///< by the person or by the keychain's rules
        Unavailable, ///< no keychain service, or it failed
        TimedOut,    ///< no answer in the time allowed; it may still come
    };

    Kind kind = Kind::Unavailable;
    QString detail; ///< the keychain's own words, may be empty; never holds a token

    friend bool operator==(const TokenStoreError &, const TokenStoreError &) = default;
};

/// The words for an error, translated: what happened, and what the operator can do about it.
struct TokenStoreErrorText {
    QString headline;
    QString nextStep;
};
[[nodiscard]] TokenStoreErrorText describe(const TokenStoreError &error);

/// Keeps the secrets of each server, all of them in one entry. For the GUI thread.
///
/// Every call returns at once; its callback runs later, exactly once, unless `context` or the store
/// dies before.
class TokenStore : public QObject
{
    Q_OBJECT

public:
    template<typename T>
    using Answer = tl::expected<T, TokenStoreError>;
    template<typename T>
    using Done = std::function<void(const Answer<T> &)>;

    using QObject::QObject;
    Q_DISABLE_COPY_MOVE(TokenStore)

    virtual void read(const ServerId &server, QObject *context, Done<Credentials> done) = 0;
    /// Replaces all that is kept of that server.
    virtual void write(const ServerId &server, const Credentials &credentials, QObject *context,
                       Done<void> done) = 0;
    virtual void remove(const ServerId &server, QObject *context, Done<void> done) = 0;

    /// Whether tokens outlive this run.
    [[nodiscard]] virtual bool isPersistent() const = 0;
    /// Why not, in words for the operator; empty if they do.
    [[nodiscard]] virtual QString reason() const = 0;
    /// Whether they may outlive it once they are written again.
    [[nodiscard]] virtual bool canBePersistent() const { return isPersistent(); }

Q_SIGNALS:
    /// True while a keychain has not answered for a while: it may be asking to be unlocked.
    void waiting(bool isWaiting);
    // What had timed out was answered after all, and of that server nothing was written or removed
    // since.
    void readLate(const ServerId &server, const TokenStore::Answer<Credentials> &answer);
    void writtenLate(const ServerId &server, const std::optional<TokenStoreError> &error);
    void removedLate(const ServerId &server, const std::optional<TokenStoreError> &error);
    /// isPersistent() or reason() differ.
    void persistenceChanged();
};

/// The keychain if this build has one, and memory beneath it for what the keychain does not take;
/// else memory alone. The clock must outlive the store.
[[nodiscard]] std::unique_ptr<TokenStore> makeTokenStore(const Clock &clock);
