#include "account/keychaintokenstore.h"

#include "account/credentialsentry.h"
#include "base/applicationid.h"
#include "base/clock.h"

#include <QPointer>

#include <qt6keychain/keychain.h>

#include <algorithm>
#include <optional>

/// One job of QtKeychain, from its start to its end, however late.
struct KeychainTokenStore::Request {
    ServerId server;
    Finish finish; ///< with an error, or with the job alone
    std::unique_ptr<ClockTimer> limit;
    bool timedOut = false;
    bool outdated = false;
};

namespace {

std::optional<TokenStoreError> errorOf(const QKeychain::Job &job)
{
    using Kind = TokenStoreError::Kind;
    switch (job.error()) {
    case QKeychain::NoError:
        return std::nullopt;
    case QKeychain::EntryNotFound:
        return {{Kind::NotFoundOrCancelled, job.errorString()}};
    case QKeychain::AccessDeniedByUser:
    case QKeychain::AccessDenied:
        return {{Kind::Denied, job.errorString()}};
    case QKeychain::CouldNotDeleteEntry:
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
    case QKeychain::OtherError: // also what a missing service gives
        return {{Kind::Unavailable, job.errorString()}};
    }
    return {{Kind::Unavailable, job.errorString()}}; // of a later QtKeychain
}

Credentials credentialsOf(const QKeychain::ReadPasswordJob &job)
{
    return CredentialsEntry::read(Secret(job.binaryData()));
}

} // namespace

KeychainTokenStore::KeychainTokenStore(const Clock &clock, QObject *parent)
    : TokenStore(parent)
    , m_clock(clock)
    , m_patience(clock.makeTimer([this] {
        m_waiting = true;
        Q_EMIT waiting(true);
    }))
{
}

KeychainTokenStore::~KeychainTokenStore() = default;

void KeychainTokenStore::read(const ServerId &server, QObject *context, Done<Credentials> done)
{
    start(new QKeychain::ReadPasswordJob(applicationId), server,
          [alive = QPointer<QObject>(context),
           done = std::move(done)](const QKeychain::Job *job, const TokenStoreError *error) {
              if (!alive)
                  return;
              if (error)
                  done(tl::unexpected(*error));
              else
                  done(credentialsOf(*static_cast<const QKeychain::ReadPasswordJob *>(job)));
          });
}

void KeychainTokenStore::write(const ServerId &server, const Credentials &credentials,
                               QObject *context, Done<void> done)
{
    outdateJobs(server);
    auto *job = new QKeychain::WritePasswordJob(applicationId);
    job->setBinaryData(CredentialsEntry::write(credentials).reveal());
    start(job, server,
          [alive = QPointer<QObject>(context),
           done = std::move(done)](const QKeychain::Job *, const TokenStoreError *error) {
              if (alive)
                  done(error ? tl::expected<void, TokenStoreError>(tl::unexpected(*error))
                             : tl::expected<void, TokenStoreError>());
          });
}

void KeychainTokenStore::remove(const ServerId &server, QObject *context, Done<void> done)
{
    outdateJobs(server);
    start(new QKeychain::DeletePasswordJob(applicationId), server,
          [alive = QPointer<QObject>(context),
           done = std::move(done)](const QKeychain::Job *, const TokenStoreError *error) {
              if (alive)
                  done(error ? tl::expected<void, TokenStoreError>(tl::unexpected(*error))
                             : tl::expected<void, TokenStoreError>());
          });
}

void KeychainTokenStore::start(QKeychain::Job *job, const ServerId &server, Finish finish)
{
    // The job has no parent and deletes itself: it may outlive this store.
    job->setInsecureFallback(false);
    job->setKey(server.text());
    const auto request = std::make_shared<Request>();
    request->server = server;
    request->finish = std::move(finish);
    request->limit = m_clock.makeTimer([this, job] { timeOut(job); });
    request->limit->start(limit);
    m_requests.insert(job, request);
    connect(job, &QKeychain::Job::finished, this, &KeychainTokenStore::finish);
    updateWaiting();
    job->start();
}

void KeychainTokenStore::finish(QKeychain::Job *job)
{
    const std::shared_ptr<Request> request = m_requests.take(job);
    request->limit->stop();
    updateWaiting();
    if (!request->timedOut) {
        const auto error = errorOf(*job);
        request->finish(job, error ? &*error : nullptr);
        return;
    }
    if (!request->outdated)
        tellLate(*job, request->server);
}

void KeychainTokenStore::tellLate(const QKeychain::Job &job, const ServerId &server)
{
    const auto error = errorOf(job);
    if (const auto *read = qobject_cast<const QKeychain::ReadPasswordJob *>(&job)) {
        Q_EMIT readLate(server, error ? Answer<Credentials>(tl::unexpected(*error))
                                      : Answer<Credentials>(credentialsOf(*read)));
        return;
    }
    if (qobject_cast<const QKeychain::WritePasswordJob *>(&job))
        Q_EMIT writtenLate(server, error);
    else
        Q_EMIT removedLate(server, error);
}

void KeychainTokenStore::timeOut(QKeychain::Job *job)
{
    const std::shared_ptr<Request> request = m_requests.value(job);
    request->timedOut = true;
    updateWaiting();
    const TokenStoreError error{TokenStoreError::Kind::TimedOut, {}};
    request->finish(job, &error);
}

void KeychainTokenStore::outdateJobs(const ServerId &server)
{
    for (const auto &request : std::as_const(m_requests))
        if (request->server == server)
            request->outdated = true;
}

void KeychainTokenStore::updateWaiting()
{
    const bool open = std::any_of(m_requests.cbegin(), m_requests.cend(),
                                  [](const auto &request) { return !request->timedOut; });
    if (open) {
        if (!m_waiting && !m_patience->isActive())
            m_patience->start(patience);
        return;
    }
    m_patience->stop();
    if (std::exchange(m_waiting, false))
        Q_EMIT waiting(false);
}
