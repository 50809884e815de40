#pragma once

#include "task/taskrecord.h"

#include <tl/expected.hpp>

#include <functional>
#include <optional>

/// What is to become of one task in the history.
struct HistoryChange {
    TaskKey key;
    bool removeFirst = false;         ///< with all that was kept of it
    std::optional<TaskRecord> record; ///< then kept
};

/// What the history needs of other rooms. All run in its thread and must be pure.
struct HistoryFunctions {
    /// A kept reply is read again, so that later versions understand it better.
    std::function<tl::expected<TaskSnapshot, PollError>(const ReplyData &)> parse;
    /// The JSON of a reply to that action without its secrets.
    std::function<QByteArray(const QByteArray &json, const QString &action)> mask;
    /// The rule in force: what was read by another one is read again. None: always the usual.
    std::function<SecretRule(const QString &action)> ruleOf = {};
    /// A name for the rules by which `mask` masks; empty, or none: the usual ones.
    std::function<QString()> rulesMark = {};
};
