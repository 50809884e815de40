#pragma once

#include "guardian/apiroot.h"
#include "guardian/guardianclient.h"
#include "task/pollerror.h"

#include <QList>
#include <QObject>
#include <QUrl>

#include <tl/expected.hpp>

#include <optional>

/// Finds the API root that a person means, by asking each candidate for a task that nobody has,
/// without any token.
class ApiRootProber final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ApiRootProber)

public:
    using Result = tl::expected<ApiRoot, PollError>;

    /// The clock must outlive the prober.
    ApiRootProber(const NetworkSettings &settings, const Clock &clock, QObject *parent = nullptr);
    ~ApiRootProber() override;

    /// Asks the candidates one after the other; finished() comes once, from the event loop.
    /// Starting again drops the search before.
    void start(const QList<QUrl> &candidates);

Q_SIGNALS:
    /// Else what was found in its place, told best of all candidates.
    void finished(const ApiRootProber::Result &result);

private:
    void probeNext();
    void judge(const ReplyData &reply);
    void remember(const PollError &error);
    void finish(const Result &result);

    NetworkSettings m_settings;
    const Clock &m_clock;
    QList<QUrl> m_candidates; ///< still to ask, the first is being asked
    std::optional<PollError> m_error;
    GuardianClient *m_client = nullptr;
};
