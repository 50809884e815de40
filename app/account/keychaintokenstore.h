#pragma once

#include "account/tokenstore.h"

#include <QHash>

#include <chrono>

class ClockTimer;

namespace QKeychain {
class Job;
}

/// The desktop's keychain (QtKeychain), under our application ID and the server's UUID. Never falls
/// back to plain text.
///
/// A job that does not end is left alone (QtKeychain does not survive its deletion): its caller
/// hears TimedOut after `limit`, and QtKeychain works off later jobs only when it has ended.
class KeychainTokenStore final : public TokenStore
{
    Q_OBJECT

public:
    /// Ours: an unset bus address takes 25 s, a service that hangs 50 s, a locked keyring for ever.
    static constexpr std::chrono::seconds limit{30};
    /// After this without an answer, waiting() is said.
    static constexpr std::chrono::milliseconds patience{500};

    /// The clock must outlive this.
    explicit KeychainTokenStore(const Clock &clock, QObject *parent = nullptr);
    ~KeychainTokenStore() override;
    Q_DISABLE_COPY_MOVE(KeychainTokenStore)

    void read(const ServerId &server, QObject *context, Done<Credentials> done) override;
    void write(const ServerId &server, const Credentials &credentials, QObject *context,
               Done<void> done) override;
    void remove(const ServerId &server, QObject *context, Done<void> done) override;
    [[nodiscard]] bool isPersistent() const override { return true; }
    [[nodiscard]] QString reason() const override { return {}; }

private:
    struct Request;
    using Finish = std::function<void(QKeychain::Job *, const TokenStoreError *)>;

    void start(QKeychain::Job *job, const ServerId &server, Finish finish);
    void finish(QKeychain::Job *job);
    void timeOut(QKeychain::Job *job);
    void tellLate(const QKeychain::Job &job, const ServerId &server);
    /// What the server's jobs still out there bring is older than what is told now.
    void outdateJobs(const ServerId &server);
    void updateWaiting();

    const Clock &m_clock;
    QHash<QKeychain::Job *, std::shared_ptr<Request>> m_requests;
    std::unique_ptr<ClockTimer> m_patience;
    bool m_waiting = false;
};
