#pragma once

#include "task/polloutcome.h"
#include "task/taskrecord.h"

#include <memory>

/// Short ways to the outcomes of polls, for tests of what becomes of them.
namespace PollMaker {

inline PollOutcome poll(const TaskKey &key, const Instant &at)
{
    PollOutcome outcome;
    outcome.key = key;
    outcome.sentAt = at;
    outcome.answeredAt = at;
    outcome.answer = ReadableAnswer(Unchanged{});
    outcome.httpStatus = 200;
    return outcome;
}

inline std::shared_ptr<const ReplyData> reply(const QByteArray &body, int status = 200)
{
    ReplyData data;
    data.httpStatus = status;
    data.body = body;
    return std::make_shared<const ReplyData>(std::move(data));
}

/// A readable answer with the given facts.
inline PollOutcome readable(const TaskKey &key, const Instant &at, TaskSnapshot snapshot,
                            const QByteArray &body = {})
{
    PollOutcome outcome = poll(key, at);
    outcome.answer = ReadableAnswer(std::make_shared<const TaskSnapshot>(std::move(snapshot)));
    outcome.reply = reply(body);
    return outcome;
}

inline PollOutcome unchanged(const TaskKey &key, const Instant &at)
{
    return poll(key, at);
}

inline PollError error(PollError::Kind kind)
{
    PollError made;
    made.kind = kind;
    return made;
}

inline PollOutcome trouble(const TaskKey &key, const Instant &at, PollError::Kind kind,
                           const QByteArray &body = {})
{
    PollOutcome outcome = poll(key, at);
    outcome.answer = tl::unexpected(error(kind));
    outcome.reply = reply(body);
    return outcome;
}

inline TaskSnapshot snapshot(TaskPhase phase, const QString &currentStep = {})
{
    TaskSnapshot made;
    made.phase = phase;
    made.currentStep = currentStep;
    return made;
}

} // namespace PollMaker
