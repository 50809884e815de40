#pragma once

#include "task/polloutcome.h"
#include "task/taskrecord.h"

#include <memory>

/// Short ways to the outcomes of polls, for tests of what becomes of them.
namespace PollMaker {

inline std::shared_ptr<const ReplyData> reply(const QByteArray &body, int status = 200)
{
    ReplyData data;
    data.httpStatus = status;
    data.body = body;
    return std::make_shared<const ReplyData>(std::move(data));
}

inline PollError error(PollError::Kind kind)
{
    PollError made;
    made.kind = kind;
    return made;
}

inline PollOutcome poll(const TaskKey &key, const Instant &at,
                        tl::expected<ReadableAnswer, PollError> answer,
                        std::shared_ptr<const ReplyData> reply = nullptr)
{
    return {key, at, at, std::move(answer), std::move(reply), 200, std::chrono::milliseconds{0}};
}

/// A readable answer with the given facts.
inline PollOutcome readable(const TaskKey &key, const Instant &at, TaskSnapshot snapshot,
                            const QByteArray &body = {})
{
    return poll(key, at, ReadableAnswer(std::make_shared<const TaskSnapshot>(std::move(snapshot))),
                reply(body));
}

inline PollOutcome unchanged(const TaskKey &key, const Instant &at)
{
    return poll(key, at, ReadableAnswer(Unchanged{}));
}

inline PollOutcome trouble(const TaskKey &key, const Instant &at, PollError::Kind kind,
                           const QByteArray &body = {})
{
    return poll(key, at, tl::unexpected(error(kind)), reply(body));
}

inline TaskSnapshot snapshot(TaskPhase phase, const QString &currentStep = {})
{
    TaskSnapshot made;
    made.phase = phase;
    made.currentStep = currentStep;
    return made;
}

} // namespace PollMaker
